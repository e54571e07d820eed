"""What is where in the sample village: an invented place for the method's own example session.

"Village X" is the village of the minutes of 19 November 2014 (group 18-35, DOMAIN.md section 13), laid out by us on open
land of Lipenka aimak. Nothing of it exists. Positions are metres east and north of `CENTRE_LON_LAT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from geo.domain.drawing import Ink
from geo.domain.vocabulary import Condition, Kind, Supply, UserGroup
from geo.snapshots import Names

__all__ = ["CENTRE_LON_LAT", "EXTENT_M", "LANDMARKS", "PLACES", "TITLE", "Look", "Place", "Words"]

CENTRE_LON_LAT = (78.2385, 42.4950)
EXTENT_M = (1600.0, 1200.0)
TITLE = ("Х айылы (үлгү)", "ЖМБА · 18–35 жаш · 19.11.2014")

_W, _M, _Y, _C, _E = (
    UserGroup.WOMEN,
    UserGroup.MEN,
    UserGroup.YOUNG_PEOPLE,
    UserGroup.CHILDREN,
    UserGroup.ELDERS,
)


class Look(StrEnum):
    """How a place is drawn."""

    DOUBLE_LINE = "double_line"
    LINE = "line"
    DASHED_LINE = "dashed_line"
    WAVY_LINE = "wavy_line"
    RIVER = "river"
    HOUSE = "house"
    SCHOOL = "school"
    CLUB = "club"
    MOSQUE = "mosque"
    FIRST_AID = "first_aid"
    OFFICE = "office"
    ROOM = "room"
    SHOP = "shop"
    BRIDGE = "bridge"
    WELL = "well"
    POLE = "pole"
    FIELD = "field"
    PASTURE = "pasture"
    GROVE = "grove"
    CEMETERY = "cemetery"
    LOOP = "loop"
    ALARM = "alarm"
    DASHED_BOX = "dashed_box"


@dataclass(frozen=True, slots=True)
class Words:
    """Words beside a place: shift in mm from its middle (x right, y down), height of a capital, direction."""

    text: str
    shift_mm: tuple[float, float] = (0.0, 0.0)
    height_mm: float = 7.5
    angle_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """One object of the village: what it is, where it is, how it is drawn."""

    id: str
    kind: Kind
    look: Look
    ground: tuple[tuple[float, float], ...]
    """One position, a line, or the corners of an area, in metres east and north."""
    ink: Ink = Ink.BLACK
    names: Names = field(default_factory=Names)
    attributes: Mapping[str, object] = field(default_factory=dict)
    words: tuple[Words, ...] = ()
    turn_deg: float = 0.0
    """Direction of a building on the ground, counter-clockwise from east."""


def _house(number: int, x: float, y: float) -> Place:
    return Place(f"house-{number:02d}", Kind.HOUSE, Look.HOUSE, ((x, y),))


_HOUSES = [
    (-650, -95), (-545, -88), (-430, -98), (-20, -78), (62, -72), (160, -70), (255, -62), (425, -48),
    (-48, 78), (440, 98), (-560, 52), (-695, 25),
    (-178, -235), (-35, -215), (-180, -315), (-38, -330), (-165, -395), (-25, -415),
    (-412, 120), (-400, 205), (-275, 205), (-405, 285), (-268, 292), (-278, 385),
    (18, 175), (12, 265), (28, 355), (165, 190), (160, 275), (170, 365),
    (-450, 400), (-535, 408), (-620, 400), (-455, 262), (-540, 268), (-625, 258),
]  # fmt: skip

_ROADS = (
    Place(
        "main-street", Kind.MAIN_ROAD, Look.DOUBLE_LINE,
        ((-790, -48), (-560, -22), (-330, -30), (-120, -8), (80, 0), (330, 15), (540, 25), (790, 12)),
        names=Names("Борбордук көчө", "Центральная улица", "Central Street"),
        attributes={"users": [_W, _M, _Y, _C, _E]},
        words=(Words("Борбордук көчө", (-248, 1), 6.0, 2.0),),
    ),
    Place(
        "yntymak-street", Kind.SECONDARY_ROAD, Look.LINE,
        ((-330, -30), (-346, 120), (-330, 260), (-340, 455)),
        names=Names("Ынтымак көчөсү", "улица Ынтымак", "Yntymak Street"),
        attributes={"condition": Condition.NEEDS_REPAIR},
        words=(Words("Ынтымак", (-7, -12), 7.5, -86.0),),
    ),
    Place(
        "panfilov-street", Kind.SECONDARY_ROAD, Look.LINE,
        ((80, 0), (98, 150), (84, 290), (104, 455)),
        names=Names("Панфилов көчөсү", "улица Панфилова", "Panfilov Street"),
        attributes={"condition": Condition.NEEDS_REPAIR},
        words=(Words("Панфилов", (-7, -10), 7.5, -82.0),),
    ),
    Place(
        "tynchtyk-street", Kind.SECONDARY_ROAD, Look.LINE,
        ((-120, -8), (-98, -150), (-112, -300), (-92, -470)),
        names=Names("Тынчтык көчөсү", "улица Тынчтык", "Tynchtyk Street"),
        attributes={"condition": Condition.NEEDS_REPAIR},
        words=(Words("Тынчтык", (-7, 14), 7.5, -83.0),),
    ),
    Place(
        "new-quarter-lane", Kind.SECONDARY_ROAD, Look.LINE,
        ((-336, 332), (-480, 338), (-660, 330)),
        attributes={"condition": Condition.UNDER_CONSTRUCTION},
    ),
)  # fmt: skip

_WATERS = (
    Place(
        "river", Kind.RIVER, Look.RIVER,
        ((325, -590), (395, -470), (430, -320), (515, -160), (540, 25), (562, 190), (505, 380), (515, 590)),
        Ink.BLUE, Names("Дарыя", "Река", "River"),
        {"users": [_W, _C]},
        (Words("дарыя", (44, -92), 7.5, -78.0),),
    ),
    Place(
        "canal", Kind.CANAL, Look.LINE,
        ((432, -310), (300, -205), (60, -158), (-110, -172), (-350, -180), (-560, -170), (-770, -195)),
        Ink.BLUE, Names("Арык", "Арык", "Irrigation canal"),
        {"supply": Supply.SHORT, "users": [_M, _W]},
        (Words("арык", (104, -12), 7.0, -4.0),),
    ),
    Place("well-1", Kind.WELL, Look.WELL, ((-492, -62),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          {"condition": Condition.NEEDS_REPAIR, "users": [_W, _C]}),
    Place("well-2", Kind.WELL, Look.WELL, ((-300, 135),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          {"condition": Condition.OLD, "users": [_W, _C]}, (Words("кудук", (18, 1), 6.0),)),
    Place("well-3", Kind.WELL, Look.WELL, ((134, 128),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          {"users": [_W, _C]}),
    Place("well-4", Kind.WELL, Look.WELL, ((-62, -262),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          {"condition": Condition.NEEDS_REPAIR, "users": [_W, _C]}),
    Place("well-5", Kind.WELL, Look.WELL, ((338, -46),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          {"users": [_W, _C]}),
)  # fmt: skip

_BUILDINGS = (
    Place(
        "school", Kind.SCHOOL, Look.SCHOOL, ((-208, 62),),
        names=Names("Мектеп (1971)", "Школа (1971)", "School (1971)"),
        attributes={"condition": Condition.NEEDS_REPAIR, "year_built": 1971, "users": [_C, _Y]},
        words=(Words("мектеп 1971", (6, -26), 7.5),), turn_deg=3.0,
    ),
    Place(
        "club", Kind.CLUB, Look.CLUB, ((228, 88),),
        names=Names("Клуб жана китепкана", "Клуб и библиотека", "Club and library"),
        attributes={"condition": Condition.NEEDS_REPAIR, "users": [_Y, _W, _M]},
        words=(Words("клуб", (0, 3.5), 6.0), Words("китепкана", (-2, -28), 6.5)), turn_deg=4.0,
    ),
    Place(
        "mosque", Kind.MOSQUE, Look.MOSQUE, ((350, 95),),
        names=Names("Мечит", "Мечеть", "Mosque"), attributes={"users": [_M]},
        words=(Words("мечит", (1, -31), 7.0),), turn_deg=4.0,
    ),
    Place(
        "first-aid-post", Kind.FIRST_AID_POST, Look.FIRST_AID, ((-232, -96),),
        names=Names("ФАП", "ФАП", "First-aid post"), attributes={"condition": Condition.OLD, "users": [_W, _E]},
        words=(Words("ФАП", (20, 2), 7.0),), turn_deg=2.0,
    ),
    Place(
        "municipal-office", Kind.MUNICIPAL_OFFICE, Look.OFFICE, ((-462, 45),),
        names=Names("Айыл өкмөтү", "Айыл окмоту", "Local government office"),
        attributes={"condition": Condition.NEEDS_REPAIR},
        words=(Words("АӨ", (-2, 3.5), 6.0),),
    ),
    Place(
        "youth-office", Kind.YOUTH_GROUP, Look.ROOM, ((-413, 42),),
        names=Names("Жаштар комитети", "Комитет молодёжи", "Youth committee"),
        attributes={"condition": Condition.NEEDS_REPAIR, "users": [_Y]},
        words=(Words("жаштар", (-4, -18), 6.0),),
    ),
    Place("shop", Kind.SHOP, Look.SHOP, ((-60, -62),), names=Names("Дүкөн", "Магазин", "Shop"),
          words=(Words("дүкөн", (2, 17), 6.0),)),
    Place("bridge", Kind.BRIDGE, Look.BRIDGE, ((540, 25),), names=Names("Көпүрө", "Мост", "Bridge"),
          attributes={"condition": Condition.OLD}, words=(Words("көпүрө", (30, 20), 7.0),), turn_deg=3.0),
    Place(
        "cemetery", Kind.CEMETERY, Look.CEMETERY, ((245, 430), (372, 425), (378, 540), (240, 545)),
        names=Names("Көрүстөн", "Кладбище", "Cemetery"),
        words=(Words("көрүстөн", (0, 30), 6.5, -4.0),),
    ),
)  # fmt: skip

_POLES = [(-700, -12), (-610, 0), (-270, -2), (-130, 22), (10, 26), (160, 34), (300, 42), (400, 46), (640, 48), (740, 44)]

_LAND = (
    Place("field-1", Kind.ARABLE, Look.FIELD, ((-770, -310), (-590, -285), (-480, -300), (-470, -500), (-735, -515)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), {"supply": Supply.SHORT, "crop": "буудай"},
          (Words("буудай", (0, 4), 8.0),)),
    Place("field-2", Kind.ARABLE, Look.FIELD, ((-430, -270), (-255, -262), (-245, -515), (-425, -530)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), {"supply": Supply.SHORT, "crop": "картошка"},
          (Words("картошка", (0, 4), 7.5),)),
    Place("field-3", Kind.ARABLE, Look.FIELD, ((40, -290), (250, -300), (355, -400), (290, -540), (45, -550)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), {"supply": Supply.SHORT, "crop": "беде"},
          (Words("айдоо", (0, 4), 8.0),)),
    Place("field-4", Kind.ARABLE, Look.FIELD, ((615, -85), (765, -80), (775, -265), (625, -285)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), {"supply": Supply.ENOUGH, "crop": "арпа"},
          (Words("арпа", (0, 4), 8.0),)),
    Place("pasture", Kind.PASTURE_NEAR, Look.PASTURE,
          ((620, 150), (720, 125), (785, 180), (770, 340), (775, 470), (690, 520), (620, 450), (605, 280)),
          Ink.GREEN, Names("Жайыт", "Пастбище", "Pasture"), {"users": [_M, _Y]},
          (Words("жайыт", (0, 3), 10.0),)),
    Place("grove", Kind.FOREST, Look.GROVE, ((405, 215), (485, 205), (490, 330), (415, 345)),
          Ink.GREEN, Names("Токой", "Роща", "Grove")),
)  # fmt: skip

_PROBLEMS = (
    Place("problem-yntymak", Kind.PROBLEM, Look.WAVY_LINE, ((-318, 40), (-322, 190), (-306, 340), (-312, 440)), Ink.RED,
          Names("Ынтымак көчөсүнүн жолу начар", "Плохая дорога на улице Ынтымак", "Poor road of Yntymak Street"),
          {"condition": Condition.NEEDS_REPAIR}),
    Place("problem-panfilov", Kind.PROBLEM, Look.WAVY_LINE, ((112, 170), (106, 290), (124, 430)), Ink.RED,
          Names("Панфилов көчөсүнүн жолу начар", "Плохая дорога на улице Панфилова", "Poor road of Panfilov Street"),
          {"condition": Condition.NEEDS_REPAIR}, (Words("жол начар", (-2, -52), 7.0),)),
    Place("problem-tynchtyk", Kind.PROBLEM, Look.WAVY_LINE, ((-80, -205), (-94, -310), (-72, -455)), Ink.RED,
          Names("Тынчтык көчөсүнүн жолу начар", "Плохая дорога на улице Тынчтык", "Poor road of Tynchtyk Street"),
          {"condition": Condition.NEEDS_REPAIR}),
    Place("problem-no-water", Kind.PROBLEM, Look.LOOP,
          ((-395, 372), (-420, 450), (-540, 468), (-670, 452), (-705, 350), (-690, 235), (-560, 212), (-430, 225)), Ink.RED,
          Names("Жаңы конушта таза суу жок", "В новостройке нет чистой воды", "No clean water in the new quarter"),
          {"supply": Supply.SHORT}, (Words("жаңы конуш – суу жок!", (0, -62), 8.0),)),
    Place("problem-club-roof", Kind.PROBLEM, Look.ALARM, ((292, 152),), Ink.RED,
          Names("Клубдун чатырынан суу өтөт", "У клуба течёт крыша", "The club roof leaks"),
          {"condition": Condition.NEEDS_REPAIR}, (Words("чатыр!", (18, -11), 6.5),)),
    Place("problem-school", Kind.PROBLEM, Look.ALARM, ((-128, 112),), Ink.RED,
          Names("Мектептин абалы начар", "Школа в плохом состоянии", "The school is in bad condition"),
          {"condition": Condition.NEEDS_REPAIR}),
    Place("problem-lighting", Kind.PROBLEM, Look.ALARM, ((690, 78),), Ink.RED,
          Names("Көчөлөрдө жарык жок", "На улицах нет освещения", "No lighting in the streets"), {},
          (Words("жарык жок", (-10, -13), 7.0),)),
    Place("problem-canal", Kind.PROBLEM, Look.ALARM, ((-648, -238),), Ink.RED,
          Names("Жайында арыкта суу аз", "Летом в арыке мало воды", "Little water in the canal in summer"),
          {"supply": Supply.SHORT}, (Words("жайында суу аз", (48, 3), 7.0),)),
    Place("desired-kindergarten", Kind.DESIRED, Look.DASHED_BOX, ((-128, 262),), Ink.RED,
          Names("Бала бакча", "Детский сад", "Kindergarten"), {"users": [_C, _W]},
          (Words("бала бакча", (0, -1), 6.5), Words("керек", (0, 9), 6.5))),
    Place("desired-water-pipe", Kind.DESIRED, Look.DASHED_LINE, ((-738, -30), (-748, 140), (-715, 225)), Ink.RED,
          Names("Жаңы конушка суу түтүгү", "Водопровод в новостройку", "Water pipe to the new quarter"), {},
          (Words("түтүк керек", (-13, 10), 6.5, -86.0),)),
)  # fmt: skip

PLACES: tuple[Place, ...] = (
    *_ROADS,
    *_WATERS,
    *_BUILDINGS,
    *(_house(number, x, y) for number, (x, y) in enumerate(_HOUSES, start=1)),
    *(
        Place(f"pole-{number:02d}", Kind.STREET_LIGHTING, Look.POLE, ((x, y),),
              names=Names("Жарыгы жок мамы", "Столб без лампы", "Pole without a lamp"),
              attributes={"condition": Condition.NEEDS_REPAIR})
        for number, (x, y) in enumerate(_POLES, start=1)
    ),
    *_LAND,
    *_PROBLEMS,
)  # fmt: skip

LANDMARKS: dict[str, tuple[str, ...]] = {
    "Борбордук көчө – Ынтымак": ("main-street", "yntymak-street"),
    "Борбордук көчө – Панфилов": ("main-street", "panfilov-street"),
    "Борбордук көчө – Тынчтык": ("main-street", "tynchtyk-street"),
    "Ынтымак – жаңы конуш": ("yntymak-street", "new-quarter-lane"),
    "Тынчтык – арык": ("tynchtyk-street", "canal"),
    "Көпүрө": ("bridge",),
    "Мечит": ("mosque",),
    "Көрүстөн": ("cemetery",),
    "Айдоо (буудай)": ("field-1",),
    "Жайыт": ("pasture",),
}
"""Landmarks that people can name and find on the ground: a crossing of two lines, or the middle of one object."""
