"""The metric frame of one sheet: the UTM zone in which its control points lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from geo.spatial.measuring import WGS84, utm_epsg
from sketch_import.transforms import FloatArray

__all__ = ["LocalMetres"]


@dataclass(frozen=True, slots=True)
class LocalMetres:
    """Metres east and north in one UTM zone.

    Attributes
    ----------
    epsg
        EPSG code of the zone (WGS 84).
    """

    epsg: int

    @classmethod
    def around(cls, lonlat: FloatArray) -> LocalMetres:
        """Choose the UTM zone of the centre of places, shape (n, 2), lon lat in degrees.

        >>> LocalMetres.around(np.array([[75.0, 42.0], [75.2, 42.2]]))
        LocalMetres(epsg=32643)
        >>> LocalMetres.around(np.array([[179.9, 42.0], [-179.7, 42.2]]))
        LocalMetres(epsg=32601)
        """
        first, lat = lonlat[0, 0], lonlat[:, 1].mean()
        # From the first place, the short way round: 179 and -179 have their middle at 180, not at 0.
        lon = first + ((lonlat[:, 0] - first + 180) % 360 - 180).mean()
        return cls(epsg=utm_epsg(float(lon), float(lat)))

    def from_lonlat(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Project lon lat, shape (n, 2) or (2,), to metres east and north."""
        places = np.asarray(lonlat, dtype=np.float64)
        east, north = _transformer(self.epsg, True).transform(places[..., 0], places[..., 1])
        return np.stack([east, north], axis=-1)

    def to_lonlat(self, metres: npt.ArrayLike) -> FloatArray:
        """Turn metres east and north, shape (n, 2) or (2,), into lon lat."""
        places = np.asarray(metres, dtype=np.float64)
        lon, lat = _transformer(self.epsg, False).transform(places[..., 0], places[..., 1])
        return np.stack([lon, lat], axis=-1)


@cache
def _transformer(epsg: int, forward: bool) -> Transformer:
    pair = (WGS84, CRS.from_epsg(epsg))
    return Transformer.from_crs(*(pair if forward else pair[::-1]), always_xy=True)
