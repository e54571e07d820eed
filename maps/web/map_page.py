"""A map page: contents laid out as one HTML file that needs no network and no other file."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import shapely
from branca.element import MacroElement
from folium.map import CustomPane
from folium.raster_layers import ImageOverlay
from folium.template import Template

from geo.errors import Failed
from geo.i18n import Language, text
from geo.storage.whole_file import write_whole
from maps.style import PALETTE
from maps.web.encoding import MOST_LATITUDE
from maps.web.marks import MapContents
from maps.web.page import Page, PaperMap
from maps.web.payload import as_script_json, payload_of

__all__ = ["render_map_page", "write_map_page"]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

SHEET_OPACITY = 0.8
PAINTED_FROM = 1200
"""With more marks than this they are painted on a canvas instead of being elements of the page."""
_SCRIPTS = (
    "map_reading.js",
    "map_signs.js",
    "map_sprites.js",
    "map_canvas.js",
    "map_popups.js",
    "map_spreading.js",
    "map_fitting.js",
    "map_names.js",
    "map_folding.js",
    "map_search.js",
    "map_switches.js",
    "map_furniture.js",
    "map_printing.js",
    "map_page.js",
)
_STYLES = (
    "map_page.css",
    "map_panel.css",
    "map_popups.css",
    "map_search.css",
    "map_page.phone.css",
    "map_page.print.css",
)
_PLAIN_REACH = 0.005
"""Half the width, in degrees, of the view of a village of which nothing is drawn yet: about 500 m."""
_FAR_DEGREES = 0.75
"""What is farther than this from the middle of a map, some 60 km, does not make the rest of it small."""


def render_map_page(contents: MapContents, language: Language) -> str:
    """Lay a map out as one HTML page.

    Parameters
    ----------
    contents
        What it shows; geometries in EPSG:4326 (lon lat), sheets as pictures in EPSG:3857.
    language
        Language of the page's own words.

    Raises
    ------
    Failed
        The browser libraries are not installed.
    """
    payload, drawn = payload_of(contents, language)
    payload["painted"] = len(contents.marks) > PAINTED_FROM
    bounds, far = _view(contents)
    page = Page(
        "map_page.html",
        context=_context(contents, language, drawn, far=far, payload=payload),
        scripts=_SCRIPTS,
        styles=_STYLES,
    )
    for side in range(len(contents.centres)):
        _add_map(page, contents, side, bounds)
    return page.render()


def write_map_page(page: str, path: Path) -> None:
    """Write a page to a file; a reader sees the old file or the whole new one, never a part.

    Raises
    ------
    Failed
        The file cannot be written.
    """
    try:
        write_whole(path, page.encode())
    except OSError as error:
        raise Failed("map.not_written", path=str(path)) from error


def _add_map(page: Page, contents: MapContents, side: int, bounds: Bounds) -> None:
    west, south, east, north = bounds
    paper = PaperMap(
        number=side,
        centre=((west + east) / 2, (south + north) / 2),
        zoom_start=15,
        min_zoom=3,
        max_zoom=21,
        zoom_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
    )
    page.add_child(paper, name=f"map{side}")
    pane = CustomPane("sheets", z_index=250)
    pane._id = f"sheets{side}"
    pane.add_to(paper)
    sheets: list[dict[str, object]] = []
    for option, overlay in _overlays(contents, side):
        overlay.add_to(paper)
        sheets.append({"option": option, "layer": overlay})
    last = side + 1 == len(contents.centres)
    _OpenMap(number=side, sheets=sheets, bounds=[[south, west], [north, east]], last=last).add_to(paper)


class _OpenMap(MacroElement):
    """Hands a drawn map over to the page's own scripts; the last one opens the page."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        ayilmap.takeMap({{ this._parent.get_name() }}, {
            bounds: {{ this.bounds|tojson }},
            sheets: [{% for sheet in this.sheets %}
                { option: {{ sheet.option|tojson }}, layer: {{ sheet.layer.get_name() }} },{% endfor %}
            ],
        });
        {% if this.last %}ayilmap.openPage();{% endif %}
        {% endmacro %}
        """
    )

    def __init__(self, *, number: int, sheets: list[dict[str, object]], bounds: list[list[float]], last: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "OpenMap"
        self._id = str(number)
        self.sheets = sheets
        self.bounds = bounds
        self.last = last


def _overlays(contents: MapContents, side: int) -> Iterator[tuple[int, ImageOverlay]]:
    for number, placed in enumerate(contents.sheets):
        if placed.side != side:
            continue
        west, south, east, north = placed.sheet.bounds
        overlay = ImageOverlay(
            "data:image/png;base64," + base64.b64encode(placed.sheet.overlay_png).decode("ascii"),
            bounds=[[south, west], [north, east]],
            alt="",
            pixelated=False,
            class_name="drawn-sheet",
            pane="sheets",
        )
        overlay._id = str(number)
        yield placed.option, overlay


def _view(contents: MapContents) -> tuple[Bounds, int]:
    """Return what the maps show at first, and how many marks are too far away to be in it."""
    # Two maps show one ground.
    own = [mark for mark in contents.marks if mark.geometry is not None]
    shapes = [mark.geometry for mark in own if not mark.background] or [mark.geometry for mark in own]
    boxes = shapely.bounds(np.array(shapes, dtype=object)) if shapes else np.zeros((0, 4))
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        # A sheet of which nothing is accepted yet; otherwise its empty margins would only make the rest small.
        sheets = [placed.sheet.bounds for placed in contents.sheets]
        boxes = np.array(sheets, dtype=float).reshape(-1, 4)
    lon, lat = contents.centres[0]
    if not len(boxes):
        return (lon - _PLAIN_REACH, lat - _PLAIN_REACH, lon + _PLAIN_REACH, lat + _PLAIN_REACH), 0
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    near = (np.abs(middles - (lon, lat)) < _FAR_DEGREES).all(axis=1)
    if not near.any():
        near = (np.abs(middles - np.median(middles, axis=0)) < _FAR_DEGREES).all(axis=1)
    shown = boxes[near] if near.any() else boxes
    west, south = shown[:, :2].min(axis=0).tolist()
    east, north = shown[:, 2:].max(axis=0).tolist()
    south, north = max(south, -MOST_LATITUDE), min(north, MOST_LATITUDE)
    if east - west < 1e-9 and north - south < 1e-9:
        west, south, east, north = west - _PLAIN_REACH, south - _PLAIN_REACH, east + _PLAIN_REACH, north + _PLAIN_REACH
    return (west, south, east, north), len(boxes) - len(shown)


def _context(
    contents: MapContents, language: Language, drawn: Sequence[bool], *, far: int, payload: dict[str, object]
) -> dict[str, object]:
    def say(key: str, **params: object) -> str:
        return text(f"map.{key}", language, **params)

    def say_web(key: str, **params: object) -> str:
        return text(f"web_map.{key}", language, **params)

    return {
        "language": language.value,
        "say": say,
        "say_web": say_web,
        "palette": {role.value.replace("_", "-"): tone.light for role, tone in PALETTE.items()},
        "contents": contents,
        "has_sheets": bool(contents.sheets),
        "sheet_opacity": round(SHEET_OPACITY * 100),
        "anything": any(drawn),
        "painted": payload["painted"],
        "far": far,
        "data": as_script_json(payload),
    }
