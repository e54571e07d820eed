"""How fast features go in and come out, on both engines."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry import Point
from sqlalchemy import text

from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import MapFeature, Settlement
from geo.repositories.features import FeatureRepository
from tests.bench.rows import Row

__all__ = ["measure_storage"]

ROWS = 100_000
LEAST_LOADED = 40_000
"""Rows a second by COPY on PostGIS."""
QUERIES = 500
SEED = 20141119
VILLAGE_DEGREES = 0.002
"""Side of a query box: about 160 by 220 m, a quarter of a village."""


def measure_storage(url: str, engine: str) -> Iterator[Row]:
    """Load 100,000 small polygons and query them by box, through the repository as the product does."""
    upgrade(url)
    database = Database(url)
    rng = np.random.default_rng(SEED)
    corners = rng.uniform((77.0, 42.0), (79.0, 43.0), (ROWS, 2))
    sizes = rng.uniform(0.0001, 0.0006, ROWS)
    shapes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + sizes, corners[:, 1] + sizes)
    features = [NewFeature(kind=Kind.ARABLE, geometry=shape) for shape in shapes]
    with database.write(actor="bench") as session:
        village = Settlement(name_ky="Үлгү", geometry=Point(78, 42.5), is_sample=True)
        session.add(village)
    begun = time.perf_counter()
    with database.write(actor="bench") as session:
        FeatureRepository(session).load(features, settlement_id=village.id)
    seconds = time.perf_counter() - begun
    goal = None if database.is_geopackage else LEAST_LOADED
    yield Row(f"{engine}: bulk load of {ROWS:,} polygons", ROWS / seconds, "rows/s", goal, at_most=False)
    if not database.is_geopackage:
        bound = _copy_into_the_table(database)
        label = f"{engine}: the same rows by bare COPY into the same table"
        yield Row(label, bound, "rows/s", note="keys looked up row by row")
        yield Row(f"{engine}: bulk load, times that COPY", ROWS / seconds / bound, "×")
        yield Row(f"{engine}: the same by bare COPY, nothing indexed or checked", _bare_copy(database), "rows/s")
        with database.write_engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE map_feature"))
    boxes = rng.uniform((77.0, 42.0), (79.0, 43.0), (QUERIES, 2)).tolist()
    times, found = [], 0
    with database.read() as session:
        repository = FeatureRepository(session)
        for west, south in boxes:
            begun = time.perf_counter()
            hits = repository.in_box((west, south, west + VILLAGE_DEGREES, south + VILLAGE_DEGREES))
            times.append(time.perf_counter() - begun)
            found += len(hits)
            session.expunge_all()
    p50 = statistics.median(times) * 1000
    yield Row(f"{engine}: box query on {ROWS:,} features, p50", p50, "ms", note=f"{found / QUERIES:.1f} features a box")
    database.dispose()


def _copy_into_the_table(database: Database) -> float:
    """Return rows a second of the server alone with all that the table has: indexes, keys, triggers; nothing stays."""
    connection = database.write_engine.raw_connection()
    driver = connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was closed")
    columns = ", ".join(column.name for column in MapFeature.__table__.columns if column.name != "fid")
    with tempfile.TemporaryFile() as rows, driver.cursor() as cursor:
        cursor.copy_expert(f"COPY map_feature ({columns}) TO STDOUT (FORMAT binary)", rows)
        rows.seek(0)
        cursor.execute("TRUNCATE map_feature CASCADE")
        begun = time.perf_counter()
        cursor.copy_expert(f"COPY map_feature ({columns}) FROM STDIN (FORMAT binary)", rows, 1 << 18)
        seconds = time.perf_counter() - begun
    connection.rollback()
    connection.close()
    return ROWS / seconds


def _bare_copy(database: Database) -> float:
    """Return rows a second of the server alone: a table without indexes, keys and triggers, rows written beforehand."""
    with database.write_engine.begin() as connection, tempfile.TemporaryFile() as rows:
        driver = connection.connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection was closed")
        with driver.cursor() as cursor:
            cursor.copy_expert("COPY map_feature TO STDOUT (FORMAT binary)", rows)
            rows.seek(0)
            cursor.execute("CREATE TEMPORARY TABLE bare (LIKE map_feature) ON COMMIT DROP")
            begun = time.perf_counter()
            cursor.copy_expert("COPY bare FROM STDIN (FORMAT binary)", rows, 1 << 18)
            return ROWS / (time.perf_counter() - begun)
