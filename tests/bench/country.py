"""A made-up country for the benchmarks: 2,000 settlements with 500 objects each, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.provenance import FeatureSource
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import Membership, Municipality, Settlement
from geo.repositories.features import FeatureRepository
from geo.snapshots import Names

__all__ = ["FEATURES_EACH", "SETTLEMENTS", "Country", "load_country"]

SETTLEMENTS = 2_000
FEATURES_EACH = 500
SETTLEMENTS_OF_A_MUNICIPALITY = 20
SEED = 20141119
PUBLISHED = "2026-01-01T00:00:00.000Z"
WEST, SOUTH, EAST, NORTH = 69.5, 39.5, 80.0, 43.0
VILLAGE_DEGREES = 0.02
"""Side of a village with its fields: about 1.6 by 2.2 km."""

_AREAS = (Kind.ARABLE, Kind.PASTURE_NEAR, Kind.FOREST, Kind.MUNICIPAL_LAND)
_HOUSES = (Kind.HOUSE, Kind.BUILDING, Kind.SCHOOL, Kind.CLUB, Kind.SHOP)
_LINES = (Kind.MAIN_ROAD, Kind.SECONDARY_ROAD, Kind.CANAL, Kind.WATER_PIPE, Kind.RIVER)
_POINTS = (Kind.STANDPIPE, Kind.WELL, Kind.BUS_STOP, Kind.SPRING, Kind.PROBLEM, Kind.DESIRED)


@dataclass(frozen=True, slots=True)
class Country:
    """Where its settlements lie.

    Attributes
    ----------
    places
        Longitude and latitude of each settlement, in degrees; shape (settlements, 2).
    features
        How many objects are stored.
    """

    places: np.ndarray[Any, np.dtype[np.float64]]
    features: int

    def boxes(self, count: int, *, side: float = VILLAGE_DEGREES / 2, seed: int = SEED) -> list[tuple[float, ...]]:
        """Return boxes (west, south, east, north in degrees) that lie in villages, the same for every program."""
        rng = np.random.default_rng(seed)
        chosen = self.places[rng.integers(0, len(self.places), count)]
        corner = chosen + rng.uniform(-side, 0, (count, 2))
        return [tuple(row) for row in np.hstack([corner, corner + side]).round(6).tolist()]


def load_country(url: str, *, settlements: int = SETTLEMENTS, features_each: int = FEATURES_EACH) -> Country:
    """Make the schema and fill it through the repository, as the product does; every row is published."""
    upgrade(url)
    database = Database(url)
    rng = np.random.default_rng(SEED)
    places = rng.uniform((WEST, SOUTH), (EAST, NORTH), (settlements, 2)).round(6)
    with database.write(actor="bench") as session:
        municipalities = [
            Municipality(name_ky=f"Үлгү {number} айыл аймагы", kind=MunicipalityKind.AIMAK)
            for number in range(-(-settlements // SETTLEMENTS_OF_A_MUNICIPALITY))
        ]
        villages = [
            Settlement(name_ky=f"Үлгү {number}", geometry=Point(place), is_sample=True)
            for number, place in enumerate(places)
        ]
        session.add_all([*municipalities, *villages])
        session.flush()
        session.add_all(
            Membership(
                settlement_id=village.id,
                municipality_id=municipalities[number // SETTLEMENTS_OF_A_MUNICIPALITY].id,
            )
            for number, village in enumerate(villages)
        )
        ids = [village.id for village in villages]
    with database.write(actor="bench") as session, _published(session):
        repository = FeatureRepository(session)
        for village_id, place in zip(ids, places, strict=True):
            repository.load(list(_village(rng, place, features_each)), settlement_id=village_id)
    if not database.is_geopackage:
        with database.write_engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    database.dispose()
    return Country(places=places, features=settlements * features_each)


@contextmanager
def _published(session: Session) -> Iterator[None]:
    """Publish what is loaded in the block; as a default on PostGIS, for an update would store every row twice."""
    on_postgis = session.get_bind().dialect.name == "postgresql"
    if on_postgis:
        session.execute(text(f"ALTER TABLE map_feature ALTER COLUMN published_at SET DEFAULT '{PUBLISHED}'"))
    yield
    if on_postgis:
        session.execute(text("ALTER TABLE map_feature ALTER COLUMN published_at DROP DEFAULT"))
    else:
        session.execute(text(f"UPDATE map_feature SET published_at = '{PUBLISHED}'"))


def _village(rng: np.random.Generator, place: Any, count: int) -> Iterator[NewFeature]:
    """Yield a village's objects: half are fields of 8 to 16 corners, the rest houses, lines and points."""
    half = VILLAGE_DEGREES / 2
    centres = place + rng.normal(0, half / 2, (count, 2)).clip(-half, half)
    drawn = np.split(rng.permutation(count), np.cumsum([count // 2, count // 4, count // 10]))
    groups = (
        (_AREAS, _fields(rng, centres[drawn[0]])),
        (_HOUSES, shapely.box(*centres[drawn[1]].T, *(centres[drawn[1]] + np.array([0.00015, 0.0001])).T)),
        (_LINES, _lines(rng, centres[drawn[2]])),
        (_POINTS, shapely.points(centres[drawn[3]])),
    )
    errors = rng.uniform(3, 40, count).round(1).tolist()
    for kinds, shapes in groups:
        for number, shape in enumerate(shapes):
            yield NewFeature(
                kind=kinds[number % len(kinds)],
                geometry=shape,
                names=Names(ky=f"Объект {number}" if number % 4 == 0 else ""),
                attributes={"condition": "needs_repair"} if number % 3 == 0 else {},
                position_error_m=errors[number],
                source=FeatureSource.CANDIDATE,
            )


def _fields(rng: np.random.Generator, centres: Any) -> Any:
    corners = rng.integers(8, 17, len(centres))
    owner = np.repeat(np.arange(len(centres)), corners)
    turn = np.concatenate([np.arange(number) / number for number in corners]) * 2 * np.pi
    radii = rng.uniform(0.0003, 0.0009, len(owner))
    ring = centres[owner] + np.column_stack([np.cos(turn), np.sin(turn)]) * radii[:, None]
    return shapely.polygons(shapely.linearrings(ring, indices=owner))


def _lines(rng: np.random.Generator, centres: Any) -> Any:
    corners = rng.integers(5, 20, len(centres))
    steps = [np.cumsum(rng.normal(0, 0.0004, (number, 2)), axis=0) for number in corners]
    owner = np.repeat(np.arange(len(centres)), corners)
    return shapely.linestrings(centres[owner] + np.concatenate(steps), indices=owner)
