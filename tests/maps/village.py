"""A made-up village with two groups' drawings, for the tests of maps: no database, no photograph."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID, uuid5

from PIL import Image, ImageDraw
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Kind, layer_of
from geo.snapshots import EventSnapshot, FeatureSnapshot, GroupSnapshot, Names, SheetSnapshot

SPACE = UUID("7c0a4f0e-3a54-4c8e-9a2e-2f1f2f3a5b10")
CENTRE = (77.9, 42.45)
LONG_WORD = "жоопкерчиликтүүлүктү"
BOUNDS_M = (-620.0, -480.0, 620.0, 480.0)

Metres = tuple[float, float]


def ground(point: Metres) -> tuple[float, float]:
    """Metres east and north of the village's centre, as lon lat."""
    lon, lat = CENTRE
    return lon + point[0] / (111_320 * math.cos(math.radians(lat))), lat + point[1] / 111_132


def dot(x: float, y: float) -> Point:
    return Point(ground((x, y)))


def path(*points: Metres) -> LineString:
    return LineString([ground(point) for point in points])


def area(*points: Metres) -> Polygon:
    return Polygon([ground(point) for point in points])


MAIN_ROAD = [(-600, -60), (-300, -40), (0, 0), (280, 10), (600, 60)]
YNTYMAK = [(-260, -35), (-250, 150), (-240, 330)]
PANFILOV = [(20, 2), (40, 180), (30, 350)]
CANAL = [(-560, 210), (-200, 190), (150, 225), (560, 260)]
RIVER = [(-600, -330), (-380, -260), (-150, -300), (120, -250), (350, -310), (610, -270)]
PIPE = [(470, 400), (300, 300), (60, 190)]
POWER = [(-560, 60), (-100, 110), (330, 130), (600, 180)]
FIELD = [(-590, 250), (-330, 240), (-300, 440), (-580, 450)]
PASTURE = [(150, -330), (560, -360), (580, -460), (180, -460)]
FOREST = [(380, 300), (590, 290), (600, 460), (420, 450)]
POND = [(-130, 270), (-30, 260), (-20, 350), (-110, 370)]

Row = tuple[Kind, BaseGeometry, str, float | None, Mapping[str, object]]

YOUNG: Sequence[Row] = (
    (Kind.MAIN_ROAD, path(*MAIN_ROAD), "Борбордук көчө", 18.0, {"condition": "needs_repair"}),
    (
        Kind.SECONDARY_ROAD,
        path(*YNTYMAK),
        "Ынтымак көчөсү",
        24.4,
        {"condition": "old", "causes_trouble": True, "trouble_reason": "Жазында өтүү кыйын, көлмөлөр көп"},
    ),
    (Kind.SECONDARY_ROAD, path(*PANFILOV), "Панфилов көчөсү", 24.4, {"condition": "old"}),
    (Kind.CANAL, path(*CANAL), "Чоң арык", 31.0, {"supply": "short"}),
    (Kind.RIVER, path(*RIVER), "Кара-Суу", 45.0, {"supply": "enough", "users": ["elders", "women"]}),
    (Kind.WATER_PIPE, path(*PIPE), "", 40.0, {"condition": "old", "year_built": 1978}),
    (Kind.POWER_LINE, path(*POWER), "", 35.0, {}),
    (Kind.BRIDGE, path((-270, -160), (-262, -300)), "Көпүрө", 20.0, {"condition": "collapsing"}),
    (
        Kind.SCHOOL,
        dot(-90, 60),
        "Орто мектеп",
        12.2,
        {
            "condition": "old",
            "year_built": 1971,
            "users": ["children"],
            "common_use": True,
            "decided_by": "Айыл өкмөтү",
        },
    ),
    (Kind.CLUB, dot(95, -70), "Клуб жана китепкана", 14.0, {"condition": "needs_repair", "users": ["young_people"]}),
    (Kind.LIBRARY, dot(150, -60), "", 14.0, {}),
    (Kind.MOSQUE, dot(-180, 90), "Мечит", 22.0, {"users": ["men", "elders"]}),
    (Kind.FIRST_AID_POST, dot(200, 70), "ФАП", 19.0, {"condition": "needs_repair"}),
    (Kind.SHOP, dot(-30, -75), "Дүкөн", 16.0, {}),
    (Kind.MUNICIPAL_OFFICE, dot(20, 85), "Айыл өкмөтү", 15.0, {}),
    (
        Kind.WELL,
        dot(-310, 120),
        "",
        28.0,
        {
            "condition": "needs_repair",
            "supply": "short",
            "distance_m_now": 400,
            "minutes_now": 10,
            "distance_m_five_years_ago": 250,
        },
    ),
    (Kind.WELL, dot(110, 300), "", 28.0, {}),
    (Kind.STANDPIPE, dot(-205, 250), "", 26.0, {"supply": "running_out"}),
    (Kind.BUS_STOP, dot(330, -30), "Аялдама", 20.0, {}),
    (Kind.HOUSE, MultiPoint([ground((-380 + 45 * n, -120 + 8 * (n % 2))) for n in range(5)]), "", 30.0, {}),
    (Kind.ARABLE, area(*FIELD), "Буудай талаасы", 52.0, {"crops": ["буудай", "арпа"]}),
    (Kind.PASTURE_NEAR, area(*PASTURE), "Жакынкы жайыт", 60.0, {}),
    (Kind.FOREST, area(*FOREST), "", 70.0, {}),
    (Kind.RESERVOIR, area(*POND), "Көл", 33.0, {}),
    (Kind.WOMENS_GROUP, dot(260, 190), f"Аялдар кеңеши: {LONG_WORD} күчөтүү тобу", None, {}),
    (Kind.PROBLEM, dot(-420, -60), "Жол бузулган", 25.0, {}),
    (Kind.PROBLEM, area((300, -180), (420, -200), (440, -120), (320, -110)), "Таштанды төгүлөт", 38.0, {}),
    (Kind.DESIRED, dot(-60, 170), "Бала бакча керек", 25.0, {"desired_kind": "kindergarten"}),
    (Kind.DESIRED, path((60, 190), (-100, 160), (-240, 200)), "Суу түтүгү керек", 40.0, {"desired_kind": "water_pipe"}),
)
ELDERS: Sequence[Row] = (
    (Kind.MAIN_ROAD, path(*[(x + 14, y - 17) for x, y in MAIN_ROAD]), "Борбордук көчө", 41.0, {}),
    (Kind.SCHOOL, dot(-72, 42), "Мектеп", 38.0, {"condition": "needs_repair"}),
    (Kind.CEMETERY, area((-560, -200), (-460, -190), (-470, -130), (-550, -120)), "Көрүстөн", 55.0, {}),
    (Kind.SPRING, dot(480, 230), "Ыйык булак", 48.0, {"users": ["elders", "women", "men"], "supply": "enough"}),
    (Kind.MILL, dot(300, -230), "Эски тегирмен", 50.0, {"condition": "collapsing"}),
    (Kind.LOCAL_INSTITUTION, dot(-340, 60), "Аксакалдар соту", None, {}),
)


def ids(*words: object) -> UUID:
    return uuid5(SPACE, "/".join(str(word) for word in words))


def features(label: str, sheet: SheetSnapshot, rows: Sequence[Row]) -> tuple[FeatureSnapshot, ...]:
    return tuple(
        FeatureSnapshot(
            id=ids(label, place),
            layer=layer_of(kind),
            kind=kind,
            names=Names(ky=name),
            geometry=geometry,
            position_error_m=error,
            source="candidate",
            sheet_id=sheet.id,
            sheet_title=sheet.title,
            ink="black",
            attributes=attributes,
        )
        for place, (kind, geometry, name, error, attributes) in enumerate(rows)
    )


def drawing(*, seed: int, shift: Metres, width: int = 1400) -> bytes:
    """A marker drawing of the village on transparent paper, a little beside the truth."""
    west, south, east, north = BOUNDS_M
    scale = width / (east - west)
    picture = Image.new("RGBA", (width, round((north - south) * scale)), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    hand = random.Random(seed)

    def stroke(points: Sequence[Metres], colour: str, thick: int, *, closed: bool = False) -> None:
        corners = [*points, points[0]] if closed else list(points)
        wobbled: list[tuple[float, float]] = []
        for (x0, y0), (x1, y1) in pairwise(corners):
            steps = max(2, round(math.hypot(x1 - x0, y1 - y0) / 18))
            for step in range(steps + 1):
                x = x0 + (x1 - x0) * step / steps + shift[0] + hand.gauss(0, 2.2)
                y = y0 + (y1 - y0) * step / steps + shift[1] + hand.gauss(0, 2.2)
                wobbled.append(((x - west) * scale, (north - y) * scale))
        pen.line(wobbled, fill=colour, width=thick, joint="curve")

    stroke(MAIN_ROAD, "#2a2724", 7)
    stroke([(x, y - 22) for x, y in MAIN_ROAD], "#2a2724", 7)
    for road in (YNTYMAK, PANFILOV):
        stroke(road, "#2a2724", 6)
    for water in (CANAL, RIVER):
        stroke(water, "#2257a5", 8)
    stroke(POND, "#2257a5", 7, closed=True)
    for land in (FIELD, PASTURE, FOREST):
        stroke(land, "#2f7d3b", 7, closed=True)
    for x, y in [(-90, 60), (95, -70), (-180, 90), (200, 70), (20, 85), *((-380 + 45 * n, -120) for n in range(5))]:
        stroke(
            [(x - 16, y - 12), (x + 16, y - 12), (x + 16, y + 10), (x, y + 22), (x - 16, y + 10)],
            "#2a2724",
            5,
            closed=True,
        )
    stroke([(-435, -75), (-405, -45)], "#b3261e", 8)
    stroke([(-435, -45), (-405, -75)], "#b3261e", 8)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def sheet(label: str, *, seed: int, shift: Metres, error: float) -> SheetSnapshot:
    west, south = ground(BOUNDS_M[:2])
    east, north = ground(BOUNDS_M[2:])
    return SheetSnapshot(
        id=ids("sheet", label),
        title=f"{label} тобунун барагы",
        overlay_png=drawing(seed=seed, shift=shift),
        bounds=(west, south, east, north),
        method="helmert",
        position_error_m=error,
    )


def village() -> EventSnapshot:
    """Two groups' maps of the village: 35 features of every layer, as points, lines and areas."""
    young = sheet("18–35", seed=3, shift=(9, -7), error=24.0)
    elders = sheet("56+", seed=8, shift=(-18, 22), error=48.0)
    return EventSnapshot(
        id=ids("event"),
        municipality=Names("Липенка айыл аймагы", "Липенский айылный аймак", "Lipenka municipality"),
        settlement=Names("Көк-Өзөң айылы", "село Кёк-Ёзён", "Kök-Özöng village"),
        settlement_is_sample=True,
        place="клуб",
        held_on=date(2014, 11, 19),
        centre=CENTRE,
        groups=(
            GroupSnapshot(ids("group", 1), "18–35", features("18–35", young, YOUNG), (young,)),
            GroupSnapshot(ids("group", 2), "56+", features("56+", elders, ELDERS), (elders,), shown=False),
        ),
        credits=("Айылдардын аттары жана координаталары: GeoNames, CC BY 4.0",),
    )


def with_features(event: EventSnapshot, rows: Sequence[Row]) -> EventSnapshot:
    """The same event with other features in a single group."""
    first = event.groups[0]
    return replace(event, groups=(replace(first, features=features(first.label, first.sheets[0], rows)),))
