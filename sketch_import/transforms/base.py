"""What every transform is: a mapping solved in unit frames, and how well it meets its points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from geo.domain.georeference import Method
from sketch_import.transforms.frame import FloatArray, Frame, determinants

__all__ = ["Mapping", "Transform"]


class Mapping(Protocol):
    """A solved mapping between two unit frames, both with the second axis up.

    One small class a method. All arrays are float64 of shape (n, 2); a Jacobian has shape
    (n, 2, 2) with rows = outputs and columns = inputs.
    """

    def forward(self, points: FloatArray) -> FloatArray:
        """Map source points to the target."""
        ...

    def jacobian(self, points: FloatArray) -> FloatArray:
        """Return the derivative of `forward` at source points."""
        ...

    def inverse(self, points: FloatArray) -> FloatArray:
        """Undo `forward`; NaN where no source point was found."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Transform:
    """A transform from sheet pixels to the ground, solved from control points.

    Pixels are x right, y down; the ground is x east, y north. The flip between the two is part of the
    transform. `inverse` undoes `forward`; it is not a second fit.

    Attributes
    ----------
    method
        How it was solved.
    pixels, ground
        The control points, shape (n, 2).
    """

    method: Method
    pixels: FloatArray
    ground: FloatArray
    mapping: Mapping
    source_frame: Frame
    target_frame: Frame

    def forward(self, xy: npt.ArrayLike) -> FloatArray:
        """Map pixels, shape (n, 2) or (2,), to the ground; same shape back."""
        points, shape = _as_points(xy)
        unit = self.mapping.forward(self.source_frame.enter(points))
        return self.target_frame.leave(unit).reshape(shape)

    def inverse(self, xy: npt.ArrayLike) -> FloatArray:
        """Map ground points, shape (n, 2) or (2,), to pixels; NaN where the transform never arrives."""
        points, shape = _as_points(xy)
        unit = self.mapping.inverse(self.target_frame.enter(points))
        return self.source_frame.leave(unit).reshape(shape)

    def jacobian(self, xy: npt.ArrayLike) -> FloatArray:
        """Return d(east, north) / d(x right, y down) at pixels, shape (n, 2, 2), ground units a pixel."""
        points, _ = _as_points(xy)
        unit = self.mapping.jacobian(self.source_frame.enter(points))
        return unit * self.source_frame.factors[None, None, :] / self.target_frame.factors[None, :, None]

    def orientation(self, xy: npt.ArrayLike) -> FloatArray:
        """Return how much the map is stretched in area at pixels, shape (n,), relative to its mean scale.

        Positive where the drawing is seen from the front, negative where it is mirrored or folded over.
        """
        points, _ = _as_points(xy)
        return determinants(self.mapping.jacobian(self.source_frame.enter(points)))

    @property
    def residuals(self) -> FloatArray:
        """Fitted minus given ground position of every control point, shape (n, 2), ground units."""
        return self.forward(self.pixels) - self.ground

    @property
    def rmse(self) -> float:
        """Root of the mean squared distance between fitted and given ground positions."""
        return float(np.sqrt((self.residuals**2).sum(axis=1).mean()))


def _as_points(xy: npt.ArrayLike) -> tuple[FloatArray, tuple[int, ...]]:
    points = np.asarray(xy, dtype=np.float64)
    if points.shape[-1:] != (2,):
        raise ValueError(f"points must have shape (n, 2), not {points.shape}")
    return points.reshape(-1, 2), points.shape
