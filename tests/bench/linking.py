"""How fast visits are linked to the objects nearest to them, against the bare SQL nearest-neighbour join.

``python -m tests.bench.linking`` measures this alone.
"""

from __future__ import annotations

import csv
import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.database.database import Database
from geo.domain.identifiers import new_id
from geo.domain.monitoring_codes import VisitMethod, VisitTopic
from geo.domain.rights import LOCAL
from geo.models import MonitoringVisit, Municipality, Settlement
from geo.repositories.nearness import map_features
from geo.services.visit_evidence import link_visits
from tests.bench.country import VILLAGE_DEGREES, Country, load_country
from tests.bench.rows import Row
from tests.support.postgis import postgis_server

__all__ = ["measure_linking"]

VISITS = 100_000
ROUNDS = 3
GOAL = 1.2
SEED = 20150320
MOMENT = "2026-01-01T00:00:00Z"

BARE = text(
    "SELECT v.fid, near.fid, near.degrees FROM monitoring_visit v CROSS JOIN LATERAL ("
    "SELECT f.fid, f.geometry <-> v.geometry AS degrees FROM map_feature f ORDER BY f.geometry <-> v.geometry LIMIT 1"
    ") near"
)


def measure_linking(
    url: str, *, settlements: int = 2_000, features_each: int = 500, visits: int = VISITS
) -> Iterator[Row]:
    """Load a country and visits on PostGIS, and link all visits both ways in turn."""
    country = load_country(url, settlements=settlements, features_each=features_each)
    database = Database(url)
    with database.write(actor="bench") as session:
        _copy_visits(session, country, visits)
    with database.write_engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    ratios, bare_s, ours_s = [], [], []
    bare: list[Any] = []
    links = None
    for number in range(ROUNDS + 1):
        with database.read() as session:
            bare_time, bare = _timed(lambda: session.execute(BARE).all())
        with database.read() as session:
            our_time, links = _timed(lambda: link_visits(session, map_features(LOCAL), actor=LOCAL))
        if number:  # the first round fills the caches of both
            ratios.append(our_time / bare_time)
            bare_s.append(bare_time)
            ours_s.append(our_time)
    database.dispose()
    if links is None or len(links) != visits:
        raise RuntimeError("not every visit was linked")
    by_degrees = {visit: feature for visit, feature, _ in bare}
    wrong = sum(by_degrees[visit] != feature for visit, feature, _ in links) / visits
    size = f"{visits:,} visits to {country.features:,} objects"
    yield Row(f"PostGIS: bare join by degrees, {size}", statistics.median(bare_s), "s")
    yield Row(
        f"PostGIS: linking in metres, {size}",
        statistics.median(ours_s),
        "s",
        note=f"degrees name another object for {wrong:.1%}",
    )
    spread = ", ".join(f"{one:.2f}" for one in ratios)
    yield Row("linking: ours by bare join", statistics.median(ratios), "×", goal=GOAL, note=f"of {spread}")


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def _copy_visits(session: Session, country: Country, visits: int) -> None:
    rng = np.random.default_rng(SEED)
    near = country.places[rng.integers(0, len(country.places), visits)]
    places = shapely.points(near + rng.uniform(-VILLAGE_DEGREES * 0.75, VILLAGE_DEGREES * 0.75, (visits, 2)))
    shapes = shapely.to_wkb(shapely.set_srid(places, 4326), hex=True, include_srid=True)
    municipality_id = session.scalars(select(Municipality.id).limit(1)).one()
    settlement_id = session.scalars(select(Settlement.id).limit(1)).one()
    same = {
        "settlement_id": settlement_id,
        "municipality_id": municipality_id,
        "number": 1,
        "topic": VisitTopic.SERVICE.value,
        "service": "bench",
        "method": VisitMethod.OBSERVATION.value,
        "visited_at": MOMENT,
        "accuracy_m": 8,
        "members": "[]",
        "quantity_unit": "",
        "summary": "",
        "recommendations": "",
        "version": 1,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    for shape in shapes:
        visit_id = str(new_id())
        writer.writerow([visit_id, visit_id, shape, *same.values()])
    buffer.seek(0)
    columns = ", ".join(["id", "chain_id", "geometry", *same])
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was closed")
    with driver.cursor() as cursor:
        statement = f"COPY {MonitoringVisit.__tablename__} ({columns}) FROM STDIN WITH (FORMAT csv)"
        cursor.copy_expert(statement, buffer)


def main() -> int:
    """Measure on a server of its own; exit code 1 where the goal is missed."""
    with postgis_server() as server, server.database() as url:
        missed = False
        for row in measure_linking(url):
            print(row.line(), flush=True)
            missed |= not row.met
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
