"""Control points: as a file says them, and as places on the earth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from geo.domain.georeference import ControlPointSource
from sketch_import.transforms import FloatArray

__all__ = ["ControlPoint", "PointRow", "PointTable", "ground_array", "named", "pixel_array", "shortened"]

_LISTED = 20
_LABEL_LETTERS = 40


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A point of the sheet whose place on the earth is known.

    Attributes
    ----------
    pixel
        x right, y down of the upright image, from the top-left corner of its first pixel.
    lonlat
        Longitude and latitude in degrees, EPSG:4326.
    label
        What is there, such as ``school``; may be empty.
    source
        Where it comes from.
    row
        Line of the file (or number in the list) that says it; 0 where there is none.
    accuracy_m
        How well the place is known on the ground, as a receiver says, in metres; None where nobody says.
    """

    pixel: tuple[float, float]
    lonlat: tuple[float, float]
    label: str = ""
    source: ControlPointSource = ControlPointSource.CLICKED
    row: int = 0
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class PointRow:
    """One row of a control-point file, before its coordinates mean a place.

    Attributes
    ----------
    row
        Line of the file, or number in the list of a JSON file, counted from 1.
    pixel
        x right, y down of the upright image.
    map
        Coordinates as written, east before north.
    """

    row: int
    pixel: tuple[float, float]
    map: tuple[float, float]
    label: str = ""
    source: ControlPointSource = ControlPointSource.CLICKED


@dataclass(frozen=True, slots=True)
class PointTable:
    """The enabled rows of a control-point file.

    Attributes
    ----------
    path
        The file, for messages.
    rows
        Enabled rows in the order of the file.
    crs
        The coordinate reference system that the file (or the caller) names; None where nobody does.
    disabled
        How many rows were left out because they are switched off.
    off
        Those of them that name a pixel and a place.
    """

    path: str
    rows: tuple[PointRow, ...]
    crs: CRS | None
    disabled: int = 0
    off: tuple[PointRow, ...] = ()

    @property
    def pixels(self) -> FloatArray:
        """Pixels, shape (n, 2), y down."""
        return np.array([row.pixel for row in self.rows], dtype=np.float64).reshape(-1, 2)

    @property
    def ground(self) -> FloatArray:
        """Map coordinates as written, shape (n, 2), east before north."""
        return np.array([row.map for row in self.rows], dtype=np.float64).reshape(-1, 2)


def pixel_array(points: Iterable[ControlPoint]) -> FloatArray:
    """Return the pixels of control points, shape (n, 2), y down."""
    return np.array([point.pixel for point in points], dtype=np.float64).reshape(-1, 2)


def ground_array(points: Iterable[ControlPoint]) -> FloatArray:
    """Return the places of control points, shape (n, 2), lon lat in degrees."""
    return np.array([point.lonlat for point in points], dtype=np.float64).reshape(-1, 2)


def named(points: Iterable[PointRow | ControlPoint]) -> str:
    """Name rows for a message.

    >>> named([PointRow(row=4, pixel=(0, 0), map=(0, 0), label="school"), PointRow(row=7, pixel=(1, 1), map=(1, 1))])
    '4 (school), 7'
    """
    names = []
    for number, point in enumerate(points, start=1):
        row = str(point.row or number)
        names.append(f"{row} ({point.label[:_LABEL_LETTERS]})" if point.label else row)
    return shortened(names)


def shortened(names: Sequence[str]) -> str:
    """List names for a message, as many as a person reads.

    >>> shortened([str(row) for row in range(1, 1001)])
    '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 … (1000)'
    """
    listed = ", ".join(names[:_LISTED])
    return f"{listed} … ({len(names)})" if len(names) > _LISTED else listed
