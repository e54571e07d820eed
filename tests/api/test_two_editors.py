"""Several people at one activity at once: each version is one person's, and the others get both texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from geo.models import Activity, AuditEvent
from geo.services.plan_sample import store_lipenka_plan
from geo.services.workspace import Workspace

EDITORS = 6


@pytest.fixture
def activity(workspace: Workspace) -> UUID:
    with workspace.write(actor="test") as session:
        plan_id = store_lipenka_plan(session)
        return session.query(Activity).filter(Activity.plan_id == plan_id).order_by(Activity.ordinal).first().id  # type: ignore[union-attr]


def note(words: str) -> dict[str, object]:
    return {"type": "Feature", "properties": {"note": words}}


def test_the_second_gets_412_and_both_texts(service: TestClient, activity: UUID) -> None:
    path = f"/api/v1/activities/{activity}"
    seen = service.get(path).headers["etag"]
    place = {"type": "Point", "coordinates": [78.24, 42.5]}
    first = service.patch(path, json=note("Арык менен"), headers={"If-Match": seen})
    assert first.status_code == 200, first.text
    theirs = note("Түтүк менен") | {"geometry": place}
    second = service.patch(path, json=theirs, headers={"If-Match": seen, "Accept-Language": "en"})
    told = second.json()
    assert (second.status_code, told["key"]) == (412, "record.changed_meanwhile")
    assert told["current"]["note"] == "Арык менен"
    assert told["current"]["version"] == first.json()["properties"]["version"]
    assert told["yours"] == {"note": "Түтүк менен", "geometry": place}
    assert service.get(path).json()["properties"]["note"] == "Арык менен"
    again = service.patch(path, json=note("Түтүк менен"), headers={"If-Match": first.headers["etag"]})
    assert (again.status_code, again.json()["properties"]["note"]) == (200, "Түтүк менен")


def test_of_several_at_once_exactly_one_wins_each_version(
    service: TestClient, activity: UUID, workspace: Workspace
) -> None:
    path = f"/api/v1/activities/{activity}"
    begun = int(service.get(path).headers["etag"].strip('"'))
    together = Barrier(EDITORS)
    winners: list[str] = []

    def edit(editor: int, version: int) -> tuple[int, str]:
        words = f"{editor} at version {version}"
        together.wait(60)
        answer = service.patch(path, json=note(words), headers={"If-Match": f'"{version}"'})
        if answer.status_code == 412:
            assert answer.json()["yours"] == {"note": words}
            assert answer.json()["current"]["version"] == version + 1
        return answer.status_code, words

    with ThreadPoolExecutor(EDITORS) as pool:
        for version in range(begun, begun + 4):
            results = list(pool.map(edit, range(EDITORS), [version] * EDITORS))
            assert sorted(status for status, _ in results) == [200] + [412] * (EDITORS - 1)
            winners += [words for status, words in results if status == 200]
            assert service.get(path).json()["properties"]["note"] == winners[-1]
    with workspace.read() as session:
        changes = session.query(AuditEvent).filter(AuditEvent.record_id == activity).order_by(AuditEvent.fid).all()
        noted = [event.after["note"] for event in changes if event.after and "note" in event.after]
    assert noted[-len(winners) :] == winners
