"""Photos of sheets are taken into a year's meetings: chosen, dropped, pasted; read step by step; what to do is said."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from api.jobs.kinds import KINDS
from api.settings import Settings
from geo.domain.jobs import JobKind
from geo.services.whole_sample import WholeSample
from geo.sheet_layout import PaperSize
from tests.support.drawn_sheets import draw_on
from tests.support.printed_sheets import print_sheet, sheet_layout
from tests.workbench.conftest import Visit
from tests.workbench.drawn_sheets import HOUSES, store_drawn
from tests.workbench.drawn_village import FIRST_SESSION, draw, store_drawing
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off

expect.set_options(timeout=20_000)  # other work on the machine slows a save down, and must not fail it

laptop = pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
"""How the page behaves does not depend on the engine."""

READ_MS = 90_000
"""A photo is read while others are at work on this machine."""


@pytest.fixture
def settings(sample: WholeSample, database_url: str, tmp_path: Path) -> Settings:
    """A laptop that takes no files above 4 MB."""
    return Settings(data=tmp_path, database_url=database_url, upload_megabytes=4)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Readings begin and go no further until the event is set; then they are done as ever."""
    go_on = threading.Event()
    read = KINDS[JobKind.TAKE_PHOTO]

    def wait(workspace: Any, uploads: Path, claim: Any, tell: Callable[[float, str], None]) -> None:
        while not go_on.wait(0.05):
            tell(0.4, "reading.step.flatten")
        read(workspace, uploads, claim, tell)

    monkeypatch.setattr("api.jobs.worker.KINDS", {**KINDS, JobKind.TAKE_PHOTO: wait})
    return go_on  # never set, it ends with the service, as any work does that is stopped


@cache
def printed_scan() -> bytes:
    """Return a printed sheet that somebody drew on, laid on a scanner."""
    layout = sheet_layout(PaperSize.A4)
    flat, _ = draw_on(print_sheet(layout, px_per_mm=6), layout, seed=4)
    written = io.BytesIO()
    Image.fromarray(flat).save(written, "JPEG", quality=90)
    return written.getvalue()


def fur(seed: int, *, side: int = 1100) -> bytes:
    """Return a photo of something that is no drawing: hairs and grain all over, as of a cat from near."""
    rng = np.random.default_rng(seed)
    picture = np.full((side, side, 3), 120, np.uint8)
    for _ in range(6000):
        x, y, angle = rng.integers(0, side), rng.integers(0, side), rng.uniform(0.6, 1.4)
        end = (int(x + 60 * np.cos(angle)), int(y + 60 * np.sin(angle)))
        cv2.line(picture, (int(x), int(y)), end, rng.integers(30, 220, 3).tolist(), 2, cv2.LINE_AA)
    noisy = np.clip(picture + rng.normal(0, 18, picture.shape), 0, 255).astype(np.uint8)
    written = io.BytesIO()
    Image.fromarray(noisy).save(written, "JPEG", quality=85)
    return written.getvalue()


def photo(name: str, content: bytes, kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def meeting(page: Page, event: str = FIRST_SESSION) -> Locator:
    return page.locator(f'[data-event="{event}"]')


def choose(card: Locator, *files: FilePayload) -> None:
    card.locator("input[multiple]").set_input_files(list(files))


def sheets(address: str) -> list[dict[str, Any]]:
    with urlopen(f"{address}/api/v1/sheets") as answer:
        found: list[dict[str, Any]] = json.load(answer)["features"]
    return found


def hand_over(page: Page, selector: str, name: str, content: bytes, *, how: str) -> None:
    """Drop or paste a file, as a browser tells a page of it."""
    page.evaluate(
        """([selector, name, content, how]) => {
            const given = new DataTransfer();
            const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
            given.items.add(new File([bytes], name, {type: "image/jpeg"}));
            const about = {bubbles: true, cancelable: true};
            const place = document.querySelector(selector);
            const told = how === "paste"
                ? [new ClipboardEvent("paste", {...about, clipboardData: given})]
                : ["dragover", "drop"].map((step) => new DragEvent(step, {...about, dataTransfer: given}));
            for (const event of told) place.dispatchEvent(event);
        }""",
        [selector, name, base64.b64encode(content).decode(), how],
    )


def test_a_drawing_and_a_printed_sheet_become_sheets(wide: Visitor, village: str, address: str) -> None:
    page = wide.open(f"{village}/map")
    card = meeting(page)
    choose(card, photo("чийме.jpg", draw()), photo("басма.jpg", printed_scan()))
    expect(card.locator(".reading")).to_have_count(2)
    expect(card.locator(".sheet")).to_have_count(2, timeout=READ_MS)
    first, second = card.locator(".sheet").all()
    # A drawing waits for its control points; the marks of a printed sheet say where it lies.
    expect(first.locator("h3")).to_have_text("18–35 жаш, 1-барак")
    expect(first.locator(".verdict")).to_have_text("Картага жайгаштырыла элек")
    expect(first.get_by_role("link", name="Картага жайгаштыруу")).to_be_visible()
    expect(second.locator(".verdict")).to_contain_text("± ")
    expect(second.get_by_role("link", name="Чиймелерди белгилөө")).to_be_visible()
    expect(card.locator(".reading").first).to_contain_text("Эми баракты картага жайгаштырыңыз")
    placed = [one["properties"]["method"] is not None for one in sheets(address)]
    assert sorted(placed) == [False, True]

    # Once more the same photo: the sheet that is there can be opened.
    choose(card, photo("дагы-бир-жолу.jpg", draw()))
    twice = card.locator(".reading.refused")
    expect(twice).to_contain_text("мурунтан эле бар")
    twice.get_by_role("link", name="Ошол баракты ачуу").click()
    page.wait_for_url("**/place")
    wide.excuse(409)


@laptop
def test_what_is_no_drawing_is_told_with_what_to_do(wide: Visitor, village: str, address: str) -> None:
    page = wide.open(f"{village}/map")
    card = meeting(page)
    choose(card, photo("мышык.jpg", fur(1)))
    cat = card.locator(".reading.doubtful")
    expect(cat).to_contain_text("кайра тартыңыз", timeout=READ_MS)
    expect(card.locator(".sheet .todo")).to_contain_text("чиймеге окшобойт")  # later, too
    cat.get_by_role("button", name="Алып салуу").click()
    expect(card.locator(".reading")).to_have_count(0)
    # A file that only says that it is a photo; one that does not even say so; one that is too large to be sent.
    choose(card, photo("кат.jpg", b"Ak-Suu, 19 November 2014\n" * 200))
    expect(card.locator(".reading.refused").last).to_contain_text("сүрөт файлы эмес", timeout=READ_MS)
    choose(card, photo("кат.docx", b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))
    expect(card.locator(".reading.refused").last).to_contain_text("«кат.docx» сүрөт эмес")
    choose(card, photo("чоң.jpg", bytes(4_500_000)))
    expect(card.locator(".reading.refused").last).to_contain_text("чеги 4 МБ")
    assert len(sheets(address)) == 1


def scanned(pages: int) -> bytes:
    """Return a PDF of drawings, as a scanner makes it of a heap of sheets."""
    drawings = [Image.open(io.BytesIO(draw(seed=seed))).convert("RGB") for seed in range(20, 20 + pages)]
    written = io.BytesIO()
    drawings[0].save(written, "PDF", save_all=True, append_images=drawings[1:], resolution=150)
    return written.getvalue()


def test_of_a_file_with_pages_one_is_taken_or_all(wide: Visitor, village: str, address: str) -> None:
    page = wide.open(f"{village}/map")
    card = meeting(page)
    heap = photo("үйүм.pdf", scanned(3), "application/pdf")
    choose(card, heap)
    asked = card.locator(".reading")
    expect(asked).to_contain_text("3 бет бар", timeout=READ_MS)
    assert axe_faults(page) == []
    asked.get_by_label("Кайсы бет").select_option("2")
    asked.get_by_role("button", name="Ушул бетти алуу").click()
    expect(card.locator(".sheet")).to_have_count(1, timeout=READ_MS)
    (stored,) = sheets(address)
    assert stored["properties"]["exif"]["page"] == 2
    # All of them: the page that is there already is not taken twice.
    card.locator(".reading").get_by_role("button", name="Алып салуу").click()
    choose(card, heap)
    asked.get_by_role("button", name="Бардык 3 бетти").click(timeout=READ_MS)
    expect(card.locator(".reading.refused")).to_contain_text("мурунтан эле бар", timeout=READ_MS)
    expect(card.locator(".sheet")).to_have_count(3, timeout=READ_MS)
    assert sorted(one["properties"]["exif"]["page"] for one in sheets(address)) == [1, 2, 3]
    wide.excuse(409)


def test_a_sheet_is_taken_away_and_comes_back(wide: Visitor, village: str, address: str, settings: Settings) -> None:
    sheet_id = store_drawing(settings, village, title="Башка <b>айылдыкы</b>").id
    page = wide.open(f"{village}/map")
    card = meeting(page)
    before = len(sheets(address))
    mine = card.locator(f'[data-sheet="{sheet_id}"]')
    mine.get_by_role("button", name="барагын алып салуу").dblclick()
    expect(mine).to_have_count(0)
    expect(page.locator("#notices")).to_contain_text("«Башка <b>айылдыкы</b>» алып салынды")
    assert len(sheets(address)) == before - 1
    page.locator("h1").click()
    page.keyboard.press("z")
    expect(mine).to_have_count(1)
    assert len(sheets(address)) == before
    # Taken away once more, and its photo sent again: the sheet is offered back.
    mine.get_by_role("button", name="барагын алып салуу").click()
    expect(mine).to_have_count(0)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    choose(card, photo("чийме.jpg", draw()))
    refused = card.locator(".reading.refused")
    refused.get_by_role("button", name="Баракты кайтаруу").click()
    expect(mine).to_have_count(1)
    expect(refused).to_have_count(0)
    wide.excuse(409)


def test_objects_go_with_their_sheet_only_when_somebody_says_so(
    wide: Visitor, village: str, address: str, settings: Settings, sample: WholeSample, tmp_path: Path
) -> None:
    drawn = store_drawn(settings.workspace, tmp_path, sample.settlement_id, title="Үйлөр")
    at = f"{address}/api/v1/sheets/{drawn.id}"
    page = wide.open(f"{village}/map")
    accept = {"decisions": [{"do": "accept", "ordinals": list(HOUSES[:2]), "kind": "house"}]}
    assert page.request.post(f"{at}/candidate-decisions", data=accept).ok
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    card = page.locator(f'[data-sheet="{drawn.id}"]')
    card.get_by_role("button", name="барагын алып салуу").click()
    expect(card.locator(".withdrawing")).to_contain_text("2 объект картада турат")
    assert axe_faults(page) == []
    card.get_by_role("button", name="Калсын").click()
    expect(card.locator(".withdrawing")).to_have_count(0)
    assert page.request.get(at).ok
    card.get_by_role("button", name="барагын алып салуу").click()
    card.get_by_role("button", name="2 объекти менен").click()
    expect(card).to_have_count(0)
    found = f"{address}/api/v1/map-features?sheet_id={drawn.id}"
    assert page.request.get(found).json()["features"] == []
    page.locator("#notices").get_by_role("button", name="Кайтаруу").click()
    expect(card).to_contain_text("Үйлөр")
    assert len(page.request.get(found).json()["features"]) == 2
    wide.excuse(422)


@laptop
@pytest.mark.usefixtures("held")
def test_photos_are_dropped_and_pasted(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/map")
    hand_over(page, f'[data-event="{FIRST_SESSION}"]', "түшкөн.jpg", draw(), how="drop")
    expect(meeting(page).locator(".reading")).to_contain_text("түшкөн.jpg")
    # Nobody has said whose the pasted photo is.
    page.mouse.move(5, 5)
    hand_over(page, "body", "коюлган.jpg", draw(seed=9), how="paste")
    expect(page.locator("#notices")).to_contain_text("кайсы топтуку")
    second = page.locator("[data-event]").nth(1)
    second.hover()
    hand_over(page, "body", "коюлган.jpg", draw(seed=9), how="paste")
    expect(second.locator(".reading")).to_contain_text("коюлган.jpg")
    expect(second.locator("img")).to_have_count(1)


@laptop
def test_a_reload_picks_the_reading_up_and_a_stop_stores_nothing(
    wide: Visitor, village: str, address: str, held: threading.Event
) -> None:
    page = wide.open(f"{village}/map")
    choose(meeting(page), photo("биринчи.jpg", draw()))
    expect(meeting(page).locator(".reading")).to_contain_text("Барак түздөлүүдө", timeout=READ_MS)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    reading = meeting(page).locator(".reading")
    expect(reading).to_contain_text("биринчи.jpg")
    expect(reading.locator("progress")).to_have_attribute("value", "0.4")
    reading.get_by_role("button", name="токтотуу").click()
    expect(reading).to_contain_text("эч нерсе сакталган жок")
    assert sheets(address) == []
    reading.get_by_role("button", name="Алып салуу").click()

    # Sent again from the same page, and read to its end.
    held.set()
    choose(meeting(page), photo("экинчи.jpg", draw(seed=3)))
    expect(meeting(page).locator(".sheet")).to_have_count(1, timeout=READ_MS)
    assert len(sheets(address)) == 1


@laptop
def test_a_meeting_is_added(wide: Visitor, village: str, address: str) -> None:
    page = wide.open(f"{village}/map")
    before = page.locator("[data-event]").count()
    page.locator("#new-event > summary").click()
    form = page.locator("#event-form")
    form.get_by_role("button", name="Кошуу").click()
    expect(page.locator("#event-fault")).to_contain_text("качан")
    page.fill("#event-day", "2014-11-25")
    form.get_by_label("Башка топ").check()
    page.fill("#event-other", "<b>Токой көчөсү</b>")
    page.select_option("#event-sex", "women")
    page.fill("#event-reason", "Суу боюнча")
    page.fill("#event-people", "12")
    page.fill("#event-women", "14")
    form.get_by_role("button", name="Кошуу").click()
    expect(page.locator("#event-fault")).to_contain_text("Аялдардын саны (14)")
    page.fill("#event-women", "12")
    form.get_by_role("button", name="Кошуу").dblclick()
    added = page.get_by_role("heading", name="<b>Токой көчөсү</b>, Аялдар", exact=True)
    expect(added).to_be_visible()
    expect(page.locator("[data-event]")).to_have_count(before + 1)
    wide.excuse(422)


@laptop
@pytest.mark.parametrize(("size", "theme"), [(WIDE, "dark"), (PHONE, "light")])
def test_everybody_can_use_it(
    visit: Visit, village: str, settings: Settings, size: tuple[int, int], theme: str
) -> None:
    store_drawing(settings, village, title="Жоопкерчиликтүүлүктү <script>alert(1)</script> талап кылган барак")
    visitor = visit(size=size)
    visitor.context.add_cookies([{"name": "theme", "value": theme, "url": visitor.address}])
    page = visitor.open(f"{village}/map")
    expect(page.locator(".sheet h3")).to_contain_text("<script>alert(1)</script>")
    page.locator("#new-event > summary").click()
    page.get_by_label("Башка топ").check()
    choose(meeting(page), photo("чоң.jpg", bytes(4_500_000)))
    expect(page.locator(".reading.refused")).to_be_visible()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
    if size == PHONE:
        camera = meeting(page).locator("input[capture]")
        assert camera.get_attribute("capture") == "environment"
        # Every control is large enough for a finger (UI.md).
        for control in page.locator("main .button, main button, main a.primary, main a.secondary").all():
            box = control.bounding_box()
            assert box is None or box["height"] >= 44
