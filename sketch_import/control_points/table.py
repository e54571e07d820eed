"""Control points in rows of text: QGIS ``.points`` and CSV.

A QGIS ``.points`` file has ``mapX,mapY,sourceX,sourceY,enable,dX,dY,residual`` (before version 3.26
``pixelX,pixelY``), counts y upwards, so that pixels of an image are negative, and may begin with
``#CRS: …``. A CSV file has ``mapX,mapY,pixelX,pixelY,enable`` with y down. Spreadsheets add a byte
order mark, semicolons, decimal commas and carriage returns; all are read where they can mean one
thing only.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geo.domain.georeference import ControlPointSource
from geo.errors import Refused
from sketch_import.control_points.points import PointRow, shortened

__all__ = ["RowsRead", "number_of", "parse_rows", "source_of", "switch_of"]

_NAMES = {
    "mapX": ("mapx", "lon", "longitude", "lng"),
    "mapY": ("mapy", "lat", "latitude"),
    "pixelX": ("pixelx", "sourcex"),
    "pixelY": ("pixely", "sourcey"),
    "enable": ("enable", "enabled"),
    "label": ("label", "name"),
    "source": ("source",),
}
_REQUIRED = ("mapX", "mapY", "pixelX", "pixelY")
_BEYOND_EVERYTHING = 1e15
"""No coordinate is as large, in pixels, degrees or metres; its square would drown those of all others."""
_CRS_LINE = re.compile(r"^#\s*CRS\s*:\s*(.+?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowsRead:
    """What a file says: its enabled rows, the name of its CRS (empty: none), how many rows are off, and which."""

    rows: tuple[PointRow, ...]
    crs_name: str
    disabled: int
    off: tuple[PointRow, ...] = ()
    """Rows that are off and can be read; the others that are off are nobody's concern."""


def parse_rows(content: str, *, path: str, is_qgis: bool) -> RowsRead:
    """Read control points from the text of a table.

    Parameters
    ----------
    content
        The whole file.
    path
        Its name, for messages.
    is_qgis
        True for a ``.points`` file: y counts upwards, whatever the columns are called.

    Raises
    ------
    geo.errors.Refused
        ``points.empty``, ``points.missing_column`` or ``points.not_a_number`` (with the lines named).
    """
    crs_name, lines = _data_lines(content)
    if not lines:
        raise Refused("points.empty", path=path)
    header = lines[0][1]
    delimiter = max(";\t,", key=header.count)
    titles = [title.strip().lower() for title in _fields(header, delimiter)]
    columns = _columns(titles, path=path)
    y_is_up = is_qgis or titles[columns["pixelY"]] == "sourcey"
    rows: list[PointRow] = []
    off: list[PointRow] = []
    wrong: list[str] = []
    disabled = 0
    for line_number, line in lines[1:]:
        fields = _fields(line, delimiter)
        enabled = switch_of(_cell(fields, columns, "enable"))
        row = _row(fields, columns, line_number=line_number, y_is_up=y_is_up)
        if enabled is False:
            disabled += 1
            off += [row] if row else []
            continue
        # A field too many is a decimal comma between commas: nobody can tell which comma is which.
        if row is None or enabled is None or any(field.strip() for field in fields[len(titles) :]):
            wrong.append(str(line_number))
        else:
            rows.append(row)
    if wrong:
        raise Refused("points.not_a_number", path=path, rows=shortened(wrong))
    return RowsRead(rows=tuple(rows), crs_name=crs_name, disabled=disabled, off=tuple(off))


def number_of(value: str) -> float | None:
    """Read a number with a decimal point or comma; None where it is none or no coordinate can be as large.

    >>> number_of("42,87"), number_of("1e3"), number_of("nan"), number_of("1,234.5")
    (42.87, 1000.0, None, None)
    """
    plain = value.strip()
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if abs(number) < _BEYOND_EVERYTHING and "_" not in plain else None


def switch_of(value: str) -> bool | None:
    """Read whether a row is enabled: true where nothing is said, None where it cannot be understood."""
    word = value.strip().lower()
    if word in {"", "true", "yes"}:
        return True
    if word in {"false", "no"}:
        return False
    number = number_of(word)
    # Anything but 0 or 1 is a number that slipped in from another column.
    return {0.0: False, 1.0: True}.get(number) if number is not None else None


def source_of(value: object) -> ControlPointSource:
    """Read where a point comes from; what is unknown was clicked."""
    word = str(value or "").strip().lower()
    return ControlPointSource(word) if word in set(ControlPointSource) else ControlPointSource.CLICKED


def _data_lines(content: str) -> tuple[str, list[tuple[int, str]]]:
    crs_name = ""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(content.splitlines(), start=1):
        found = _CRS_LINE.match(line)
        if found and not lines:
            crs_name = found[1]
        elif line.strip() and not line.lstrip().startswith("#"):
            lines.append((number, line))
    return crs_name, lines


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a quotation mark that opens a field of a hundred thousand letters
        return []


def _columns(titles: list[str], *, path: str) -> Mapping[str, int]:
    columns = {
        name: next((titles.index(alias) for alias in aliases if alias in titles), -1)
        for name, aliases in _NAMES.items()
    }
    missing = [name for name in _REQUIRED if columns[name] < 0]
    if missing:
        raise Refused("points.missing_column", path=path, columns=", ".join(missing))
    return columns


def _cell(fields: list[str], columns: Mapping[str, int], name: str) -> str:
    column = columns[name]
    return fields[column].strip() if 0 <= column < len(fields) else ""


def _row(fields: list[str], columns: Mapping[str, int], *, line_number: int, y_is_up: bool) -> PointRow | None:
    map_x, map_y, pixel_x, pixel_y = (number_of(_cell(fields, columns, name)) for name in _REQUIRED)
    if map_x is None or map_y is None or pixel_x is None or pixel_y is None:
        return None
    return PointRow(
        row=line_number,
        pixel=(pixel_x, -pixel_y if y_is_up else pixel_y),
        map=(map_x, map_y),
        label=_cell(fields, columns, "label"),
        source=source_of(_cell(fields, columns, "source")),
    )
