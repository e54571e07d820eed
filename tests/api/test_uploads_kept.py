"""What becomes of the file that a job was given: it is there as long as somebody needs it, and no longer."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.jobs.uploads import sweep_uploads
from api.jobs.worker import Worker
from geo.domain.jobs import JobKind
from geo.domain.rights import LOCAL
from geo.models import Job
from geo.models.base import now
from geo.services import jobs
from geo.services.job_requests import ask_for_event
from geo.services.workspace import Workspace
from tests.api.test_jobs import finished, job_of


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


def handed_in(workspace: Workspace, event_id: UUID, uploads: Path, name: str = "one") -> UUID:
    (uploads / name).write_bytes(b'{"type":"nothing"}')
    given = {"upload": name, "name": "кудук.geojson", "title": "Кудуктар"}
    with workspace.write(actor="test") as session:
        return ask_for_event(session, JobKind.IMPORT_FILE, event_id, given, actor=LOCAL).id


def test_a_worker_that_lost_its_job_leaves_the_file_to_the_other(
    workspace: Workspace, event_id: UUID, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = handed_in(workspace, event_id, uploads)
    other: list[jobs.Claim | None] = []

    def asleep(*_: object) -> None:
        monkeypatch.setattr(jobs, "now", lambda: now() + jobs.SILENCE + timedelta(seconds=1))
        other.append(jobs.claim(workspace, "the other"))
        raise jobs.Cancelled

    monkeypatch.setattr("api.jobs.worker.KINDS", {JobKind.IMPORT_FILE: asleep})
    assert Worker(workspace, uploads).work_once()
    assert other[0] is not None
    assert other[0].id == job_id
    assert (uploads / "one").is_file()
    assert job_of(workspace, job_id).state == "running"


def test_a_refusal_names_the_file_as_its_owner_did(workspace: Workspace, event_id: UUID, uploads: Path) -> None:
    job_id = handed_in(workspace, event_id, uploads)
    assert Worker(workspace, uploads).work_once()
    problem = job_of(workspace, job_id).problem
    assert problem is not None
    assert problem["params"]["path"] == "кудук.geojson"
    assert str(uploads) not in str(problem)
    assert list(uploads.iterdir()) == []


def test_a_job_cancelled_while_it_waits_leaves_no_file(
    service: TestClient, event_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "work_once", lambda _: False)
    asked = service.post(f"/api/v1/events/{event_id}/imports", files={"file": ("кудук.geojson", b"{}")})
    uploads = service.app.state.settings.uploads  # type: ignore[attr-defined]
    assert len(list(uploads.iterdir())) == 1
    service.post(asked.headers["location"] + "/cancel")
    assert finished(service, asked.headers["location"])["state"] == "cancelled"
    assert list(uploads.iterdir()) == []


def test_what_no_open_job_needs_is_swept_and_what_may_still_come_is_not(
    workspace: Workspace, event_id: UUID, uploads: Path
) -> None:
    handed_in(workspace, event_id, uploads, "needed")
    for name in ("left", "coming"):
        (uploads / name).write_bytes(b"x")
    for name in ("needed", "left"):
        os.utime(uploads / name, (time.time() - 7200,) * 2)
    assert sweep_uploads(workspace, uploads) == 1
    assert {path.name for path in uploads.iterdir()} == {"needed", "coming"}
    assert sweep_uploads(workspace, uploads / "never made") == 0


def test_what_was_handed_in_comes_before_what_is_drawn_for_readers(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        first = ask_for_event(session, JobKind.IMPORT_FILE, event_id, {"upload": "a"}, actor=LOCAL)
        drawn = Job(kind=JobKind.RENDER, parameters={}, municipality_id=first.municipality_id, asked_by="x")
        session.add(drawn)
        session.flush()
        last = ask_for_event(session, JobKind.READ_SHEET, event_id, {"upload": "b"}, actor=LOCAL)
        wanted = [first.id, last.id, drawn.id]
    taken = [jobs.claim(workspace, "worker") for _ in wanted]
    assert [held and held.id for held in taken] == wanted
