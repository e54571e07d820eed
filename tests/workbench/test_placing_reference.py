"""What is seen under a sheet that is being placed: how dense it lies, other sheets, what is on the map already."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from api.settings import Settings
from geo.services.whole_sample import WholeSample
from tests.workbench.drawn_sheets import store_drawn
from tests.workbench.drawn_village import store_drawing
from tests.workbench.served import Visitor
from tests.workbench.test_placing_page import paste, points_file, wait_for_preview

expect.set_options(timeout=20_000)
SAME, OTHER = 0.002, 0.004
"""Share of the view that differs between two pictures that show the same, and that do not."""


@pytest.fixture
def database_url(geopackage_url: str) -> str:
    """One engine: what is tested here is the page."""
    return geopackage_url


def seen(page: Page) -> Any:
    """Return what the ground shows now, as grey values."""
    picture = page.locator("#ground canvas.maplibregl-canvas").screenshot()
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L"), dtype=np.int16)


def apart(one: Any, other: Any) -> float:
    """Return the share of two pictures that differs."""
    return float((np.abs(one - other) > 12).mean())


def until(page: Page, fits: Callable[[Any], bool], *, seconds: float = 20) -> Any:
    """Look at the ground until it is as expected; returns it."""
    deadline = time.monotonic() + seconds
    while True:
        now = seen(page)
        if fits(now):
            return now
        assert time.monotonic() < deadline, "the ground never came to look so"
        page.evaluate("() => new Promise(requestAnimationFrame)")


def slide(page: Page, to: int) -> None:
    page.locator("#opacity").evaluate(
        "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input', {bubbles: true})); }", to
    )


def test_the_slider_lets_the_ground_through(wide: Visitor, village: str, settings: Settings) -> None:
    page = wide.open(store_drawing(settings, village).page)
    paste(page, points_file("мектеп", "көпүрө", "клуб", "булак", "короо"))
    wait_for_preview(page)
    page.locator("#fit").click()
    slide(page, 0)
    page.wait_for_load_state("networkidle")
    bare = until(page, lambda now: apart(now, seen(page)) < SAME)
    slide(page, 100)
    full = until(page, lambda now: apart(now, bare) > OTHER)
    darkest = full.min()
    slide(page, 30)
    faint = until(page, lambda now: apart(now, full) > OTHER / 2 and apart(now, bare) > OTHER / 2)
    # The pen's lines are the fainter the less the slider says.
    lines = np.abs(full - bare) > 60
    assert lines.any() and darkest < 120
    assert np.abs(faint - bare)[lines].mean() < 0.6 * np.abs(full - bare)[lines].mean()
    # By keys, too; a new preview keeps what was chosen.
    page.locator("#opacity").focus()
    for _ in range(31):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#opacity")).to_have_value("0")
    until(page, lambda now: apart(now, bare) < SAME)
    before = page.locator("#ground").get_attribute("data-preview")
    page.get_by_role("button", name="5-чекитти өчүрүү").click()
    expect(page.locator("#ground")).not_to_have_attribute("data-preview", before or "")
    until(page, lambda now: not (np.abs(now - bare)[lines] > 60).mean() > 0.5)


def test_other_sheets_and_objects_are_laid_under_and_taken_away(
    wide: Visitor, village: str, settings: Settings, sample: WholeSample, tmp_path: Path
) -> None:
    other = store_drawn(settings.workspace, tmp_path, sample.settlement_id, title="Мурунку <i>барак</i>")
    page = wide.open(store_drawing(settings, village).page)
    page.wait_for_load_state("networkidle")
    boxes = page.locator("#others label", has_text="Мурунку <i>барак</i>").locator("input")
    objects = page.locator("#show-features")
    boxes.scroll_into_view_if_needed()
    expect(objects).to_be_checked()  # this sheet lies nowhere yet: objects show where it may
    with_objects = seen(page)
    objects.uncheck()
    bare = until(page, lambda now: apart(now, with_objects) > OTHER)
    with page.expect_response(f"**/sheets/{other.id}/overlay") as answer:
        boxes.check()
    assert answer.value.ok
    laid = until(page, lambda now: apart(now, bare) > OTHER)
    boxes.uncheck()
    until(page, lambda now: apart(now, bare) < SAME)
    boxes.check()
    until(page, lambda now: apart(now, laid) < SAME)
    boxes.uncheck()
    objects.check()
    until(page, lambda now: apart(now, with_objects) < SAME)
