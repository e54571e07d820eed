"""The layout of a printed sheet: everything that follows from its code, in millimetres and on the ground."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.sheet_layout.marks import Mark, Rect, marks_of
from geo.sheet_layout.sheet_code import SheetCode
from geo.spatial.measuring import utm_epsg

__all__ = ["KeyBox", "SheetLayout", "grid_spacing_m"]

FloatArray = npt.NDArray[np.float64]
_WGS84 = 4326
_PANEL_GAP = 4.0
"""Quiet zone beside a mark, millimetres: more than four modules of its code on every paper."""


@dataclass(frozen=True, slots=True)
class KeyBox:
    """A place in the key: participants draw the colour or the sign they use into the box."""

    box: Rect
    """Where they draw."""
    label: Rect
    """Where the name is printed, below the box."""


@dataclass(frozen=True)
class SheetLayout:
    """A sheet as printed. Paper coordinates: millimetres, x right, y down, from the top-left corner of the paper.

    On the ground the frame is upright in the UTM zone of its centre, at exactly 1:scale in that grid.
    """

    code: SheetCode

    @property
    def sheet_id(self) -> str:
        """Id of the sheet."""
        return self.code.sheet_id

    @cached_property
    def paper_mm(self) -> tuple[float, float]:
        """Width and height of the paper."""
        return self.code.paper.size_mm(self.code.orientation)

    @cached_property
    def frame(self) -> Rect:
        """The part that is drawn on."""
        (width, height), margin = self.paper_mm, self.code.paper.margin
        return Rect(margin.side, margin.side, width - 2 * margin.side, height - margin.side - margin.bottom)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks in the margin."""
        return marks_of(self.code.paper, self.code.orientation)

    @cached_property
    def epsg(self) -> int:
        """UTM zone of the centre of the frame."""
        return utm_epsg(*self.code.centre)

    @cached_property
    def top_panels(self) -> tuple[Rect, ...]:
        """Blank parts of the top margin between the marks, left to right: title, village, event, date line."""
        margin = self.code.paper.margin
        return self._panels("top", y=margin.edge, height=margin.side - margin.edge - 1.0)

    @cached_property
    def bottom_panels(self) -> tuple[Rect, ...]:
        """Blank parts of the bottom margin between the marks, left to right: key, scale bar, north arrow, id."""
        margin, height = self.code.paper.margin, self.paper_mm[1]
        top = height - margin.bottom + 2.0
        return self._panels("bottom", y=top, height=height - margin.edge - top)

    @cached_property
    def key_boxes(self) -> tuple[KeyBox, ...]:
        """Places of the key, in all bottom panels but the last; a key uses the first of them."""
        label = 5.5 if self.code.paper.margin.mark < 15 else 8.0
        boxes = []
        for number, panel in enumerate(self.bottom_panels[:-1] or self.bottom_panels):
            # The first place of the first panel is taken by the code of the key.
            start = panel.x + (panel.height + _PANEL_GAP if number == 0 else 0.0)
            end = panel.right if len(self.bottom_panels) > 1 else panel.x + panel.width * 2 / 3
            width = 1.5 * (panel.height - label)
            for place in range(int((end - start) // width)):
                x = start + place * width
                boxes.append(
                    KeyBox(
                        box=Rect(x + 1.0, panel.y, width - 2.0, panel.height - label - 1.0),
                        label=Rect(x, panel.bottom - label, width, label),
                    )
                )
        return tuple(boxes)

    @cached_property
    def key_code(self) -> Rect:
        """Place of the code that says what the key means, at the start of the first bottom panel."""
        panel = self.bottom_panels[0]
        return Rect(panel.x, panel.y, panel.height, panel.height)

    @cached_property
    def grid_m(self) -> float:
        """Distance of the grid lines on the ground, metres."""
        return grid_spacing_m(self.code.scale)

    @cached_property
    def grid_lines(self) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
        """Grid lines within the frame, at round UTM coordinates: pairs of ends in millimetres."""
        frame, step = self.frame, self.grid_m
        (west, north), (east, south) = self.to_grid(np.array([frame.corners[0], frame.corners[2]])).tolist()
        eastings = np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step
        northings = np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step
        xs = self.from_grid(np.column_stack([eastings, np.full_like(eastings, north)]))[:, 0].tolist()
        ys = self.from_grid(np.column_stack([np.full_like(northings, west), northings]))[:, 1].tolist()
        vertical = [((x, frame.y), (x, frame.bottom)) for x in xs]
        return tuple(vertical + [((frame.x, y), (frame.right, y)) for y in ys])

    @cached_property
    def frame_lonlat(self) -> tuple[tuple[float, float], ...]:
        """Lon lat of the corners of the frame: top left, top right, bottom right, bottom left."""
        return tuple((lon, lat) for lon, lat in self.to_lonlat(np.array(self.frame.corners)).tolist())

    def to_grid(self, mm: npt.ArrayLike) -> FloatArray:
        """Return easting and northing in the UTM zone of paper coordinates; shape (n, 2) both."""
        offsets = (np.asarray(mm, np.float64) - self._middle) * (self.code.scale / 1000) * np.array([1.0, -1.0])
        return np.asarray(self._centre + offsets, np.float64)

    def from_grid(self, metres: npt.ArrayLike) -> FloatArray:
        """Undo `to_grid`."""
        offsets = (np.asarray(metres, np.float64) - self._centre) * np.array([1.0, -1.0])
        return np.asarray(self._middle + offsets * (1000 / self.code.scale), np.float64)

    def to_lonlat(self, mm: npt.ArrayLike) -> FloatArray:
        """Return lon lat (EPSG:4326) of paper coordinates; shape (n, 2) both."""
        metres = self.to_grid(mm)
        lon, lat = self._ground.transform(metres[..., 0], metres[..., 1], direction="INVERSE")
        return np.stack([lon, lat], axis=-1)

    def from_lonlat(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Undo `to_lonlat`."""
        places = np.asarray(lonlat, np.float64)
        return self.from_grid(np.stack(self._ground.transform(places[..., 0], places[..., 1]), axis=-1))

    @cached_property
    def _ground(self) -> Transformer:
        return Transformer.from_crs(_WGS84, self.epsg, always_xy=True)

    @cached_property
    def _centre(self) -> FloatArray:
        return np.array(self._ground.transform(*self.code.centre))

    @cached_property
    def _middle(self) -> FloatArray:
        frame = self.frame
        return np.array([frame.x + frame.width / 2, frame.y + frame.height / 2])

    def _panels(self, side: str, *, y: float, height: float) -> tuple[Rect, ...]:
        pairs = sorted((mark.code.x, mark.marker.right) for mark in self.marks if mark.side == side)
        return tuple(
            Rect(end + _PANEL_GAP, y, start - end - 2 * _PANEL_GAP, height)
            for (_, end), (start, _) in itertools.pairwise(pairs)
        )


def grid_spacing_m(scale: int) -> float:
    """Return the distance of grid lines: the round number (1, 2, 5 × 10ⁿ metres) nearest to 5 cm of paper.

    >>> [grid_spacing_m(scale) for scale in (500, 2000, 5000, 10000, 25000)]
    [20.0, 100.0, 200.0, 500.0, 1000.0]
    """
    wanted = 0.05 * scale
    power = 10.0 ** math.floor(math.log10(wanted))
    return min((1 * power, 2 * power, 5 * power, 10 * power), key=lambda step: abs(math.log(step / wanted)))
