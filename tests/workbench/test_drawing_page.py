"""Digitising a sheet: one key a decision, on each engine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.workbench.conftest import Visit
from tests.workbench.drawing_desk import DrawingDesk
from tests.workbench.drawn_sheets import FIELDS, HOUSES, ROADS, STREET, WELLS, Drawn, store_drawn

FOUND = 15
"""Candidates that are no writing."""
expect.set_options(timeout=20_000)


@pytest.fixture
def drawn(settings: Settings, sample: WholeSample, tmp_path: Path) -> Drawn:
    return store_drawn(settings.workspace, tmp_path, sample.settlement_id)


def test_a_key_says_what_it_is_and_another_accepts_all_like_it(visit: Visit, drawn: Drawn) -> None:
    desk = DrawingDesk(visit().open(drawn.path))
    page = desk.page
    desk.counted(0, FOUND)
    house = page.locator("#kinds .kind").first
    expect(house).to_have_attribute("data-kind", "house")

    desk.hover((180, 200))
    desk.press("1")
    desk.counted(1, FOUND)
    desk.saved()
    assert [one["kind"] for one in desk.objects()] == ["house"]
    expect(page.locator("#ground-count")).to_contain_text("1")
    # The others of its ink, pattern and shape are offered, and are one decision.
    expect(page.locator("#offer")).to_contain_text("5")
    desk.press("Shift+Enter")
    desk.counted(6, FOUND)
    desk.saved()
    states = desk.states()
    assert {one for one, state in states.items() if state == "accepted"} == set(HOUSES)
    assert len(desk.objects()) == 6
    # Z takes all five back at once, then the first.
    desk.press("z")
    desk.counted(1, FOUND)
    desk.saved()
    desk.press("z")
    desk.counted(0, FOUND)
    desk.saved()
    assert set(desk.states().values()) == {"proposed"}
    assert desk.objects() == []


def test_what_is_said_stays_and_the_sheet_teaches_its_keys(visit: Visit, drawn: Drawn) -> None:
    visitor = visit()
    desk = DrawingDesk(visitor.open(drawn.path))
    page = desk.page
    # The street is taken with its two sides; a key in the Cyrillic layout is the same key.
    desk.hover((300, 500))
    page.keyboard.press("Digit1")
    desk.counted(3, FOUND)
    desk.hover((200, 900))
    page.keyboard.press("Slash")
    page.keyboard.insert_text("жайыт")
    desk.press("Enter")
    desk.counted(4, FOUND)
    desk.saved()
    found = desk.candidates()
    assert {one: found[one]["state"] for one in (STREET, *ROADS)} == {
        STREET: "accepted",
        ROADS[0]: "rejected",
        ROADS[1]: "rejected",
    }
    assert found[FIELDS[0]]["feature_kind"] == "pasture_near"
    # What was learned is proposed for the like, and Enter takes it.
    desk.hover((600, 900))
    desk.press("Enter")
    desk.counted(5, FOUND)
    desk.saved()
    again = DrawingDesk(visitor.open(drawn.path))
    again.counted(5, FOUND)
    assert again.candidates()[FIELDS[1]]["feature_kind"] == "pasture_near"
    expect(again.page.locator("#kinds .kind").first).to_have_attribute("data-kind", "pasture_near")


def test_names_and_answers(visit: Visit, drawn: Drawn) -> None:
    visitor = visit()
    desk = DrawingDesk(visitor.open(drawn.path))
    page = desk.page
    desk.hover((1200, 300))
    desk.press("1")
    desk.counted(1, FOUND)
    desk.click((1200, 300))
    expect(page.locator("#panel h2")).to_have_text("Кудук")
    desk.press("a")
    name = "<img src=x onerror=alert(1)> Кара-Суу & «кудук»"
    page.keyboard.insert_text(name)
    desk.press("Enter")
    page.locator("[data-question=condition] .chip").nth(2).click()
    page.locator("[data-question=users] .chip").nth(0).click()
    page.locator("[data-question=users] .chip").nth(3).click()
    page.locator(".answers summary").click()
    page.locator("[data-question=distance_m_now] .chip").nth(1).click()
    desk.saved()
    (well,) = desk.objects()
    assert well["name_ky"] == name
    assert well["attributes"] == {
        "condition": "needs_repair",
        "users": ["women", "children"],
        "distance_m_now": 200,
    }
    again = DrawingDesk(visitor.open(drawn.path))
    again.click((1200, 300))
    expect(again.page.locator("#name")).to_have_value(name)
    expect(again.page.locator("[data-question=condition] .chip").nth(2)).to_have_attribute("aria-pressed", "true")
    # What a value cannot be is refused in the service's own words, and the page goes back.
    field = again.page.locator("[data-question=distance_m_now] input")
    again.page.locator(".answers summary").click()
    field.fill("900000")
    field.press("Tab")
    expect(again.page.locator(".complaint")).to_contain_text("900000")
    again.saved()
    assert again.objects()[0]["attributes"]["distance_m_now"] == 200
    assert all("422" in fault for fault in visitor.faults)
    visitor.faults.clear()


def test_strokes_are_joined_cut_drawn_moved_and_all_of_it_is_taken_back(visit: Visit, drawn: Drawn) -> None:
    desk = DrawingDesk(visit().open(drawn.path))
    page = desk.page
    before = desk.states()
    # Two wells become one.
    desk.click((1200, 300))
    page.keyboard.down("Shift")
    desk.click((1300, 300))
    page.keyboard.up("Shift")
    desk.press("m")
    desk.counted(0, FOUND - 1)
    # A house is cut in two; the two pieces are chosen.
    desk.click((420, 180))
    desk.press("s")
    expect(page.locator("#hint")).to_be_visible()
    desk.click((440, 150))
    desk.click((440, 250))
    desk.press("Enter")
    desk.counted(0, FOUND)
    desk.press("1")
    desk.counted(2, FOUND)
    desk.press("Escape")
    # What was missed is drawn, beginning at a corner of a house: it snaps.
    desk.press("c")
    desk.click((343, 222))
    desk.click((500, 350))
    desk.click((700, 350))
    desk.press("Enter")
    expect(page.locator("#hint")).to_have_text("Бул эмне? Түрүнүн баскычын басыңыз.")
    desk.press("2")
    desk.saved()
    roads = [one for one in desk.objects() if one["kind"] == "secondary_road"]
    assert [one["source"] for one in roads] == ["drawn"]
    assert roads[0]["pixel_geometry"]["coordinates"][0] == pytest.approx([340, 220], abs=0.2)
    assert roads[0]["pixel_geometry"]["coordinates"][1] == pytest.approx([500, 350], abs=2)
    # Its end is moved by its corner.
    desk.hover((600, 350))
    desk.click((600, 350))
    for _ in range(3):  # a hand that missed the corner takes it again
        desk.press("d")
        expect(page.locator(".desk")).to_have_attribute("data-tool", "edit")
        page.mouse.move(*desk.place((690, 345)))
        page.mouse.move(*desk.place((700, 350)), steps=4)
        page.wait_for_timeout(200)  # as long as a hand rests on what it is about to take
        page.mouse.down()
        page.mouse.move(*desk.place((740, 400)), steps=6)
        page.mouse.move(*desk.place((741, 400)))  # the last move is where it is let go
        page.mouse.up()
        desk.press("d")
        expect(page.locator(".desk")).to_have_attribute("data-tool", "")
        desk.saved()
        (road,) = [one for one in desk.objects() if one["kind"] == "secondary_road"]
        if road["pixel_geometry"]["coordinates"][2] != pytest.approx([700, 350], abs=2):
            break
    assert road["pixel_geometry"]["coordinates"][2] == pytest.approx([740, 400], abs=6)
    # Z until there is nothing left to take back.
    undo = page.locator(".tools [data-act=undo]")
    for step in range(8):
        if undo.is_disabled():
            break
        desk.press("z")
        desk.saved()
        expect(page.locator("#notices")).to_contain_text("Кайтарылды")
        assert step < 7
    page.wait_for_function("document.querySelector('.tools [data-act=undo]').disabled")
    after = desk.states()
    assert {one: after[one] for one in before} == before
    assert Counter(after.values())["accepted"] == 0
    assert desk.objects() == []
    desk.counted(0, FOUND)


def test_rejecting_and_opening_again(visit: Visit, drawn: Drawn) -> None:
    desk = DrawingDesk(visit().open(drawn.path))
    page = desk.page
    desk.hover((1200, 300))
    desk.press("1")
    desk.counted(1, FOUND)
    # An object is rejected: it is withdrawn from the map.
    desk.hover((1200, 300))
    desk.press("Backspace")
    desk.saved()
    assert desk.states()[WELLS[0]] == "rejected"
    assert desk.objects() == []
    desk.press("z")
    desk.saved()
    expect(page.locator("#ground-count")).to_contain_text("1")
    assert desk.states()[WELLS[0]] == "accepted"
