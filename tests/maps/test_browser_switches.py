"""Layers, groups, the sheet and the names can be switched, by mouse, finger and keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from geo.domain.labels import label
from geo.domain.vocabulary import Kind, Layer
from geo.i18n import Language
from geo.snapshots import EventSnapshot
from tests.maps.conftest import PHONE, OpenMap

MOSQUE = f"Мечит, {label(Kind.MOSQUE, Language.KY)}"
MILL = f"Эски тегирмен, {label(Kind.MILL, Language.KY)}"
SPRING = f"Ыйык булак, {label(Kind.SPRING, Language.KY)}"


def switch(page: Page, name: str, value: str) -> None:
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def test_a_feature_shows_when_its_layer_and_its_group_are_on(open_map: OpenMap, event: EventSnapshot) -> None:
    one = open_map(event)
    assert MOSQUE in one.shown_signs and MILL not in one.shown_signs
    switch(one.page, "group", "1")
    assert {MOSQUE, MILL, SPRING} <= one.shown_signs
    switch(one.page, "layer", Layer.INFRASTRUCTURE.value)
    assert MOSQUE not in one.shown_signs and MILL not in one.shown_signs
    assert SPRING in one.shown_signs
    switch(one.page, "group", "1")
    assert SPRING not in one.shown_signs
    switch(one.page, "layer", Layer.INFRASTRUCTURE.value)
    assert MOSQUE in one.shown_signs and MILL not in one.shown_signs


def test_lines_and_areas_go_with_their_layer(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    fields = page.locator('.leaflet-areas-pane path[fill="url(#hatch-arable)"]')
    assert fields.count() == 1
    switch(page, "layer", Layer.LAND.value)
    assert fields.count() == 0
    lines = page.locator(".leaflet-strokes-0-pane path").count()
    switch(page, "layer", Layer.WATER.value)
    # The river is the only line of the water layer in the group that is on.
    assert page.locator(".leaflet-strokes-0-pane path").count() == lines - 1


def test_the_sheet_goes_with_its_group_and_fades(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    expect(page.locator("img.drawn-sheet")).to_have_count(1)
    switch(page, "group", "1")
    expect(page.locator("img.drawn-sheet")).to_have_count(2)
    switch(page, "group", "0")
    expect(page.locator("img.drawn-sheet")).to_have_count(1)
    page.locator('input[name="sheet"]').fill("30")
    assert page.evaluate("map_0.getPane('sheets').style.opacity") == "0.3"
    expect(page.locator(".slider output")).to_have_text("30 %")


def test_the_legend_follows_what_is_shown(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    mill, well = page.locator('.legend [data-row="mill"]'), page.locator('.legend [data-row="well"]')
    assert well.is_visible() and not mill.is_visible()
    switch(page, "group", "1")
    assert mill.is_visible()
    switch(page, "layer", Layer.PROBLEM.value)
    assert not page.locator('.legend-section[data-layer="problem"]').is_visible()
    expect(page.locator(".shown")).to_contain_text("35")


def test_names_can_be_switched_off(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    assert page.locator(".place-name").count() > 10
    page.locator('label:has(input[name="names"])').click()
    assert page.locator(".place-name").count() == 0


def test_switches_work_from_the_keyboard(open_map: OpenMap, event: EventSnapshot) -> None:
    one = open_map(event)
    one.page.locator('input[name="layer"]').first.focus()
    one.page.keyboard.press("Space")
    assert MOSQUE not in one.shown_signs
    for _ in Layer:
        one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.name") == "group"
    one.page.keyboard.press("Space")
    assert one.shown_signs == set()


def test_on_a_phone_the_panels_come_and_go(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event, size=PHONE).page
    switches, legend = page.locator("#switches"), page.locator("#legend")
    show, key = page.locator(".tabs button").nth(0), page.locator(".tabs button").nth(1)
    assert not switches.is_visible() and not legend.is_visible()
    show.tap()
    assert switches.is_visible() and not legend.is_visible()
    assert show.get_attribute("aria-expanded") == "true"
    key.tap()
    assert legend.is_visible() and not switches.is_visible()
    assert show.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Escape")
    assert not legend.is_visible()
    assert page.evaluate("document.activeElement.dataset.opens") == "legend"
    key.tap()
    page.locator(".paper-map").tap(position={"x": 40, "y": 120})
    assert not legend.is_visible()


def test_targets_on_a_phone_are_large_enough(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event, size=PHONE).page
    page.locator(".tabs button").first.tap()
    for target in page.locator(".tabs button, .panel label:not(.slider), .leaflet-bar a, .print-button").all():
        box = target.bounding_box()
        assert box is not None and min(box["height"], box["width"]) >= 44
