"""Records over HTTP: made, listed, changed with If-Match, published, withdrawn; alike on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from geo.domain.identifiers import new_id

Made = Callable[..., dict[str, Any]]


@pytest.fixture
def statement(service: TestClient, event_id: UUID) -> Made:
    """Make a statement of the gallery over HTTP."""

    def make(wording: str, votes: int, *, status: int = 201, **more: object) -> dict[str, Any]:
        feature = {
            "type": "Feature",
            "geometry": None,
            "properties": {"event_id": str(event_id), "wording": wording, "votes": votes},
            **more,
        }
        answer = service.post("/api/v1/problem-statements", json=feature, headers={"Accept-Language": "en"})
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return make


def path(made: dict[str, Any]) -> str:
    return f"/api/v1/problem-statements/{made['id']}"


def test_what_is_made_is_read_back_with_its_etag(service: TestClient, statement: Made) -> None:
    made = statement("Таза суу жок", 12, geometry={"type": "Point", "coordinates": [78.2385, 42.495]})
    answer = service.get(path(made))
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["geometry"] == {"type": "Point", "coordinates": [78.2385, 42.495]}
    assert answer.json()["properties"]["votes"] == 12
    assert service.get(path(made), headers={"If-None-Match": '"1"'}).status_code == 304
    assert service.get(path(made), headers={"If-None-Match": 'W/"7",W/"1"'}).status_code == 304
    assert service.get(path(made), headers={"If-None-Match": "*"}).status_code == 304
    assert service.get(path(made), headers={"If-None-Match": '"11"'}).status_code == 200
    assert service.get(f"/api/v1/problem-statements/{new_id()}").status_code == 404


def test_what_others_add_to_a_record_is_told_to_who_has_its_version(service: TestClient, statement: Made) -> None:
    made = statement("Таза суу жок", 2)
    problem = f"/api/v1/problems/{made['properties']['problem_id']}"
    before = service.get(problem)
    assert before.json()["properties"]["votes"] == 2
    change = {"type": "Feature", "properties": {"votes": 4}}
    assert service.patch(path(made), json=change, headers={"If-Match": '"1"'}).status_code == 200
    # A browser that kept the problem asks with its ETag: its own version is the same, its sum of votes is not.
    again = service.get(problem, headers={"If-None-Match": before.headers["etag"]})
    assert (again.status_code, again.json()["properties"]["votes"]) == (200, 4)


def test_what_is_sent_again_after_a_lost_answer_is_the_same_act(service: TestClient, statement: Made) -> None:
    mine = str(new_id())
    made = statement("Жол начар", 3, id=mine)
    assert made["id"] == mine
    change = {"type": "Feature", "properties": {"votes": 4}}
    service.patch(path(made), json=change, headers={"If-Match": '"1"'})
    again = statement("Жол начар", 3, id=mine, status=200)
    assert again["properties"]["votes"] == 4  # what others made of it since stays
    assert again["properties"]["problem_id"] == made["properties"]["problem_id"]
    assert statement("Жол начар", 4, id=mine, status=409)["key"] == "record.exists"
    assert statement("Жол бузук", 3, id=mine, status=409)["key"] == "record.exists"
    assert service.get("/api/v1/problem-statements?count=true").json()["matched"] == 1
    assert service.get("/api/v1/problems?count=true").json()["matched"] == 1
    same = {"event_id": made["properties"]["event_id"], "wording": "Жол начар", "votes": 3}
    told = service.post("/api/v1/problem-statements/bulk", json=[{"type": "Feature", "id": mine, "properties": same}])
    assert (told.status_code, told.json()["ids"]) == (200, [mine])  # none is new


def test_a_book_is_no_note(statement: Made) -> None:
    told = statement("Жол начар " * 500_000, 1, status=422)
    assert told["key"] == "record.text_too_long"
    assert statement("Жол начар " * 300, 1, status=422)["fields"][0]["field"] == "wording"
    assert statement(("Жол начар " * 200).strip(), 1)["properties"]["votes"] == 1


def test_what_was_withdrawn_is_put_back_under_its_own_id(service: TestClient, statement: Made) -> None:
    made = statement("Жол начар", 3, geometry={"type": "Point", "coordinates": [78.2385, 42.495]})
    assert service.delete(path(made), headers={"If-Match": '"1"'}).status_code == 204
    assert statement("Жол начар", 3, id=made["id"], status=409)["key"] == "record.exists"
    back = service.post(f"{path(made)}/restore")
    assert back.status_code == 200
    assert back.headers["etag"] == '"3"'
    assert back.json()["geometry"] == made["geometry"]
    assert back.json()["properties"]["problem_id"] == made["properties"]["problem_id"]
    again = service.post(f"{path(made)}/restore")
    assert (again.status_code, again.headers["etag"]) == (200, '"3"')  # a lost answer does no harm
    assert service.post(f"{path(made)}/restore", headers={"If-Match": '"1"'}).status_code == 412
    assert service.post(f"/api/v1/problem-statements/{new_id()}/restore").status_code == 404


def test_pages_hold_every_row_once_in_the_order_asked(service: TestClient, statement: Made) -> None:
    votes = [5, 9, 1, 9, 7]
    for number, one in enumerate(votes):
        statement(f"көйгөй {number}", one)
    url, found = "/api/v1/problem-statements?sort=-votes&limit=2&count=true", []
    while url:
        page = service.get(url).json()
        assert page["matched"] == len(votes)
        found += [(one["properties"]["votes"], one["properties"]["wording"]) for one in page["features"]]
        url = page["next"]
    assert [number for number, _ in found] == [9, 9, 7, 5, 1]
    assert [words for _, words in found[:2]] == ["көйгөй 1", "көйгөй 3"]  # alike: in the order in which they came


def test_a_box_and_a_filter_narrow_the_list(service: TestClient, statement: Made, event_id: UUID) -> None:
    inside = statement("суу", 2, geometry={"type": "Point", "coordinates": [78.24, 42.5]})
    statement("жол", 2, geometry={"type": "Point", "coordinates": [79.5, 42.5]})
    statement("жарык", 2)
    found = service.get("/api/v1/problem-statements?bbox=78.2,42.4,78.3,42.6").json()["features"]
    assert [one["id"] for one in found] == [inside["id"]]
    assert len(service.get(f"/api/v1/problem-statements?event_id={event_id}").json()["features"]) == 3
    assert service.get(f"/api/v1/problem-statements?event_id={new_id()}").json()["features"] == []


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("colour=red", "list.unknown_parameter"),
        ("sort=wording;drop", "list.unknown_sort"),
        ("limit=0", "list.bad_limit"),
        ("limit=ten", "list.bad_limit"),
        ("bbox=1,2,3", "list.bad_box"),
        ("bbox=nan,1,2,3", "list.bad_box"),
        ("cursor=%F0%9F%92%A9", "list.bad_cursor"),
        ("event_id=7", "list.bad_value"),
    ],
)
def test_what_a_list_cannot_be_asked_is_said(service: TestClient, query: str, key: str) -> None:
    answer = service.get(f"/api/v1/problem-statements?{query}", headers={"Accept-Language": "ru"})
    assert (answer.status_code, answer.json()["key"]) == (422, key)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "ru"


def test_the_second_of_two_editors_gets_both_texts_and_nothing_is_lost(service: TestClient, statement: Made) -> None:
    made = statement("Жол", 4)
    body = {"type": "Feature", "properties": {"wording": "Ички жолдор начар"}}
    assert service.patch(path(made), json=body).status_code == 428
    first = service.patch(path(made), json=body, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    mine = {"type": "Feature", "properties": {"wording": "Жолдо чуңкур көп"}}
    second = service.patch(path(made), json=mine, headers={"If-Match": '"1"'})
    assert second.status_code == 412
    assert second.json()["current"]["wording"] == "Ички жолдор начар"
    assert second.json()["yours"] == {"wording": "Жолдо чуңкур көп"}
    assert service.get(path(made)).json()["properties"]["wording"] == "Ички жолдор начар"


def test_what_is_withdrawn_is_out_of_sight_and_stays_in_the_ledger(service: TestClient, statement: Made) -> None:
    made = statement("Жол", 4)
    assert service.delete(path(made)).status_code == 428
    gone = service.delete(f"{path(made)}?reason=эки+жолу", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert service.get(path(made)).status_code == 404
    assert service.get("/api/v1/problem-statements").json()["features"] == []


def test_many_come_all_or_none(service: TestClient, event_id: UUID) -> None:
    def feature(votes: object) -> dict[str, object]:
        return {"type": "Feature", "properties": {"event_id": str(event_id), "wording": "суу", "votes": votes}}

    bad = service.post("/api/v1/problem-statements/bulk", json=[feature(1), feature("көп")])
    assert (bad.status_code, bad.json()["row"]) == (422, 2)
    assert bad.json()["fields"][0]["field"] == "votes"
    assert service.get("/api/v1/problem-statements").json()["features"] == []
    good = {"type": "FeatureCollection", "features": [feature(1), feature(2)]}
    assert len(service.post("/api/v1/problem-statements/bulk", json=good).json()["ids"]) == 2


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ([], "record.no_object"),
        ({"wording": "суу"}, "record.no_feature"),
        ({"type": "Feature", "properties": {"wording": "a\x00b", "votes": 1}}, "record.text_unusable"),
        ({"type": "Feature", "properties": {"wording": "суу", "votes": 10**30}}, "record.number_too_great"),
        ({"type": "Feature", "id": "seven", "properties": {}}, "record.bad_id"),
        ({"type": "Feature", "properties": {}}, "http.invalid_field"),
    ],
)
def test_bodies_that_are_no_record_are_refused_in_words(service: TestClient, body: object, key: str) -> None:
    answer = service.post("/api/v1/problem-statements", json=body)
    assert (answer.status_code, answer.json()["key"]) == (422, key)


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        ({"type": "CircularString", "coordinates": []}, "geometry.unknown_type"),
        ({"type": "Point", "coordinates": []}, "geometry.empty"),
        ({"type": "Point", "coordinates": ["x", "y"]}, "geometry.unreadable"),
        ({"type": "Point", "coordinates": [5_000_000, 42]}, "geometry.not_degrees"),
        ({"type": "LineString", "coordinates": [[-179, 42], [179, 42]]}, "geometry.antimeridian"),
        ({"type": "LineString", "coordinates": [[78, 42], [78, 42]]}, "geometry.nothing_left"),
        (
            {"type": "LineString", "coordinates": [[78 + i * 1e-6, 42] for i in range(100_001)]},
            "geometry.too_many_vertices",
        ),
    ],
)
def test_geometries_that_cannot_be_kept_are_refused(statement: Made, geometry: object, key: str) -> None:
    assert statement("суу", 1, geometry=geometry, status=422)["key"] == key


def test_a_ring_across_itself_is_repaired_and_heights_dropped_with_a_warning(statement: Made) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[78.2, 42.4, 9], [78.3, 42.5, 9], [78.3, 42.4, 9], [78.2, 42.5, 9], [78.2, 42.4, 9]]],
    }
    made = statement("талаа", 1, geometry=bow)
    warned = [one["key"] for one in made["warnings"]]  # type: ignore[attr-defined]
    assert [key for key in warned if key.startswith("geometry.")] == ["geometry.height_dropped", "geometry.repaired"]
    assert made["geometry"]["type"] == "MultiPolygon"  # type: ignore[index]


def test_a_participant_whose_number_is_taken_away_gets_the_next_one(service: TestClient, event_id: UUID) -> None:
    person = {"event_id": str(event_id), "name": "Асанова Айгүл", "sex": "female"}
    listed = [service.post("/api/v1/participants", json=person).json() for _ in range(2)]
    assert [one["number"] for one in listed] == [1, 2]
    for one, number in ((listed[0], 3), (listed[1], 4), (listed[0], 5)):
        answer = service.patch(f"/api/v1/participants/{one['id']}", json={"number": None}, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json().get("number")) == (200, number), answer.text
