"""The table of Venn diagrams: circles are dragged and say what they touch, by mouse, finger and keys."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from geo.domain.venn.drawn import TOUCHING_TOLERANCE, DrawnCircle, relation_of
from geo.services.whole_sample import WholeSample
from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

FIRST = "01a20004-b16b-71b2-bc71-6bcda59b6452"
SECOND = "01a20400-0000-7cec-a111-527441507deb"
"""The sample's sessions: minutes alone, and a diagram of women and one of men."""
THIRD = "01a20400-0000-7d2d-b8fe-6d95a1c4c150"
"""A session without a diagram."""
expect.set_options(timeout=15_000)
HOSTILE = "<img src=x onerror=alert(1)>"
LONG = "жоопкерчиликтүүлүктү"

MIDDLE = """(part) => { const { left, top, width, height } = part.querySelector(".inside").getBoundingClientRect();
    return [left + width / 2, top + height / 2, width / 2]; }"""
OVERFLOWS = """() => [...document.querySelectorAll(".written")].filter((group) => {
    const disc = document.querySelector(`.circle[data-id="${group.dataset.name}"] .inside`).getBoundingClientRect();
    return [...group.querySelectorAll("text")].some((line) => {
        const box = line.getBoundingClientRect();
        return box.left < disc.left - 2 || box.right > disc.right + 2 || box.top < disc.top || box.bottom > disc.bottom;
    });
}).map((group) => group.textContent)"""


def circle(page: Page, name: str) -> Locator:
    return page.locator(".circle").filter(has=page.locator("title", has_text=name)).first


def middle(part: Locator) -> tuple[float, float, float]:
    x, y, radius = part.evaluate(MIDDLE)
    return x, y, radius


def saved(page: Page) -> None:
    expect(page.locator(".venn-state").first).to_have_attribute("data-state", "saved")


def add(page: Page, name: str) -> None:
    field = page.locator(".venn-add input").first
    field.fill(name)
    field.press("Enter")
    expect(page.locator(".circle title", has_text=name)).to_have_count(1)
    saved(page)


def stored(page: Page, path: str) -> Any:
    answer = page.request.get(f"{page.url.split('/work/')[0]}/api/v1/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def ties(page: Page, event: str, diagram: str = "everybody") -> dict[frozenset[str], tuple[str, str]]:
    network = stored(page, f"events/{event}/venn?diagram={diagram}")
    names = {one["id"]: one["name_ky"] for one in network["institutions"]}
    return {
        frozenset((names[tie["first_id"]], names[tie["second_id"]])): (tie["relation"], tie["origin"])
        for tie in network["ties"]
    }


def drag(page: Page, part: Locator, to: tuple[float, float]) -> None:
    x, y, _ = middle(part)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + to[0]) / 2, (y + to[1]) / 2)
    page.mouse.move(*to, steps=3)


def test_a_dragged_circle_names_its_tie_and_keeps_it(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/venn?session={THIRD}")
    expect(page.locator(".venn-empty")).to_be_visible()
    add(page, "Мектеп")
    add(page, "Айыл өкмөтү")
    school, council = circle(page, "Мектеп"), circle(page, "Айыл өкмөтү")
    x, y, radius = middle(school)
    bubble = page.locator("#venn-bubble")

    drag(page, council, (x + 2 * radius + 5, y))
    expect(bubble).to_have_text("Мектеп: маалымат алмашат")
    page.mouse.move(x + radius, y, steps=3)
    expect(bubble).to_have_text("Мектеп: айрым чечимдерди биргелешип чечет")
    page.mouse.up()
    expect(bubble).to_be_hidden()
    saved(page)
    pair = frozenset(("Мектеп", "Айыл өкмөтү"))
    assert ties(page, THIRD) == {pair: ("partial", "derived")}
    expect(page.locator(".venn-figures")).to_contain_text("Мекеме: 2, байланыш: 1")

    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(circle(page, "Айыл өкмөтү")).to_have_attribute("aria-label", "Айыл өкмөтү. Жергиликтүү мекеме. "
        "Маанилүү (орто тегерек). Мектеп: айрым чечимдерди биргелешип чечет")  # fmt: skip

    # By keys, and taken back by one.
    circle(page, "Айыл өкмөтү").focus()
    for _ in range(8):
        page.keyboard.press("Shift+ArrowRight")
    expect(bubble).to_have_text("эч ким менен байланышы жок")
    page.keyboard.press("Tab")
    saved(page)
    assert ties(page, THIRD) == {}
    page.keyboard.press("z")
    expect(page.locator("#notices")).to_contain_text("Кайтарылды: Айыл өкмөтү жылды")
    assert ties(page, THIRD) == {pair: ("partial", "derived")}

    # Set in the table of institutions, a circle moves so that it says it.
    page.locator(".venn-matrix summary").click()
    page.locator(".venn-cell.partial[data-pair]").click()
    page.locator(".venn-matrix select").select_option("full")
    expect(page.locator(".venn-cell.full[data-pair]")).to_be_visible()
    saved(page)
    assert ties(page, THIRD) == {pair: ("full", "derived")}


def test_a_circle_is_described_by_taps(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/venn?session={THIRD}")
    add(page, HOSTILE)
    panel = page.locator(".venn-panel")
    expect(panel.locator("h2")).to_have_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    small = middle(circle(page, HOSTILE))[2]
    panel.get_by_role("button", name="Чоң").dblclick()
    saved(page)
    expect(panel.get_by_role("button", name="Чоң")).to_have_attribute("aria-pressed", "true")
    saved(page)
    assert middle(circle(page, HOSTILE))[2] > small * 1.3
    panel.get_by_role("button", name="Нааразы").click()
    expect(page.locator(".written .face.discontent")).to_have_count(1)
    name = panel.get_by_label("Аталышы")
    name.fill(LONG)
    name.press("Enter")
    expect(page.locator(".circle title")).to_have_text(LONG)
    choice = panel.get_by_label("Картадагы орду")
    expect(choice.locator("option", has_text="Мектеп").first).to_be_attached()
    choice.select_option(index=1)
    saved(page)
    kept = stored(page, f"institution-circles?event_id={THIRD}")["features"][0]["properties"]
    assert (kept["name_ky"], kept["importance"], kept["satisfaction"]) == (LONG, "large", "discontent")
    assert kept["feature_id"]
    assert page.evaluate(OVERFLOWS) == []

    panel.get_by_role("button", name="Столдон алуу").click()
    expect(page.locator(".circle")).to_have_count(0)
    page.locator("#venn-undo").click()
    expect(page.locator(".circle title")).to_have_text(LONG)
    back = stored(page, f"institution-circles?event_id={THIRD}")["features"][0]["properties"]
    assert (back["satisfaction"], back["feature_id"]) == ("discontent", kept["feature_id"])

    # An institution that is there already is refused beside the field.
    field = page.locator(".venn-add input")
    field.fill(LONG)
    field.press("Enter")
    expect(page.locator(".venn-add .fault")).to_contain_text(LONG)
    wide.excuse(409)


def test_minutes_are_laid_out_and_a_tie_is_set_in_the_table(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/venn?session={FIRST}")
    expect(page.locator(".circle")).to_have_count(15)
    expect(page.locator(".venn-draft")).to_be_visible()
    assert page.evaluate(OVERFLOWS) == []
    said = ties(page, FIRST)
    page.locator(".venn-matrix summary").click()
    cell = page.get_by_role("button", name="Мечит — Пилорама: байланышы жок").or_(
        page.get_by_role("button", name="Пилорама — Мечит: байланышы жок")
    )
    cell.click()
    page.locator(".venn-matrix select").select_option("touching")
    saved(page)
    now = ties(page, FIRST)
    pair = frozenset(("Мечит", "Пилорама"))
    assert now.pop(pair)[0] == "touching"
    # What else was said holds as it did, whether a circle moved for it or not.
    assert {one: tie[0] for one, tie in now.items()} == {one: tie[0] for one, tie in said.items()}
    page.locator("#venn-undo").click()
    expect(page.locator("#notices")).to_contain_text("Кайтарылды")
    assert pair not in ties(page, FIRST)

    with page.expect_download(timeout=90_000) as got:
        page.locator(".venn-files").get_by_role("button", name="SVG").click()
    assert "<svg" in got.value.path().read_text("utf-8")


def test_two_tables_beside_each_other(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/venn?session={SECOND}&diagram=beside")
    women, men = page.locator(".venn-desk").all()
    expect(women.locator(".circle")).to_have_count(8)
    expect(men.locator(".circle")).to_have_count(8)
    differences = page.locator("#venn-differences")
    expect(differences).to_contain_text("Аялдарда гана:")
    expect(differences).to_contain_text("Дүкөн")
    men.locator(".venn-add input").fill("Дүкөн")
    men.locator(".venn-add button").click()
    expect(differences.locator("li", has_text="Аялдарда гана")).not_to_contain_text("Дүкөн")
    assert axe_faults(page) == []
    assert not is_cut_off(page)


def test_what_another_window_did_is_seen_and_the_newer_place_holds(visit: Visit, village: str) -> None:
    visitor = visit()
    page = visitor.open(f"{village}/venn?session={THIRD}")
    add(page, "Мектеп")
    other = visitor.open(f"{village}/venn?session={THIRD}")
    x, y, _ = middle(circle(page, "Мектеп"))
    drag(page, circle(page, "Мектеп"), (x - 200, y))
    page.mouse.up()
    saved(page)
    mine = (x + 150, y + 40)
    drag(other, circle(other, "Мектеп"), mine)
    other.mouse.up()
    row = other.locator(".venn-conflict")
    expect(row).to_contain_text("«Мектеп» башка терезеде да өзгөрдү")
    # The newer is shown at once; who was later may still have their way.
    laid = circle(page, "Мектеп").get_attribute("transform")
    expect(circle(other, "Мектеп")).to_have_attribute("transform", laid or "")
    visitor.excuse(412)
    row.get_by_role("button", name="Мен койгондой болсун").click()
    expect(row).to_be_hidden()
    saved(other)
    # Nobody touches the first window: it looks by itself, and says what happened.
    expect(page.locator("#notices")).to_contain_text("Башка терезеде өзгөрдү: Мектеп")
    wanted = circle(other, "Мектеп").get_attribute("transform") or ""
    assert wanted != laid
    expect(circle(page, "Мектеп")).to_have_attribute("transform", wanted)
    add(other, "Китепкана")
    expect(circle(page, "Китепкана")).to_be_visible()
    # A circle that is removed and put back is the same one, with what was said of it.
    before = stored(page, f"institution-circles?event_id={THIRD}")["features"]
    circle(other, "Китепкана").click()
    other.get_by_role("button", name="Столдон алуу").click()
    expect(circle(page, "Китепкана")).to_have_count(0)
    other.locator("#venn-undo").click()
    expect(circle(page, "Китепкана")).to_be_visible()
    after = stored(page, f"institution-circles?event_id={THIRD}")["features"]
    assert {one["id"] for one in after} == {one["id"] for one in before}


def test_an_answer_that_is_lost_makes_no_second_circle(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/venn?session={THIRD}")
    left = [3]

    def lose(route: Route) -> None:
        if route.request.method != "POST" or not left[0]:
            route.fallback()
            return
        left[0] -= 1
        assert route.fetch().ok  # the service has it, the page never hears of it
        route.abort()

    page.route("**/api/v1/institution-circles", lose)
    field = page.locator(".venn-add input").first
    field.fill("Мектеп")
    field.press("Enter")
    expect(page.locator(".venn-add .fault")).not_to_be_empty()  # lost twice: the person is told
    assert left == [1]
    field.press("Enter")
    expect(circle(page, "Мектеп")).to_be_visible()
    saved(page)
    assert left == [0]
    assert len(stored(page, f"institution-circles?event_id={THIRD}")["features"]) == 1
    wide.excuse("ERR_FAILED")


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_forty_circles_are_dragged_by_a_finger_and_read(
    visit: Visit, village: str, size: tuple[int, int], forty: Callable[[str], None]
) -> None:
    visitor = visit(size=size)
    forty(visitor.address)
    page = visitor.open(f"{village}/venn?session={THIRD}")
    expect(page.locator(".circle")).to_have_count(40)
    assert page.evaluate(OVERFLOWS) == []
    assert not is_cut_off(page)
    assert axe_faults(page) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert axe_faults(page) == []
    part = page.locator(".circle").nth(20)
    part.scroll_into_view_if_needed()
    x, y, radius = middle(part)
    identity = part.get_attribute("data-id")
    before = stored(page, f"institution-circles/{identity}")["properties"]
    page.mouse.move(x, y)
    page.evaluate(
        """([id, x, y]) => {
            const table = document.querySelector(".venn-table");
            const part = table.querySelector(`[data-id="${id}"] .inside`);
            const send = (kind, dx, on) => on.dispatchEvent(new PointerEvent(kind, { pointerId: 7, pointerType: "touch",
                isPrimary: true, bubbles: true, clientX: x + dx, clientY: y, button: 0 }));
            table.setPointerCapture = () => {};
            send("pointerdown", 0, part);
            for (const dx of [10, 20, 40]) send("pointermove", dx, table);
            send("pointerup", 40, table);
        }""",
        [identity, x, y],
    )
    saved(page)
    after = stored(page, f"institution-circles/{identity}")["properties"]
    assert after["pixel_x"] != before["pixel_x"]
    assert after["version"] == before["version"] + 1
    assert radius * 2 >= 24


@pytest.fixture
def forty(sample: WholeSample, settings: Any) -> Callable[[str], None]:
    """Forty institutions on the table of a session, some with long names."""
    from fastapi.testclient import TestClient

    from tests.api.signed_in import app_of

    def make(_: str) -> None:
        client = TestClient(app_of(settings), base_url="http://127.0.0.1:8000")
        sizes = ("small", "medium", "large")
        body = [
            {
                "type": "Feature",
                "geometry": None,
                "properties": {
                    "event_id": THIRD,
                    "name_ky": f"{LONG if number % 7 == 0 else 'Айылдык коом'} {number}",
                    "kind": ("local_institution", "outside_body", "youth_group", "womens_group")[number % 4],
                    "importance": sizes[number % 3],
                    "pixel_x": 170 + (number % 8) * 240,
                    "pixel_y": 160 + (number // 8) * 240,
                    "pixel_radius": (62, 93, 110)[number % 3],
                },
            }
            for number in range(40)
        ]
        assert client.post("/api/v1/institution-circles/bulk", json=body).status_code == 201

    return make


def test_the_page_reads_ties_as_the_service_does(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/venn?session={THIRD}")
    draw = random.Random(4)
    pairs = []
    for _ in range(400):
        first = [0.0, 0.0, draw.uniform(20, 120)]
        far = draw.choice((1.0, draw.uniform(0, 1.5), draw.uniform(0.85, 1.15)))
        radius = draw.uniform(20, 120)
        pairs.append((first, [far * (first[2] + radius), 0.0, radius]))
    wanted = [
        relation_of(DrawnCircle(UUID(int=1), *one), DrawnCircle(UUID(int=2), *other)).value for one, other in pairs
    ]
    found = page.evaluate(
        """async ([pairs, tolerance]) => {
            const { relationOf } = await import("/static/work/venn_rules.js");
            const circle = ([x, y, r]) => ({ x, y, r });
            return pairs.map(([one, other]) => relationOf(circle(one), circle(other), tolerance));
        }""",
        [pairs, TOUCHING_TOLERANCE],
    )
    assert set(wanted) == {"apart", "touching", "partial", "full"}
    assert found == wanted
    given = json.loads(page.locator("#data").text_content() or "")
    assert given["tolerance"] == TOUCHING_TOLERANCE
