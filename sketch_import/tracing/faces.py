"""Closed loops of strokes as polygons: homes, fields, hills, lakes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

from sketch_import.tracing.network import Network, Stroke, centre_lines

__all__ = ["Face", "Outlines", "face_of_ring", "find_faces", "least_size", "prepare_outlines", "roundness", "solidity"]

_LEAST_SIZE = 3.4
"""Smallest loop taken for an area, as diameter of the circle of its size in stroke widths; below are signs."""
_SMALL_HOME, _SMALL_HOME_ROUND, _SMALL_HOME_SHARE = 2.8, 0.6, 1 / 170
"""The same three for a plain closed shape around a hole that is seen: some 1.5 widths across. Smaller is a ring."""
_LEAST_SHARE = 1 / 100
"""The same as a share of the side of a square as large as the sheet."""
_LEAST_THICKNESS = 1.6
"""Twice area over perimeter, in widths: thinner is the gap between two strokes of one line."""
_LARGEST = 0.45
"""Larger than this share of the sheet is the frame or the ground between things."""
_CRUMB = 0.15
_ISLAND = 0.12
"""A loop within a loop is a hole from this share of the area; smaller ones are things drawn inside."""
_DRAWN_THROUGH = math.cos(math.radians(38))


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """An area enclosed by strokes, along their centre lines."""

    polygon: Polygon
    strokes: frozenset[int]
    """Strokes of the network along its outline."""
    gap_share: float
    """Share of the outline that is a closed gap, not drawn."""
    confidence: float
    joined: bool = False
    """Whether it was put together from two that a stroke parts."""
    whole: bool = False
    """Whether a hand closed it in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Strokes made ready for polygonizing."""

    lines: tuple[LineString | None, ...]
    """Simplified centre lines by stroke; None where there is nothing to enclose with."""
    keys: Mapping[tuple[float, float], int]
    """An inner vertex of each line, by which the face it bounds will know it again."""
    crossings: NDArray[np.intp]
    """Pairs of strokes that cross between their nodes, shape (n, 2), both ways round."""


def solidity(polygon: Polygon) -> float:
    """Return the area over that of the convex hull, 1 for a convex shape."""
    return float(polygon.area / max(polygon.convex_hull.area, 1e-9))


def roundness(polygon: Polygon) -> float:
    """Return 4 pi area / perimeter squared, 1 for a circle."""
    return float(4 * math.pi * polygon.area / max(polygon.exterior.length, 1e-9) ** 2)


def find_faces(network: Network, outlines: Outlines, members: Iterable[int], *, sheet_area: float) -> list[Face]:
    """Find the areas that the given strokes of a network enclose.

    Parameters
    ----------
    network
        Strokes meeting exactly at their nodes.
    outlines
        The same strokes from :func:`prepare_outlines`.
    members
        Indices of the strokes to look at, usually those of one ink.
    sheet_area
        Area of the sheet in square pixels.
    """
    used = [index for index in members if outlines.lines[index] is not None]
    if not used:
        return []
    enclosed = shapely.polygonize(_crossings_noded(outlines, used))
    polygons = [face for face in enclosed.geoms if isinstance(face, Polygon)]
    rims = [_rim(polygon, outlines.keys) for polygon in polygons]
    width = network.width
    areas = shapely.area(polygons)
    sizes = 2 * np.sqrt(areas / math.pi)
    thickness = 2 * areas / shapely.length(polygons)
    least = least_size(width, sheet_area)
    large = (sizes >= least) & (thickness >= _LEAST_THICKNESS * width)
    round_enough = 4 * math.pi * areas / np.maximum(shapely.length(polygons), 1e-9) ** 2 >= _SMALL_HOME_ROUND
    homes = round_enough & ~large & (sizes >= _least_home(width, sheet_area))
    beside = _neighbours(rims)
    # A door or a window on the side of a house is no home.
    for index in np.flatnonzero(homes).tolist():
        homes[index] = not any(large[other] for other in beside[index])
    large |= homes
    shapes = {index: _grown(index, polygons, beside) for index in np.flatnonzero(large).tolist()}
    wholes = _drawn_through(shapes, rims, beside, network)
    found = [(polygon, rims[index], 0.0) for index, polygon in shapes.items()]
    found += [(polygon, rim, 0.12) for polygon, rim in wholes]
    faces = []
    for polygon, rim, malus in found:
        if polygon.area > _LARGEST * sheet_area:
            continue
        outline = _with_islands(polygon)
        drawn = [network.strokes[index] for index in rim]
        faces.append(
            Face(
                polygon=outline,
                strokes=rim,
                gap_share=_gap_share(drawn),
                confidence=_confidence(outline, drawn, width, sheet_area) - malus,
                joined=malus > 0,
            )
        )
    return faces


def face_of_ring(
    network: Network, points: NDArray[np.float64], strokes: frozenset[int], *, sheet_area: float
) -> Face | None:
    """Return the area of a stroke that closes upon itself, or None where it is too small, too thin or knotted.

    Parameters
    ----------
    network
        The strokes.
    points
        Closed centre line, shape (n, 2), pixels, y down.
    strokes
        Indices of the strokes it is made of.
    sheet_area
        Area of the sheet in square pixels.
    """
    if len(points) < 4 or _rough_area(points) < 0.5 * _least_home(network.width, sheet_area) ** 2:
        return None
    polygon = shapely.simplify(Polygon(points), 0.12 * network.width)
    if not isinstance(polygon, Polygon) or polygon.is_empty or not polygon.is_valid:
        return None
    width, area = network.width, polygon.area
    thin = 2 * area < _LEAST_THICKNESS * width * polygon.length
    size = 2 * math.sqrt(area / math.pi)
    home = roundness(polygon) >= _SMALL_HOME_ROUND and size >= _least_home(width, sheet_area)
    if not home and (thin or size < least_size(width, sheet_area)):
        return None
    if area > _LARGEST * sheet_area:
        return None
    drawn = [network.strokes[index] for index in strokes]
    return Face(polygon, strokes, _gap_share(drawn), _confidence(polygon, drawn, width, sheet_area), whole=True)


def _rough_area(points: NDArray[np.float64]) -> float:
    x, y = points[:, 0], points[:, 1]
    return abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1])) / 2


def prepare_outlines(network: Network) -> Outlines:
    """Simplify the strokes of a network once, for all the inks that faces are looked for in."""
    simple = shapely.simplify(centre_lines(network.strokes), 0.12 * network.width)
    coordinates, owner = shapely.get_coordinates(simple, return_index=True)
    starts = np.searchsorted(owner, np.arange(len(network.strokes) + 1))
    lines: list[LineString | None] = []
    keys: dict[tuple[float, float], int] = {}
    for index, stroke in enumerate(network.strokes):
        points = coordinates[starts[index] : starts[index + 1]]
        line: LineString | None = simple[index]
        if len(points) == 2:
            points = np.array([points[0], points.mean(axis=0), points[1]])
            line = None if stroke.ends[0] == stroke.ends[1] or stroke.length <= 0 else LineString(points)
        lines.append(line)
        if line is not None:
            middle = points[len(points) // 2]
            keys[float(middle[0]), float(middle[1])] = index
    present = np.array([index for index, line in enumerate(lines) if line is not None], np.intp)
    drawn = [lines[index] for index in present.tolist()]
    crossings = (
        present[shapely.STRtree(drawn).query(drawn, predicate="crosses").T] if drawn else np.zeros((0, 2), np.intp)
    )
    return Outlines(lines=tuple(lines), keys=keys, crossings=crossings)


def _crossings_noded(outlines: Outlines, used: list[int]) -> list[LineString]:
    """Cut lines where they cross between their nodes, as the bridge over an overshot corner does."""
    among = np.zeros(len(outlines.lines), bool)
    among[used] = True
    crossing = set(outlines.crossings[among[outlines.crossings].all(axis=1)].ravel().tolist())
    lines = {index: line for index in used if (line := outlines.lines[index]) is not None}
    if not crossing:
        return list(lines.values())
    noded = shapely.union_all([lines[index] for index in lines if index in crossing])
    pieces = [part for part in shapely.get_parts(noded).tolist() if isinstance(part, LineString)]
    return [line for index, line in lines.items() if index not in crossing] + pieces


def least_size(width: float, sheet_area: float) -> float:
    """Return the size, as diameter of a circle in pixels, from which a loop is an area whatever its shape.

    Between this and the smallest home it may as well be the bowl of a letter.
    """
    return max(_LEAST_SIZE * width, _LEAST_SHARE * math.sqrt(sheet_area))


def _least_home(width: float, sheet_area: float) -> float:
    return max(_SMALL_HOME * width, _SMALL_HOME_SHARE * math.sqrt(sheet_area))


def _rim(polygon: Polygon, keys: Mapping[tuple[float, float], int]) -> frozenset[int]:
    return frozenset(index for x, y in polygon.exterior.coords if (index := keys.get((x, y))) is not None)


def _neighbours(rims: list[frozenset[int]]) -> list[set[int]]:
    by_stroke: dict[int, list[int]] = {}
    for face, rim in enumerate(rims):
        for stroke in rim:
            by_stroke.setdefault(stroke, []).append(face)
    beside: list[set[int]] = [set() for _ in rims]
    for faces in by_stroke.values():
        for face in faces:
            beside[face].update(other for other in faces if other != face)
    return beside


def _grown(index: int, polygons: list[Polygon], beside: list[set[int]]) -> Polygon:
    """Take in the bowls of letters and slivers that bite into an outline from within."""
    polygon = Polygon(polygons[index].exterior)
    hull = polygon.convex_hull
    crumbs = [
        polygons[other]
        for other in beside[index]
        if polygons[other].area < _CRUMB * polygon.area
        and hull.intersection(polygons[other]).area > 0.75 * polygons[other].area
    ]
    if not crumbs:
        return polygons[index]
    whole = shapely.union_all([polygons[index], *crumbs])
    return (
        whole
        if isinstance(whole, Polygon) and solidity(Polygon(whole.exterior)) >= solidity(polygon)
        else polygons[index]
    )


def _drawn_through(
    shapes: dict[int, Polygon], rims: list[frozenset[int]], beside: list[set[int]], network: Network
) -> list[tuple[Polygon, frozenset[int]]]:
    """Join two faces whose common outline runs on smoothly past the stroke between them.

    A home cut by its name or by a path is one home; where the outline turns at the stroke, as between
    two homes that touch, it is not.
    """
    wholes = []
    for first, polygon in shapes.items():
        for second in beside[first]:
            if second <= first or second not in shapes:
                continue
            whole = shapely.union(polygon, shapes[second])
            if not isinstance(whole, Polygon) or solidity(Polygon(whole.exterior)) < 0.9:
                continue
            shared = rims[first] & rims[second]
            counts: dict[int, int] = {}
            for stroke in shared:
                for node in network.strokes[stroke].ends:
                    counts[node] = counts.get(node, 0) + 1
            tips = [network.nodes[node] for node, times in counts.items() if times == 1]
            if len(tips) == 2 and all(_runs_on(whole, tip, 6 * network.width) for tip in tips):
                wholes.append((whole, (rims[first] | rims[second]) - shared))
    return wholes


def _runs_on(polygon: Polygon, at: NDArray[np.float64], reach: float) -> bool:
    ring = polygon.exterior
    place = ring.project(shapely.Point(at))
    ahead, behind = ((place + sign * reach) % ring.length for sign in (1, -1))
    here, after, before = (np.array(ring.interpolate(spot).coords[0]) for spot in (place, ahead, behind))
    out, back = after - here, here - before
    size = float(np.hypot(*out) * np.hypot(*back))
    return size > 0 and float(out @ back) / size > _DRAWN_THROUGH


def _with_islands(polygon: Polygon) -> Polygon:
    islands = [ring for ring in polygon.interiors if Polygon(ring).area > _ISLAND * polygon.area]
    return Polygon(polygon.exterior, islands)


def _gap_share(drawn: list[Stroke]) -> float:
    total = sum(stroke.length for stroke in drawn)
    return sum(stroke.length for stroke in drawn if stroke.bridge) / total if total else 0.0


def _confidence(polygon: Polygon, drawn: list[Stroke], width: float, sheet_area: float) -> float:
    outline = Polygon(polygon.exterior)
    solid, size = solidity(outline), 2 * math.sqrt(outline.area / math.pi)
    shape = min(1.0, max(0.0, (solid - 0.45) / 0.4)) * min(1.0, roundness(outline) / 0.3)
    large_enough = min(1.0, 0.5 + 0.5 * max(0.0, size - least_size(width, sheet_area)) / (10 * width))
    modest = min(1.0, 0.12 / max(outline.area / sheet_area, 1e-6)) ** 0.7
    return float(np.clip(0.97 * shape * large_enough * modest * (1 - _gap_share(drawn)), 0.02, 0.97))
