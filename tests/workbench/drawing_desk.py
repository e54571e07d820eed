"""The page on which a sheet is digitised, as somebody uses it: the pointer goes to pixels of the photo."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

__all__ = ["DrawingDesk"]


class DrawingDesk:
    """One window with a sheet."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.origin = page.url.split("/work/")[0]

    def place(self, pixel: Sequence[float]) -> tuple[float, float]:
        """Where a pixel of the photo stands in the window."""
        x, y = self.page.evaluate("(pixel) => document.getElementById('sheet').placeOf(pixel)", list(pixel))
        return x, y

    def hover(self, pixel: Sequence[float]) -> None:
        """Point at a pixel, and wait until what lies there has heard of it."""
        self.page.mouse.move(*self.place((800, 1150)))  # nothing is drawn there
        expect(self.page.locator("#sheet")).to_have_attribute("data-hover", "")
        x, y = self.place(pixel)
        deadline = time.monotonic() + 20
        # A shape that is new is painted by a worker of the browser: pointing at it again finds it then.
        while not self.page.get_attribute("#sheet", "data-hover") and time.monotonic() < deadline:
            self.page.mouse.move(x, y + 0.5)
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
            self.page.mouse.move(x, y)
        expect(self.page.locator("#sheet")).not_to_have_attribute("data-hover", "")

    def click(self, pixel: Sequence[float], **options: Any) -> None:
        self.page.mouse.click(*self.place(pixel), **options)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def counted(self, decided: int, of: int) -> None:
        """Wait until so many are decided."""
        expect(self.page.locator("#counted")).to_have_text(re.compile(rf"\b{of}\b.*\b{decided}\b"))

    def counted_exactly(self, words: str) -> None:
        """Wait until the page says so; every kind of space is one."""
        expect(self.page.locator("#counted")).to_have_text(re.compile(re.escape(words).replace(r"\ ", r"\s")))

    def drag(self, *pixels: Sequence[float]) -> None:
        """Drag from pixel to pixel."""
        self.page.mouse.move(*self.place(pixels[0]))
        self.page.mouse.down()
        for pixel in pixels[1:]:
            self.page.mouse.move(*self.place(pixel), steps=5)
        self.page.mouse.up()

    def saved(self) -> None:
        """Wait until all is saved."""
        expect(self.page.locator(".saving")).to_have_attribute("data-state", "saved")

    def sheet_id(self) -> str:
        return self.page.url.split("/sheets/")[1].split("/")[0]

    def candidates(self) -> dict[int, dict[str, Any]]:
        """What the service has of the candidates now, by ordinal."""
        answer = self.page.request.get(f"{self.origin}/api/v1/sheets/{self.sheet_id()}/candidates")
        return {one["properties"]["ordinal"]: one["properties"] for one in answer.json()["features"]}

    def objects(self) -> list[dict[str, Any]]:
        """What stands on the map because of the sheet."""
        answer = self.page.request.get(f"{self.origin}/api/v1/map-features?sheet_id={self.sheet_id()}&limit=1000")
        return [one["properties"] for one in answer.json()["features"]]

    def states(self) -> dict[int, str]:
        return {ordinal: one["state"] for ordinal, one in self.candidates().items()}
