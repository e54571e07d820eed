"""From a photo of a printed sheet to a sheet ready to be stored: its marks say where it lies.

It is measured in the pixels of the photo laid flat, where a similarity places it exactly: what paper and lens bent is
taken out once, by the marks, and every later version of the placement starts from flat paper. The photo as it came is
kept beside it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image
from shapely.geometry.base import BaseGeometry

from api.digitising import accepted_of, exif_of, georeference_of, new_control_point, quality_of, sheet_error_m
from geo.domain.georeference import ControlPointSource, Method
from geo.drafts import NewFlat, NewSheet
from geo.errors import Refused
from geo.i18n import Text
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint
from sketch_import.labelling import Label, Labelling, label_candidates
from sketch_import.photo import load_photo
from sketch_import.placing import place
from sketch_import.reading import ReadSheet, Verdict, read_sheet
from sketch_import.reading.rectifying import known_sheet
from sketch_import.warping import overlay_png

__all__ = ["PrintedDraft", "draft_printed", "read_printed"]

FloatArray = npt.NDArray[np.float64]
_FINGER = 0.012
"""Width of a finger, as a part of the photo's longer side: how far a label may be from what it names."""
_POINTS = (5, 4)
"""Control points across and down the frame: enough to carry how the exactness of the reading varies over it."""
_QUALITY = 92


@dataclass(frozen=True, slots=True)
class PrintedDraft:
    """A printed sheet ready to be stored, and what is to be said of it."""

    sheet: NewSheet
    labelling: Labelling
    warnings: tuple[Text, ...]


def read_printed(
    photo: Path, *, page: int | None = None, begin: Callable[[str], None] = lambda step: None
) -> ReadSheet:
    """Read a photo of a printed sheet.

    Raises
    ------
    Refused
        ``reading.*``: no sheet of ours is in the photo, or it is too bad.
    """
    begin("reading.step.load")
    read = read_sheet([(load_photo(photo, page=page), str(photo))], begin=begin)
    if read.verdict is Verdict.REFUSED or read.flat is None:
        reason = next(problem.text for problem in read.problems if problem.verdict is Verdict.REFUSED)
        raise Refused("reading.refused", path=str(photo), reason=reason)
    return read


def draft_printed(read: ReadSheet, labels: Sequence[Label], *, title: str, image: bytes) -> PrintedDraft:
    """Put together what is stored of a printed sheet: features for what was labelled, proposals for the rest.

    Parameters
    ----------
    read
        The sheet, read from one photo.
    labels
        What a person says is where, in pixels of that photo.
    title
        What the sheet is called on maps.
    image
        The bytes of the photo as they came.
    """
    (photo,), layout = read.photos, read.layout
    if read.flat is None:
        raise ValueError("a refused sheet is not stored")
    picture, _, scale = known_sheet(read.flat, layout)
    frame = np.array([layout.frame.x, layout.frame.y])

    def laid_flat(geometry: BaseGeometry) -> BaseGeometry:
        flat: BaseGeometry = shapely.transform(
            geometry, lambda xy: (photo.located.surface.to_paper(xy) - frame) * scale
        )
        return flat

    seen = [feature.candidate for feature in read.features]
    finger = _FINGER * max(photo.photo.width, photo.photo.height)
    labelling = label_candidates(seen, labels, tolerance_px=finger)
    widths = {feature.candidate.ordinal: feature.width_mm * scale for feature in read.features}

    def flat_candidate(one: Candidate) -> Candidate:
        return replace(one, geometry=laid_flat(one.geometry), width_px=widths[one.ordinal])

    flat_found = {one.ordinal: flat_candidate(one) for one in seen}
    flat_labelling = replace(
        labelling,
        accepted=tuple(
            replace(
                one,
                geometry=laid_flat(one.geometry),
                candidates=tuple(flat_found[piece.ordinal] for piece in one.candidates),
            )
            for one in labelling.accepted
        ),
    )
    height, width = picture.shape[:2]
    placement = place(_points(read, scale), (width, height), Method.HELMERT)
    overlay, bounds = overlay_png(picture, placement)
    candidates, features = accepted_of(flat_labelling, tuple(flat_found.values()), placement)
    errors = {feature.candidate.ordinal: feature.position_error_m for feature in read.features}
    return PrintedDraft(
        sheet=NewSheet(
            title=title,
            image=image,
            image_format=photo.photo.format,
            size=(width, height),
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
            exif=exif_of(photo.photo),
            paper=layout.code.paper.value,
            layout_id=layout.sheet_id,
            layout_code=layout.code.text(),
            flat=NewFlat(_jpeg(picture), "JPEG", (photo.photo.width, photo.photo.height)),
        ),
        labelling=labelling,
        warnings=tuple(problem.text for problem in read.problems),
    )


def _points(read: ReadSheet, scale: float) -> tuple[ControlPoint, ...]:
    """Return places of the frame with the exactness that the reading has there."""
    layout, surface = read.layout, read.photos[0].located.surface
    frame = layout.frame
    across, down = np.meshgrid(
        np.linspace(frame.x, frame.right, _POINTS[0]), np.linspace(frame.y, frame.bottom, _POINTS[1])
    )
    paper = np.column_stack([across.ravel(), down.ravel()])
    pixels = (paper - [frame.x, frame.y]) * scale
    errors = surface.error_mm(paper) * layout.code.scale / 1000
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


def _jpeg(picture: npt.NDArray[np.uint8]) -> bytes:
    written = io.BytesIO()
    Image.fromarray(picture).save(written, format="JPEG", quality=_QUALITY)
    return written.getvalue()
