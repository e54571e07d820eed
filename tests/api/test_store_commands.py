"""The command line of the store: what it prints, and its exit codes."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from uuid import UUID, uuid4

import geopandas
import pytest
from shapely.geometry import Point

from geo.drafts import NewSheet
from geo.i18n import Language, text
from geo.models import AppraisalEvent
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from tests.api.conftest import Command


@pytest.fixture
def drawn(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> UUID:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    return event_id


def test_upgrade_then_check(ayilmap: Command) -> None:
    code, _, err = ayilmap("db", "check")
    assert code == 2
    assert "ayilmap db upgrade" in err
    assert ayilmap("db", "upgrade")[0] == 0
    code, out, _ = ayilmap("db", "check", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["well"] is True
    assert found["rows"]["term"] > 100


def test_events_map_and_export(ayilmap: Command, drawn: UUID, tmp_path: Path) -> None:
    code, out, _ = ayilmap("event", "list", "--json")
    assert code == 0
    assert [event["id"] for event in json.loads(out)["events"]] == [str(drawn)]
    code, out, _ = ayilmap("map", "--event", drawn, "--out", tmp_path / "map.html", "--lang", "ru")
    assert code == 0
    assert "Карта записана" in out
    assert '<html lang="ru"' in (tmp_path / "map.html").read_text(encoding="utf-8")
    code, out, _ = ayilmap("export", tmp_path / "out.geojson", "--event", drawn)
    assert code == 0
    assert len(geopandas.read_file(tmp_path / "out.geojson")) == 1


def test_the_map_of_an_event_counts_what_this_event_drew(
    ayilmap: Command, drawn: UUID, workspace: Workspace, tmp_path: Path
) -> None:
    """The other groups of the village are on the map too, switched off; the list of events counts none of them."""
    with workspace.read() as session:
        event = session.query(AppraisalEvent).one()
        village, day = event.settlement_id, event.held_on.isoformat()
    added = ayilmap("event", "add", "--settlement", village, "--date", day, "--ages", "56+", "--json")[1]
    wells = tmp_path / "wells.geojson"
    geopandas.GeoDataFrame({"kind": ["well"] * 3}, geometry=[Point(78.2, 42.5)] * 3, crs=4326).to_file(wells)
    assert ayilmap("import", wells, "--event", json.loads(added)["event"])[0] == 0
    told = json.loads(ayilmap("map", "--event", drawn, "--out", tmp_path / "map.html", "--json")[1])
    listed = {one["id"]: one["features"] for one in json.loads(ayilmap("event", "list", "--json")[1])["events"]}
    assert sorted(listed.values()) == [1, 3]
    assert told["features"] == listed[str(drawn)] == 1


def test_import_all_files_or_none(ayilmap: Command, drawn: UUID, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.geojson", tmp_path / "bad.geojson"
    geopandas.GeoDataFrame({"kind": ["well", "mosque"]}, geometry=[Point(78.2, 42.5)] * 2, crs=4326).to_file(good)
    geopandas.GeoDataFrame({"kind": ["castle"]}, geometry=[Point(78.2, 42.5)], crs=4326).to_file(bad)
    code, out, err = ayilmap("import", good, bad, "--event", drawn)
    assert (code, out) == (2, "")
    assert err.strip() == text("import.kind_missing", Language.EN, path=bad, rows="1")
    assert json.loads(ayilmap("event", "list", "--json")[1])["events"][0]["features"] == 1
    code, out, _ = ayilmap("import", good, bad, "--event", drawn, "--kind", "school", "--json")
    assert code == 0
    assert json.loads(out)["imported"] == {str(good): 2, str(bad): 1}
    assert json.loads(ayilmap("event", "list", "--json")[1])["events"][0]["features"] == 4


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)  # a server has no file
def test_the_live_store_is_no_file_to_import_or_export(ayilmap: Command, drawn: UUID, workspace: Workspace) -> None:
    live = workspace.database.url.database
    for command in ("import", "export"):
        code, _, err = ayilmap(command, live, "--event", drawn)
        assert code == 2
        assert "is the store itself" in err


@pytest.mark.parametrize("language", list(Language))
def test_refusal_in_the_readers_language(ayilmap: Command, drawn: UUID, language: Language, tmp_path: Path) -> None:
    unknown = uuid4()
    code, out, err = ayilmap("map", "--event", unknown, "--out", tmp_path / "x.html", "--lang", language.value)
    assert (code, out) == (2, "")
    assert err.strip() == text("record.unknown", language, id=unknown)
    assert not (tmp_path / "x.html").exists()


def test_refusal_as_json_has_all_three_languages(ayilmap: Command, drawn: UUID, tmp_path: Path) -> None:
    code, out, err = ayilmap("map", "--event", uuid4(), "--out", tmp_path / "x.html", "--json")
    assert (code, out) == (2, "")
    problem = json.loads(err)
    assert problem["error"] == "record.unknown"
    assert set(problem["text"]) == {"ky", "ru", "en"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("map",),
        ("map", "--event", "no-id", "--out", "x.html"),
        ("nonsense",),
        ("export", "x.geojson", "--lang", "fr"),
    ],
)
def test_wrong_usage_is_2(ayilmap: Command, arguments: tuple[str, ...]) -> None:
    assert ayilmap(*arguments)[0] == 2


def test_serve_stays_on_this_computer(ayilmap: Command) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        code, _, err = ayilmap("serve", "--host", host)
        assert code == 2
        assert "127.0.0.1" in err


def test_serve_on_a_taken_port(ayilmap: Command, drawn: UUID) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, _, err = ayilmap("serve", "--port", other.getsockname()[1])
    assert code == 1
    assert "--port" in err
