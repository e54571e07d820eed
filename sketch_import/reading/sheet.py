"""Read a photographed sheet: find it, lay it flat, trace it, put it on the ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import ControlPointSource
from geo.errors import Refused
from geo.i18n import Text
from geo.sheet_layout import SheetLayout
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint
from sketch_import.photo import Photo
from sketch_import.reading.deciphering import decipher
from sketch_import.reading.finding import find_marks, look_for_codes
from sketch_import.reading.identifying import identify
from sketch_import.reading.judging import PhotoQuality, Problem, Verdict, judge, measure_photo, worst_verdict
from sketch_import.reading.locating import Located, locate
from sketch_import.reading.rectifying import FlatSheet, View, flatten, known_sheet
from sketch_import.tracing import trace

__all__ = ["ReadFeature", "ReadPhoto", "ReadSheet", "read_photo", "read_sheet"]

FloatArray = NDArray[np.float64]

_DOUBTFUL_SEEN, _REFUSED_SEEN = 0.97, 0.5
_DOUBTFUL_MM = 1.5
"""Expected error on paper of a joined sheet; parts that are less exact than 3 mm are not shown at all."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadPhoto:
    """A photo in which a sheet was found."""

    photo: Photo
    name: str
    layout: SheetLayout
    located: Located
    quality: PhotoQuality

    @property
    def control_points(self) -> tuple[ControlPoint, ...]:
        """The middle of each fitted mark, labelled by its number."""
        middles = np.array([mark.paper.mean(axis=0) for mark in self.located.marks])
        pixels = [_middle(mark.paper, mark.photo) for mark in self.located.marks]
        return tuple(
            ControlPoint(
                pixel=(float(x), float(y)),
                lonlat=(float(lon), float(lat)),
                label=str(mark.mark.number),
                source=ControlPointSource.FIDUCIAL,
            )
            for mark, (x, y), (lon, lat) in zip(
                self.located.marks, pixels, self.layout.to_lonlat(middles).tolist(), strict=True
            )
        )


@dataclass(frozen=True, slots=True)
class ReadFeature:
    """A candidate, and where it lies."""

    candidate: Candidate
    """In pixels of the photo that shows it."""
    photo: int
    """Which photo, from 0."""
    geometry: BaseGeometry
    """Lon lat, EPSG:4326."""
    width_mm: float
    """Width of the stroke on paper."""
    error_mm: float
    """Expected error of its position on paper, where it is largest along the shape."""
    position_error_m: float
    """That error and half the stroke's width, as independent errors, in metres on the ground."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadSheet:
    """A sheet that was read."""

    layout: SheetLayout
    photos: tuple[ReadPhoto, ...]
    problems: tuple[Problem, ...]
    """What is not as it should be, the worst first."""
    flat: FlatSheet | None
    """None where the sheet is refused."""
    features: tuple[ReadFeature, ...]

    @property
    def verdict(self) -> Verdict:
        """What follows from the problems."""
        return worst_verdict(self.problems)

    @property
    def control_points(self) -> tuple[ControlPoint, ...]:
        """Those of the first photo."""
        return self.photos[0].control_points


def read_photo(photo: Photo, *, name: str) -> ReadPhoto:
    """Find the sheet in one photo and measure how well it is seen.

    Parameters
    ----------
    photo
        Upright photo.
    name
        What messages call it.

    Raises
    ------
    Refused
        See `identify`; also ``reading.unlike_print`` where the marks do not look as they were printed.
    """
    grey = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    marks = find_marks(grey)
    if not marks.codes and not marks.mirrored:
        codes = decipher(grey, marks.markers) or tuple(look_for_codes(grey, marks.markers))
        marks = replace(marks, codes=codes)
    identity = identify(marks, path=name)
    located = locate(grey, identity)
    if located is None:
        raise Refused("reading.unlike_print", path=name)
    quality = measure_photo(photo.pixels, located, identity.layout, codes_read=identity.codes_read)
    return ReadPhoto(photo, name, identity.layout, located, quality)


def read_sheet(photos: Sequence[tuple[Photo, str]], *, begin: Callable[[str], None] = lambda step: None) -> ReadSheet:
    """Read one sheet from one photo, or from several that show its parts.

    Parameters
    ----------
    photos
        Upright photos and what messages call them.
    begin
        Told the message key of each step.

    Returns
    -------
    ReadSheet
        Also where the verdict is refused: then without features.

    Raises
    ------
    Refused
        There is no sheet of ours in a photo (see `read_photo`), or the photos are of different sheets:
        ``reading.different_sheets``.
    """
    begin("reading.step.find")
    read = tuple(read_photo(photo, name=name) for photo, name in photos)
    layout = read[0].layout
    for other in read[1:]:
        if other.layout.code != layout.code:
            ids = {"one": layout.sheet_id, "other": other.layout.sheet_id}
            raise Refused("reading.different_sheets", path=other.name, first=read[0].name, **ids)
    alone = len(read) == 1
    problems = [problem for one in read for problem in judge(one.quality, alone=alone)]
    if worst_verdict(problems) is Verdict.REFUSED:
        return ReadSheet(layout, read, _sorted(problems), None, ())
    begin("reading.step.flatten")
    flat = flatten([View(one.photo.pixels, one.located) for one in read], layout)
    if not alone:
        problems += _joined_problems(flat)
        if worst_verdict(problems) is Verdict.REFUSED:
            return ReadSheet(layout, read, _sorted(problems), None, ())
    begin("reading.step.trace")
    picture, known, px_per_mm = known_sheet(flat, layout)
    found = trace(picture, known=known).candidates
    features = tuple(_placed(one, read, layout, flat, px_per_mm) for one in found)
    if not features:
        problems.append(Problem(Verdict.DOUBTFUL, Text("reading.blank")))
    return ReadSheet(layout, read, _sorted(problems), flat, features)


def _joined_problems(flat: FlatSheet) -> list[Problem]:
    found = []
    if flat.seen < _DOUBTFUL_SEEN:
        verdict = Verdict.REFUSED if flat.seen < _REFUSED_SEEN else Verdict.DOUBTFUL
        found.append(Problem(verdict, Text("reading.cut_off", {"value": f"{100 * flat.seen:.0f}"})))
    shown = flat.error_mm[np.isfinite(flat.error_mm)]
    worst = float(np.percentile(shown, 95)) if len(shown) else np.inf
    if worst > _DOUBTFUL_MM:
        found.append(Problem(Verdict.DOUBTFUL, Text("reading.inexact", {"value": f"{worst:.1f}"})))
    return found


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.verdict is not Verdict.REFUSED))


def _placed(
    candidate: Candidate, photos: Sequence[ReadPhoto], layout: SheetLayout, flat: FlatSheet, px_per_mm: float
) -> ReadFeature:
    frame = np.array([layout.frame.x, layout.frame.y])

    def to_paper(pixels: FloatArray) -> FloatArray:
        return np.asarray(pixels / px_per_mm + frame, np.float64)

    paper = shapely.transform(candidate.geometry, to_paper)
    vertices = shapely.get_coordinates(paper)
    owner = _owner(flat, vertices.mean(axis=0) - frame)
    surface = photos[owner].located.surface
    error = float(surface.error_mm(vertices).max())
    width = candidate.width_px / px_per_mm
    detail = float(np.median(surface.px_per_mm(vertices[:1])))
    in_photo = Candidate(
        ordinal=candidate.ordinal,
        kind=candidate.kind,
        geometry=shapely.transform(paper, surface.to_photo),
        ink=candidate.ink,
        width_px=width * detail,
        confidence=candidate.confidence,
        pattern=candidate.pattern,
        neighbours=candidate.neighbours,
        parts=candidate.parts,
        junctions=candidate.junctions,
    )
    return ReadFeature(
        candidate=in_photo,
        photo=owner,
        geometry=shapely.transform(paper, layout.to_lonlat),
        width_mm=width,
        error_mm=error,
        position_error_m=float(np.hypot(error, width / 2)) * layout.code.scale / 1000,
    )


def _owner(flat: FlatSheet, from_frame: FloatArray) -> int:
    """Return the photo that shows a place, mm from the corner of the frame; the first where none does."""
    rows, columns = flat.owner.shape
    column, row = (from_frame * flat.px_per_mm / flat.step).astype(int)
    return max(0, int(flat.owner[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)]))


def _middle(paper: FloatArray, photo: FloatArray) -> FloatArray:
    matrix = cv2.getPerspectiveTransform((paper - paper[0]).astype(np.float32), photo.astype(np.float32)).astype(
        np.float64
    )
    seen = matrix @ np.append(paper.mean(axis=0) - paper[0], 1.0)
    return np.asarray(seen[:2] / seen[2], np.float64)
