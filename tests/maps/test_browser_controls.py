"""No sign lies under a control when a map opens, and a long list loses nothing on paper."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from geo.i18n import Language
from tests.maps.conftest import DESKTOP, PHONE, OpenPage
from tests.maps.every_map import EVERY_MAP
from tests.maps.municipality import ids, municipality

SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]

# Signs and names of the map, each with the control that it lies under.
COVERED = """() => {
    const boxes = (chosen) => [...document.querySelectorAll(chosen)]
        .filter((one) => one.offsetParent !== null || one.closest('svg') || one.closest('.leaflet-container'))
        .filter((one) => getComputedStyle(one).visibility !== 'hidden')
        .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
    const controls = boxes('.leaflet-bar, .north, .scale, .side-heading, .search input');
    return boxes('.sign-marker, .place-name span').flatMap(([sign, a]) => controls
        .filter(([, b]) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top)
        .map(([control]) => [sign.getAttribute('aria-label') || sign.textContent, control.className]));
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", sorted(EVERY_MAP))
def test_no_sign_lies_under_a_control(open_page: OpenPage, kind: str, size: tuple[int, int]) -> None:
    page = open_page(EVERY_MAP[kind](municipality(), Language.KY), size=size).page
    assert page.locator(".sign-marker").count() > 5
    assert page.evaluate(COVERED) == []
    page.locator(".show-all").last.click()
    assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("problems", [30, 300])
def test_a_long_list_is_printed_to_its_end(open_page: OpenPage, problems: int, size: tuple[int, int]) -> None:
    cycle = municipality()
    first = cycle.problems[0]
    many = tuple(
        replace(first, id=ids("problem", number), title=f"Problem {number} of the list", votes=problems - number)
        for number in range(problems)
    )
    page = open_page(EVERY_MAP["municipality"](replace(cycle, problems=many), Language.EN), size=size).page
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    # Letters of a name that keeps its own direction are written one by one.
    written = "".join("".join(one.get_textpage().get_text_range().split()) for one in printed)
    missing = [one.title for one in many if "".join(one.title.split()) not in written]
    assert missing == []
    # A list that is too long for the side of the map goes on, and nothing is clipped at the sides of any sheet.
    assert len(printed) >= (2 if problems == 300 else 1)
    for sheet in printed:
        assert [round(side) for side in sheet.get_size()] == [842, 595]
    page.wait_for_function("document.querySelector('.panel > .lists')")


def test_an_age_is_written_as_people_say_it(open_page: OpenPage) -> None:
    cycle = municipality()
    old = replace(cycle, as_of=cycle.as_of.replace(year=cycle.as_of.year + 11))
    page = open_page(EVERY_MAP["monitoring"](old, Language.KY)).page
    written = page.locator(".sign-marker .with-ago text:last-child").evaluate_all(
        "all => all.map(one => [one.textContent, one.getBoundingClientRect().height])"
    )
    assert written
    assert all(words.endswith(" ж.") and height >= 10 for words, height in written), written
