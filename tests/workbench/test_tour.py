"""An empty laptop: the sample is set out at the first visit, and a tour goes round it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.settings import Settings
from tests.api.conftest import app_of
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off, serve


@pytest.fixture
def empty_address(upgraded_geopackage: Path, tmp_path: Path) -> Iterator[str]:
    """Address of a laptop's service with an empty store."""
    store = tmp_path / "village.gpkg"
    shutil.copyfile(upgraded_geopackage, store)
    with serve(app_of(Settings(data=tmp_path, database_url=str(store)))) as address:
        yield address


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_first_visit_shows_the_sample_and_a_tour(
    browser: Browser, empty_address: str, size: tuple[int, int]
) -> None:
    visitor = Visitor(browser, empty_address, "ky", size)
    page = visitor.open("/", ready=False)
    page.wait_for_url("**/work/*/2014*", timeout=120_000, wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    title = page.locator(".driver-popover-title")
    expect(title).to_have_text("Кош келиңиз!")
    expect(page.locator(".driver-popover-next-btn")).to_be_focused()
    assert "tour" not in page.url, "opening the page anew does not begin the tour anew"
    assert axe_faults(page) == []
    assert not is_cut_off(page)
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("Жылдын сегиз кадамы")
    page.keyboard.press("ArrowLeft")
    expect(title).to_have_text("Кош келиңиз!")
    page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    expect(page.locator("#tour")).to_be_focused()

    page.keyboard.press("Enter")
    expect(title).to_be_visible()
    page.locator(".driver-popover-close-btn").click()
    expect(title).to_have_count(0)

    page.goto(f"{empty_address}/work/{page.url.split('/work/')[1].split('/')[0]}/2014?tour=1")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(title).to_have_count(0)
    page.goto(f"{empty_address}/")
    expect(page.locator(".municipalities .mark").first).to_contain_text("үлгү")
    visitor.close()
