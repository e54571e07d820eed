"""Cause and effect tables: filled in where they stand, saved at once, by two at once, and on paper."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off


def sheet(page: Page, title: str) -> Locator:
    return page.locator(".sheet").filter(has=page.locator("h2").get_by_text(title, exact=True))


def cell(sheet: Locator, field: str) -> Locator:
    return sheet.locator(f'[data-field="{field}"]')


def stored(address: str) -> list[dict[str, Any]]:
    with urlopen(f"{address}/api/v1/cause-analyses?limit=500") as answer:
        found: list[dict[str, Any]] = json.load(answer)["items"]
    return found


def test_a_table_is_filled_in_and_taken_back(wide: Visitor, village: str, address: str) -> None:
    page = wide.open(f"{village}/causes")
    before = len(stored(address))
    empty = page.locator('.sheet[data-analysis=""]').first
    title = empty.locator("h2").inner_text()
    mine = sheet(page, title)
    cell(mine, "causes").fill("Имараты жок\n\n  <b>Кадр</b> жок ")
    cell(mine, "effects_seen").focus()  # leaving the cell saves it
    expect(mine.locator(".saved")).to_contain_text("Сакталды")
    page.keyboard.type("Балдар кыйналып көнөт")
    expect(mine).to_have_attribute("data-saves", "2")  # and so does a pause
    mine.get_by_label("Жамаат өзү чече алат").check()
    expect(mine).to_have_attribute("data-saves", "3")
    mine.locator(".matter summary").click()
    mine.locator(".find").fill("вода")
    expect(mine.locator(".matters label:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(mine.locator(".chosen")).to_have_text("Ичүүчү суу")
    mine.locator(".find").fill("зззз")
    expect(mine.locator(".none-found")).to_be_visible()
    expect(mine).to_have_attribute("data-saves", "4")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    mine = sheet(page, title)
    expect(cell(mine, "causes")).to_have_value("Имараты жок\n<b>Кадр</b> жок")
    expect(cell(mine, "effects_seen")).to_have_value("Балдар кыйналып көнөт")
    expect(mine.get_by_label("Жамаат өзү чече алат")).to_be_checked()
    assert len(stored(address)) == before + 1
    cell(mine, "solutions").fill("Даярдоо классы")
    cell(mine, "causes").focus()
    expect(page.locator("#undo")).to_be_enabled()
    page.locator("#undo").click()
    expect(cell(mine, "solutions")).to_have_value("")
    # On paper each problem is a sheet of its own with what is in the cells.
    page.emulate_media(media="print")
    expect(cell(mine, "causes")).to_be_hidden()
    assert "<b>Кадр</b>" in mine.locator(".causes .grow").evaluate("one => getComputedStyle(one, '::after').content")


def test_a_problem_that_two_groups_talked_about_has_two_tables(wide: Visitor, village: str, address: str) -> None:
    page = wide.open(f"{village}/causes")
    before = stored(address)
    first = page.locator(".sheet:not([data-analysis=''])").first
    title, problem = first.locator("h2").inner_text(), first.get_attribute("data-problem")
    number = sheet(page, title).count()
    page.get_by_role("link", name=f"«{title}»: дагы бир талкуунун таблицасы").click()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(sheet(page, title)).to_have_count(number + 1)
    more = page.locator("#more")
    more.get_by_label("Кайсы талкууда").select_option("")
    assert len(stored(address)) == len(before)  # an empty sheet is none yet
    cell(more, "causes").fill("Бюджет аз")
    cell(more, "solutions").focus()
    expect(more.locator(".saved")).to_contain_text("Сакталды")
    made = next(one for one in stored(address) if one["id"] not in {old["id"] for old in before})
    assert (made["problem_id"], made["causes"], made["event_id"]) == (problem, ["Бюджет аз"], None)
    # Which discussion it was is said afterwards, too; the first table is as it was.
    group = more.locator(".whose option").nth(1).get_attribute("value")
    more.get_by_label("Кайсы талкууда").select_option(group)
    expect(more).to_have_attribute("data-saves", "2")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert [one for one in stored(address) if one["id"] != made["id"]] == before
    assert next(one for one in stored(address) if one["id"] == made["id"])["event_id"] == group


def test_two_at_one_table(visit: Visit, village: str, address: str) -> None:
    visitors = [visit(), visit(size=PHONE)]
    pages = [one.open(f"{village}/causes") for one in visitors]
    filled = ".sheet:not([data-analysis=''])"
    first, second = (page.locator(filled).first for page in pages)
    cell(first, "solutions").fill("Колонка куруу")
    cell(first, "causes").focus()
    expect(first.locator(".saved")).to_contain_text("Сакталды")
    # Another cell of the same row: both stand, and the second sees what the first wrote.
    cell(second, "contribution_community").fill("Аң казуу, тамак")
    cell(second, "causes").focus()
    expect(cell(second, "solutions")).to_have_value("Колонка куруу")
    # The same cell: both texts are shown, and a person chooses.
    cell(second, "effects_to_come").fill("Жаштар кетет")
    cell(second, "causes").focus()
    expect(second.locator(".saved")).to_contain_text("Сакталды")
    cell(first, "effects_to_come").fill("Оору көбөйөт, суу булганат")
    cell(first, "causes").focus()
    expect(first.locator(".conflict")).to_contain_text("Жаштар кетет")
    first.get_by_role("button", name="Меникин сактоо").click()
    expect(first.locator(".conflict")).to_have_count(0)
    expect(first.locator(".saved")).to_contain_text("Сакталды")
    one = next(one for one in stored(address) if one["id"] == first.get_attribute("data-analysis"))
    assert one["effects_to_come"] == ["Оору көбөйөт, суу булганат"]
    assert one["contribution_community"] == "Аң казуу, тамак"
    for visitor in visitors:
        visitor.excuse(412)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_everybody_can_use_it(visit: Visit, village: str, size: tuple[int, int]) -> None:
    page = visit(size=size).open(f"{village}/causes")
    page.locator(".matter summary").first.click()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
