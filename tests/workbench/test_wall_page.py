"""The wall of problems: notes typed and pasted, dragged into groups, counted, shown to a room, by several at once."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

FIRST_SESSION = "01a20004-b16b-71b2-bc71-6bcda59b6452"
"""18–35, 24 people, nine problems with 75 votes (DOMAIN.md section 13)."""


@pytest.fixture
def wall_path(village: str) -> str:
    return f"{village}/problems?session={FIRST_SESSION}"


def stored(address: str) -> dict[str, Any]:
    """Return the wall as the service has it."""
    with urlopen(f"{address}/api/v1/events/{FIRST_SESSION}/wall") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def note(page: Page, words: str) -> Locator:
    return page.locator(".note").filter(has=page.get_by_text(words, exact=True))


def group(page: Page, title: str) -> Locator:
    return page.locator(".group").filter(has=page.locator(".group-title").get_by_text(title, exact=True))


def counts(page: Page) -> list[int]:
    return [int(one) for one in page.locator(".votes").all_inner_texts()]


def drag(page: Page, what: Locator, where: Locator) -> None:
    """Drag by mouse in steps, as a hand does."""
    what.locator(".words").hover()
    page.mouse.down()
    let_fall(page, where)


def let_fall(page: Page, where: Locator) -> None:
    """Bring what hangs at the mouse to a list of notes; it is let go once the list shows it, as people do."""
    held = where.locator(".note.sortable-ghost")
    for _ in range(20):
        # In the middle of the window: near its edge the page scrolls by itself, and lists move under the mouse.
        where.evaluate("list => list.scrollIntoView({ block: 'center' })")
        box = where.bounding_box()
        assert box is not None
        for down in (10, box["height"] / 2):
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + down, steps=6)
        if held.count():
            break
    expect(held).to_have_count(1)
    page.mouse.up()


def test_a_session_on_the_wall(wide: Visitor, wall_path: str, address: str) -> None:
    page = wide.open(wall_path)
    # The nine groups of the session by votes; two pairs share a place, and so do the five that are underlined.
    assert counts(page) == [12, 12, 10, 10, 9, 6, 6, 5, 5]
    expect(page.locator(".group.priority")).to_have_count(5)
    expect(page.locator(".group").first.locator(".rank")).to_contain_text("1-орун, тең")
    expect(page.locator("#placed")).to_contain_text("75")
    expect(page.locator("#placed")).to_contain_text("120")
    # Notes are written one after the other; nothing waits for the mouse.
    page.locator("#wording").focus()
    for words in ("Таштанды ташылбайт", "<b>Мончо</b> & «суук»"):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    expect(page.locator(".note")).to_have_count(11)
    expect(note(page, "<b>Мончо</b> & «суук»")).to_be_visible()
    expect(page.locator("#count")).to_have_text("77")
    # A missing remedy is taken, with the hint to the facilitator.
    page.keyboard.type("Трактор жок")
    page.keyboard.press("Enter")
    expect(page.locator("#hint")).to_contain_text("таштанды ташылбайт")
    # Dragged into a group, its votes count there and its words stay.
    drag(page, note(page, "Трактор жок"), group(page, "Таштанды ташылбайт").locator(".notes"))
    both = group(page, "Таштанды ташылбайт")
    expect(both.locator(".note")).to_have_count(2)
    expect(both.locator(".votes")).to_have_text("2")
    # By buttons: picked up, the group chosen, put down.
    mine = note(page, "<b>Мончо</b> & «суук»")
    mine.locator(".hold").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#into")).to_be_focused()
    page.locator("#into").select_option(label="Таштанды ташылбайт · 2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(both.locator(".note")).to_have_count(3)
    # The first note goes, those put to it stay together.
    note(page, "Таштанды ташылбайт").locator(".hold").click()
    page.locator("#put-alone").click()
    expect(
        page.locator(".group").filter(has=page.get_by_text("Трактор жок", exact=True)).locator(".note")
    ).to_have_count(2)
    assert sum(one["votes"] for one in stored(address)["groups"]) == 78
    # Every step is taken back, also by the key.
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(page.locator(".notice").last).to_contain_text("Кайтарылды")
    expect(
        page.locator(".group").filter(has=page.get_by_text("Трактор жок", exact=True)).locator(".note")
    ).to_have_count(3)
    for _ in range(5):
        expect(page.locator("#undo")).to_be_enabled()
        before = page.locator("#undo").get_attribute("data-left")
        page.locator("#undo").click()
        expect(page.locator("#undo")).not_to_have_attribute("data-left", before or "")
    expect(page.locator("#count")).to_have_text("75")
    assert [one["votes"] for one in stored(address)["groups"]] == [12, 12, 10, 10, 9, 6, 6, 5, 5]


def test_counting_renaming_and_the_limit(wide: Visitor, wall_path: str, address: str) -> None:
    page = wide.open(wall_path)
    roads = note(page, "Ички жолдор начар")
    for _ in range(4):
        roads.get_by_role("button", name="Дагы бир баракча").click()
    expect(group(page, "Ички жолдор начар").locator(".votes")).to_have_text("16")
    expect(group(page, "Ички жолдор начар").locator(".rank")).to_contain_text("1-орун")
    roads.get_by_role("button", name="Сөзүн оңдоо").click()
    page.keyboard.type("Ички жолдор таптакыр начар")
    page.keyboard.press("Enter")
    expect(note(page, "Ички жолдор таптакыр начар")).to_be_visible()
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(note(page, "Ички жолдор таптакыр начар")).to_be_visible()
    # 120 notes are there to be had; what goes beyond is refused with the reason, and kept to correct.
    page.locator("#many summary").click()
    page.locator("#lines").fill("Мончо жок; 41\n\n12\n<script>alert(1)</script>; 1\nКөпүрө\t1\nкөпүрө\t1")
    expect(page.locator("#lines-count")).to_contain_text("44")
    page.locator("#put-lines").click()
    expect(page.locator("#lines-count")).to_contain_text("120")
    assert stored(address)["votes"] == 79
    page.locator("#lines").fill("Мончо жок; 38\n\n<script>alert(1)</script>; 1\nКөпүрө\t1\nкөпүрө\t1")
    page.locator("#put-lines").dblclick()
    expect(page.locator("#count")).to_have_text("120")
    expect(page.locator("#placed")).to_have_class("placed full")
    expect(note(page, "<script>alert(1)</script>")).to_be_visible()
    page.locator("#wording").fill("Бир да орун жок")
    page.locator("#wording").press("Enter")
    expect(page.locator("#refused li")).to_contain_text("Бир да орун жок")
    expect(page.locator("#refused li")).to_contain_text("120")
    # Taken off and back.
    note(page, "Көпүрө").get_by_role("button", name="Дубалдан алуу").click()
    expect(page.locator("#count")).to_have_text("118")
    page.locator(".notice button").last.click()
    expect(page.locator("#count")).to_have_text("120")
    page.locator("#refused li button").last.click()
    expect(page.locator("#refused li")).to_have_count(0)
    wide.excuse(422)


def test_two_at_one_wall(visit: Visit, wall_path: str, address: str) -> None:
    shown = visit(size=(1920, 1080)).open(f"{wall_path}&projector=1")
    expect(shown.locator(".masthead")).to_be_hidden()
    expect(shown.locator("#type")).to_be_hidden()
    visitors = [visit(size=PHONE), visit()]
    phone = visitors[0].open(wall_path)
    phone.locator("#wording").fill("Суу жокко эсе")
    phone.locator("#wording").press("Enter")
    # Nobody touches the laptop at the projector: it looks again by itself.
    expect(group(shown, "Суу жокко эсе")).to_be_visible()
    expect(shown.locator("#count")).to_have_text("76")
    assert axe_faults(shown) == []
    # Both count the same pile at the same time: every note counts.
    laptop = visitors[1].open(wall_path)
    for page in (laptop, phone):
        for _ in range(3):
            note(page, "Бала бакча жок").get_by_role("button", name="Дагы бир баракча").click()
    for page in (laptop, phone, shown):
        expect(group(page, "Бала бакча жок").locator(".votes")).to_have_text("12")
    # Both word the same note otherwise: the second sees both wordings and chooses.
    note(laptop, "Көчө жарыгы жок").get_by_role("button", name="Сөзүн оңдоо").click()
    note(phone, "Көчө жарыгы жок").get_by_role("button", name="Сөзүн оңдоо").click()
    phone.keyboard.type("Көчөлөр караңгы")
    phone.keyboard.press("Enter")
    expect(note(phone, "Көчөлөр караңгы")).to_be_visible()
    laptop.keyboard.type("Жарык жок")
    laptop.keyboard.press("Enter")
    expect(laptop.get_by_text("Азыр мындай: Көчөлөр караңгы")).to_be_visible()
    laptop.get_by_role("button", name="Меникин сактоо").click()
    expect(note(laptop, "Жарык жок")).to_be_visible()
    expect(note(phone, "Жарык жок")).to_be_visible()
    # Escape brings the frame back.
    shown.keyboard.press("Escape")
    expect(shown.locator(".masthead")).to_be_visible()
    for visitor in visitors:
        visitor.excuse(412)


def test_a_note_that_another_moved_stays_where_they_put_it(wide: Visitor, wall_path: str, address: str) -> None:
    words = ("Почта келбейт", "Базар алыс", "Мончо эски")
    notes = [
        {"type": "Feature", "properties": {"event_id": FIRST_SESSION, "wording": one, "votes": 1}} for one in words
    ]
    ask(address, "POST", "/api/v1/problem-statements/bulk", notes)
    groups = {one["title"]: one for one in stored(address)["groups"]}
    mine, theirs, wanted = (groups[one] for one in words)
    page = wide.open(wall_path)
    drawn = note(page, mine["notes"][0]["wording"])
    drawn.locator(".words").hover()
    page.mouse.down()
    page.mouse.move(300, 300, steps=6)
    expect(page.locator("#out")).to_be_visible()
    # While one drags it, another puts it elsewhere.
    move = {"from_id": mine["problem_id"], "into_id": theirs["problem_id"], "reason": "Ошол эле"}
    ask(address, "POST", f"/api/v1/problems/{mine['problem_id']}/move", move)
    let_fall(page, group(page, wanted["title"]).locator(".notes"))
    told = page.locator("#notices")
    expect(told).to_contain_text(f"башка бирөө «{theirs['title']}» тобуна жылдырды")
    expect(group(page, theirs["title"]).locator(".note")).to_have_count(2)
    expect(group(page, wanted["title"]).locator(".note")).to_have_count(1)
    # Whoever was later may still have it where they wanted.
    told.get_by_role("button", name="Мен каалаган жерге").click()
    expect(group(page, wanted["title"]).locator(".note")).to_have_count(2)
    wide.excuse(412)


def ask(address: str, method: str, path: str, body: Any, **headers: str) -> None:
    data = json.dumps(body).encode()
    urlopen(
        Request(f"{address}{path}", data=data, method=method, headers={"Content-Type": "application/json", **headers})
    ).close()


def test_three_hundred_problems_stay_quick(wide: Visitor, wall_path: str, address: str) -> None:
    ask(
        address,
        "PATCH",
        f"/api/v1/events/{FIRST_SESSION}",
        {"type": "Feature", "properties": {"participants": 100}},
        **{"If-Match": "*"},
    )
    notes = [
        {
            "type": "Feature",
            "geometry": None,
            "properties": {"event_id": FIRST_SESSION, "wording": f"Көйгөй {n}", "votes": 1},
        }
        for n in range(300)
    ]
    ask(address, "POST", "/api/v1/problem-statements/bulk", notes)
    page = wide.open(wall_path)
    expect(page.locator(".note")).to_have_count(309)
    # How long the page itself is busy with a wall that was read; nobody should wait for it.
    busy_ms = page.evaluate(
        """async () => {
            const { draw } = await import("/static/work/problems_draw.js");
            const { wall } = await import("/static/work/problems_store.js");
            const list = document.getElementById("wall");
            const begun = performance.now();
            draw(list, wall().groups, { sorted: true });
            list.getBoundingClientRect();
            return performance.now() - begun;
        }"""
    )
    assert busy_ms < 400
    page.locator("#wording").fill("Үч жүз биринчи")
    page.keyboard.press("Enter")
    expect(note(page, "Үч жүз биринчи")).to_be_visible(timeout=20_000)
    note(page, "Көйгөй 299").locator(".hold").click()
    page.locator("#into").select_option(label="Көйгөй 7 · 1")
    page.locator("#put-into").click()
    expect(group(page, "Көйгөй 7").locator(".note")).to_have_count(2, timeout=20_000)


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(visit: Visit, wall_path: str, address: str, size: tuple[int, int], theme: str) -> None:
    visitor = visit(size=size)
    visitor.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = visitor.open(wall_path)
    assert not is_cut_off(page)
    note(page, "Бала бакча жок").locator(".hold").click()
    expect(page.locator("#held")).to_be_visible()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
