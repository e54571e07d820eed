"""What the strokes of a drawing are proposed as: areas, lines, signs and writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate
from sketch_import.tracing.areas import GREY, find_areas
from sketch_import.tracing.courses import find_courses
from sketch_import.tracing.faces import Face
from sketch_import.tracing.gaps import close_gaps
from sketch_import.tracing.inks import name_inks
from sketch_import.tracing.light import Light
from sketch_import.tracing.lines import find_lines
from sketch_import.tracing.network import Network, Stroke
from sketch_import.tracing.pieces import find_pieces
from sketch_import.tracing.signs import find_signs
from sketch_import.tracing.solids import Solid
from sketch_import.tracing.writing import find_writing

__all__ = ["Draft", "numbered", "propose"]

_OUTLINE = 0.5
"""From this confidence an area keeps its outline to itself: the strokes are not offered as lines too."""
_WRITTEN = 0.6
"""An area is the bowl of a letter if more than this share of its outline is writing."""
_DASHED_LOOP = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    kind: CandidateKind
    geometry: BaseGeometry
    ink: Ink
    width: float
    confidence: float


def propose(
    network: Network, solids: list[Solid], light: Light, *, size: tuple[int, int], sheet_area: float
) -> Iterator[Draft]:
    long_side = float(max(size))
    network = close_gaps(network)
    inks = list(name_inks(network, papers=_papers(network.strokes, light, size)).inks)
    pieces = find_pieces(network)

    def same_ink(one: int, two: int) -> bool:
        return inks[one] == inks[two] or {inks[one], inks[two]} <= GREY

    courses = find_courses(network, same_ink=same_ink)
    faces = find_areas(network, inks, courses, sheet_area=sheet_area)
    enclosed: dict[int, float] = {}
    for face in faces:
        for index in face.strokes:
            enclosed[index] = max(enclosed.get(index, 0.0), float(face.polygon.area))
    writing = find_writing(network, pieces, areas=enclosed, long_side=long_side)
    written = frozenset(index for word in writing for index in word.strokes)
    for word in writing:
        ink = _most(inks, network, word.strokes)
        for index in word.strokes:
            inks[index] = ink
        yield Draft(CandidateKind.TEXT, word.outline, ink, network.width, word.confidence)

    faces = [face for face in faces if not _is_written(face, network, written)]
    for face in faces:
        ink = _most(inks, network, face.strokes)
        yield Draft(CandidateKind.POLYGON, face.polygon, ink, _width(network, face.strokes), face.confidence)
    for solid in solids:
        if solid.polygon.area < 0.5 * sheet_area:
            ink = _ink_of(solid, light, size)
            yield Draft(CandidateKind.POLYGON, solid.polygon, ink, network.width, 0.8)

    outlines = frozenset(index for face in faces if face.confidence >= _OUTLINE for index in face.strokes)

    free = [index for index in range(len(inks)) if index not in written]
    lines = find_lines(network, free, outlines=outlines, long_side=long_side, same_ink=same_ink)
    for line in lines.lines:
        ink = _most(inks, network, line.strokes)
        yield Draft(CandidateKind.LINE, line.geometry, ink, _width(network, line.strokes), line.confidence)
    for loop in lines.loops:
        ink = _most(inks, network, loop.strokes)
        yield Draft(CandidateKind.POLYGON, loop.polygon, ink, _width(network, loop.strokes), _DASHED_LOOP)
    taken = written.union(
        *(face.strokes for face in faces),
        *(line.strokes for line in lines.lines),
        *(loop.strokes for loop in lines.loops),
    )
    for sign in find_signs(network, pieces, taken=taken):
        ink = _most(inks, network, sign.strokes)
        yield Draft(CandidateKind.POINT, Point(sign.at), ink, _width(network, sign.strokes), sign.confidence)


def _is_written(face: Face, network: Network, written: frozenset[int]) -> bool:
    total = sum(network.strokes[index].length for index in face.strokes)
    return sum(network.strokes[index].length for index in face.strokes & written) > _WRITTEN * total


def _papers(strokes: list[Stroke], light: Light, size: tuple[int, int]) -> NDArray[np.float64]:
    spots = np.array([stroke.points[len(stroke.points) // 2] for stroke in strokes]).reshape(-1, 2)
    return _paper_at(spots, light, size)


def _paper_at(spots: NDArray[np.float64], light: Light, size: tuple[int, int]) -> NDArray[np.float64]:
    high, wide = light.paper.shape[:2]
    columns = np.clip((spots[:, 0] * wide / size[0]).astype(int), 0, wide - 1)
    rows = np.clip((spots[:, 1] * high / size[1]).astype(int), 0, high - 1)
    return np.asarray(light.paper[rows, columns], np.float64)


def _ink_of(solid: Solid, light: Light, size: tuple[int, int]) -> Ink:
    outline = np.asarray(solid.polygon.exterior.coords)
    nodes = outline[:2]
    stroke = Stroke(points=outline, ends=(0, 1), width=1.0, colour=solid.colour, length=float(solid.polygon.length))
    return name_inks(Network([stroke], nodes, 1.0), papers=_paper_at(outline[:1], light, size)).inks[0]


def _most(inks: list[Ink], network: Network, strokes: Iterable[int]) -> Ink:
    votes: dict[Ink, float] = {}
    for index in strokes:
        stroke = network.strokes[index]
        votes[inks[index]] = votes.get(inks[index], 0.0) + stroke.length * (0.1 if stroke.bridge else 1.0)
    return max(votes, key=lambda ink: (votes[ink], ink)) if votes else Ink.BLACK


def _width(network: Network, strokes: Iterable[int]) -> float:
    drawn = [network.strokes[index] for index in strokes]
    total = sum(stroke.length for stroke in drawn)
    return sum(stroke.width * stroke.length for stroke in drawn) / total if total > 0 else network.width


def numbered(drafts: list[Draft], to_photo: NDArray[np.float64], height: int) -> tuple[Candidate, ...]:
    """Scale to the photo and number in reading order: bands of a twentieth of the height, left to right."""
    band = max(1.0, height / 20)
    scaled = [
        Candidate(
            ordinal=0,
            kind=draft.kind,
            geometry=shapely.transform(draft.geometry, lambda xy: xy * to_photo),
            ink=draft.ink,
            width_px=float(draft.width * to_photo.mean()),
            confidence=draft.confidence,
        )
        for draft in drafts
    ]

    def place(candidate: Candidate) -> tuple[int, float, float, str]:
        left, top, _, _ = candidate.geometry.bounds
        return int(top // band), left, top, candidate.kind.value

    scaled.sort(key=place)
    return tuple(replace(candidate, ordinal=number) for number, candidate in enumerate(scaled, start=1))
