"""How soon the first pages can be used, and what a browser loads for them before the map opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.settings import Settings
from geo.database.schema import upgrade
from geo.services.whole_sample import WholeSample, store_whole_sample
from tests.bench.rows import Row
from tests.support.programs import find_chromium
from tests.workbench.served import serve
from tests.workbench.weight import ALLOWED_BYTES, scripts_of

__all__ = ["measure_pages"]

RUNS = 5
"""The quickest counts: whatever else runs on the machine can only make a page slower."""
READY_S = 1.5
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


def measure_pages(folder: Path) -> Iterator[Row]:
    """Open the first page of all and that of a village, with an empty cache each time."""
    settings = Settings(data=folder / "pages", database_url=str(folder / "pages.gpkg"))
    upgrade(settings.store)
    sample = store_whole_sample(settings.workspace, actor="bench")
    with serve(create_app(settings)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield from _rows(browser, address, sample)
        browser.close()


def _rows(browser: Browser, address: str, sample: WholeSample) -> Iterator[Row]:
    for name, path in (("first page", "/"), ("village's first page", f"/work/{sample.settlement_id}/{sample.year}")):
        seconds = min(_ready_s(browser, address + path) for _ in range(RUNS))
        yield Row(f"pages: {name} can be used, nothing cached", seconds, "s", READY_S)
    page = browser.new_page()
    weighed = scripts_of(page, f"{address}/work/{sample.settlement_id}/{sample.year}")
    page.close()
    yield Row("pages: scripts before the map opens, compressed", sum(weighed.values()) / 1e3, "kB", ALLOWED_BYTES / 1e3)


def _ready_s(browser: Browser, url: str) -> float:
    context = browser.new_context()
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    found: float = page.evaluate("performance.now()")
    context.close()
    return found / 1000
