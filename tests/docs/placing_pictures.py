"""Pictures of a freehand sheet on its way to the ground: control points, errors, the bent grid, the map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.domain.drawing import CandidateKind
from geo.domain.georeference import Method
from maps.style import INK_STYLES, Role
from sketch_import.control_points import ControlPoint, read_control_points
from sketch_import.photo import Photo, load_photo
from sketch_import.placed_sheet import PlacedSheet, place_sheet
from sketch_import.placing import Placement, distortion, place
from sketch_import.placing.distortion import VectorKind
from sketch_import.sample_sheet import write_sample_sheet
from sketch_import.tracing import trace
from tests.docs.canvas import Canvas, colour, fitted, save

__all__ = ["placed_village", "write_placing_pictures"]

WIDTH = 1100
TIMES = 5
"""How much longer the misses are drawn than they are: a few millimetres on the paper would not be seen."""


@cache
def _sheet() -> tuple[Photo, tuple[ControlPoint, ...]]:
    with TemporaryDirectory() as folder:
        files = write_sample_sheet(Path(folder))
        return load_photo(files.photo), tuple(read_control_points(files.points))


@cache
def placed_village() -> PlacedSheet:
    """Trace and place the sample sheet; the program chooses the method."""
    photo, points = _sheet()
    return place_sheet(photo, points, trace(photo.pixels).candidates)


def write_placing_pictures() -> None:
    """Write them all."""
    photo, points = _sheet()
    save("freehand_points.jpg", _points(placed_village().placement))
    save("freehand_grid.jpg", _grid(place(points, (photo.width, photo.height), Method.TPS)))
    save("freehand_placed.jpg", _placed())


@dataclass(frozen=True)
class _Ground:
    """A window on the ground: metres of the UTM zone to pixels of a picture, north up."""

    west: float
    north: float
    per_metre: float
    size: tuple[int, int]

    @classmethod
    def over(cls, metres: NDArray[np.float64], width: int, *, margin: float = 0.04) -> _Ground:
        low, high = metres.min(axis=0), metres.max(axis=0)
        rim = margin * (high - low).max()
        low, high = low - rim, high + rim
        scale = width / float(high[0] - low[0])
        return cls(float(low[0]), float(high[1]), scale, (width, round(float(high[1] - low[1]) * scale)))

    def __call__(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((metres - [self.west, self.north]) * [self.per_metre, -self.per_metre])


def _points(placement: Placement) -> NDArray[np.uint8]:
    """Control points, and where all the others would put each, drawn larger than life."""
    photo, points = _sheet()
    picture = Canvas(fitted(photo.pixels, WIDTH))
    picture.pale(0.35)
    scale = WIDTH / photo.width
    left_out = {one.point: one for one in distortion(placement).vectors if one.kind is VectorKind.LEFT_OUT}
    for index, point in enumerate(points):
        at = np.array(point.pixel) * scale
        vector = left_out.get(index)
        if vector is not None:
            there = placement.to_pixel(np.array(vector.end)) * scale
            here = placement.to_pixel(np.array(vector.start)) * scale
            picture.arrow(at, at + TIMES * (there - here), colour(Role.FELT), 3.2)
    for index, point in enumerate(points):
        at = np.array(point.pixel) * scale
        picture.dot(at, colour(Role.LAKE), 11)
        picture.text(at, str(index + 1), (255, 255, 255), size=14, bold=True, anchor="mm")
        vector = left_out.get(index)
        if vector is not None:
            picture.text(np.add(at, [0, 24]), f"{vector.length_m:.0f} м", colour(Role.FELT), size=15, bold=True,
                         anchor="mm", plate=True)  # fmt: skip
    return picture.pixels()


def _grid(placement: Placement) -> NDArray[np.uint8]:
    """The straight grid of the paper as a spline lays it on the ground."""
    shown, metres = distortion(placement), placement.metres
    lines = [metres.from_lonlat(shapely.get_coordinates(line.geometry)) for line in shown.grid]
    ground = _Ground.over(np.vstack(lines), WIDTH)
    foot = 40
    picture = Canvas.blank(ground.size[0], ground.size[1] + foot)
    nodes = [one for one in shown.lattice if not one.folded]
    step = np.median([np.hypot(*(ground(line)[8] - ground(line)[0])) for line in lines])
    for one in nodes:
        larger = np.clip(np.log2(one.relative_scale) / 0.5, -1, 1)
        role = Role.APRICOT if larger > 0 else Role.LAKE
        share = 0.75 * abs(float(larger))
        paper, ink = np.array(colour(Role.PAPER)), np.array(colour(role))
        mixed = tuple(int(value) for value in paper + share * (ink - paper))
        at = ground(metres.from_lonlat(np.array([one.lonlat])))[0]
        picture.dot(at, mixed, 0.36 * float(step), rim=mixed)  # type: ignore[arg-type]
    for candidate in placed_village().features:
        if candidate.candidate.kind is CandidateKind.TEXT or candidate.candidate.confidence < 0.4:
            continue
        shape = shapely.transform(
            placement.place_geometry(candidate.candidate.geometry), lambda xy: ground(metres.from_lonlat(xy))
        )
        for ring in _outlines(shape):
            picture.line(ring, colour("#8F877B"), 1.1)
    for line in lines:
        picture.line(ground(line), colour(Role.INK), 1.6)
    for vector in shown.vectors:
        if vector.kind is VectorKind.BEND:
            ends = ground(metres.from_lonlat(np.array([vector.start, vector.end])))
            picture.arrow(ends[0], ends[0] + TIMES * (ends[1] - ends[0]), colour(Role.FELT), 3.2)
    y = ground.size[1] + foot / 2
    for x, role, words in (
        (20, Role.LAKE, "кичирээк · мельче · smaller"),
        (330, Role.APRICOT, "чоңураак · крупнее · larger"),
    ):
        paper, ink = np.array(colour(Role.PAPER)), np.array(colour(role))
        mixed = tuple(int(value) for value in paper + 0.6 * (ink - paper))
        picture.dot((x, y), mixed, 9, rim=mixed)  # type: ignore[arg-type]
        picture.text((x + 18, y), words, size=15)
    picture.arrow((640, y), (680, y), colour(Role.FELT), 3.2)
    picture.text((692, y), f"жылуу · сдвиг · displacement, × {TIMES}", size=15)
    return picture.pixels()


def _placed() -> NDArray[np.uint8]:
    """What was drawn, on the ground; around each feature as far as it may be off."""
    sheet = placed_village()
    metres = sheet.placement.metres

    def to_ground(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, metres.from_lonlat)

    kept = [one for one in sheet.features if one.candidate.confidence >= 0.4]
    shapes = [to_ground(one.geometry) for one in kept]
    drawn = np.vstack([shapely.get_coordinates(shape) for shape in shapes])
    ground = _Ground.over(drawn, WIDTH)
    foot = 44
    picture = Canvas.blank(ground.size[0], ground.size[1] + foot)
    spacing = 200
    for axis in (0, 1):
        low, high = drawn[:, axis].min() - 400, drawn[:, axis].max() + 400
        for at in np.arange(np.ceil(low / spacing) * spacing, high, spacing):
            ends = np.array([[at, ground.north + 9], [at, ground.north - 9e3]])
            if axis:
                ends = np.array([[ground.west - 9, at], [ground.west + 9e3, at]])
            picture.line(np.clip(ground(ends), 0, [ground.size[0], ground.size[1]]), colour(Role.RULE), 1)
    halo = colour("#F3DDB8")
    for one, shape in zip(kept, shapes, strict=True):
        if one.position_error_m is not None and one.candidate.kind is not CandidateKind.TEXT:
            around = shapely.transform(shape.buffer(one.position_error_m), ground)
            picture.area(around, halo, opacity=0.5, width=0.1)
    for one, shape in zip(kept, shapes, strict=True):
        ink = colour(INK_STYLES[one.candidate.ink].light)
        seen = shapely.transform(shape, ground)
        if one.candidate.kind is CandidateKind.POINT:
            picture.dot((seen.x, seen.y), ink, 3.5)
        elif one.candidate.kind is CandidateKind.POLYGON:
            picture.area(seen, ink, opacity=0.1, width=1.8)
        elif one.candidate.kind is CandidateKind.LINE:
            picture.line(np.array(seen.coords), ink, 2.0)
    y = ground.size[1] + foot / 2
    long = 200 * ground.per_metre
    picture.line([(20, y), (20 + long, y)], colour(Role.INK), 4)
    picture.text((32 + long, y), "200 м", size=16, bold=True)
    picture.dot((long + 140, y), halo, 12, rim=halo)
    words = "ушунча жаңылышы мүмкүн · возможная ошибка · may be off by this much"
    picture.text((long + 162, y), words, size=15)
    picture.arrow((ground.size[0] - 30, y + 16), (ground.size[0] - 30, y - 18), colour(Role.INK), 3)
    return picture.pixels()


def _outlines(shape: shapely.Geometry) -> list[NDArray[np.float64]]:
    if shape.geom_type == "Polygon":
        return [np.array(shape.exterior.coords)]
    return [np.array(shape.coords)] if shape.geom_type == "LineString" else []
