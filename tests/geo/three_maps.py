"""A village that women, young people and elders drew, each a little otherwise; and a village beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.events import EventKind, GroupSex
from geo.domain.provenance import FeatureSource
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind, layer_of
from geo.models import AppraisalEvent, Cycle, MapFeature, Municipality, Settlement

LON_LAT = np.array([78.24, 42.495])
DEGREES = np.array([1 / (111_320 * np.cos(np.deg2rad(LON_LAT[1]))), 1 / 111_080])

GROUPS: dict[str, tuple[int | None, int | None, GroupSex]] = {
    "women": (None, None, GroupSex.WOMEN),
    "young": (18, 35, GroupSex.MIXED),
    "elders": (56, None, GroupSex.MIXED),
}
FIELD = box(-600, -300, -450, -180)
ROAD = LineString([(-500, 600), (0, 650), (500, 640)])
# Key, group, kind, name, place in metres east and north, position error in metres, condition.
DRAWN: tuple[tuple[str, str, Kind, str, BaseGeometry, float | None, str], ...] = (
    ("school", "women", Kind.SCHOOL, "№1 мектеп", Point(0, 0), 24.0, "old"),
    ("school", "young", Kind.SCHOOL, "Мектеп № 1", Point(20, 10), 12.0, "needs_repair"),
    ("school", "elders", Kind.SCHOOL, "", Point(-15, 5), 30.0, "old"),
    ("mosque", "women", Kind.MOSQUE, "Мечит", Point(300, 0), 24.0, ""),
    ("mosque", "elders", Kind.MOSQUE, "Мечит", Point(310, -12), 20.0, ""),
    ("club", "women", Kind.CLUB, "Клуб", Point(0, 900), 15.0, "old"),
    ("club", "elders", Kind.CLUB, "Клуб", Point(0, 990), 15.0, "old"),
    ("shop", "women", Kind.SHOP, "", Point(200, -200), 10.0, ""),
    ("shop", "young", Kind.SHOP, "", Point(215, -205), 10.0, ""),
    ("field", "women", Kind.ARABLE, "", FIELD, None, ""),
    ("field", "young", Kind.ARABLE, "", shapely.affinity.translate(FIELD, 15, 0), 20.0, ""),
    ("road", "young", Kind.MAIN_ROAD, "Панфилов көчөсү", ROAD, 15.0, ""),
    ("road", "elders", Kind.MAIN_ROAD, "көчөсү Панфилов", shapely.affinity.translate(ROAD, 0, 10), 15.0, ""),
    ("well", "women", Kind.WELL, "Чоң кудук", Point(-200, 250), 24.0, ""),
    ("gym", "young", Kind.SPORTS_HALL, "Спорт залы", Point(600, 300), 12.0, ""),
    ("problem", "women", Kind.PROBLEM, "Жол начар", Point(50, 50), 12.0, ""),
    ("problem", "young", Kind.PROBLEM, "Жол начар", Point(52, 50), 12.0, ""),
)
OBJECTS = {"school", "mosque", "club", "shop", "field", "road"}
"""What several groups drew."""


def on_ground(metres: BaseGeometry) -> BaseGeometry:
    """Return a shape in metres as lon lat."""
    return shapely.transform(metres, lambda xy: LON_LAT + xy * DEGREES)


@dataclass(frozen=True)
class ThreeMaps:
    """Ids of what was entered."""

    settlement: UUID
    events: dict[str, UUID]
    features: dict[tuple[str, str], UUID]
    """By key and group."""
    elsewhere: UUID
    """A village where the same is drawn at the same places."""

    def of(self, key: str) -> set[UUID]:
        """Return the drawings of an object."""
        return {feature for (name, _), feature in self.features.items() if name == key}


def enter(session: Session) -> ThreeMaps:
    """Enter both villages."""
    municipality = Municipality(name_ky="Липенка айыл аймагы", kind=MunicipalityKind.AIMAK)
    villages = [Settlement(name_ky=name, geometry=Point(*LON_LAT)) for name in ("Үлгү", "Коңшу")]
    session.add_all([municipality, *villages])
    session.flush()
    cycle = Cycle(municipality_id=municipality.id, year=2026)
    session.add(cycle)
    session.flush()
    village, other = villages
    events = {group: held(session, cycle, village, group, day) for day, group in enumerate(GROUPS, start=1)}
    features = {(row[0], row[1]): draw(session, village.id, events[row[1]], *row[2:]) for row in DRAWN}
    there = held(session, cycle, other, "women", 9)
    for row in DRAWN:
        if row[1] == "women":
            draw(session, other.id, there, *row[2:])
    return ThreeMaps(village.id, events, features, other.id)


def held(session: Session, cycle: Cycle, village: Settlement, group: str, day: int) -> UUID:
    """Enter an event of a group."""
    age_from, age_to, sex = GROUPS[group]
    event = AppraisalEvent(
        cycle_id=cycle.id,
        settlement_id=village.id,
        kind=EventKind.SESSION,
        held_on=date(2026, 3, day),
        group_age_from=age_from,
        group_age_to=age_to,
        group_sex=sex,
    )
    session.add(event)
    session.flush()
    return event.id


def draw(
    session: Session,
    settlement: UUID,
    event: UUID,
    kind: Kind,
    name: str,
    place: BaseGeometry,
    error: float | None,
    condition: str,
) -> UUID:
    """Enter what an event drew."""
    feature = MapFeature(
        settlement_id=settlement,
        event_id=event,
        layer=layer_of(kind),
        kind=kind,
        name_ky=name,
        attributes={"condition": condition} if condition else {},
        position_error_m=error,
        source=FeatureSource.DRAWN,
        geometry=on_ground(place),
    )
    session.add(feature)
    session.flush()
    return feature.id
