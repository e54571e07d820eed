"""The whole session of village X written down through the service (DOMAIN.md section 13), on both engines."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import networkx as nx
import pytest
from fastapi.testclient import TestClient

from geo.domain.institutions import Diagram
from geo.domain.rights import LOCAL, PUBLIC
from geo.errors import NotFound
from geo.sample.session_x import load_session_x
from geo.services.bread import event_bread
from geo.services.sample import store_sample
from geo.services.venn_network import event_venn, institution_tie_lines
from geo.services.workspace import Workspace

VILLAGE = "01a20004-b16b-71b2-bc71-6bc1d5b423e8"
SESSION = load_session_x()


def feature(properties: dict[str, Any], geometry: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def made(service: TestClient, collection: str, body: Any) -> dict[str, Any]:
    answer = service.post(f"/api/v1/{collection}", json=body)
    assert answer.status_code == 201, answer.text
    content: dict[str, Any] = answer.json()
    return content


def circles_of(service: TestClient, event_id: str) -> dict[str, str]:
    bodies = [feature({"event_id": event_id, **one}) for one in SESSION.circles]
    answer = service.post("/api/v1/institution-circles/bulk", json=bodies)
    assert answer.status_code == 201, answer.text
    names = [one["name_ky"] for one in SESSION.circles]
    return dict(zip(names, answer.json()["ids"], strict=True))


def ties_of(service: TestClient, circles: dict[str, str]) -> None:
    bodies = [
        {
            "first_id": circles[one["first"]],
            "second_id": circles[one["second"]],
            "relation": one["relation"],
            "weak": one.get("weak", False),
        }
        for one in SESSION.ties
    ]
    answer = service.post("/api/v1/institution-ties/bulk", json=bodies)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def village(workspace: Workspace) -> str:
    """Village X and the municipality it belonged to, without the event that the sample has."""
    with workspace.write(actor="test") as session:
        store_sample(session)
    return VILLAGE


@pytest.fixture
def event(service: TestClient, village: str) -> str:
    """The session, one day later than the sample's own, which is in the store already."""
    body = feature({**SESSION.event, "settlement_id": village, "held_on": "2014-11-20"})
    return str(made(service, "events", body)["id"])


def test_the_whole_session_is_written_down(service: TestClient, event: str) -> None:
    circles = circles_of(service, event)
    ties_of(service, circles)
    written = service.put(f"/api/v1/events/{event}/bread", json={"lines": SESSION.bread})
    assert written.status_code == 200, written.text
    statements = [feature({"event_id": event, **one}) for one in SESSION.statements]
    assert service.post("/api/v1/problem-statements/bulk", json=statements).status_code == 201
    notes = [feature({"settlement_id": VILLAGE, "event_id": event, **one}) for one in SESSION.notes]
    assert service.post("/api/v1/village-notes/bulk", json=notes).status_code == 201

    stored = service.get(f"/api/v1/events/{event}").json()["properties"]
    assert stored["minutes"]["number"] == 1
    assert [point["starts"] for point in stored["programme"]] == ["10:00", "10:15", "10:20", "11:20", "12:10"]
    bread = service.get(f"/api/v1/events/{event}/bread").json()
    assert [line["perceived_percent"] for line in bread["lines"]] == [30, 20, 15, 15, 5, 5, 5, 3, 2]
    assert bread["perceived_percent"] == 100
    listed = service.get("/api/v1/problem-statements", params={"event_id": event}).json()["features"]
    assert sum(one["properties"]["votes"] for one in listed) == 75
    listed = service.get("/api/v1/village-notes", params={"event_id": event}).json()["features"]
    assert len(listed) == len(SESSION.notes)


def test_its_network_is_as_the_minutes_say(service: TestClient, event: str) -> None:
    ties_of(service, circles_of(service, event))
    network = service.get(f"/api/v1/events/{event}/venn").json()
    assert [one["ranking"] for one in network["institutions"]] == list(range(1, 16))
    okmotu = network["institutions"][0]
    # 14 others, less the sawmill (no contact) and the youth committee (not known).
    assert (okmotu["name_ky"], okmotu["degree"]) == ("Айыл өкмөтү", 12)
    assert okmotu["betweenness"] == pytest.approx(66 / 91)  # 12 · 11 / 2 pairs of 14 · 13 / 2
    names = [one["name_ky"] for one in network["without_local_government"]]
    assert names == ["Пилорама", "Жаштар комитети"]
    assert [one["name_ky"] for one in network["local_government_unknown"]] == ["Жаштар комитети"]
    assert [len(part) for part in network["components"]] == [13, 1, 1]
    weak = [one["second_id"] for one in network["ties"] if one["weak"]]
    assert [one["name_ky"] for one in network["institutions"] if one["id"] in weak] == ["Аксакалдар соту"]
    discontent = [one["name_ky"] for one in network["institutions"] if one["satisfaction"] == "discontent"]
    assert discontent == ["ТСПАКБ", "Маалымат борбору", "ФАП", "СПА", "Жайыт комитети"]
    assert len(network["without_place"]) == len(network["stakeholders"]["unplaced"]) == 15


def test_its_network_is_handed_out_as_files(service: TestClient, event: str) -> None:
    ties_of(service, circles_of(service, event))
    address = f"/api/v1/events/{event}/venn/export"
    graph = nx.parse_graphml(service.get(address).text)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (15, 12)
    edges = list(csv.DictReader(io.StringIO(service.get(address, params={"format": "edges.csv"}).text)))
    assert len(edges) == 12
    lines = service.get(address, params={"format": "geojson"})
    assert lines.headers["content-type"] == "application/geo+json"
    assert lines.json()["features"] == []
    assert len(lines.json()["without_place"]) == 15
    assert service.get(address, params={"format": "exe"}).status_code == 422


def test_a_bread_that_does_not_sum_to_a_hundred_changes_nothing(service: TestClient, event: str) -> None:
    address = f"/api/v1/events/{event}/bread"
    tag = service.put(address, json={"lines": SESSION.bread}).headers["etag"]
    refused = service.put(address, json={"lines": SESSION.bread[:-1]}, headers={"Accept-Language": "ky"})
    assert (refused.status_code, refused.json()["key"]) == (422, "bread.sum")
    assert "98 %" in refused.json()["detail"]
    assert len(service.get(address).json()["lines"]) == 9
    incomplete = service.put(address, json={"lines": SESSION.bread[:-1], "incomplete": True}, headers={"If-Match": tag})
    assert (incomplete.status_code, incomplete.json()["incomplete"]) == (200, True)
    late = service.put(address, json={"lines": SESSION.bread}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["key"]) == (409, "bread.changed_meanwhile")
    alone = service.post("/api/v1/budget-shares", json={"event_id": event, "ordinal": 1, "perceived_percent": 5})
    assert alone.status_code in (405, 422)


def test_the_public_sees_it_once_it_is_published(service: TestClient, event: str, workspace: Workspace) -> None:
    circles = circles_of(service, event)
    ties_of(service, circles)
    service.put(f"/api/v1/events/{event}/bread", json={"lines": SESSION.bread})
    statements = [feature({"event_id": event, **one}) for one in SESSION.statements]
    service.post("/api/v1/problem-statements/bulk", json=statements)
    made(service, "participants", {"event_id": event, "name": "Асанова Айгүл", "sex": "female", "age": 27})
    with workspace.read() as session, pytest.raises(NotFound):
        event_venn(session, UUID(event), diagram=Diagram.EVERYBODY, actor=PUBLIC)

    done = service.put(f"/api/v1/events/{event}/publication").json()
    assert done["rows"] == {"institution_circle": 15, "institution_tie": 14, "budget_share": 9, "problem_statement": 9}
    with workspace.read() as session:
        view = event_venn(session, UUID(event), diagram=Diagram.EVERYBODY, actor=PUBLIC)
        assert len(view.network.ties) == 12
        assert len(event_bread(session, UUID(event), actor=PUBLIC).slices) == 9

    hidden = service.delete(f"/api/v1/events/{event}/publication").json()
    assert (hidden["published_at"], hidden["rows"]) == (None, done["rows"])
    with workspace.read() as session, pytest.raises(NotFound):
        event_bread(session, UUID(event), actor=PUBLIC)


def test_ties_are_lines_where_both_institutions_have_a_place(
    service: TestClient, event: str, workspace: Workspace
) -> None:
    school = made(
        service,
        "map-features",
        feature(
            {"settlement_id": VILLAGE, "event_id": event, "kind": "school", "source": "gps"},
            {
                "type": "Polygon",
                "coordinates": [[[78.24, 42.5], [78.241, 42.5], [78.241, 42.501], [78.24, 42.501], [78.24, 42.5]]],
            },
        ),
    )
    office = {"type": "Point", "coordinates": [78.23, 42.49]}
    common = {"event_id": event, "kind": "local_institution", "importance": "large"}
    first = made(service, "institution-circles", feature({**common, "name_ky": "Айыл өкмөтү"}, office))
    second = made(service, "institution-circles", feature({**common, "name_ky": "Мектеп", "feature_id": school["id"]}))
    third = made(service, "institution-circles", feature({**common, "name_ky": "Мечит"}))
    for other in (second, third):
        made(
            service,
            "institution-ties",
            {"first_id": first["id"], "second_id": other["id"], "relation": "partial"},
        )

    with workspace.read() as session:
        (line,) = institution_tie_lines(session, actor=LOCAL, event_id=UUID(event))
        assert (line.first.ky, line.second.ky) == ("Айыл өкмөтү", "Мектеп")
        assert line.geometry.coords[0] == (78.23, 42.49)
        assert line.geometry.coords[1] == pytest.approx((78.2405, 42.5005))
        # The box holds neither end and the line goes through it; the other one its envelope meets alone.
        assert institution_tie_lines(session, actor=LOCAL, bounds=(78.234, 42.494, 78.2365, 42.4965)) == (line,)
        assert institution_tie_lines(session, actor=LOCAL, bounds=(78.231, 42.4985, 78.232, 42.4995)) == ()
        assert institution_tie_lines(session, actor=LOCAL, after=line.fid) == ()
        assert institution_tie_lines(session, actor=PUBLIC) == ()
    service.put(f"/api/v1/events/{event}/publication")
    with workspace.read() as session:
        assert [one.id for one in institution_tie_lines(session, actor=PUBLIC)] == [line.id]
    changed = service.patch(
        f"/api/v1/map-features/{school['id']}",
        json={"type": "Feature", "properties": {"is_sensitive": True}},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 200, changed.text
    with workspace.read() as session:
        assert institution_tie_lines(session, actor=PUBLIC) == ()
