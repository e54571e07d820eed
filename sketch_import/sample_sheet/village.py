"""What is where in the sample village: an invented place for the method's own example session.

"Village X" is the village of the minutes of 19 November 2014 (group 18-35, DOMAIN.md section 13), laid out by us on
open land of Lipenka aimak. Nothing of it exists. Positions are metres east and north of `CENTRE_LON_LAT`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from geo.domain.attributes import FeatureAttributes
from geo.domain.drawing import Ink
from geo.domain.vocabulary import Condition, Kind, Supply, UserGroup
from geo.snapshots import Names

__all__ = ["CENTRE_LON_LAT", "EXTENT_M", "LANDMARKS", "PLACES", "TITLE", "TREES", "Look", "Place", "Words"]

CENTRE_LON_LAT = (78.2385, 42.4950)
EXTENT_M = (1600.0, 1200.0)
TITLE = ("Х айылы (үлгү)", "ЖМБА · 18–35 жаш · 19.11.2014")

_Said = FeatureAttributes
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
    """Words beside a place."""

    text: str
    shift_mm: tuple[float, float] = (0.0, 0.0)
    """From the middle of a place right and down; of a line forward along it and down from it, as the words are read."""
    height_mm: float = 7.5
    """Height of a capital letter."""
    angle_deg: float = 0.0
    """Direction, clockwise from level, or from the direction of the line."""


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
    attributes: FeatureAttributes = field(default_factory=FeatureAttributes)
    words: tuple[Words, ...] = ()
    turn_deg: float = 0.0
    """Direction of a building on the ground, counter-clockwise from east."""


def _house(number: int, x: float, y: float) -> Place:
    return Place(f"house-{number:02d}", Kind.HOUSE, Look.HOUSE, ((x, y),))


_HOUSES = [
    (-650, -95), (-545, -88), (-430, -98), (14, -86), (90, -88), (168, -84), (262, -76), (425, -48),
    (-22, 84), (-560, 52), (-655, 45),
    (-178, -235), (-35, -215), (-180, -315), (-38, -330), (-165, -395), (-25, -415),
    (-412, 125), (-402, 200), (-268, 200), (-388, 275), (-264, 302), (-260, 390),
    (18, 175), (12, 265), (28, 355), (180, 190), (178, 275), (186, 365),
    (-464, 400), (-542, 408), (-622, 400), (-474, 264), (-540, 268), (-625, 258),
]  # fmt: skip

_ROADS = (
    Place(
        "main-street", Kind.MAIN_ROAD, Look.DOUBLE_LINE,
        ((-790, -48), (-560, -22), (-330, -30), (-120, -8), (80, 0), (330, 15), (540, 25), (790, 12)),
        names=Names("Борбордук көчө", "Центральная улица", "Central Street"),
        attributes=_Said(users=(_W, _M, _Y, _C, _E)),
        words=(Words("Борбордук көчө", (86, 10), 7.0),),
    ),
    Place(
        "yntymak-street", Kind.SECONDARY_ROAD, Look.LINE,
        ((-330, -30), (-346, 120), (-330, 260), (-340, 455)),
        names=Names("Ынтымак көчөсү", "улица Ынтымак", "Yntymak Street"),
        attributes=_Said(condition=Condition.NEEDS_REPAIR),
        words=(Words("Ынтымак", (2, -8), 8.0),),
    ),
    Place(
        "panfilov-street", Kind.SECONDARY_ROAD, Look.LINE,
        ((80, 0), (98, 150), (84, 290), (104, 455)),
        names=Names("Панфилов көчөсү", "улица Панфилова", "Panfilov Street"),
        attributes=_Said(condition=Condition.NEEDS_REPAIR),
        words=(Words("Панфилов", (6, -8), 8.0),),
    ),
    Place(
        "tynchtyk-street", Kind.SECONDARY_ROAD, Look.LINE,
        ((-120, -8), (-98, -150), (-112, -300), (-92, -470)),
        names=Names("Тынчтык көчөсү", "улица Тынчтык", "Tynchtyk Street"),
        attributes=_Said(condition=Condition.NEEDS_REPAIR),
        words=(Words("Тынчтык", (22, -8), 8.0),),
    ),
    Place(
        "new-quarter-lane", Kind.SECONDARY_ROAD, Look.LINE,
        ((-336, 332), (-480, 338), (-660, 330)),
        attributes=_Said(condition=Condition.UNDER_CONSTRUCTION),
    ),
)  # fmt: skip

_WATERS = (
    Place(
        "river", Kind.RIVER, Look.RIVER,
        ((325, -590), (395, -470), (430, -320), (515, -160), (540, 25), (562, 190), (505, 380), (515, 590)),
        Ink.BLUE, Names("Дарыя", "Река", "River"),
        _Said(users=(_W, _C)),
        (Words("дарыя", (-58, -14), 8.5),),
    ),
    Place(
        "canal", Kind.CANAL, Look.LINE,
        ((432, -310), (300, -205), (60, -158), (-110, -172), (-350, -180), (-560, -170), (-770, -195)),
        Ink.BLUE, Names("Арык", "Арык", "Irrigation canal"),
        _Said(supply=Supply.SHORT, users=(_M, _W), causes_trouble=True, trouble_reason="Жайында суу аз"),
        (Words("арык", (-104, -9), 7.5),),
    ),
    Place("well-1", Kind.WELL, Look.WELL, ((-492, -62),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          _Said(condition=Condition.NEEDS_REPAIR, users=(_W, _C))),
    Place("well-2", Kind.WELL, Look.WELL, ((-284, 249),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          _Said(condition=Condition.OLD, users=(_W, _C)), (Words("кудук", (22, 0), 6.5),)),
    Place("well-3", Kind.WELL, Look.WELL, ((134, 128),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          _Said(users=(_W, _C))),
    Place("well-4", Kind.WELL, Look.WELL, ((-46, -272),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          _Said(condition=Condition.NEEDS_REPAIR, users=(_W, _C))),
    Place("well-5", Kind.WELL, Look.WELL, ((338, -46),), Ink.BLUE, Names("Кудук", "Колодец", "Well"),
          _Said(users=(_W, _C))),
)  # fmt: skip

_BUILDINGS = (
    Place(
        "school", Kind.SCHOOL, Look.SCHOOL, ((-208, 62),),
        names=Names("Мектеп (1971)", "Школа (1971)", "School (1971)"),
        attributes=_Said(condition=Condition.NEEDS_REPAIR, year_built=1971, users=(_C, _Y)),
        words=(Words("мектеп 1971", (19, -19.5), 7.5),), turn_deg=3.0,
    ),
    Place(
        "club", Kind.CLUB, Look.CLUB, ((228, 88),),
        names=Names("Клуб жана китепкана", "Клуб и библиотека", "Club and library"),
        attributes=_Said(
            condition=Condition.NEEDS_REPAIR, users=(_Y, _W, _M),
            causes_trouble=True, trouble_reason="Чатырынан суу өтөт",
        ),
        words=(Words("клуб", (0, 0.5), 7.0), Words("китепкана", (-1, -27), 7.5)), turn_deg=4.0,
    ),
    Place(
        "mosque", Kind.MOSQUE, Look.MOSQUE, ((392, 96),),
        names=Names("Мечит", "Мечеть", "Mosque"), attributes=_Said(users=(_M,)),
        words=(Words("мечит", (27, -1), 7.5),), turn_deg=4.0,
    ),
    Place(
        "first-aid-post", Kind.FIRST_AID_POST, Look.FIRST_AID, ((-232, -96),),
        names=Names("ФАП", "ФАП", "First-aid post"), attributes=_Said(condition=Condition.OLD, users=(_W, _E)),
        words=(Words("ФАП", (24, 1), 8.0),), turn_deg=2.0,
    ),
    Place(
        "municipal-office", Kind.MUNICIPAL_OFFICE, Look.OFFICE, ((-462, 45),),
        names=Names("Айыл өкмөтү", "Айыл окмоту", "Local government office"),
        attributes=_Said(condition=Condition.NEEDS_REPAIR),
        words=(Words("АӨ", (-1, 0.5), 7.0),),
    ),
    Place(
        "youth-office", Kind.YOUTH_GROUP, Look.ROOM, ((-413, 42),),
        names=Names("Жаштар комитети", "Комитет молодёжи", "Youth committee"),
        attributes=_Said(condition=Condition.NEEDS_REPAIR, users=(_Y,)),
        words=(Words("жаштар", (9, -15), 7.0),),
    ),
    Place("shop", Kind.SHOP, Look.SHOP, ((-60, -68),), names=Names("Дүкөн", "Магазин", "Shop"),
          words=(Words("дүкөн", (3, 14), 7.0),)),
    Place("bridge", Kind.BRIDGE, Look.BRIDGE, ((540, 25),), names=Names("Көпүрө", "Мост", "Bridge"),
          attributes=_Said(condition=Condition.OLD), words=(Words("көпүрө", (31, 17), 7.5),), turn_deg=3.0),
    Place(
        "cemetery", Kind.CEMETERY, Look.CEMETERY, ((245, 430), (372, 425), (378, 540), (240, 545)),
        names=Names("Көрүстөн", "Кладбище", "Cemetery"),
        words=(Words("көрүстөн", (0, 32), 7.5, -4.0),),
    ),
)  # fmt: skip

_POLES = [
    (-700, -12), (-610, 0), (-270, -2), (-130, 22), (10, 26), (160, 34), (300, 42), (400, 46), (640, 48), (740, 44),
]  # fmt: skip

_LAND = (
    Place("field-1", Kind.ARABLE, Look.FIELD, ((-770, -310), (-590, -285), (-480, -300), (-470, -500), (-735, -515)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), _Said(supply=Supply.SHORT, crops=("буудай",)),
          (Words("буудай", (0, 4), 8.0),)),
    Place("field-2", Kind.ARABLE, Look.FIELD, ((-430, -270), (-255, -262), (-245, -515), (-425, -530)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), _Said(supply=Supply.SHORT, crops=("картошка",)),
          (Words("картошка", (0, 4), 7.5),)),
    Place("field-3", Kind.ARABLE, Look.FIELD, ((40, -290), (250, -300), (355, -400), (290, -540), (45, -550)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), _Said(supply=Supply.SHORT, crops=("беде",)),
          (Words("айдоо", (0, 4), 8.0),)),
    Place("field-4", Kind.ARABLE, Look.FIELD, ((612, -66), (762, -62), (772, -238), (622, -256)),
          Ink.GREEN, Names("Айдоо жер", "Пашня", "Arable land"), _Said(supply=Supply.ENOUGH, crops=("арпа",)),
          (Words("арпа", (0, 4), 8.0),)),
    Place("pasture", Kind.PASTURE_NEAR, Look.PASTURE,
          ((620, 150), (720, 125), (785, 180), (770, 340), (775, 470), (690, 520), (620, 450), (605, 280)),
          Ink.GREEN, Names("Жайыт", "Пастбище", "Pasture"), _Said(users=(_M, _Y)),
          (Words("жайыт", (0, 3), 10.0),)),
    Place("grove", Kind.FOREST, Look.GROVE, ((382, 212), (488, 204), (492, 345), (395, 358)),
          Ink.GREEN, Names("Токой", "Роща", "Grove")),
)  # fmt: skip

_PROBLEMS = (
    Place("problem-yntymak", Kind.PROBLEM, Look.WAVY_LINE, ((-318, 40), (-322, 190), (-306, 340), (-312, 440)), Ink.RED,
          Names("Ынтымак көчөсүнүн жолу начар", "Плохая дорога на улице Ынтымак", "Poor road of Yntymak Street"),
          _Said(condition=Condition.NEEDS_REPAIR)),
    Place("problem-panfilov", Kind.PROBLEM, Look.WAVY_LINE, ((112, 170), (106, 290), (124, 430)), Ink.RED,
          Names("Панфилов көчөсүнүн жолу начар", "Плохая дорога на улице Панфилова", "Poor road of Panfilov Street"),
          _Said(condition=Condition.NEEDS_REPAIR), (Words("жол начар", (-4, 8.5), 7.5),)),
    Place("problem-tynchtyk", Kind.PROBLEM, Look.WAVY_LINE, ((-80, -205), (-94, -310), (-72, -455)), Ink.RED,
          Names("Тынчтык көчөсүнүн жолу начар", "Плохая дорога на улице Тынчтык", "Poor road of Tynchtyk Street"),
          _Said(condition=Condition.NEEDS_REPAIR)),
    Place("problem-no-water", Kind.PROBLEM, Look.LOOP,
          ((-418, 372), (-428, 448), (-540, 466), (-670, 452), (-705, 350), (-690, 235), (-560, 212), (-440, 222)),
          Ink.RED,
          Names("Жаңы конушта таза суу жок", "В новостройке нет чистой воды", "No clean water in the new quarter"),
          _Said(supply=Supply.SHORT), (Words("жаңы конуш – суу жок!", (4, -64), 9.0),)),
    Place("problem-club-roof", Kind.PROBLEM, Look.ALARM, ((296, 192),), Ink.RED,
          Names("Клубдун чатырынан суу өтөт", "У клуба течёт крыша", "The club roof leaks"),
          _Said(condition=Condition.NEEDS_REPAIR), (Words("чатыр!", (25, 0), 7.5),)),
    Place("problem-school", Kind.PROBLEM, Look.ALARM, ((-98, 62),), Ink.RED,
          Names("Мектептин абалы начар", "Школа в плохом состоянии", "The school is in bad condition"),
          _Said(condition=Condition.NEEDS_REPAIR)),
    Place("problem-lighting", Kind.PROBLEM, Look.ALARM, ((648, 84),), Ink.RED,
          Names("Көчөлөрдө жарык жок", "На улицах нет освещения", "No lighting in the streets"), _Said(),
          (Words("жарык жок", (38, 0), 7.5),)),
    Place("problem-canal", Kind.PROBLEM, Look.ALARM, ((-690, -240),), Ink.RED,
          Names("Жайында арыкта суу аз", "Летом в арыке мало воды", "Little water in the canal in summer"),
          _Said(supply=Supply.SHORT), (Words("жайында суу аз", (50, 0), 8.0),)),
    Place("desired-kindergarten", Kind.DESIRED, Look.DASHED_BOX, ((-128, 262),), Ink.RED,
          Names("Бала бакча", "Детский сад", "Kindergarten"), _Said(users=(_C, _W), desired_kind=Kind.KINDERGARTEN),
          (Words("бала бакча", (0, -5.5), 8.0), Words("керек", (0, 6), 8.0))),
    Place("desired-water-pipe", Kind.DESIRED, Look.DASHED_LINE, ((-738, -30), (-748, 140), (-715, 225)), Ink.RED,
          Names("Жаңы конушка суу түтүгү", "Водопровод в новостройку", "Water pipe to the new quarter"),
          _Said(desired_kind=Kind.WATER_PIPE),
          (Words("түтүк керек", (4, -8), 7.0),)),
)  # fmt: skip

PLACES: tuple[Place, ...] = (
    *_ROADS,
    *_WATERS,
    *_BUILDINGS,
    *(_house(number, x, y) for number, (x, y) in enumerate(_HOUSES, start=1)),
    *(
        Place(f"pole-{number:02d}", Kind.STREET_LIGHTING, Look.POLE, ((x, y),),
              names=Names("Жарыгы жок мамы", "Столб без лампы", "Pole without a lamp"),
              attributes=_Said(condition=Condition.NEEDS_REPAIR))
        for number, (x, y) in enumerate(_POLES, start=1)
    ),
    *_LAND,
    *_PROBLEMS,
)  # fmt: skip

TREES: tuple[tuple[float, float], ...] = (
    (-600, 118), (-500, 130), (-478, -128), (-20, 152), (60, 405), (240, 300), (480, -75),
    (455, 430), (-150, 470), (-270, -220), (-660, -150), (210, -140), (30, -215), (365, -130),
)  # fmt: skip
"""Trees that are drawn for their own sake; they stand for nothing that is counted."""

LANDMARKS: dict[str, tuple[str, ...]] = {
    "Борбордук көчө – Ынтымак": ("main-street", "yntymak-street"),
    "Борбордук көчө – Панфилов": ("main-street", "panfilov-street"),
    "Ынтымак – жаңы конуш": ("yntymak-street", "new-quarter-lane"),
    "Тынчтык – арык": ("tynchtyk-street", "canal"),
    "Көпүрө": ("bridge",),
    "Айдоо (картошка)": ("field-2",),
    "Көрүстөн": ("cemetery",),
    "Айдоо (буудай)": ("field-1",),
    "Айдоо (беде)": ("field-3",),
    "Жайыт": ("pasture",),
}
"""Landmarks that people can name and find on the ground: a crossing of two lines, or the middle of one object."""
