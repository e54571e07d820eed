"""The map opens from a file with the network off, in every language, on a desktop and on a phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import EventSnapshot, GroupSnapshot, Names
from tests.maps.conftest import DESKTOP, PHONE, OpenMap
from tests.maps.test_session_map import NASTY
from tests.maps.village import LONG_WORD, dot, with_features

SIZES = [
    pytest.param(DESKTOP, id="desktop"),
    pytest.param(PHONE, id="phone"),
    pytest.param((360, 640), id="small-phone"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_legend_scale_and_north_are_there(
    open_map: OpenMap, event: EventSnapshot, language: Language, size: tuple[int, int]
) -> None:
    page = open_map(event, language, size=size).page
    # 14 single points and a row of five houses of the first group; the second is off.
    assert page.locator(".sign-marker").count() == 19
    school = page.locator(".sign-marker", has=page.locator('use[href="#symbol-school"]'))
    assert school.get_attribute("aria-label") == f"Орто мектеп, {label(Kind.SCHOOL, language)}"
    assert page.locator(".legend li").filter(has_text=label(Kind.WELL, language)).count() >= 1
    assert page.locator(".north").is_visible()
    assert page.locator(".north").inner_text().strip() == text("map.north", language)
    scale = page.locator(".scale-words").inner_text()
    assert scale.split()[0].isdigit() and scale.split()[1] in (("m", "km") if language is Language.EN else ("м", "км"))
    assert page.locator("h1").is_visible()
    assert page.evaluate("document.documentElement.lang") == language.value


def test_the_scale_bar_is_as_long_as_it_says(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    drawn, said = page.evaluate(
        """() => {
            const bar = document.querySelector('.scale-bar').getBoundingClientRect();
            const frame = document.querySelector('.paper-map').getBoundingClientRect();
            const y = frame.height / 2, x = (frame.width - bar.width) / 2;
            const a = map_0.containerPointToLatLng([x, y]), b = map_0.containerPointToLatLng([x + bar.width, y]);
            return [map_0.distance(a, b), Number(document.querySelector('.scale').dataset.metres)];
        }"""
    )
    assert drawn == pytest.approx(said, rel=0.01)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(open_map: OpenMap, event: EventSnapshot, size: tuple[int, int]) -> None:
    page = open_map(event, size=size).page
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    overflowing = page.evaluate(
        """width => [...document.querySelectorAll('h1, .title-facts > *, .panel label, .legend li, .tabs button')]
            .filter(one => one.offsetParent && one.getBoundingClientRect().right > width + 0.5)
            .map(one => one.textContent)""",
        size[0],
    )
    assert overflowing == []


@pytest.mark.parametrize("size", SIZES)
def test_the_whole_village_is_in_view(open_map: OpenMap, event: EventSnapshot, size: tuple[int, int]) -> None:
    page = open_map(event, size=size).page
    frame = page.locator(".paper-map").bounding_box()
    assert frame is not None
    assert frame["height"] > size[1] * 0.55
    for sign in page.locator(".sign-marker").all():
        box = sign.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_the_drawn_sheet_lies_on_its_bounds_under_the_features(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    assert page.locator("img.drawn-sheet").count() == 1
    west, south, east, north = event.groups[0].sheets[0].bounds
    off = page.evaluate(
        """([west, south, east, north]) => {
            const box = document.querySelector('img.drawn-sheet').getBoundingClientRect();
            const frame = document.querySelector('.paper-map').getBoundingClientRect();
            const a = map_0.latLngToContainerPoint([north, west]), b = map_0.latLngToContainerPoint([south, east]);
            return Math.max(Math.abs(box.left - frame.left - a.x), Math.abs(box.bottom - frame.top - b.y));
        }""",
        [west, south, east, north],
    )
    assert off <= 1.5
    z = page.evaluate("['sheets', 'areas', 'strokes-0'].map(name => Number(map_0.getPane(name).style.zIndex))")
    assert z == sorted(z) and len(set(z)) == 3


def test_a_long_kyrgyz_word_is_not_broken(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    name = page.locator(".place-name span", has_text=LONG_WORD)
    assert name.is_visible()
    lines = name.evaluate(
        """(one, word) => {
            const start = one.textContent.indexOf(word), range = document.createRange();
            range.setStart(one.firstChild, start);
            range.setEnd(one.firstChild, start + word.length);
            return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size;
        }""",
        LONG_WORD,
    )
    assert lines == 1


def test_names_do_not_cover_each_other(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event).page
    boxes = [one.bounding_box() for one in page.locator(".place-name span").all() if one.is_visible()]
    assert len(boxes) >= 12
    for place, a in enumerate(boxes):
        for b in boxes[place + 1 :]:
            assert a is not None and b is not None
            assert (
                a["x"] + a["width"] <= b["x"] + 1
                or b["x"] + b["width"] <= a["x"] + 1
                or a["y"] + a["height"] <= b["y"] + 1
                or b["y"] + b["height"] <= a["y"] + 1
            )


def test_what_people_typed_never_runs(open_map: OpenMap, event: EventSnapshot) -> None:
    nasty = with_features(event, [(Kind.SCHOOL, dot(0, 0), NASTY, 5.0, {"decided_by": NASTY})])
    sheet = replace(nasty.groups[0].sheets[0], title=NASTY)
    group = replace(nasty.groups[0], label=NASTY, sheets=(sheet,))
    nasty = replace(nasty, settlement=Names(ky=NASTY), place=NASTY, credits=(NASTY,), groups=(group,))
    page = open_map(nasty).page
    page.locator(".sign-marker").click()
    card = page.locator(".leaflet-popup")
    assert card.locator("h2").inner_text() == NASTY
    assert page.locator("h1").inner_text().startswith(NASTY)
    assert page.locator("img[src=x]").count() == 0
    # The fixture fails on any dialog, console message or request.


def test_an_empty_map_opens(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(replace(event, groups=(GroupSnapshot(event.id, "18–35", (), ()),))).page
    assert page.locator(".nothing-yet").inner_text() == text("map.empty", Language.KY)
    assert page.locator(".sign-marker").count() == 0


def test_without_scripts_title_and_legend_can_still_be_read(open_map: OpenMap, event: EventSnapshot) -> None:
    page = open_map(event, scripts=False).page
    assert page.locator("h1").is_visible()
    assert page.locator(".legend li").first.is_visible()
