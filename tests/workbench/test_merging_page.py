"""Merging over the villages: pairs with their reasons, decided and taken back, and what hangs on a decision."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

ROADS = "Айылдардын ички жолдору начар"


@pytest.fixture
def merging_path(village: str) -> str:
    return f"{village}/problems/merging?level=municipality"


def line(page: Page, title: str) -> Locator:
    return page.locator(".line").filter(has=page.get_by_text(title, exact=True))


def take_back(page: Page, title: str) -> None:
    """Take back the merge that made a problem of the municipality."""
    merge = page.locator("[data-merge]").filter(has=page.locator("strong").get_by_text(title, exact=True))
    merge.get_by_role("button", name="Бириктирүүнү кайтаруу").click()
    expect(merge).to_have_count(0)


def test_a_pair_is_merged_with_a_reason_and_taken_back(visit: Visit, merging_path: str) -> None:
    visitors = [visit(), visit(size=PHONE)]
    page, phone = (one.open(merging_path) for one in visitors)
    expect(line(page, ROADS).locator(".votes")).to_have_text("50")
    expect(line(page, ROADS)).to_contain_text("33")
    take_back(page, ROADS)
    # What was together is suggested, with the words that are alike; nothing is merged by itself.
    pair = page.locator(".pair").filter(has_text="Ички жолдордо асфальт жок").first
    expect(pair.locator(".why li").first).to_be_visible()
    expect(line(page, ROADS)).to_have_count(0)
    phone.reload()
    phone.wait_for_selector("html[data-ready]", state="attached")
    other = phone.locator(".pair").filter(has_text="Ички жолдордо асфальт жок").first
    expect(other).to_be_visible()
    # Without a reason nothing happens; the browser asks for it.
    pair.get_by_role("button", name="Бириктирүү:").click()
    expect(pair.locator("input[list]")).to_be_focused()
    pair.locator("input[list]").fill("Эки айылда тең <i>жол</i>")
    pair.get_by_role("button", name="Бириктирүү:").dblclick()
    merged = page.locator("[data-merge]").filter(has_text="Эки айылда тең <i>жол</i>")
    expect(merged).to_have_count(1)
    expect(page.locator(".line .votes").first).to_have_text("50")
    # Who is slower is told, and sees the list as it is now.
    other.locator("input[list]").fill("Мен да ошондой ойлойм")
    other.get_by_role("button", name="Бириктирүү:").click()
    expect(phone.locator(".pair").filter(has_text="Ички жолдордо асфальт жок")).to_have_count(0)
    expect(phone.locator(".line .votes").first).to_have_text("50")
    visitors[1].excuse(409)
    # Taken back by the key, and then told apart for good.
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(merged).to_have_count(0)
    pair = page.locator(".pair").filter(has_text="Ички жолдордо асфальт жок").first
    pair.get_by_role("button", name="Бул эки башка көйгөй").click()
    apart = page.locator("[data-apart]")
    expect(apart).to_have_count(1)
    left = page.locator(".pair").filter(has_text="Ички жолдордо асфальт жок").filter(has_text="Ички жолдор начар")
    expect(left).to_have_count(0)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(left).to_have_count(0)
    apart.get_by_role("button", name="Кайра окшош деп эсептөө").click()
    expect(left).to_have_count(1)


def test_by_hand_and_what_hangs_on_it(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/problems/merging")
    whole = page.locator("#listed-title").inner_text()
    lines = page.locator(".line")
    before = lines.count()
    votes = [int(lines.nth(at).locator(".votes").inner_text()) for at in (before - 2, before - 1)]
    for at in (before - 2, before - 1):
        lines.nth(at).locator(".pick").check()
    page.locator("#title").fill("Шарт жок")
    page.locator("#reason").fill("Бир эле кеңсе")
    page.locator("#by-hand button").click()
    expect(line(page, "Шарт жок").locator(".votes")).to_have_text(str(sum(votes)))
    expect(lines).to_have_count(before - 1)
    assert page.locator("#listed-title").inner_text() == whole  # no vote moved
    line(page, "Шарт жок").locator("summary").click()
    expect(line(page, "Шарт жок").locator(".said li")).to_have_count(2)
    # What hangs on a single merge is said in words.
    expect(page.locator(".holds")).to_contain_text("бириктирилбесе")
    take_back(page, "Шарт жок")
    expect(lines).to_have_count(before)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_everybody_can_use_it(visit: Visit, merging_path: str, size: tuple[int, int]) -> None:
    page = visit(size=size).open(merging_path)
    take_back(page, ROADS)
    expect(page.locator(".pair").first).to_be_visible()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
