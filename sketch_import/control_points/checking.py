"""Reasons why control points cannot place a sheet, with the offending rows named."""

from __future__ import annotations

import numpy as np

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from sketch_import.control_points.points import PointTable, named, shortened
from sketch_import.transforms import coincident_pairs, flatness
from sketch_import.transforms.degeneracy import COLLINEAR

__all__ = ["MAX_POINTS", "check_degrees", "check_points", "looks_like_degrees"]

MAX_POINTS = 200
"""Ten times what people set on a sheet. Leaving out each point in turn takes its fourth power."""


def looks_like_degrees(table: PointTable) -> bool:
    """Tell whether every map coordinate can be a longitude and a latitude."""
    lon, lat = np.abs(table.ground).T
    return bool((lon <= 180).all() and (lat <= 90).all())


def check_degrees(table: PointTable) -> None:
    """Refuse map coordinates that cannot be longitude and latitude.

    Raises
    ------
    geo.errors.Refused
        ``points.swapped`` where they could be latitude and longitude, else ``points.out_of_range``.
    """
    lon, lat = np.abs(table.ground).T
    wrong = (lon > 180) | (lat > 90)
    if not wrong.any():
        return
    rows = named(row for row, bad in zip(table.rows, wrong, strict=True) if bad)
    swapped = bool((lat[wrong] <= 180).all() and (lon[wrong] <= 90).all())
    raise Refused("points.swapped" if swapped else "points.out_of_range", path=table.path, rows=rows)


def check_points(table: PointTable, *, method: Method | None = None, image_size: tuple[int, int] | None = None) -> None:
    """Refuse points that cannot carry a transform.

    Parameters
    ----------
    table
        Enabled rows.
    method
        The transform asked for; None asks for what the least of them needs (two points).
    image_size
        Width and height of the upright image in pixels; None where there is none.

    Raises
    ------
    geo.errors.Refused
        ``points.too_many``, ``points.outside_image``, ``points.duplicate``, ``points.too_few`` or ``points.collinear``.
    """
    if len(table.rows) > MAX_POINTS:
        raise Refused("points.too_many", path=table.path, found=len(table.rows), limit=MAX_POINTS)
    if image_size is not None:
        _check_inside(table, image_size)
    _check_duplicates(table)
    asked = method or Method.HELMERT
    if len(table.rows) < asked.minimum_points:
        raise Refused(
            "points.too_few",
            path=table.path,
            method=label_text(asked),
            needed=asked.minimum_points,
            found=len(table.rows),
            disabled=table.disabled,
            rows=named(table.rows) or "–",
        )
    on_one_line = min(flatness(table.pixels), flatness(table.ground)) < COLLINEAR
    if on_one_line and asked is not Method.HELMERT:
        raise Refused(
            "points.collinear",
            path=table.path,
            method=label_text(asked),
            rows=named(table.rows),
            advised=label_text(Method.HELMERT),
        )


def _check_inside(table: PointTable, image_size: tuple[int, int]) -> None:
    width, height = image_size
    outside = [row for row in table.rows if not (0 <= row.pixel[0] <= width and 0 <= row.pixel[1] <= height)]
    if outside:
        raise Refused("points.outside_image", path=table.path, rows=named(outside), width=width, height=height)


def _check_duplicates(table: PointTable) -> None:
    for key, points in (("points.duplicate_pixel", table.pixels), ("points.duplicate_place", table.ground)):
        pairs = coincident_pairs(points)
        if pairs:
            rows = shortened([f"{named([table.rows[i]])} = {named([table.rows[j]])}" for i, j in pairs])
            raise Refused(key, path=table.path, rows=rows)
