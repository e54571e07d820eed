"""Where on the sheet each pixel of a ground raster looks, through a coarse grid of exact answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sketch_import.transforms import FloatArray

__all__ = ["Lookup", "Raster", "build_lookup"]

_COARSEST_STEP = 16
_FINEST_STEP = 2
_TOLERANCE_PX = 0.05
_NOWHERE = -1e6
_PROBES = 2000


@dataclass(frozen=True, slots=True)
class Raster:
    """A north-up raster on the ground, in any plane coordinate system.

    Attributes
    ----------
    west, north
        Outer corner of the top-left pixel.
    resolution
        Side of a square pixel.
    width, height
        Columns and rows.
    """

    west: float
    north: float
    resolution: float
    width: int
    height: int

    def ground(self, columns_rows: FloatArray) -> FloatArray:
        """Return the ground coordinates of raster positions, shape (n, 2), from the top-left corner."""
        places: FloatArray = np.array([self.west, self.north]) + columns_rows * np.array(
            [self.resolution, -self.resolution]
        )
        return places

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return (
            self.west,
            self.north - self.height * self.resolution,
            self.west + self.width * self.resolution,
            self.north,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Nodes of the grid.

    Attributes
    ----------
    nodes
        Sheet pixels (x right, y down) at every `step` raster pixels, float32, shape (rows, columns, 2); the
        first node is half a step outside the raster. Far outside the sheet where there is no answer.
    step
        Raster pixels between nodes.
    error_px
        Largest difference to the exact answer at the middles between the nodes, in sheet pixels.
    """

    raster: Raster
    nodes: npt.NDArray[np.float32]
    step: int
    error_px: float

    def rows(self, first: int, last: int) -> npt.NDArray[np.float32]:
        """Return the sheet pixels of raster rows first to last (excluded), shape (rows, width, 2), float32.

        `first` is a multiple of the step.
        """
        # Node k sits at raster position (k - 1/2) · step. That is where enlarging puts the centre of the
        # k-th pixel, once the first `step` rows and columns are cut away.
        part = self.nodes[first // self.step : -(-last // self.step) + 2]
        size = (part.shape[1] * self.step, part.shape[0] * self.step)
        fine = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
        cut = fine[self.step : self.step + last - first, self.step : self.step + self.raster.width]
        return np.ascontiguousarray(cut, dtype=np.float32)


def build_lookup(raster: Raster, sheet_pixels: Callable[[FloatArray], FloatArray]) -> Lookup:
    """Build the grid, as coarse as an error of a twentieth of a pixel allows.

    Parameters
    ----------
    raster
        Ground raster to fill.
    sheet_pixels
        Exact answer: ground coordinates, shape (n, 2), to sheet pixels; NaN where there are none.
    """
    step = _COARSEST_STEP
    while True:
        nodes = _nodes(raster, sheet_pixels, step=step)
        error = _error(raster, sheet_pixels, nodes, step=step)
        if error <= _TOLERANCE_PX or step <= _FINEST_STEP:
            filled = np.where(np.isfinite(nodes), nodes, _NOWHERE).astype(np.float32)
            return Lookup(raster=raster, nodes=filled, step=step, error_px=error)
        step //= 2


def _nodes(raster: Raster, sheet_pixels: Callable[[FloatArray], FloatArray], *, step: int) -> FloatArray:
    columns = (np.arange(-(-raster.width // step) + 2) - 0.5) * step
    rows = (np.arange(-(-raster.height // step) + 2) - 0.5) * step
    places = np.stack(np.meshgrid(columns, rows), axis=-1)
    return sheet_pixels(raster.ground(places.reshape(-1, 2))).reshape(places.shape)


def _error(raster: Raster, sheet_pixels: Callable[[FloatArray], FloatArray], nodes: FloatArray, *, step: int) -> float:
    middles = (nodes[:-1, :-1] + nodes[1:, :-1] + nodes[:-1, 1:] + nodes[1:, 1:]) / 4
    usable = np.argwhere(np.isfinite(middles).all(axis=2))
    if not len(usable):
        return 0.0
    chosen = usable[:: max(1, len(usable) // _PROBES)]
    exact = sheet_pixels(raster.ground(chosen[:, ::-1].astype(np.float64) * step))
    difference = np.hypot(*(exact - middles[chosen[:, 0], chosen[:, 1]]).T)
    return float(np.nanmax(difference, initial=0.0))
