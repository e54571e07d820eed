"""The base map of the workbench: raster tiles from a file on this computer (setting ``AYILMAP_BASEMAP``), or none."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from api.rest.preconditions import is_known
from api.routes.access import serving
from geo.errors import AyilmapError, NotFound
from geo.i18n import Language, text
from maps.print.tile_files import open_tiles

__all__ = ["BaseGround", "base_ground", "router"]

router = APIRouter(include_in_schema=False)
_log = logging.getLogger("ayilmap.basemap")
_A_DAY: Final = "public, max-age=86400"
_MOST_ZOOM: Final = 24
_SOME_TILES: Final = r"^\d{1,2}/\d{1,8}/\d{1,8}(,\d{1,2}/\d{1,8}/\d{1,8}){0,99}$"
_KINDS: Final = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"RIFF", "image/webp"))


@dataclass(frozen=True, slots=True)
class BaseGround:
    """What a map has to know of the file's tiles.

    Attributes
    ----------
    version
        Changes with the file, so that browsers may keep tiles.
    """

    lowest: int
    highest: int
    bounds: tuple[float, float, float, float] | None
    credits: str
    version: str

    def source(self) -> dict[str, Any]:
        """Return it as a raster source (MapLibre Style Specification 8); the credits are plain text, made safe."""
        return {
            "type": "raster",
            "tiles": [f"/basemap/{{z}}/{{x}}/{{y}}?v={self.version}"],
            "tileSize": 256,
            "minzoom": self.lowest,
            "maxzoom": self.highest,
            **({"bounds": list(self.bounds)} if self.bounds else {}),
            **({"attribution": escape(self.credits)} if self.credits else {}),
        }


def base_ground(path: Path | None) -> BaseGround | None:
    """Return the base map of the settings; None where there is none, or none that can be read, which is logged."""
    if path is None:
        return None
    try:
        return _told(path, _version(path))
    except (AyilmapError, OSError) as error:
        told = text(error.key, Language.EN, **error.params) if isinstance(error, AyilmapError) else str(error)
        _log.warning("the maps have no base: %s", told)
        return None


def _version(path: Path) -> str:
    if not path.is_file():
        raise NotFound("printing.base_missing", path=path)
    state = path.stat()
    return hashlib.sha256(f"{path}:{state.st_mtime_ns}:{state.st_size}".encode()).hexdigest()[:12]


@lru_cache(maxsize=4)
def _told(path: Path, version: str) -> BaseGround:
    with open_tiles(path) as tiles:
        return BaseGround(tiles.lowest, tiles.highest, tiles.bounds, _plain(tiles.credits), version)


def _plain(credits: str) -> str:
    """Return credits without the markup that such files often have: who made the map, not where to click."""
    inside, kept = 0, []
    for sign in credits:
        inside += sign == "<"
        if not inside:
            kept.append(sign)
        inside -= sign == ">" and inside > 0
    return " ".join("".join(kept).split())[:300]


def _is_on_earth(z: int, x: int, y: int) -> bool:
    return 0 <= z <= _MOST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z


@router.get("/basemap/sizes")
def sizes(request: Request, tiles: Annotated[str, Query(pattern=_SOME_TILES, max_length=3000)]) -> dict[str, int]:
    """Answer how many bytes some tiles (``z/x/y,z/x/y…``) have together, so that a phone knows before it takes them."""
    path = serving(request).basemap
    if path is None:
        raise NotFound("http.not_found")
    with open_tiles(path) as opened:
        places = [[int(number) for number in one.split("/")] for one in tiles.split(",")]
        return {"bytes": sum(len(opened.get(*place) or b"") for place in places if _is_on_earth(*place))}


@router.get("/basemap/{z}/{x}/{y}")
def tile(request: Request, z: int, x: int, y: int) -> Response:
    """Answer a tile by zoom, column, and row from the north; 204 where the file has none."""
    path = serving(request).basemap
    if path is None or not _is_on_earth(z, x, y):
        raise NotFound("http.not_found")
    version = _version(path)
    tag = f'"{version}-{z}-{x}-{y}"'
    headers = {"ETag": tag, "Cache-Control": _A_DAY}
    if is_known(tag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    with open_tiles(path) as tiles:
        content = tiles.get(z, x, y)
    if not content:
        return Response(status_code=204, headers=headers)
    kind = next((kind for begin, kind in _KINDS if content.startswith(begin)), "")
    if not kind:
        raise NotFound("http.not_found")  # whatever it is, browsers are not made to guess
    return Response(content, media_type=kind, headers=headers)
