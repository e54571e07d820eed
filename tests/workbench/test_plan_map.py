"""The map of the plan: activities drawn and dragged to their places, and signs that would lie over each other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Locator, Page, expect

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.api.signed_in import app_of, client_of
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off
from tests.workbench.test_plan_page import asked, open_row, row_of

pytestmark = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
"""Pages are the same on both engines; what they ask is tested on both over HTTP."""

HOUSE = "ФАПка пандус куруу"
OVERLAPS = """() => {
    const shown = [...document.querySelectorAll("#map .pin")].filter((one) => !one.hidden);
    const boxes = shown.map((one) => [one, one.getBoundingClientRect()]);
    return boxes.flatMap(([one, a], at) => boxes.slice(at + 1).filter(([, b]) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
    ).map(([other]) => `${one.textContent} ${other.textContent}`));
}"""

CUT_OFF = """() => {
    const map = document.getElementById("map").getBoundingClientRect();
    const isOut = (box) => box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom;
    const shown = [...document.querySelectorAll("#map .pin")].filter((one) => !one.hidden);
    const words = document.createRange();
    const isTooNarrow = (one) => {
        words.selectNodeContents(one);
        return words.getBoundingClientRect().width > one.clientWidth;
    };
    return shown.filter((one) => isOut(one.getBoundingClientRect()) || isTooNarrow(one)).map((one) => one.textContent);
}"""
"""Signs that are not whole: over the edge of the map, or too narrow for their words."""

expect.set_options(timeout=15_000)


def at(page: Page, right: float, down: float) -> tuple[float, float]:
    """A point of the map, as parts of its width and height."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * right, box["y"] + box["height"] * down


def place_of(page: Page, activity: str) -> dict[str, Any]:
    found: dict[str, Any] = asked(page, f"/api/v1/activities/{activity}")
    return found


def draw(page: Page, shape: str, *points: tuple[float, float]) -> None:
    """Draw the open activity's place: a click for each point, and one more on the last ends lines and areas."""
    page.locator(f'[data-draw="{shape}"]').click()
    expect(page.locator("#map-tools")).to_be_visible()
    for point in points:
        x, y = at(page, *point)
        page.mouse.move(x, y)
        page.mouse.click(x, y)
    if len(points) > 1:
        page.mouse.click(*at(page, *points[-1 if shape == "line" else 0]))


def stands_at(page: Page, activity: str, point: tuple[float, float]) -> None:
    """Wait until a sign stands at a point of the map, or near it where another one is."""
    x, y = at(page, *point)
    page.wait_for_function(
        """([id, x, y]) => {
            const box = document.querySelector(`#map .pin[data-activity="${id}"]`)?.getBoundingClientRect();
            return box && Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y) < 40;
        }""",
        arg=[activity, x, y],
    )


def test_at_first_everything_is_in_sight(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    outside = """() => {
        const map = document.querySelector("#map").getBoundingClientRect();
        return [...document.querySelectorAll("#map .pin:not([hidden])")].filter((pin) => {
            const box = pin.getBoundingClientRect();
            return box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom;
        }).map((pin) => pin.title);
    }"""
    assert page.locator("#map .pin.problem:visible").count() >= 5
    assert page.evaluate(outside) == []


def test_an_activity_is_drawn_at_its_place(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    editor = open_row(page, HOUSE)
    activity = editor.get_attribute("data-activity")
    assert activity is not None
    before = place_of(page, activity)
    corners = ((0.5, 0.45), (0.65, 0.45), (0.65, 0.6))
    for shape, kind, points in (
        ("point", "Point", corners[:1]),
        ("line", "LineString", corners[:2]),
        ("area", "Polygon", corners),
    ):
        with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
            draw(page, shape, *points)
        expect(page.locator("#map-tools")).to_be_hidden()
        now = place_of(page, activity)
        assert now["geometry"]["type"] == kind
        assert now["properties"]["coverage"] == shape
        expect(page.locator(f'#map .pin[data-activity="{activity}"]')).to_be_visible()
    ring = place_of(page, activity)["geometry"]["coordinates"][0]
    assert len(ring) == 4
    west, east = ring[0][0], ring[1][0]
    assert 0.0005 < east - west < 0.2  # where it was clicked, in degrees
    # Escape gives a drawing up, and nothing is changed by it.
    page.locator('[data-draw="area"]').click()
    page.mouse.click(*at(page, 0.5, 0.5))
    page.keyboard.press("Escape")
    expect(page.locator("#map-tools")).to_be_hidden()
    assert place_of(page, activity)["geometry"]["coordinates"][0] == ring
    # Each step is taken back, down to where it was.
    page.locator("h1").click()
    for _ in range(3):
        with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
            page.keyboard.press("z")
    expect(page.locator("#notices")).to_contain_text("кайтарылды", ignore_case=True)
    after = place_of(page, activity)
    assert after["geometry"] == before["geometry"]
    assert after["properties"]["coverage"] == before["properties"]["coverage"]


def test_a_sign_is_dragged_to_another_place(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    editor = open_row(page, HOUSE)
    activity = editor.get_attribute("data-activity")
    assert activity is not None
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        draw(page, "point", (0.6, 0.6))
    stands_at(page, activity, (0.6, 0.6))
    pin = page.locator(f'#map .pin[data-activity="{activity}"]')
    west = place_of(page, activity)["geometry"]["coordinates"][0]
    box = pin.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.mouse.move(*at(page, 0.3, 0.8), steps=8)
        page.mouse.up()
    moved = place_of(page, activity)["geometry"]["coordinates"]
    assert moved[0] < west
    # It lies under the hand that let it go, and not where its sign happened to stand.
    stands_at(page, activity, (0.3, 0.8))


def many_at(client: TestClient, sample: WholeSample, number: int, lonlat: list[float]) -> None:
    task = client.get("/api/v1/tasks", params={"limit": 1}).json()["items"][0]["id"]
    fields = {"task_id": task, "settlement_id": str(sample.settlement_id), "purpose": "roads"}
    made = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": lonlat},
            "properties": {**fields, "title": f"<b>{one}</b>-иш"},
        }
        for one in range(number)
    ]
    assert client.post("/api/v1/activities/bulk", json=made).status_code == 201


def test_signs_at_one_place_stand_beside_each_other_and_many_are_a_pile(
    wide: Visitor, settings: Settings, sample: WholeSample, village: str
) -> None:
    with client_of(app_of(settings)) as client:
        many_at(client, sample, 60, [78.2385, 42.495])
    page = wide.open(f"{village}/plan")
    page.wait_for_function("document.querySelectorAll('#map .pin').length > 60")
    assert page.evaluate(OVERLAPS) == []
    pile = page.locator("#map .pin.pile").first
    hidden = page.locator("#map .pin[hidden]")
    assert sum(int(one) for one in page.locator("#map .pin.pile").all_inner_texts()) == hidden.count() > 10
    # By keys: Tab to a sign, the arrows to the pile, Enter tells what is in it, Escape leaves it.
    page.locator('#map .pin[tabindex="0"]').focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#map .pin.pile").last).to_be_focused()
    pile.focus()
    page.keyboard.press("Enter")
    listed = page.locator(".pile-list button")
    expect(listed).to_have_count(int(pile.inner_text()))
    expect(listed.first).to_be_focused()
    assert axe_faults(page) == []
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(pile).to_be_focused()
    page.keyboard.press("Enter")
    title = re.sub(r"^[\d.]+ ", "", listed.last.inner_text())
    assert "<b>" in title
    listed.last.press("Enter")
    expect(page.locator(".editor")).to_have_attribute("data-title", title)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_map_opens_with_every_sign_whole(visit: Any, village: str, size: tuple[int, int]) -> None:
    page = visit(size=size).open(f"{village}/plan")
    if size == PHONE:
        page.locator('.switch [data-show="map"]').click()
    expect(page.locator("#map .pin:visible").first).to_be_visible()
    expect(page.locator("#map .pin.whole")).to_have_count(1)
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(CUT_OFF) == []
    assert not is_cut_off(page)


def test_the_way_into_the_budget_and_to_the_public(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    plan = page.evaluate("JSON.parse(document.getElementById('data').textContent).plan")
    approval = page.locator("#approval")
    approval.locator("> summary").click()
    taken = approval.locator(".path .taken")
    before = taken.count()
    # The last step is taken back with a reason, and entered again with its paper.
    approval.locator("#step-back summary").click()
    approval.locator(".step-back [name=reason]").fill("Кеңеш кайра карады")
    approval.locator(".step-back button").dblclick()
    expect(taken).to_have_count(before - 1)
    form = approval.locator(".next-step")
    form.locator("[name=document]").fill("Токтом <i>№ 5</i>")
    form.get_by_role("button").dblclick()
    expect(taken).to_have_count(before)
    expect(taken.last).to_contain_text("Токтом <i>№ 5</i>")
    steps = asked(page, f"/api/v1/plan-approvals?plan_id={plan}")["items"]
    assert [one["document"] for one in steps].count("Токтом <i>№ 5</i>") == 1
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(taken).to_have_count(before - 1)
    # Shown to everybody or not, with all that belongs to it.
    publish = page.locator("#publish")
    was = publish.get_attribute("data-shown")
    publish.dblclick()
    expect(publish).to_have_attribute("data-shown", "false" if was == "true" else "true")
    shown = asked(page, f"/api/v1/plans/{plan}")["published_at"]
    assert (shown is not None) == (was == "true")


def test_a_proposed_answer_is_taken_or_turned_down(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    bridge = chip(page, "Көпүрө авариялык абалда")
    bridge.locator(".answer summary").click()
    proposal = bridge.locator(".proposal")
    expect(proposal).to_have_count(1)
    problem = bridge.get_attribute("data-problem")
    proposal.get_by_role("button").nth(1).click()
    proposal.get_by_role("button").click()
    expect(proposal.locator(".said")).not_to_be_empty()  # a no wants its reason
    proposal.get_by_role("textbox").fill("Башка көпүрө")
    proposal.get_by_role("button").click()
    expect(bridge.locator(".proposal")).to_have_count(0)
    links = asked(page, f"/api/v1/problem-activities?problem_id={problem}")["items"]
    assert [(one["state"], one["reason"]) for one in links] == [("rejected", "Башка көпүрө")]
    wide.excuse(422)


def test_filters_narrow_rows_and_signs_alike(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    rows = page.locator("tr.activity")
    expect(rows).to_have_count(11)
    filters = page.locator(".filters")
    for name, value, number in (("purpose", "roads", 2), ("source", "sponsor", 2), ("source", "community", 3)):
        filters.locator(f"[name={name}]").select_option(value)
        expect(rows).to_have_count(number)
        expect(page).to_have_url(re.compile(f"{name}={value}"))
        shown = {one.get_attribute("data-activity") for one in rows.all()}
        on_map = {one.get_attribute("data-activity") for one in page.locator("#map .pin[data-activity]").all()}
        assert on_map <= shown
        page.locator(".filters .clear").click()
        expect(rows).to_have_count(11)
    filters.locator("[name=only]").select_option("short")
    expect(rows).to_have_count(4)  # a fifth is stopped, and asks for nothing more
    for row in rows.all():
        expect(row).to_contain_text("жетпейт")
    page.reload()
    expect(rows).to_have_count(4)
    assert row_of(page, HOUSE).count() in (0, 1)


def chip(page: Page, title: str) -> Locator:
    return page.locator(".chip", has_text=title)
