"""A frame on paper and the ground that it shows: what base maps, objects and scale bars are fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.sheet_layout import Rect
from geo.spatial.measuring import utm_epsg

__all__ = ["Ground", "MapWindow"]

FloatArray = npt.NDArray[np.float64]
_WGS84 = 4326


class Ground(Protocol):
    """A frame that lies upright in the grid of a UTM zone; the layout of a printed sheet is one.

    Paper coordinates: millimetres, x right, y down, from the top-left corner of the paper; shape (n, 2) everywhere.
    """

    @property
    def frame(self) -> Rect:
        """The frame on paper."""

    @property
    def epsg(self) -> int:
        """Its UTM zone."""

    def to_grid(self, mm: npt.ArrayLike) -> FloatArray:
        """Return easting and northing of paper coordinates."""

    def from_grid(self, metres: npt.ArrayLike) -> FloatArray:
        """Undo `to_grid`."""

    def to_lonlat(self, mm: npt.ArrayLike) -> FloatArray:
        """Return lon lat (EPSG:4326) of paper coordinates."""

    def from_lonlat(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Undo `to_lonlat`."""


@dataclass(frozen=True)
class MapWindow:
    """A `Ground` around a place: the frame is upright in the UTM zone of its centre, at exactly 1:scale there."""

    frame: Rect
    centre: tuple[float, float]
    """Lon lat in its middle."""
    scale: int
    """Denominator."""

    @cached_property
    def epsg(self) -> int:
        """UTM zone of the centre."""
        return utm_epsg(*self.centre)

    def to_grid(self, mm: npt.ArrayLike) -> FloatArray:
        """Return easting and northing of paper coordinates."""
        offsets = (np.asarray(mm, np.float64) - self._middle) * (self.scale / 1000) * np.array([1.0, -1.0])
        return np.asarray(self._origin + offsets, np.float64)

    def from_grid(self, metres: npt.ArrayLike) -> FloatArray:
        """Undo `to_grid`."""
        offsets = (np.asarray(metres, np.float64) - self._origin) * np.array([1.0, -1.0])
        return np.asarray(self._middle + offsets * (1000 / self.scale), np.float64)

    def to_lonlat(self, mm: npt.ArrayLike) -> FloatArray:
        """Return lon lat of paper coordinates."""
        metres = self.to_grid(mm)
        lon, lat = self._turn.transform(metres[..., 0], metres[..., 1], direction="INVERSE")
        return np.stack([lon, lat], axis=-1)

    def from_lonlat(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Undo `to_lonlat`; what UTM does not reach is infinite."""
        places = np.asarray(lonlat, np.float64)
        return self.from_grid(np.stack(self._turn.transform(places[..., 0], places[..., 1]), axis=-1))

    @cached_property
    def _turn(self) -> Transformer:
        return Transformer.from_crs(_WGS84, self.epsg, always_xy=True)

    @cached_property
    def _origin(self) -> FloatArray:
        return np.array(self._turn.transform(*self.centre))

    @cached_property
    def _middle(self) -> FloatArray:
        return np.array([self.frame.x + self.frame.width / 2, self.frame.y + self.frame.height / 2])
