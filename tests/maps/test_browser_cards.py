"""A feature's card: what it is, who drew it, on which sheet, and how sure its place is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from geo.domain.labels import label
from geo.domain.vocabulary import Condition, Kind, Layer, UserGroup
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import EventSnapshot
from tests.maps.conftest import PHONE, OpenMap


def card_of(page: Page) -> dict[str, str]:
    facts: dict[str, str] = page.locator(".card-facts").evaluate(
        "facts => Object.fromEntries([...facts.querySelectorAll('dt')]"
        ".map(one => [one.textContent, one.nextSibling.textContent]))"
    )
    return facts


def click_line(page: Page, spoken: str) -> None:
    """Click the middle of a line as people do: where it is drawn."""
    shape = page.locator(f'.leaflet-hits-pane path[aria-label^="{spoken}"]').first
    x, y = shape.evaluate(
        """path => { const at = path.getPointAtLength(path.getTotalLength() * 0.37), m = path.getScreenCTM();
            return [at.x * m.a + m.e, at.y * m.d + m.f]; }"""
    )
    page.mouse.click(x, y)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_of_a_point(open_map: OpenMap, event: EventSnapshot, language: Language) -> None:
    page = open_map(event, language).page
    page.locator('.sign-marker[aria-label^="Орто мектеп"]').click()
    expect(page.locator(".card-head h2")).to_have_text("Орто мектеп")
    expect(page.locator(".card-kind")).to_have_text(
        f"{label(Kind.SCHOOL, language)} · {label(Layer.INFRASTRUCTURE, language)}"
    )
    facts = card_of(page)
    unit = "m" if language is Language.EN else "м"
    assert facts[text("map.position_error", language)] == f"± 12 {unit}"
    assert facts[text("map.source_sheet", language)] == "18–35 тобунун барагы"
    assert facts[text("map.group", language)] == "18–35"
    assert facts[text("attribute.condition", language)] == label(Condition.OLD, language)
    assert facts[text("attribute.users", language)] == label(UserGroup.CHILDREN, language)
    assert facts[text("attribute.year_built", language)] == "1971"


def test_the_halo_is_as_wide_as_the_error_and_goes_with_the_card(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    page.locator('.sign-marker[aria-label^="ФАП"]').click()
    halo = page.locator("path.error-halo")
    expect(halo).to_have_count(1)
    drawn = halo.evaluate("path => path.getBBox().width / 2 / ayilmap.pixelsPerMetre(map_0)")
    assert drawn == pytest.approx(19.0, abs=1.0)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(halo).to_have_count(0)


def test_a_line_opens_where_it_is_clicked(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    click_line(page, "Чоң арык")
    expect(page.locator(".card-head h2")).to_have_text("Чоң арык")
    width = page.locator("path.error-halo").evaluate(
        "path => Number(path.getAttribute('stroke-width')) / ayilmap.pixelsPerMetre(map_0)"
    )
    assert width == pytest.approx(2 * 31.0, rel=0.02)


def test_an_area_opens_where_it_is_clicked(open_map: OpenMap, event: EventSnapshot) -> None:
    # On a page of its own: a card makes the map move, and what was in sight before may be beyond its edge then.
    page = open_map(event).page
    page.locator('.leaflet-hits-pane path[aria-label^="Жакынкы жайыт"]').click(delay=120)
    expect(page.locator(".card-head h2")).to_have_text("Жакынкы жайыт")


def test_an_unknown_error_is_said_to_be_unknown_and_draws_no_halo(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    page.locator('.sign-marker[aria-label^="Аялдар кеңеши"]').click()
    expect(page.locator(".card-head h2")).to_contain_text("жоопкерчиликтүүлүктү")
    assert card_of(page)[text("map.position_error", Language.KY)] == "белгисиз"
    expect(page.locator("path.error-halo")).to_have_count(0)


def test_a_wish_says_what_is_wished_for(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    page.locator('.sign-marker[aria-label^="Бала бакча керек"]').click()
    assert card_of(page)[text("attribute.desired_kind", Language.KY)] == label(Kind.KINDERGARTEN, Language.KY)


def test_cards_open_and_close_from_the_keyboard(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    page.locator('.sign-marker[aria-label^="Мечит"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card-head h2")).to_have_text("Мечит")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    river = page.locator('.leaflet-hits-pane path[aria-label^="Кара-Суу"]')
    river.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card-head h2")).to_have_text("Кара-Суу")


def test_switching_the_group_off_closes_its_card(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    page.locator('.sign-marker[aria-label^="Мечит"]').click()
    expect(page.locator(".leaflet-popup")).to_have_count(1)
    page.locator('label:has(input[name="group"][value="0"])').click()
    expect(page.locator(".leaflet-popup")).to_have_count(0)


def test_on_a_phone_the_card_fits_the_map(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event, size=PHONE).page
    page.locator('.sign-marker[aria-label^="ФАП"]').tap()
    frame, card = page.locator(".paper-map").bounding_box(), page.locator(".leaflet-popup-content-wrapper")
    page.wait_for_function("!map_0._panAnim || !map_0._panAnim._inProgress")
    box = card.bounding_box()
    assert frame is not None and box is not None
    assert box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert box["y"] >= frame["y"] and box["height"] < frame["height"]
    assert box["width"] >= 300
