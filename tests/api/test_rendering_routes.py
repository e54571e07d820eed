"""Maps, drawings and papers over HTTP: asked for, looked after, fetched, and only by whom they are for."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.jobs.worker import Worker
from api.settings import Settings
from geo.domain.jobs import JobState
from geo.domain.rights import LOCAL
from geo.models import AppraisalEvent, Cycle, Job, Municipality
from geo.services import renderings
from geo.services.workspace import Workspace
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of

URL = "/api/v1/renderings"


def request(event_id: UUID, **more: Any) -> dict[str, Any]:
    return {"kind": "session_map", "parameters": {"event_id": str(event_id)}, "audience": "internal"} | more


def made(service: TestClient, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Ask, and wait until it is there."""
    answer = service.post(URL, json=body, headers=headers)
    assert answer.status_code in {200, 202}, answer.text
    state: dict[str, Any] = answer.json()
    for _ in range(600):
        if state["file"] or state["state"] in {"refused", "failed", "cancelled"}:
            return state
        time.sleep(0.1)
        state = service.get(f"{URL}/{state['id']}", headers=headers).json()
    raise AssertionError(state)


def publish(workspace: Workspace, moment: datetime | None = None) -> None:
    with workspace.write(actor="test") as session:
        session.query(AppraisalEvent).one().published_at = moment or datetime.now(UTC)


def test_what_may_be_sent_is_told_without_english_or_quotes(service: TestClient, event_id: UUID) -> None:
    answer = service.post(URL, json=request(event_id, audience="nobody"), headers={"Accept-Language": "ky"})
    assert answer.status_code == 422
    assert "audience талаасына булардын бири керек: public, internal." in answer.json()["detail"]


def test_asked_for_looked_after_and_fetched(service: TestClient, event_id: UUID) -> None:
    asked = service.post(URL, json=request(event_id))
    assert asked.status_code == 202
    assert asked.headers["location"] == f"{URL}/{asked.json()['id']}"
    state = made(service, request(event_id))
    assert (state["state"], state["progress"], state["media_type"]) == ("done", 1.0, "text/html; charset=utf-8")
    again = service.post(URL, json=request(event_id))
    assert (again.status_code, again.headers["location"]) == (200, state["file"])

    file = service.get(state["file"])
    assert file.status_code == 200
    assert len(file.content) == state["bytes"]
    assert file.headers["x-content-type-options"] == "nosniff"
    policy = file.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    disposition = file.headers["content-disposition"]
    assert disposition.startswith("inline; filename=\"ayilmap-session_map.html\"; filename*=UTF-8''")
    assert unquote(disposition.split("UTF-8''")[1]) == state["name"]
    assert "Үлгү айылы" in state["name"]
    assert service.get(state["file"], headers={"If-None-Match": file.headers["etag"]}).status_code == 304
    kept = service.get(f"{state['file']}?download=true")
    assert kept.headers["content-disposition"].startswith("attachment")
    assert [job["kind"] for job in service.get("/api/v1/jobs").json()["items"]] == ["render"]


def test_what_waits_is_asked_once_however_much_was_made_since(
    workspace: Workspace, event_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "_LOOKED_THROUGH", 2)
    with workspace.write(actor="test") as session:
        (municipality_id,) = session.scalars(select(Municipality.id))

        def ask(name: str) -> Job:
            return renderings.ask_for_rendering(
                session, name, "internal", {}, municipality_id=municipality_id, actor=LOCAL
            )

        first = ask("one")
        for name in ("two", "three", "four"):
            ask(name).state = JobState.DONE
        session.flush()
        assert ask("one") is first
        assert renderings.last_rendering_job(session, "one", "internal") is first
        first.state = JobState.FAILED
        session.flush()
        assert renderings.last_rendering_job(session, "one", "internal") is None
        assert ask("one") is not first


def test_after_a_change_it_has_to_be_asked_for_again(service: TestClient, workspace: Workspace, event_id: UUID) -> None:
    state = made(service, request(event_id))
    old = service.get(state["file"])
    with workspace.write(actor="test") as session:
        session.query(AppraisalEvent).one().place = {"ky": "Мектеп"}
    gone = service.get(state["file"])
    assert (gone.status_code, gone.json()["key"]) == (404, "rendering.not_made")
    assert service.get(f"{URL}/{state['id']}").json()["key"] == "rendering.not_made"
    new = service.get(made(service, request(event_id))["file"])
    assert new.headers["etag"] != old.headers["etag"]
    assert "Мектеп" in new.text


def test_what_can_be_made_is_told_in_the_readers_language(service: TestClient) -> None:
    offers = {one["kind"]: one for one in service.get(f"{URL}?lang=ru").json()}
    assert offers["session_map"] == {
        "kind": "session_map",
        "title": "Карта встречи",
        "formats": ["html"],
        "needs": ["event_id"],
        "takes": [],
    }


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"kind": "everything"}, 422, None),
        ({"parameters": {"event_id": "x"}}, 422, None),
        ({"parameters": {"event_id": str(UUID(int=7)), "extra": 1}}, 422, None),
        ({"format": "pdf"}, 422, "rendering.format_not_offered"),
        ({"parameters": {}}, 422, "rendering.parameter_missing"),
        ({"parameters": {"event_id": str(UUID(int=7))}}, 404, "record.unknown"),
        ({"kind": "poster", "parameters": {}}, 422, "rendering.public_only"),
        ({"kind": "poster", "parameters": {}, "audience": "public"}, 422, "rendering.place_missing"),
        ({"kind": "form", "parameters": {"form": "joint_action_plan", "year": 0}}, 422, None),
        ({"kind": "poster", "parameters": {"municipality_id": str(UUID(int=7))}, "audience": "public"}, 404, None),
    ],
    ids=range(10),
)
def test_what_cannot_be_made_is_told_at_once_and_nothing_is_asked_for(
    service: TestClient, event_id: UUID, change: dict[str, Any], status: int, key: str | None
) -> None:
    answer = service.post(URL, json=request(event_id) | change)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert key is None or answer.json()["key"] == key
    assert service.get("/api/v1/jobs").json()["items"] == []


def test_what_is_refused_while_it_is_made_is_told_in_words(service: TestClient, event_id: UUID) -> None:
    body = {"kind": "venn", "parameters": {"event_id": str(event_id)}, "audience": "internal"}
    state = made(service, body)
    assert (state["state"], state["problem_key"]) == ("refused", "rendering.no_venn")
    assert state["problem"]
    assert state["file"] is None


def test_a_blank_form_is_there_at_once(service: TestClient) -> None:
    body = {"kind": "form", "parameters": {"form": "participant_list", "blank": True}, "format": "docx"}
    answer = service.post(URL, json=body)
    assert answer.status_code == 200, answer.text
    file = service.get(answer.json()["file"])
    assert file.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.content.startswith(b"PK")


def test_one_that_waits_is_asked_for_once_and_can_be_stopped(
    workspace: Workspace, event_id: UUID, tmp_path: Path, database_url: str
) -> None:
    # Without entering the client the service runs no worker.
    service = client_of(app_of(Settings(data=tmp_path, database_url=database_url)))
    first, second = (service.post(URL, json=request(event_id)).json() for _ in range(2))
    assert first["job_id"] == second["job_id"]
    assert (first["state"], first["file"]) == ("waiting", None)
    assert service.post(f"/api/v1/jobs/{first['job_id']}/cancel").status_code == 200
    assert service.get(f"{URL}/{first['id']}").json()["state"] == "cancelled"
    third = service.post(URL, json=request(event_id)).json()
    assert third["job_id"] != first["job_id"]
    assert Worker(workspace, tmp_path / "uploads").work_once()
    assert service.get(f"{URL}/{first['id']}").json()["state"] == "done"
    with workspace.read() as session:
        assert session.query(Job).count() == 2


class TestRights:
    @pytest.fixture
    def clients(self, workspace: Workspace, event_id: UUID, tmp_path: Path, database_url: str) -> dict[str, TestClient]:
        with workspace.write(actor="test") as session:
            here = session.query(Cycle.municipality_id).scalar()
            there = Municipality(name_ky="Башка аймак", kind=session.query(Municipality.kind).scalar())
            session.add(there)
            session.flush()
            keys = {"public": "", **keys_of_roles(session, here, there.id)}
        app = app_of(settings_of(tmp_path, database_url))
        return {who: client_of(app, key=key) for who, key in keys.items()}

    @pytest.fixture
    def worker(self, workspace: Workspace, tmp_path: Path) -> Worker:
        return Worker(workspace, tmp_path / "uploads")

    READERS = (
        "council_member",
        "monitor",
        "planner",
        "facilitator",
        "administrator",
        "reads_only",
        "everywhere",
    )

    def test_the_internal_version_is_for_every_role_here_and_nobody_else(
        self, clients: dict[str, TestClient], worker: Worker, event_id: UUID, workspace: Workspace
    ) -> None:
        publish(workspace)
        for who, client in clients.items():
            answer = client.post(URL, json=request(event_id))
            if who not in self.READERS:
                assert (answer.status_code, answer.json()["key"]) == (403, "rendering.not_for_public"), who
                continue
            assert answer.status_code in {200, 202}, (who, answer.text)
            while worker.work_once():
                pass
            rendering_id = answer.json()["id"]
            assert client.get(f"{URL}/{rendering_id}/file").status_code == 200, who
            for other in ("public", "no_role", "elsewhere", "limited"):
                for address in (f"{URL}/{rendering_id}", f"{URL}/{rendering_id}/file"):
                    assert clients[other].get(address).status_code == 403, other

    def test_the_public_version_is_for_everybody_once_published(
        self, clients: dict[str, TestClient], worker: Worker, event_id: UUID, workspace: Workspace
    ) -> None:
        body = request(event_id, audience="public")
        for who, client in clients.items():
            assert client.post(URL, json=body).status_code == 404, who
        publish(workspace)
        asked = clients["public"].post(URL, json=body)
        assert asked.status_code == 202
        assert clients["public"].get(asked.headers["location"]).json()["state"] == "waiting"
        assert worker.work_once()
        for who, client in clients.items():
            assert client.post(URL, json=body).status_code == 200, who
            assert client.get(f"{URL}/{asked.json()['id']}/file").headers["cache-control"] == "public, no-cache"
        with workspace.write(actor="test") as session:
            session.query(AppraisalEvent).one().published_at = None
        for who, client in clients.items():
            assert client.get(f"{URL}/{asked.json()['id']}/file").status_code == 404, who

    def test_people_without_a_role_cannot_fill_the_queue(
        self, clients: dict[str, TestClient], event_id: UUID, workspace: Workspace
    ) -> None:
        publish(workspace)
        forms = ("session_report", "joint_action_plan", "monitoring_report", "focus_group_report")
        bodies = [
            {
                "kind": "form",
                "parameters": {"form": form, "event_id": str(event_id)},
                "language": language,
                "format": format,
            }
            for form in forms
            for language in ("ky", "ru", "en")
            for format in ("pdf", "docx")
        ]
        answers = [clients["public"].post(URL, json=body).status_code for body in bodies]
        assert answers == [202] * 20 + [429] * 4
        assert clients["council_member"].post(URL, json=bodies[-1]).status_code == 202
