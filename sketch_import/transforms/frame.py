"""A frame that moves points to the origin and to unit size, so that solving stays well conditioned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["BoolArray", "FloatArray", "Frame", "determinants"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Shift, uniform scale and, for images, the flip of the second axis.

    The scale is the same along both axes, so that a similarity stays one (Hartley, "In defense of
    the eight-point algorithm", 1997, applied to both sides).
    """

    centre: FloatArray
    factors: FloatArray

    @classmethod
    def around(cls, points: FloatArray, *, flip: bool) -> Frame:
        """Return the frame with the points' mean at the origin and their mean distance to it at 1.

        Parameters
        ----------
        points
            Shape (n, 2).
        flip
            True where the second axis points down (pixels), so that it points up inside.
        """
        centre = points.mean(axis=0)
        mean_distance = float(np.hypot(*(points - centre).T).mean())
        scale = 1.0 / mean_distance if mean_distance > 0 else 1.0
        return cls(centre=centre, factors=np.array([scale, -scale if flip else scale]))

    def enter(self, points: FloatArray) -> FloatArray:
        """Bring points of the outside, shape (n, 2), into the frame."""
        return (points - self.centre) * self.factors

    def leave(self, points: FloatArray) -> FloatArray:
        """Bring points of the frame, shape (n, 2), to the outside."""
        return points / self.factors + self.centre


def determinants(matrices: FloatArray) -> FloatArray:
    """Return the determinants of 2 × 2 matrices, shape (n, 2, 2); NaN stays NaN without a warning."""
    product: FloatArray = matrices[:, 0, 0] * matrices[:, 1, 1] - matrices[:, 0, 1] * matrices[:, 1, 0]
    return product
