"""Villages with objects for the tests of tiles, and what a tile says when it is read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import mapbox_vector_tile
import numpy as np
import shapely
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from geo.database.database import Database
from geo.domain.rights import Actor
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import Membership, Municipality, Settlement
from geo.models.base import now
from geo.repositories.features import FeatureRepository
from geo.services.tiles import vector_tile
from geo.snapshots import Names
from geo.spatial.tile_grid import Tile, fractions

WEST, SOUTH, EAST, NORTH = 74.5, 41.9, 75.1, 42.3


@dataclass(frozen=True)
class Village:
    id: UUID
    municipality_id: UUID
    place: tuple[float, float]


def make_villages(database: Database, count: int = 2) -> list[Village]:
    """Make villages, each of a municipality of its own, half a degree apart at most."""
    rng = np.random.default_rng(7)
    made = []
    with database.write(actor="test") as session:
        for number in range(count):
            place = tuple(rng.uniform((WEST, SOUTH), (EAST, NORTH)).tolist())
            municipality = Municipality(name_ky=f"{number} айыл аймагы", kind=MunicipalityKind.AIMAK)
            village = Settlement(name_ky=f"Айыл {number}", geometry=Point(place))
            session.add_all([municipality, village])
            session.flush()
            session.add(Membership(settlement_id=village.id, municipality_id=municipality.id))
            made.append(Village(village.id, municipality.id, place))
    return made


def random_feature(
    rng: np.random.Generator, around: tuple[float, float], *, spread: float = 0.02, name: str = "Кудук"
) -> NewFeature:
    """Return a house, a field, a road or a well somewhere around a place."""
    x, y = np.add(around, rng.uniform(-spread, spread, 2)).tolist()
    size = float(rng.choice([0.0001, 0.001, 0.01]))
    what = int(rng.integers(4))
    shapes = (
        (Kind.HOUSE, box(x, y, x + size, y + size)),
        (Kind.ARABLE, Point(x, y).buffer(size, quad_segs=2)),
        (Kind.MAIN_ROAD, shapely.LineString([(x, y), (x + size, y - size), (x + 2 * size, y)])),
        (Kind.WELL, Point(x, y)),
    )
    kind, drawn = shapes[what]
    return NewFeature(kind=kind, geometry=drawn, names=Names(ky=name), attributes={"condition": "old"})


def load(database: Database, village: Village, features: list[NewFeature], *, published: bool = True) -> None:
    with database.write(actor="test") as session:
        FeatureRepository(session).load(features, settlement_id=village.id)
        if published:
            ids = [str(feature.id) for feature in features]
            moment = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
            for one in ids:
                session.execute(
                    text("UPDATE map_feature SET published_at = :now WHERE id = :id"), {"now": moment, "id": one}
                )


def tiles_of(bounds: tuple[float, float, float, float], z: int) -> Iterator[Tile]:
    """Yield the tiles of a zoom that cover a box."""
    west, south, east, north = bounds
    (x0, x1), (y1, y0) = (
        np.floor(part * (1 << z)).astype(int).tolist() for part in fractions([west, east], [south, north])
    )
    for x in range(x0, x1 + 1):
        for y in range(y0, y1 + 1):
            yield Tile(z, x, y)


@dataclass(frozen=True)
class Shown:
    """What a layer of a tile says."""

    features: list[dict[str, Any]]

    @property
    def ids(self) -> set[str]:
        return {one["properties"]["id"] for one in self.features if "id" in one["properties"]}

    @property
    def count(self) -> int:
        return sum(int(one["properties"].get("count", 0)) for one in self.features)

    @property
    def by_name(self) -> dict[str, BaseGeometry]:
        """Shapes drawn by themselves."""
        return {one["properties"]["name"]: shape(one["geometry"]) for one in self.features if "id" in one["properties"]}

    @property
    def points(self) -> list[Point]:
        """Points that stand for several."""
        return [shape(one["geometry"]) for one in self.features if "count" in one["properties"]]

    @property
    def as_set(self) -> Counter[tuple[Any, ...]]:
        """What is shown, whatever its order."""
        return Counter(
            (shapely.to_wkt(shapely.normalize(shape(one["geometry"]))), tuple(sorted(one["properties"].items())))
            for one in self.features
        )


def read_layer(body: bytes | None, name: str = "features") -> Shown:
    layers = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}
    return Shown(layers.get(name, {"features": []})["features"])


def show(database: Database, tile: Tile, actor: Actor, name: str = "features") -> Shown:
    return read_layer(vector_tile(database, [name], tile, actor).body, name)
