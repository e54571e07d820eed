"""Does a transform keep the drawing the right way up everywhere, or does it fold over?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sketch_import.transforms import FloatArray, Transform

__all__ = ["Folding", "Turning", "examine", "region_of_points"]

_GRID = 65
_MARGIN = 0.1


class Turning(StrEnum):
    """How a transform treats a region of the sheet."""

    UPRIGHT = "upright"
    MIRRORED = "mirrored"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Folding:
    """Where a transform folds over.

    Attributes
    ----------
    turning
        Verdict on the region.
    share
        Share of the region that is seen from the back or beyond the horizon, 0 to 1.
    region
        Bounds of that share in pixels: left, top, right, bottom; None where there is none.
    """

    turning: Turning
    share: float
    region: tuple[float, float, float, float] | None


def region_of_points(pixels: FloatArray) -> BaseGeometry:
    """Return the hull of control points, shape (n, 2), with a margin of a tenth of its length."""
    length = float(np.hypot(*np.ptp(pixels, axis=0)))
    hull: BaseGeometry = shapely.MultiPoint(pixels).convex_hull
    return hull.buffer(_MARGIN * length)


def examine(transform: Transform, region: BaseGeometry) -> Folding:
    """Look at the sign of the local area scale all over a region.

    A map from paper to ground may stretch, but wherever the sign of its Jacobian determinant changes, two
    parts of the paper land on the same ground. It is sampled on a grid, and closer around the
    control points, where splines fold first.

    Parameters
    ----------
    transform
        Pixels to ground.
    region
        Part of the sheet that matters, in pixels.
    """
    samples = _samples(transform.pixels, region)
    turn = transform.orientation(samples)
    back = ~(turn > 0)
    share = float(back.mean())
    if not back.any():
        return Folding(turning=Turning.UPRIGHT, share=0.0, region=None)
    places = samples[back]
    bounds = (*places.min(axis=0).tolist(), *places.max(axis=0).tolist())
    turning = Turning.MIRRORED if bool((turn < 0).all()) else Turning.FOLDED
    return Folding(turning=turning, share=share, region=(bounds[0], bounds[1], bounds[2], bounds[3]))


def _samples(pixels: FloatArray, region: BaseGeometry) -> FloatArray:
    left, top, right, bottom = region.bounds
    grid = np.stack(np.meshgrid(np.linspace(left, right, _GRID), np.linspace(top, bottom, _GRID)), axis=-1)
    candidates = np.concatenate([grid.reshape(-1, 2), _around(pixels)])
    inside = shapely.contains_xy(region, candidates[:, 0], candidates[:, 1])
    # A region thinner than the grid still has its outline.
    outline = shapely.get_coordinates(region)
    return np.concatenate([candidates[inside], outline]).astype(np.float64)


def _around(pixels: FloatArray) -> FloatArray:
    distance = np.hypot(*(pixels[:, None] - pixels[None]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    nearest = distance.min(axis=1, initial=np.inf)
    reach = np.where(np.isfinite(nearest), nearest, 0.0)
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    rings = [pixels + reach[:, None] * radius * direction for radius in (0.1, 0.5) for direction in ring]
    return np.concatenate(rings)
