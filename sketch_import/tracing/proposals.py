"""What the strokes of a drawing are proposed as: areas, lines, signs and writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.tracing.areas import GREY, find_areas
from sketch_import.tracing.courses import find_courses
from sketch_import.tracing.draft import Draft
from sketch_import.tracing.faces import Face, least_size
from sketch_import.tracing.gaps import close_gaps
from sketch_import.tracing.grouping import gather
from sketch_import.tracing.inks import name_inks
from sketch_import.tracing.light import Light
from sketch_import.tracing.lines import find_lines
from sketch_import.tracing.network import Network, Stroke
from sketch_import.tracing.pieces import Piece, find_pieces
from sketch_import.tracing.signs import find_signs, find_trees
from sketch_import.tracing.solids import Solid
from sketch_import.tracing.writing import find_writing

__all__ = ["Proposals", "propose"]


_OUTLINE = 0.5
"""From this confidence an area keeps its outline to itself: the strokes are not offered as lines too."""
_WRITTEN = 0.6
"""An area is the bowl of a letter if more than this share of its outline is writing."""
_DASHED_LOOP = 0.6
_LARGE = 1 / 50
"""Side of an area, as a share of the long side, from which its outline is no letter."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """What the strokes may be, and the strokes themselves."""

    drafts: tuple[Draft, ...]
    network: Network
    """Gaps closed; drafts name its strokes and nodes."""


def propose(
    network: Network, solids: list[Solid], light: Light, *, size: tuple[int, int], sheet_area: float
) -> Proposals:
    """Read areas, lines, signs and writing from the strokes, and gather what belongs together.

    Parameters
    ----------
    network, solids
        Strokes and filled areas, in pixels of the working picture.
    light
        The photo free of shading.
    size
        Width and height of the working picture.
    sheet_area
        Area of the sheet in square pixels.
    """
    network = close_gaps(network)
    inks = list(name_inks(network, papers=_papers(network.strokes, light, size)).inks)
    drafts = list(_drafts(network, solids, light, inks, size=size, sheet_area=sheet_area))
    return Proposals(tuple(gather(drafts, network, inks, long_side=float(max(size)))), network)


def _drafts(
    network: Network, solids: list[Solid], light: Light, inks: list[Ink], *, size: tuple[int, int], sheet_area: float
) -> Iterator[Draft]:
    long_side = float(max(size))
    pieces = find_pieces(network)

    def same_ink(one: int, two: int) -> bool:
        return inks[one] == inks[two] or {inks[one], inks[two]} <= GREY

    courses = find_courses(network, same_ink=same_ink)
    faces = find_areas(network, inks, courses, sheet_area=sheet_area)
    trees = find_trees(network, pieces, long_side=long_side)
    wood = frozenset(index for tree in trees for index in tree.strokes)
    enclosed: dict[int, float] = {}
    no_bowl = least_size(network.width, sheet_area) ** 2 * np.pi / 4
    for face in faces:
        if face.polygon.area < no_bowl:
            continue
        for index in face.strokes:
            enclosed[index] = max(enclosed.get(index, 0.0), float(face.polygon.area))
    # A name that runs over the outline of its home is still a name.
    large = (_LARGE * long_side) ** 2
    rims = frozenset(i for face in faces if face.whole and face.polygon.area > large for i in face.strokes)
    writing = find_writing(
        network, _parted(network, pieces, rims - wood), areas=enclosed, signs=wood, long_side=long_side
    )
    written = frozenset(index for word in writing for index in word.strokes)
    for word in writing:
        ink = _most(inks, network, word.strokes)
        for index in word.strokes:
            inks[index] = ink
        yield Draft(CandidateKind.TEXT, word.outline, ink, network.width, word.confidence, strokes=word.strokes)

    trees = [tree for tree in trees if not written.intersection(tree.strokes)]
    grown = frozenset(index for tree in trees for index in tree.strokes)
    faces = [face for face in faces if not _is_written(face, network, written) and not face.strokes <= grown]
    for face in faces:
        ink = _most(inks, network, face.strokes)
        width = _width(network, face.strokes)
        yield Draft(CandidateKind.POLYGON, face.polygon, ink, width, face.confidence, strokes=face.strokes)
    for solid in solids:
        if solid.polygon.area < 0.5 * sheet_area:
            ink = _ink_of(solid, light, size)
            yield Draft(CandidateKind.POLYGON, solid.polygon, ink, network.width, 0.8, Pattern.FILLED)

    outlines = frozenset(index for face in faces if face.confidence >= _OUTLINE for index in face.strokes)

    free = [index for index in range(len(inks)) if index not in written and index not in grown]
    lines = find_lines(network, free, pieces=pieces, outlines=outlines, long_side=long_side, same_ink=same_ink)
    outlined = frozenset[int]().union(*(loop.strokes for loop in lines.loops))
    for line in lines.lines:
        if outlined.issuperset(line.strokes):
            continue
        ink = _most(inks, network, line.strokes)
        yield Draft(
            CandidateKind.LINE,
            line.geometry,
            ink,
            _width(network, line.strokes),
            line.confidence,
            Pattern.DASHED if line.dashed else Pattern.SOLID,
            frozenset(line.strokes),
            line.ends,
        )
    for loop in lines.loops:
        ink = _most(inks, network, loop.strokes)
        width = _width(network, loop.strokes)
        yield Draft(CandidateKind.POLYGON, loop.polygon, ink, width, _DASHED_LOOP, Pattern.DASHED, loop.strokes)
    taken = written.union(
        grown,
        *(face.strokes for face in faces),
        *(line.strokes for line in lines.lines),
        *(loop.strokes for loop in lines.loops),
    )
    for sign in [*trees, *find_signs(network, pieces, taken=taken)]:
        ink = _most(inks, network, sign.strokes)
        width = _width(network, sign.strokes)
        yield Draft(CandidateKind.POINT, Point(sign.at), ink, width, sign.confidence, strokes=frozenset(sign.strokes))


def _parted(network: Network, pieces: list[Piece], rims: frozenset[int]) -> list[Piece]:
    """Pieces as they are once the outlines of large areas are taken away."""
    touched = [piece for piece in pieces if not rims.isdisjoint(piece.strokes)]
    apart = frozenset(index for piece in touched for index in piece.strokes) - rims
    whole = [piece for piece in pieces if rims.isdisjoint(piece.strokes)]
    if not apart:
        return whole
    return whole + find_pieces(network, without=frozenset(range(len(network.strokes))) - apart)


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
