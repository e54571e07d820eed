"""From a place on the ground to a layout: which scale, which way up, and whether it fits at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.errors import Refused
from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template, new_sheet_id
from geo.spatial.measuring import utm_epsg

__all__ = ["LARGEST_SCALE", "Extent", "around_place", "over_extent", "round_scales"]

LARGEST_SCALE: Final = 1_048_575
"""Denominator; the sheet code has twenty bits for it."""
_SMALLEST_SCALE = 50
"""Below 1:50 a sheet is smaller than a house."""
_MICRO = 1_000_000
_NORTH, _SOUTH = 84.0, -80.0
"""Where UTM ends."""
_EDGE_POINTS = 21
_TENTH_MM = 0.1
_LEAST_SHOWN = 0.25
"""A frame that shows less of what was asked for is a slip of the pen, not a choice."""


class Extent(NamedTuple):
    """A box in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    def require_sound(self) -> None:
        """Make sure that the box is one.

        Raises
        ------
        Refused
            Not numbers, out of range, no area, upside down, across the date line, or near a pole.
        """
        if not all(math.isfinite(edge) for edge in self) or max(abs(self.west), abs(self.east)) > 180:
            raise Refused("printing.bbox_range", bbox=self.text())
        if max(abs(self.south), abs(self.north)) > 90:
            raise Refused("printing.bbox_range", bbox=self.text())
        if self.west >= self.east:
            raise Refused("printing.bbox_west_east", west=self.west, east=self.east)
        if self.south >= self.north:
            raise Refused("printing.bbox_south_north", south=self.south, north=self.north)
        if self.north > _NORTH or self.south < _SOUTH:
            raise Refused("printing.polar")

    def text(self) -> str:
        """Return its four numbers as they are typed."""
        return ",".join(f"{edge:g}" for edge in self)


def over_extent(
    extent: Extent,
    *,
    paper: PaperSize,
    template: Template,
    scale: int | None = None,
    orientation: Orientation | None = None,
) -> SheetLayout:
    """Lay a sheet over a box on the ground.

    Parameters
    ----------
    extent
        What is to be inside the frame.
    paper, template
        Of the sheet.
    scale
        Denominator; None takes the smallest round one at which the box fits. Where the box is larger than the frame
        at this scale, the frame shows its middle (see `shown_share`).
    orientation
        None takes the shape of the box in metres of its UTM zone.

    Raises
    ------
    Refused
        The box is none, or the frame would show less than a quarter of it; the message says which scale or which
        paper would do.
    """
    extent.require_sound()
    if scale is not None:
        _require_scale(scale)
    centre = (extent.west + extent.east) / 2, (extent.south + extent.north) / 2
    ground = Transformer.from_crs(4326, utm_epsg(*centre), always_xy=True)
    edge = _edge(extent)
    metres = np.column_stack(ground.transform(edge[:, 0], edge[:, 1]))
    if not np.isfinite(metres).all():
        raise Refused("printing.too_large", most=LARGEST_SCALE)
    (west, south), (east, north) = metres.min(axis=0), metres.max(axis=0)
    if orientation is None:
        orientation = Orientation.LANDSCAPE if east - west > north - south else Orientation.PORTRAIT
    middle = ground.transform((west + east) / 2, (south + north) / 2, direction="INVERSE")

    def lay(denominator: int, size: PaperSize) -> SheetLayout:
        return SheetLayout(_code(middle, size, orientation, template, denominator))

    def holds(layout: SheetLayout) -> bool:
        frame, places = layout.frame, layout.from_lonlat(edge)
        low = np.array([frame.x, frame.y]) - _TENTH_MM
        high = np.array([frame.right, frame.bottom]) + _TENTH_MM
        return bool((np.isfinite(places) & (places >= low) & (places <= high)).all())

    if scale is not None and shown_share(lay(scale, paper), extent) >= _LEAST_SHOWN:
        return lay(scale, paper)
    fitting = next((lay(one, paper) for one in round_scales() if shown_share(lay(one, paper), extent) == 1), None)
    if fitting is None:
        raise Refused("printing.too_large", most=LARGEST_SCALE)
    if scale is None:
        return fitting
    larger = next((size for size in reversed(PaperSize) if shown_share(lay(scale, size), extent) == 1), None)
    facts = {"paper": paper.value, "scale": scale, "fitting": fitting.code.scale}
    if larger:
        raise Refused("printing.does_not_fit_but", larger=larger.value, **facts)
    raise Refused("printing.does_not_fit", **facts)


def shown_share(layout: SheetLayout, extent: Extent) -> float:
    """Return how much of a box lies within the frame: 0 to 1, and 1 only where all of its edge does."""
    frame = layout.frame
    low = np.array([frame.x, frame.y]) - _TENTH_MM
    high = np.array([frame.right, frame.bottom]) + _TENTH_MM

    def inside(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        places = layout.from_lonlat(lonlat)
        return np.asarray((np.isfinite(places) & (places >= low) & (places <= high)).all(axis=1))

    if inside(_edge(extent)).all():
        return 1.0
    across, down = np.linspace(extent.west, extent.east, 101), np.linspace(extent.south, extent.north, 101)
    share = float(inside(np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)).mean())
    return min(share, 0.99)


def around_place(
    lonlat: tuple[float, float],
    *,
    paper: PaperSize,
    template: Template,
    scale: int,
    orientation: Orientation = Orientation.LANDSCAPE,
) -> SheetLayout:
    """Lay a sheet with its middle on a place.

    Raises
    ------
    Refused
        The place or the scale is none, or the frame would cross the date line or reach a pole.
    """
    _require_scale(scale)
    lon, lat = lonlat
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Refused("printing.centre_range", lon=lon, lat=lat)
    if not _SOUTH <= lat <= _NORTH:
        raise Refused("printing.polar")
    return SheetLayout(_code(lonlat, paper, orientation, template, scale))


def round_scales() -> Iterator[int]:
    """Yield the round denominators from 1:100 up to the largest that a code can carry.

    >>> from itertools import islice
    >>> list(islice(round_scales(), 12))
    [100, 150, 200, 250, 300, 400, 500, 600, 750, 1000, 1500, 2000]
    """
    power = 100
    while power <= LARGEST_SCALE:
        for digits in (100, 150, 200, 250, 300, 400, 500, 600, 750):
            if digits * power // 100 <= LARGEST_SCALE:
                yield digits * power // 100
        power *= 10


def _require_scale(scale: int) -> None:
    if not _SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise Refused("printing.scale_range", scale=scale, least=_SMALLEST_SCALE, most=LARGEST_SCALE)


def _code(
    lonlat: tuple[float, float], paper: PaperSize, orientation: Orientation, template: Template, scale: int
) -> SheetCode:
    lon, lat = (round(degrees * _MICRO) for degrees in lonlat)
    code = SheetCode(new_sheet_id(), paper, orientation, template, scale, lon, lat)
    corners = np.array(SheetLayout(code).frame_lonlat)
    if not np.isfinite(corners).all() or np.ptp(corners[:, 0]) > 180:
        raise Refused("printing.date_line")
    if corners[:, 1].max() > _NORTH or corners[:, 1].min() < _SOUTH:
        raise Refused("printing.polar")
    return code


def _edge(extent: Extent) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return points along the edge of a box, lon lat; parallels are bent in UTM."""
    share = np.linspace(0.0, 1.0, _EDGE_POINTS)
    lons = extent.west + share * (extent.east - extent.west)
    lats = extent.south + share * (extent.north - extent.south)
    sides = [
        np.column_stack([lons, np.full_like(lons, extent.south)]),
        np.column_stack([lons, np.full_like(lons, extent.north)]),
        np.column_stack([np.full_like(lats, extent.west), lats]),
        np.column_stack([np.full_like(lats, extent.east), lats]),
    ]
    return np.vstack(sides)
