"""Control points in JSON.

The schema of the house::

    {"crs": "EPSG:32643",                     # optional; without it coordinates are lon lat
     "points": [
       {"pixel": [x, y],                      # y down, from the top-left corner of the upright image
        "lonlat": [lon, lat],                 # degrees, or instead of it
        "map": [east, north],                 # in "crs"
        "label": "school",                    # optional
        "enabled": true,                      # optional
        "source": "clicked"}]}                # optional: fiducial, clicked, gps, matched

A GeoJSON FeatureCollection of points is read too where each feature names its pixel in the properties:
``pixel`` or ``resourceCoords`` (IIIF Georeference Extension) as ``[x, y]``, or ``pixelX`` and ``pixelY``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from geo.errors import Refused
from sketch_import.control_points.points import PointRow, shortened
from sketch_import.control_points.table import RowsRead, number_of, source_of, switch_of

__all__ = ["parse_json"]


def parse_json(content: str, *, path: str) -> RowsRead:
    """Read control points from the text of a JSON file.

    Raises
    ------
    geo.errors.Refused
        ``points.not_json``, ``points.empty``, ``points.missing_column`` (pixel or place missing) or
        ``points.not_a_number``, with the points named by their number in the list.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused("points.not_json", path=path) from error
    if isinstance(document, Mapping) and isinstance(document.get("body"), Mapping):
        document = document["body"]  # an IIIF annotation wraps the collection
    entries: object = document
    crs_name = ""
    if isinstance(document, Mapping):
        entries = document.get("points", document.get("features"))
        crs_name = _crs_name(document.get("crs"))
    if not isinstance(entries, list):
        raise Refused("points.missing_column", path=path, columns="points")
    if not entries:
        raise Refused("points.empty", path=path)
    return _read(entries, crs_name=crs_name, path=path)


def _read(entries: Sequence[object], *, crs_name: str, path: str) -> RowsRead:
    rows: list[PointRow] = []
    missing: set[str] = set()
    place_names: set[str] = set()
    wrong: list[str] = []
    disabled = 0
    off: dict[str, list[PointRow]] = {"map": [], "lonlat": []}
    for number, raw in enumerate(entries, start=1):
        entry = _flat(raw)
        enabled = switch_of(str(entry.get("enabled", entry.get("enable", "")) if entry else ""))
        place_name = "map" if "map" in entry else "lonlat"
        place = entry.get(place_name)
        if enabled is False:
            disabled += 1
            if row := _row(number, entry, _pair(entry.get("pixel")), _pair(place)):
                off[place_name].append(row)
            continue
        lacking = {name for name, value in (("pixel", entry.get("pixel")), ("lonlat", place)) if value is None}
        missing |= lacking
        row = _row(number, entry, _pair(entry.get("pixel")), _pair(place))
        if row is None or enabled is None:
            wrong.append(str(number))
            continue
        place_names.add(place_name)
        rows.append(row)
    if missing:
        columns = f"{', '.join(sorted(missing))} ({shortened(wrong)})"
        raise Refused("points.missing_column", path=path, columns=columns)
    if wrong:
        raise Refused("points.not_a_number", path=path, rows=shortened(wrong))
    if crs_name and len(place_names) > 1:
        raise Refused("points.mixed_places", path=path)
    # Degrees are degrees, whatever system the file names for its other coordinates.
    crs_name = "" if place_names == {"lonlat"} else crs_name
    readable = tuple(row for name in sorted(place_names) for row in off[name])
    return RowsRead(rows=tuple(rows), crs_name=crs_name, disabled=disabled, off=readable)


def _row(
    number: int,
    entry: Mapping[str, object],
    pixel: tuple[float, float] | None,
    position: tuple[float, float] | None,
) -> PointRow | None:
    if pixel is None or position is None:
        return None
    label = entry.get("label", entry.get("name"))
    return PointRow(
        row=number,
        pixel=pixel,
        map=position,
        label="" if label is None else str(label),
        source=source_of(entry.get("source")),
    )


def _flat(raw: object) -> Mapping[str, object]:
    """Return one point as a flat mapping, also where it is a GeoJSON feature."""
    if not isinstance(raw, Mapping):
        return {}
    if raw.get("type") != "Feature":
        return raw
    properties = raw.get("properties")
    flat: dict[str, object] = dict(properties) if isinstance(properties, Mapping) else {}
    geometry = raw.get("geometry")
    if isinstance(geometry, Mapping) and geometry.get("type") == "Point":
        flat["map"] = geometry.get("coordinates")
        flat.pop("lonlat", None)
    if "pixel" not in flat and "resourceCoords" in flat:
        flat["pixel"] = flat["resourceCoords"]
    if "pixel" not in flat and "pixelX" in flat and "pixelY" in flat:
        flat["pixel"] = [flat["pixelX"], flat["pixelY"]]
    return flat


def _pair(value: object) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) not in {2, 3}:
        return None
    numbers = [number_of(repr(part)) if isinstance(part, int | float) else None for part in value]
    x, y = numbers[0], numbers[1]
    return None if x is None or y is None or isinstance(value[0], bool) or isinstance(value[1], bool) else (x, y)


def _crs_name(value: object) -> str:
    if isinstance(value, Mapping):  # the named CRS of GeoJSON 2008, still written by many programs
        properties = value.get("properties")
        value = properties.get("name") if isinstance(properties, Mapping) else None
    return value if isinstance(value, str) else ""
