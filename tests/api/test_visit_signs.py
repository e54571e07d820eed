"""Signs of the members of a visit over HTTP, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from geo.domain.identifiers import new_id
from geo.domain.rights import PUBLIC
from tests.api.test_monitoring_routes import as_actor, feature
from tests.geo.monitored import Monitored, monitored

__all__ = ["monitored"]

MEMBERS = ["Салтанат Бейшеева", "Кубанычбек Дооронов"]
DRAWN = {"name": MEMBERS[0], "strokes": [[[0.1, 0.25], [0.5, 0.75]], [[0.5, 0.1], [1, 0]]]}
TICKED = {"name": MEMBERS[1], "strokes": []}


def put(service: TestClient, village: Monitored, visit_id: str, signs: list[dict[str, Any]]) -> Any:
    body = feature(village, members=MEMBERS, member_count=2)
    body["properties"]["signs"] = signs
    return service.put(f"/api/v1/monitoring-visits/{visit_id}", json=body)


def test_signs_are_kept_sent_twice_and_never_public(service: TestClient, monitored: Monitored) -> None:
    visit_id = str(new_id())
    first = put(service, monitored, visit_id, [DRAWN, TICKED])
    again = put(service, monitored, visit_id, [DRAWN, TICKED])
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["properties"]["signs"] == [DRAWN, TICKED]
    assert put(service, monitored, visit_id, [TICKED]).status_code == 409
    published = service.put(f"/api/v1/monitoring-visits/{visit_id}/publication", headers={"If-Match": "*"})
    assert published.status_code == 200
    with as_actor(service, PUBLIC):
        seen = service.get(f"/api/v1/monitoring-visits/{visit_id}").json()["properties"]
    assert "signs" not in seen and "members" not in seen
    assert seen["member_count"] is None or seen["member_count"] == 2


@pytest.mark.parametrize(
    ("sign", "key"),
    [
        ({"name": "Башка киши", "strokes": []}, "visit.sign_of_nobody"),
        ({"name": MEMBERS[0], "strokes": [[[0.1, 1.5]]]}, "visit.sign_outside"),
        ({"name": MEMBERS[0], "strokes": [[[0.1, 0.2]] * 2001]}, "visit.sign_too_long"),
    ],
)
def test_what_no_member_drew_is_refused(
    service: TestClient, monitored: Monitored, sign: dict[str, Any], key: str
) -> None:
    answer = put(service, monitored, str(new_id()), [sign])
    assert (answer.status_code, answer.json()["key"]) == (422, key)


def test_nobody_signs_twice(service: TestClient, monitored: Monitored) -> None:
    answer = put(service, monitored, str(new_id()), [TICKED, DRAWN, TICKED])
    assert answer.json()["key"] == "visit.sign_of_nobody"
