"""A made-up village as three groups draw it: displaced, left out, misspelt, with two shops side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo.domain.matching import DrawnBy, MatchFeature
from geo.domain.vocabulary import Condition, Kind

LON_LAT = (78.24, 42.495)
DEGREES = np.array([1 / (111_320 * np.cos(np.deg2rad(LON_LAT[1]))), 1 / 111_080])
GROUPS = {"e1": DrawnBy.WOMEN, "e2": DrawnBy.YOUNG_PEOPLE, "e3": DrawnBy.ELDERS}
ONCE = (
    (Kind.SCHOOL, "Мектеп (1971)"), (Kind.CLUB, "Клуб"), (Kind.MOSQUE, "Мечит"), (Kind.FIRST_AID_POST, "ФАП"),
    (Kind.MUNICIPAL_OFFICE, "Айыл өкмөтү"), (Kind.LIBRARY, "Китепкана"), (Kind.BRIDGE, "Көпүрө"),
    (Kind.CEMETERY, "Көрүстөн"), (Kind.BATHHOUSE, "Мончо"), (Kind.SAWMILL, "Пилорама"), (Kind.MARKET, "Базар"),
)  # fmt: skip
STREETS = ("Ынтымак көчөсү", "Панфилов көчөсү", "Тынчтык көчөсү", "Жаңы-Жол көчөсү")


@dataclass(frozen=True)
class Thing:
    kind: Kind
    name: str
    geometry: BaseGeometry
    """Metres east and north."""


def village(rng: np.random.Generator) -> list[Thing]:
    """Eleven named places, 25 houses and 8 wells without names, 5 fields, 4 streets, two shops 35 m apart."""
    things = [Thing(kind, name, Point(rng.uniform(-600, 600, 2))) for kind, name in ONCE]
    at = rng.uniform(-400, 400, 2)
    things += [Thing(Kind.SHOP, "Береке", Point(at)), Thing(Kind.SHOP, "Ак-Жол", Point(at + np.array([35, 0])))]
    things += [Thing(Kind.HOUSE, "", Point(rng.uniform(-600, 600, 2))) for _ in range(25)]
    things += [Thing(Kind.WELL, "Кудук", Point(rng.uniform(-600, 600, 2))) for _ in range(8)]
    for _ in range(5):
        middle, size = rng.uniform(-600, 600, 2), rng.uniform(60, 160, 2)
        things.append(Thing(Kind.ARABLE, "", shapely.box(*(middle - size / 2), *(middle + size / 2))))
    for number, name in enumerate(STREETS):
        x = -450 + 300 * number
        way = np.column_stack([x + rng.normal(0, 25, 6), np.linspace(-500, 500, 6)])
        things.append(Thing(Kind.SECONDARY_ROAD, name, LineString(way)))
    return things


def misspelt(name: str, rng: np.random.Generator) -> str:
    """As another hand writes it: Russian letters, small letters, a letter lost."""
    written = name
    if rng.random() < 0.5:
        written = written.translate(str.maketrans("өүң", "оун"))
    if rng.random() < 0.3:
        written = written.lower()
    if len(written) > 5 and rng.random() < 0.3:
        lost = int(rng.integers(1, len(written) - 1))
        written = written[:lost] + written[lost + 1 :]
    return written


def drawn(things: list[Thing], event: str, rng: np.random.Generator, *, left_out: float = 0.2) -> list[MatchFeature]:
    """The village on the map of one group; the id ends in the number of the thing.

    The whole sheet is displaced (up to 25 m), bent smoothly (up to 20 m), and each thing misses by 4 to 25 m more.
    """
    shift, waves = rng.normal(0, 12, 2), rng.uniform(0, 2 * np.pi, (2, 2))
    features = []
    for number, thing in enumerate(things):
        if rng.random() < left_out:
            continue
        own = float(rng.uniform(4, 25))
        jump = rng.normal(0, own / np.sqrt(2), 2)

        def moved(xy: np.ndarray, jump: np.ndarray = jump) -> np.ndarray:
            bend = 14 * np.column_stack([np.sin(xy[:, 1] / 260 + waves[0, 0]), np.sin(xy[:, 0] / 260 + waves[1, 1])])
            return (xy + shift + bend + jump) * DEGREES + LON_LAT

        features.append(
            MatchFeature(
                id=f"{event}-{number}",
                event=event,
                group=GROUPS[event],
                kind=thing.kind,
                geometry=shapely.transform(thing.geometry, moved),
                position_error_m=float(np.hypot(own, 22)),
                names=(misspelt(thing.name, rng),) if thing.name and rng.random() < 0.85 else (),
                condition=Condition.OLD if rng.random() < 0.2 else None,
            )
        )
    return features
