"""Ties between institutions as lines: edges alone, as people entered them, on both engines."""

from __future__ import annotations

from uuid import UUID

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient

from geo.domain.rights import PUBLIC
from geo.services.tiles import vector_tile
from geo.services.workspace import Workspace
from geo.spatial.tile_grid import Tile, fractions
from tests.geo.test_appraisal_record import make

TIES = "/ogc/collections/institution-ties/items"
TILES = "/ogc/collections/institution-ties/tiles"


def circle(workspace: Workspace, event_id: UUID, name: str, lon: float) -> UUID:
    place = {"type": "Point", "coordinates": [lon, 42.49]}
    drawn = {"pixel_x": lon * 1000 - 78200, "pixel_y": 0.0, "pixel_radius": 10.0}
    fields = {"event_id": event_id, "name_ky": name, "kind": "local_institution", "geometry": place, **drawn}
    return make(workspace, "institution-circles", **fields).record.id


def lines(service: TestClient) -> dict[str, str]:
    features = service.get(TIES).json()["features"]
    return {one["properties"]["origin"]: one["properties"]["relation"] for one in features}


def test_only_edges_are_lines_and_what_people_enter_wins(
    service: TestClient, workspace: Workspace, event_id: UUID
) -> None:
    school = circle(workspace, event_id, "Мектеп", 78.200)
    club = circle(workspace, event_id, "Клуб", 78.215)  # 15 pixels apart: the circles overlap in part
    assert lines(service) == {"derived": "partial"}
    said = make(workspace, "institution-ties", first_id=club, second_id=school, relation="apart").record
    assert lines(service) == {}
    address = f"/api/v1/institution-ties/{said.id}"
    answer = service.patch(address, json={"relation": "full"}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert lines(service) == {"entered": "full"}


@pytest.mark.parametrize("zoom", [4, 9, 12, 15])
def test_ties_come_as_tiles_drawn_or_counted(
    service: TestClient, workspace: Workspace, event_id: UUID, zoom: int
) -> None:
    school = circle(workspace, event_id, "Мектеп", 78.200)
    club = circle(workspace, event_id, "Клуб", 78.215)
    east, south = (float(part) * 2**zoom for part in fractions(78.2075, 42.49))
    tile = Tile(zoom, int(east), int(south))
    address = f"{TILES}/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"
    (tie,) = service.get(TIES).json()["features"]
    answer = service.get(address)
    (drawn,) = mapbox_vector_tile.decode(answer.content)["institution-ties"]["features"]
    if zoom < 10:
        assert drawn["properties"] == {"relation": "partial", "count": 1}
    else:
        assert drawn["geometry"]["type"] == "LineString"
        told = drawn["properties"]
        assert told["id"] == tie["id"] and told["event_id"] == str(event_id)
        assert {told["first_name_ky"], told["second_name_ky"]} == {"Мектеп", "Клуб"}
        assert (told["relation"], told["origin"]) == ("partial", "derived")
    # Nothing of it is published, so nothing of it is for everybody.
    assert vector_tile(workspace.database, ["institution-ties"], tile, PUBLIC).body == b""
    assert service.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    make(workspace, "institution-ties", first_id=club, second_id=school, relation="apart")
    assert service.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 204


def test_a_client_finds_the_tiles_of_ties(service: TestClient) -> None:
    def tilesets(of: str) -> list[str]:
        return [link["href"] for link in service.get(of).json()["links"] if link["rel"].endswith("/tilesets-vector")]

    assert tilesets("/ogc") == [f"{service.base_url}/ogc/tiles"] and not tilesets("/ogc/collections/events")
    (place,) = tilesets("/ogc/collections/institution-ties")
    (tileset,) = service.get(place).json()["tilesets"]
    address = next(link["href"] for link in tileset["links"] if link["rel"] == "describedby")
    document = service.get(address).json()
    (layer,) = document["vector_layers"]
    assert layer["id"] == "institution-ties"
    assert {"relation", "first_name_ky", "second_name_ky", "count"} <= layer["fields"].keys()
