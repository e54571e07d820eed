"""From photos of a printed sheet to a sheet ready to be stored: its marks say where it lies.

It is measured in the pixels of the photo laid flat, where a similarity places it exactly: what paper and lens bent is
taken out once, by the marks, and every later version of the placement starts from flat paper. The photos as they came
are kept beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from api.digitising import (
    accepted_of,
    exif_of,
    georeference_of,
    jpeg_of,
    new_control_point,
    quality_of,
    sheet_error_m,
)
from geo.domain.georeference import ControlPointSource, Method
from geo.drafts import NewFlat, NewPhoto, NewSheet
from geo.errors import Refused
from geo.i18n import Text
from geo.spatial.corners import with_corners_moved
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint
from sketch_import.labelling import Label, Labelling, label_candidates
from sketch_import.photo import load_photo
from sketch_import.placing import place
from sketch_import.reading import ReadSheet, Verdict, read_sheet
from sketch_import.reading.rectifying import known_sheet
from sketch_import.warping import overlay_png

__all__ = ["FlatDrawing", "PrintedDraft", "draft_printed", "lay_flat", "read_printed"]

FloatArray = npt.NDArray[np.float64]
_FINGER = 0.012
"""Width of a finger, as a part of the sheet's longer side: how far a label may be from what it names."""
_POINTS = (5, 4)
"""Control points across and down the frame: enough to carry how the exactness of the reading varies over it."""


@dataclass(frozen=True, slots=True, eq=False)
class FlatDrawing:
    """A printed sheet laid flat. Pixels are those of the flat picture, from the top-left corner of the frame."""

    read: ReadSheet
    pixels: npt.NDArray[np.uint8]
    """RGB, shape (h, w, 3)."""
    px_per_mm: float
    candidates: tuple[Candidate, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])

    def from_paper(self, mm: FloatArray) -> FloatArray:
        """Return millimetres of the paper, shape (n, 2), as pixels."""
        frame = self.read.layout.frame
        return np.asarray((mm - [frame.x, frame.y]) * self.px_per_mm, np.float64)

    def from_photo(self, pixels: FloatArray, *, photo: int = 0) -> FloatArray:
        """Return pixels of one of the photos as they came, shape (n, 2), as pixels of the flat picture."""
        return self.from_paper(self.read.photos[photo].located.surface.to_paper(pixels))


@dataclass(frozen=True, slots=True)
class PrintedDraft:
    """A printed sheet ready to be stored, and what is to be said of it."""

    sheet: NewSheet
    labelling: Labelling
    warnings: tuple[Text, ...]


def read_printed(
    photos: Sequence[Path], *, page: int | None = None, begin: Callable[[str], None] = lambda step: None
) -> ReadSheet:
    """Read a printed sheet from one photo, or from several that show its parts.

    Raises
    ------
    Refused
        ``reading.*``: no sheet of ours is in a photo, they are of different sheets, or too bad.
    """
    begin("reading.step.load")
    read = read_sheet([(load_photo(photo, page=page), str(photo)) for photo in photos], begin=begin)
    if read.verdict is Verdict.REFUSED or read.flat is None:
        reason = next(problem.text for problem in read.problems if problem.verdict is Verdict.REFUSED)
        raise Refused("reading.refused", path=", ".join(map(str, photos)), reason=reason)
    return read


def lay_flat(read: ReadSheet) -> FlatDrawing:
    """Return the flat picture of a sheet that was read, and what was found on it, in its pixels."""
    if read.flat is None:
        raise ValueError("a refused sheet has no flat picture")
    picture, _, scale = known_sheet(read.flat, read.layout)
    flat = FlatDrawing(read, picture, scale, ())
    found = tuple(
        replace(
            one.candidate,
            geometry=with_corners_moved(one.candidate.geometry, partial(flat.from_photo, photo=one.photo)),
            width_px=one.width_mm * scale,
        )
        for one in read.features
    )
    return replace(flat, candidates=found)


def draft_printed(read: ReadSheet, labels: Sequence[Label], *, title: str, images: Sequence[bytes]) -> PrintedDraft:
    """Put together what is stored of a printed sheet: features for what was labelled, proposals for the rest.

    Parameters
    ----------
    read
        The sheet, read from one photo or several.
    labels
        What a person says is where, each in pixels of the photo that it names.
    title
        What the sheet is called on maps.
    images
        The bytes of the photos as they came, in the order in which they were read.

    Raises
    ------
    Refused
        ``labels.unknown_photo``.
    """
    first, layout, flat = read.photos[0], read.layout, lay_flat(read)
    said = [_laid_flat(label, flat) for label in labels]
    labelling = label_candidates(flat.candidates, said, tolerance_px=_FINGER * max(flat.size))
    placement = place(_points(flat), flat.size, Method.HELMERT)
    overlay, bounds = overlay_png(flat.pixels, placement)
    candidates, features = accepted_of(labelling, flat.candidates, placement)
    errors = {feature.candidate.ordinal: feature.position_error_m for feature in read.features}
    photo = first.photo
    return PrintedDraft(
        sheet=NewSheet(
            title=title,
            image=images[0],
            image_format=photo.format,
            size=flat.size,
            method=placement.method,
            georeference=georeference_of(placement),
            position_error_m=sheet_error_m(placement),
            quality={
                **quality_of(placement),
                "verdict": read.verdict.value,
                "warnings": [problem.text.key for problem in read.problems],
            },
            footprint=placement.footprint(),
            control_points=tuple(new_control_point(point) for point in placement.control_points),
            candidates=candidates,
            features=tuple(
                replace(one, position_error_m=errors.get(one.candidate or 0, one.position_error_m)) for one in features
            ),
            overlay_png=overlay,
            overlay_bounds=bounds,
            exif=exif_of(photo),
            paper=layout.code.paper.value,
            layout_id=layout.sheet_id,
            layout_code=layout.code.text(),
            flat=NewFlat(jpeg_of(flat.pixels), "JPEG", (photo.width, photo.height)),
            further=tuple(_further(flat, number, images[number]) for number in range(1, len(read.photos))),
        ),
        labelling=labelling,
        warnings=tuple(problem.text for problem in read.problems),
    )


def _laid_flat(label: Label, flat: FlatDrawing) -> Label:
    if not 1 <= label.photo <= len(flat.read.photos):
        raise Refused("labels.unknown_photo", label=label.id, photo=label.photo, count=len(flat.read.photos))
    places = flat.from_photo(np.array(label.positions, np.float64), photo=label.photo - 1)
    return replace(label, positions=tuple((float(x), float(y)) for x, y in places.tolist()))


def _further(flat: FlatDrawing, number: int, image: bytes) -> NewPhoto:
    """Return a photo of another part; the homography is the nearest one to how paper and lens bend it."""
    part = flat.read.photos[number]
    paper = np.concatenate([mark.paper for mark in part.located.marks])
    seen = part.located.surface.to_photo(paper)
    matrix, _ = cv2.findHomography(seen, flat.from_paper(paper), 0)
    return NewPhoto(
        image=image,
        image_format=part.photo.format,
        size=(part.photo.width, part.photo.height),
        to_known=tuple(tuple(float(value) for value in row) for row in matrix),
        exif=exif_of(part.photo),
        quality={"joined": True, "marks": len(part.located.marks)},
    )


def _points(flat: FlatDrawing) -> tuple[ControlPoint, ...]:
    """Return places of the frame with the exactness that the reading has there."""
    layout = flat.read.layout
    frame = layout.frame
    across, down = np.meshgrid(
        np.linspace(frame.x, frame.right, _POINTS[0]), np.linspace(frame.y, frame.bottom, _POINTS[1])
    )
    paper = np.column_stack([across.ravel(), down.ravel()])
    # Each place is as exact as the photo that shows it best.
    by_photo = [photo.located.surface.error_mm(paper) for photo in flat.read.photos]
    errors = np.min(by_photo, axis=0) * layout.code.scale / 1000
    pixels = flat.from_paper(paper)
    return tuple(
        ControlPoint(
            pixel=(float(x), float(y)),
            lonlat=(float(lon), float(lat)),
            source=ControlPointSource.FIDUCIAL,
            row=row,
            accuracy_m=float(error),
        )
        for row, ((x, y), (lon, lat), error) in enumerate(
            zip(pixels.tolist(), layout.to_lonlat(paper).tolist(), errors.tolist(), strict=True), start=1
        )
    )
