"""One person at the sheet: draws places from memory and writes beside them what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import Ink
from sketch_import.sample_sheet.hand import FloatArray, Hand, Stroke, dashes, draw, draw_loop, offset, resample
from sketch_import.sample_sheet.lettering import Lettering, text_width, write
from sketch_import.sample_sheet.recollection import Recollection
from sketch_import.sample_sheet.symbols import GROUND_SIZES_M, PictureName, draw_picture, tree
from sketch_import.sample_sheet.village import CENTRE_LON_LAT, Look, Place, Words

__all__ = ["PAPER_MM", "Artist", "DrawnPlace", "to_lon_lat"]

PAPER_MM = (841.0, 594.0)
"""A1, landscape."""

_MARGIN_MM = 9.0
_ROAD_HALF_MM = 3.2
_RIVER_HALF_MM = 4.6


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPlace:
    """A place as it was drawn: strokes and geometry on paper (mm, x right, y down), and the truth on the ground."""

    place: Place
    strokes: tuple[Stroke, ...]
    paper: BaseGeometry
    ground: BaseGeometry
    words: tuple[Lettering, ...]


@cache
def _to_degrees() -> Transformer:
    lon, lat = CENTRE_LON_LAT
    local = CRS.from_proj4(f"+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m")
    return Transformer.from_crs(local, "EPSG:4326", always_xy=True)


def to_lon_lat(ground: FloatArray) -> FloatArray:
    """Return lon lat (n, 2) of village metres (n, 2), x east, y north (azimuthal equidistant about the centre)."""
    return np.column_stack(_to_degrees().transform(ground[:, 0], ground[:, 1]))


def _lon_lat_geometry(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, to_lon_lat)


class Artist:
    """One person at the sheet: a hand, a memory and the luck of the day."""

    def __init__(self, hand: Hand, memory: Recollection, rng: np.random.Generator) -> None:
        self.hand = hand
        self.memory = memory
        self.rng = rng
        self.drawn: dict[str, BaseGeometry] = {}
        """Paper geometry of what is on the sheet already."""
        self.metres: dict[str, BaseGeometry] = {}

    def draw(self, place: Place) -> DrawnPlace:
        """Draw a place and write the words beside it."""
        if place.look in _LINES:
            strokes, paper, metres = self._line(place)
        elif place.look in _AREAS:
            strokes, paper, metres = self._area(place)
        else:
            strokes, paper, metres = self._picture(place)
        self.drawn[place.id], self.metres[place.id] = paper, metres
        words = tuple(self._write(text, place.ink, paper) for text in place.words)
        return DrawnPlace(place, strokes, paper, _lon_lat_geometry(metres), words)

    def _write(self, text: Words, ink: Ink, paper: BaseGeometry) -> Lettering:
        right, down = text.shift_mm
        angle = text.angle_deg
        if isinstance(paper, LineString):
            half = paper.length / 2 + right
            here, ahead = (np.asarray(paper.interpolate(half + step).coords[0]) for step in (-6.0, 6.0))
            along = ahead - here
            slope = float(np.rad2deg(np.arctan2(along[1], along[0])))
            # Words run to the right, or upwards along a steep line.
            if not -120.0 < slope <= 60.0:
                slope += 180.0 if slope <= -120.0 else -180.0
            turn = np.deg2rad(slope)
            at = (here + ahead) / 2 + down * np.array([-np.sin(turn), np.cos(turn)])
            angle += slope
        else:
            at = np.array([paper.centroid.x + right, paper.centroid.y + down])
        return write(
            text.text,
            at,
            height_mm=text.height_mm,
            hand=self.hand,
            rng=self.rng,
            angle_deg=angle + float(self.rng.normal(0, 1.2)),
            centred=True,
            ink=Ink.RED if ink is Ink.RED else Ink.BLACK,
        )

    def _line(self, place: Place) -> tuple[tuple[Stroke, ...], BaseGeometry, BaseGeometry]:
        ground = resample(place.ground, 8.0)
        paper = self.memory.to_paper(ground)
        inside = np.all((paper > _MARGIN_MM) & (paper < np.array(PAPER_MM) - _MARGIN_MM), axis=1)
        first, last = int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))
        ground, paper = ground[first:last], paper[first:last]
        rounded = replace(self.hand, corner_mm=4.0)
        middle = draw(paper, hand=rounded, rng=self.rng, ink=place.ink)
        steady = replace(self.hand, wobble_mm=0.35 * self.hand.wobble_mm)
        lines: list[Stroke]
        match place.look:
            case Look.DOUBLE_LINE:
                lines = [
                    draw(offset(middle.points, side * _ROAD_HALF_MM), hand=steady, rng=self.rng, ink=place.ink)
                    for side in (-1, 1)
                ]
            case Look.RIVER:
                lines = self._river(middle.points, steady)
            case Look.DASHED_LINE:
                lines = list(dashes(middle.points, hand=steady, rng=self.rng, ink=place.ink))
            case Look.WAVY_LINE:
                smooth = resample(middle.points, 0.5)
                wave = 1.9 * np.sin(np.arange(len(smooth)) * 0.5 * 2 * np.pi / 10.5)
                lines = [draw(_sideways(smooth, wave), hand=steady, rng=self.rng, ink=place.ink)]
            case _:
                line = middle.points
                street = self.drawn.get("main-street")
                if street is not None and place.ink is Ink.BLACK and street.distance(Point(line[0])) < 8.0:
                    # A side street begins at the edge of the main street, not in its middle.
                    away = shapely.distance(shapely.points(line), street)
                    line = line[int(np.argmax(away > _ROAD_HALF_MM)) :]
                    middle = replace(middle, points=line)
                lines = [draw(line, hand=replace(steady, wobble_mm=0.1), rng=self.rng, ink=place.ink)]
        return tuple(lines), LineString(resample(middle.points, 3.0)), LineString(ground)

    def _river(self, middle: FloatArray, hand: Hand) -> list[Stroke]:
        along = np.arange(len(middle))
        banks: list[Stroke] = []
        # Where the road crosses there is a bridge, and nobody draws the water through it.
        away = np.asarray(shapely.distance(shapely.points(middle), self.drawn["main-street"]))
        for side in (-1, 1):
            wave = side * _RIVER_HALF_MM + 0.9 * np.sin(along / 11.0 + self.rng.uniform(0, 6))
            bank = _sideways(middle, wave)
            dry = np.flatnonzero(away < 11.0)
            for part in (slice(0, dry[0]), slice(dry[-1] + 1, None)):
                banks.append(draw(bank[part], hand=hand, rng=self.rng, ink=Ink.BLUE))
        for at in range(30, len(middle) - 30, 62):
            if away[at] > 20:
                t = np.linspace(-4.0, 4.0, 9)
                direction = middle[at + 3] - middle[at - 3]
                direction /= np.hypot(*direction)
                across = np.array([-direction[1], direction[0]])
                ripple = middle[at] + t[:, None] * direction + (1.1 * np.sin(t * 0.9))[:, None] * across
                banks.append(draw(ripple, hand=hand, rng=self.rng, ink=Ink.BLUE, width_mm=1.5))
        return banks

    def _area(self, place: Place) -> tuple[tuple[Stroke, ...], BaseGeometry, BaseGeometry]:
        ground = Polygon(place.ground)
        corners = np.asarray(ground.exterior.coords)
        paper = self.memory.to_paper(resample(corners, 20.0))
        paper = np.clip(paper, _MARGIN_MM, np.array(PAPER_MM) - _MARGIN_MM)[:-1]
        outline = draw_loop(paper, hand=replace(self.hand, corner_mm=3.0), rng=self.rng, ink=place.ink)
        area = max(shapely.get_parts(Polygon(resample(outline.points, 3.0)).buffer(0)), key=shapely.area)
        return (outline, *self._filling(place, area)), area, ground

    def _filling(self, place: Place, area: Polygon) -> list[Stroke]:
        """Return the ticks, grass, trees or graves inside an area, away from its words."""
        if place.look is Look.LOOP:
            return []
        spacing = {Look.FIELD: (13.0, 10.0), Look.PASTURE: (17.0, 14.0), Look.GROVE: (13.5, 17.0)}
        dx, dy = spacing.get(place.look, (12.0, 11.0))
        room = area.buffer(-4.5 if place.look is Look.GROVE else -6.0)
        left, top, right, bottom = area.bounds
        keep_out = []
        for text in place.words:
            x, y = area.centroid.x + text.shift_mm[0], area.centroid.y + text.shift_mm[1]
            half = text_width(text.text, text.height_mm) / 2 + 4.0
            keep_out.append(box(x - half, y - text.height_mm, x + half, y + text.height_mm))
        strokes: list[Stroke] = []
        for row, y in enumerate(np.arange(top + 5, bottom - 2, dy)):
            for x in np.arange(left + 5 + (dx / 2 if row % 2 else 0), right - 2, dx):
                at = np.array([x, y]) + self.rng.normal(0, 1.2, 2)
                if not room.contains(Point(at)) or any(taken.contains(Point(at)) for taken in keep_out):
                    continue
                strokes.extend(self._filler(place.look, at))
        return strokes

    def _filler(self, look: Look, at: FloatArray) -> tuple[Stroke, ...]:
        hand, rng = self.hand, self.rng
        match look:
            case Look.GROVE:
                return tree(at, hand=hand, rng=rng)
            case Look.PASTURE:
                blades = at + np.array([[-2.4, -2.6], [0.0, 1.2], [2.6, -3.0]]) * rng.uniform(0.8, 1.2)
                return (draw(blades, hand=hand, rng=rng, ink=Ink.GREEN, width_mm=1.6),)
            case Look.CEMETERY:
                turn = np.linspace(np.pi, 2 * np.pi, 9)
                dome = at + np.column_stack([2.8 * np.cos(turn), 3.6 * np.sin(turn)])
                dome = np.vstack([dome, dome[:1]])
                return (draw(dome, hand=hand, rng=rng, ink=Ink.BLACK, width_mm=1.5),)
            case _:
                tick = at + np.array([[-2.6, 0.4], [2.6, -0.4]])
                return (draw(tick, hand=hand, rng=rng, ink=Ink.GREEN, width_mm=1.6),)

    def _picture(self, place: Place) -> tuple[tuple[Stroke, ...], BaseGeometry, BaseGeometry]:
        centre = np.array(place.ground[0])
        turn = np.deg2rad(place.turn_deg)
        east = np.array([np.cos(turn), np.sin(turn)])
        here, there = self.memory.to_paper(np.vstack([centre, centre + 20.0 * east]))
        slope = float(np.rad2deg(np.arctan2(there[1] - here[1], there[0] - here[0])))
        # A bridge follows its road; a building is drawn nearly upright on the paper.
        share = 1.0 if place.look is Look.BRIDGE else 0.55
        if place.look is Look.BRIDGE:
            here = np.asarray(
                self.drawn["main-street"].interpolate(self.drawn["main-street"].project(Point(here))).coords[0]
            )
        picture = draw_picture(
            cast(PictureName, place.look.value),
            here,
            hand=replace(self.hand, width_mm=0.76 * self.hand.width_mm),
            rng=self.rng,
            turn_deg=share * slope + float(self.rng.normal(0, 1.5)),
        )
        paper: BaseGeometry = Polygon(picture.outline).buffer(0)
        if paper.geom_type != "Polygon":
            paper = paper.convex_hull
        size = GROUND_SIZES_M.get(place.look.value)
        metres: BaseGeometry = Point(centre)
        if size is not None:
            north = np.array([-east[1], east[0]])
            corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
            metres = Polygon([centre + a * size[0] / 2 * east + b * size[1] / 2 * north for a, b in corners])
        return picture.strokes, paper, metres


_LINES = frozenset({Look.DOUBLE_LINE, Look.LINE, Look.DASHED_LINE, Look.WAVY_LINE, Look.RIVER})
_AREAS = frozenset({Look.FIELD, Look.PASTURE, Look.GROVE, Look.CEMETERY, Look.LOOP})


def _sideways(line: FloatArray, by: FloatArray) -> FloatArray:
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return np.asarray(line + by[:, None] * np.column_stack([-along[:, 1], along[:, 0]]))
