"""How fast tiles come: against raw SQL through pgbench, and against tipg; same machine, same run, same data."""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import mapbox_vector_tile
import numpy as np
import psycopg2

from geo.spatial.tile_grid import Tile, fractions
from tests.bench.callers import Caller, answers_per_second
from tests.bench.country import EAST, NORTH, SOUTH, WEST, Country
from tests.bench.our_service import our_server
from tests.bench.rows import Row
from tests.bench.tipg_peer import tipg_server
from tests.support.programs import find_postgres

__all__ = ["measure_embedded_tiles", "measure_tiles"]

CALLERS = 2
SECONDS = 5.0
ROUNDS = 3
RAW_TILES = 100
"""pgbench takes 128 scripts at most, and each is one tile."""
EMBEDDED_TILES = 60
"""Tiles asked for at each zoom."""

_RAW = """SELECT ST_AsMVT(t, 'features', 4096, 'geom', 'fid') FROM (
SELECT ST_AsMVTGeom(ST_Transform(geometry, 3857), ST_TileEnvelope({z}, {x}, {y}), 4096, 64, true) AS geom,
fid, id::text AS id, layer, kind, name_ky AS name, attributes ->> 'condition' AS condition, position_error_m
FROM map_feature
WHERE geometry && ST_Transform(ST_TileEnvelope({z}, {x}, {y}, margin => 0.015625), 4326)) AS t;
""".replace("\n", " ")


def measure_tiles(url: str, country: Country) -> Iterator[Row]:
    """Measure tiles of zoom 14, made and kept, and the counting ones of zooms 6 to 9.

    Parameters
    ----------
    url
        A PostGIS database filled by `tests.bench.country.load_country`.
    country
        What it was filled with.
    """
    tiles = _village_tiles(country, 14)
    repeated, asked = tiles[:RAW_TILES], tiles[:-20]
    with tipg_server(url) as peer, our_server(url) as ours:
        for address, path in ((peer, _peer_path), (ours, _path)):
            answers_per_second(address, [path(tile) for tile in tiles[-20:]], seconds=3, callers=CALLERS)
        rates = defaultdict(list)
        # Turn about, so that what else the machine does meets all of them.
        for number in range(ROUNDS):
            rates["raw"].append(_pgbench(url, repeated))
            # Each round tiles of its own: made are those that nobody asked for before.
            fresh = asked[number::ROUNDS]
            peer_paths, paths = [_peer_path(tile) for tile in fresh], [_path(tile) for tile in fresh]
            rates["peer"].append(answers_per_second(peer, peer_paths, seconds=SECONDS, callers=CALLERS, once=True))
            _forget(url)
            rates["made"].append(answers_per_second(ours, paths, seconds=SECONDS, callers=CALLERS, once=True))
            again = [_path(tile) for tile in repeated]
            answers_per_second(ours, again, seconds=SECONDS, callers=CALLERS, once=True)
            rates["kept"].append(answers_per_second(ours, again, seconds=SECONDS, callers=CALLERS))
            rates["known"].append(answers_per_second(ours, again, seconds=SECONDS, callers=CALLERS, conditional=True))
        raw, tipg, made, kept, known = (
            statistics.median(rates[name]) for name in ("raw", "peer", "made", "kept", "known")
        )
        yield Row("PostGIS: tile z14, raw SQL by pgbench", raw, "1/s")
        yield Row("PostGIS: tile z14, tipg", tipg, "1/s")
        yield Row("PostGIS: tile z14 made, against raw", made / raw, "ratio", 0.6, at_most=False, note=f"{made:.0f}/s")
        yield Row("PostGIS: tile z14 made, against tipg", made / tipg, "ratio", 3.0, at_most=False)
        yield Row("PostGIS: tile z14 kept, against raw", kept / raw, "ratio", 1.5, at_most=False, note=f"{kept:.0f}/s")
        yield Row("PostGIS: tile z14 by its etag, against raw", known / raw, "ratio", 1.5, at_most=False)
        _forget(url)
        yield from _counting(ours, country)


def measure_embedded_tiles(url: str, country: Country) -> Iterator[Row]:
    """Measure tiles of a GeoPackage at the zooms of villages, each made when it is asked for."""
    with our_server(url, workers=1) as address:
        caller = Caller(address)
        caller.get(_path(_village_tiles(country, 14)[0]))
        for zoom in range(10, 17):
            times = []
            for tile in _village_tiles(country, zoom)[:EMBEDDED_TILES]:
                begun = time.perf_counter()
                caller.get(_path(tile))
                times.append(time.perf_counter() - begun)
            p95 = float(np.percentile(times, 95)) * 1000
            yield Row(f"GeoPackage: tile z{zoom} on {country.features:,} features, p95", p95, "ms", 60)
        caller.close()


def _counting(address: str, country: Country) -> Iterator[Row]:
    caller = Caller(address)
    for zoom in range(6, 10):
        times, sizes, counted = [], [], 0
        for tile in _all_tiles(zoom):
            begun = time.perf_counter()
            answer = caller.get(_path(tile))
            times.append(time.perf_counter() - begun)
            sizes.append(len(answer.body))
            layers = mapbox_vector_tile.decode(answer.body) if answer.body else {}
            for layer in layers.values():
                counted += sum(int(one["properties"]["count"]) for one in layer["features"])
        p95 = float(np.percentile(times, 95)) * 1000
        yield Row(f"PostGIS: tile z{zoom} made, p95", p95, "ms", 150, note=f"{len(times)} tiles")
        yield Row(f"PostGIS: tile z{zoom}, largest", max(sizes) / 1000, "kB", 300)
        missing = abs(country.features - counted)
        yield Row(f"PostGIS: tiles z{zoom}, objects missing from the counts", missing, "objects", 0)
    caller.close()


def _peer_path(tile: Tile) -> str:
    return f"/collections/public.map_feature/tiles/WebMercatorQuad/{tile.z}/{tile.x}/{tile.y}"


def _path(tile: Tile) -> str:
    return f"/ogc/collections/features/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"


def _village_tiles(country: Country, zoom: int) -> list[Tile]:
    """Return the tiles in which villages lie, each once, in the order of the villages."""
    east, south = fractions(country.places[:, 0], country.places[:, 1])
    side = 1 << zoom
    cells = zip((east * side).astype(int).tolist(), (south * side).astype(int).tolist(), strict=True)
    return [Tile(zoom, x, y) for x, y in dict.fromkeys(cells)]


def _all_tiles(zoom: int) -> Iterator[Tile]:
    east, south = fractions([WEST - 0.1, EAST + 0.1], [SOUTH - 0.1, NORTH + 0.1])
    (x0, x1), (y1, y0) = ((part * (1 << zoom)).astype(int).tolist() for part in (east, south))
    for x in range(x0, x1 + 1):
        for y in range(y0, y1 + 1):
            yield Tile(zoom, x, y)


def _forget(url: str) -> None:
    connection = psycopg2.connect(**_server(url))
    with connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE tiles.kept")
    connection.close()


def _pgbench(url: str, tiles: list[Tile]) -> float:
    """Return how many tiles raw SQL gives a second, with statements prepared."""
    program = find_postgres().folder / "pgbench"
    server = _server(url)
    with tempfile.TemporaryDirectory(prefix="ayilmap-bench-") as folder:
        scripts = []
        for number, tile in enumerate(tiles):
            script = Path(folder) / f"{number}.sql"
            script.write_text(_RAW.format(z=tile.z, x=tile.x, y=tile.y), encoding="utf-8")
            scripts += ["-f", str(script)]
        where = ["-h", server["host"], "-U", server["user"], server["dbname"]]
        command = [str(program), "-n", "-M", "prepared", "-c", str(CALLERS), "-T", f"{SECONDS:.0f}", *scripts, *where]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", told)
    if found is None:
        raise RuntimeError("pgbench told no rate")
    return float(found.group(1))


def _server(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    host = parse_qs(parts.query)["host"][0]
    return {"host": host, "user": parts.username or "", "dbname": parts.path.lstrip("/")}
