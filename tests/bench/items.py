"""Features of a box over HTTP, against the bare query and against tipg: same machine, same run, same data.

All three are driven alike: 4 connections that are kept, 100 boxes in villages again and again, 100 features each. What
counts is the ratio, taken in turns so that all meet the same machine. Our service holds pages that were asked for again
and asks the server only whether they are still true; so boxes that nobody asked for before are measured, too.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.bench.country import Country
from tests.bench.our_service import our_server
from tests.bench.rows import Row
from tests.bench.tipg_peer import tipg_server
from tests.support.programs import find_postgres

__all__ = ["measure_items"]

BOXES = 100
CONNECTIONS = 4
NEW_BOXES = 20_000
"""More than can be answered in the time of a round, so that each is asked for once."""
SECONDS = 8
ROUNDS = 3
LIMIT = 100
_COLUMNS = (
    "id, name_ky, name_ru, name_en, layer, kind, attributes, position_error_m, source, settlement_id, event_id, "
    "sheet_id, ink, version, created_at, updated_at"
)


def measure_items(url: str, country: Country) -> Iterator[Row]:
    """Measure pages of a box: the bare query by pgbench, our service and tipg with two processes each."""
    boxes = country.boxes(BOXES)
    with (
        tempfile.TemporaryDirectory(prefix="ayilmap-bench-") as name,
        our_server(url) as ours,
        tipg_server(url) as peer,
    ):
        folder = Path(name)
        items = f"{ours}/ogc/collections/features/items?limit={LIMIT}&bbox="
        raw, own, new, other = [], [], [], []
        for number in range(ROUNDS):
            raw.append(_bare(url, boxes, folder))
            own.append(_http(items, boxes, folder))
            new.append(_http(items, country.boxes(NEW_BOXES, seed=number), folder))
            other.append(_http(f"{peer}/collections/public.map_feature/items?limit={LIMIT}&bbox=", boxes, folder))
    bare, service, first, tipg = (statistics.median(rates) for rates in (raw, own, new, other))
    yield Row("PostGIS: pages of a box, bare query by pgbench", bare, "pages/s", note=f"{country.features:,} features")
    yield Row("PostGIS: pages of a box, over HTTP", service, "pages/s")
    yield Row("PostGIS: pages of a box, tipg", tipg, "pages/s")
    yield Row("PostGIS: pages of a box, share of the bare query", service / bare, "×", goal=0.45, at_most=False)
    yield Row("PostGIS: pages of a box, times tipg", service / tipg, "×", goal=8, at_most=False)
    yield Row("PostGIS: pages of a box, asked for the first time", first, "pages/s")
    yield Row("PostGIS: the first time, share of the bare query", first / bare, "×", goal=0.45, at_most=False)
    yield Row("PostGIS: the first time, times tipg", first / tipg, "×")


def _bare(url: str, boxes: list[tuple[float, ...]], folder: Path) -> float:
    """Return pages a second of the query that a person would write, a script a box: numbers are literals in both."""
    parts = urlsplit(url)
    scripts = []
    for number, box in enumerate(boxes):
        west, south, east, north = box
        envelope = f"ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326)"
        script = folder / f"{number}.sql"
        script.write_text(
            f"SELECT {_COLUMNS}, ST_AsGeoJSON(geometry) FROM map_feature "
            f"WHERE ST_Intersects(geometry, {envelope}) ORDER BY fid LIMIT {LIMIT};\n",
            encoding="utf-8",
        )
        scripts += ["-f", str(script)]
    command = [find_postgres().path("pgbench"), "-n", "-h", parse_qs(parts.query)["host"][0], "-U", str(parts.username)]
    command += ["-c", str(CONNECTIONS), "-j", "1", "-T", str(SECONDS), *scripts, parts.path.lstrip("/")]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    if found is None:
        raise RuntimeError(told)
    return float(found[1])


def _http(address: str, boxes: list[tuple[float, ...]], folder: Path) -> float:
    """Return pages a second by wrk; every answer has to be one that was asked for."""
    parts = urlsplit(address)
    paths = folder / "paths.txt"
    asked = [f"{parts.path}?{parts.query}{','.join(map(str, box))}" for box in boxes]
    paths.write_text("\n".join(asked) + "\n", encoding="utf-8")
    script = folder / "paths.lua"
    script.write_text(
        f"local paths = {{}}\nfor line in io.lines('{paths}') do paths[#paths + 1] = line end\nlocal at = 0\n"
        "request = function() at = at % #paths + 1 return wrk.format('GET', paths[at]) end\n",
        encoding="utf-8",
    )
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "-s", str(script)]
    told = subprocess.run(
        [*command, f"{parts.scheme}://{parts.netloc}"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"Requests/sec:\s*([\d.]+)", told)
    if found is None or "Non-2xx" in told:
        raise RuntimeError(told)
    return float(found[1])
