"""The map of one appraisal event: what each group drew, where it lies and how sure that is."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from branca.element import MacroElement
from folium.map import CustomPane
from folium.raster_layers import ImageOverlay
from folium.template import Template
from shapely.geometry import box
from shapely.ops import unary_union

from geo.errors import Failed
from geo.i18n import Language, text
from geo.snapshots import EventSnapshot
from geo.storage.whole_file import write_whole
from maps.style import PALETTE
from maps.web.legend import legend_of
from maps.web.page import Page, PaperMap
from maps.web.payload import as_script_json, desired_kind_of, event_payload
from maps.web.signs import definitions
from maps.words import date_in_words

__all__ = ["render_session_map", "write_session_map"]

SHEET_OPACITY = 0.8
_SCRIPTS = (
    "map_signs.js",
    "map_popups.js",
    "map_names.js",
    "map_switches.js",
    "map_furniture.js",
    "map_printing.js",
    "session_map.js",
)
_STYLES = ("session_map.css", "map_popups.css", "session_map.phone.css", "session_map.print.css")
_PLAIN_REACH = 0.005
"""Half the width, in degrees, of the view of a village of which nothing is drawn yet: about 500 m."""


def render_session_map(snapshot: EventSnapshot, language: Language) -> str:
    """Draw the map of an event as one HTML page that needs no network and no other file.

    Parameters
    ----------
    snapshot
        The event; geometries in EPSG:4326 (lon lat), overlays as pictures in EPSG:3857.
    language
        Language of every word on the page; names fall back to another language where they have none in it.

    Raises
    ------
    Failed
        The browser libraries are not installed.
    """
    page = Page("session_map.html", context=_context(snapshot, language), scripts=_SCRIPTS, styles=_STYLES)
    west, south, east, north = _view(snapshot)
    paper = PaperMap(
        centre=((west + east) / 2, (south + north) / 2),
        zoom_start=15,
        min_zoom=9,
        max_zoom=21,
        zoom_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
    )
    page.add_child(paper, name="map")
    pane = CustomPane("sheets", z_index=250)
    pane._id = "sheets"
    pane.add_to(paper)
    sheets: list[dict[str, object]] = []
    for place, overlay in _overlays(snapshot):
        overlay.add_to(paper)
        sheets.append({"group": place, "layer": overlay})
    _SessionMap(sheets=sheets, bounds=[[south, west], [north, east]]).add_to(paper)
    return page.render()


def write_session_map(snapshot: EventSnapshot, language: Language, path: Path) -> None:
    """Write the map of an event to a file; a reader sees the old file or the whole new one, never a part.

    Raises
    ------
    Failed
        The file cannot be written, or the browser libraries are not installed.
    """
    page = render_session_map(snapshot, language)
    try:
        write_whole(path, page.encode())
    except OSError as error:
        raise Failed("map.not_written", path=str(path)) from error


class _SessionMap(MacroElement):
    """Hands the drawn map over to the page's own scripts."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        ayilmap.openSessionMap({{ this._parent.get_name() }}, {
            bounds: {{ this.bounds|tojson }},
            sheets: [{% for sheet in this.sheets %}
                { group: {{ sheet.group|tojson }}, layer: {{ sheet.layer.get_name() }} },{% endfor %}
            ],
        });
        {% endmacro %}
        """
    )

    def __init__(self, *, sheets: list[dict[str, object]], bounds: list[list[float]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "SessionMap"
        self._id = "0"
        self.sheets = sheets
        self.bounds = bounds


def _overlays(snapshot: EventSnapshot) -> Iterator[tuple[int, ImageOverlay]]:
    number = 0
    for place, group in enumerate(snapshot.groups):
        for sheet in group.sheets:
            west, south, east, north = sheet.bounds
            overlay = ImageOverlay(
                "data:image/png;base64," + base64.b64encode(sheet.overlay_png).decode("ascii"),
                bounds=[[south, west], [north, east]],
                alt="",
                pixelated=False,
                class_name="drawn-sheet",
                pane="sheets",
            )
            overlay._id = str(number)
            number += 1
            yield place, overlay


def _view(snapshot: EventSnapshot) -> tuple[float, float, float, float]:
    shapes = [
        feature.geometry for group in snapshot.groups for feature in group.features if not feature.geometry.is_empty
    ]
    if not shapes:
        # A sheet of which nothing is accepted yet; otherwise its empty margins would only make the rest small.
        shapes = [box(*sheet.bounds) for group in snapshot.groups for sheet in group.sheets]
    if shapes:
        west, south, east, north = unary_union([shape.envelope for shape in shapes]).bounds
        if east > west or north > south:
            return west, south, east, north
        lon, lat = west, south
    else:
        lon, lat = snapshot.centre
    return lon - _PLAIN_REACH, lat - _PLAIN_REACH, lon + _PLAIN_REACH, lat + _PLAIN_REACH


def _context(snapshot: EventSnapshot, language: Language) -> dict[str, object]:
    features = [feature for group in snapshot.groups for feature in group.features]
    symbols = {desired_kind_of(feature) or feature.kind for feature in features}

    def say(key: str, **params: object) -> str:
        return text(f"map.{key}", language, **params)

    return {
        "language": language.value,
        "say": say,
        "palette": {role.value.replace("_", "-"): tone.light for role, tone in PALETTE.items()},
        "settlement": snapshot.settlement.best(language),
        "municipality": snapshot.municipality.best(language),
        "is_sample": snapshot.settlement_is_sample,
        "place": snapshot.place,
        "date": date_in_words(snapshot.held_on, language),
        "iso_date": snapshot.held_on.isoformat(),
        "groups": snapshot.groups,
        "has_sheets": any(group.sheets for group in snapshot.groups),
        "sheet_opacity": round(SHEET_OPACITY * 100),
        "legend": legend_of(snapshot, language),
        "credits": snapshot.credits,
        "definitions": definitions(symbols, {feature.kind for feature in features}),
        "data": as_script_json(event_payload(snapshot, language)),
    }
