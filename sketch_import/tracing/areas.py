"""Which of the enclosed faces are things that somebody drew: each once, without the ground between roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import Polygon

from geo.domain.drawing import Ink
from sketch_import.tracing.courses import Course, Running
from sketch_import.tracing.faces import Face, face_of_ring, find_faces, prepare_outlines
from sketch_import.tracing.network import Network

__all__ = ["GREY", "find_areas"]

GREY = frozenset({Ink.BLACK, Ink.PENCIL})
"""Inks that one stroke may show both of, as the pen runs dry."""
_SAME = 0.6
"""Two areas overlapping more than this (intersection over union) are one, seen twice."""
_LEAST_CONFIDENCE = 0.12
_PASSING = 2.5
"""Pieces shorter than this many widths may be where one ink runs over another."""
_EXPLAINED = 0.86
"""A face is what lies between others if more than this share of its outline belongs to closed loops and ways."""
_TAIL_WIDTHS = 7.0
_TAIL_SHARE = 0.3
"""A way goes on beyond a face by this many widths and this share of the face's size; less is an overshot corner."""


def find_areas(network: Network, inks: Sequence[Ink], courses: Sequence[Course], *, sheet_area: float) -> list[Face]:
    """Find the areas of each ink, then those that only several inks together enclose, each once.

    Parameters
    ----------
    network
        Strokes, gaps closed.
    inks
        The ink of each.
    courses
        How the strokes run on through junctions.
    sheet_area
        Area of the sheet in square pixels.
    """
    outlines = prepare_outlines(network)
    rings = _rings(network, courses, sheet_area)
    found: list[Face] = []
    usable = range(len(inks))
    short = [index for index in usable if network.strokes[index].length < _PASSING * network.strokes[index].width]
    present = set(inks)
    inks_alone = [frozenset({ink}) for ink in Ink if ink in present and ink not in GREY]
    for group in [GREY, *inks_alone]:
        members = [index for index in usable if inks[index] in group]
        reached = {node for index in members for node in network.strokes[index].ends}
        # Where another ink runs over this one, its short piece between two ends of ours counts as ours.
        passing = [i for i in short if inks[i] not in group and reached.issuperset(network.strokes[i].ends)]
        found += find_faces(network, outlines, members + passing, sheet_area=sheet_area)
    if len(present - {Ink.PENCIL}) > 1:
        mixed = find_faces(network, outlines, usable, sheet_area=sheet_area)
        found += [replace(face, confidence=face.confidence * 0.85) for face in mixed]
    between = _Between(network, courses)
    drawn = [face for face in found if face.confidence >= _LEAST_CONFIDENCE and not between.lies_between(face)]
    return _once(rings + drawn)


def _rings(network: Network, courses: Sequence[Course], sheet_area: float) -> list[Face]:
    """Loops that a hand closed, whatever else runs through them."""
    rings = []
    for course in courses:
        if course.running is not Running.CLOSED:
            continue
        indices = frozenset(index for index, _ in course.strokes)
        face = face_of_ring(network, course.points(network), indices, sheet_area=sheet_area)
        if face is not None and face.confidence >= _LEAST_CONFIDENCE:
            rings.append(face)
    return rings


class _Between:
    """Tells faces that lie between loops and ways from areas with an outline of their own."""

    def __init__(self, network: Network, courses: Sequence[Course]) -> None:
        self._network = network
        self._courses = courses
        self._course_of = {index: number for number, course in enumerate(courses) for index, _ in course.strokes}

    def lies_between(self, face: Face) -> bool:
        """Tell whether nothing of the outline was drawn for this face alone."""
        shares: dict[int, float] = {}
        total = 0.0
        for index in face.strokes:
            length = self._network.strokes[index].length
            number = self._course_of[index]
            shares[number] = shares.get(number, 0.0) + length
            total += length
        if len(shares) < 2:
            return False
        size = float(np.sqrt(face.polygon.area))
        explained = sum(length for number, length in shares.items() if self._goes_on(number, face, size))
        return explained > _EXPLAINED * total

    def _goes_on(self, number: int, face: Face, size: float) -> bool:
        course = self._courses[number]
        if course.running is Running.CLOSED:
            return True
        if course.running is Running.DIVIDER:
            return False
        least = max(_TAIL_WIDTHS * self._network.width, _TAIL_SHARE * size)
        directions = (course.strokes, course.strokes[::-1])
        beyond = [self._beyond(way, face) for way, free in zip(directions, course.tails, strict=True) if free]
        return max(beyond, default=0.0) > least

    def _beyond(self, chain: Sequence[tuple[int, bool]], face: Face) -> float:
        """Length of a course from its end up to the outline of the face."""
        length = 0.0
        for index, _ in chain:
            if index in face.strokes:
                break
            length += self._network.strokes[index].length
        return length


def _once(faces: list[Face]) -> list[Face]:
    """Keep the surest of areas that are the same, seen in one ink and in several."""
    if not faces:
        return []
    ordered = sorted(faces, key=lambda face: -face.confidence)
    shapes = [face.polygon for face in ordered]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    later = first > second
    first, second = first[later], second[later]
    areas = shapely.area(shapes)
    smaller = np.minimum(areas[first], areas[second]) / np.maximum(areas[first], areas[second])
    first, second = first[smaller > _SAME], second[smaller > _SAME]
    rivals: dict[int, list[int]] = {}
    for one, two in zip(first.tolist(), second.tolist(), strict=True):
        rivals.setdefault(one, []).append(two)
    dropped: set[int] = set()
    for index in range(len(ordered)):
        before = [other for other in rivals.get(index, []) if other not in dropped]
        if any(_overlap(shapes[index], shapes[other]) >= _SAME for other in before):
            dropped.add(index)
    return [face for index, face in enumerate(ordered) if index not in dropped]


def _overlap(one: Polygon, two: Polygon) -> float:
    common = float(one.intersection(two).area)
    return common / max(one.area + two.area - common, 1e-9)
