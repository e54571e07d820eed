"""The ground of the made-up municipality: its two villages, and places told in metres from their middles."""

from __future__ import annotations

import io
import math
from datetime import date
from functools import cache
from uuid import UUID, uuid5

from PIL import Image, ImageDraw
from shapely.geometry import LineString, Point, Polygon

from geo.snapshots import MunicipalitySnapshot, Names, SettlementSnapshot

SPACE = UUID("2f0f6a52-8d0e-4f53-9a3b-5a7d8a1c4e77")
YEAR = 2025
AS_OF = date(2026, 6, 15)
WEST = (78.20, 42.50)
"""Centre of the first village."""
EAST = (78.262, 42.527)
"""Centre of the second village, some 6 km to the north-east."""
CREDIT = "Айылдардын аттары жана координаталары: GeoNames, CC BY 4.0"

Metres = tuple[float, float]


def ids(*words: object) -> UUID:
    """One id for each thing, the same in every run."""
    return uuid5(SPACE, "/".join(str(word) for word in words))


def ground(point: Metres, centre: tuple[float, float] = WEST) -> tuple[float, float]:
    """Metres east and north of a village's centre, as lon lat."""
    lon, lat = centre
    return lon + point[0] / (111_320 * math.cos(math.radians(lat))), lat + point[1] / 111_132


def dot(x: float, y: float, centre: tuple[float, float] = WEST) -> Point:
    return Point(ground((x, y), centre))


def path(*points: Metres, centre: tuple[float, float] = WEST) -> LineString:
    return LineString([ground(point, centre) for point in points])


def area(*points: Metres, centre: tuple[float, float] = WEST) -> Polygon:
    return Polygon([ground(point, centre) for point in points])


@cache
def photo(seed: int = 0) -> bytes:
    """A small JPEG: a road, a hill and the sky, without metadata."""
    picture = Image.new("RGB", (320, 240), "#9cc3e6")
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 130), (90, 60 + 9 * seed), (190, 120), (320, 80), (320, 240), (0, 240)], fill="#7f9a6a")
    pen.polygon([(130, 240), (155, 120), (170, 120), (230, 240)], fill="#8b8379")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return file.getvalue()


FIRST = SettlementSnapshot(
    id=ids("settlement", 1),
    names=Names("Ак-Булуң айылы", "село Ак-Булун", "Ak-Bulung village"),
    point=Point(WEST),
    boundary=area((-900, -700), (900, -700), (950, 650), (-850, 700)),
    women=612,
    men=588,
    households=241,
    is_sample=True,
)
SECOND = SettlementSnapshot(
    id=ids("settlement", 2),
    names=Names("Кара-Жыгач айылы", "село Кара-Жыгач", "Kara-Jygach village"),
    point=Point(EAST),
    women=287,
    men=301,
    households=118,
    is_sample=True,
)
MUNICIPALITY = MunicipalitySnapshot(
    id=ids("municipality"),
    names=Names("Сары-Талаа айыл аймагы", "Сары-Талинский айылный аймак", "Sary-Talaa municipality"),
    rayon=Names("Жети-Өгүз району", "Джети-Огузский район", "Jeti-Oguz district"),
    oblast=Names("Ысык-Көл облусу", "Иссык-Кульская область", "Issyk-Kul region"),
    settlements=(FIRST, SECOND),
    boundary=Polygon([(78.17, 42.48), (78.30, 42.48), (78.30, 42.55), (78.17, 42.55)]),
)

MAIN_ROAD: tuple[Metres, ...] = ((-850, -60), (-300, -40), (0, 0), (350, 20), (850, 70))
