"""A drawn line or area with the real one, and the map from the paper around the one to the ground around the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from sketch_import.placing import Placement
from sketch_import.transforms import FloatArray

__all__ = ["Anchor", "AnchorShape", "anchor_of"]

ComplexArray = npt.NDArray[np.complex128]

_SAMPLES = 65
_SMOOTHED = 3
"""Samples on either side over which the direction of a line is taken: below that it is the hand's wobble."""
_NEAR = 0.02
"""Softening of the weights, in lengths of the drawn line: closer by than this, samples count alike."""


class AnchorShape(StrEnum):
    """What an anchor is: it decides which relations it has."""

    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A drawn line or area and the real one, sampled alike: sample i of one is sample i of the other.

    Attributes
    ----------
    candidate
        Id of the drawn candidate, such as ``c0012``.
    shape
        Line or area.
    drawn
        In pixels with y **up** (negative pixel rows), so that left is left as on the ground.
    real
        In metres east and north of the placement's zone; lines run the same way as the drawn one.
    drawn_samples, real_samples
        Shape (n, 2), at equal shares of the length; of areas, anticlockwise rings without the closing point.
    scale
        Metres a pixel of the sheet as a whole.
    """

    candidate: str
    shape: AnchorShape
    drawn: BaseGeometry
    real: BaseGeometry
    drawn_samples: FloatArray
    real_samples: FloatArray
    scale: float

    def distance_px(self, points: FloatArray) -> FloatArray:
        """Return the distance on paper of points, pixels with y up, shape (n, 2), to the drawn line or area; (n,)."""
        return np.asarray(shapely.distance(shapely.points(points), self.drawn), dtype=np.float64)

    def carry(self, points: FloatArray) -> FloatArray:
        """Map points of the paper, pixels with y up, shape (n, 2), to metres around the real thing.

        Around a line: the share of its length at which a point lies and its signed offset to the side (linear
        referencing), blended over the nearest samples so that bends do not tear. Around an area: mean value coordinates
        (Hormann & Floater, "Mean Value Coordinates for Arbitrary Planar Polygons", 2006).
        """
        if self.shape is AnchorShape.AREA:
            return _mean_values(points, self.drawn_samples) @ self.real_samples
        here, there = _complex(self.drawn_samples), _complex(self.real_samples)
        turn = _directions(there) / _directions(here) * self.scale
        offset = _complex(points)[:, None] - here[None]
        softened = np.abs(offset) ** 2 + (_NEAR * np.abs(np.diff(here)).sum()) ** 2
        weights = 1.0 / softened**2
        carried = (weights * (there[None] + turn[None] * offset)).sum(axis=1) / weights.sum(axis=1)
        return np.column_stack([carried.real, carried.imag])


def anchor_of(candidate: str, drawn: BaseGeometry, real: BaseGeometry, placement: Placement) -> Anchor:
    """Match a drawn line or area with the real one.

    Which end of the real line is which, and where a real ring begins, is taken from the way that the
    sheet lies: the placement turns the drawn one to the ground, and the better fitting way round wins. Its
    place does not matter, as it may be far off.

    Parameters
    ----------
    candidate
        Id of what is drawn.
    drawn
        Line or polygon in pixels, x right, y down.
    real
        Line or polygon, lon lat.
    placement
        How the sheet lies.

    Raises
    ------
    geo.errors.Refused
        ``neighbourhood.not_alike``: one is a line and the other an area, or one is neither.
    """
    kinds = {"LineString": AnchorShape.LINE, "Polygon": AnchorShape.AREA}
    shape = kinds.get(drawn.geom_type)
    if shape is None or kinds.get(real.geom_type) is not shape or drawn.length == 0 or real.length == 0:
        raise Refused("neighbourhood.not_alike", id=candidate)
    upright = shapely.transform(drawn, lambda xy: xy * [1.0, -1.0])
    metres = shapely.transform(real, placement.metres.from_lonlat)
    if shape is AnchorShape.AREA:
        upright, metres = shapely.orient_polygons(upright), shapely.orient_polygons(metres)
    here, there = _sampled(upright), _sampled(metres)
    lies = placement.transform.forward(here * [1.0, -1.0])
    if shape is AnchorShape.LINE:
        if _misfit(lies, there[::-1]) < _misfit(lies, there):
            there, metres = there[::-1].copy(), shapely.reverse(metres)
    else:
        best = min(range(len(there)), key=lambda first: _misfit(lies, np.roll(there, -first, axis=0)))
        there = np.roll(there, -best, axis=0)
    jacobian = placement.transform.jacobian(placement.transform.pixels)
    scale = float(np.median(np.sqrt(np.abs(np.linalg.det(jacobian)))))
    return Anchor(
        candidate=candidate,
        shape=shape,
        drawn=upright,
        real=metres,
        drawn_samples=here,
        real_samples=there,
        scale=scale,
    )


def _sampled(geometry: BaseGeometry) -> FloatArray:
    course = shapely.LineString(geometry.exterior if isinstance(geometry, shapely.Polygon) else geometry.coords)
    shares = np.linspace(0, 1, _SAMPLES)
    samples = shapely.get_coordinates(shapely.line_interpolate_point(course, shares, normalized=True))
    return samples[:-1] if isinstance(geometry, shapely.Polygon) else samples


def _misfit(first: FloatArray, second: FloatArray) -> float:
    """Compare two sampled courses wherever they lie and however large they are."""
    one, two = _complex(first), _complex(second)
    one, two = one - one.mean(), two - two.mean()
    return -float(np.vdot(one, two).real)


def _directions(
    samples: ComplexArray,
) -> ComplexArray:
    index = np.arange(len(samples))
    ahead = samples[np.minimum(index + _SMOOTHED, len(samples) - 1)]
    behind = samples[np.maximum(index - _SMOOTHED, 0)]
    way = ahead - behind
    length = np.abs(way)
    whole = samples[-1] - samples[0]
    safe: ComplexArray = np.where(length > 0, way, whole if whole != 0 else 1.0)
    return (safe / np.abs(safe)).astype(np.complex128)


def _complex(xy: FloatArray) -> ComplexArray:
    result: ComplexArray = xy[:, 0] + 1j * xy[:, 1]
    return result


def _mean_values(points: FloatArray, ring: FloatArray) -> FloatArray:
    """Return mean value coordinates of points in a ring, shape (n, k); rows add up to 1."""
    spokes = ring[None] - points[:, None]
    radii = np.hypot(spokes[..., 0], spokes[..., 1])
    following = np.roll(spokes, -1, axis=1)
    cross = spokes[..., 0] * following[..., 1] - spokes[..., 1] * following[..., 0]
    dot = (spokes * following).sum(axis=-1)
    # tan(angle / 2) as in the paper, with the sign of the turn, so that it also holds outside.
    product = radii * np.roll(radii, -1, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.where(np.abs(cross) > 1e-12, (product - dot) / cross, 0.0)
        weights = (np.roll(half, 1, axis=1) + half) / np.maximum(radii, 1e-9)
    on_corner = radii.min(axis=1) < 1e-6
    on_side = (np.abs(cross) <= 1e-9 * np.maximum(product, 1e-9)) & (dot < 0)
    for row in np.nonzero(on_corner | on_side.any(axis=1))[0]:
        weights[row] = 0.0
        if on_corner[row]:
            weights[row, int(np.argmin(radii[row]))] = 1.0
        else:
            side = int(np.argmax(on_side[row]))
            after = (side + 1) % len(ring)
            weights[row, side], weights[row, after] = radii[row, after], radii[row, side]
    total = weights.sum(axis=1, keepdims=True)
    result: FloatArray = weights / np.where(np.abs(total) > 1e-12, total, 1.0)
    return result
