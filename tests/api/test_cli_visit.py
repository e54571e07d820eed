"""``ayilmap visit import``: visits of a file that a phone saved, on both engines."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import func, select

from geo.database.database import Database
from geo.domain.identifiers import new_id
from geo.models import Finding, MonitoringVisit, VisitPhoto
from geo.sample.whole import sample_id
from tests.api.conftest import Command


def photo() -> str:
    """Return a small JPEG as a file of visits has it."""
    written = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(written, "JPEG")
    return base64.b64encode(written.getvalue()).decode()


def filed(*, summary: str = "", severity: str = "good", with_photo: bool = True) -> dict[str, Any]:
    """Return a visit with a finding and a photo, as the field page writes it."""
    visit_id, finding_id, photo_id = (str(new_id()) for _ in range(3))
    properties = {
        "settlement_id": str(sample_id("village_x")),
        "topic": "service",
        "service": "Сууну тазалоо",
        "method": "observation",
        "visited_at": "2014-11-19T05:30:00.000Z",
        "members": ["Салтанат Бейшеева"],
        "member_count": 1,
        "summary": summary,
    }
    finding = {"visit_id": visit_id, "severity": severity, "words": "Суу акпайт."}
    parts = [
        ("monitoring-visits", visit_id, {"type": "Feature", "geometry": None, "properties": properties}),
        ("findings", finding_id, {"type": "Feature", "geometry": None, "properties": finding}),
        ("photos", photo_id, {"caption": "Колонка"}),
    ]
    return {
        "id": visit_id,
        "title": "Сууну тазалоо",
        "state": "waiting",
        "parts": [{"name": name, "id": part_id, "body": body, "receipt": None} for name, part_id, body in parts],
        "photos": {photo_id: {"visit": visit_id, "jpeg": photo()}} if with_photo else {},
    }


def write(path: Path, *visits: dict[str, Any], **more: Any) -> Path:
    """Write a file of visits."""
    path.write_text(json.dumps({"format": "ayilmap-visits", "version": 1, "visits": visits, **more}), "utf-8")
    return path


def stored(database_url: str) -> tuple[int, ...]:
    """Return how many visits, findings and photos the store has."""
    database = Database(database_url)
    try:
        with database.read() as session:
            counts = [
                session.scalar(select(func.count()).select_from(m)) for m in (MonitoringVisit, Finding, VisitPhoto)
            ]
    finally:
        database.dispose()
    return tuple(count or 0 for count in counts)


def test_a_file_is_taken_in_once_and_what_is_refused_is_told(
    ayilmap: Command, database_url: str, tmp_path: Path
) -> None:
    assert ayilmap("sample", "load", "--json")[0] == 0
    before = stored(database_url)
    good, bad, photoless = filed(), filed(severity="huge"), filed(summary="Экинчи", with_photo=False)
    path = write(tmp_path / "visits.json", good, bad, photoless)

    code, out, err = ayilmap("visit", "import", path, "--json")
    assert code == 1, out
    told = json.loads(out)
    assert (told["visits"], told["made"], told["met"]) == (2, 5, 0)
    assert [(one["visit"], one["part"]) for one in told["refused"]] == [
        (bad["id"], "findings"),
        (photoless["id"], "photos"),
    ]
    assert "huge" not in out and "Traceback" not in err
    # Of the visit whose finding cannot be read nothing is stored, not even the visit.
    after = stored(database_url)
    assert after == (before[0] + 2, before[1] + 2, before[2] + 1)

    code, out, _ = ayilmap("visit", "import", write(tmp_path / "again.json", good), "--lang", "ky")
    assert (code, out) == (0, "Чыгуулар: 1. Жаңы жазылганы: 0, мурдатан бары: 3.\n")
    assert stored(database_url) == after
    # The same id with other words is not taken for the same visit.
    good["parts"][0]["body"]["properties"]["summary"] = "Башка"
    code, out, _ = ayilmap("visit", "import", write(tmp_path / "other.json", good), "--json")
    assert code == 2 and UUID(json.loads(out)["refused"][0]["id"]) == UUID(good["id"])
    assert stored(database_url) == after
    assert ayilmap("db", "check", "--json")[0] == 0


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "visit_file.none"),
        (b"", "visit_file.not_ours"),
        (b"\xff\xfe rubbish", "visit_file.not_ours"),
        (b"[1]", "visit_file.not_ours"),
        (b'{"format": "other", "version": 1, "visits": []}', "visit_file.not_ours"),
        (b'{"format": "ayilmap-visits", "version": 1, "visits": [{"id": 7}]}', "visit_file.not_ours"),
        (b'{"format": "ayilmap-visits", "version": 9, "visits": {}}', "visit_file.newer"),
    ],
    ids=["none", "empty", "bytes", "list", "other", "no_visit", "newer"],
)
def test_what_is_no_file_of_visits_is_refused(
    ayilmap: Command, tmp_path: Path, content: bytes | None, key: str
) -> None:
    path = tmp_path / "visits.json"
    if content is not None:
        path.write_bytes(content)
    code, out, err = ayilmap("visit", "import", path, "--json")
    assert code == 2
    assert key in out + err
