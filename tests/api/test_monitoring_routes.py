"""Monitoring over HTTP: phones that send twice, chains, checklists, photos, indicators, polls; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import update

from api.routes import access
from geo.domain.identifiers import new_id
from geo.domain.plan_codes import GroupKind
from geo.domain.rights import PUBLIC, Actor
from geo.domain.territory import MunicipalityKind
from geo.models import ExitPollAnswer, Municipality, PeopleGroup
from geo.photos import PhotoLimits
from geo.services.workspace import Workspace
from tests.geo.camera_files import CANARY, corners, exif_block, heic, jpeg, png_bomb
from tests.geo.monitored import Monitored, monitored

__all__ = ["monitored"]

ANY = {"If-Match": "*"}
CAPTION_ALONE = b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\na\r\n--x--\r\n'


def feature(village: Monitored, **changed: Any) -> dict[str, Any]:
    values = village.visit(**changed).model_dump(mode="json", exclude={"geometry"})
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [78.2385, 42.495]}, "properties": values}


def put_visit(service: TestClient, village: Monitored, **changed: Any) -> str:
    visit_id = str(new_id())
    answer = service.put(f"/api/v1/monitoring-visits/{visit_id}", json=feature(village, **changed))
    assert answer.status_code == 201, answer.text
    return visit_id


@contextmanager
def as_actor(service: TestClient, actor: Actor) -> Iterator[None]:
    """Let requests come from somebody else than this laptop's user."""
    app = service.app
    assert isinstance(app, FastAPI)
    app.dependency_overrides[access._who] = lambda: actor
    try:
        yield
    finally:
        app.dependency_overrides.clear()


def add_photo(service: TestClient, visit_id: str, content: bytes, **fields: str) -> Any:
    return service.post(
        f"/api/v1/monitoring-visits/{visit_id}/photos",
        files={"file": ("../../evil.php", content, "text/html")},
        data=fields,
    )


@pytest.mark.parametrize("name", ["visited_at", "located_at"])
def test_a_moment_outside_the_calendar_is_told_and_no_fault(
    service: TestClient, monitored: Monitored, name: str
) -> None:
    body = feature(monitored)
    body["properties"][name] = "0001-01-01T00:00:00+06:00"  # in UTC the year before the first one
    answer = service.post("/api/v1/monitoring-visits", json=body)
    assert (answer.status_code, answer.json()["key"]) == (422, "http.invalid_field")
    assert [(one["field"], one["key"]) for one in answer.json()["fields"]] == [(name, "field.no_moment")]
    listed = service.get("/api/v1/problem-merges", params={"undone_at": body["properties"][name]})
    assert (listed.status_code, listed.json()["key"]) == (422, "list.bad_value")


def test_a_visit_names_no_group_of_another_municipality(
    service: TestClient, workspace: Workspace, monitored: Monitored
) -> None:
    with workspace.write(actor="test") as session:
        away = Municipality(name_ky="Башка аймак", kind=MunicipalityKind.AIMAK)
        session.add(away)
        session.flush()
        group = PeopleGroup(municipality_id=away.id, kind=GroupKind.MONITORING, name="Башка топ")
        session.add(group)
        session.flush()
        foreign = group.id
    answer = service.post("/api/v1/monitoring-visits", json=feature(monitored, group_id=foreign))
    assert (answer.status_code, answer.json()["key"]) == (422, "visit.group_of_other_municipality")
    # A group of another village of the municipality is only warned of.
    other = service.post("/api/v1/monitoring-visits", json=feature(monitored, group_id=monitored.other_group_id))
    assert other.status_code == 201, other.text


def test_a_phone_may_send_twice(service: TestClient, monitored: Monitored) -> None:
    visit_id, body = str(new_id()), feature(monitored)
    first = service.put(f"/api/v1/monitoring-visits/{visit_id}", json=body)
    again = service.put(f"/api/v1/monitoring-visits/{visit_id}", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["properties"]["differences"]["quantity"] == -3
    body["properties"]["summary"] = "башка"
    other = service.put(f"/api/v1/monitoring-visits/{visit_id}", json=body)
    assert (other.status_code, other.json()["key"]) == (409, "visit.other_content")
    posted = service.post("/api/v1/monitoring-visits", json=feature(monitored))
    assert posted.status_code == 201
    assert service.patch(f"/api/v1/monitoring-visits/{visit_id}", json=body).status_code == 405


def test_chain_and_list(service: TestClient, monitored: Monitored) -> None:
    first = put_visit(service, monitored)
    second = put_visit(service, monitored, corrects_id=first, actual_quantity=19)
    stale = service.put(f"/api/v1/monitoring-visits/{new_id()}", json=feature(monitored, corrects_id=first))
    assert (stale.status_code, stale.json()["params"]["id"]) == (409, second)
    chain = service.get(f"/api/v1/monitoring-visits/{first}/chain").json()
    assert chain["latest_id"] == second
    assert [one["id"] for one in chain["features"]] == [first, second]
    listed = service.get(f"/api/v1/activities/{monitored.activity_id}/visits").json()
    assert [one["id"] for one in listed["features"]] == [second]
    assert service.get(f"/api/v1/monitoring-visits/{uuid4()}/chain").status_code == 404


def test_checklist_and_agreements(service: TestClient, monitored: Monitored) -> None:
    visit_id = put_visit(service, monitored)
    for item, score in ((1, 2), (2, 0)):
        body = {"visit_id": visit_id, "item": item, "score": score, "comment": "көрдүк"}
        assert service.post("/api/v1/checklist-scores", json=body).status_code == 201
    too_much = {"visit_id": visit_id, "item": 3, "score": 3, "comment": "көрдүк"}
    answer = service.post("/api/v1/checklist-scores", json=too_much, headers={"Accept-Language": "ru"})
    assert (answer.status_code, answer.json()["key"]) == (422, "checklist_score.out_of_scale")
    found = service.get(f"/api/v1/monitoring-visits/{visit_id}/checklist?lang=en").json()
    assert (found["totals"]["points"], found["totals"]["most"], found["totals"]["is_partial"]) == (2, 3, True)
    assert (found["items"][0]["label"], len(found["items"])) == ("Name and description", 18)
    agreed = {"visit_id": visit_id, "words": "Оңдоо", "due_on": "2014-12-01"}
    assert service.put(f"/api/v1/follow-ups/{new_id()}", json=agreed).status_code == 201
    (one,) = service.get(f"/api/v1/monitoring-visits/{visit_id}/agreements?on=2015-01-01").json()
    assert one["state"] == "overdue"


def test_a_photo_goes_in_whole_and_comes_out_bare(service: TestClient, monitored: Monitored) -> None:
    visit_id = put_visit(service, monitored)
    original = jpeg(corners(3000, 2000), exif=exif_block(satellite=True, accuracy=5))
    added = add_photo(service, visit_id, original, caption="Колонка")
    assert added.status_code == 201, added.text
    photo = added.json()
    assert photo["caption"] == "Колонка"
    assert photo["taken_at"].startswith("2014-11-19T04:31:15")
    assert photo["geometry"]["coordinates"] == pytest.approx([78.2385, 42.495], abs=1e-6)
    assert add_photo(service, visit_id, original).status_code == 200
    assert len(service.get(f"/api/v1/visit-photos?visit_id={visit_id}").json()["items"]) == 1
    for address, longest in ((photo["large"], 1600), (photo["small"], 320)):
        copy = service.get(address)
        assert copy.headers["content-type"] == "image/jpeg"
        assert copy.headers["x-content-type-options"] == "nosniff"
        assert CANARY not in copy.content
        assert max(Image.open(BytesIO(copy.content)).size) == longest
    whole = service.get(f"/api/v1/photos/{photo['id']}?size=original")
    assert whole.content == original
    assert whole.headers["content-disposition"] == f'attachment; filename="{photo["id"]}.jpg"'
    assert whole.headers["x-content-type-options"] == "nosniff"
    etag = copy.headers["etag"]
    assert service.get(photo["small"], headers={"If-None-Match": etag}).status_code == 304


def test_the_public_gets_copies_of_what_is_published_and_never_the_original(
    service: TestClient, monitored: Monitored
) -> None:
    visit_id = put_visit(service, monitored)
    content = jpeg()
    photo_id = add_photo(service, visit_id, content).json()["id"]
    address = f"/api/v1/photos/{photo_id}"
    with as_actor(service, PUBLIC):
        assert service.get(address).status_code == 404
        assert add_photo(service, visit_id, jpeg(corners(80, 60))).status_code == 403
    assert service.put(f"/api/v1/visit-photos/{photo_id}/publication", headers=ANY).status_code == 200
    with as_actor(service, PUBLIC):
        assert service.get(address).status_code == 404  # its visit is not out yet
    assert service.put(f"/api/v1/monitoring-visits/{visit_id}/publication", headers=ANY).status_code == 200
    with as_actor(service, PUBLIC):
        assert service.get(address).status_code == 200
        assert service.get(address + "?size=original").status_code == 403
        shown = service.get(f"/api/v1/visit-photos/{photo_id}").json()
        secrets = {"geometry", "taken_at", "accuracy_m", "time_source", "image_sha256", "large_sha256", "small_sha256"}
        assert not secrets & shown.keys()
        visit = service.get(f"/api/v1/monitoring-visits/{visit_id}").json()["properties"]
        assert "members" not in visit
        assert visit["member_count"] == 3
    with as_actor(service, monitored.monitor):
        assert service.get(address + "?size=original").status_code == 200
    assert service.delete(f"/api/v1/visit-photos/{photo_id}", headers=ANY).status_code == 204
    assert service.get(address).status_code == 404
    assert add_photo(service, visit_id, content).json()["key"] == "visit_photo.was_withdrawn"


def test_pictures_with_scripts_and_bombs_are_inert_or_refused(
    service: TestClient, monitored: Monitored, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit_id = put_visit(service, monitored)
    refusals = {
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>": "visit_photo.kind",
        b"": "visit_photo.empty",
        png_bomb(20_000, 20_000): "visit_photo.too_many_pixels",
        b"\xff\xd8\xff\xe0" + bytes(300): "visit_photo.unreadable",
    }
    for content, key in refusals.items():
        answer = add_photo(service, visit_id, content)
        assert (answer.status_code, answer.json()["key"]) == (422, key)
    monkeypatch.setattr(type(service.app.state.settings), "photo_limits", PhotoLimits(megabytes=1))  # type: ignore[attr-defined]
    large = add_photo(service, visit_id, b"\xff\xd8\xff" + bytes(1_050_000))
    assert large.json()["key"] == "upload.too_large"
    assert service.get(f"/api/v1/visit-photos?visit_id={visit_id}").json()["items"] == []
    assert add_photo(service, visit_id, heic(), id=str(new_id())).status_code == 201
    assert add_photo(service, visit_id, jpeg(corners(80, 60)), id=str(uuid4())).status_code == 422


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"no boundary here", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"--x--", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\na\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_bodies_that_hold_no_photo_are_refused(
    service: TestClient, monitored: Monitored, content: bytes, kind: str
) -> None:
    visit_id = put_visit(service, monitored)
    answer = service.post(
        f"/api/v1/monitoring-visits/{visit_id}/photos", content=content, headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["key"]) == (422, "upload.no_file")


def test_an_indicator_tells_its_progress(service: TestClient, monitored: Monitored) -> None:
    body = {
        "activity_id": str(monitored.activity_id),
        "title": "Суу булагына чейинки аралык",
        "kind": "impact",
        "measure": "number",
        "direction": "lower",
        "unit": "м",
        "baseline": 800,
        "baseline_year": 2013,
        "target": 200,
        "target_year": 2015,
    }
    indicator_id = service.post("/api/v1/indicators", json=body).json()["id"]
    progress = f"/api/v1/indicators/{indicator_id}/progress"
    assert service.get(progress).json()["state"] == "no_values"
    for day, value in (("2015-05-01", 350), ("2014-05-01", 500)):
        value_body = {"indicator_id": indicator_id, "measured_on": day, "value": value}
        assert service.post("/api/v1/indicator-values", json=value_body).status_code == 201
    found = service.get(progress).json()
    assert (found["state"], found["share"], found["remaining"]) == ("on_the_way", 0.75, 150)
    assert [one["share"] for one in found["values"]] == [0.5, 0.75]
    with as_actor(service, PUBLIC):
        assert service.get(progress).status_code == 404
    village = {**body, "activity_id": None, "settlement_id": str(monitored.settlement_id)}
    assert service.post("/api/v1/indicators", json=village).status_code == 201
    nothing = service.post("/api/v1/indicators", json={**body, "activity_id": None})
    assert nothing.json()["key"] == "indicator.of_nothing"


def answer_poll(service: TestClient, village: Monitored, **changed: Any) -> str:
    body = {
        "settlement_id": str(village.settlement_id),
        "service": "ЗАГС",
        "asked_on": "2014-11-20",
        "staff": 4,
        "unofficial_som": 0,
        "sex": "female",
        "age": "22-35",
        **changed,
    }
    made = service.post("/api/v1/exit-poll-answers", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def entered(workspace: Workspace, answer_id: str, day: datetime) -> None:
    with workspace.write(actor="test") as session:
        session.execute(update(ExitPollAnswer).where(ExitPollAnswer.id == UUID(answer_id)).values(created_at=day))


def test_an_exit_poll_hides_the_few_from_the_public(
    service: TestClient, workspace: Workspace, monitored: Monitored
) -> None:
    address = f"/api/v1/settlements/{monitored.settlement_id}/exit-poll?service=ЗАГС"
    for number in range(6):
        age = {"unofficial_som": 500, "age": "76+"} if number == 0 else {}
        entered(workspace, answer_poll(service, monitored, **age), datetime(2014, 12, 1, tzinfo=UTC))
    inside = service.get(address).json()
    assert (inside["count"], inside["paid_unofficially"], inside["means"]["staff"]) == (6, 1, 4)
    assert inside["half_year"] is None
    with as_actor(service, PUBLIC):
        outside = service.get(address).json()
        assert (outside["count"], outside["paid_unofficially"], outside["mean_unofficial_som"]) == (6, None, None)
        assert outside["half_year"] == "2014-2"
        assert {cell["count"] for cell in outside["cells"]} == {None}
        assert service.get("/api/v1/exit-poll-answers").json()["items"] == []
        assert service.get(f"{address}&half_year=autumn").json()["key"] == "exit_poll.no_half_year"


def test_two_days_of_a_poll_do_not_tell_what_one_person_said(
    service: TestClient, workspace: Workspace, monitored: Monitored
) -> None:
    address = f"/api/v1/settlements/{monitored.settlement_id}/exit-poll?service=ЗАГС"
    first = [answer_poll(service, monitored) for _ in range(5)]
    for answer_id in first:
        entered(workspace, answer_id, datetime(2014, 12, 1, tzinfo=UTC))
    with as_actor(service, PUBLIC):
        before = service.get(address).json()
        assert before["count"] == 5
    # Entered later, asked this half-year, taken back: none of it shows beside what was read before.
    answer_poll(service, monitored, staff=1, unofficial_som=9000)
    answer_poll(service, monitored, staff=1, asked_on="2015-11-20")
    assert service.request("DELETE", f"/api/v1/exit-poll-answers/{first[0]}", headers=ANY).status_code == 204
    assert service.patch(f"/api/v1/exit-poll-answers/{first[1]}", json={"staff": 1}, headers=ANY).status_code == 405
    assert service.get(address).json()["count"] == 6
    assert service.get(f"{address}&half_year=2014-2").json()["count"] == 5
    with as_actor(service, PUBLIC):
        assert service.get(address).json() == before
