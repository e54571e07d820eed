"""Write control points as a QGIS ``.points`` file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sketch_import.control_points.points import ControlPoint
from sketch_import.transforms import FloatArray

__all__ = ["qgis_points"]


def qgis_points(points: Sequence[ControlPoint], *, residuals: FloatArray | None = None) -> str:
    """Return the text of a ``.points`` file that QGIS opens: lon lat, y of the pixels upwards.

    Parameters
    ----------
    points
        Control points; all are written as enabled.
    residuals
        Misses in pixels, x right, y down, shape (n, 2); zero where not given.
    """
    misses = np.zeros((len(points), 2)) if residuals is None else residuals
    lines = ["#CRS: EPSG:4326", "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual"]
    for point, (dx, dy) in zip(points, misses, strict=True):
        (lon, lat), (x, y) = point.lonlat, point.pixel
        lines.append(f"{lon:.15g},{lat:.15g},{x:.15g},{0.0 - y:.15g},1,{dx:.6g},{0.0 - dy:.6g},{np.hypot(dx, dy):.6g}")
    return "\n".join(lines) + "\n"
