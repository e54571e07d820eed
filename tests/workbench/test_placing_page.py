"""A sheet is tied to the ground: pairs clicked, dragged, typed and pasted; tried as they change; kept as versions."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from api.settings import Settings
from tests.workbench.conftest import Visit
from tests.workbench.drawn_village import PLACES, SIZE, DrawnSheet, store_drawing, true_lonlat
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

expect.set_options(timeout=20_000)  # other work on the machine slows a save down, and must not fail it

laptop = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
"""How the page behaves does not depend on the engine."""


@pytest.fixture
def sheet(settings: Settings, village: str) -> DrawnSheet:
    return store_drawing(settings, village)


def points_file(*names: str, swapped: bool = False) -> str:
    """Return the places as QGIS writes them: y of the sheet downwards is negative."""
    places = [true_lonlat(PLACES[name]) for name in names]
    if swapped:
        places[0], places[1] = places[1], places[0]
    rows = [
        f"{lon:.8f},{lat:.8f},{PLACES[name][0]},{-PLACES[name][1]},1,0,0,0"
        for name, (lon, lat) in zip(names, places, strict=True)
    ]
    return "\n".join(["#CRS: EPSG:4326", "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual", *rows])


def paste(page: Page, text: str) -> None:
    if page.locator("#paste").get_attribute("open") is None:
        page.locator("#paste > summary").click()
    page.fill("#paste-text", text)
    page.locator("#paste-form button").click()


def value(row: Locator, title: str) -> float:
    return float(row.get_by_label(title, exact=True).input_value())


def rows(page: Page) -> Locator:
    return page.locator("#points > li")


def stored(address: str, sheet: DrawnSheet) -> dict[str, Any]:
    with urlopen(f"{address}/api/v1/sheets/{sheet.id}/placements") as answer:
        versions: list[dict[str, Any]] = json.load(answer)["items"]
    return versions[-1] if versions else {}


def wait_for_preview(page: Page) -> None:
    expect(page.locator("#ground[data-preview]")).to_be_attached(timeout=10_000)


def test_a_sheet_is_placed_and_its_versions_are_kept(wide: Visitor, sheet: DrawnSheet, address: str) -> None:
    page = wide.open(sheet.page)
    expect(page.locator("#verdict")).to_contain_text("жайгаштырыла элек")
    expect(page.locator("#save")).to_be_disabled()
    paste(page, points_file("мектеп", "көпүрө", "клуб", "булак", "короо"))
    expect(rows(page)).to_have_count(5)
    expect(page.locator("#verdict")).to_contain_text("Жакшы · ± 0,")
    expect(page.locator("#methods tbody tr")).to_have_count(7)
    wait_for_preview(page)
    page.locator("#save").dblclick()
    expect(page.locator("#outcome")).to_contain_text("1-жайгаштыруу")
    expect(page.locator("#onward")).to_have_attribute("href", sheet.page.replace("/place", "/draw"))
    first = stored(address, sheet)
    assert first["number"] == 1
    assert first["control_points"][0]["pixel"] == [240.5, 210.25]

    # A point is taken away; the reason is kept; the first version comes back.
    page.get_by_role("button", name="5-чекитти өчүрүү").click()
    expect(rows(page)).to_have_count(4)
    page.fill("#reason", "Короо көчкөн")
    expect(page.locator("#save")).to_be_enabled()
    page.locator("#save").click()
    expect(page.locator("#outcome")).to_contain_text("2-жайгаштыруу")
    second = stored(address, sheet)
    assert (second["number"], second["reason"], len(second["control_points"])) == (2, "Короо көчкөн", 4)
    page.locator("#versions > summary").click()
    expect(page.locator("#version-list > li")).to_have_count(2)
    expect(page.locator("#version-list > li").first).to_contain_text("Короо көчкөн")
    page.locator("#version-list").get_by_role("button", name="Калыбына келтирүү").click()
    expect(rows(page)).to_have_count(5)
    expect(page.locator("#notices")).to_contain_text("1-жайгаштыруу калыбына келди")
    assert stored(address, sheet)["restored_from"] == 1


@laptop
def test_pairs_are_clicked_dragged_nudged_and_undone(wide: Visitor, sheet: DrawnSheet) -> None:
    page = wide.open(sheet.page)
    view = page.locator("#sheet canvas.maplibregl-canvas")
    box = view.bounding_box()
    assert box is not None
    scale = min((box["width"] - 32) / SIZE[0], (box["height"] - 32) / SIZE[1])
    expect(page.locator("#prompt")).to_contain_text("барактан басыңыз")
    view.click(position={"x": box["width"] / 2 + 40, "y": box["height"] / 2 - 30})
    expect(page.locator("#prompt")).to_contain_text("1-чекит: эми ошол эле жерди картадан")
    row = rows(page).first
    # A click is as exact as the screen: a fraction of a pixel of the photo is kept.
    assert abs(value(row, "Барак, x") - (SIZE[0] / 2 + 40 / scale)) < 1.2 / scale
    assert abs(value(row, "Барак, y") - (SIZE[1] / 2 - 30 / scale)) < 1.2 / scale
    page.locator("#ground canvas.maplibregl-canvas").click(position={"x": 200, "y": 180})
    expect(row.get_by_label("Кеңдик", exact=True)).not_to_have_value("")
    assert abs(value(row, "Узундук") - 78.2385) < 0.05
    expect(page.locator("#prompt")).to_contain_text("Дагы 1 жер керек")

    # By keys: one pixel, and a tenth of it; on the ground a metre.
    pin = page.locator("#sheet .pin")
    pin.focus()
    before = value(row, "Барак, x")
    page.keyboard.press("ArrowRight")
    expect(row.get_by_label("Барак, x", exact=True)).to_have_value(f"{before + 1:.2f}".rstrip("0").rstrip("."))
    page.keyboard.press("Shift+ArrowLeft")
    assert value(row, "Барак, x") == pytest.approx(before + 0.9, abs=0.011)
    expect(page.locator("[data-pane=sheet] .loupe")).to_be_visible()
    page.locator("#ground .pin").focus()
    lat = value(row, "Кеңдик")
    page.keyboard.press("ArrowUp")
    assert (value(row, "Кеңдик") - lat) * 111_000 == pytest.approx(1, abs=0.05)

    # Dragged; then everything is taken back, step by step.
    dragged = value(row, "Барак, x")
    pin.hover()
    page.mouse.down()
    spot = pin.bounding_box()
    assert spot is not None
    page.mouse.move(spot["x"] + 60, spot["y"] + 40, steps=6)
    expect(page.locator("[data-pane=sheet] .loupe")).to_be_visible()
    page.mouse.up()
    expect(page.locator("[data-pane=sheet] .loupe")).to_be_hidden()
    assert value(row, "Барак, x") > dragged + 40
    page.keyboard.press("z")
    assert value(row, "Барак, x") == dragged
    for _ in range(5):
        page.keyboard.press("z")
    expect(rows(page)).to_have_count(0)
    expect(page.locator("#undo")).to_be_disabled()

    # Without a mouse: the middle of the view is set by Enter, Escape gives a begun point up.
    view.focus()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    page.locator("#ground canvas.maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#prompt")).to_contain_text("Дагы 1 жер керек")
    view.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(rows(page)).to_have_count(1)


@laptop
def test_what_does_not_fit_is_named(wide: Visitor, sheet: DrawnSheet) -> None:
    page = wide.open(sheet.page)
    for rubbish in ("<b>мышык</b> ыр ырдайт", "{", "1;2;3;4\nx;y"):
        paste(page, rubbish)
        expect(page.locator("#paste-form .fault")).to_be_visible()
        expect(page.locator("#paste-text")).to_have_attribute("aria-invalid", "true")
    expect(rows(page)).to_have_count(0)
    paste(page, points_file("мектеп", "көпүрө", "клуб", "булак", "короо", swapped=True))
    expect(page.locator("#points .suspect, #fault:visible").first).to_be_visible()
    expect(page.get_by_text("алмашып калган").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#undo").click()
    expect(rows(page)).to_have_count(0)
    # Three points are too few for the second degree; the service says how many are missing.
    paste(page, points_file("мектеп", "көпүрө", "клуб"))
    wait_for_preview(page)
    page.select_option("#method", "polynomial2")
    expect(page.locator("#fault")).to_contain_text("6")
    expect(page.locator("#save")).to_be_disabled()
    page.get_by_role("button", name="Ушул ыкманы алуу: Окшоштук").click()
    expect(page.locator("#fault")).to_be_hidden()
    expect(page.locator("#method")).to_have_value("similarity")
    expect(page.locator("#arrows-note")).to_contain_text("Жебелер")
    # A spline meets its points: no residual of it is shown, no arrow, no zero.
    page.select_option("#method", "thin_plate_spline")
    expect(page.locator("#exact-note")).to_be_visible()
    expect(page.locator("#arrows-note")).to_be_hidden()
    expect(page.locator("#points")).not_to_contain_text("Калдык")
    # Outside the sheet, and letters where a number belongs.
    x = rows(page).first.get_by_label("Барак, x", exact=True)
    x.fill("99999")
    x.press("Tab")
    expect(rows(page).first.locator(".fault")).to_contain_text("1")
    x.fill("240,5")
    x.press("Tab")
    expect(rows(page).first.locator(".fault")).to_be_hidden()
    wide.excuse(422)


@laptop
def test_readings_are_typed_and_wait_for_their_place_on_the_sheet(wide: Visitor, sheet: DrawnSheet) -> None:
    page = wide.open(sheet.page)
    page.locator("#gps > summary").click()
    page.fill("#gps-label", "<img src=x onerror=alert(1)>")
    page.fill("#gps-place", "жок жерде")
    page.locator("#gps-form button").click()
    expect(page.locator("#gps-form .fault")).to_contain_text("«жок жерде» түшүнүксүз")
    page.fill("#gps-place", "42°29′42″N 78°14′18″E")
    page.fill("#gps-accuracy", "4,5")
    page.locator("#gps-form button").click()
    row = rows(page).first
    expect(row.get_by_label("Кеңдик", exact=True)).to_have_value("42.495")
    expect(row).to_contain_text("Барактагы орду жок")
    expect(row).to_contain_text("GPS ± 5 м")
    expect(row.get_by_label("Аты", exact=True)).to_have_value("<img src=x onerror=alert(1)>")
    expect(page.locator("#prompt")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0
    page.locator("#sheet canvas.maplibregl-canvas").click(position={"x": 200, "y": 150})
    expect(row.get_by_label("Барак, x", exact=True)).not_to_have_value("")
    paste(page, "мектеп;78,2301;42,4911;3\nкөпүрө;78,2402;42,4975;4")
    expect(rows(page)).to_have_count(3)
    expect(page.locator("#prompt")).to_contain_text("мектеп: эми ошол эле жерди барактан")
    # All by keys and numbers.
    page.locator("#add").click()
    added = rows(page).nth(3)
    added.get_by_label("Аты", exact=True).fill("клуб")
    for title, number in (("Барак, x", "800"), ("Барак, y", "610,5"), ("Узундук", "78°14′20″"), ("Кеңдик", "42.4944")):
        added.get_by_label(title, exact=True).fill(number)
        added.get_by_label(title, exact=True).press("Tab")
    expect(added.get_by_label("Барак, y", exact=True)).to_have_value("610.5")
    expect(page.locator("#verdict")).to_contain_text("тактыгы белгисиз")


@laptop
def test_reload_back_and_a_second_tab_lose_nothing(wide: Visitor, sheet: DrawnSheet, village: str) -> None:
    page = wide.open(sheet.page)
    paste(page, points_file("мектеп", "көпүрө", "клуб", "булак"))
    wait_for_preview(page)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(rows(page)).to_have_count(4)
    expect(page.locator("#notices")).to_contain_text("кайра коюлду")
    page.get_by_role("link", name="Топтор жана алардын карталары").click()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.go_back()
    expect(rows(page)).to_have_count(4)

    other = wide.open(sheet.page)
    expect(rows(other)).to_have_count(4)
    other.get_by_role("button", name="4-чекитти өчүрүү").click()
    expect(other.locator("#save")).to_be_enabled()
    other.locator("#save").click()
    expect(other.locator("#outcome")).to_contain_text("1-жайгаштыруу")
    wait_for_preview(page)
    page.locator("#save").click()
    both = page.locator(".meanwhile")
    expect(both.locator("tr").last).to_contain_text("3")
    expect(both.locator("tr").last).to_contain_text("4")
    both.get_by_role("button", name="Меникин сактоо").click()
    expect(page.locator("#outcome")).to_contain_text("2-жайгаштыруу")
    # The other tab is the older one now; it takes what the first one stored.
    other.get_by_role("button", name="3-чекитти өчүрүү").click()
    expect(other.locator("#save")).to_be_enabled()
    other.locator("#save").click()
    other.get_by_role("button", name="Алардыкын калтыруу").click()
    expect(rows(other)).to_have_count(4)
    wide.excuse(412)


@laptop
@pytest.mark.parametrize(("size", "theme"), [(WIDE, "dark"), (PHONE, "light")])
def test_everybody_can_use_it(visit: Visit, sheet: DrawnSheet, size: tuple[int, int], theme: str) -> None:
    visitor = visit(size=size)
    visitor.context.add_cookies([{"name": "theme", "value": theme, "url": visitor.address}])
    page = visitor.open(sheet.page)
    if size == PHONE:
        expect(page.locator("#ground")).to_be_hidden()
        page.locator("#sheet canvas.maplibregl-canvas").tap(position={"x": 180, "y": 150})
        # The other side comes by itself: it is what is asked for next.
        page.locator("#ground canvas.maplibregl-canvas").tap(position={"x": 150, "y": 200})
        expect(rows(page).first.get_by_label("Кеңдик", exact=True)).not_to_have_value("")
        page.get_by_role("button", name="Барак", exact=True).click()
        expect(page.locator("#sheet .pin")).to_be_visible()
    paste(page, points_file("мектеп", "көпүрө", "клуб", "булак"))
    wait_for_preview(page)
    for summary in ("#gps", "#versions", ".keys"):
        page.locator(f"{summary} > summary").click()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
