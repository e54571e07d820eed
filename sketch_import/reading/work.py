"""The unit of work: one sheet from its photo files to its folder; arguments and results travel between processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import AyilmapError, Refused
from geo.i18n import Language, Text
from sketch_import.photo import load_photo
from sketch_import.reading.judging import Verdict
from sketch_import.reading.sheet import ReadSheet, read_sheet
from sketch_import.reading.writing import refused_quality, write_read_sheet, write_refusal

__all__ = ["SheetOutcome", "read_sheet_file", "read_sheet_files"]


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of a photo, in plain values."""

    photos: tuple[str, ...]
    out: str
    verdict: Verdict
    problem: Text | None
    """What is wrong first of all; None for a good photo."""
    reason: str
    """The whole reason in words."""
    quality: dict[str, Any] = field(repr=False)
    """The content of ``quality.json``."""
    written: bool = True
    """False where not even ``quality.json`` could be written."""


def read_sheet_file(photo: Path, out: Path, *, language: Language, page: int | None = None) -> SheetOutcome:
    """Read one photo of a sheet; see `read_sheet_files`."""
    return read_sheet_files([photo], out, language=language, page=page)


def read_sheet_files(
    photos: Sequence[Path],
    out: Path,
    *,
    language: Language,
    page: int | None = None,
    changes_of: Callable[[ReadSheet], dict[str, Any] | None] = lambda sheet: None,
    begin: Callable[[str], None] = lambda step: None,
) -> SheetOutcome:
    """Read one sheet from its photos and write its folder.

    Parameters
    ----------
    photos
        Files of one sheet.
    out
        Folder for the three files; of a refused photo for ``quality.json`` alone.
    language
        Of the sentences.
    page
        Page of each file, from 1, where they have several.
    changes_of
        Says what was corrected on a sheet that was printed with objects, as GeoJSON for ``changes.geojson``; None of
        any other.
    begin
        Told the message key of each step.

    Returns
    -------
    SheetOutcome
        A refusal is an outcome, not an error: a folder of photos goes on with the next one.

    Raises
    ------
    Failed
        The disk does not let us read or write.
    """
    names = tuple(str(photo) for photo in photos)
    try:
        begin("reading.step.load")
        loaded = [(load_photo(photo, page=page), str(photo)) for photo in photos]
        sheet = read_sheet(loaded, begin=begin)
        changes = changes_of(sheet)
    except Refused as error:
        quality = refused_quality(error, language=language)
        return _refused(names, out, quality, Text(error.key, error.params))
    begin("reading.step.write")
    quality = write_read_sheet(sheet, out, language=language, changes=changes)
    problem = sheet.problems[0].text if sheet.problems else None
    if sheet.verdict is Verdict.REFUSED:
        refused = tuple(one.text for one in sheet.problems if one.verdict is Verdict.REFUSED)
        problem = Text("reading.refused", {"path": names[0], "reason": refused[0]})
    return SheetOutcome(names, str(out), sheet.verdict, problem, quality["reason"], quality)


def _refused(names: tuple[str, ...], out: Path, quality: dict[str, Any], problem: Text) -> SheetOutcome:
    written = True
    try:
        write_refusal(quality, out)
    except AyilmapError:
        # That the photo is refused matters more than where it was to be written.
        written = False
    return SheetOutcome(names, str(out), Verdict.REFUSED, problem, quality["reason"], quality, written=written)
