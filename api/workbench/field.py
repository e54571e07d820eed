"""The field app: a page for phones that a monitoring group carries along, and what makes it work without a connection.

The page is the same for everybody and holds no records: those come by ``/api/v1`` when they are taken along.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.workbench.frame import Anywhere, Frame
from api.workbench.icons import ICON_SIZES, icon_png
from api.workbench.libraries import library_address
from geo.domain.labels import label
from geo.domain.monitoring.checklist import ITEMS, MOST_POINTS, MOST_TOTAL
from geo.domain.monitoring.visits import COARSE_M
from geo.domain.monitoring_codes import Severity, VisitMethod, VisitTopic
from geo.i18n import LANGUAGES, Language, phrases
from geo.services.records.reading import read_record
from geo.services.records.registry import RESOURCES
from maps.style.palette import PALETTE, Role

__all__ = ["LABELLED_CODES", "router"]

router = APIRouter(include_in_schema=False)

_STATIC: Final = Path(__file__).parents[1] / "pages" / "static"
_TEMPLATE: Final = Path(__file__).parents[1] / "pages" / "templates" / "work" / "field.html"
_WORDS: Final = ("visiting.", "frame.", "locale.")
LABELLED_CODES: Final = (VisitTopic, VisitMethod, Severity)
"""Codes that are chosen from on a visit."""
_LIBRARIES: Final = (
    ("maplibre-gl", "maplibre-gl.mjs"),
    ("maplibre-gl", "maplibre-gl-worker.mjs"),
    ("maplibre-gl", "maplibre-gl.css"),
    ("idb", "umd.js"),
)
_IMPORTED: Final = re.compile(r"""(?:from|import)\s*\(?["']\./([\w.]+)["']""")
_WORKBOX: Final = ("core", "routing", "strategies", "precaching")
# A worker has a policy of its own (Service Workers, clause 4.1.4 with CSP Level 3, clause 4.2.4).
_WORKER_POLICY: Final = "default-src 'none'; script-src 'self'; connect-src 'self'"


@router.get("/field/worker.js")
def worker() -> Response:
    """Answer the service worker; its text changes with any file of the app, so that browsers see the new one."""
    libraries = [library_address(f"workbox-{part}", f"workbox-{part}.prod.js") for part in _WORKBOX]
    libraries.append(library_address("idb", "umd.js"))
    own = [f"/static/work/{name}.js?{_revision(f'work/{name}.js')}" for name in ("field_database", "field_sending")]
    lines = [
        f'self.FIELD_BUILD = "{_build()}";',
        f"self.FIELD_FILES = {json.dumps(_kept_files())};",
        f"importScripts({', '.join(json.dumps(address) for address in [*libraries, *own])});",
        (_STATIC / "work" / "field_worker.js").read_text("utf-8"),
    ]
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _WORKER_POLICY}
    return Response("\n".join(lines), media_type="text/javascript", headers=headers)


@router.get("/field/icon-{size}.png")
def icon(size: int) -> Response:
    """Answer the app's sign as a picture, for home screens."""
    if size not in ICON_SIZES:
        return Response(status_code=404)
    return Response(icon_png(size), media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


@router.get("/field/{municipality_id}/{year}/app.webmanifest")
def manifest(frame: Anywhere, municipality_id: UUID, year: int) -> JSONResponse:
    """Answer what a phone needs to install the page (Web Application Manifest)."""
    name = _name(frame, municipality_id)
    home = f"/field/{municipality_id}/{year}"
    paper, felt = PALETTE[Role.PAPER].light, "#991714"
    icons = [
        {"src": f"/field/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in ICON_SIZES
    ]
    icons.append({"src": "/static/mark.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"})
    body = {
        "id": home,
        "name": f"{frame.say('visiting.title')} · {name}",
        "short_name": frame.say("visiting.short_name"),
        "lang": frame.language.value,
        "start_url": home,
        "scope": "/field/",
        "display": "standalone",
        "background_color": paper,
        "theme_color": felt,
        "icons": icons,
    }
    return JSONResponse(body, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@router.get("/field/{municipality_id}/{year}", response_class=HTMLResponse)
def field(frame: Anywhere, municipality_id: UUID, year: int) -> HTMLResponse:
    """Show the field app of a municipality's year."""
    name = _name(frame, municipality_id)
    return frame.show(
        "work/field.html",
        title=f"{frame.say('visiting.title')} · {name}",
        words=_WORDS,
        municipality=name,
        year=year,
        home=f"/field/{municipality_id}/{year}",
        build=_build(),
        data={
            "municipalityId": str(municipality_id),
            "year": year,
            "municipality": name,
            "home": f"/field/{municipality_id}/{year}",
            "build": _build(),
            "languages": [one.value for one in LANGUAGES],
            "labels": _labels(frame.language),
            "checklist": [
                {"number": number, "label": label(item, frame.language), "most": MOST_POINTS[number]}
                for number, item in enumerate(ITEMS, start=1)
            ],
            "mostPoints": MOST_TOTAL,
            "coarseM": COARSE_M,
        },
    )


def _name(frame: Frame, municipality_id: UUID) -> str:
    with frame.store.read() as session:
        found = read_record(session, RESOURCES["municipalities"], municipality_id, actor=frame.actor)
    return next((found[key] for key in (f"name_{frame.language}", "name_ky", "name_ru", "name_en") if found[key]), "")


def _labels(language: Language) -> dict[str, dict[str, str]]:
    return {kind.__name__: {str(code): label(code, language) for code in kind} for kind in LABELLED_CODES}


@cache
def _kept_files() -> list[dict[str, Any]]:
    """Return what the app needs besides its page, as Workbox wants it: an address, and its revision."""
    own = [
        "mark.svg",
        "work/tokens.css",
        "work/map_controls.css",
        "work/field.css",
        "work/field_database.js",
        "work/field_sending.js",
    ]
    own += sorted(_with_imports("work/field.js"))
    files: list[dict[str, Any]] = [{"url": f"/static/{name}", "revision": _revision(name)} for name in own]
    files += [{"url": library_address(*one), "revision": None} for one in _LIBRARIES]
    return files


def _with_imports(name: str) -> set[str]:
    """Return a module of ours with all that it imports from beside it."""
    found, open_ = {name}, [name]
    while open_:
        for imported in _IMPORTED.findall((_STATIC / open_.pop()).read_text("utf-8")):
            if (beside := f"work/{imported}") not in found:
                found.add(beside)
                open_.append(beside)
    return found


@cache
def _revision(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:16]


@cache
def _sources() -> str:
    """Return what stands for everything that the app is made of besides its files: page, words, labels."""
    told = [sorted(phrases(_WORDS, language).items()) for language in LANGUAGES]
    labels = [_labels(language) for language in LANGUAGES]
    seen = json.dumps([told, labels, _TEMPLATE.read_text("utf-8"), Path(__file__).read_text("utf-8")])
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


@cache
def _build() -> str:
    return hashlib.sha256(json.dumps([_kept_files(), _sources()]).encode()).hexdigest()[:16]
