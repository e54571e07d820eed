"""Control points that come back from a file: what it has no column for is carried over from the record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from api.digitising import new_control_point
from geo.domain.georeference import ControlPointSource, Method
from geo.drafts import NewControlPoint
from geo.snapshots import ControlPointSnapshot, PlacementSnapshot
from sketch_import.control_points import (
    ControlPoint,
    check_points,
    control_points_of,
    ground_array,
    pixel_array,
    read_table,
    switched_off_points,
)

__all__ = ["carried_points"]

_SAME_PX = 1e-6
_SAME_DEG = 1e-7
"""About a centimetre: a file in metres comes back this exactly, and nobody moves a point by less."""


def carried_points(
    path: Path,
    versions: Sequence[PlacementSnapshot],
    *,
    crs: str | None = None,
    method: Method | None = None,
    image_size: tuple[int, int] | None = None,
) -> tuple[NewControlPoint, ...]:
    """Read the control points of a sheet that was placed before.

    A point that lies where a version has it, on the sheet and on the ground, is that point: it keeps its label, source
    and accuracy, unless the file says others. A row that is switched off is a switched-off point if a version has it;
    else it is a proposal that nobody took, and left out.

    Parameters
    ----------
    path, crs, method, image_size
        See `sketch_import.control_points.read_control_points`.
    versions
        Of the sheet's placement. Where several have a point, the one that holds now says what it is, then later ones.

    Raises
    ------
    geo.errors.Refused
        The file or its points cannot be used; the message names the rows.
    """
    table = read_table(path, crs=crs)
    on = control_points_of(table)
    check_points(table, method=method, image_size=image_size)
    newest = sorted(versions, key=lambda version: (version.is_current, version.number), reverse=True)
    known = [point for version in newest for point in version.control_points]
    rows_on = {point.row for point in on}
    points = sorted((*on, *switched_off_points(table)), key=lambda one: one.row)
    carried: list[NewControlPoint] = []
    for point, same in zip(points, _matches(points, known), strict=True):
        enabled = point.row in rows_on
        if same is not None:
            kept = _carried(point, same, enabled=enabled)
            carried += [kept] if enabled or kept not in carried else []
        elif enabled:
            carried.append(new_control_point(point))
    return tuple(carried)


def _matches(
    points: Sequence[ControlPoint], known: Sequence[ControlPointSnapshot]
) -> list[ControlPointSnapshot | None]:
    """Return for each point the first of those known that lies at the same places."""
    pixels = np.array([one.pixel for one in known], dtype=np.float64).reshape(-1, 2)
    places = np.array([one.lonlat for one in known], dtype=np.float64).reshape(-1, 2)
    found: list[ControlPointSnapshot | None] = []
    for pixel, place in zip(pixel_array(points), ground_array(points), strict=True):
        near = (np.abs(pixels - pixel) <= _SAME_PX).all(axis=1) & (np.abs(places - place) <= _SAME_DEG).all(axis=1)
        found.append(known[int(near.argmax())] if near.any() else None)
    return found


def _carried(point: ControlPoint, same: ControlPointSnapshot, *, enabled: bool) -> NewControlPoint:
    return NewControlPoint(
        # The record's own numbers: written and read they may differ in the last digit, and nothing has changed.
        pixel=same.pixel,
        lonlat=same.lonlat,
        label=point.label or same.label,
        enabled=enabled,
        # A file that says nothing of the source reads as clicked.
        source=same.source if point.source is ControlPointSource.CLICKED else point.source,
        accuracy_m=same.accuracy_m,
    )
