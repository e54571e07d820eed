"""Browsers that can draw no map: old machines, machines without a graphics driver; what needs no map is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.settings import Settings
from geo.i18n import Language, text
from geo.services.whole_sample import WholeSample
from tests.workbench.conftest import Visit
from tests.workbench.drawn_sheets import store_drawn
from tests.workbench.served import PHONE, Visitor, axe_faults, is_cut_off
from tests.workbench.test_pins_page import UNPLACED, card, geometry

NO_WEBGL = """
    const context = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind.startsWith("webgl") ? null : context.call(this, kind, ...rest);
    };
"""
WORDS = text("frame.map.impossible", Language.KY)


@pytest.fixture
def mapless(visit: Visit) -> Visitor:
    """Somebody whose browser has no WebGL."""
    visitor: Visitor = visit()
    visitor.context.add_init_script(NO_WEBGL)
    return visitor


@pytest.mark.parametrize("part", ["", "/plan", "/monitoring", "/matches", "/problems/places"])
def test_a_page_says_why_there_is_no_map(mapless: Visitor, village: str, part: str) -> None:
    page = mapless.open(f"{village}{part}")
    expect(page.locator("#map .no-map")).to_have_text(WORDS)
    expect(page.locator("#notices")).to_contain_text(WORDS)
    assert axe_faults(page) == []
    assert not is_cut_off(page)


def test_the_plan_goes_on_without_its_map(mapless: Visitor, village: str) -> None:
    page = mapless.open(f"{village}/plan")
    rows = page.locator("tr.activity")
    expect(rows).to_have_count(11)
    page.locator(".filters [name=purpose]").select_option("roads")
    expect(rows).to_have_count(2)
    rows.first.locator("a.title").click()
    editor = page.locator(".editor")
    expect(editor).to_be_visible()
    for way in editor.locator("[data-draw]").all():
        if way.is_visible() and way.get_attribute("data-draw") != "whole":
            way.click()
    page.locator('[data-drag="problem"]').first.press("Enter")
    expect(editor).to_be_visible()


def test_a_problem_gets_a_place_without_a_map(mapless: Visitor, village: str, address: str) -> None:
    page = mapless.open(f"{village}/problems/places")
    first = card(page, UNPLACED)
    first.locator(".choose").click()
    ways = first.locator(".panel .row").first.get_by_role("button")
    expect(ways).to_have_count(1)
    ways.first.click()
    expect(first.locator(".where-is")).to_have_text("Бүт айыл")
    assert geometry(address, first)["type"] == "Polygon"


def test_where_nothing_goes_without_a_map_the_page_says_so(
    visit: Visit, settings: Settings, sample: WholeSample, tmp_path: Path
) -> None:
    drawn = store_drawn(settings.workspace, tmp_path, sample.settlement_id)
    visitor = visit(size=PHONE)
    visitor.context.add_init_script(NO_WEBGL)
    for path in (drawn.path, drawn.path.replace("/draw", "/place")):
        page = visitor.open(path, ready=False)
        expect(page.locator("#notices")).to_contain_text(WORDS)
    visitor.excuse("WebGL")
