"""Ten thousand objects on a web map: ours against plain folium, same features, same words, same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Route, sync_playwright

from geo.i18n import Language
from maps.web.assets import node_modules_folder
from maps.web.session_map import render_session_map
from tests.bench.rows import Row
from tests.maps.many import many_features, plain_folium, with_many
from tests.support.programs import find_chromium

__all__ = ["DRAWN", "PAN", "measure_web_maps"]

FEATURES = 10_000
RUNS = 3
BROWSER_RUNS = 5
"""The quickest counts: whatever else runs on the machine can only make a page slower."""

DRAWN = """
() => new Promise(done => {
    const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
    const painted = () => !document.getElementById('map-data') || document.querySelector('[data-signs]');
    const wait = () => painted() ? drawn() : requestAnimationFrame(wait);
    if (document.readyState === 'complete') wait(); else addEventListener('load', wait);
})
"""
"""Milliseconds from the beginning of a page's loading until what it draws at first is on the screen."""

PAN = """
async () => {
    const map = Object.values(window).find(one => one && one.panBy && one.getCenter);
    map.setZoom(map.getZoom() + 1, { animate: false });
    await new Promise(done => setTimeout(done, 500));
    const frames = [];
    let last = performance.now();
    for (let step = 0; step < 90; step++) {
        const angle = step / 90 * 2 * Math.PI;
        map.panBy([24 * Math.cos(angle), 24 * Math.sin(angle)], { animate: false });
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        frames.push(now - last);
        last = now;
    }
    frames.sort((a, b) => a - b);
    return { median: frames[45], slow: frames[85], slowest: frames[89] };
}
"""
"""Milliseconds of frames while a map is moved by 24 pixels each: their median, the slowest but four, the slowest."""


def measure_web_maps(folder: Path) -> Iterator[Row]:
    """Make both pages and open both; plain folium's libraries are given to it from this machine."""
    event = with_many(many_features(FEATURES))
    ours, theirs, pages = [], [], ["", ""]
    for _ in range(RUNS):
        seconds, pages[0] = _timed(lambda: render_session_map(event, Language.KY))
        ours.append(seconds)
        seconds, pages[1] = _timed(lambda: plain_folium(event, Language.KY))
        theirs.append(seconds)
    mine, plain = statistics.median(ours), statistics.median(theirs)
    sizes = [len(page.encode()) for page in pages]
    yield Row("web map of 10,000 objects, making the page", mine, "s", note=f"plain folium {plain:.2f} s")
    yield Row("  times faster than plain folium", plain / mine, "×", goal=5, at_most=False)
    yield Row("  size of the file", sizes[0] / 1e6, "MB", note=f"plain folium {sizes[1] / 1e6:.1f} MB")
    yield Row("  times smaller than plain folium", sizes[1] / sizes[0], "×", goal=5, at_most=False)
    paths = [folder / "ours.html", folder / "plain.html"]
    for path, page in zip(paths, pages, strict=True):
        path.write_text(page, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        drawn = [[_drawn(browser, path) for path in paths] for _ in range(BROWSER_RUNS)]
        panned = [_panned(browser, path) for path in paths]
        browser.close()
    first, other = (min(run[place] for run in drawn) / 1000 for place in (0, 1))
    yield Row("  until it is drawn in the browser", first, "s", note=f"plain folium {other:.2f} s")
    yield Row("  times sooner drawn than plain folium", other / first, "×", goal=2, at_most=False)
    both = (plain + other) / (mine + first)
    yield Row("  made and drawn: times sooner than plain folium", both, "×", goal=5, at_most=False)
    note = f"plain folium {panned[1]['median']:.0f} ms"
    yield Row("  panning: median frame", panned[0]["median"], "ms", goal=34, note=note)
    note = f"plain folium {panned[1]['slow']:.0f} ms"
    yield Row("  panning: 95 of 100 frames within", panned[0]["slow"], "ms", note=note)


def _timed(make: Callable[[], str]) -> tuple[float, str]:
    begun = time.perf_counter()
    page = make()
    return time.perf_counter() - begun, page


def _drawn(browser: Browser, path: Path) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.route("**/*", _serve)
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(path.as_uri())
    milliseconds: float = page.evaluate(DRAWN)
    context.close()
    return milliseconds


def _panned(browser: Browser, path: Path) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.route("**/*", _serve)
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(path.as_uri())
    page.evaluate(DRAWN)
    page.wait_for_timeout(1000)
    frames: dict[str, float] = page.evaluate(PAN)
    context.close()
    return frames


def _serve(route: Route) -> None:
    """Let files through; answer requests for Leaflet with the installed one, and all others with nothing."""
    address = route.request.url
    if address.startswith(("file:", "data:", "blob:")):
        route.continue_()
    elif address.endswith(("leaflet.js", "leaflet.css")):
        route.fulfill(path=node_modules_folder() / "leaflet" / "dist" / address.rsplit("/", 1)[1])
    else:
        route.fulfill(body="", content_type="text/css" if ".css" in address else "text/javascript")
