"""Write control points: QGIS ``.points``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from sketch_import.control_points.points import ControlPoint, ground_array
from sketch_import.transforms import FloatArray

__all__ = ["qgis_points"]


class _Zone(Protocol):
    """A zone of plane coordinates, such as `sketch_import.placing.LocalMetres`."""

    @property
    def epsg(self) -> int: ...

    def from_lonlat(self, lonlat: FloatArray) -> FloatArray: ...


def qgis_points(
    points: Sequence[ControlPoint], *, residuals: FloatArray | None = None, metres: _Zone | None = None
) -> str:
    """Return the text of a ``.points`` file that QGIS opens; y of the pixels counts upwards.

    Parameters
    ----------
    points
        Control points; all are written as enabled.
    residuals
        Misses in pixels, x right, y down, shape (n, 2); zero where not given.
    metres
        Zone whose metres are written. QGIS solves its transform in the coordinates of the file: in degrees, where a
        degree of longitude is shorter than one of latitude, a similarity would come out squashed. Without it, lon lat.
    """
    misses = np.zeros((len(points), 2)) if residuals is None else residuals
    places = ground_array(points)
    epsg = 4326
    if metres is not None:
        places, epsg = metres.from_lonlat(places), metres.epsg
    lines = [f"#CRS: EPSG:{epsg}", "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual"]
    for point, (east, north), (dx, dy) in zip(points, places, misses, strict=True):
        x, y = point.pixel
        place = f"{east:.15g},{north:.15g},{x:.15g},{0.0 - y:.15g}"
        lines.append(f"{place},1,{dx:.6g},{0.0 - dy:.6g},{np.hypot(dx, dy):.6g}")
    return "\n".join(lines) + "\n"
