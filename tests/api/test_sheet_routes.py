"""Sheets over HTTP on both engines: pictures, candidates, a placement tried, stored and brought back."""

from __future__ import annotations

import base64
import io
import json
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.workspace import Workspace
from tests.support.placed_drawing import POINTS, SIZE, lonlat_of, unplaced_sheet


@pytest.fixture
def sheet_id(workspace: Workspace, event_id: UUID) -> UUID:
    with workspace.write(actor="test") as session:
        return store_unplaced_sheet(session, workspace.pictures, event_id, unplaced_sheet())


def place(service: TestClient, sheet_id: UUID, **more: Any) -> Any:
    etag = service.get(f"/api/v1/sheets/{sheet_id}").headers["etag"]
    body = {"control_points": POINTS, **more}
    return service.put(f"/api/v1/sheets/{sheet_id}/placement", json=body, headers={"If-Match": etag})


def test_an_unplaced_sheet_is_seen_with_its_picture_and_candidates(
    service: TestClient, sheet_id: UUID, event_id: UUID
) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    found = service.get(at).json()
    assert (found["properties"]["method"], found["geometry"]) == (None, None)
    picture = service.get(f"{at}/picture?longest=300")
    assert picture.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(picture.content)).size == (300, 225)
    kept = service.get(f"{at}/picture?longest=300", headers={"If-None-Match": picture.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    assert Image.open(io.BytesIO(service.get(f"{at}/picture").content)).size == SIZE
    assert service.get(f"{at}/overlay").status_code == 404
    assert service.get(f"{at}/placements").json() == {"items": []}
    candidates = service.get(f"{at}/candidates").json()["features"]
    assert [one["properties"]["ordinal"] for one in candidates] == list(range(1, 9))
    assert candidates[0]["geometry"]["coordinates"][0][0] == [260.0, 200.0]
    assert candidates[2]["properties"]["neighbours"] == [4]
    assert service.get(f"{at}/candidates?state=accepted").json()["features"] == []
    assert service.get(f"{at}/candidates?state=asleep").status_code == 422
    # What reads sheets elsewhere copes with one that lies nowhere yet.
    assert service.get(f"/api/v1/sheets?event_id={event_id}").json()["features"][0]["geometry"] is None
    assert service.get(f"/api/v1/events/{event_id}").status_code == 200


def test_a_trial_says_what_a_placement_is_worth_and_stores_nothing(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    before = service.get(at).json()
    tried = service.post(f"{at}/placement-trial?lang=en", json={"control_points": POINTS}).json()
    assert (tried["verdict"], tried["is_chosen_by_program"]) == ("pass", True)
    assert tried["position_error_m"] < 1
    methods = {one["method"]: one for one in tried["methods"]}
    assert set(methods) >= {"similarity", "affine", "projective", "polynomial1", "thin_plate_spline"}
    assert not methods["polynomial3"]["usable"] and "10" in methods["polynomial3"]["reason"]
    assert [one["ordinal"] for one in tried["points"]] == [1, 2, 3, 4, 5]
    assert tried["points"][4]["predicted"] == pytest.approx(lonlat_of(600, 450), abs=1e-5)
    kind, _, packed = tried["overlay"]["png"].partition(",")
    shown = Image.open(io.BytesIO(base64.b64decode(packed)))
    assert kind == "data:image/png;base64" and shown.mode == "RGBA"
    opacity = shown.getchannel("A")
    assert opacity.getextrema() == (0, 255)
    west, south, east, north = tried["overlay"]["bounds"]
    # The blue stroke is seen where it lies.
    lon, lat = lonlat_of(225, 510)
    x, y = (lon - west) / (east - west) * shown.width, (north - lat) / (north - south) * shown.height
    assert opacity.crop((int(x) - 8, int(y) - 8, int(x) + 8, int(y) + 8)).getextrema()[1] == 255
    assert service.get(at).json() == before


def test_a_trial_names_a_wrong_point_and_a_disabled_one_stays_in_the_list(service: TestClient, sheet_id: UUID) -> None:
    more = [(300, 300), (900, 300), (800, 700), (400, 650)]
    points = [*POINTS, *({"pixel": [x, y], "lonlat": lonlat_of(x, y)} for x, y in more)]
    points[2] = {**points[2], "lonlat": lonlat_of(700, 300)}
    points[4] = {**points[4], "enabled": False}
    at = f"/api/v1/sheets/{sheet_id}/placement-trial?lang=en"
    tried = service.post(at, json={"control_points": points, "method": "similarity"}).json()
    assert [one["ordinal"] for one in tried["points"] if one["is_suspect"]] == [3]
    assert tried["points"][2]["reason"] and tried["points"][2]["residual_m"] > 50
    assert tried["points"][4]["enabled"] is False and tried["points"][4]["loo_m"] is None
    assert (tried["verdict"], tried["method"]) == ("doubtful", "similarity")
    assert tried["advice"]


WRONG_POINTS: list[tuple[list[dict[str, Any]], str]] = [
    ([], "points.too_few"),
    (POINTS[:1], "points.too_few"),
    ([POINTS[0], POINTS[0]], "points.duplicate_pixel"),
    ([{**POINTS[0], "pixel": [-40, 20]}, POINTS[1]], "points.outside_image"),
    ([{**POINTS[0], "lonlat": [200, 42]}, POINTS[1]], "http.invalid_field"),
    ([{**POINTS[0], "pixel": [float("nan"), 20]}, POINTS[1]], "http.invalid_field"),
    ([{**POINTS[0], "label": "\0"}, POINTS[1]], "record.text_unusable"),
    ([{**one, "lonlat": lonlat_of(1200 - one["pixel"][0], one["pixel"][1])} for one in POINTS], "placing.mirrored"),
]


def test_points_that_cannot_place_are_refused_in_words(service: TestClient, sheet_id: UUID) -> None:
    for points, key in WRONG_POINTS:
        sent, kind = json.dumps({"control_points": points}), {"Content-Type": "application/json"}
        answer = service.post(f"/api/v1/sheets/{sheet_id}/placement-trial", content=sent, headers=kind)
        assert (answer.status_code, answer.json()["key"]) == (422, key), answer.text


def test_too_few_points_for_a_method_come_with_the_table_of_the_others(service: TestClient, sheet_id: UUID) -> None:
    body = {"control_points": POINTS[:3], "method": "projective"}
    answer = service.post(f"/api/v1/sheets/{sheet_id}/placement-trial", json=body)
    assert answer.status_code == 422
    usable = {one["method"] for one in answer.json()["methods"] if one["usable"]}
    assert usable >= {"similarity", "affine"}


def test_a_sheet_is_placed_anew_and_an_old_placement_brought_back(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    first = place(service, sheet_id, reason="биринчи")
    assert first.status_code == 200, first.text
    assert first.json()["version"] == 1
    assert first.json()["sheet"]["properties"]["method"] in {"helmert", "affine"}
    assert first.headers["etag"] == service.get(at).headers["etag"]
    assert service.get(f"{at}/overlay").headers["content-type"] == "image/png"
    decided = service.post(
        f"{at}/candidate-decisions", json={"decisions": [{"do": "accept", "ordinals": [1], "kind": "house"}]}
    )
    feature = decided.json()["features"][0]
    moved = [{**one, "lonlat": [one["lonlat"][0] + 1e-3, one["lonlat"][1]]} for one in POINTS]
    second = place(service, sheet_id, control_points=moved, method="affine")
    assert second.json()["version"] == 2
    shifts = second.json()["shifts"]
    assert shifts["moved"] == 1 and shifts["middle_m"] == pytest.approx(82.3, abs=1)
    after = service.get(f"/api/v1/map-features/{feature['id']}").json()
    assert after["geometry"]["coordinates"][0][0][0] == pytest.approx(
        feature["geometry"]["coordinates"][0][0][0] + 1e-3, abs=2e-6
    )
    versions = service.get(f"{at}/placements").json()["items"]
    assert [(one["number"], one["is_current"], one["reason"]) for one in versions] == [
        (1, False, "биринчи"),
        (2, True, ""),
    ]
    assert versions[0]["control_points"][0]["label"] == "мектеп"
    stale = service.post(f"{at}/placements/1/restore", headers={"If-Match": '"1"'})
    assert stale.status_code == 412 and stale.json()["current"]["georeference_version"] == 2
    back = service.post(f"{at}/placements/1/restore", json={"reason": "кайра"}, headers={"If-Match": "*"})
    assert back.json()["version"] == 3, back.text
    again = service.get(f"/api/v1/map-features/{feature['id']}").json()
    assert again["geometry"] == feature["geometry"]
    assert service.post(f"{at}/placements/9/restore", headers={"If-Match": "*"}).status_code == 404


def test_two_who_place_at_once_are_told(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    etag = service.get(at).headers["etag"]
    assert place(service, sheet_id).status_code == 200
    body = {"control_points": POINTS, "method": "similarity"}
    late = service.put(f"{at}/placement", json=body, headers={"If-Match": etag})
    assert (late.status_code, late.json()["key"]) == (412, "record.changed_meanwhile")
    assert service.put(f"{at}/placement", json=body).status_code == 428
    same = place(service, sheet_id)
    assert (same.status_code, same.json()["key"]) == (422, "versions.nothing_changes")


def test_a_sheet_far_from_its_village_is_refused(service: TestClient, sheet_id: UUID) -> None:
    far = [{**one, "lonlat": [one["lonlat"][0] - 20, one["lonlat"][1]]} for one in POINTS]
    answer = place(service, sheet_id, control_points=far)
    assert (answer.status_code, answer.json()["key"]) == (422, "sheet.far_away")


def test_the_title_of_a_sheet_is_changed_and_stays_text(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}"
    body = {"type": "Feature", "properties": {"title": "<script>1</script>"}}
    changed = service.patch(at, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["properties"]["title"]) == (200, "<script>1</script>"), changed.text
    other = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [78, 42]}}
    assert service.patch(at, json=other, headers={"If-Match": "*"}).status_code == 422


PASTED: list[tuple[str, int, list[float] | None]] = [
    ("name;lon;lat;accuracy\nмектеп;78,23;42,5;4\n", 1, None),
    ("мектеп,78.23,42.5\nкөпүрө,78.24,42.51", 2, None),
    ("mapX,mapY,sourceX,sourceY,enable\n78.23,42.5,100,-200,1\n78.24,42.5,300,-200,0\n", 2, [100.0, 200.0]),
    ('{"points": [{"pixel": [1, 2], "lonlat": [78, 42]}]}', 1, [1.0, 2.0]),
]


def test_pasted_points_are_read_and_rubbish_is_refused_in_words(service: TestClient, sheet_id: UUID) -> None:
    at = f"/api/v1/sheets/{sheet_id}/control-point-readings"
    for text, count, pixel in PASTED:
        points = service.post(at, json={"text": text}).json()["points"]
        assert (len(points), points[0]["pixel"]) == (count, pixel)
    for rubbish in ("", "rubbish", "<gpx", '{"points": 3}', "mapX,mapY,pixelX,pixelY\n1,2,3,x", "a,b\0"):
        answer = service.post(at, json={"text": rubbish})
        assert answer.status_code == 422 and answer.json()["detail"]
