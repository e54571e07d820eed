"""Where a placement bends the drawing most, named by the control points on either side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import Delaunay, QhullError

from geo.domain.georeference import Method
from sketch_import.transforms import BoolArray, FloatArray, Transform, determinants

__all__ = ["Bend", "local_turns", "strongest_bend"]

_STEPS = 9
_STRAIGHT = {Method.HELMERT, Method.AFFINE, Method.POLYNOMIAL1}


@dataclass(frozen=True, slots=True)
class Bend:
    """The stretch between two neighbouring control points on which a placement changes most.

    Attributes
    ----------
    first, second
        Indexes of the control points, ascending.
    folds
        True where the drawing is folded over on the way.
    scale_ratio
        Largest over smallest local scale on the way.
    turn_deg
        Largest difference of direction on the way, degrees.
    """

    first: int
    second: int
    folds: bool
    scale_ratio: float
    turn_deg: float

    @property
    def is_strong(self) -> bool:
        """True where a person would see it: half as large again, or turned by a quarter of a right angle."""
        return self.folds or self.scale_ratio > 1.5 or self.turn_deg > 22.5


def strongest_bend(transform: Transform) -> Bend | None:
    """Return where a transform bends the drawing most between neighbouring control points; None where it cannot bend.

    Along every edge of the Delaunay triangles of the points, the local scale and direction are compared.
    """
    pairs = _neighbours(transform.pixels)
    if transform.method in _STRAIGHT or not len(pairs):
        return None
    steps = np.linspace(0, 1, _STEPS)[None, :, None]
    ends = transform.pixels[pairs]
    places = ends[:, :1] * (1 - steps) + ends[:, 1:] * steps
    jacobians = transform.jacobian(places.reshape(-1, 2))
    scales, turns = (values.reshape(len(pairs), _STEPS) for values in local_turns(jacobians))
    orientation = transform.orientation(places.reshape(-1, 2)).reshape(len(pairs), _STEPS)
    fold: BoolArray = np.logical_not(orientation > 0)
    folds: BoolArray = np.asarray(fold.any(axis=1))
    ratio = scales.max(axis=1) / np.maximum(scales.min(axis=1), 1e-9 * scales.max())
    away = np.angle(np.exp(1j * (turns - turns[:, :1])))
    turned = np.ptp(away, axis=1)
    badness = np.where(folds, 1e6 * (1 + fold.sum(axis=1)), 0.0) + np.log(np.maximum(ratio, 1.0)) + turned
    worst = int(np.argmax(np.nan_to_num(badness, nan=np.inf)))
    first, second = sorted(int(index) for index in pairs[worst])
    return Bend(
        first=first,
        second=second,
        folds=bool(folds[worst]),
        scale_ratio=float(ratio[worst]),
        turn_deg=float(np.degrees(turned[worst])),
    )


def local_turns(jacobians: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the local scale (metres a pixel) and direction (radians) of Jacobians, shape (n, 2, 2).

    The scale is the square root of the change of area. The direction is that of the similarity nearest to the
    Jacobian, anticlockwise from the paper's right, y up, to east.
    """
    scale = np.sqrt(np.abs(determinants(jacobians)))
    # Pixels count y downwards, hence the signs: with y up the second column changes its sign.
    direction = np.arctan2(jacobians[:, 1, 0] + jacobians[:, 0, 1], jacobians[:, 0, 0] - jacobians[:, 1, 1])
    return scale, direction


def _neighbours(pixels: FloatArray) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    try:
        corners = Delaunay(pixels).simplices if len(pixels) > 2 else np.zeros((0, 3), dtype=np.intp)
    except QhullError:  # on one line
        corners = np.zeros((0, 3), dtype=np.intp)
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    if not len(edges):
        order = np.lexsort(pixels.T)
        edges = np.stack([order[:-1], order[1:]], axis=1)
    return np.unique(np.sort(edges, axis=1), axis=0).astype(np.intp)
