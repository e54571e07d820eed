"""Two loaves: cut by their edges or typed, whole at a press, with the difference in words."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

FIRST = "01a20004-b16b-71b2-bc71-6bcda59b6452"
"""The sample's session whose minutes tell both loaves."""
THIRD = "01a20400-0000-7d2d-b8fe-6d95a1c4c150"
expect.set_options(timeout=15_000)
HOSTILE = "<img src=x onerror=alert(1)>"
LONG = "Жоопкерчиликтүүлүктү жогорулатуу"


def saved(page: Page, state: str = "saved") -> None:
    expect(page.locator("#bread-state")).to_have_attribute("data-state", state)


def stored(page: Page, event: str) -> Any:
    return page.request.get(f"{page.url.split('/work/')[0]}/api/v1/events/{event}/bread").json()


def perceived(page: Page, event: str) -> dict[str, float | None]:
    return {one["name_ky"]: one["perceived_percent"] for one in stored(page, event)["lines"]}


def field(page: Page, name: str, what: str = "эл ойлогон пайыз") -> Locator:
    return page.get_by_label(f"{name}: {what}", exact=True)


def typed(page: Page, name: str, value: str, what: str = "эл ойлогон пайыз") -> None:
    field(page, name, what).fill(value)
    field(page, name, what).press("Tab")


def add(page: Page, name: str, percent: str) -> None:
    page.locator("#bread-name").fill(name)
    page.locator("#bread-name").press("Enter")
    expect(field(page, name)).to_be_focused()
    typed(page, name, percent)


def test_an_edge_is_dragged_and_moved_by_keys(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/bread?session={FIRST}")
    before = perceived(page, FIRST)
    assert (before["АӨ кызматкерлери"], before["Мектептер"]) == (30, 20)
    expect(page.locator("#bread-rest")).to_have_text("Токоч толук бөлүндү: 100 %")
    edge = page.get_by_role("slider", name="АӨ кызматкерлери менен Мектептер ортосундагы чек")
    knob = edge.locator(".knob").bounding_box()
    crust = page.locator("#bread-perceived .crust").bounding_box()
    assert knob and crust
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    # To three o'clock: a quarter of the loaf.
    page.mouse.move(crust["x"] + crust["width"], crust["y"] + crust["height"] / 2, steps=4)
    expect(edge).to_have_attribute("aria-valuenow", "25")
    page.mouse.up()
    saved(page)
    now = perceived(page, FIRST)
    assert (now["АӨ кызматкерлери"], now["Мектептер"]) == (25, 25)
    assert sum(share or 0 for share in now.values()) == 100
    edge.focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuetext", "АӨ кызматкерлери 19 %, Мектептер 31 %")
    expect(field(page, "Мектептер")).to_have_value("31")
    page.keyboard.press("Enter")
    saved(page)
    page.locator("#bread-undo").click()
    expect(field(page, "Мектептер")).to_have_value("25")
    page.keyboard.press("z")
    expect(field(page, "Мектептер")).to_have_value("20")
    saved(page)
    assert perceived(page, FIRST) == before
    assert page.locator(".difference", has_text="эл 14 пунктка аз деп ойлойт").count() == 1


def test_a_loaf_is_typed_from_nothing(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/bread?session={THIRD}")
    expect(page.locator("#bread-no-actual")).to_be_visible()
    add(page, "Мектептер", "40")
    saved(page, "saved_part")
    expect(page.locator("#bread-rest")).to_have_text("Бөлүнө элек: 60 %")
    add(page, HOSTILE, "20,5")
    add(page, LONG, "20")
    expect(page.locator("#bread-rest")).to_have_text("Бөлүнө элек: 19,5 %")
    page.locator("#bread-spread").dblclick()
    saved(page)
    expect(page.locator("#bread-rest")).to_have_text("Токоч толук бөлүндү: 100 %")
    shares = perceived(page, THIRD)
    assert list(shares) == ["Мектептер", HOSTILE, LONG]
    assert sum(share or 0 for share in shares.values()) == pytest.approx(100)
    assert shares["Мектептер"] == pytest.approx(49.7, abs=0.05)
    assert page.locator("img[src=x]").count() == 0

    # Som become percent once every line has some.
    for name, som in (("Мектептер", "1 500 000"), (HOSTILE, "300000"), (LONG, "200 000")):
        typed(page, name, som, "бюджеттеги сом")
    saved(page)
    told = {one["name_ky"]: (one["actual_som"], one["actual_percent"]) for one in stored(page, THIRD)["lines"]}
    assert told == {"Мектептер": (1_500_000, 75), HOSTILE: (300_000, 15), LONG: (200_000, 10)}
    expect(page.locator(".difference").first).to_contain_text("эл 25,3 пунктка аз деп ойлойт")

    # Too much is said and not saved, rubbish is refused in its field.
    typed(page, "Мектептер", "90")
    expect(page.locator("#bread-rest")).to_contain_text("Ашыкча:")
    saved(page, "not_saved")
    assert perceived(page, THIRD) == shares
    page.locator("#bread-spread").click()
    saved(page)
    typed(page, LONG, "көп")
    expect(page.locator("#bread-wrong")).to_have_text("Бул жерге 0дөн 100гө чейинки сан жазыңыз.")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#bread-lines tr")).to_have_count(3)
    expect(page.locator("#bread-rest")).to_have_text("Токоч толук бөлүндү: 100 %")
    page.get_by_role("button", name=f"«{HOSTILE}» кесиндисин алуу").click()
    expect(page.locator("#bread-lines tr")).to_have_count(2)
    saved(page, "saved_part")
    page.locator("#bread-undo").click()
    expect(page.locator("#bread-lines tr")).to_have_count(3)


def test_two_windows_show_both_loaves(visit: Visit, village: str) -> None:
    visitor = visit()
    page, other = (visitor.open(f"{village}/bread?session={FIRST}") for _ in range(2))
    typed(page, "Клуб", "14")
    saved(page, "saved_part")
    typed(other, "Клуб", "13")
    row = other.locator("#bread-conflict")
    expect(row).to_contain_text("Клуб: меники 13 %, алардыкы 14 %")
    visitor.excuse(409)
    row.get_by_role("button", name="Алардыкы").click()
    expect(field(other, "Клуб")).to_have_value("14")
    typed(other, "Клуб", "15")
    saved(other)
    assert perceived(other, FIRST)["Клуб"] == 15


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("language", ["ky", "en"])
def test_everybody_can_use_it(visit: Visit, village: str, size: tuple[int, int], language: str) -> None:
    page = visit(size=size, language=language).open(f"{village}/bread?session={FIRST}")
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert axe_faults(page) == []
    assert not is_cut_off(page)
    outside = """() => [...document.querySelectorAll(".loaf text")].filter((text) => {
        const [own, all] = [text.getBoundingClientRect(), text.closest("svg").getBoundingClientRect()];
        return own.left < all.left - 1 || own.right > all.right + 1;
    }).map((text) => text.textContent)"""
    assert page.evaluate(outside) == []
