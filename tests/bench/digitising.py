"""How much work it is to digitise the sample sheet: ``python -m tests.bench.digitising``.

Draws the sample sheet, stores it with nothing decided, and decides everything that its label file names on the real
page, in a browser, counting each pointing, click and key. Beside it stands what tracing the same objects takes in a
plain drawing tool: a click for each vertex, one to finish, one key for the kind. Both are turned into time by the
keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user performance time with interactive
systems", Communications of the ACM 23(7), 1980).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
from playwright.sync_api import Page, sync_playwright
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from api.app import create_app
from api.digitising import draft_sheet, label_sheet, read_and_place
from api.settings import Settings
from geo.database.schema import upgrade
from geo.models import AppraisalEvent
from geo.services.sheets import store_sheet
from geo.services.whole_sample import store_whole_sample
from sketch_import.label_file import read_labels
from sketch_import.labelling import Labelled, Labelling
from sketch_import.sample_sheet import write_sample_sheet
from tests.conftest import BROWSER_ARGUMENTS
from tests.support.programs import find_chromium
from tests.workbench.served import WIDE, serve

__all__ = ["Effort", "main", "trace_effort"]

KEY_S: Final = 0.28
"""K: a key or a button, by an average skilled typist."""
POINT_S: Final = 1.1
"""P: pointing at something with a mouse."""
HAND_S: Final = 0.4
"""H: the hand goes between mouse and keyboard."""
THINK_S: Final = 1.35
"""M: preparing in mind."""
_SIMPLER_PX: Final = 6.0
"""How far somebody who traces with few clicks lets the line be off, in pixels of a photo 4000 wide: half a pen."""


@dataclass
class Effort:
    """What was done with the hands, and how often somebody had to think."""

    points: int = 0
    clicks: int = 0
    keys: int = 0
    letters: int = 0
    hands: int = 0
    thoughts: int = 0

    @property
    def seconds(self) -> float:
        """Time by the keystroke-level model."""
        presses = self.clicks + self.keys + self.letters
        return presses * KEY_S + self.points * POINT_S + self.hands * HAND_S + self.thoughts * THINK_S

    def named(self, name: str) -> None:
        """Count a name that is typed: to the keys, the letters, Enter, and back to the mouse."""
        self.letters += len(name)
        self.keys += 1
        self.hands += 2
        self.thoughts += 1


def _vertices(drawing: BaseGeometry, *, simpler: bool) -> int:
    shape = drawing.simplify(_SIMPLER_PX) if simpler else drawing
    if isinstance(shape, Polygon):
        return len(shape.exterior.coords) - 1
    return len(shapely.get_coordinates(shape))


def trace_effort(objects: list[Labelled], *, simpler: bool) -> Effort:
    """Return what tracing takes in a plain drawing tool, by the vertices that our store has."""
    done = Effort()
    for one in objects:
        number = _vertices(one.geometry, simpler=simpler)
        finish = 0 if isinstance(one.geometry, Point) else 1
        done.points += number
        done.clicks += number + finish
        done.keys += 1  # its kind, with a key as here
        done.thoughts += 1
        if one.label.names.ky:
            done.points += 1
            done.clicks += 1
            done.named(one.label.names.ky)
    return done


def _places(drawing: BaseGeometry) -> list[Point]:
    """Return where somebody may point at a shape: into its middle, and round its stroke."""
    if isinstance(drawing, Point):
        return [drawing]
    outline = drawing.exterior if isinstance(drawing, Polygon) else drawing
    stroke = [outline.interpolate(part / 12, normalized=True) for part in range(12)]
    return stroke if isinstance(drawing, LineString) else [drawing.representative_point(), *stroke]


class _Hand:
    """Somebody practised at the page."""

    def __init__(self, page: Page) -> None:
        self.page, self.done = page, Effort()

    def place(self, pixel: tuple[float, float]) -> tuple[float, float]:
        x, y = self.page.evaluate("(pixel) => document.getElementById('sheet').placeOf(pixel)", list(pixel))
        return x, y

    def point_at(self, ordinal: int, drawing: BaseGeometry) -> bool:
        """Point at a candidate: at a place of it that lights up itself, as somebody who sees it does."""
        self.done.points += 1
        if self._lights_up(ordinal, drawing):
            return True
        # Two marks stand too close on the screen: the wheel brings them nearer, Home shows all again.
        middle = drawing.representative_point()
        self.page.mouse.move(*self.place((middle.x, middle.y)))
        for _ in range(3):
            self.page.mouse.wheel(0, -240)
            self.page.wait_for_timeout(350)
            self.done.keys += 1
        return self._lights_up(ordinal, drawing) or self._beneath(ordinal, drawing)

    def _beneath(self, ordinal: int, drawing: BaseGeometry) -> bool:
        """Click until what lies beneath is chosen."""
        for place in _places(drawing):
            x, y = self.place((place.x, place.y))
            for clicks in range(1, 5):
                self.page.mouse.click(x, y)
                if self.page.get_attribute("#sheet", "data-picked") == str(ordinal):
                    self.done.clicks += clicks
                    return True
        return False

    def _lights_up(self, ordinal: int, drawing: BaseGeometry) -> bool:
        for place in _places(drawing):
            self.page.mouse.move(*self.place((place.x, place.y)))
            if self.page.get_attribute("#sheet", "data-hover") == str(ordinal):
                return True
        return False

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.done.keys += 1

    def say(self, kind: str, word: str) -> None:
        """Say what is pointed at: by its key where it has one, else by the beginning of its word."""
        key = self.page.evaluate(
            "(kind) => document.querySelector(`#kinds [data-kind=${kind}]`)?.getAttribute('aria-keyshortcuts')", kind
        )
        self.done.thoughts += 1
        if key:
            self.press(key)
            return
        self.press("/")
        for length in range(1, len(word) + 1):
            self.page.keyboard.insert_text(word[length - 1])
            self.done.letters += 1
            if self.page.locator("#found li").first.get_attribute("data-kind") == kind:
                break
        self.press("Enter")
        self.done.hands += 2

    def name(self, name: str) -> None:
        """Name what is pointed at."""
        if not self.page.locator("#name").is_visible():
            self.page.mouse.down()
            self.page.mouse.up()
            self.done.clicks += 1
        self.page.wait_for_selector("#name")
        self.press("a")
        self.page.keyboard.insert_text(name)
        self.done.named(name)
        self.page.keyboard.press("Enter")
        self.press("Escape")


def _digitise(page: Page, objects: list[Labelled], word_of: Callable[[str], str]) -> tuple[Effort, Effort]:
    """Decide all on the page; returns the effort with and without names."""
    hand, plain = _Hand(page), Effort()
    for one in objects:
        (candidate,) = one.candidates
        begun = hand.done.keys
        if not hand.point_at(candidate.ordinal, candidate.geometry):
            raise RuntimeError(f"{one.label.id} cannot be pointed at")
        zoomed = hand.done.keys > begun
        hand.say(one.label.kind.value, word_of(one.label.kind.value))
        if one.label.names.ky:
            before = Effort(**vars(hand.done))
            hand.name(one.label.names.ky)
            for field in vars(plain):
                setattr(plain, field, getattr(plain, field) + getattr(hand.done, field) - getattr(before, field))
        if zoomed:
            hand.press("Escape")
            hand.press("Home")
    # What is left is no object: all of it at once.
    page.locator("#sheet canvas").first.focus()
    hand.press("Control+a")
    hand.press("Backspace")
    hand.done.keys += 1  # Control is a key of its own
    page.wait_for_selector(".saving[data-state=saved]")
    without = Effort(**{field: getattr(hand.done, field) - getattr(plain, field) for field in vars(plain)})
    return hand.done, without


def main() -> None:
    """Print both efforts."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        files = write_sample_sheet(work)
        placed = read_and_place(files.photo, files.points)
        labelling = label_sheet(placed, read_labels(files.truth))
        objects = list(labelling.accepted)
        settings = Settings(data=work, database_url=f"sqlite:///{work / 'village.gpkg'}")
        upgrade(settings.store)
        sample = store_whole_sample(settings.workspace, actor="bench")
        found = tuple(feature.candidate for feature in placed.features)
        draft = draft_sheet(placed, Labelling((), (), found), title="Барак", image=files.photo.read_bytes())
        with settings.workspace.write(actor="bench") as session:
            held = select(AppraisalEvent).where(AppraisalEvent.settlement_id == sample.settlement_id)
            event = next(one for one in session.scalars(held) if one.held_on and one.held_on.year == sample.year)
            sheet_id = store_sheet(session, settings.workspace.pictures, event.id, draft)
        path = f"/work/{sample.settlement_id}/{sample.year}/sheets/{sheet_id}/draw"
        with serve(create_app(settings)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=BROWSER_ARGUMENTS)
            page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, reduced_motion="reduce")
            page.goto(f"{address}{path}?lang=ky")
            page.wait_for_selector("html[data-ready]", state="attached", timeout=60_000)
            words = page.evaluate(
                "() => Object.fromEntries(JSON.parse(document.getElementById('data').textContent).kinds"
                ".map((kind) => [kind.code, kind.label.toLowerCase()]))"
            )
            whole, without = _digitise(page, objects, words.__getitem__)
            stored = page.request.get(f"{address}/api/v1/map-features?sheet_id={sheet_id}&limit=1000").json()
            browser.close()
    _check(stored["features"], objects)
    _print(objects, whole, without)


def _check(features: list[dict[str, Any]], objects: list[Labelled]) -> None:
    """Make sure that what was counted did the work."""
    stored = sorted((one["properties"]["kind"], one["properties"]["name_ky"]) for one in features)
    wanted = sorted((one.label.kind.value, one.label.names.ky) for one in objects)
    if stored != wanted:
        raise RuntimeError(f"stored is not what was said: {set(stored) ^ set(wanted)}")


def _print(objects: list[Labelled], whole: Effort, without: Effort) -> None:
    traced = {
        "traced, with the vertices of the store": trace_effort(objects, simpler=False),
        "traced, with as few vertices as will do": trace_effort(objects, simpler=True),
    }
    names = sum(1 for one in objects if one.label.names.ky)
    print(
        f"{len(objects)} objects, {names} with a name of {_letters(objects) / max(names, 1):.1f} letters on average\n"
    )
    print("| way | pointings | clicks | keys | letters of names and searches | minutes |")
    print("|---|---|---|---|---|---|")
    for name, one in {"this page": whole, "this page, names left out": without, **traced}.items():
        print(f"| {name} | {one.points} | {one.clicks} | {one.keys} | {one.letters} | {one.seconds / 60:.1f} |")
    for name, one in {"without names": without, "with names": whole}.items():
        print(f"\n200 objects like these, {name}: {one.seconds / len(objects) * 200 / 60:.1f} minutes")


def _letters(objects: list[Labelled]) -> int:
    return sum(len(one.label.names.ky) for one in objects)


if __name__ == "__main__":
    main()
