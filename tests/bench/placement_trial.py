"""How soon a person sees what a placement is worth, on a photo of 12 megapixels; and ten thousand candidates read."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.app import create_app
from api.settings import Settings
from geo.database.schema import upgrade
from geo.models import AppraisalEvent
from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.whole_sample import store_whole_sample
from tests.bench.rows import Row
from tests.support.placed_drawing import POINTS, drawing_jpeg, lonlat_of, unplaced_sheet

__all__ = ["measure_placement_trial"]

RUNS = 7
_SCALE = 10 / 3
"""From the small drawing to 4000 × 3000 pixels."""
_MANY = 1250


def measure_placement_trial(folder: Path) -> Iterator[Row]:
    """Measure over HTTP, in one process: a trial after the photo was looked at, and the first one without."""
    settings = Settings(data=folder / "trial")
    settings.data.mkdir()
    upgrade(settings.store)
    store_whole_sample(settings.workspace, actor="bench")
    with settings.workspace.write(actor="bench") as session:
        event_id = session.scalars(select(AppraisalEvent.id)).first()
        assert event_id is not None
        sheet_id = _sheet(settings, session, event_id)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        at = f"/api/v1/sheets/{sheet_id}"
        body = {"control_points": _points()}
        first = _timed(client, f"{at}/placement-trial", body)
        seconds = statistics.median(_timed(client, f"{at}/placement-trial", body) for _ in range(RUNS))
        yield Row("placement tried, 12 megapixels, 12 points", 1000 * seconds, "ms", 300)
        yield Row("the first trial of a sheet", 1000 * first, "ms", note="reads the photo and tells ink from paper")
        yield Row("10,000 candidates read", min(_timed(client, f"{at}/candidates") for _ in range(3)), "s", 1.0)
    settings.workspace.database.dispose()


def _sheet(settings: Settings, session: Session, event_id: UUID) -> UUID:
    small = unplaced_sheet(copies=_MANY)
    large = replace(small, image=drawing_jpeg(size=(4000, 3000)), size=(4000, 3000))
    return store_unplaced_sheet(session, settings.workspace.pictures, event_id, large)


def _points() -> list[dict[str, object]]:
    rng = np.random.default_rng(5)
    more = rng.uniform((80, 80), (1120, 820), (7, 2)).tolist()
    known = [(*one["pixel"], *one["lonlat"]) for one in POINTS] + [(x, y, *lonlat_of(x, y)) for x, y in more]
    bent = rng.normal(0, 1e-4, (len(known), 2)).tolist()
    return [
        {"pixel": [x * _SCALE, y * _SCALE], "lonlat": [lon + east, lat + north]}
        for (x, y, lon, lat), (east, north) in zip(known, bent, strict=True)
    ]


def _timed(client: TestClient, path: str, body: object = None) -> float:
    begun = time.perf_counter()
    answer = client.get(path) if body is None else client.post(path, json=body)
    seconds = time.perf_counter() - begun
    assert answer.status_code == 200, answer.text
    return seconds
