"""Read known places from GeoJSON or a table: a gazetteer, a measured map, somebody's list."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely
from shapely.geometry import shape

from geo.errors import NotFound, Refused
from sketch_import.control_points.likeness import kind_code
from sketch_import.control_points.matching import KnownPlace
from sketch_import.control_points.points import shortened
from sketch_import.control_points.table import number_of
from sketch_import.text_file import text_of

__all__ = ["read_known_places"]

_MAX_BYTES = 32_000_000
_MAX_PLACES = 50_000
_NAMES = ("name", "name_ky", "name_ru", "name_en", "name:ky", "name:ru", "name:en", "label", "title", "other_names")
_KINDS = ("kind", "feat_type", "type", "amenity", "place", "class")
_LON, _LAT = ("lon", "longitude", "lng", "mapx"), ("lat", "latitude", "mapy")
_WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")


def read_known_places(path: Path) -> tuple[KnownPlace, ...]:
    """Read known places.

    GeoJSON in lon lat: a place is a point or the middle of an area; lines have no one place and are left out. Or a
    table with columns ``lon`` and ``lat`` (anything but ``.json`` and ``.geojson``). Names are taken from ``name``,
    ``name_ky``, ``name_ru``, ``name_en``, ``label``, ``other_names`` (several divided by ``|``), kinds from ``kind``
    and what other programs call it.

    Raises
    ------
    NotFound
        ``known.missing``.
    Refused
        ``known.unreadable``, ``known.not_lonlat``, ``known.bad_rows`` (rows named), ``known.nothing``.
    """
    content = _content(path)
    if path.suffix.lower() in {".json", ".geojson"}:
        places = _from_geojson(content, path)
    else:
        places = _from_table(content, path)
    if not places:
        raise Refused("known.nothing", path=path.name)
    return places


def _content(path: Path) -> str:
    missing, unreadable = NotFound("known.missing", path=str(path)), Refused("known.unreadable", path=path.name)
    return text_of(path, most_bytes=_MAX_BYTES, missing=missing, unreadable=unreadable)


def _from_geojson(content: str, path: Path) -> tuple[KnownPlace, ...]:
    try:
        document = json.loads(content)
        crs = json.dumps(document.get("crs") or "CRS84")
        features = document["features"]
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("known.unreadable", path=path.name) from error
    if not any(name in crs for name in _WGS84_NAMES):
        raise Refused("known.not_lonlat", path=path.name)
    if not isinstance(features, list) or len(features) > _MAX_PLACES:
        raise Refused("known.unreadable", path=path.name)
    places, wrong = [], []
    for number, feature in enumerate(features, start=1):
        try:
            geometry = shape(feature["geometry"])
            words = feature.get("properties") or {}
            if not isinstance(words, Mapping) or geometry.is_empty:
                raise ValueError
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.GEOSException):
            wrong.append(number)
            continue
        if geometry.geom_type in {"Point", "MultiPoint", "Polygon", "MultiPolygon"}:
            middle = geometry.centroid
            places.append(_place(number, middle.x, middle.y, words))
    return _checked(places, wrong, path)


def _from_table(content: str, path: Path) -> tuple[KnownPlace, ...]:
    lines = io.StringIO(content)
    first = content.partition("\n")[0]
    try:
        rows = list(csv.DictReader(lines, delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        raise Refused("known.unreadable", path=path.name) from error
    if len(rows) > _MAX_PLACES:
        raise Refused("known.unreadable", path=path.name)
    titles = {str(title).strip().lower(): title for title in (rows[0] if rows else {})}
    lon_title = next((titles[name] for name in _LON if name in titles), None)
    lat_title = next((titles[name] for name in _LAT if name in titles), None)
    if rows and (lon_title is None or lat_title is None):
        raise Refused("known.not_lonlat", path=path.name)
    places, wrong = [], []
    for number, row in enumerate(rows, start=2):
        lon, lat = number_of(str(row.get(lon_title) or "")), number_of(str(row.get(lat_title) or ""))
        if lon is None or lat is None:
            wrong.append(number)
            continue
        words = {str(title).strip().lower(): value for title, value in row.items() if isinstance(value, str)}
        places.append(_place(number, lon, lat, words))
    return _checked(places, wrong, path)


def _place(number: int, lon: float, lat: float, words: Mapping[str, object]) -> KnownPlace:
    names: list[str] = []
    for title in _NAMES:
        value = words.get(title)
        if isinstance(value, str):
            names += [name.strip()[:200] for name in value.split("|") if name.strip()]
    kind = next((value for title in _KINDS if isinstance(value := words.get(title), str) and value.strip()), "")
    error = words.get("position_error_m")
    known = isinstance(error, int | float) and math.isfinite(error) and error > 0
    return KnownPlace(
        id=str(words.get("id") or number),
        lonlat=(float(lon), float(lat)),
        names=tuple(dict.fromkeys(names)),
        kind=kind_code(kind) if kind else "",
        error_m=float(error) if known and isinstance(error, int | float) else 0.0,
    )


def _checked(places: Sequence[KnownPlace], wrong: Sequence[int], path: Path) -> tuple[KnownPlace, ...]:
    if wrong:
        raise Refused("known.bad_rows", path=path.name, rows=shortened([str(number) for number in wrong]))
    if any(not (abs(place.lonlat[0]) <= 180 and abs(place.lonlat[1]) <= 90) for place in places):
        raise Refused("known.not_lonlat", path=path.name)
    return tuple(place for place in places if place.names or place.kind)
