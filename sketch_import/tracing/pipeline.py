"""From pixels to candidates: the steps of tracing, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate
from sketch_import.tracing.faces import Face, find_faces, prepare_outlines
from sketch_import.tracing.gaps import close_gaps
from sketch_import.tracing.ink import find_ink
from sketch_import.tracing.inks import name_inks
from sketch_import.tracing.known_sheet import KnownSheet
from sketch_import.tracing.light import Light, even_out
from sketch_import.tracing.lines import find_lines
from sketch_import.tracing.network import Network, Stroke, build_network
from sketch_import.tracing.paper import Paper, find_paper
from sketch_import.tracing.pieces import find_pieces
from sketch_import.tracing.printed import without_print
from sketch_import.tracing.signs import find_signs
from sketch_import.tracing.solids import Solid, find_solids
from sketch_import.tracing.writing import find_writing

__all__ = ["Trace", "trace"]

_WORKING_SIDE = 2400
"""Long side in pixels at which a drawing is traced; a fine pen on A1 is still two pixels wide there."""
_GREY = frozenset({Ink.BLACK, Ink.PENCIL})
_PHOTO_RIM = 1 / 110
"""Strip along the edge of the photo, as a share of its long side, where what runs along it is the edge of the sheet."""
_SHEET_RIM = 1 / 400
"""The same along the edge of a sheet that was found."""
_ALONG = 0.7
_OUTLINE = 0.5
"""From this confidence an area keeps its outline to itself: the strokes are not offered as lines too."""
_SAME = 0.6
"""Two areas overlapping more than this (intersection over union) are one, seen twice."""
_WRITTEN = 0.6
"""An area is the bowl of a letter if more than this share of its outline is writing."""
_LEAST_CONFIDENCE = 0.12
_DASHED_LOOP = 0.6
_PASSING = 2.5
"""Pieces shorter than this many widths may be where one ink runs over another."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What was found on a drawing, and how good the photo is for it."""

    candidates: tuple[Candidate, ...]
    """In the order of their ordinals."""
    width_px: float
    """Typical width of the strokes, in pixels of the photo."""
    grain: float
    """Grain of the blank paper: standard deviation of the missing light, 0 to 1."""
    unevenness: float
    """Brightest over darkest paper."""
    sheet_found: bool
    """Whether an edge of the sheet was seen; else all of the photo was taken for paper."""
    sheet_share: float
    """Share of the photo that the sheet fills."""
    ink_share: float
    """Share of the sheet that is ink."""
    working_scale: float
    """Size at which it was traced, over that of the photo."""


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    kind: CandidateKind
    geometry: BaseGeometry
    ink: Ink
    width: float
    confidence: float


def trace(pixels: NDArray[np.uint8], *, known: KnownSheet | None = None) -> Trace:
    """Trace a photographed drawing.

    Evens out the light, tells ink from paper, thins strokes to a graph, names their inks, closes small
    gaps, and reads areas, lines, signs and writing from the graph.

    Parameters
    ----------
    pixels
        Upright RGB, shape (h, w, 3), uint8.
    known
        Where participants drew and where print is, of a rectified sheet of ours; the sheet is then not looked for.

    Returns
    -------
    Trace
        Candidates in pixels of `pixels` (x right, y down, corner origin); none for a blank sheet.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, _WORKING_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8) if scale < 1 else pixels
    paper = find_paper(small) if known is None else _known_paper(known, size)
    light = even_out(small, inside=paper.inside)
    inside = np.asarray(cv2.resize(paper.inside.view(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8)
    missing = light.missing
    if known is not None:
        missing = without_print(missing, _smaller(known.printed, size))
    ink = find_ink(missing, inside=inside)
    solids, mask = find_solids(ink.mask, ink.missing)
    solids, network = _without_rim(solids, build_network(mask, ink.missing), inside)
    sheet_area = float(np.count_nonzero(inside))
    drafts = list(_drafts(network, solids, light, size=size, sheet_area=sheet_area))
    to_photo = np.array([width / size[0], height / size[1]])
    return Trace(
        candidates=_numbered(drafts, to_photo, height),
        width_px=network.width / scale,
        grain=ink.grain / 255,
        unevenness=light.unevenness,
        sheet_found=paper.found,
        sheet_share=paper.share,
        ink_share=float(np.count_nonzero(ink.mask)) / max(sheet_area, 1.0),
        working_scale=scale,
    )


def _known_paper(known: KnownSheet, size: tuple[int, int]) -> Paper:
    inside = cv2.resize(known.inside, size, interpolation=cv2.INTER_NEAREST) > 0
    return Paper(inside=inside, found=True, share=cv2.countNonZero(known.inside) / known.inside.size)


def _smaller(mask: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Shrink a mask so that nothing of it is lost."""
    step = -(-mask.shape[1] // size[0])
    grown = cv2.dilate(mask, np.ones((step, step), np.uint8)) if step > 1 else mask
    return np.asarray(cv2.resize(grown, size, interpolation=cv2.INTER_NEAREST) > 0).view(np.uint8)


def _without_rim(solids: list[Solid], network: Network, inside: NDArray[np.uint8]) -> tuple[list[Solid], Network]:
    """Drop what runs along the edge of the sheet or the photo."""
    strip = max(3.0, (_SHEET_RIM if np.count_nonzero(inside) < inside.size else _PHOTO_RIM) * max(inside.shape))
    from_edge = cv2.distanceTransform(
        cv2.copyMakeBorder(inside, *(1,) * 4, cv2.BORDER_CONSTANT, value=0), cv2.DIST_L2, 3
    )
    high, wide = inside.shape

    def near_edge(points: list[NDArray[np.float64]], reach: float) -> NDArray[np.float64]:
        """Share of each polyline that lies within reach of the edge."""
        if not points:
            return np.zeros(0)
        sizes = np.array([len(part) for part in points])
        columns, rows = np.concatenate(points).astype(int).T
        near = from_edge[np.clip(rows, 0, high - 1) + 1, np.clip(columns, 0, wide - 1) + 1] < reach
        return np.asarray(np.add.reduceat(near, np.concatenate([[0], np.cumsum(sizes)[:-1]]), dtype=float) / sizes)

    strokes = near_edge([stroke.points for stroke in network.strokes], strip) <= _ALONG
    areas = near_edge([np.asarray(solid.polygon.exterior.coords) for solid in solids], 2 * strip) <= _ALONG
    kept = [stroke for stroke, keep in zip(network.strokes, strokes, strict=True) if keep]
    return [solid for solid, keep in zip(solids, areas, strict=True) if keep], Network(
        kept, network.nodes, network.width
    )


def _drafts(
    network: Network, solids: list[Solid], light: Light, *, size: tuple[int, int], sheet_area: float
) -> Iterator[_Draft]:
    long_side = float(max(size))
    network = close_gaps(network)
    inks = list(name_inks(network, papers=_papers(network.strokes, light, size)).inks)
    pieces = find_pieces(network)
    faces = _faces(network, inks, sheet_area)
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
        yield _Draft(CandidateKind.TEXT, word.outline, ink, network.width, word.confidence)

    faces = [face for face in faces if not _is_written(face, network, written)]
    for face in faces:
        ink = _most(inks, network, face.strokes)
        yield _Draft(CandidateKind.POLYGON, face.polygon, ink, _width(network, face.strokes), face.confidence)
    for solid in solids:
        if solid.polygon.area < 0.5 * sheet_area:
            ink = _ink_of(solid, light, size)
            yield _Draft(CandidateKind.POLYGON, solid.polygon, ink, network.width, 0.8)

    outlines = frozenset(index for face in faces if face.confidence >= _OUTLINE for index in face.strokes)

    def same_ink(one: int, two: int) -> bool:
        return inks[one] == inks[two] or {inks[one], inks[two]} <= _GREY

    free = [index for index in range(len(inks)) if index not in written]
    lines = find_lines(network, free, outlines=outlines, long_side=long_side, same_ink=same_ink)
    for line in lines.lines:
        ink = _most(inks, network, line.strokes)
        yield _Draft(CandidateKind.LINE, line.geometry, ink, _width(network, line.strokes), line.confidence)
    for loop in lines.loops:
        ink = _most(inks, network, loop.strokes)
        yield _Draft(CandidateKind.POLYGON, loop.polygon, ink, _width(network, loop.strokes), _DASHED_LOOP)
    taken = written.union(
        *(face.strokes for face in faces),
        *(line.strokes for line in lines.lines),
        *(loop.strokes for loop in lines.loops),
    )
    for sign in find_signs(network, pieces, taken=taken):
        ink = _most(inks, network, sign.strokes)
        yield _Draft(CandidateKind.POINT, Point(sign.at), ink, _width(network, sign.strokes), sign.confidence)


def _faces(network: Network, inks: list[Ink], sheet_area: float) -> list[Face]:
    """Areas of each ink, then those that only several inks together enclose."""
    found: list[Face] = []
    outlines = prepare_outlines(network)
    usable = range(len(inks))
    short = [index for index in usable if network.strokes[index].length < _PASSING * network.strokes[index].width]
    present = set(inks)
    inks_alone = [frozenset({ink}) for ink in Ink if ink in present and ink not in _GREY]
    for group in [_GREY, *inks_alone]:
        members = [index for index in usable if inks[index] in group]
        reached = {node for index in members for node in network.strokes[index].ends}
        # Where another ink runs over this one, its short piece between two ends of ours counts as ours.
        passing = [i for i in short if inks[i] not in group and reached.issuperset(network.strokes[i].ends)]
        found += find_faces(network, outlines, members + passing, sheet_area=sheet_area)
    if len(present - {Ink.PENCIL}) > 1:
        mixed = find_faces(network, outlines, usable, sheet_area=sheet_area)
        found += [replace(face, confidence=face.confidence * 0.85) for face in mixed]
    return _once([face for face in found if face.confidence >= _LEAST_CONFIDENCE])


def _is_written(face: Face, network: Network, written: frozenset[int]) -> bool:
    total = sum(network.strokes[index].length for index in face.strokes)
    return sum(network.strokes[index].length for index in face.strokes & written) > _WRITTEN * total


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


def _numbered(drafts: list[_Draft], to_photo: NDArray[np.float64], height: int) -> tuple[Candidate, ...]:
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
