"""The folder of one photo: whole or without ``quality.json``, and whether it need be made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.errors import Failed
from geo.i18n import Language, Text
from geo.storage.whole_file import whole_files
from sketch_import.batch.answer import Answer, Trouble
from sketch_import.batch.program import program_mark
from sketch_import.reading.writing import set_aside

__all__ = ["FAILED", "earlier_quality", "write_answer"]

FAILED = "failed"
"""Verdict of a photo that was not read for a reason beyond what it shows."""
_SHEET = ("features.geojson", "sheet.tif")
_QUALITY = "quality.json"


def write_answer(answer: Answer, out: Path, *, language: Language) -> dict[str, Any]:
    """Write the results of one photo.

    The old ``quality.json`` goes before anything else changes and the new one comes last, so that a folder that has one
    is whole, whatever happens in between.
    Besides what `sketch_import.reading` says it holds ``reading``: photo, sha256, program, language, seconds.

    No features are ever deleted: where the photo is refused, those of an earlier reading are kept as ``earlier_…``. A
    photo that was not read at all says nothing of them, and the folder stays as it is.

    Parameters
    ----------
    answer
        What came back.
    out
        Folder of all results; the photo's own folder is made in it.
    language
        Of the sentences.

    Returns
    -------
    dict
        The content of ``quality.json``, or what it would say of a photo that failed, where an earlier result stays.

    Raises
    ------
    Failed
        ``placing.cannot_write``.
    """
    photo, result = answer.photo, answer.result
    folder = out / photo.folder
    if isinstance(result, Trouble):
        said = _failed(result.text, language)
        files: Mapping[str, bytes] = {}
        sha256, program, seconds = digest(photo.path), program_mark(), result.seconds
    else:
        said, files = result.quality, result.files
        sha256, program, seconds = result.sha256, result.program, result.seconds
    reading = {
        "photo": photo.name,
        "sha256": sha256,
        "program": program,
        "language": language.value,
        "seconds": round(seconds, 2),
    }
    quality = {**said, "reading": reading}
    if isinstance(result, Trouble) and _was_read(folder):
        return quality
    try:
        if files:
            with whole_files(folder) as draft:
                for name, content in files.items():
                    (draft / name).write_bytes(content)
                (folder / _QUALITY).unlink(missing_ok=True)
        with whole_files(folder) as draft:
            (draft / _QUALITY).write_text(json.dumps(quality, ensure_ascii=False), encoding="utf-8")
            if not files:
                (folder / _QUALITY).unlink(missing_ok=True)
                set_aside(folder)
    except OSError as error:
        raise Failed("placing.cannot_write", path=str(folder)) from error
    return quality


def earlier_quality(photo: Path, folder: Path, *, language: Language) -> dict[str, Any] | None:
    """Return what an earlier run found in the same bytes with the same program and language; else None."""
    try:
        quality = json.loads((folder / _QUALITY).read_text("utf-8"))
        reading = quality["reading"]
        made = (reading["program"], reading["language"])
        if quality["verdict"] == FAILED or made != (program_mark(), language.value):
            return None
        whole = quality["verdict"] == "refused" or all((folder / name).is_file() for name in _SHEET)
        return quality if whole and reading["sha256"] == digest(photo) else None
    except (OSError, ValueError, KeyError, TypeError):  # none, or none of ours
        return None


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _was_read(folder: Path) -> bool:
    """Return whether a folder holds a sheet that was read, by whatever program and from whatever photo."""
    try:
        verdict = json.loads((folder / _QUALITY).read_text("utf-8"))["verdict"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return verdict in {"pass", "doubtful"} and all((folder / name).is_file() for name in _SHEET)


def _failed(text: Text, language: Language) -> dict[str, Any]:
    reason = text(language)
    return {"verdict": FAILED, "reason": reason, "problems": [{"verdict": FAILED, "key": text.key, "text": reason}]}
