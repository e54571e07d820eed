"""Control points that a person pastes: what programs write, tables, and lists of GPS readings."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.domain.georeference import ControlPointSource
from geo.errors import Refused
from sketch_import.control_points import ControlPoint
from sketch_import.control_points.reading import control_points_of, read_table, switched_off_points
from sketch_import.placing.gps_readings import Reading, read_gps

__all__ = ["points_in"]


def points_in(text: str, *, crs: str | None, image_size: tuple[int, int]) -> list[dict[str, Any]]:
    """Return the control points in a text; readings without a place on the sheet have no pixel.

    Parameters
    ----------
    text
        A QGIS ``.points`` file, CSV, JSON, GPX, or a table with ``name``, ``lon``, ``lat`` and perhaps ``accuracy``.
    crs
        System of the coordinates; None takes what the text names, else degrees.
    image_size
        Width and height of the sheet's picture in pixels.

    Raises
    ------
    Refused
        It holds no control points, or some that cannot be; the message names the rows.
    """
    if not text.strip():
        raise Refused("sheets.nothing_pasted")
    with tempfile.TemporaryDirectory(prefix="ayilmap-points-") as folder:
        if _names_pixels(text):
            file = Path(folder) / "paste.csv"
            file.write_text(text, encoding="utf-8")
            table = read_table(file, crs=crs)
            _refuse_outside(control_points_of(table), image_size)
            on = [_point(one, enabled=True) for one in control_points_of(table)]
            return on + [_point(one, enabled=False) for one in switched_off_points(table)]
        file = Path(folder) / "paste.csv"
        file.write_text(_with_head(text), encoding="utf-8")
        return [_reading(one) for one in read_gps(file)]


def _names_pixels(text: str) -> bool:
    head = text[:4000].lower()
    return any(word in head for word in ("pixel", "sourcex")) or text.lstrip()[:1] in {"{", "["}


def _with_head(text: str) -> str:
    """Give bare lines of name, longitude, latitude the head that a table has."""
    first = next(line for line in text.splitlines() if line.strip())
    if text.lstrip().startswith("<") or not any(letter.isdigit() for letter in first):
        return text
    separator = next((one for one in ("\t", ";", ",") if one in first), None)
    if separator is None:
        return text
    fields = [field.strip() for field in first.split(separator)]
    names = ["name", "lon", "lat", "accuracy"] if not _is_number(fields[0]) else ["lon", "lat", "name", "accuracy"]
    return separator.join(names[: len(fields)]) + "\n" + text


def _is_number(word: str) -> bool:
    try:
        float(word.replace(",", "."))
    except ValueError:
        return False
    return True


def _refuse_outside(points: Sequence[ControlPoint], size: tuple[int, int]) -> None:
    width, height = size
    rows = [str(one.row) for one in points if not (0 <= one.pixel[0] <= width and 0 <= one.pixel[1] <= height)]
    if rows:
        raise Refused("sheets.points_outside", rows=", ".join(rows[:20]), width=width, height=height)


def _point(one: ControlPoint, *, enabled: bool) -> dict[str, Any]:
    return {
        "pixel": list(one.pixel),
        "lonlat": list(one.lonlat),
        "label": one.label,
        "enabled": enabled,
        "source": one.source.value,
        "accuracy_m": one.accuracy_m,
        "row": one.row,
    }


def _reading(one: Reading) -> dict[str, Any]:
    return {
        "pixel": None,
        "lonlat": list(one.lonlat),
        "label": one.name,
        "enabled": True,
        "source": ControlPointSource.GPS.value,
        "accuracy_m": one.accuracy_m,
        "row": None,
    }
