"""What a page loads: its scripts by their weight on the wire."""

from __future__ import annotations

from playwright.sync_api import Page, Request

from api.workbench.libraries import compressed_path
from maps.web.assets import node_modules_folder

__all__ = ["ALLOWED_BYTES", "scripts_of"]

ALLOWED_BYTES = 400_000
"""Compressed, before the map opens."""


def scripts_of(page: Page, url: str) -> dict[str, int]:
    """Open a page and return the compressed bytes of each script that it loads until it is ready.

    A browser tells nothing of what its workers load, so the map's worker is counted as it lies on the disk.
    """
    asked: list[Request] = []
    page.on("requestfinished", lambda one: asked.append(one))  # noqa: PLW0108 - Playwright takes no method of a list
    page.goto(url)
    page.wait_for_selector("html[data-ready]", state="attached")
    found = {one.url: one.sizes()["responseBodySize"] for one in asked if one.resource_type == "script"}
    worker = node_modules_folder() / "maplibre-gl" / "dist" / "maplibre-gl-worker.mjs"
    if not any(worker.name in one for one in found):
        found[worker.name] = compressed_path(worker).stat().st_size
    return found
