"""From a new photo of a stored sheet to what the store takes in: where it lies on the known one, and new ink."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.digitising import exif_of, new_candidate
from geo.drafts import NewCandidate, NewPhoto
from geo.errors import Failed, Refused
from geo.i18n import Text
from geo.snapshots import PhotoSnapshot
from geo.storage import PictureStore
from sketch_import.photo import load_photo, load_photo_bytes
from sketch_import.registering import Registration, Verdict, new_ink, register

__all__ = ["Rephotograph", "read_rephotograph"]


@dataclass(frozen=True, slots=True)
class Rephotograph:
    """A new photo of a sheet, registered to one that the store has."""

    photo: NewPhoto
    candidates: tuple[NewCandidate, ...]
    """What is drawn on it and not on the known one, in its own pixels."""
    registration: Registration
    doubt: Text | None
    """Why a person should look at it; None where it passes."""


def read_rephotograph(
    path: Path,
    known: PhotoSnapshot,
    pictures: PictureStore,
    *,
    page: int | None = None,
    anyway: bool = False,
    begin: Callable[[str], None] = lambda step: None,
) -> Rephotograph:
    """Register a new photo to a known one and find what was drawn since.

    Parameters
    ----------
    path
        The new photo.
    known
        The photo that it is laid on.
    pictures
        Where that one lies.
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
    found = register(new.pixels, old.pixels)
    reason = Text(f"register.reason.{found.reason.value}", {"new": str(path), "old": known.shown_sha256[:12]})
    if found.homography is None or found.verdict is Verdict.REFUSED:
        raise Refused(reason.key, **reason.params)
    doubtful = found.verdict is Verdict.DOUBTFUL
    if doubtful and not anyway:
        raise Refused("versions.doubtful_photo", reason=reason)
    quality = {
        "verdict": found.verdict.value,
        "reason": found.reason.value,
        "inliers": found.inliers,
        "spread": found.spread,
        "kept_ink": found.kept_ink,
        "reprojection_px": found.reprojection_px,
        "overridden": doubtful,
    }
    photo = NewPhoto(
        image=image,
        image_format=new.format,
        size=(new.width, new.height),
        to_known=_rows(found.homography.tolist()),
        known=known.number,
        exif=exif_of(new),
        quality=quality,
    )
    fresh = tuple(new_candidate(one) for one in new_ink(old.pixels, new.pixels, found.homography))
    return Rephotograph(photo, fresh, found, reason if doubtful else None)


def _rows(matrix: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix)
