"""Which of the enclosed faces are things that somebody drew: each once, without the ground between roads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from geo.domain.drawing import Ink
from sketch_import.tracing.courses import Course, Running
from sketch_import.tracing.faces import Face, face_of_ring, find_faces, prepare_outlines, solidity
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
_BLOCK = 1.25
"""A block of parcels is larger than some of them by this factor."""
_GROUND = 0.012
"""Share of the sheet from which what lies between ways is ground, not a field."""
_DOUBT = 0.5
_HOUSE = 1 / 9
"""Largest house drawn with a roof, as a share of the side of a square as large as the sheet."""
_HOUSE_SOLIDITY = 0.88
_POINTED = 0.72
"""A roof fills less of the box around it than this."""
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
    between = _Between(network, courses, rings, sheet_area)
    drawn = [between.weighed(face) for face in found if not _is_part(face, rings)]
    sure = [face for face in rings + drawn if face.confidence >= _LEAST_CONFIDENCE]
    return _once(_with_roofs(_once(sure), largest=_HOUSE * math.sqrt(sheet_area)))


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

    def __init__(self, network: Network, courses: Sequence[Course], rings: Sequence[Face], sheet_area: float) -> None:
        self._sheet_area = sheet_area
        self._network = network
        self._courses = courses
        self._course_of = {index: number for number, course in enumerate(courses) for index, _ in course.strokes}
        self._rings = {self._course_of[next(iter(ring.strokes))]: ring.polygon for ring in rings}
        self._outside: dict[tuple[int, int], float] = {}

    def weighed(self, face: Face) -> Face:
        """Doubt a face if nothing of its outline was drawn for it alone.

        A small field may yet be fenced by strokes that all run on; what lies beside a closed loop may not.
        """
        beside = self._lies_between(face)
        if beside is None:
            return face
        ground = beside or face.polygon.area > _GROUND * self._sheet_area
        return replace(face, confidence=face.confidence * (0.0 if ground else _DOUBT))

    def _lies_between(self, face: Face) -> bool | None:
        """Tell whether a face lies beside a closed loop (True) or between ways alone (False); None for neither."""
        shares: dict[int, float] = {}
        for index in face.strokes:
            number = self._course_of.get(index)
            if number is not None:
                shares[number] = shares.get(number, 0.0) + self._network.strokes[index].length
        if len(shares) < 2:
            return None
        least = max(_TAIL_WIDTHS * self._network.width, _TAIL_SHARE * float(np.sqrt(face.polygon.area)))
        explained = sum(length for number, length in shares.items() if self._goes_on(number, face, shares, least))
        if explained <= _EXPLAINED * sum(shares.values()):
            return None
        return any(number in self._rings for number in shares)

    def _goes_on(self, number: int, face: Face, shares: Iterable[int], least: float) -> bool:
        course = self._courses[number]
        if course.running is Running.CLOSED:
            return True
        directions = (course.strokes, course.strokes[::-1])
        beyond = [self._beyond(way, face) for way, free in zip(directions, course.tails, strict=True) if free]
        if max(beyond, default=0.0) > least:
            return True
        # What runs out of a closed loop on the face's outline was not drawn to divide that loop.
        around = (ring for ring in shares if ring in self._rings and self._within(face, ring))
        return any(self._outside_of(number, ring) > least for ring in around)

    def _within(self, face: Face, ring: int) -> bool:
        return bool(self._rings[ring].buffer(self._network.width).contains(face.polygon.representative_point()))

    def _beyond(self, chain: Sequence[tuple[int, bool]], face: Face) -> float:
        """Length of a course from its end up to the outline of the face."""
        length = 0.0
        for index, _ in chain:
            if index in face.strokes:
                break
            length += self._network.strokes[index].length
        return length

    def _outside_of(self, number: int, ring: int) -> float:
        if (number, ring) not in self._outside:
            line = LineString(self._courses[number].points(self._network))
            self._outside[number, ring] = float(line.difference(self._rings[ring].buffer(self._network.width)).length)
        return self._outside[number, ring]


def _is_part(face: Face, rings: Sequence[Face]) -> bool:
    """Tell whether a face that was put together is some parcels of a block whose outline is known."""
    return any(
        face.joined
        and ring.strokes & face.strokes
        and ring.polygon.area > _BLOCK * face.polygon.area
        and _overlap(ring.polygon, face.polygon) * 1.02 > face.polygon.area / ring.polygon.area
        for ring in rings
    )


def _with_roofs(faces: list[Face], *, largest: float) -> list[Face]:
    """Put the roof on its house: two small faces that share a side and touch nothing else are one drawing."""
    by_stroke: dict[int, list[int]] = {}
    for place, face in enumerate(faces):
        if not (face.whole or face.joined):
            for index in face.strokes:
                by_stroke.setdefault(index, []).append(place)
    beside: dict[int, set[int]] = {}
    for places in by_stroke.values():
        for place in places:
            beside.setdefault(place, set()).update(other for other in places if other != place)
    houses: list[Face] = []
    roofs: set[int] = set()
    for one, others in beside.items():
        two = next(iter(others), -1)
        if len(others) != 1 or two < one or beside[two] != {one}:
            continue
        small, large = sorted((one, two), key=lambda place: faces[place].polygon.area)
        house = _house(faces[large], faces[small], largest)
        if house is not None:
            houses.append(house)
            roofs.add(small)
    return houses + [face for place, face in enumerate(faces) if place not in roofs]


def _house(front: Face, roof: Face, largest: float) -> Face | None:
    whole = shapely.union(front.polygon, roof.polygon)
    if not isinstance(whole, Polygon) or whole.area > largest * largest:
        return None
    pointed = roof.polygon.area < _POINTED * roof.polygon.minimum_rotated_rectangle.area
    if not pointed or solidity(whole) < _HOUSE_SOLIDITY:
        return None
    rim = (front.strokes | roof.strokes) - (front.strokes & roof.strokes)
    return Face(whole, rim, front.gap_share, max(front.confidence, roof.confidence), joined=True)


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
