"""Long work over HTTP: asked for, told how far it is, cancelled, and begun again after a crash; on both engines."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.jobs import kinds
from api.jobs.worker import Worker
from geo.domain.identifiers import new_id
from geo.domain.jobs import MOST_ATTEMPTS, JobKind
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.errors import Forbidden, NotFound
from geo.models import Job
from geo.models.base import now
from geo.repositories.appraisal import AppraisalRepository
from geo.services import jobs
from geo.services.job_requests import ask_for_village
from geo.services.workspace import Workspace

WELL = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [78.2385, 42.495]}, "properties": {}}


def wells(number: int) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": [WELL] * number}).encode()


def finished(service: TestClient, url: str) -> dict[str, Any]:
    """Wait until a job is finished; returns it."""
    for _ in range(300):
        job: dict[str, Any] = service.get(url).json()
        if job["is_finished"]:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


@pytest.fixture
def asked(workspace: Workspace, event_id: UUID) -> Callable[[], UUID]:
    """Ask for a job of a village without a worker that would do it."""

    def ask() -> UUID:
        with workspace.write(actor="test") as session:
            settlement_id = AppraisalRepository(session).event(event_id).settlement_id
            return ask_for_village(session, JobKind.PROPOSE_MATCHES, settlement_id, actor=LOCAL).id

    return ask


def job_of(workspace: Workspace, job_id: UUID) -> Job:
    with workspace.read() as session:
        job = session.query(Job).filter(Job.id == job_id).one()
        session.expunge(job)
        return job


def test_a_file_becomes_features_and_the_upload_is_gone(service: TestClient, event_id: UUID) -> None:
    asked = service.post(
        f"/api/v1/events/{event_id}/imports", files={"file": ("кудук.geojson", wells(3))}, data={"kind": "well"}
    )
    assert asked.status_code == 202, asked.text
    job = finished(service, asked.headers["location"])
    assert (job["state"], job["result"], job["progress"]) == ("done", {"features": 3}, 1.0)
    found = service.get(f"/api/v1/map-features?event_id={event_id}").json()["features"]
    assert [one["properties"]["kind"] for one in found] == ["well"] * 3
    uploads = service.app.state.settings.uploads  # type: ignore[attr-defined]
    assert list(uploads.iterdir()) == []


def test_a_file_that_is_no_map_is_refused_by_the_job_in_words(service: TestClient, event_id: UUID) -> None:
    asked = service.post(f"/api/v1/events/{event_id}/imports", files={"file": ("a.geojson", b"%PDF-1.7")})
    job = finished(service, asked.headers["location"])
    assert job["state"] == "refused"
    assert job["problem"]["key"].startswith("import.")
    assert service.get("/api/v1/map-features").json()["features"] == []


def test_a_photo_without_a_sheet_is_refused_by_the_job(service: TestClient, event_id: UUID) -> None:
    asked = service.post(f"/api/v1/events/{event_id}/sheet-readings", files={"file": ("a.jpg", b"no picture")})
    job = finished(service, asked.headers["location"])
    assert (job["state"], job["problem"]["key"].split(".")[0]) == ("refused", "image")


@pytest.mark.parametrize(
    ("files", "data", "key"),
    [
        ({}, {"kind": "well"}, "upload.no_file"),
        ({"file": ("a", b"x" * 1_200_000)}, {}, "upload.too_large"),
        ({"file": ("a", b"x")}, {"layer": "l" * 20_000}, "upload.field_too_long"),
        ({"file": ("a", b"x")}, {"kind": "castle"}, "list.bad_value"),
    ],
)
def test_uploads_that_cannot_be_taken_leave_nothing(
    service: TestClient, event_id: UUID, files: Any, data: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = service.app.state.settings  # type: ignore[attr-defined]
    object.__setattr__(settings, "upload_megabytes", 1)
    answer = service.post(f"/api/v1/events/{event_id}/imports", files=files or None, data=data)
    assert (answer.status_code, answer.json()["key"]) == (413 if key == "upload.too_large" else 422, key)
    assert not settings.uploads.exists() or list(settings.uploads.iterdir()) == []
    assert service.get("/api/v1/jobs").json()["items"] == []


def test_only_one_of_many_workers_takes_a_job(workspace: Workspace, asked: Callable[[], UUID]) -> None:
    job_ids = {asked() for _ in range(4)}
    taken: list[UUID] = []

    def take(name: str) -> None:
        while (held := jobs.claim(workspace, name)) is not None:
            taken.append(held.id)

    threads = [threading.Thread(target=take, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(job_ids)


def test_a_job_whose_worker_died_is_begun_again_and_the_dead_one_stores_nothing(
    workspace: Workspace, asked: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = asked()
    dead = jobs.claim(workspace, "dead")
    assert dead is not None
    assert jobs.claim(workspace, "alive") is None
    monkeypatch.setattr(jobs, "now", lambda: now() + jobs.SILENCE + timedelta(seconds=1))
    alive = jobs.claim(workspace, "alive")
    assert alive is not None
    assert alive.id == job_id
    with pytest.raises(jobs.Cancelled), jobs.finish(workspace, dead) as (_, result):
        result["by"] = "dead"
    with jobs.finish(workspace, alive) as (_, result):
        result["by"] = "alive"
    assert job_of(workspace, job_id).result == {"by": "alive"}


def test_a_job_that_kills_its_workers_is_given_up(
    workspace: Workspace, asked: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = asked()
    for number in range(MOST_ATTEMPTS):
        late = number * (jobs.SILENCE + timedelta(seconds=1))
        monkeypatch.setattr(jobs, "now", lambda late=late: now() + late)
        assert jobs.claim(workspace, f"worker {number}") is not None
    monkeypatch.setattr(jobs, "now", lambda: now() + timedelta(days=1))
    assert jobs.claim(workspace, "one more") is None
    job = job_of(workspace, job_id)
    assert (job.state, job.problem) == ("failed", {"key": "job.given_up", "params": {"attempts": MOST_ATTEMPTS}})


def test_a_cancelled_job_stores_nothing(workspace: Workspace, asked: Callable[[], UUID]) -> None:
    waiting, running = asked(), asked()
    with workspace.write(actor="test") as session:
        assert jobs.ask_to_cancel(session, waiting, actor=LOCAL).state == "cancelled"
    held = jobs.claim(workspace, "worker")
    assert held is not None
    assert held.id == running
    with workspace.write(actor="test") as session:
        jobs.ask_to_cancel(session, running, actor=LOCAL)
    with pytest.raises(jobs.Cancelled):
        jobs.note_progress(workspace, held, 0.5, "job.step.comparing")
    with pytest.raises(jobs.Cancelled) as stopped, jobs.finish(workspace, held):
        pass
    jobs.give_up(workspace, held, stopped.value)
    assert job_of(workspace, running).state == "cancelled"


def test_of_a_job_of_others_nobody_is_told_that_it_is_there(workspace: Workspace, asked: Callable[[], UUID]) -> None:
    job_id = asked()
    elsewhere = Actor("elsewhere", roles={new_id(): frozenset({Role.ADMINISTRATOR})})
    for actor, one, kind in (
        (elsewhere, job_id, NotFound),
        (elsewhere, new_id(), NotFound),
        (PUBLIC, job_id, Forbidden),
        (PUBLIC, new_id(), Forbidden),
    ):
        with pytest.raises(kind), workspace.write(actor="test") as session:
            jobs.ask_to_cancel(session, one, actor=actor)
    assert job_of(workspace, job_id).state == "waiting"


def test_a_worker_that_stops_gives_its_job_back(
    workspace: Workspace, asked: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    job_id, begun, go_on = asked(), threading.Event(), threading.Event()

    def endless(_workspace: Workspace, _uploads: object, _held: object, tell: kinds.Tell) -> None:
        begun.set()
        go_on.wait(20)
        tell(0.5, "job.step.comparing")

    monkeypatch.setattr("api.jobs.worker.KINDS", {JobKind.PROPOSE_MATCHES: endless})
    worker = Worker(workspace, tmp_path)
    worker.start()
    assert begun.wait(20)
    threading.Timer(0.2, go_on.set).start()
    worker.stop()
    assert (job_of(workspace, job_id).state, job_of(workspace, job_id).worker) == ("waiting", "")
