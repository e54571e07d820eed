"""Picture of three groups' drawings of one village, and which of their features are proposed as one object."""

from __future__ import annotations

import numpy as np
import shapely

from geo.domain.matching import propose_matches
from maps.style import Role
from tests.docs.canvas import Canvas, colour, save
from tests.geo.domain.drawn_villages import DEGREES, GROUPS, LON_LAT, drawn, village

__all__ = ["write_matching_pictures"]

SEED = 5
SIZE = (1100, 760)
METRES = 1240.0
"""Width of the part that is shown."""
LOOKS = {"e1": Role.FELT, "e2": Role.LAKE, "e3": Role.PASTURE}
WORDS = {
    "e1": "аялдар · женщины · women",
    "e2": "жаштар · молодёжь · young people",
    "e3": "аксакалдар · старшие · elders",
}


def write_matching_pictures() -> None:
    """Write it."""
    rng = np.random.default_rng(SEED)
    things = village(rng)
    features = [one for event in GROUPS for one in drawn(things, event, rng)]
    by_id = {one.id: one for one in features}
    matches = propose_matches(features)
    foot = 66
    picture = Canvas.blank(SIZE[0], SIZE[1] + foot)
    scale = SIZE[0] / METRES

    def to_picture(lonlat: np.ndarray) -> np.ndarray:
        metres = (lonlat - LON_LAT) / DEGREES
        return metres * [scale, -scale] + [SIZE[0] / 2, SIZE[1] / 2]

    def place(name: str) -> np.ndarray:
        shape = shapely.transform(by_id[name].geometry, to_picture)
        return np.array([shape.centroid.x, shape.centroid.y])

    for match in matches:
        if len(match.members) < 2:
            continue
        at = np.array([place(name) for name in match.members])
        if by_id[match.canonical].geometry.geom_type == "LineString":
            continue
        if shapely.MultiPoint(at).within(shapely.box(10, 10, SIZE[0] - 10, SIZE[1] - 10)):
            around = shapely.MultiPoint(at).convex_hull.buffer(15)
            picture.area(around, colour(Role.APRICOT), opacity=0.25, width=1.2)
    for one in features:
        shape = shapely.transform(one.geometry, to_picture)
        ink = colour(LOOKS[one.event])
        if shape.geom_type == "Point" and not shapely.box(9, 9, SIZE[0] - 9, SIZE[1] - 9).contains(shape):
            continue
        if shape.geom_type == "Point":
            _sign(picture, one.event, (shape.x, shape.y))
        elif shape.geom_type == "LineString":
            inside = shape.intersection(shapely.box(0, 0, *SIZE))
            if inside.geom_type == "LineString" and not inside.is_empty:
                picture.line(np.array(inside.coords), ink, 1.8, dash=_DASHES[one.event])
        else:
            inside = shape.intersection(shapely.box(0, 0, *SIZE))
            if not inside.is_empty:
                picture.area(inside, ink, opacity=0.08, width=1.4)
    taken: list[shapely.Geometry] = []
    for match in matches:
        names = [words for name in match.members for words in by_id[name].names]
        at = place(match.canonical)
        box = shapely.box(at[0] - 70, at[1] - 44, at[0] + 70, at[1] - 12)
        point = by_id[match.canonical].geometry.geom_type == "Point"
        inside = shapely.box(70, 50, SIZE[0] - 70, SIZE[1] - 20).contains(shapely.Point(at))
        if not names or not point or not inside or any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        said = f"{max(set(names), key=names.count)}  {match.agreement.score:.2f}"
        picture.text((at[0], at[1] - 27), said, size=14, bold=True, anchor="mm", plate=True)
    y = SIZE[1] + 20
    for number, (event, words) in enumerate(WORDS.items()):
        _sign(picture, event, (24 + 350 * number, y))
        picture.text((42 + 350 * number, y), words, size=15)
    picture.area(shapely.Point(24, y + 27).buffer(10), colour(Role.APRICOT), opacity=0.3, width=1.2)
    picture.text((42, y + 27), "бир эле нерсеби? · это одно и то же? · the same thing?", size=15)
    save("three_groups.jpg", picture.pixels())


_DASHES = {"e1": None, "e2": (9.0, 4.0), "e3": (2.0, 4.0)}


def _sign(picture: Canvas, event: str, at: tuple[float, float]) -> None:
    """A circle, a square, a triangle: not by colour alone."""
    x, y = at
    ink = colour(LOOKS[event])
    if event == "e1":
        picture.dot(at, ink, 5.5)
    elif event == "e2":
        picture.area(shapely.box(x - 5, y - 5, x + 5, y + 5), ink, opacity=1, width=1)
    else:
        picture.area(shapely.Polygon([(x - 6, y + 5), (x + 6, y + 5), (x, y - 7)]), ink, opacity=1, width=1)
