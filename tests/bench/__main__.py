"""Print the table of figures: ``python -m tests.bench``; exit code 1 where a goal is missed."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.country import load_country
from tests.bench.documents import measure_documents
from tests.bench.drawings import measure_drawings
from tests.bench.items import measure_items
from tests.bench.linking import measure_linking
from tests.bench.pages import measure_pages
from tests.bench.pictures import measure_placing, measure_reading, measure_tracing
from tests.bench.placement_trial import measure_placement_trial
from tests.bench.placing_page import measure_placing_page
from tests.bench.posters import measure_posters
from tests.bench.reading_scores import measure_reading_scores
from tests.bench.rows import Row
from tests.bench.storage import measure_storage
from tests.bench.tiles import measure_embedded_tiles, measure_tiles
from tests.bench.tracing_scores import measure_outlining, measure_scores
from tests.bench.web_maps import measure_web_maps
from tests.support.postgis import postgis_server


def rows(folder: Path) -> Iterator[Row]:
    """Measure one thing after the other."""
    yield from measure_tracing(folder)
    yield from measure_outlining(folder)
    yield from measure_scores()
    yield from measure_reading(folder)
    yield from measure_placing(folder)
    yield from measure_placement_trial(folder)
    yield from measure_placing_page(folder)
    yield from measure_reading_scores()
    yield from measure_web_maps(folder)
    yield from measure_pages(folder)
    yield from measure_drawings()
    yield from measure_posters()
    yield from measure_documents()
    yield from measure_storage(str(folder / "bench.gpkg"), "GeoPackage")
    village_url = f"sqlite:///{folder / 'tiles.gpkg'}"
    yield from measure_embedded_tiles(village_url, load_country(village_url, settlements=200))
    with postgis_server() as server:
        with server.database() as url:
            yield from measure_storage(url, "PostGIS")
        with server.database() as url:
            country = load_country(url)
            yield from measure_items(url, country)
            yield from measure_tiles(url, country)
        with server.database() as url:
            yield from measure_linking(url)


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    print(f"{os.cpu_count()} cores; each figure from this run on this machine\n")
    with tempfile.TemporaryDirectory(prefix="ayilmap-bench-") as folder:
        missed = 0
        for row in rows(Path(folder)):
            print(row.line(), flush=True)
            missed += not row.met
    return 1 if missed else 0


sys.exit(main())
