"""The plan: table and map in one, changed in place, by two people at once, on a phone, with two hundred activities."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from api.settings import Settings
from geo.domain.plan_codes import ActivityStage
from geo.models import Activity
from geo.services.whole_sample import WholeSample
from tests.api.signed_in import app_of, client_of
from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, Visitor, axe_faults, is_cut_off

pytestmark = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
"""Pages are the same on both engines; what they ask is tested on both over HTTP."""

BRIDGE = "Кара-Суу көпүрөсүн жаңылоо"
_HTML = "Панфиловго <img src=x onerror=alert(1)> шагыл"


expect.set_options(timeout=15_000)


def row_of(page: Page, title: str) -> Locator:
    return page.locator("tr.activity", has=page.get_by_role("link", name=title, exact=True))


def open_row(page: Page, title: str) -> Locator:
    row_of(page, title).locator("a.title").click()
    editor = page.locator(".editor")
    expect(editor).to_be_visible()
    return editor


def test_a_planner_works_on_the_plan(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    assert axe_faults(page) == []
    rows = page.locator("tr.activity")
    expect(rows).to_have_count(11)
    expect(page.locator(".sums")).to_contain_text("жетпейт")

    # Table and map know each other, both ways.
    road = row_of(page, "Панфилов көчөсүнө шагыл төгүү")
    road.hover()
    road_id = road.get_attribute("data-activity")
    pin = page.locator(f'.pin[data-activity="{road_id}"]')
    expect(pin).to_have_class(re.compile("is-lit"))
    page.locator(".plan-head h1").hover()
    pin.focus()
    expect(road).to_have_class(re.compile("is-lit"))

    # Filters are in the address: Back takes them off again.
    page.locator(".filters [name=status]").select_option("done")
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile("status=done"))
    page.go_back()
    expect(rows).to_have_count(11)

    # A field is kept as it is left; a name with HTML stays a name; Z takes it back.
    editor = open_row(page, "Панфилов көчөсүнө шагыл төгүү")
    title = editor.locator('[data-field="title"]')
    title.fill(_HTML)
    title.press("Tab")
    expect(row_of(page, _HTML)).to_have_count(1)
    expect(editor.locator(".field.is-kept").first).to_be_visible()
    page.reload()
    expect(page.locator(".editor")).to_be_visible()
    page.wait_for_selector("html[data-ready]", state="attached")
    need = page.locator('[data-field="need_som"]')
    need.fill("көп акча")
    need.press("Tab")
    expect(page.locator(".field.is-wrong .problem")).to_contain_text("окулбайт")
    need.fill("1,2 млн сом")
    need.press("Tab")
    expect(row_of(page, _HTML)).to_contain_text("700 миң сом жетпейт")
    expect(row_of(page, _HTML)).to_contain_text("жарымы да жок")
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(row_of(page, _HTML)).not_to_contain_text("жарымы да жок")

    # A sum pressed twice is entered once.
    form = page.locator(".add-contribution")
    form.locator("[name=source]").select_option("sponsor")
    form.locator("[name=amount_som]").fill("75 миң сом")
    form.get_by_role("button").dblclick()
    expect(row_of(page, _HTML)).to_contain_text("Демөөрчү: 75")
    expect(page.locator('.contributions li[data-source="sponsor"]')).to_have_count(1)

    # Put at a place by coordinates, and dragged to another.
    place = page.locator(".by-coordinates")
    place.get_by_role("textbox").fill("жок жер")
    place.get_by_role("button").click()
    expect(place.locator(".said")).to_contain_text("42.4951")
    whole = page.locator('[data-draw="whole"]')
    whole.click()
    expect(page.locator(".place-now")).to_contain_text("Бүтүндөй айыл")
    place.get_by_role("textbox").fill("42.4960, 78.2300")
    place.get_by_role("button").click()
    expect(pin).to_be_visible()
    before = asked(page, f"/api/v1/activities/{road_id}")["geometry"]["coordinates"]
    assert before == [78.23, 42.496]
    drag(page, row_of(page, _HTML).locator(".handle"), page.locator("#map"))
    page.wait_for_function(
        "([id, old]) => fetch(`/api/v1/activities/${id}`).then((a) => a.json())"
        ".then((b) => b.geometry.coordinates[0] !== old)",
        arg=[road_id, before[0]],
    )
    wide.excuse(422)


def test_status_in_one_tap_and_a_problem_finds_its_answer(wide: Visitor, village: str, settings: Settings) -> None:
    with settings.workspace.write(actor="test") as session:  # a stopped one would answer nothing
        session.execute(update(Activity).where(Activity.title == BRIDGE).values(status=ActivityStage.UNDER_WAY))
    page = wide.open(f"{village}/plan")
    lamp = row_of(page, "ФАПка казан орнотуу")
    lamp.locator(".status summary").click()
    lamp.get_by_label("Качантан бери").fill("2016-02-01")
    lamp.get_by_role("button", name="Каражаты табылган").dblclick()
    expect(lamp.locator(".state")).to_contain_text("1-февраль, 2016-ж.")
    lamp.locator("a.title").click()
    expect(page.locator(".history li")).to_have_count(2)
    page.get_by_role("button", name="Акыркы жазууну кайтаруу").click()
    # Both stay readable: the entry, and the one that takes it back.
    expect(page.locator(".history li.struck")).to_have_count(2)
    expect(lamp.locator(".state > .status > summary")).to_contain_text("Пландалган")

    # A problem without an answer is dragged onto an activity; the menu does the same.
    chips = page.locator(".chip")
    expect(chips).to_have_count(5)
    bridge = page.locator(".chip", has_text="Көпүрө авариялык абалда")
    target = row_of(page, BRIDGE)
    drag(page, bridge.locator(".chip-main"), target)
    expect(bridge).to_have_count(0)
    water = page.locator(".chip", has_text="Сугат суу жетишсиз")
    water.locator("summary").click()
    whole_village = water.locator("option", has_text="Суу түтүгүнүн долбоору").get_attribute("value")
    water.locator("select").select_option(whole_village)
    expect(chips).to_have_count(3)
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(chips).to_have_count(4)


def test_a_stopped_activity_is_said_to_answer_nothing(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/plan")
    water = page.locator(".chip", has_text="Сугат суу жетишсиз")
    water.locator("summary").click()
    expect(water.locator("option").nth(1)).to_be_attached()
    assert water.locator("option", has_text=BRIDGE).count() == 0
    water.locator("summary").click()
    drag(page, water.locator(".chip-main"), row_of(page, BRIDGE))
    expect(page.locator("#notices")).to_contain_text("токтотулган")
    expect(water).to_have_count(1)


def test_two_people_at_one_field_see_both_texts(visit: Visit, village: str) -> None:
    first, second = visit(), visit()
    for visitor in (first, second):
        visitor.context.set_default_timeout(45_000)
    one = first.open(f"{village}/plan")
    editor = open_row(one, "ФАПка пандус куруу")
    other = second.open(one.url.removeprefix(first.address))
    other.locator('[data-field="result"]').fill("Пандус эки жагында")
    other.locator('[data-field="result"]').press("Tab")
    expect(other.locator(".field.is-kept").first).to_be_visible()
    # Another field of the same activity gets in nobody's way.
    editor.locator('[data-field="indicators"]').fill("1 пандус")
    editor.locator('[data-field="indicators"]').press("Tab")
    expect(one.locator('[data-field="result"]')).to_have_value("Пандус эки жагында")
    other.locator('[data-field="result"]').fill("Үчүнчү текст")
    with other.expect_response(lambda answer: answer.request.method == "PATCH"):
        other.locator('[data-field="result"]').press("Tab")
    one.locator('[data-field="result"]').fill("Төртүнчү текст")
    one.locator('[data-field="result"]').press("Tab")
    conflict = one.locator(".conflict")
    expect(conflict).to_contain_text("Үчүнчү текст")
    expect(conflict).to_contain_text("Төртүнчү текст")
    with one.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        conflict.get_by_role("button", name="Меникин жазуу").click()
    expect(conflict).to_have_count(0)
    other.reload()
    expect(other.locator('[data-field="result"]')).to_have_value("Төртүнчү текст")
    for visitor in (first, second):
        visitor.excuse(412)


def test_a_workbook_is_looked_at_and_taken_in(wide: Visitor, village: str) -> None:
    from tests.workbench.test_plan_workbook import by_hand

    page = wide.open(f"{village}/plan")
    page.locator("#workbook > summary").click()
    content = by_hand(
        ["Максат: <b>таза</b> суу"],
        ["Долбоор", "Скважина <i>казуу</i>", None, "2015-ж. июнь", "АӨ", None, None, None, 300],
        [None, "Мөөнөтсүз", None, "жакында"],
    )
    page.locator("#workbook-file").set_input_files({"name": "план.xlsx", "mimeType": "", "buffer": content})
    preview = page.locator("#workbook-preview")
    expect(preview.locator("tr.new")).to_contain_text("Скважина <i>казуу</i>")
    expect(preview.locator("tr.unreadable")).to_contain_text("мөөнөт окулбайт")
    expect(page.locator("tr.activity")).to_have_count(11)
    preview.get_by_role("button", name="Планга киргизүү").click()
    expect(preview.locator(".said")).to_contain_text("окулбайт")
    preview.get_by_role("checkbox").check()
    preview.get_by_role("button", name="Планга киргизүү").dblclick()
    expect(page.locator("tr.activity")).to_have_count(12)
    expect(row_of(page, "Скважина <i>казуу</i>")).to_contain_text("300 миң сом")
    page.locator("#workbook-file").set_input_files({"name": "x.xlsx", "mimeType": "", "buffer": b"<html>"})
    expect(page.locator("#workbook-said")).to_contain_text("XLSX таблицасы эмес")
    wide.excuse(422)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_the_table_or_the_map(visit: Visit, village: str, theme: str) -> None:
    visitor = visit(size=PHONE)
    visitor.context.add_cookies([{"name": "theme", "value": theme, "url": visitor.address}])
    page = visitor.open(f"{village}/plan?compare=1")
    assert not is_cut_off(page)
    expect(page.locator("#map")).to_be_hidden()
    row_of(page, "ФАПка казан орнотуу").locator("a.title").click()
    expect(page.locator(".editor")).to_be_visible()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
    page.locator('.switch [data-show="map"]').click()
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator(".plan-table")).to_be_hidden()
    assert axe_faults(page) == []


def test_two_hundred_activities_stay_quick(settings: Settings, sample: WholeSample, village: str) -> None:
    with client_of(app_of(settings)) as client:
        tasks = client.get("/api/v1/tasks", params={"limit": 1}).json()["items"]
        made = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [78.23 + at / 10_000, 42.495]},
                "properties": {
                    "task_id": tasks[0]["id"],
                    "settlement_id": str(sample.settlement_id),
                    "purpose": "roads",
                    "title": f"{at}-көчөнү оңдоо",
                    "need_som": 100_000 + at,
                },
            }
            for at in range(200)
        ]
        assert client.post("/api/v1/activities/bulk", json=made).status_code == 201
        began = time.monotonic()
        answer: Any = client.get(f"{village}/plan")
        took = time.monotonic() - began
        assert answer.status_code == 200
        assert answer.text.count('class="activity') >= 200
        assert took < 6, f"{took:.1f} s"


def asked(page: Page, path: str) -> Any:
    return page.evaluate("(path) => fetch(path).then((answer) => answer.json())", path)


def drag(page: Page, source: Locator, target: Locator) -> None:
    source.scroll_into_view_if_needed()
    begin, end = source.bounding_box(), target.bounding_box()
    assert begin is not None and end is not None
    page.mouse.move(begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2)
    page.mouse.down()
    # The window moves along at its edges; the target is where it is then.
    for _ in range(60):
        end = target.bounding_box()
        assert end is not None
        height = page.viewport_size["height"] if page.viewport_size else 800
        y = end["y"] + min(end["height"] / 2, 90)
        page.mouse.move(end["x"] + min(end["width"] / 2, 300), min(max(y, 20), height - 20), steps=3)
        if 60 < y < height - 60:
            break
    page.mouse.up()
