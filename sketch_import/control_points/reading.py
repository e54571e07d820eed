"""Read a control-point file of any of the kinds known, and say where its points are on the earth."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.domain.georeference import Method
from geo.errors import NotFound, Refused
from geo.spatial.measuring import WGS84
from sketch_import.control_points.checking import check_degrees, check_points, looks_like_degrees
from sketch_import.control_points.points import ControlPoint, PointTable
from sketch_import.control_points.structured import parse_json
from sketch_import.control_points.table import parse_rows
from sketch_import.text_file import text_of

__all__ = ["control_points_of", "read_control_points", "read_table", "switched_off_points"]

_MAX_BYTES = 8_000_000
# PROJ strings and WKT can name files for the library to open; a file from elsewhere has no say in that.
_FILE_IN_CRS = re.compile(r"(?:init(?!\s*=\s*epsg:)|grids)\s*=|PARAMETERFILE", re.IGNORECASE)


def read_table(path: Path, *, crs: str | None = None) -> PointTable:
    """Read the enabled rows of a control-point file as they are written.

    Parameters
    ----------
    path
        QGIS ``.points``, JSON or GeoJSON (``.json``, ``.geojson``), or CSV (anything else).
    crs
        Overrides the coordinate reference system that the file names.

    Raises
    ------
    geo.errors.Refused
        Missing, unreadable, empty or malformed; rows at fault are named.
    """
    content = _content(path)
    suffix = path.suffix.lower()
    if suffix in {".json", ".geojson"} or content.lstrip()[:1] in {"{", "["}:
        read = parse_json(content, path=path.name)
    else:
        read = parse_rows(content, path=path.name, is_qgis=suffix == ".points")
    name = crs or read.crs_name
    return PointTable(
        path=path.name,
        rows=read.rows,
        crs=_crs(name, path=path.name) if name else None,
        disabled=read.disabled,
        off=read.off,
    )


def control_points_of(table: PointTable) -> tuple[ControlPoint, ...]:
    """Say where the points of a table are, in longitude and latitude.

    Coordinates are lon lat unless a CRS is named, then they are reprojected (east before north).

    Raises
    ------
    geo.errors.Refused
        The coordinates cannot be degrees, or lie outside the area of the CRS.
    """
    if table.crs is None or table.crs == WGS84:
        check_degrees(table)
        lonlat = table.ground
    else:
        if table.crs.is_geographic:
            check_degrees(table)
        elif table.rows and looks_like_degrees(table):
            raise Refused("points.outside_crs", path=table.path, crs=table.crs.name)
        try:
            to_lonlat = Transformer.from_crs(table.crs, WGS84, always_xy=True)
            lonlat = np.column_stack(to_lonlat.transform(table.ground[:, 0], table.ground[:, 1], errcheck=True))
        except ProjError as error:
            raise Refused("points.outside_crs", path=table.path, crs=table.crs.name) from error
        if not np.isfinite(lonlat).all():
            raise Refused("points.outside_crs", path=table.path, crs=table.crs.name)
    return tuple(
        ControlPoint(pixel=row.pixel, lonlat=(float(lon), float(lat)), label=row.label, source=row.source, row=row.row)
        for row, (lon, lat) in zip(table.rows, lonlat, strict=True)
    )


def switched_off_points(table: PointTable) -> tuple[ControlPoint, ...]:
    """Say where the points of a table are that are switched off, lon lat.

    Nothing is placed by them, so those that can lie nowhere are left out instead of refused.
    """
    if not table.off:
        return ()
    lonlat = np.array([row.map for row in table.off], dtype=np.float64)
    if table.crs is not None and table.crs != WGS84:
        to_lonlat = Transformer.from_crs(table.crs, WGS84, always_xy=True)
        lonlat = np.column_stack(to_lonlat.transform(lonlat[:, 0], lonlat[:, 1]))
    return tuple(
        ControlPoint(pixel=row.pixel, lonlat=(float(lon), float(lat)), label=row.label, source=row.source, row=row.row)
        for row, (lon, lat) in zip(table.off, lonlat, strict=True)
        if abs(lon) <= 180 and abs(lat) <= 90
    )


def read_control_points(
    path: Path,
    *,
    crs: str | None = None,
    method: Method | None = None,
    image_size: tuple[int, int] | None = None,
) -> tuple[ControlPoint, ...]:
    """Read a control-point file and check that its points can place a sheet.

    Parameters
    ----------
    path
        See `read_table`.
    crs
        Overrides the coordinate reference system that the file names.
    method
        The transform asked for; None where it is still to be chosen.
    image_size
        Width and height of the upright image in pixels; None where there is none.

    Raises
    ------
    geo.errors.Refused
        The file or its points cannot be used; the message names the rows.
    """
    table = read_table(path, crs=crs)
    points = control_points_of(table)
    check_points(table, method=method, image_size=image_size)
    return points


def _content(path: Path) -> str:
    missing, unreadable = NotFound("points.not_found", path=str(path)), Refused("points.unreadable", path=path.name)
    return text_of(path, most_bytes=_MAX_BYTES, missing=missing, unreadable=unreadable)


def _crs(name: str, *, path: str) -> CRS:
    short = name if len(name) <= 60 else name[:57] + "..."
    if _FILE_IN_CRS.search(name):
        raise Refused("points.bad_crs", path=path, crs=short)
    try:
        with warnings.catch_warnings():
            # An outdated way of naming a system is the library's concern, not the reader's.
            warnings.simplefilter("ignore")
            crs = CRS.from_user_input(name)
    except CRSError as error:
        raise Refused("points.bad_crs", path=path, crs=short) from error
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) < 2:
        raise Refused("points.bad_crs", path=path, crs=crs.name)
    return crs
