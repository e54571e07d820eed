"""The unit of work: the bytes of a photo go in, the files of the sheet come out; nothing else is touched."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import cv2

from geo.errors import AyilmapError, Refused
from geo.i18n import Language, Text
from sketch_import.batch.program import program_mark
from sketch_import.photo import load_photo_bytes
from sketch_import.reading.sheet import read_sheet
from sketch_import.reading.writing import refused_quality, write_read_sheet

__all__ = ["ReadBytes", "Work", "read_in_worker", "read_sheet_bytes"]


@dataclass(frozen=True, slots=True)
class ReadBytes:
    """What a photo gave; plain values that travel between processes and computers."""

    quality: dict[str, Any] = field(repr=False)
    """The content of ``quality.json``; its ``verdict`` may be refused."""
    files: dict[str, bytes] = field(repr=False)
    """``features.geojson`` and ``sheet.tif``; none of a refused photo."""
    sha256: str
    """Of the photo."""
    seconds: float
    """Of the clock, spent on it."""
    program: str
    """Mark of the program that read it."""


Work: TypeAlias = Callable[[str, bytes, Language], ReadBytes]


def read_sheet_bytes(name: str, data: bytes, language: Language) -> ReadBytes:
    """Read a photographed sheet from bytes.

    The same bytes give the same result in any process and on any computer with this program.

    Parameters
    ----------
    name
        What messages call the photo.
    data
        The file.
    language
        Of the sentences in the result.

    Returns
    -------
    ReadBytes
        A refusal is a result, not an error.

    Raises
    ------
    Failed
        The disk for temporary files does not let us write.
    """
    begun = time.monotonic()
    files: dict[str, bytes] = {}
    try:
        sheet = read_sheet([(load_photo_bytes(data, name=name), name)])
    except Refused as error:
        quality = refused_quality(error, language=language)
    else:
        with tempfile.TemporaryDirectory(prefix="ayilmap-sheet-") as folder:
            quality = write_read_sheet(sheet, Path(folder), language=language)
            files = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
        del files["quality.json"]
    return ReadBytes(quality, files, hashlib.sha256(data).hexdigest(), time.monotonic() - begun, program_mark())


def read_in_worker(work: Work, name: str, data: bytes, language: Language) -> ReadBytes | Text:
    """Do the work in a process of ours, on one core; an error comes back as a sentence.

    Other photos are read beside this one, so that threads of a library would only stand in each other's way.
    """
    cv2.setNumThreads(1)
    try:
        return work(name, data, language)
    except AyilmapError as error:
        return Text(error.key, error.params)
    except MemoryError:
        return Text("batch.no_memory", {"path": name})
    except Exception as error:  # a fault of ours in one photo is no reason to leave the others
        return Text("batch.unexpected", {"path": name, "error": f"{type(error).__name__}: {error}"[:200]})
