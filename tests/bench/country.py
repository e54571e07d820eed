"""A made-up country for the benchmarks: 2,000 settlements with 500 objects each, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from sqlalchemy import text

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
    with database.write(actor="bench") as session:
        repository = FeatureRepository(session)
        for village_id, place in zip(ids, places, strict=True):
            repository.load(list(_village(rng, place, features_each)), settlement_id=village_id)
        session.execute(text("UPDATE map_feature SET published_at = :now"), {"now": _moment(database)})
    if not database.is_geopackage:
        with database.write_engine.connect() as connection:
            settled = connection.execution_options(isolation_level="AUTOCOMMIT")
            # The update left every row twice; a server at rest has swept that away.
            settled.execute(text("VACUUM FULL map_feature"))
            settled.execute(text("VACUUM ANALYZE"))
    database.dispose()
    return Country(places=places, features=settlements * features_each)


def _moment(database: Database) -> Any:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return "2026-01-01T00:00:00.000Z" if database.is_geopackage else moment


def _village(rng: np.random.Generator, place: Any, count: int) -> Iterator[NewFeature]:
    """Yield a village's objects: half are fields of 8 to 16 corners, the rest houses, lines and points."""
    half = VILLAGE_DEGREES / 2
    centres = place + rng.normal(0, half / 2, (count, 2)).clip(-half, half)
    shares = rng.choice(4, count, p=(0.5, 0.25, 0.1, 0.15))
    errors = rng.uniform(3, 40, count).round(1)
    for number, (centre, share, error) in enumerate(zip(centres, shares, errors, strict=True)):
        if share == 0:
            kind, shape = _AREAS[number % len(_AREAS)], _field(rng, centre)
        elif share == 1:
            kind, shape = _HOUSES[number % len(_HOUSES)], shapely.box(*centre, *np.add(centre, (0.00015, 0.0001)))
        elif share == 2:
            kind, shape = _LINES[number % len(_LINES)], _line(rng, centre)
        else:
            kind, shape = _POINTS[number % len(_POINTS)], shapely.Point(centre)
        yield NewFeature(
            kind=kind,
            geometry=shape,
            names=Names(ky=f"Объект {number}" if number % 4 == 0 else ""),
            attributes={"condition": "needs_repair"} if number % 3 == 0 else {},
            position_error_m=float(error),
            source=FeatureSource.CANDIDATE,
        )


def _field(rng: np.random.Generator, centre: Any) -> shapely.Polygon:
    corners = int(rng.integers(8, 17))
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radii = rng.uniform(0.0003, 0.0009, corners)
    return shapely.Polygon(centre + np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None])


def _line(rng: np.random.Generator, centre: Any) -> shapely.LineString:
    steps = rng.normal(0, 0.0004, (int(rng.integers(5, 20)), 2))
    return shapely.LineString(centre + np.cumsum(steps, axis=0))
