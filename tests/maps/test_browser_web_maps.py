"""Every web map in a browser with the network off: opened, searched, printed, moved, on a desktop and on a phone."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from geo.domain.names import fold, latin_key
from geo.i18n import Language, text
from maps.web.session_map import render_session_map
from tests.bench.web_maps import PAN
from tests.maps.conftest import DESKTOP, PHONE, OpenPage
from tests.maps.every_map import EVERY_MAP
from tests.maps.many import many_features, with_many
from tests.maps.municipality import ids, municipality
from tests.maps.test_session_map import NASTY
from tests.maps.test_web_maps import LONG, MIXED, RIGHT_TO_LEFT, emptied, renamed

MAPS = sorted(EVERY_MAP)
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]
SPELLINGS = [
    "Көк-Жаңгак",
    "Kök Jangak",
    "Kok-Dzhangak",
    "ИЧКЕ\u2011БУЛУҢ",
    "Щорс көчөсү",
    "Ёлка №7",
    "Ысык-Көл",
    "Аманжол ЖЧК «Үмүт»",
    "Қарақол Ғафур",
    "Straße İzmir",
    "Cуу",
    "学校 1",
]


def is_wide(page: Page, width: int) -> list[str]:
    found: list[str] = page.evaluate(
        """width => [...document.querySelectorAll(
            'h1, .title-facts > *, .panel label, .panel-list li, .legend li, .tabs button, .side-heading')]
            .filter(one => one.offsetParent && one.getBoundingClientRect().right > width + 0.5)
            .map(one => one.textContent.trim())""",
        width,
    )
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", MAPS)
def test_a_map_opens_and_nothing_is_wider_than_the_screen(
    open_page: OpenPage, kind: str, size: tuple[int, int]
) -> None:
    page = open_page(EVERY_MAP[kind](municipality(), Language.KY), size=size).page
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert is_wide(page, size[0]) == []
    assert page.locator(".sign-marker, .leaflet-hits-pane path").count() > 5
    if size == PHONE:
        for tab in page.locator(".tabs button").all():
            tab.tap()
            assert page.locator(".panel").is_visible()
            assert is_wide(page, size[0]) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [LONG, MIXED, RIGHT_TO_LEFT, NASTY], ids=["long", "mixed", "right-to-left", "markup"])
def test_unusual_names_make_a_decent_page(open_page: OpenPage, name: str, size: tuple[int, int]) -> None:
    for kind in ("village", "plan"):
        page = open_page(EVERY_MAP[kind](renamed(municipality(), name), Language.KY), size=size).page
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert is_wide(page, size[0]) == []
        frame = page.locator(".paper-map").bounding_box()
        assert frame is not None and frame["height"] > size[1] * 0.3


@pytest.mark.parametrize("kind", MAPS)
def test_a_map_of_nothing_opens(open_page: OpenPage, kind: str) -> None:
    page = open_page(EVERY_MAP[kind](emptied(municipality()), Language.KY)).page
    expect(page.locator(".paper-map").first).to_be_visible()


@pytest.mark.parametrize("kind", MAPS)
def test_a_map_prints_on_one_sheet_with_its_key_and_lists(open_page: OpenPage, kind: str) -> None:
    page = open_page(EVERY_MAP[kind](municipality(), Language.KY)).page
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 1
    assert all([round(side) for side in sheet.get_size()] == [842, 595] for sheet in printed)


def test_search_goes_there_from_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(EVERY_MAP["village"](municipality(), Language.KY)).page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    # ң as н, ү as у, ө as о: as people type them.
    page.keyboard.type("жаштык кочосу")
    expect(page.locator("#found li")).to_have_count(1)
    expect(page.locator("#found li[aria-selected=true]")).to_contain_text("Жаштык көчөсү")
    page.keyboard.press("Enter")
    expect(page.locator(".card-head h2")).to_have_text("Жаштык көчөсү")
    page.keyboard.press("/")
    page.locator("#search").fill("mektep")
    expect(page.locator("#found li")).not_to_have_count(0)
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#found li[aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert page.locator("#search").get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.locator("#search").fill("мындай жок")
    expect(page.locator(".search-said")).to_have_text(text("web_map.search_nothing", Language.KY))
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")


def test_names_are_folded_as_everywhere_in_the_house(open_page: OpenPage) -> None:
    page = open_page(EVERY_MAP["plan"](municipality(), Language.KY)).page
    folded = page.evaluate("names => names.map(name => ayilmap.fold(name))", SPELLINGS)
    assert folded == [fold(name) for name in SPELLINGS]
    sounds = page.evaluate("names => names.map(name => ayilmap.latinKey(ayilmap.fold(name)))", SPELLINGS)
    assert sounds == [latin_key(name) for name in SPELLINGS]


def test_the_card_of_an_activity_has_its_chain_and_its_photos(open_page: OpenPage) -> None:
    page = open_page(EVERY_MAP["monitoring"](municipality(), Language.EN)).page
    page.locator('.panel-list button:has-text("Борбордук көчөнү оңдоо")').click()
    headings = page.locator(".chain-heading").all_inner_texts()
    assert headings == ["Votes", "Causes", "Activity", "Money", "Visits"]
    expect(page.locator(".card-photos img")).to_have_count(2)
    assert page.locator(".card-photos img").first.evaluate("image => image.complete && image.naturalWidth > 0")
    page.keyboard.press("Escape")
    page.locator('.panel-list button:has-text("Суу түтүгүн алмаштыруу")').click()
    expect(page.locator(".chain li.missing")).to_have_count(1)


def test_what_has_no_place_opens_from_its_list(open_page: OpenPage) -> None:
    page = open_page(EVERY_MAP["plan"](municipality(), Language.KY)).page
    page.locator('[data-list="whole_municipality"] button').click()
    expect(page.locator(".card-head h2")).to_have_text("Бюджетти ар бир айылда түшүндүрүү")


def test_a_stage_can_be_hidden(open_page: OpenPage) -> None:
    one = open_page(EVERY_MAP["plan"](municipality(), Language.KY))
    done = {sign for sign in one.shown_signs if sign.startswith("Клубдун чатырын")}
    assert done
    one.page.locator('label:has(input[name="stage"][value="done"])').click()
    assert not done & one.shown_signs


@pytest.mark.parametrize("kind", ["groups", "years"])
def test_two_maps_move_together(open_page: OpenPage, kind: str) -> None:
    page = open_page(EVERY_MAP[kind](municipality(), Language.KY)).page
    views = "() => [map_0, map_1].map(map => [map.getCenter().lat, map.getCenter().lng, map.getZoom()])"
    first, second = page.evaluate(views)
    assert first == pytest.approx(second, abs=2e-4)
    for name in ("map_0", "map_1"):
        frame = page.locator(f"#{name}").bounding_box()
        assert frame is not None
        before = page.evaluate(views)
        page.mouse.move(frame["x"] + 60, frame["y"] + 400)
        page.mouse.down()
        page.mouse.move(frame["x"] + 160, frame["y"] + 330, steps=6)
        page.mouse.up()
        page.wait_for_timeout(600)
        first, second = page.evaluate(views)
        # Each map rounds its middle to whole pixels.
        assert first == pytest.approx(second, abs=2e-4)
        assert first != pytest.approx(before[0], abs=2e-4)


def test_the_other_map_shows_the_same_thing(open_page: OpenPage) -> None:
    page = open_page(EVERY_MAP["groups"](municipality(), Language.KY)).page
    page.locator('#map_0 .sign-marker[aria-label^="Орто мектеп"]').click()
    page.locator("#map_0 .partner").click()
    expect(page.locator("#map_1 .card-head h2")).to_have_text("Мектеп")


def test_five_hundred_problems_open(open_page: OpenPage) -> None:
    cycle = municipality()
    first = cycle.problems[0]
    many = tuple(
        replace(first, id=ids("problem", number), title=f"Көйгөй {number}", votes=500 - number) for number in range(500)
    )
    page = open_page(EVERY_MAP["municipality"](replace(cycle, problems=many), Language.KY)).page
    expect(page.locator(".panel-list li")).not_to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("Көйгөй 499")
    page.keyboard.press("Enter")
    expect(page.locator(".card-head h2")).to_have_text("Көйгөй 499")


def test_ten_thousand_objects_are_painted_found_and_chosen(open_page: OpenPage) -> None:
    event = with_many(many_features(10_000))
    page = open_page(render_session_map(event, Language.KY)).page
    page.wait_for_selector(".paper-map[data-signs=true]", timeout=60_000)
    assert page.locator(".sign-marker").count() == 0
    assert int(page.locator(".paper-map").get_attribute("data-painted") or 0) == 10_000
    painted = page.evaluate(
        """() => {
            const { canvas, context } = ayilmap.sides[0].painter;
            const { data } = context.getImageData(canvas.width / 2 - 50, canvas.height / 2 - 50, 100, 100);
            return data.some(one => one > 0);
        }"""
    )
    assert painted
    page.keyboard.press("/")
    page.keyboard.type("Ыйык булак")
    page.keyboard.press("Enter")
    expect(page.locator(".card-head h2")).to_contain_text("Ыйык булак")
    page.keyboard.press("Escape")
    button = page.locator(".in-view button").first
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_have_count(1)
    page.keyboard.press("Escape")
    frames = page.evaluate(PAN)
    # Far from smooth would be a second a frame; what is smooth is measured by the bench, on a quiet machine.
    assert frames["median"] < 1000


def test_a_painted_sign_opens_where_it_is_clicked(open_page: OpenPage) -> None:
    page = open_page(render_session_map(with_many(many_features(2_000)), Language.KY)).page
    page.wait_for_selector(".paper-map[data-signs=true]", timeout=60_000)
    page.evaluate("() => map_0.setView(ayilmap.marks.find(mark => mark.points.length === 1).points[0], 18)")
    frame = page.locator(".paper-map").bounding_box()
    assert frame is not None
    page.wait_for_timeout(300)
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    name = page.evaluate(
        "() => { const one = ayilmap.marks.find(mark => mark.points.length === 1); return one.name || one.kind; }"
    )
    expect(page.locator(".card-head h2")).to_have_text(name)
