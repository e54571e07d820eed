"""Problems, activities, visits and ties of institutions, with rows in them, as features on both engines."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import shape
from sqlalchemy import update

from geo.domain.rights import PUBLIC
from geo.models import InstitutionCircle, MonitoringVisit
from geo.services.workspace import Workspace
from tests.api.ogc.test_writing import become
from tests.geo.linked_village import LinkedVillage, build
from tests.geo.repositories.test_nearness import VILLAGE, east_of

AROUND = ",".join(map(str, shapely.buffer(VILLAGE, 0.05).bounds))


@pytest.fixture
def linked(workspace: Workspace) -> LinkedVillage:
    """A village with a plan and visits; its institutions have places."""
    with workspace.write(actor="test") as session:
        village = build(session)
        places = {"айыл өкмөтү": VILLAGE, "мектеп": east_of(500), "ТСПАКБ": east_of(-500)}
        for name, place in places.items():
            session.execute(update(InstitutionCircle).where(InstitutionCircle.name_ky == name).values(geometry=place))
        return village


def told(service: TestClient, collection: str, **params: str) -> dict[str, Any]:
    answer = service.get(f"/ogc/collections/{collection}/items", params=params)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["features"]}


def test_every_collection_tells_its_rows(service: TestClient, linked: LinkedVillage) -> None:
    problems = told(service, "problems", bbox=AROUND)
    assert set(problems) == {str(one) for one in linked.problems.values()}
    assert problems[str(linked.problems["roads"])]["properties"]["title"] == "Жолдор начар"
    activities = told(service, "activities")
    assert set(activities) == {str(one) for one in linked.activities.values()}
    assert activities[str(linked.activities["park"])]["geometry"] is None
    assert activities[str(linked.activities["pipe"])]["geometry"]["type"] == "LineString"
    (visit,) = told(service, "visits", bbox=AROUND).values()
    assert visit["id"] == str(linked.visit)
    assert visit["properties"]["summary"] == "Түтүк тартылды"
    ties = told(service, "institution-ties", bbox=AROUND)
    # Two institutions that lie apart have no tie to draw.
    assert {one["properties"]["second_name_ky"] for one in ties.values()} == {"мектеп"}
    for one in ties.values():
        assert one["properties"]["first_name_ky"] == "айыл өкмөтү"
        assert shape(one["geometry"]).geom_type == "LineString"
    for collection, rows in (("problems", problems), ("activities", activities), ("institution-ties", ties)):
        for identifier, feature in rows.items():
            alone = service.get(f"/ogc/collections/{collection}/items/{identifier}").json()
            assert alone["properties"] == feature["properties"]
            page = service.get(f"/ogc/collections/{collection}/items/{identifier}", params={"f": "html"})
            assert page.status_code == 200


def test_pages_tell_names_and_labels_and_no_ids(service: TestClient, linked: LinkedVillage) -> None:
    def page(path: str, language: str) -> str:
        found = service.get(f"/ogc/collections/{path}", params={"f": "html", "lang": language})
        assert found.status_code == 200
        return found.text

    def told(markup: str) -> str:
        return re.sub(r"<[^>]*>", " ", markup.partition("<main")[2] or markup)

    identifier = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-")
    water = f"problems/items/{linked.problems['water']}"
    assert "Drinking water" in page(water, "en")
    assert "Ичүүчү суу" in page(water, "ky")
    visit = page(f"visits/items/{linked.visit}", "en")
    assert f"/ogc/collections/activities/items/{linked.activities['pipe']}?f=html" in visit
    assert ">Түтүк тартуу</a>" in visit
    assert ">Үлгү</a>" in visit  # the settlement
    merged = page(f"problems/items/{linked.problems['pipes']}", "ky")
    assert ">Ичүүчү суу жетишсиз</a>" in merged
    standpipe = page(f"features/items/{linked.features['standpipe']}", "en")
    assert "Supply: Short" in told(standpipe)
    for markup in (page(water, "en"), visit, merged, standpipe, page("activities/items", "ky")):
        assert not identifier.search(told(markup)), told(markup)
    assert '<td class="number">8</td>' in page("visits/items", "ky")
    assert "<td>Түтүк тартуу</td>" not in page("activities/items", "ky")  # its link says it


def test_a_day_of_kyrgyzstan_is_asked_for_by_its_hours(
    service: TestClient, linked: LinkedVillage, workspace: Workspace
) -> None:
    """Half past one in the morning of 15 July there is 14 July in Greenwich, whose days the standard means."""
    with workspace.write(actor="test") as session:
        session.execute(update(MonitoringVisit).values(visited_at=datetime(2015, 7, 14, 19, 30, tzinfo=UTC)))
    assert told(service, "visits", datetime="2015-07-15") == {}
    there = "2015-07-14T18:00:00Z/2015-07-15T17:59:59Z"
    assert set(told(service, "visits", datetime=there)) == {str(linked.visit)}


def test_rows_are_filtered_by_what_they_say(service: TestClient, linked: LinkedVillage) -> None:
    assert set(told(service, "problems", filter="CASEI(title) LIKE CASEI('%суу%')")) == {
        str(linked.problems[name]) for name in ("water", "pipes")
    }
    assert set(told(service, "activities", status="planned")) == {
        str(linked.activities[name]) for name in ("second pipe", "lamps")
    }
    assert set(told(service, "visits", datetime="2015-03-20")) == {str(linked.visit)}
    assert told(service, "visits", datetime="2015-03-21/..") == {}
    (touching,) = told(service, "institution-ties", relation="touching").values()
    assert touching["properties"]["second_name_ky"] == "мектеп"


def test_the_public_sees_none_that_is_not_published(service: TestClient, linked: LinkedVillage) -> None:
    become(service, PUBLIC)
    for collection in ("problems", "activities", "visits", "institution-ties"):
        assert told(service, collection) == {}, collection
        assert told(service, collection, bbox=AROUND) == {}, collection
