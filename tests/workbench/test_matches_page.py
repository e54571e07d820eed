"""Objects that several groups drew: cards and drawings belong together, and a key decides."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geo.models import MapFeature
from geo.services.whole_sample import WholeSample
from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

expect.set_options(timeout=15_000)
HOSTILE = "<b onclick=alert(1)>Мектеп</b>"


def asked(page: Page) -> None:
    page.get_by_role("button", name="Окшошторун издөө").click()
    expect(page.locator("#matches-state")).to_contain_text("Жаңы сунуш:", timeout=180_000)


def status(page: Page, sample: WholeSample, identity: str) -> Any:
    address = page.url.split("/work/")[0]
    return page.request.get(f"{address}/api/v1/feature-matches/{identity}/drawings").json()["status"]


def test_taken_back_proposed_and_decided_by_keys(wide: Visitor, village: str, sample: WholeSample) -> None:
    page = wide.open(f"{village}/matches")
    page.get_by_role("button", name="Бир объект (20)").click()
    first, second = page.locator(".match").nth(0), page.locator(".match").nth(1)
    names = [first.locator("h2").inner_text(), second.locator("h2").inner_text()]
    first.get_by_role("button", name="Чечимди кайтаруу").click()
    expect(page.locator(".matches-tabs")).to_contain_text("Бир объект (19)")
    page.locator(".match", has=page.locator("h2", has_text=names[1])).first.get_by_role(
        "button", name="Чечимди кайтаруу"
    ).click()
    expect(page.locator(".matches-tabs")).to_contain_text("Бир объект (18)")
    asked(page)
    page.locator(".matches-tabs button").first.click()
    cards = page.locator(".match")
    open_ = cards.count()
    assert open_ >= 2

    # Arrows choose, A accepts once, however often it is pressed.
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    current = page.locator('.match[aria-current="true"]')
    expect(current).to_have_count(1)
    accepted = current.get_attribute("data-id") or ""
    page.keyboard.press("a")
    expect(cards).to_have_count(open_ - 1)
    assert status(page, sample, accepted) == "confirmed"
    expect(page.locator('.match[aria-current="true"]')).to_be_focused()
    apart = page.locator('.match[aria-current="true"]').get_attribute("data-id") or ""
    page.keyboard.press("d")
    expect(page.locator(".matches-tabs")).to_contain_text("Бөлөк (1)")
    assert status(page, sample, apart) == "rejected"

    page.locator("#matches-undo").click()
    expect(page.locator(".matches-tabs")).to_contain_text("Бөлөк (0)")
    expect(page.locator("#notices")).to_contain_text("Кайтарылды")
    assert status(page, sample, apart) == "undone"
    expect(page.locator(".matches-tabs")).to_contain_text(f"Чечиле элек ({open_ - 1})", timeout=180_000)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator(".match")).to_have_count(open_ - 1)


def test_somebody_else_decided_meanwhile(visit: Visit, village: str, sample: WholeSample) -> None:
    visitor = visit()
    page = visitor.open(f"{village}/matches")
    page.get_by_role("button", name="Бир объект (20)").click()
    page.locator(".match").first.get_by_role("button", name="Чечимди кайтаруу").click()
    expect(page.locator(".matches-tabs")).to_contain_text("Бир объект (19)")
    asked(page)
    page.locator(".matches-tabs button").first.click()
    other = visitor.open(f"{village}/matches")
    identity = page.locator(".match").first.get_attribute("data-id") or ""
    page.locator(f'[data-id="{identity}"]').get_by_role("button", name="Кабыл алуу").dblclick()
    expect(page.locator(f'[data-id="{identity}"]')).to_have_count(0)
    late = other.locator(f'[data-id="{identity}"]')
    late.get_by_role("button", name="Бөлөк").click()
    # Both decisions are shown; whoever leaves the first as it is changes nothing.
    both = other.locator("#matches-holds")
    expect(both).to_contain_text("local: бир объект")
    expect(both).to_contain_text("Сиз: бөлөк калтырылды (Талкууда")
    expect(late).to_have_count(0)
    both.get_by_role("button", name="Мурунку чечим калсын").click()
    expect(both).to_be_hidden()
    assert status(other, sample, identity) == "confirmed"
    visitor.excuse(412)


def test_whose_decision_holds_is_chosen(visit: Visit, village: str, sample: WholeSample) -> None:
    visitor = visit()
    page = visitor.open(f"{village}/matches")
    page.get_by_role("button", name="Бир объект (20)").click()
    page.locator(".match").first.get_by_role("button", name="Чечимди кайтаруу").click()
    expect(page.locator(".matches-tabs")).to_contain_text("Бир объект (19)")
    asked(page)
    page.locator(".matches-tabs button").first.click()
    other = visitor.open(f"{village}/matches")
    identity = page.locator(".match").first.get_attribute("data-id") or ""
    page.locator(f'[data-id="{identity}"]').get_by_role("button", name="Кабыл алуу").click()
    expect(page.locator(".matches-tabs")).to_contain_text("Бир объект (20)")
    other.locator(f'[data-id="{identity}"]').get_by_role("button", name="Бөлөк").click()
    other.locator("#matches-holds").get_by_role("button", name="Меники болсун").click()
    expect(other.locator(".matches-tabs")).to_contain_text("Бөлөк (1)", timeout=180_000)
    expect(other.locator(".matches-tabs")).to_contain_text("Бир объект (19)")
    visitor.excuse(412)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_cards_and_drawings_belong_together(
    visit: Visit, village: str, sample: WholeSample, settings: Any, size: tuple[int, int]
) -> None:
    with settings.workspace.write(actor="test") as session:
        for feature in session.query(MapFeature).filter_by(settlement_id=sample.settlement_id, kind="school"):
            feature.name_ky = HOSTILE
    page = visit(size=size).open(f"{village}/matches")
    page.get_by_role("button", name="Бир объект (20)").click()
    card = page.locator(".match").first
    card.hover()
    expect(page.locator("#map canvas")).to_be_visible()
    assert page.locator("h2 b, strong b").count() == 0
    assert page.locator("strong", has_text=HOSTILE).count() >= 1
    assert axe_faults(page) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert axe_faults(page) == []
    assert not is_cut_off(page)
