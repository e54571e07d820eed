"""Decisions about the drawings of a sheet over HTTP, on both engines: what they do, and that undoing is exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import shape

from geo.models import AuditEvent, MapFeature
from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.workspace import Workspace
from tests.support.placed_drawing import POINTS, lonlat_of, unplaced_sheet

Decide = Callable[..., Any]


@pytest.fixture
def sheet_id(workspace: Workspace, event_id: UUID) -> UUID:
    with workspace.write(actor="test") as session:
        return store_unplaced_sheet(session, workspace.pictures, event_id, unplaced_sheet())


@pytest.fixture
def decide(service: TestClient, sheet_id: UUID) -> Decide:
    """Place the sheet; returns what hands in decisions and gives the answer."""
    at = f"/api/v1/sheets/{sheet_id}"
    body = {"control_points": POINTS, "method": "affine"}
    assert service.put(f"{at}/placement", json=body, headers={"If-Match": "*"}).status_code == 200

    def hand_in(*decisions: dict[str, Any], status: int = 200) -> Any:
        answer = service.post(f"{at}/candidate-decisions", json={"decisions": list(decisions)})
        assert answer.status_code == status, answer.text
        return answer.json()

    return hand_in


def look(service: TestClient, sheet_id: UUID) -> tuple[Any, Any]:
    """Return everything that decisions change: the candidates that stand by themselves, and the objects."""
    found = service.get(f"/api/v1/sheets/{sheet_id}/candidates").json()["features"]
    standing = [one for one in found if one["properties"]["state"] != "merged"]
    objects = service.get(f"/api/v1/map-features?sheet_id={sheet_id}").json()["features"]
    for one in objects:
        for name in ("version", "updated_at"):
            one["properties"].pop(name)
    return standing, objects


def state(service: TestClient, sheet_id: UUID, ordinal: int) -> str:
    found = service.get(f"/api/v1/sheets/{sheet_id}/candidates").json()["features"]
    words: str = found[ordinal - 1]["properties"]["state"]
    return words


def test_nothing_on_a_sheet_that_lies_nowhere_becomes_an_object(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}/candidate-decisions"
    accept = {"do": "accept", "ordinals": [1], "kind": "house"}
    answer = service.post(at, json={"decisions": [{"do": "reject", "ordinals": [2]}, accept]})
    assert (answer.status_code, answer.json()["key"], answer.json()["row"]) == (422, "decisions.not_placed", 2)
    assert state(service, sheet_id, 2) == "proposed"
    assert service.post(at, json={"decisions": [{"do": "reject", "ordinals": [2]}]}).status_code == 200


def test_candidates_become_objects_where_they_lie_and_undo_takes_them_back(
    service: TestClient, sheet_id: UUID, decide: Decide
) -> None:
    before = look(service, sheet_id)
    told = decide(
        {"do": "accept", "ordinals": [1, 2], "kind": "house", "attributes": {"condition": "old"}},
        {"do": "accept", "ordinals": [5], "kind": "arable", "name_ky": "<b>Талаа</b>"},
        {"do": "accept", "ordinals": [6], "kind": "well"},
        {"do": "reject", "ordinals": [7]},
    )
    assert [one["properties"]["kind"] for one in told["features"]] == ["house", "house", "arable", "well"]
    well = told["features"][3]
    assert well["geometry"]["coordinates"] == pytest.approx(lonlat_of(700, 300), abs=1e-5)
    assert well["properties"]["position_error_m"] is not None
    assert told["features"][2]["properties"]["name_ky"] == "<b>Талаа</b>"
    states = {one["id"]: one["properties"]["state"] for one in told["candidates"]}
    assert states == {1: "accepted", 2: "accepted", 5: "accepted", 6: "accepted", 7: "rejected"}
    assert told["candidates"][0]["properties"]["feature_kind"] == "house"
    # What such drawings became is proposed for the next of them.
    after = look(service, sheet_id)
    undone = decide(*told["undo"]["decisions"])
    assert sorted(undone["withdrawn"]) == sorted(one["id"] for one in told["features"])
    assert look(service, sheet_id) == before
    decide(*undone["undo"]["decisions"])
    assert look(service, sheet_id) == after


def test_lines_of_one_river_become_one_object_and_houses_each_their_own(
    service: TestClient, sheet_id: UUID, decide: Decide
) -> None:
    before = look(service, sheet_id)
    told = decide({"do": "accept", "ordinals": [3, 4], "kind": "river", "name_ky": "Чоң-Суу"})
    (river,) = told["features"]
    assert (river["geometry"]["type"], len(river["geometry"]["coordinates"])) == ("LineString", 3)
    (whole,) = [one for one in told["candidates"] if one["properties"]["state"] == "accepted"]
    assert (whole["id"], whole["properties"]["parts"]) == (9, [3, 4])
    assert state(service, sheet_id, 3) == "merged"
    decide(*told["undo"]["decisions"])
    assert look(service, sheet_id) == before
    apart = decide({"do": "accept", "ordinals": [3, 4], "kind": "river", "as_one": False})
    assert len(apart["features"]) == 2


def test_a_line_that_nearly_closes_is_the_field_that_it_encloses(decide: Decide) -> None:
    (field,) = decide({"do": "accept", "ordinals": [8], "kind": "arable"})["features"]
    assert field["geometry"]["type"] == "Polygon"
    assert shape(field["properties"]["pixel_geometry"]).area == pytest.approx(200 * 150, rel=0.02)


def test_strokes_are_joined_and_cut_and_put_back(service: TestClient, sheet_id: UUID, decide: Decide) -> None:
    before = look(service, sheet_id)
    joined = decide({"do": "merge", "ordinals": [3, 4]})
    assert {one["id"]: one["properties"]["state"] for one in joined["candidates"]} == {
        3: "merged",
        4: "merged",
        9: "proposed",
    }
    back = decide(*joined["undo"]["decisions"])
    assert look(service, sheet_id) == before
    decide(*back["undo"]["decisions"])
    assert state(service, sheet_id, 9) == "proposed"
    cut = decide({"do": "split", "ordinal": 5, "line": [[750, 580], [750, 850]]})
    pieces = [one for one in cut["candidates"] if one["id"] > 9]
    assert [shape(one["geometry"]).area for one in pieces] == [pytest.approx(150 * 200)] * 2
    assert all(one["properties"]["parts"] == [5] for one in pieces)
    decide(*cut["undo"]["decisions"])
    assert state(service, sheet_id, 5) == "proposed"
    line = decide({"do": "split", "ordinal": 4, "line": [[700, 300], [700, 700]]}, status=409)
    assert line["key"] == "decisions.decided_meanwhile"
    two = decide({"do": "split", "ordinal": 9, "line": [[700, 300], [700, 700]]})
    lengths = [shape(one["geometry"]).length for one in two["candidates"] if one["properties"]["parts"] == [9]]
    whole = next(one for one in two["candidates"] if one["id"] == 9)
    assert sum(lengths) == pytest.approx(shape(whole["geometry"]).length, rel=1e-3)
    missed = decide({"do": "split", "ordinal": 2, "line": [[10, 10], [20, 20]]}, status=422)
    assert missed["key"] == "decisions.line_misses"


def test_what_was_missed_is_drawn_changed_and_erased(service: TestClient, sheet_id: UUID, decide: Decide) -> None:
    before = look(service, sheet_id)
    path = {"type": "LineString", "coordinates": [[100, 100], [500, 140]]}
    drawn = decide({"do": "draw", "geometry": path, "kind": "secondary_road", "name_ky": "Жол"})
    (road,) = drawn["features"]
    assert (road["properties"]["source"], road["properties"]["candidate_id"]) == ("drawn", None)
    assert road["geometry"]["coordinates"][0] == pytest.approx(lonlat_of(100, 100), abs=1e-5)
    was = look(service, sheet_id)
    longer = {"type": "LineString", "coordinates": [[100, 100], [500, 140], [900, 150.25]]}
    changed = decide(
        {"do": "change", "feature_id": road["id"], "kind": "main_road", "name_ky": "Чоң жол", "geometry": longer},
        {"do": "change", "feature_id": road["id"], "attributes": {"condition": "needs_repair"}},
    )
    (now,) = changed["features"]
    assert (now["properties"]["kind"], now["properties"]["name_ky"]) == ("main_road", "Чоң жол")
    assert len(now["geometry"]["coordinates"]) == 3 and now["properties"]["attributes"]["condition"] == "needs_repair"
    decide(*changed["undo"]["decisions"])
    assert look(service, sheet_id) == was
    decide(*drawn["undo"]["decisions"])
    assert look(service, sheet_id) == before


def test_what_is_drawn_again_under_its_own_id_is_there_once(
    service: TestClient, sheet_id: UUID, decide: Decide
) -> None:
    known = "019aab00-0000-7000-8000-00000000d4a1"
    dot = {"type": "Point", "coordinates": [120.06, 340]}
    spring = {"do": "draw", "id": known, "geometry": dot, "kind": "spring"}
    first, again = decide(spring), decide(spring)
    assert [one["id"] for told in (first, again) for one in told["features"]] == [known, known]
    assert again["undo"] == first["undo"]
    assert len(look(service, sheet_id)[1]) == 1
    decide({"do": "change", "feature_id": known, "kind": "well"})
    assert decide(spring)["features"][0]["properties"]["kind"] == "well"  # somebody has said better since
    other = {**spring, "id": first["features"][0]["properties"]["event_id"].replace("01", "02", 1)}
    decide(other)
    taken = decide({**other, "kind": "standpipe"}, status=409)
    assert taken["key"] == "record.exists"
    decide(*first["undo"]["decisions"])
    assert decide(spring, status=409)["key"] == "decisions.withdrawn_already"


def test_of_two_who_change_one_object_the_second_gets_both_and_changes_nothing(
    service: TestClient, sheet_id: UUID, decide: Decide
) -> None:
    (well,) = decide({"do": "accept", "ordinals": [6], "kind": "well", "name_ky": "Кудук"})["features"]
    seen = {"do": "change", "feature_id": well["id"], "version": well["properties"]["version"]}
    moved = {"type": "Point", "coordinates": [702.004, 300]}
    first = decide({**seen, "name_ky": "Чоң кудук"}, {**seen, "geometry": moved})
    stands = look(service, sheet_id)
    both = decide({**seen, "name_ky": "Кичи кудук", "attributes": {"condition": "old"}}, status=412)
    assert (both["key"], both["row"]) == ("record.changed_meanwhile", 1)
    assert both["yours"] == {"name_ky": "Кичи кудук", "attributes": {"condition": "old"}}
    now = first["features"][0]["properties"]["version"]
    assert (both["current"]["name_ky"], both["current"]["version"]) == ("Чоң кудук", now)
    assert look(service, sheet_id) == stands
    # Sent again because the answer was lost: nobody is asked to choose between the same and the same.
    again = decide({**seen, "name_ky": "Чоң кудук"}, {**seen, "geometry": {**moved, "coordinates": [702, 300]}})
    assert [one["properties"]["version"] for one in again["features"]] == [now]
    decide({**seen, "version": now, "name_ky": "Кичи кудук"})
    assert look(service, sheet_id)[1][0]["properties"]["name_ky"] == "Кичи кудук"


def test_an_object_restored_after_the_sheet_was_placed_anew_lies_by_the_new_placement(
    service: TestClient, sheet_id: UUID, decide: Decide
) -> None:
    told = decide({"do": "accept", "ordinals": [6], "kind": "well"})
    taken_back = decide(*told["undo"]["decisions"])
    moved = [{**one, "lonlat": [one["lonlat"][0] + 1e-3, one["lonlat"][1]]} for one in POINTS]
    body = {"control_points": moved, "method": "affine"}
    at = f"/api/v1/sheets/{sheet_id}/placement"
    assert service.put(at, json=body, headers={"If-Match": "*"}).status_code == 200
    (well,) = decide(*taken_back["undo"]["decisions"])["features"]
    assert well["id"] == told["features"][0]["id"]
    assert well["geometry"]["coordinates"][0] == pytest.approx(lonlat_of(700, 300)[0] + 1e-3, abs=1e-5)


def test_all_or_none_and_the_ledger_tells_who_decided(
    service: TestClient, workspace: Workspace, sheet_id: UUID, decide: Decide
) -> None:
    before = look(service, sheet_id)
    first = {"do": "accept", "ordinals": [1], "kind": "house"}
    refused = decide(first, {"do": "reject", "ordinals": [2, 99, 77]}, status=404)
    assert (refused["key"], refused["row"]) == ("decisions.unknown_candidates", 2)
    assert "77, 99" in refused["detail"]
    assert look(service, sheet_id) == before
    told = decide(first)
    again = decide(first, status=409)
    assert again["key"] == "decisions.decided_meanwhile"
    with workspace.read() as session:
        found = session.query(AuditEvent).filter(AuditEvent.record_id == UUID(told["features"][0]["id"])).all()
        assert [(one.actor, one.action.value) for one in found] == [("local", "created")]
        kept = session.query(MapFeature).filter(MapFeature.sheet_id == sheet_id).one()
        assert shapely.equals(kept.pixel_geometry, shapely.box(200, 200, 260, 250))


def drawn(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"do": "draw", "kind": "house", "geometry": {"type": kind, "coordinates": coordinates}}


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"do": "accept", "ordinals": [1], "kind": "castle"}, 422, "http.invalid_field"),
    ({"do": "accept", "ordinals": [], "kind": "house"}, 422, "http.invalid_field"),
    ({"do": "accept", "ordinals": [1], "kind": "house", "attributes": {"crops": ["x"]}}, 422, "attributes.not_here"),
    ({"do": "accept", "ordinals": [1], "kind": "house", "attributes": {"colour": "x"}}, 422, "attributes.unknown"),
    ({"do": "accept", "ordinals": [1], "kind": "house", "name_ky": "\0"}, 422, "record.text_unusable"),
    ({"do": "sell", "ordinals": [1]}, 422, "http.invalid_field"),
    ({"do": "merge", "ordinals": [1, 1]}, 422, "decisions.one_piece"),
    ({"do": "split", "ordinal": 6, "line": [[0, 0], [9, 9]]}, 422, "decisions.cannot_split"),
    ({"do": "exchange", "take": [1], "put": [2]}, 409, "decisions.decided_meanwhile"),
    ({"do": "restore", "feature_ids": ["01a20004-b16b-71b2-bc71-6bc1d5b423e8"]}, 404, "decisions.unknown_feature"),
    (drawn("Point", [5000, 5]), 422, "decisions.outside_sheet"),
    (drawn("Point", ["a", 5]), 422, "geometry.unreadable"),
    (drawn("Circle", [5, 5]), 422, "geometry.unknown_type"),
    (drawn("Polygon", [[[5, 5], [9, 9], [5, 5], [5, 5]]]), 422, "geometry.nothing_left"),
]


def test_what_cannot_be_is_refused_in_words_and_changes_nothing(
    service: TestClient, sheet_id: UUID, decide: Decide
) -> None:
    before = look(service, sheet_id)
    for decision, status, key in WRONG:
        answer = decide(decision, status=status)
        assert answer["key"] == key, (decision, answer)
        assert answer["detail"]
    bow = {"type": "Polygon", "coordinates": [[[10, 10], [90, 90], [90, 10], [10, 90], [10, 10]]]}
    assert look(service, sheet_id) == before
    tied = decide({"do": "draw", "kind": "arable", "geometry": bow})
    assert tied["warnings"] and shape(tied["features"][0]["geometry"]).is_valid


def test_what_inks_mean_is_said_once_and_proposed(service: TestClient, sheet_id: UUID, decide: Decide) -> None:
    at = f"/api/v1/sheets/{sheet_id}/legend"
    assert service.get(at).json() == {"entries": [], "is_proposed": False, "version": 0}
    assert service.put(at, json={"entries": []}).status_code == 428
    river = {"ink": "blue", "pattern": "solid", "shape": "line", "kind": "river"}
    seen = {"If-Match": service.get(at).headers["etag"]}
    kept = service.put(at, json={"entries": [river]}, headers=seen)
    assert (kept.status_code, kept.json()) == (200, {"entries": [river], "is_proposed": False, "version": 1}), kept.text
    # Whoever has not seen it gets both; what is the same already needs no choice.
    road = {**river, "kind": "main_road"}
    late = service.put(at, json={"entries": [road]}, headers=seen)
    assert (late.status_code, late.json()["key"]) == (412, "record.changed_meanwhile")
    assert late.json()["current"] == {"entries": [river], "version": 1}
    assert late.json()["yours"] == {"entries": [road]}
    assert service.put(at, json={"entries": [river]}, headers=seen).headers["etag"] == kept.headers["etag"] == '"1"'
    decide({"do": "accept", "ordinals": [1], "kind": "house"})
    found = service.get(f"/api/v1/sheets/{sheet_id}/candidates").json()["features"]
    # What was said of blue lines, and what the first black shape became; writing is nothing.
    assert [one["properties"]["proposed_kind"] for one in found] == [
        None, "house", "river", "river", None, None, None, None,
    ]  # fmt: skip
    twice = service.put(at, json={"entries": [river, {**river, "kind": "canal"}]}, headers={"If-Match": "*"})
    assert (twice.status_code, twice.json()["key"]) == (422, "sheets.legend_twice")
    gold = {"entries": [{**river, "ink": "gold"}]}
    assert service.put(at, json=gold, headers={"If-Match": "*"}).status_code == 422
    assert service.get(at).json()["entries"] == [river]
