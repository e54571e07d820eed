"""What a placement does to the drawing, to be looked at: vectors, a bent grid, local scale and direction, folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from sketch_import.placing.bending import local_turns
from sketch_import.placing.comparison import MethodReport
from sketch_import.placing.placement import Placement
from sketch_import.transforms import FloatArray, Transform

__all__ = ["Distortion", "GridLine", "LocalDistortion", "Vector", "VectorKind", "distortion", "distortion_to_geojson"]

_LINES_ACROSS = 12
"""Meshes of the grid along the longer side of the photo."""
_STEPS = 8
"""Points of a grid line a mesh."""
_FOLD_CELLS = 4
"""Cells a mesh, a side, in which folds are looked for."""
_DECIMALS = 7
_SHORTEST_M = 0.1


class VectorKind(StrEnum):
    """What a displacement vector compares."""

    RESIDUAL = "residual"
    """From where a control point is given to where the method puts it."""
    BEND = "bend"
    """From where the best similarity would put a control point to where it is given: how the drawing was bent."""
    LEFT_OUT = "left_out"
    """From where a control point is given to where all the others put it."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A displacement at a control point, lon lat; its length in metres."""

    kind: VectorKind
    point: int
    start: tuple[float, float]
    end: tuple[float, float]
    length_m: float


@dataclass(frozen=True, slots=True)
class GridLine:
    """A straight line of the paper as it lies on the ground, lon lat.

    ``column`` is true for a line that runs down the paper, at pixel ``at`` of the other axis.
    """

    column: bool
    at: float
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class LocalDistortion:
    """What happens to the paper around a crossing of the grid.

    Attributes
    ----------
    pixel, lonlat
        Where.
    scale
        Metres a pixel (root of the change of area).
    relative_scale
        Divided by the median of the sheet: 2 where the drawing is shown twice as large as usual.
    rotation_deg
        Direction on the ground of the paper's right, anticlockwise from east, minus that of the best
        similarity; −180 to 180.
    stretch
        Longest over shortest local scale by direction; 1 where a circle stays round.
    position_error_m
        Of the error field; None where it is unknown.
    folded
        True where the paper is seen from the back.
    """

    pixel: tuple[float, float]
    lonlat: tuple[float, float]
    scale: float
    relative_scale: float
    rotation_deg: float
    stretch: float
    position_error_m: float | None
    folded: bool


@dataclass(frozen=True, slots=True, eq=False)
class Distortion:
    """Everything that shows how a placement bends the drawing; geometries in lon lat."""

    vectors: tuple[Vector, ...]
    grid: tuple[GridLine, ...]
    lattice: tuple[LocalDistortion, ...]
    folds: tuple[BaseGeometry, ...]
    median_scale: float


def distortion(placement: Placement) -> Distortion:
    """Show what a placement does to the drawing, all over the photo.

    Parts that a projective transform throws beyond its horizon are left out.

    Parameters
    ----------
    placement
        The placed sheet.
    """
    transform = placement.transform
    width, height = placement.image_size
    mesh = max(width, height) / _LINES_ACROSS
    xs = np.linspace(0, width, max(2, round(width / mesh) + 1))
    ys = np.linspace(0, height, max(2, round(height / mesh) + 1))
    nodes = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    lattice, median = _lattice(placement, nodes)
    return Distortion(
        vectors=tuple(_vectors(placement)),
        grid=tuple(_grid(placement, xs, ys)),
        lattice=lattice,
        folds=_folds(placement, transform, xs, ys),
        median_scale=median,
    )


def _similarity(placement: Placement) -> MethodReport:
    return next(report for report in placement.reports if report.method is Method.HELMERT)


def _vectors(placement: Placement) -> list[Vector]:
    transform, metres = placement.transform, placement.metres
    given, put = transform.ground, transform.forward(transform.pixels)
    pairs = [(VectorKind.RESIDUAL, given, put), (VectorKind.LEFT_OUT, given, given + placement.report.errors_m)]
    similar = _similarity(placement).transform
    if similar is not None:
        pairs.append((VectorKind.BEND, similar.forward(transform.pixels), given))
    vectors = []
    for kind, starts, ends in pairs:
        lengths = np.hypot(*(ends - starts).T)
        for index in np.nonzero(np.isfinite(lengths))[0]:
            start, end = metres.to_lonlat(starts[index]), metres.to_lonlat(ends[index])
            vectors.append(
                Vector(
                    kind=kind,
                    point=int(index),
                    start=(float(start[0]), float(start[1])),
                    end=(float(end[0]), float(end[1])),
                    length_m=float(lengths[index]),
                )
            )
    return vectors


def _grid(placement: Placement, xs: FloatArray, ys: FloatArray) -> list[GridLine]:
    lines = []
    for column, across, along in ((True, xs, ys), (False, ys, xs)):
        steps = np.linspace(along[0], along[-1], (len(along) - 1) * _STEPS + 1)
        for at in across:
            fixed = np.full_like(steps, at)
            placed = placement.to_lonlat(np.stack([fixed, steps] if column else [steps, fixed], axis=1))
            kept = placed[np.isfinite(placed).all(axis=1)]
            if len(kept) > 1:
                lines.append(GridLine(column=column, at=float(at), geometry=shapely.LineString(kept)))
    return lines


def _lattice(placement: Placement, nodes: FloatArray) -> tuple[tuple[LocalDistortion, ...], float]:
    transform = placement.transform
    jacobians = transform.jacobian(nodes)
    places = placement.to_lonlat(nodes)
    reached = np.isfinite(places).all(axis=1) & np.isfinite(jacobians).all(axis=(1, 2))
    nodes, jacobians, places = nodes[reached], jacobians[reached], places[reached]
    if not len(nodes):
        return (), float("nan")
    scales, turns = local_turns(jacobians)
    similar = _similarity(placement).transform
    base = local_turns(similar.jacobian(nodes[:1]))[1][0] if similar is not None else np.median(turns)
    values = np.linalg.svd(jacobians, compute_uv=False)
    errors, front = placement.error_at(nodes), transform.orientation(nodes) > 0
    median = float(np.median(scales))
    lattice = tuple(
        LocalDistortion(
            pixel=(float(node[0]), float(node[1])),
            lonlat=(float(place[0]), float(place[1])),
            scale=float(scale),
            relative_scale=float(scale / median),
            rotation_deg=float(np.degrees(np.angle(np.exp(1j * (turn - base))))),
            stretch=float(value[0] / max(value[1], 1e-12 * value[0])),
            position_error_m=float(error) if np.isfinite(error) else None,
            folded=not upright,
        )
        for node, place, scale, turn, value, error, upright in zip(
            nodes, places, scales, turns, values, errors, front.tolist(), strict=True
        )
    )
    return lattice, median


def _folds(placement: Placement, transform: Transform, xs: FloatArray, ys: FloatArray) -> tuple[BaseGeometry, ...]:
    """Return the parts of the paper that are seen from the back, as areas on the ground."""
    across = np.linspace(xs[0], xs[-1], (len(xs) - 1) * _FOLD_CELLS + 1)
    down = np.linspace(ys[0], ys[-1], (len(ys) - 1) * _FOLD_CELLS + 1)
    middles = np.stack(np.meshgrid((across[:-1] + across[1:]) / 2, (down[:-1] + down[1:]) / 2), axis=-1)
    back = (transform.orientation(middles.reshape(-1, 2)) < 0).reshape(len(down) - 1, len(across) - 1)
    rows, columns = np.nonzero(back)
    if not len(rows):
        return ()
    cells = shapely.box(across[columns], down[rows], across[columns + 1], down[rows + 1])
    areas = []
    for part in shapely.get_parts(shapely.union_all(cells)):
        outline = placement.to_lonlat(shapely.get_coordinates(part.exterior))
        if np.isfinite(outline).all():
            areas.append(shapely.make_valid(shapely.Polygon(outline)))
    return tuple(areas)


def distortion_to_geojson(shown: Distortion, placement: Placement) -> dict[str, Any]:
    """Return a distortion as GeoJSON, EPSG:4326.

    Property ``what`` tells the features apart: ``residual``, ``bend``, ``left_out`` (lines, with ``label``, ``row``,
    ``length_m``), ``grid`` (lines, with ``axis`` x or y and its pixel ``at``), ``local`` (points, with ``pixel``,
    ``metres_per_pixel``, ``relative_scale``, ``rotation_deg``, ``stretch``, ``position_error_m``, ``folded``) and
    ``fold`` (areas). Vectors of less than a decimetre are left out: a spline has no residuals to show.
    """
    features = [
        _feature(
            shapely.LineString([vector.start, vector.end]),
            what=vector.kind.value,
            label=placement.control_points[vector.point].label,
            row=placement.control_points[vector.point].row or vector.point + 1,
            length_m=round(vector.length_m, 2),
        )
        for vector in shown.vectors
        if vector.length_m >= _SHORTEST_M
    ]
    features += [
        _feature(line.geometry, what="grid", axis="x" if line.column else "y", at=round(line.at, 1))
        for line in shown.grid
    ]
    features += [_local(local) for local in shown.lattice]
    features += [_feature(area, what="fold") for area in shown.folds]
    return {
        "type": "FeatureCollection",
        "method": placement.method.value,
        "median_metres_per_pixel": round(shown.median_scale, 4) if np.isfinite(shown.median_scale) else None,
        "features": features,
    }


def _local(local: LocalDistortion) -> dict[str, Any]:
    return _feature(
        shapely.Point(local.lonlat),
        what="local",
        pixel=[round(part, 1) for part in local.pixel],
        metres_per_pixel=round(local.scale, 4),
        relative_scale=round(local.relative_scale, 3),
        rotation_deg=round(local.rotation_deg, 1),
        stretch=round(min(local.stretch, 1e6), 3),
        position_error_m=None if local.position_error_m is None else round(local.position_error_m, 1),
        folded=local.folded,
    )


def _feature(geometry: BaseGeometry, **properties: str | float | bool | Sequence[float] | None) -> dict[str, Any]:
    rounded = shapely.transform(geometry, lambda xy: xy.round(_DECIMALS))
    return {"type": "Feature", "geometry": mapping(rounded), "properties": properties}
