"""Printed, the map is one landscape A4 sheet with its legend and without anything to press."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from geo.snapshots import EventSnapshot
from tests.maps.conftest import DESKTOP, PHONE, OpenMap

MM = 96 / 25.4


def test_one_landscape_sheet(open_map: OpenMap, event: EventSnapshot) -> None:
    for size in (DESKTOP, PHONE):
        sheet = open_map(event, size=size).page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
        box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", sheet)
        assert box is not None
        width, height = (float(side) / 72 * 25.4 for side in box.groups())
        assert abs(width - 297) < 1 and abs(height - 210) < 1


def printed(page: Page) -> Page:
    page.set_viewport_size({"width": round(279 * MM), "height": round(192 * MM)})
    page.emulate_media(media="print")
    expect(page.locator(".print-button")).not_to_be_visible()
    return page


def test_the_legend_is_on_it_and_the_controls_are_not(open_map: OpenMap, event: EventSnapshot) -> None:
    page = printed(open_map(event).page)
    for kept in ("h1", ".legend h2", ".north", ".scale", ".credits"):
        assert page.locator(kept).is_visible(), kept
    for gone in (".switches", ".tabs", ".leaflet-control-zoom", ".show-all"):
        assert not page.locator(gone).is_visible(), gone
    last = page.locator(".legend li:visible").last.bounding_box()
    assert last is not None and last["y"] + last["height"] <= 192 * MM


def test_the_map_takes_its_frame_on_paper_and_shows_the_whole_village(open_map: OpenMap, event: EventSnapshot) -> None:
    page = printed(open_map(event).page)
    page.wait_for_function(f"Math.abs(map_0.getSize().x - {205 * MM}) < 4")
    frame = page.locator(".map-frame").bounding_box()
    assert frame is not None
    for sign in page.locator(".sign-marker").all():
        box = sign.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_after_printing_the_reader_is_where_they_were(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    page.evaluate("map_0.setView([42.4505, 77.899], 17, { animate: false })")
    page.emulate_media(media="print")
    page.wait_for_function("map_0.getZoom() < 17")
    page.emulate_media(media="screen")
    page.wait_for_function("map_0.getZoom() === 17")
    lat, lng = page.evaluate("[map_0.getCenter().lat, map_0.getCenter().lng]")
    assert abs(lat - 42.4505) < 1e-4 and abs(lng - 77.899) < 1e-4
