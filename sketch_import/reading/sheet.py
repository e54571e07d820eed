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
from geo.sheet_layout import KeyCode, SheetLayout
from geo.spatial.corners import with_corners_moved
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint
from sketch_import.legend import Proposal, propose, width_unit_of
from sketch_import.photo import Photo
from sketch_import.reading.deciphering import decipher
from sketch_import.reading.finding import Marks, find_marks, look_for_codes
from sketch_import.reading.identifying import identify, identify_as
from sketch_import.reading.judging import PhotoQuality, Problem, Verdict, judge, measure_photo, worst_verdict
from sketch_import.reading.key import SheetKey, read_sheet_key
from sketch_import.reading.kinship import Kinship, compare_print
from sketch_import.reading.locating import Located, locate
from sketch_import.reading.rectifying import FlatSheet, View, flatten, known_sheet
from sketch_import.tracing import trace

__all__ = ["ReadFeature", "ReadPhoto", "ReadSheet", "read_photo", "read_sheet"]

FloatArray = NDArray[np.float64]

_DOUBTFUL_SEEN, _REFUSED_SEEN = 0.97, 0.5
_DOUBTFUL_MM = 1.5
"""Expected error on paper of a joined sheet; parts that are less exact than 3 mm are not shown at all."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """What is seen in a photo at first sight."""

    photo: Photo
    name: str
    grey: NDArray[np.uint8]
    marks: Marks


@dataclass(frozen=True, slots=True, eq=False)
class ReadPhoto:
    """A photo in which a sheet was found."""

    photo: Photo
    name: str
    layout: SheetLayout
    located: Located
    quality: PhotoQuality
    keys: tuple[KeyCode, ...] = ()
    """Codes of keys that were read on the way."""
    by_marks_alone: bool = False
    """Whether nothing but the places of its marks says that it shows this sheet."""

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
    proposal: Proposal | None = None
    """What it may be by the key of the sheet."""


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
    key: SheetKey | None = None
    """None where the sheet is refused."""

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
    return _read_with_codes(_look(photo, name))


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
    read = _read_parts([_look(photo, name) for photo, name in photos])
    layout = read[0].layout
    alone = len(read) == 1
    problems = [problem for one in read for problem in judge(one.quality, alone=alone)]
    problems += [
        Problem(Verdict.DOUBTFUL, Text("reading.part_by_marks", {"path": one.name, "id": layout.sheet_id}))
        for one in read
        if one.by_marks_alone
    ]
    if worst_verdict(problems) is Verdict.REFUSED:
        return ReadSheet(layout, read, _sorted(problems), None, ())
    begin("reading.step.flatten")
    views = [View(one.photo.pixels, one.located) for one in read]
    flat = flatten(views, layout)
    if not alone:
        problems += _joined_problems(flat)
        if worst_verdict(problems) is Verdict.REFUSED:
            return ReadSheet(layout, read, _sorted(problems), None, ())
    begin("reading.step.trace")
    picture, known, px_per_mm = known_sheet(flat, layout)
    found = trace(picture, known=known).candidates
    codes = [code for one in read for code in one.keys]
    key = read_sheet_key(views, layout, codes, stroke_mm=width_unit_of(found) / px_per_mm if found else None)
    proposals = {proposal.ordinal: proposal for proposal in propose(found, key.legend)}
    features = tuple(
        replace(_placed(one, read, layout, flat, px_per_mm), proposal=proposals.get(one.ordinal)) for one in found
    )
    if not features:
        problems.append(Problem(Verdict.DOUBTFUL, Text("reading.blank")))
    return ReadSheet(layout, read, _sorted(problems), flat, features, key)


def _look(photo: Photo, name: str) -> _Sight:
    grey = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return _Sight(photo, name, grey, find_marks(grey))


def _read_parts(sights: Sequence[_Sight]) -> tuple[ReadPhoto, ...]:
    """Read photos of one sheet; those that show no code are read as the others say."""
    read: dict[int, ReadPhoto] = {}
    # Codes that are sharp come first; a blurred one takes long, and may not be needed.
    order = sorted(range(len(sights)), key=lambda number: not sights[number].marks.codes)
    for number in order:
        sight, first = sights[number], next(iter(read.values()), None)
        if first is None or sight.marks.codes:
            read[number] = one = _read_with_codes(sight)
            if first is not None and one.layout.code != first.layout.code:
                ids = {"one": first.layout.sheet_id, "other": one.layout.sheet_id}
                raise Refused("reading.different_sheets", path=one.name, first=first.name, **ids)
        else:
            read[number] = _read_by_marks(sight, first.layout)
    return tuple(read[number] for number in range(len(sights)))


def _read_with_codes(sight: _Sight) -> ReadPhoto:
    marks = sight.marks
    if not marks.codes and not marks.mirrored:
        codes = decipher(sight.grey, marks.markers) or tuple(look_for_codes(sight.grey, marks.markers))
        marks = replace(marks, codes=codes)
    identity = identify(marks, path=sight.name)
    located = locate(sight.grey, identity)
    if located is None:
        raise Refused("reading.unlike_print", path=sight.name)
    quality = measure_photo(sight.photo.pixels, located, identity.layout, codes_read=identity.codes_read)
    return ReadPhoto(sight.photo, sight.name, identity.layout, located, quality, marks.keys)


def _read_by_marks(sight: _Sight, layout: SheetLayout) -> ReadPhoto:
    located = locate(sight.grey, identify_as(layout, sight.marks, path=sight.name))
    if located is None:
        raise Refused("reading.part_unlike", path=sight.name, id=layout.sheet_id)
    kinship = compare_print(sight.grey, located, layout)
    if kinship is Kinship.OTHER_SHEET:
        raise Refused("reading.part_of_another", path=sight.name, id=layout.sheet_id)
    quality = measure_photo(sight.photo.pixels, located, layout, codes_read=0)
    by_marks_alone = kinship is Kinship.UNKNOWN
    return ReadPhoto(sight.photo, sight.name, layout, located, quality, sight.marks.keys, by_marks_alone)


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
        geometry=with_corners_moved(paper, surface.to_photo),
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
