"""What the tracing missed is drawn by hand: by the pointer, where corners jump to what is there, and by keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.workbench.conftest import Visit
from tests.workbench.drawing_desk import DrawingDesk
from tests.workbench.drawn_sheets import Drawn, store_drawn

expect.set_options(timeout=20_000)
NEAR_PX = 2.0
"""How far a click may lie from the pixel that was meant: the photo is shown smaller than it is."""


@pytest.fixture
def drawn(settings: Settings, sample: WholeSample, tmp_path: Path) -> Drawn:
    return store_drawn(settings.workspace, tmp_path, sample.settlement_id)


def shapes(desk: DrawingDesk, kind: str) -> list[Any]:
    """Return what was drawn of a kind, in pixels."""
    return [one["pixel_geometry"]["coordinates"] for one in desk.objects() if one["kind"] == kind]


def told(page: Page) -> None:
    expect(page.locator("#hint")).to_have_text("Бул эмне? Түрүнүн баскычын басыңыз.")


def say_kind(desk: DrawingDesk, kind: str) -> None:
    """Say what was drawn by the button of its kind."""
    told(desk.page)
    desk.page.locator(f'#kinds [data-kind="{kind}"]').click()
    desk.saved()


def still(desk: DrawingDesk) -> tuple[float, float]:
    """Wait until the photo moves no more; returns the pixel in the middle of the view."""
    x, y = desk.page.evaluate(
        """async () => {
          const sheet = document.getElementById("sheet");
          const frame = () => new Promise(requestAnimationFrame);
          for (let same = 0, before = ""; same < 5; ) {
            await frame();
            const now = sheet.placeOf([0, 0]).join();
            same = now === before ? same + 1 : 0;
            before = now;
          }
          const [left, top] = sheet.placeOf([0, 0]);
          const [right, low] = sheet.placeOf([1000, 1000]);
          const box = sheet.querySelector("canvas").getBoundingClientRect();
          const middle = [box.left + box.width / 2, box.top + box.height / 2];
          return [1000 * (middle[0] - left) / (right - left), 1000 * (middle[1] - top) / (low - top)];
        }"""
    )
    return x, y


def test_a_point_a_line_and_an_area_by_the_pointer(visit: Visit, drawn: Drawn) -> None:
    desk = DrawingDesk(visit().open(drawn.path))
    page = desk.page
    page.locator(".tools [data-act=point]").click()
    desk.click((1000, 900))
    say_kind(desk, "well")
    (well,) = shapes(desk, "well")
    assert well == pytest.approx([1000, 900], abs=NEAR_PX)
    # A line begins at a corner of a house and ends on a field's edge: both jump there, what lies between does not.
    page.locator(".tools [data-act=line]").click()
    for pixel in ((463, 183), (540, 640), (420, 796)):
        desk.click(pixel)
    desk.press("Enter")
    say_kind(desk, "secondary_road")
    (road,) = shapes(desk, "secondary_road")
    assert road[0] == pytest.approx([460, 180], abs=0.2)
    assert road[1] == pytest.approx([540, 640], abs=NEAR_PX)
    assert road[2] == pytest.approx([420, 800], abs=0.3) or road[2][1] == pytest.approx(800, abs=0.3)
    # An area shares a corner with the field beside it, and is closed by a click where it began.
    page.locator(".tools [data-act=area]").click()
    for pixel in ((503, 1003), (560, 1003), (560, 1100), (503, 1100)):
        page.mouse.move(*desk.place(pixel), steps=4)
        desk.click(pixel)
    page.mouse.move(*desk.place((520, 1050)), steps=4)  # a hand that closes an area comes from somewhere
    desk.click((501, 1002))
    say_kind(desk, "arable")
    (field,) = shapes(desk, "arable")
    corners = field[0][:-1]
    assert len(corners) == 4 and field[0][0] == field[0][-1]
    assert min(abs(x - 500) + abs(y - 1000) for x, y in corners) < 0.3
    # What is dropped before it is finished is nowhere.
    desk.press("v")
    desk.click((1000, 1000))
    desk.click((1050, 1050))
    desk.press("Escape")
    expect(page.locator(".desk")).to_have_attribute("data-tool", "")
    assert len(desk.objects()) == 3


def test_a_point_a_line_and_an_area_by_keys_alone(visit: Visit, drawn: Drawn) -> None:
    desk = DrawingDesk(visit().open(drawn.path))
    page = desk.page
    page.locator("#sheet canvas").first.focus()
    for _ in range(2):
        page.keyboard.press("Equal")  # nearer, so that arrows can move the photo
        still(desk)
    page.keyboard.press("x")
    middle = still(desk)
    page.keyboard.press("Space")
    say_kind(desk, "well")
    assert shapes(desk, "well")[0] == pytest.approx(middle, abs=NEAR_PX)

    drawn_of = {}
    for key, kind, arrows in (
        ("c", "secondary_road", ("ArrowRight", "ArrowDown")),
        ("v", "arable", ("ArrowLeft", "ArrowUp", "ArrowRight")),
    ):
        page.keyboard.press(key)
        expect(page.locator("#sheet canvas").first).to_be_focused()
        corners = [still(desk)]
        page.keyboard.press("Space")
        for arrow in arrows:
            page.keyboard.press(arrow)
            corners.append(still(desk))
            page.keyboard.press("Space")
        page.keyboard.press("Enter")
        say_kind(desk, kind)
        drawn_of[kind] = corners
        page.locator("#sheet canvas").first.focus()
    (road,) = shapes(desk, "secondary_road")
    (field,) = shapes(desk, "arable")
    assert len(set(drawn_of["arable"])) == 4  # the arrows have moved the photo
    for found, meant in ((road, drawn_of["secondary_road"]), (field[0], drawn_of["arable"])):
        for corner in meant:
            # A corner may have jumped to a stroke that is near.
            assert min(abs(x - corner[0]) + abs(y - corner[1]) for x, y in found) < 15


def test_an_answer_that_is_lost_draws_nothing_twice(visit: Visit, drawn: Drawn) -> None:
    visitor = visit()
    desk = DrawingDesk(visitor.open(drawn.path))
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort("connectionreset")

    visitor.context.route("**/candidate-decisions", lose)
    desk.press("x")
    desk.click((1000, 900))
    say_kind(desk, "well")
    assert lost == [200]
    assert len(desk.objects()) == 1
    desk.press("z")
    desk.saved()
    expect(desk.page.locator("#notices")).to_contain_text("Кайтарылды")
    assert desk.objects() == []
    visitor.excuse("ERR_CONNECTION_RESET")
