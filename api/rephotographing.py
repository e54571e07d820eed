"""From a new photo of a stored sheet to what the store takes in: where it lies on the known one, and new ink."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from api.digitising import exif_of, jpeg_of, new_candidate
from api.printed_sheets import FlatDrawing, lay_flat
from geo.drafts import NewCandidate, NewFlat, NewPhoto
from geo.errors import Failed, Refused
from geo.i18n import Text
from geo.sheet_layout import SheetLayout
from geo.snapshots import PhotoSnapshot, PrintedSnapshot
from geo.storage import PictureStore
from sketch_import.photo import Photo, load_photo, load_photo_bytes
from sketch_import.reading import ReadSheet, read_sheet
from sketch_import.reading import Verdict as ReadVerdict
from sketch_import.registering import Registration, Verdict, confirm_by_paper, new_ink, register
from sketch_import.registering.sheet_marks import find_marks

__all__ = ["Rephotograph", "read_rephotograph"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rephotograph:
    """A new photo of a sheet, brought onto one that the store has."""

    photo: NewPhoto
    candidates: tuple[NewCandidate, ...]
    """What is drawn on it and not on the known one, in pixels of the picture that is shown of it."""
    registration: Registration
    doubt: Text | None
    """Why a person should look at it; None where it passes."""
    size: tuple[int, int]
    """Width and height of the upright photo as it came."""
    to_shown: Callable[[FloatArray], FloatArray] = field(default=lambda pixels: pixels)
    """Takes pixels of the photo as it came, shape (n, 2), to those of the picture that is shown of it."""
    marks: int = 0
    """By how many printed marks it was brought there; 0 where by what is drawn."""


def read_rephotograph(
    path: Path,
    known: PhotoSnapshot,
    pictures: PictureStore,
    *,
    printed: PrintedSnapshot | None = None,
    page: int | None = None,
    anyway: bool = False,
    begin: Callable[[str], None] = lambda step: None,
) -> Rephotograph:
    """Bring a new photo onto a known one and find what was drawn since.

    A photo of a printed sheet is read by its marks and laid flat: then the paper says where it lies, exactly, and what
    is drawn must only agree. Where its marks cannot be read, or the sheet is freehand, it is registered by what is
    drawn.

    Parameters
    ----------
    path
        The new photo.
    known
        The photo that it is laid on.
    pictures
        Where that one lies.
    printed
        What the sheet was printed as; None for a freehand one.
    page
        Of a file with several pages.
    anyway
        Take a doubtful registration too: a person has looked at it. It is recorded.
    begin
        Called with the message key of each step as it begins.

    Raises
    ------
    Refused
        ``register.reason.*``: it is not, or not surely, the same sheet; ``versions.doubtful_photo``.
    """
    begin("versions.step_read")
    new = load_photo(path, page=page)
    try:
        image = path.read_bytes()
    except OSError as error:
        raise Failed("image.no_access", path=str(path)) from error
    old = load_photo_bytes(pictures.get(known.shown_sha256), name=known.shown_sha256, page=known.shown_page)
    names = {"new": str(path), "old": known.shown_sha256[:12]}
    flat = None if printed is None else _by_marks(new, printed, names)
    if printed is not None and flat is not None:
        onto_sheet = np.diag([_px_per_mm(printed) / flat.px_per_mm] * 2 + [1.0])
        sheet_onto_known = np.eye(3) if known.to_first is None else np.linalg.inv(np.array(known.to_first))
        found = confirm_by_paper(flat.pixels, old.pixels, sheet_onto_known @ onto_sheet)
    else:
        found = register(new.pixels, old.pixels)
    reason = Text(f"register.reason.{found.reason.value}", names)
    if found.homography is None or found.verdict is Verdict.REFUSED:
        raise Refused(reason.key, **reason.params)
    doubtful = found.verdict is Verdict.DOUBTFUL
    if doubtful and not anyway:
        raise Refused("versions.doubtful_photo", reason=reason)
    photo = NewPhoto(
        image=image,
        image_format=new.format,
        size=(new.width, new.height),
        to_known=_rows(found.homography.tolist()),
        known=known.number,
        exif=exif_of(new),
        quality=_quality(found, overridden=doubtful),
    )
    doubt = reason if doubtful else None
    if flat is None:
        fresh = new_ink(old.pixels, new.pixels, found.homography)
        return Rephotograph(photo, tuple(map(new_candidate, fresh)), found, doubt, photo.size)
    fresh = new_ink(old.pixels, flat.pixels, found.homography, traced=flat.candidates)
    (part,) = flat.read.photos
    marks = len(part.located.marks)
    laid = replace(
        photo,
        size=flat.size,
        quality={**photo.quality, "marks": marks},
        flat=NewFlat(jpeg_of(flat.pixels), "JPEG", photo.size),
    )
    return Rephotograph(laid, tuple(map(new_candidate, fresh)), found, doubt, photo.size, flat.from_photo, marks)


def _by_marks(new: Photo, printed: PrintedSnapshot, names: dict[str, str]) -> FlatDrawing | None:
    """Return a photo of this very sheet laid flat; None where its marks do not suffice.

    Raises
    ------
    Refused
        ``register.reason.other_sheet``.
    """
    read: ReadSheet | None
    try:
        read = read_sheet([(new, names["new"])])
    except Refused:
        read = None
    seen = find_marks(new.pixels).sheet_ids if read is None else {read.layout.sheet_id}
    if seen and printed.code.sheet_id not in seen:
        raise Refused("register.reason.other_sheet", **names)
    if read is None or read.flat is None or read.verdict is ReadVerdict.REFUSED:
        return None
    if not read.layout.code.same_sheet(printed.code):
        raise Refused("register.reason.other_sheet", **names)
    return lay_flat(read)


def _px_per_mm(printed: PrintedSnapshot) -> float:
    """Return the scale of the sheet's flat picture, from the places of the frame that it was first placed by."""
    layout = SheetLayout(printed.code)
    pixels = np.array([point.pixel for point in printed.points])
    mm = layout.from_lonlat(np.array([point.lonlat for point in printed.points])) - [layout.frame.x, layout.frame.y]
    return float((pixels * mm).sum() / (mm * mm).sum())


def _quality(found: Registration, *, overridden: bool) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "reason": found.reason.value,
        "inliers": found.inliers,
        "spread": found.spread,
        "kept_ink": found.kept_ink,
        "reprojection_px": found.reprojection_px,
        "overridden": overridden,
    }


def _rows(matrix: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix)
