"""Photos of any drawing taken in over HTTP: read or left for people, doubted or refused in words, on both engines."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pytest
import skimage.data
from fastapi.testclient import TestClient

from api.sheets.taking import take_photo
from geo.drafts import NewUnplacedSheet
from geo.errors import Refused
from geo.sheet_layout import PaperSize
from sketch_import.reading import Verdict
from tests.support.drawn_sheets import draw_on
from tests.support.placed_drawing import SIZE, drawing_jpeg
from tests.support.printed_sheets import print_sheet, sheet_layout


def send(service: TestClient, event_id: UUID, content: bytes, **fields: str) -> Any:
    files = {"file": ("IMG_0007.JPG", io.BytesIO(content))}
    return service.post(f"/api/v1/events/{event_id}/sheet-photos", files=files, data=fields)


def finished(service: TestClient, url: str) -> dict[str, Any]:
    """Wait until a job is finished; returns it."""
    for _ in range(600):
        job: dict[str, Any] = service.get(url).json()
        if job["is_finished"]:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def jpeg(pixels: Any) -> bytes:
    """Return RGB pixels as a JPEG."""
    return cv2.imencode(".jpg", np.ascontiguousarray(pixels[..., ::-1]))[1].tobytes()


def test_a_freehand_drawing_becomes_an_unplaced_sheet_once(service: TestClient, event_id: UUID) -> None:
    photo = drawing_jpeg()
    asked = send(service, event_id, photo, title="Аялдардын барагы")
    assert asked.status_code == 202, asked.text
    job = finished(service, asked.headers["location"])
    assert (job["kind"], job["state"]) == ("take_photo", "done"), job
    told = job["result"]
    assert (told["is_placed"], told["verdict"], told["advice"]) == (False, "pass", [])
    sheet = service.get(f"/api/v1/sheets/{told['sheet_id']}").json()["properties"]
    assert (sheet["title"], sheet["width_px"], sheet["method"]) == ("Аялдардын барагы", SIZE[0], None)
    found = service.get(f"/api/v1/sheets/{told['sheet_id']}/candidates").json()["features"]
    assert len(found) == told["candidates"] >= 5
    again = send(service, event_id, photo)
    assert (again.status_code, again.json()["params"]["id"]) == (409, told["sheet_id"])
    broken = finished(service, send(service, event_id, photo[: len(photo) // 3]).headers["location"])
    assert (broken["state"], broken["problem"]["key"].split(".")[0]) == ("refused", "image")
    assert set(broken["problem_texts"]) == {"ky", "ru", "en"}
    assert "uploads" not in broken["problem_texts"]["en"]  # a person knows no path of the service
    for text in ("x" * 20_000, "\0"):
        assert send(service, event_id, b"x", title=text).status_code == 422


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    def keep(content: bytes) -> Path:
        path = tmp_path / "photo"
        path.write_bytes(content)
        return path

    return keep


def test_what_is_no_drawing_is_taken_with_a_doubt_and_advice(kept: Any) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1500, 2000, 3), dtype=np.uint8)
    pictures = {
        "sheets.no_drawing": (cv2.resize(skimage.data.chelsea(), None, fx=3, fy=3), noise),
        "sheets.nothing_drawn": (np.full((1500, 2000, 3), 240, np.uint8), np.zeros((1500, 2000, 3), np.uint8)),
        "sheets.small_photo": (cv2.resize(skimage.data.page()[..., None].repeat(3, axis=2), (600, 300)),),
    }
    for key, some in pictures.items():
        for picture in some:
            taken = take_photo(kept(jpeg(picture)), title="барак")
            assert isinstance(taken.sheet, NewUnplacedSheet)
            assert taken.verdict is Verdict.DOUBTFUL
            assert key in [warning.key for warning in taken.warnings]


def test_what_is_no_picture_is_refused_without_the_path_where_it_waits(kept: Any) -> None:
    huge = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000186a0000186a008020000005e9c7b3f")
    for content in (b"", b"%PDF-1.7 nothing", b"<html>", huge):
        path = kept(content)
        with pytest.raises(Refused) as refused:
            take_photo(path, title="барак")
        assert refused.value.key.startswith("image.")
        assert str(path) not in str({name: str(value) for name, value in refused.value.params.items()})


def test_a_printed_sheet_is_placed_by_its_marks(kept: Any) -> None:
    layout = sheet_layout(PaperSize.A3)
    drawn, _ = draw_on(print_sheet(layout, px_per_mm=6.0), layout, seed=3)
    taken = take_photo(
        kept(jpeg(cv2.copyMakeBorder(drawn, *(90,) * 4, cv2.BORDER_CONSTANT, value=(90, 80, 70)))), title="б"
    )
    assert taken.is_placed
    assert taken.sheet.candidates
