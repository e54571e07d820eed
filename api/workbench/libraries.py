"""The browser libraries that npm installed, served to our pages: by name to scripts, and compressed to the wire."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from maps.web.assets import node_modules_folder

__all__ = ["LIBRARIES", "MODULES", "Libraries", "compressed_path", "import_map", "import_map_hash", "library_address"]

LIBRARIES: Final = MappingProxyType(
    {
        "maplibre-gl": "dist",
        "terra-draw": "dist",
        "terra-draw-maplibre-gl-adapter": "dist",
        "idb": "build",
        "sortablejs": "modular",
        "driver.js": "dist",
        "workbox-core": "build",
        "workbox-precaching": "build",
        "workbox-routing": "build",
        "workbox-strategies": "build",
    }
)
"""Package, and the folder in it that is served; nothing else of ``node_modules`` is."""

MODULES: Final = MappingProxyType(
    {
        "maplibre-gl": "maplibre-gl.mjs",
        "terra-draw": "terra-draw.modern.js",
        "terra-draw-maplibre-gl-adapter": "terra-draw-maplibre-gl-adapter.modern.js",
        "idb": "index.js",
        "sortablejs": "sortable.esm.js",
        "driver.js": "driver.js.mjs",
    }
)
"""What a script imports by name, and its file in the served folder."""

_A_YEAR: Final = "public, max-age=31536000, immutable"
_WORTH_COMPRESSING: Final = 1_400


def library_address(package: str, file: str) -> str:
    """Return the address of a library's file; the version in it lets browsers keep the file for ever."""
    return f"/libraries/{package}@{_version(package)}/{file}"


@cache
def import_map() -> str:
    """Return the import map of every page (HTML, section 8.1.5.2), as the very text that stands in it."""
    imports = {name: library_address(name, file) for name, file in MODULES.items()}
    return json.dumps({"imports": imports}, separators=(",", ":"))


@cache
def import_map_hash() -> str:
    """Return what a Content-Security-Policy knows the import map by: it is the one inline script there is."""
    return "sha256-" + base64.b64encode(hashlib.sha256(import_map().encode()).digest()).decode()


def compressed_path(file: Path) -> Path:
    """Return where set-up keeps a file compressed by Brotli (RFC 7932)."""
    folder = node_modules_folder().resolve()  # it may be a link
    inside = file.resolve().relative_to(folder)
    return folder / ".compressed" / inside.with_name(inside.name + ".br")


class Libraries:
    """Serves the files of `LIBRARIES`, as small as the browser takes them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = await run_in_threadpool(_answer, scope)
        await answer(scope, receive, send)


def _answer(scope: Scope) -> Response:
    path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
    head, _, name = path.partition("/")
    package, _, version = head.rpartition("@")
    folder = LIBRARIES.get(package)
    if folder is None or version != _version(package) or scope["method"] not in {"GET", "HEAD"}:
        return PlainTextResponse("", 404)
    root = (node_modules_folder() / package / folder).resolve()
    file = (root / name).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        return PlainTextResponse("", 404)
    accepted = Headers(scope=scope).get("accept-encoding", "")
    headers = {"Cache-Control": _A_YEAR, "Vary": "Accept-Encoding"}
    content, encoding = _content(file, accepted)
    if encoding:
        headers["Content-Encoding"] = encoding
    kind = "text/javascript" if file.suffix in {".js", ".mjs"} else mimetypes.guess_type(file.name)[0]
    return Response(content, media_type=kind or "application/octet-stream", headers=headers)


def _content(file: Path, accepted: str) -> tuple[bytes, str]:
    compressed = compressed_path(file)
    if "br" in accepted and compressed.is_file():
        return compressed.read_bytes(), "br"
    content = file.read_bytes()
    if "gzip" in accepted and len(content) > _WORTH_COMPRESSING:
        return gzip.compress(content, 6, mtime=0), "gzip"
    return content, ""


@cache
def _version(package: str) -> str:
    described = node_modules_folder() / package / "package.json"
    return str(json.loads(described.read_text("utf-8"))["version"]) if described.is_file() else "0"
