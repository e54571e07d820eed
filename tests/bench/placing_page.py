"""How soon after a change of a control point the page shows the sheet where it then lies."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from api.settings import Settings
from geo.database.schema import upgrade
from geo.services.whole_sample import store_whole_sample
from tests.api.signed_in import app_of
from tests.bench.rows import Row
from tests.conftest import BROWSER_ARGUMENTS
from tests.support.programs import find_chromium
from tests.workbench.drawn_village import PLACES, store_drawing, true_lonlat
from tests.workbench.served import serve

__all__ = ["measure_placing_page"]

_CHANGES = 9
_RESTS_S = 0.12
"""What the page waits for whether somebody goes on moving the point (`placing_trial.js`)."""
_SHOWN = "Number(document.getElementById('ground').dataset.preview ?? 0)"


def measure_placing_page(folder: Path) -> Iterator[Row]:
    """Move a point by the keyboard, a 12-megapixel drawing; measure until another preview lies on the map."""
    settings = Settings(data=folder, database_url=f"sqlite:///{folder / 'placing.gpkg'}")
    upgrade(settings.store)
    sample = store_whole_sample(settings.workspace, actor="bench")
    sheet = store_drawing(settings, f"/work/{sample.settlement_id}/{sample.year}", enlarged=2.5)
    points = "\n".join(
        f"{lon:.8f},{lat:.8f},{x * 2.5},{-y * 2.5},1"
        for (x, y) in PLACES.values()
        for lon, lat in [true_lonlat((x, y))]
    )
    times, services = [], []
    with serve(app_of(settings)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(BROWSER_ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}{sheet.page}")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
        page.locator("#paste > summary").click()
        page.fill("#paste-text", f"mapX,mapY,sourceX,sourceY,enable\n{points}")
        page.locator("#paste-form button").click()
        page.wait_for_selector("#ground[data-preview]", state="attached", timeout=60_000)
        page.locator("#sheet .pin").first.focus()
        for _ in range(_CHANGES):
            took = page.evaluate(
                f"""() => new Promise((resolve) => {{
                    const before = {_SHOWN}, began = performance.now();
                    const seen = new MutationObserver(() => {{
                        if ({_SHOWN} === before) return;
                        seen.disconnect();
                        resolve(performance.now() - began);
                    }});
                    seen.observe(document.getElementById("ground"), {{attributes: true}});
                    const press = new KeyboardEvent("keydown", {{key: "ArrowRight", bubbles: true, cancelable: true}});
                    document.activeElement.dispatchEvent(press);
                }})"""
            )
            times.append(took / 1000)
            page.wait_for_selector("html:not(.asking)", state="attached")
            services.append(float(page.locator("html").get_attribute("data-preview-ms") or "0") / 1000)
        browser.close()
    settings.workspace.database.dispose()
    answers = f"of which the page waits {_RESTS_S:g} s, and {statistics.median(services):.2f} s for the service"
    yield Row("change of a control point to its new preview, 12 MP", statistics.median(times), "s", note=answers)
