"""What describes tiles: tiling scheme, tile sets, TileJSON.

Sources: OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0, annexes B and D.1; TileJSON 3.0.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.i18n import Language, text
from geo.repositories.tile_sources import TileSource
from geo.spatial.tile_grid import HALF_WORLD_M, MAX_LATITUDE, MAX_ZOOM

__all__ = ["MATRIX_SET", "MVT", "TileSets", "matrix_set", "matrix_sets"]

MATRIX_SET = "WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"
FINEST_SHAPES = 16
"""Clients enlarge tiles of this zoom for further ones: 4096 units are 11 cm apart there, finer than anything drawn."""

_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
_RELATION = "http://www.opengis.net/def/rel/ogc/1.0"
_PIXELS = 256
_PIXEL_M = 0.00028
"""Side of the standard's rendering pixel."""


def matrix_sets(base: str) -> dict[str, Any]:
    """Return the list of tiling schemes; ``base`` is the address of the landing page."""
    href = f"{base}/tileMatrixSets/{MATRIX_SET}"
    links = [{"rel": f"{_RELATION}/tiling-scheme", "type": "application/json", "href": href}]
    return {"tileMatrixSets": [{"id": MATRIX_SET, "uri": _URI, "crs": _CRS, "links": links}]}


def matrix_set() -> dict[str, Any]:
    """Return the definition of WebMercatorQuad."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": _URI,
        "crs": _CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(MAX_ZOOM + 1)],
    }


def _matrix(zoom: int) -> dict[str, Any]:
    side = 1 << zoom
    cell = 2 * HALF_WORLD_M / side / _PIXELS
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD_M, HALF_WORLD_M],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": side,
        "matrixHeight": side,
    }


class TileSets:
    """Documents about the tiles of some collections.

    Parameters
    ----------
    base
        Address of the landing page, without a slash at its end.
    sources
        The collections.
    collection_id
        None for the dataset as a whole.
    """

    def __init__(self, base: str, sources: Sequence[TileSource], language: Language, collection_id: str | None) -> None:
        self._sources, self._language = sources, language
        self._base = base
        self._place = f"{base}/" + ("tiles" if collection_id is None else f"collections/{collection_id}/tiles")

    @property
    def title(self) -> str:
        """Title of the tile set."""
        return ", ".join(self._title(source) for source in self._sources)

    def listing(self) -> dict[str, Any]:
        """Return the list of tile sets: the one there is."""
        links = [_link("self", self._place), _link(f"{_RELATION}/tiling-schemes", f"{self._base}/tileMatrixSets")]
        return {"tilesets": [self._head() | {"links": self._links(own="self")}], "links": links}

    def tileset(self) -> dict[str, Any]:
        """Return the metadata of the tile set."""
        box = {
            "lowerLeft": [-180.0, -MAX_LATITUDE],
            "upperRight": [180.0, MAX_LATITUDE],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        }
        layers = [
            {
                "id": source.name,
                "title": self._title(source),
                "dataType": "vector",
                "propertiesSchema": {"type": "object", "properties": _schema(source)},
            }
            for source in self._sources
        ]
        return self._head() | {"boundingBox": box, "layers": layers, "links": self._links(own="self")}

    def tilejson(self) -> dict[str, Any]:
        """Return the tile set as TileJSON 3.0.0."""
        layers = [
            {
                "id": source.name,
                "description": self._title(source),
                "fields": {name: rule["type"].capitalize() for name, rule in _schema(source).items()},
                "minzoom": 0,
                "maxzoom": FINEST_SHAPES,
            }
            for source in self._sources
        ]
        return {
            "tilejson": "3.0.0",
            "name": self.title,
            "scheme": "xyz",
            "tiles": [f"{self._place}/{MATRIX_SET}/{{z}}/{{y}}/{{x}}"],
            "minzoom": 0,
            "maxzoom": FINEST_SHAPES,
            "vector_layers": layers,
        }

    def _head(self) -> dict[str, Any]:
        return {"title": self.title, "dataType": "vector", "crs": _CRS, "tileMatrixSetURI": _URI}

    def _links(self, *, own: str) -> list[dict[str, Any]]:
        here = f"{self._place}/{MATRIX_SET}"
        tiles = f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
        return [
            _link(own, here),
            _link("describedby", f"{here}?f=tilejson"),
            _link(f"{_RELATION}/tiling-scheme", f"{self._base}/tileMatrixSets/{MATRIX_SET}"),
            {"rel": "item", "type": MVT, "href": tiles, "templated": True},
        ]

    def _title(self, source: TileSource) -> str:
        return text(f"table.{source.table}", self._language)


def _link(relation: str, href: str) -> dict[str, Any]:
    return {"rel": relation, "type": "application/json", "href": href}


def _schema(source: TileSource) -> dict[str, dict[str, str]]:
    numbers = {name for name in source.properties if name.endswith(("_m", "_som"))}
    names = [*source.properties, *source.answers]
    properties = {name: {"type": "number" if name in numbers else "string"} for name in names}
    return properties | {"count": {"type": "number", "description": "Objects that this point stands for."}}
