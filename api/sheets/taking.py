"""From a photo of any drawing to a sheet: a printed one is placed by its marks, another one waits for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.digitising import exif_of, jpeg_of, new_candidate
from api.printed_sheets import draft_printed
from geo.drafts import NewFlat, NewSheet, NewUnplacedSheet
from geo.errors import Refused
from geo.i18n import Text
from sketch_import.photo import Photo, load_photo
from sketch_import.reading import Verdict, read_sheet
from sketch_import.tracing import Trace, trace

__all__ = ["TakenPhoto", "take_photo"]

_NOT_OURS: Final = frozenset({"reading.no_marks", "reading.foreign_code"})
"""Why a photo shows no printed sheet of ours at all; whatever else is wrong, it shows one that cannot be read."""
_GRAINY: Final = 0.04
"""Grain of the lightest parts, 0 to 1: paper under any lamp has 0.02 at most, fur and grass 0.06 and more."""
_MUCH_INK: Final = 0.35
"""Share of a drawing that is ink; the fullest village map has a fifth."""
_SMALL_PX: Final = 1000
"""Longer side below which letters and thin pens are lost."""


@dataclass(frozen=True, slots=True)
class TakenPhoto:
    """A photo ready to be stored, and what is to be said of it."""

    sheet: NewSheet | NewUnplacedSheet
    verdict: Verdict
    warnings: tuple[Text, ...]

    @property
    def is_placed(self) -> bool:
        """Whether it lies on the map already."""
        return isinstance(self.sheet, NewSheet)


def take_photo(
    path: Path, *, title: str, page: int | None = None, begin: Callable[[str], None] = lambda step: None
) -> TakenPhoto:
    """Read a photo of a drawing.

    Parameters
    ----------
    path
        The photo.
    title
        What the sheet is called on maps.
    page
        Page of a PDF or TIFF, counted from 1; needed only where there are several.
    begin
        Told the message key of each step as it begins.

    Raises
    ------
    Refused
        ``sheets.which_page`` where the file has several pages and none is named; ``image.*`` where it is no picture
        that can be used; ``reading.*`` where it shows a printed sheet of ours that
        cannot be read: it is to be photographed again.
    """
    begin("placing.step.load")
    photo = _loaded(path, page)
    try:
        return _printed(photo, path, title=title, begin=begin)
    except Refused as refusal:
        if refusal.key not in _NOT_OURS:
            raise
    begin("placing.step.trace")
    return _freehand(photo, path, title=title)


def _loaded(path: Path, page: int | None) -> Photo:
    try:
        return load_photo(path, page=page)
    except Refused as refusal:
        if refusal.key == "image.which_page":
            raise Refused("sheets.which_page", pages=refusal.params["pages"]) from refusal
        # A person knows the file by the name it had, not by the one under which it waits here.
        if "path" in refusal.params:
            refusal.params = {**refusal.params, "path": Text("sheets.this_photo")}
        raise


def _printed(photo: Photo, path: Path, *, title: str, begin: Callable[[str], None]) -> TakenPhoto:
    read = read_sheet([(photo, title)], begin=begin)
    if read.verdict is Verdict.REFUSED or read.flat is None:
        reason = next(problem.text for problem in read.problems if problem.verdict is Verdict.REFUSED)
        raise Refused("reading.refused", path=title, reason=reason)
    drafted = draft_printed(read, (), title=title, images=[path.read_bytes()])
    return TakenPhoto(drafted.sheet, read.verdict, drafted.warnings)


def _freehand(photo: Photo, path: Path, *, title: str) -> TakenPhoto:
    traced = trace(photo.pixels)
    warnings = _doubts(photo, traced)
    verdict = Verdict.DOUBTFUL if warnings else Verdict.PASS
    sheet = NewUnplacedSheet(
        title=title,
        image=path.read_bytes(),
        image_format=photo.format,
        size=(photo.width, photo.height),
        candidates=tuple(new_candidate(one) for one in traced.candidates),
        quality={
            "verdict": verdict.value,
            "warnings": [warning.key for warning in warnings],
            "grain": round(traced.grain, 4),
            "ink_share": round(traced.ink_share, 4),
            "sheet_share": round(traced.sheet_share, 4),
            "sheet_found": traced.sheet_found,
        },
        exif=exif_of(photo),
        flat=NewFlat(jpeg_of(photo.pixels), "JPEG", (photo.width, photo.height)) if photo.pages > 1 else None,
    )
    return TakenPhoto(sheet, verdict, warnings)


def _doubts(photo: Photo, traced: Trace) -> tuple[Text, ...]:
    found: list[Text] = []
    if traced.grain > _GRAINY or traced.ink_share > _MUCH_INK:
        found.append(Text("sheets.no_drawing"))
    elif not traced.candidates:
        found.append(Text("sheets.nothing_drawn"))
    if max(photo.width, photo.height) < _SMALL_PX:
        found.append(Text("sheets.small_photo", {"width": photo.width, "height": photo.height}))
    return tuple(found)
