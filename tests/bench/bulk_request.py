"""How fast one request of 10 000 objects of the map is read, checked and stored, on both engines.

Run: ``python -m tests.bench.bulk_request``.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import Any

from api.rest.bodies import read_drafts
from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.rights import LOCAL
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import create_many
from geo.services.sample import store_sample
from geo.services.workspace import Workspace
from geo.storage import FolderStore
from tests.support.postgis import postgis_server

ROWS = 10_000
TIMES = 3
VILLAGE = "01a20004-b16b-71b2-bc71-6bc1d5b423e8"
FEATURES = RESOURCES["map-features"]


def body() -> list[dict[str, Any]]:
    """Points and squares by halves, round the sample village."""
    chance = random.Random(7)
    found = []
    for number in range(ROWS):
        x, y = 78.2385 + chance.uniform(-0.02, 0.02), 42.495 + chance.uniform(-0.02, 0.02)
        ring = [[x, y], [x + 0.0002, y], [x + 0.0002, y + 0.0002], [x, y + 0.0002], [x, y]]
        is_point = number % 2
        properties = {
            "settlement_id": VILLAGE,
            "kind": "house" if is_point else "building",
            "name_ky": f"Үй {number}",
            "attributes": {"condition": "old", "users": ["women", "men"]},
            "source": "gps",
            "position_error_m": 5,
        }
        shape = {"type": "Point", "coordinates": [x, y]} if is_point else {"type": "Polygon", "coordinates": [ring]}
        found.append({"type": "Feature", "geometry": shape, "properties": properties})
    return found


def measure(engine: str, url: str, folder: Path) -> None:
    """Print the best of some rounds; every round adds its rows to the store."""
    upgrade(url)
    workspace = Workspace(Database(url), FolderStore(folder))
    with workspace.write(actor="bench") as session:
        store_sample(session)
    rows, reading, storing = body(), [], []
    for _ in range(TIMES):
        begun = time.perf_counter()
        drafts = read_drafts(FEATURES, rows, most=ROWS)
        reading.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with workspace.write(actor="bench") as session:
            create_many(session, FEATURES, drafts, actor=LOCAL)
        storing.append(time.perf_counter() - begun)
    workspace.database.dispose()
    read, stored = min(reading), min(storing)
    print(
        f"{engine}: read {read:.2f} s, checked and stored {stored:.2f} s ({ROWS / stored:,.0f} rows/s; "
        f"{ROWS / (read + stored):,.0f} with reading)"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where, postgis_server() as server, server.database() as postgis:
        measure("GeoPackage", f"sqlite:///{where}/village.gpkg", Path(where))
        measure("PostGIS", postgis, Path(where))
