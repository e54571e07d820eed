"""Write control points: QGIS ``.points``, and proposals as a table for a person to confirm."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sketch_import.control_points.points import ControlPoint, ground_array
from sketch_import.transforms import FloatArray

if TYPE_CHECKING:
    from sketch_import.control_points.matching import Proposals

__all__ = ["proposed_points", "qgis_points"]


class _Zone(Protocol):
    """A zone of plane coordinates, such as `sketch_import.placing.LocalMetres`."""

    @property
    def epsg(self) -> int: ...

    def from_lonlat(self, lonlat: FloatArray) -> FloatArray: ...


def qgis_points(
    points: Sequence[ControlPoint],
    *,
    residuals: FloatArray | None = None,
    metres: _Zone | None = None,
    enabled: Sequence[bool] | None = None,
) -> str:
    """Return the text of a ``.points`` file that QGIS opens; y of the pixels counts upwards.

    Parameters
    ----------
    points
        Control points.
    residuals
        Misses in pixels, x right, y down, shape (n, 2); zero where not given.
    metres
        Zone whose metres are written. QGIS solves its transform in the coordinates of the file: in degrees, where a
        degree of longitude is shorter than one of latitude, a similarity would come out squashed. Without it, lon lat.
    enabled
        Whether each point is switched on; without it all are.
    """
    misses = np.zeros((len(points), 2)) if residuals is None else residuals
    switches = [True] * len(points) if enabled is None else enabled
    places = ground_array(points)
    epsg = 4326
    if metres is not None:
        places, epsg = metres.from_lonlat(places), metres.epsg
    lines = [f"#CRS: EPSG:{epsg}", "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual"]
    for point, (east, north), (dx, dy), is_on in zip(points, places, misses, switches, strict=True):
        x, y = point.pixel
        place = f"{east:.15g},{north:.15g},{x:.15g},{0.0 - y:.15g}"
        lines.append(f"{place},{int(is_on)},{dx:.6g},{0.0 - dy:.6g},{np.hypot(dx, dy):.6g}")
    return "\n".join(lines) + "\n"


def proposed_points(proposals: Proposals, *, accept: float | None = None) -> str:
    """Return proposals as a table of control points: switched off, until a person writes 1 under ``enable``.

    Parameters
    ----------
    proposals
        See `propose_points`.
    accept
        Switch on those whose score is at least this.
    """
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["mapX", "mapY", "pixelX", "pixelY", "enable", "label", "source", "score", "miss_m", "known"])
    for one in proposals.points:
        (lon, lat), (x, y) = one.point.lonlat, one.point.pixel
        table.writerow(
            [
                f"{lon:.9f}",
                f"{lat:.9f}",
                f"{x:.3f}",
                f"{y:.3f}",
                int(accept is not None and one.score >= accept),
                _one_line(one.point.label),
                one.point.source.value,
                f"{one.score:.3f}",
                f"{one.miss_m:.1f}",
                _one_line(next(iter(one.known.names), one.known.id)),
            ]
        )
    return file.getvalue()


def _one_line(words: str) -> str:
    # The reader takes a row a line, and a spreadsheet must not take a name for a formula.
    plain = " ".join(words.split())
    return f" {plain}" if plain[:1] in {"=", "+", "-", "@"} else plain
