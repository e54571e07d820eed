"""Nearness: the same neighbours on both engines, and those that shapely and pyproj find."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely.affinity import scale, translate
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, select

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.rights import LOCAL, PUBLIC
from geo.domain.vocabulary import Kind, Layer
from geo.drafts import NewFeature
from geo.errors import Refused
from geo.models import MapFeature, Settlement
from geo.models.base import now
from geo.repositories.features import FeatureRepository
from geo.repositories.nearness import NearnessRepository, map_features
from geo.spatial.measuring import WGS84, project

VILLAGE = Point(78.2385, 42.495)
UTM = CRS.from_epsg(32644)
FEATURES = map_features(LOCAL)
_GEOD = Geod(ellps="WGS84")

Put = Callable[..., list[UUID]]


@pytest.fixture
def put(database: Database) -> Put:
    """Store shapes as the only features there are."""
    with database.write(actor="test") as session:
        village = Settlement(name_ky="Үлгү айылы", geometry=VILLAGE)
        session.add(village)

    def store(shapes: list[BaseGeometry], kind: Kind = Kind.HOUSE) -> list[UUID]:
        features = [NewFeature(kind=kind, geometry=shape) for shape in shapes]
        with database.write(actor="test") as session:
            session.execute(delete(MapFeature))
            FeatureRepository(session).load(features, settlement_id=village.id)
        return [feature.id for feature in features]

    return store


def east_of(metres: float, place: Point = VILLAGE) -> Point:
    return Point(*_GEOD.fwd(place.x, place.y, 90, metres)[:2])


def north_of(metres: float, place: Point = VILLAGE) -> Point:
    return Point(*_GEOD.fwd(place.x, place.y, 0, metres)[:2])


def metres_apart(first: BaseGeometry, second: BaseGeometry) -> float:
    """Measure in the UTM zone, whose scale at the village is 0.9998."""
    return float(project(first, source=WGS84, target=UTM).distance(project(second, source=WGS84, target=UTM)))


offsets = st.tuples(st.floats(-0.08, 0.08), st.floats(-0.08, 0.08))
angles, sizes = st.floats(0, 360), st.floats(1e-5, 5e-3)


@st.composite
def shapes(draw: st.DrawFn) -> BaseGeometry:
    east, north = draw(offsets)
    size = draw(sizes)
    shape: BaseGeometry = draw(
        st.sampled_from(
            [
                Point(0, 0),
                LineString([(0, 0), (1, 0.3), (1.5, 2)]),
                box(-0.5, -0.5, 0.5, 0.7),
                box(-1, -1, 1, 1).difference(box(-0.4, -0.4, 0.4, 0.4)),
            ]
        )
    )
    moved: BaseGeometry = translate(scale(shape, size, size, origin=(0, 0)), VILLAGE.x + east, VILLAGE.y + north)
    return moved


ON_A_STORE = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def agrees(found_m: float, true_m: float) -> bool:
    return abs(found_m - true_m) <= max(0.5, 0.005 * true_m)


@ON_A_STORE
@given(asked=shapes(), others=st.lists(shapes(), min_size=1, max_size=25), count=st.integers(1, 4))
def test_neighbours_are_those_of_shapely(
    database: Database, put: Put, asked: BaseGeometry, others: list[BaseGeometry], count: int
) -> None:
    ids = put(others)
    true = {one: metres_apart(asked, other) for one, other in zip(ids, others, strict=True)}
    with database.read() as session:
        found = NearnessRepository(session).nearest(asked, FEATURES, count=count)
    assert len(found) == min(count, len(others))
    assert [one.distance_m for one in found] == sorted(one.distance_m for one in found)
    assert all(agrees(one.distance_m, true[one.id]) for one in found)
    left = [true[one] for one in ids if one not in {near.id for near in found}]
    if left:  # nobody left out is truly nearer than the farthest found
        assert min(left) * 1.005 + 0.5 >= found[-1].distance_m


@ON_A_STORE
@given(
    asked=shapes(), others=st.lists(shapes(), min_size=1, max_size=25), distance_m=st.sampled_from([0, 30, 500, 4000])
)
def test_everything_within_a_distance_and_nothing_else(
    database: Database, put: Put, asked: BaseGeometry, others: list[BaseGeometry], distance_m: float
) -> None:
    ids = put(others)
    with database.read() as session:
        found = {one.id for one in NearnessRepository(session).within(asked, FEATURES, distance_m=distance_m)}
    for one, other in zip(ids, others, strict=True):
        true = metres_apart(asked, other)
        margin = max(0.5, 0.005 * distance_m)
        if distance_m == 0:
            assert (one in found) == asked.intersects(other)
        elif abs(true - distance_m) > margin:
            assert (one in found) == (true < distance_m)


@ON_A_STORE
@given(others=st.lists(shapes(), min_size=2, max_size=30), count=st.integers(1, 3))
def test_linking_many_is_asking_for_each(database: Database, put: Put, others: list[BaseGeometry], count: int) -> None:
    ids = put(others)
    wells = ids[: len(ids) // 2]
    with database.write(actor="test") as session:
        for feature in session.scalars(select(MapFeature).where(MapFeature.id.in_(wells))):
            feature.kind = Kind.WELL
    to_wells, houses = map_features(LOCAL, kinds=[Kind.WELL]), map_features(LOCAL, kinds=[Kind.HOUSE])
    with database.read() as session:
        nearness = NearnessRepository(session)
        by_fid = {feature.fid: feature for feature in session.scalars(select(MapFeature))}
        expected: list[tuple[int, UUID, object]] = [
            (fid, near.id, pytest.approx(near.distance_m, abs=1e-6))
            for fid, feature in sorted(by_fid.items())
            if feature.kind is Kind.HOUSE
            for near in nearness.nearest(feature.geometry, to_wells, count=count)
        ]
        links = nearness.link(houses, to_wells, count=count)
        found: list[tuple[int, UUID, object]] = [(one, by_fid[other].id, metres) for one, other, metres in links]
        assert found == expected


def test_both_engines_give_the_same_links(postgis_url: str, geopackage_url: str) -> None:
    rng = np.random.default_rng(20141119)
    corners = rng.normal((VILLAGE.x, VILLAGE.y), (0.02, 0.015), (1500, 2))
    places = [Point(*xy) if i % 3 else box(*xy, *(xy + 3e-4)) for i, xy in enumerate(corners)]
    kinds = [Kind.STANDPIPE if i % 40 == 0 else Kind.HOUSE for i in range(len(places))]
    features = [NewFeature(kind=kind, geometry=place) for kind, place in zip(kinds, places, strict=True)]
    answers = []
    for url in (postgis_url, geopackage_url):
        upgrade(url)
        database = Database(url)
        with database.write(actor="test") as session:
            village = Settlement(name_ky="Үлгү айылы", geometry=VILLAGE)
            session.add(village)
            session.flush()
            FeatureRepository(session).load(features, settlement_id=village.id)
        with database.read() as session:
            links = NearnessRepository(session).link(
                map_features(LOCAL, kinds=[Kind.HOUSE]), map_features(LOCAL, kinds=[Kind.STANDPIPE]), count=2
            )
        database.dispose()
        answers.append(links)
    first, second = answers
    assert len(first) == 2 * kinds.count(Kind.HOUSE)
    assert first.source_fid.tolist() == second.source_fid.tolist()
    assert first.target_fid.tolist() == second.target_fid.tolist()
    assert np.abs(first.distance_m - second.distance_m).max() < 1e-4


def test_degrees_would_name_the_wrong_one(database: Database, put: Put) -> None:
    """100 m north is farther than 95 m east, and yet fewer degrees away."""
    east, north = east_of(95), north_of(100)
    assert VILLAGE.distance(north) < VILLAGE.distance(east)
    near_east, _ = put([east, north])
    with database.read() as session:
        nearness = NearnessRepository(session)
        (found,) = nearness.nearest(VILLAGE, FEATURES)
        (inside,) = nearness.within(VILLAGE, FEATURES, distance_m=97)
    assert found.id == inside.id == near_east
    assert found.distance_m == pytest.approx(95, abs=0.05)


def test_ties_go_by_id(database: Database, put: Put) -> None:
    ids = put([east_of(50)] * 5)
    with database.read() as session:
        nearness = NearnessRepository(session)
        assert [one.id for one in nearness.nearest(VILLAGE, FEATURES, count=3)] == sorted(ids)[:3]
        assert [one.id for one in nearness.within(VILLAGE, FEATURES, distance_m=60, most=2)] == sorted(ids)[:2]


def test_far_neighbours_are_right_to_half_a_percent(database: Database, put: Put) -> None:
    for bearing in range(0, 360, 45):
        far = Point(*_GEOD.fwd(VILLAGE.x, VILLAGE.y, bearing, 49_000)[:2])
        put([far])
        with database.read() as session:
            (found,) = NearnessRepository(session).nearest(VILLAGE, FEATURES)
        assert found.distance_m == pytest.approx(49_000, rel=0.005)


def test_filters_withdrawn_and_unpublished_rows(database: Database, put: Put) -> None:
    near, middle, far = put([east_of(10), east_of(20), east_of(30)])
    with database.write(actor="test") as session:
        first = session.scalars(select(MapFeature).where(MapFeature.id == near)).one()
        first.withdrawn_at = now()
        last = session.scalars(select(MapFeature).where(MapFeature.id == far)).one()
        last.published_at = now()
        last.kind, last.layer = Kind.SPRING, Layer.WATER

    def nearest(**wanted: object) -> list[UUID]:
        with database.read() as session:
            rows = map_features(**{"actor": LOCAL, **wanted})  # type: ignore[arg-type]
            return [one.id for one in NearnessRepository(session).nearest(VILLAGE, rows, count=9)]

    assert nearest() == [middle, far]
    assert nearest(actor=PUBLIC) == [far]
    assert nearest(layers=[Layer.WATER]) == nearest(kinds=[Kind.SPRING]) == [far]
    assert nearest(but=[middle]) == [far]
    assert nearest(settlement_ids=[near]) == []


@pytest.mark.parametrize("distance_m", [-1.0, float("nan"), 60_000.0])
def test_distances_that_mean_nothing_are_refused(database: Database, distance_m: float) -> None:
    with database.read() as session:
        nearness = NearnessRepository(session)
        with pytest.raises(Refused, match=r"nearness\.distance"):
            nearness.within(VILLAGE, FEATURES, distance_m=distance_m)
        with pytest.raises(Refused, match=r"nearness\.empty"):
            nearness.nearest(Point(), FEATURES)
        assert nearness.nearest(VILLAGE, FEATURES) == ()
        assert len(nearness.link(FEATURES, FEATURES)) == 0
