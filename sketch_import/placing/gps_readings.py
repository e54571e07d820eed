"""GPS readings of landmarks: joined by name with the same landmarks on the sheet, they become control points.

One walk with a phone gives the readings (CSV, or the waypoints of a GPX file); pointing at the landmarks on the photo
gives their pixels. Several readings of one landmark are averaged, the better ones counting more.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from geo.domain.georeference import ControlPointSource
from geo.errors import NotFound, Refused
from sketch_import.control_points import ControlPoint, shortened
from sketch_import.control_points.table import number_of, switch_of
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.text_file import text_of

__all__ = ["Reading", "control_points_by_gps", "read_gps"]

_MAX_BYTES = 8_000_000
_UNKNOWN_M = 5.0
"""Of a phone under a free sky (van Diggelen & Enge, ION GNSS+ 2015: 4.9 m), where the receiver says nothing."""
_HDOP_M = 5.0
"""Metres a unit of horizontal dilution of precision: the same error with the best constellation (hdop 1)."""
_APART = 4.0
"""Readings of one landmark that are further apart than this many times their accuracy are of two landmarks."""
_TITLES = {
    "name": ("name", "label", "point", "title"),
    "lon": ("lon", "lng", "longitude", "mapx", "x"),
    "lat": ("lat", "latitude", "mapy", "y"),
    "accuracy": ("accuracy", "accuracy_m", "acc", "hacc", "precision"),
    "pixelX": ("pixelx",),
    "pixelY": ("pixely",),
    "enable": ("enable", "enabled"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: what was stood at, lon lat in degrees, and the accuracy that the receiver stated, metres."""

    name: str
    lonlat: tuple[float, float]
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    row: int
    label: str
    pixel: tuple[float, float]


def read_gps(path: Path) -> tuple[Reading, ...]:
    """Read GPS readings.

    Parameters
    ----------
    path
        CSV with the columns ``name``, ``lon``, ``lat`` and, where known, ``accuracy`` (metres); or GPX, of which the
        named waypoints count, with ``hdop`` taken as 5 m a unit.

    Raises
    ------
    geo.errors.Refused
        ``gps.not_found``, ``gps.unreadable``, ``gps.missing_column``, ``gps.not_a_number`` (rows named) or
        ``gps.empty``.
    """
    content = _content(path)
    readings = _gpx(content, path) if content.lstrip().startswith("<") else _rows(content, path)
    if not readings:
        raise Refused("gps.empty", path=path.name)
    return tuple(readings)


def control_points_by_gps(
    points: Path, readings: Sequence[Reading], *, image_size: tuple[int, int]
) -> tuple[ControlPoint, ...]:
    """Join labelled places of a photo with GPS readings of the same name.

    Parameters
    ----------
    points
        CSV with ``label``, ``pixelX``, ``pixelY`` (y down) and, if wanted, ``enable``; or JSON
        ``{"points": [{"label": …, "pixel": [x, y]}]}``. Map coordinates, where there are any, are not looked at.
    readings
        As `read_gps` returns them; those of landmarks that are not on the sheet are left aside.
    image_size
        Width and height of the upright image in pixels.

    Raises
    ------
    geo.errors.Refused
        A label stands twice, has no reading, or its readings are of two places; a pixel lies outside the photo.
    """
    spots = _spots(_content(points), points)
    if not spots:
        raise Refused("points.empty", path=points.name)
    width, height = image_size
    outside = [spot for spot in spots if not (0 <= spot.pixel[0] <= width and 0 <= spot.pixel[1] <= height)]
    if outside:
        rows = shortened([f"{spot.row} ({spot.label})" for spot in outside])
        raise Refused("points.outside_image", path=points.name, rows=rows, width=width, height=height)
    by_name: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_name[_plain(reading.name)].append(reading)
    seen = [_plain(spot.label) for spot in spots]
    twice = sorted({spot.label for spot in spots if seen.count(_plain(spot.label)) > 1 or not spot.label.strip()})
    if twice:
        raise Refused("gps.label_twice", path=points.name, labels=shortened(twice))
    lacking = [spot.label for spot in spots if _plain(spot.label) not in by_name]
    if lacking:
        raise Refused("gps.no_reading", path=points.name, labels=shortened(lacking))
    return tuple(_joined(spot, by_name[_plain(spot.label)]) for spot in spots)


def _joined(spot: _Spot, readings: Sequence[Reading]) -> ControlPoint:
    accuracies = np.array([reading.accuracy_m or _UNKNOWN_M for reading in readings])
    lonlat = np.array([reading.lonlat for reading in readings])
    metres = LocalMetres.around(lonlat)
    places = metres.from_lonlat(lonlat)
    weights = 1.0 / accuracies**2
    mean = (weights[:, None] * places).sum(axis=0) / weights.sum()
    away = np.hypot(*(places - mean).T)
    if (away > _APART * accuracies).any():
        raise Refused("gps.readings_disagree", label=spot.label, metres=f"{float(away.max()):.0f}")
    lon, lat = metres.to_lonlat(mean)
    # Errors of one receiver within minutes are alike, so that many readings are no better than the best of them.
    return ControlPoint(
        pixel=spot.pixel,
        lonlat=(float(lon), float(lat)),
        label=spot.label,
        source=ControlPointSource.GPS,
        row=spot.row,
        accuracy_m=float(max(accuracies.min(), away.max())),
    )


def _content(path: Path) -> str:
    missing, unreadable = NotFound("gps.not_found", path=str(path)), Refused("gps.unreadable", path=path.name)
    return text_of(path, most_bytes=_MAX_BYTES, missing=missing, unreadable=unreadable)


def _table(content: str, path: Path, *, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    lines = [(number, line) for number, line in enumerate(content.splitlines(), start=1) if line.strip()]
    lines = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    if not lines:
        return []
    delimiter = max(";\t,", key=lines[0][1].count)
    try:
        rows = [(number, next(csv.reader([line], delimiter=delimiter), [])) for number, line in lines]
    except csv.Error as error:
        raise Refused("gps.unreadable", path=path.name) from error
    titles = [title.strip().lower() for title in rows[0][1]]
    where = {
        name: next((titles.index(alias) for alias in aliases if alias in titles), None)
        for name, aliases in _TITLES.items()
    }
    missing = [name for name in needed if where[name] is None]
    if missing:
        raise Refused("gps.missing_column", path=path.name, columns=", ".join(missing))
    return [
        (
            number,
            {name: row[column].strip() for name, column in where.items() if column is not None and column < len(row)},
        )
        for number, row in rows[1:]
    ]


def _rows(content: str, path: Path) -> list[Reading]:
    readings, wrong = [], []
    for number, row in _table(content, path, needed=("name", "lon", "lat")):
        said = row.get("accuracy", "")
        reading = _reading(row.get("name", ""), row.get("lon", ""), row.get("lat", ""), accuracy=said)
        if reading is None or (said and number_of(said) is None):
            wrong.append(str(number))
        else:
            readings.append(reading)
    if wrong:
        raise Refused("gps.not_a_number", path=path.name, rows=shortened(wrong))
    return readings


def _gpx(content: str, path: Path) -> list[Reading]:
    # A GPX file has no need of a document type, and one can make a short file very long.
    if "<!DOCTYPE" in content or "<!ENTITY" in content:
        raise Refused("gps.unreadable", path=path.name)
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", content))
    except ElementTree.ParseError as error:
        raise Refused("gps.unreadable", path=path.name) from error
    readings, wrong = [], []
    waypoints = [element for element in root.iter() if element.tag.rpartition("}")[2] == "wpt"]
    for number, waypoint in enumerate(waypoints, start=1):
        texts = {child.tag.rpartition("}")[2].lower(): (child.text or "").strip() for child in waypoint.iter()}
        name = texts.get("name", "")
        hdop = number_of(texts.get("hdop", ""))
        accuracy = texts.get("accuracy", "") or ("" if hdop is None else str(hdop * _HDOP_M))
        reading = _reading(name, waypoint.get("lon", ""), waypoint.get("lat", ""), accuracy=accuracy)
        if reading is not None:
            readings.append(reading)
        elif name:
            wrong.append(f"{number} ({name})")
    if wrong:
        raise Refused("gps.not_a_number", path=path.name, rows=shortened(wrong))
    return readings


def _reading(name: str, lon: str, lat: str, *, accuracy: str) -> Reading | None:
    x, y, radius = number_of(lon), number_of(lat), number_of(accuracy)
    if x is None or y is None or abs(x) > 180 or abs(y) > 90 or not name:
        return None
    return Reading(name=name, lonlat=(x, y), accuracy_m=radius if radius is not None and radius > 0 else None)


def _spots(content: str, path: Path) -> list[_Spot]:
    if content.lstrip()[:1] in {"{", "["}:
        rows = _json_rows(content, path)
    else:
        rows = _table(content, path, needed=("name", "pixelX", "pixelY"))
    spots, wrong = [], []
    for number, row in rows:
        enabled = switch_of(row.get("enable", ""))
        if enabled is False:
            continue
        x, y = number_of(row.get("pixelX", "")), number_of(row.get("pixelY", ""))
        if x is None or y is None or enabled is None:
            wrong.append(str(number))
        else:
            spots.append(_Spot(row=number, label=row.get("name", ""), pixel=(x, y)))
    if wrong:
        raise Refused("points.not_a_number", path=path.name, rows=shortened(wrong))
    return spots


def _json_rows(content: str, path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused("points.not_json", path=path.name) from error
    listed = read.get("points") if isinstance(read, Mapping) else read
    rows = []
    for number, entry in enumerate(listed if isinstance(listed, list) else [], start=1):
        flat = entry if isinstance(entry, Mapping) else {}
        pixel = flat.get("pixel")
        x, y = pixel[:2] if isinstance(pixel, list) and len(pixel) >= 2 else ("", "")
        label = flat.get("label", flat.get("name", ""))
        enabled = flat.get("enabled", True)
        rows.append((number, {"name": str(label), "pixelX": str(x), "pixelY": str(y), "enable": str(enabled).lower()}))
    return rows


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())
