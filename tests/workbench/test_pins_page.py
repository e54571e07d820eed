"""Problems on the map: dropped there, drawn, put there by keys, and linked to what is on it."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off
from tests.workbench.test_wall_page import FIRST_SESSION

UNPLACED = "Интернет жана жаңы технологиялар жок"
WATER = "Ичүүчү суу жетишсиз"


@pytest.fixture
def places_path(village: str) -> str:
    return f"{village}/problems/places"


def card(page: Page, title: str) -> Locator:
    return page.locator(".place").filter(has=page.locator(".name").get_by_text(title, exact=True))


def geometry(address: str, card: Locator) -> Any:
    with urlopen(f"{address}/api/v1/problems/{card.get_attribute('data-problem')}") as answer:
        return json.load(answer)["geometry"]


def test_a_problem_gets_its_place(wide: Visitor, places_path: str, address: str) -> None:
    page = wide.open(places_path)
    # What has no place comes first and is counted.
    first = page.locator(".place").first
    expect(first.locator(".name")).to_have_text(UNPLACED)
    expect(page.locator("#left-count")).to_contain_text("1 ")
    pins = page.locator(".pin")
    before = pins.count()
    assert geometry(address, first) is None
    # Dropped on the map.
    first.drag_to(page.locator("#map"), target_position={"x": 300, "y": 200})
    expect(first.locator(".where-is")).to_have_text("Чекит")
    expect(pins).to_have_count(before + 1)
    expect(page.locator("#left-count")).to_have_text("Бардык көйгөйдүн орду бар")
    lon, lat = geometry(address, first)["coordinates"]
    assert 78.2 < lon < 78.3 and 42.4 < lat < 42.6
    # As a line, drawn corner by corner.
    first.locator(".choose").click()
    first.get_by_role("button", name="Сызык").click()
    expect(page.locator("#map-tools")).to_be_visible()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for x, y in ((200, 200), (300, 260), (400, 240), (400, 240)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
        page.mouse.click(box["x"] + x, box["y"] + y)
    expect(first.locator(".where-is")).to_have_text("Сызык")
    assert len(geometry(address, first)["coordinates"]) == 3
    # By keys alone: the whole village, and the middle of the map.
    first.get_by_role("button", name="Бүт айыл").focus()
    page.keyboard.press("Enter")
    expect(first.locator(".where-is")).to_have_text("Бүт айыл")
    assert geometry(address, first)["type"] == "Polygon"
    first.get_by_role("button", name="Картанын ортосуна").focus()
    page.keyboard.press("Enter")
    expect(first.locator(".where-is")).to_have_text("Чекит")
    # All of it is taken back.
    for words in ("Бүт айыл", "Сызык", "Чекит"):
        page.locator("#undo").click()
        expect(first.locator(".where-is")).to_have_text(words)
    page.locator("#undo").click()
    expect(first.locator(".where-is")).to_contain_text("Орду жок")
    assert geometry(address, first) is None


def test_objects_are_proposed_and_decided_on(wide: Visitor, places_path: str) -> None:
    page = wide.open(places_path)
    water = card(page, WATER)
    water.locator(".choose").click()
    expect(water.locator(".links .confirmed").first).to_be_visible()
    water.get_by_role("button", name="Жакын объекттерди сунуштоо").click()
    proposed = water.locator(".links .proposed")
    expect(proposed.first).to_be_visible()
    count = proposed.count()
    # To reject wants a reason; the service says so beside the object.
    proposed.first.get_by_role("button", name="Жок, тиешеси жок").click()
    expect(proposed.first.locator(".told-off")).not_to_be_empty()
    proposed.first.locator("input").fill("Бул башка көчөнүн <i>кудугу</i>")
    proposed.first.get_by_role("button", name="Жок, тиешеси жок").click()
    expect(proposed).to_have_count(count - 1)
    rejected = water.locator(".links .rejected").count()
    # What was rejected is not proposed again.
    water.get_by_role("button", name="Жакын объекттерди сунуштоо").click()
    expect(page.locator(".notice").last).to_contain_text("сунушталды")
    expect(proposed).to_have_count(count - 1)
    if count > 1:
        confirmed = water.locator(".links .confirmed").count()
        proposed.first.get_by_role("button", name="Ооба, байланыштуу").click()
        expect(water.locator(".links .confirmed")).to_have_count(confirmed + 1)
    expect(water.locator(".links .rejected")).to_have_count(rejected)
    water.locator(".links .confirmed").first.get_by_role("button", name="Көрсөтүү").click()
    wide.excuse(422)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_everybody_can_use_it(visit: Visit, places_path: str, address: str, size: tuple[int, int]) -> None:
    wording = "<img src=x onerror=alert(1)> Жоопкерчиликтүүлүктүүлүк"
    said = {"event_id": FIRST_SESSION, "wording": wording, "votes": 1}
    body = json.dumps({"type": "Feature", "geometry": None, "properties": said}).encode()
    headers = {"Content-Type": "application/json"}
    urlopen(Request(f"{address}/api/v1/problem-statements", data=body, headers=headers)).close()
    page = visit(size=size).open(places_path)
    card(page, wording).locator(".choose").click()
    expect(card(page, wording).locator(".panel")).to_be_visible()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
