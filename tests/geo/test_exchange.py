"""Objects from and to files."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from uuid import UUID

import geopandas
import pytest
from shapely.geometry import LineString, Point, Polygon
from sqlalchemy import select, text

from geo.domain.vocabulary import Kind, Layer
from geo.drafts import NewFeature, NewSheet
from geo.errors import Failed, Refused
from geo.exchange.vector_file import read_vector_file, write_vector_file
from geo.i18n import Language
from geo.i18n import text as text_of
from geo.models import SketchSheet
from geo.services.checking import check
from geo.services.event_map import event_snapshot
from geo.services.imports import import_features
from geo.services.overview import overview
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace
from geo.storage import FolderStore


def write(path: Path, rows: list[dict[str, object]], shapes: list[object], crs: int | None = 4326) -> Path:
    geopandas.GeoDataFrame(rows, geometry=shapes, crs=crs).to_file(path)
    return path


def test_kinds_by_code_or_in_words(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.gpkg",
        [{"kind": "school", "name": "№1 мектеп"}, {"kind": "Мечит", "name": None}, {"kind": "ШКОЛА", "name": ""}],
        [Point(78.2, 42.5), Point(78.21, 42.5), Point(78.22, 42.5)],
    )
    features = read_vector_file(path)
    assert [feature.kind for feature in features] == [Kind.SCHOOL, Kind.MOSQUE, Kind.SCHOOL]
    assert [feature.names.ky for feature in features] == ["№1 мектеп", "", ""]


def test_other_crs_is_turned_into_lon_lat(tmp_path: Path) -> None:
    # EPSG:32644 of lon 81, lat 42.5: on the central meridian, easting 500 km; northing as gdaltransform gives it.
    path = write(tmp_path / "utm.gpkg", [{"kind": "well"}], [Point(500000, 4705293.0798)], crs=32644)
    (feature,) = read_vector_file(path)
    assert feature.geometry.x == pytest.approx(81.0, abs=1e-7)
    assert feature.geometry.y == pytest.approx(42.5, abs=1e-7)


@pytest.mark.parametrize(
    ("rows", "shapes", "crs", "key", "named"),
    [
        ([{"kind": "school"}, {"kind": "castle"}], [Point(78, 42), Point(78, 42)], 4326, "import.kind_missing", "2"),
        ([{"kind": "school"}, {"kind": "mill"}], [None, Point(78, 42)], 4326, "import.bad_geometry", "1"),
        (
            [{"kind": "arable"}],
            [Polygon([(78, 42), (79, 43), (79, 42), (78, 43)])],
            4326,
            "import.bad_geometry",
            "1",
        ),
        ([{"kind": "school"}], [Point(700000, 42)], 4326, "import.out_of_range", "1"),
        ([{"kind": "school"}], [Point(78, 42)], None, "import.no_crs", None),
    ],
    ids=["kind", "empty", "bow-tie", "range", "crs"],
)
def test_bad_rows_are_named(
    tmp_path: Path, rows: list[dict[str, object]], shapes: list[object], crs: int | None, key: str, named: str | None
) -> None:
    path = tmp_path / "bad.gpkg"
    frame = geopandas.GeoDataFrame(rows, geometry=shapes, crs=crs)
    if crs is None:
        with pytest.warns(UserWarning, match="crs"):
            frame.to_file(path)
    else:
        frame.to_file(path)
    with pytest.raises(Refused) as refusal:
        read_vector_file(path)
    assert refusal.value.key == key
    assert refusal.value.params.get("rows") == named


@pytest.mark.parametrize(
    "content", [b"", b"hello", b'{"type": "FeatureCollection", "features": ['], ids=["empty", "text", "cut"]
)
def test_unreadable_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_vector_file(path)
    assert refusal.value.key == "import.unreadable"


def collection(*features: dict[str, object], **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def feature(shape: str, coordinates: object, /, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": shape, "coordinates": coordinates}, "properties": properties}


def named_crs(name: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


WELL = feature("Point", [78.2, 42.5], kind="well")


@pytest.mark.parametrize(
    ("content", "key", "rows"),
    [
        (collection(WELL, feature("LineString", [[78, 42]], kind="canal")), "import.bad_geometry", "2"),
        (collection(WELL, feature("Polygon", [[[78, 42], [78, 43]]], kind="arable")), "import.bad_geometry", "2"),
        (collection(WELL, feature("Point", [], kind="well")), "import.bad_geometry", "2"),
        (collection(WELL, feature("Point", [78, 42], kind="well", name="Ы" * 201)), "import.name_too_long", "2"),
        (collection(WELL, crs=named_crs("EPSG:5800")), "import.unreadable", None),
        (collection(WELL, crs=named_crs("EPSG:5773")), "import.no_crs", None),
        (collection(feature("Point", [1, 1], kind="well"), crs=named_crs("EPSG:4978")), "import.no_crs", None),
        (collection(WELL, crs=named_crs("urn:ogc:def:crs:EPSG::999999")), "import.no_crs", None),
        (collection(WELL, crs=named_crs("Pulkovo, as we had it at school")), "import.no_crs", None),
        (collection(WELL, crs={"type": "link", "properties": {"href": "crs.wkt"}}), "import.no_crs", None),
        (collection(WELL, crs=7), "import.no_crs", None),
    ],
    ids=[
        "short line",
        "open ring",
        "no coordinates",
        "long name",
        "engineering",
        "heights",
        "geocentric",
        "unknown code",
        "unknown name",
        "link",
        "number",
    ],
)
def test_hostile_geojson(tmp_path: Path, content: bytes, key: str, rows: str | None) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_vector_file(path)
    assert (refusal.value.key, refusal.value.params.get("rows")) == (key, rows)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"crs": None},
        {"crs": named_crs("urn:ogc:def:crs:OGC:1.3:CRS84")},
        {"crs": named_crs("EPSG:4326")},
        {"crs": {"type": "EPSG", "properties": {"code": 4326}}},
    ],
    ids=["none", "null", "CRS84", "EPSG:4326", "code"],
)
def test_degrees_however_they_are_called(tmp_path: Path, said: dict[str, object]) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(collection(feature("Point", [78.2, 42.5], kind="well", crs="Чүй"), **said))
    (found,) = read_vector_file(path)
    assert (found.geometry.x, found.geometry.y) == (78.2, 42.5)


def test_names_may_be_numbers(tmp_path: Path) -> None:
    numbers = [12, None, 7.5]
    rows: list[dict[str, object]] = [{"kind": "house", "name": name, "name_ru": name == 12} for name in numbers]
    found = read_vector_file(write(tmp_path / "x.gpkg", rows, [Point(78, 42)] * 3))
    assert [one.names.ky for one in found] == ["12", "", "7.5"]
    assert {one.names.ru for one in found} == {""}


def test_names_hold_letters_only(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(collection(feature("Point", [78, 42], kind="well", name=" Кара\n\u202e\x1b[31m  суу\u00a0№1 ")))
    (read,) = read_vector_file(path)
    assert read.names.ky == "Кара [31m суу №1"


def test_only_files_of_the_two_formats_are_opened(tmp_path: Path) -> None:
    good = tmp_path / "good.geojson"
    good.write_bytes(collection(WELL))
    # Formats that make GDAL open what they name: another file, an address, a chain of commands.
    virtual = tmp_path / "virtual.geojson"
    virtual.write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='good'><SrcDataSource>{good}</SrcDataSource></OGRVRTLayer>"
        "</OGRVRTDataSource>",
        encoding="utf-8",
    )
    chain = tmp_path / "chain.json"
    chain.write_text(
        json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {good} ! clean-coverage"}
        ),
        encoding="utf-8",
    )
    pipe = tmp_path / "pipe.geojson"
    os.mkfifo(pipe)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.geojson").write_bytes(collection(WELL))
    inline = Path(json.dumps(WELL))
    for path in (virtual, chain, pipe, folder, inline, Path("/vsizip//x.zip"), Path("x" * 300), Path("/dev/zero")):
        with pytest.raises(Refused) as refusal:
            read_vector_file(path)
        assert refusal.value.key == "import.unreadable"
    assert len(read_vector_file(good)) == 1


def test_file_with_layers_says_which(tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    for layer, kind in (("a", "well"), ("b", "school")):
        geopandas.GeoDataFrame({"kind": [kind]}, geometry=[Point(78.2, 42.5)], crs=4326).to_file(path, layer=layer)
    for layer in (None, "c"):
        with pytest.raises(Refused) as refusal:
            read_vector_file(path, layer=layer)
        assert (refusal.value.key, refusal.value.params["layers"]) == ("import.which_layer", "a, b")
    (read,) = read_vector_file(path, layer="b")
    assert read.kind is Kind.SCHOOL


def test_objects_of_another_country_are_refused(workspace: Workspace, event_id: UUID) -> None:
    places = [Point(78.24, 42.49), Point(42.49, 78.24), LineString([(78.2, 42.5), (-179.9, 42.5)]), Point(78.2, 44.5)]
    features = [NewFeature(kind=Kind.WELL, geometry=place) for place in places]
    with pytest.raises(Refused) as refusal, workspace.write(actor="test") as session:
        import_features(session, event_id, features, origin="x.geojson")
    assert (refusal.value.key, refusal.value.params["rows"]) == ("import.far_away", "2, 3")


def test_kind_for_all(tmp_path: Path) -> None:
    path = write(tmp_path / "in.geojson", [{"name": "а"}], [LineString([(78, 42), (79, 42)])])
    assert [feature.kind for feature in read_vector_file(path, kind=Kind.CANAL)] == [Kind.CANAL]


def test_out_and_in_again(workspace: Workspace, event_id: UUID, sheet: NewSheet, tmp_path: Path) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.read() as session:
        features = event_snapshot(session, workspace.pictures, event_id, Language.KY).groups[0].features
    for name in ("out.geojson", "out.gpkg"):
        write_vector_file(tmp_path / name, features, Language.KY)
        (again,) = read_vector_file(tmp_path / name)
        assert (again.attributes, again.position_error_m) == (features[0].attributes, 24.0)
        assert again.attributes
        assert (again.kind, again.names.ky, again.names.ru) == (Kind.ARABLE, "Талаа", "Поле")
        # RFC 7946 asks for seven decimals: a centimetre.
        assert again.geometry.normalize().equals_exact(features[0].geometry.normalize(), 1e-7)
    (stored,) = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))["features"]
    assert stored["properties"]["layer"] == Layer.LAND.value
    assert stored["properties"]["position_error_m"] == 24.0
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out.geojson", "out.gpkg"]


def test_export_that_cannot_be(workspace: Workspace, event_id: UUID, sheet: NewSheet, tmp_path: Path) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.read() as session:
        features = event_snapshot(session, workspace.pictures, event_id, Language.KY).groups[0].features
    with pytest.raises(Refused) as refusal:
        write_vector_file(tmp_path / "out.docx", features, Language.KY)
    assert refusal.value.key == "export.unknown_extension"
    with pytest.raises(Refused) as refusal:
        write_vector_file(tmp_path / "out.gpkg", (), Language.KY)
    assert refusal.value.key == "export.nothing"
    with pytest.raises(Failed) as failure:
        write_vector_file(tmp_path / "nowhere" / "out.gpkg", features, Language.KY)
    assert failure.value.key == "export.cannot_write"
    with pytest.raises(Failed):
        write_vector_file(tmp_path / ("x" * 300 + ".gpkg"), features, Language.KY)
    (tmp_path / "folder.geojson").mkdir()
    with pytest.raises(Failed):
        write_vector_file(tmp_path / "folder.geojson", features, Language.KY)
    assert sorted(path.name for path in tmp_path.glob(".new*")) == []


def test_check_finds_a_lost_picture_and_a_lost_index_row(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    with workspace.read() as session:
        found = check(session, workspace.pictures)
        assert found.is_well, found.faults
        assert found.rows["map_feature"] == 1
        lost = session.scalars(select(SketchSheet)).one().image_sha256
    assert isinstance(workspace.pictures, FolderStore)
    (workspace.pictures.folder / lost[:2] / lost).unlink()
    if workspace.database.is_geopackage:
        with workspace.write(actor="test") as session:
            session.execute(text("DELETE FROM rtree_map_feature_geometry"))
    with workspace.read() as session:
        faults = check(session, workspace.pictures).faults
    assert lost in faults[0]
    assert len(faults) == (2 if workspace.database.is_geopackage else 1)


def test_check_finds_a_picture_that_is_another(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    assert isinstance(workspace.pictures, FolderStore)
    changed = next(path for path in workspace.pictures.folder.rglob("*") if path.is_file())
    changed.write_bytes(b"something else")
    with workspace.read() as session:
        (fault,) = check(session, workspace.pictures).faults
    assert changed.name in fault


def test_overview_counts_what_is_drawn(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
        import_features(session, event_id, [NewFeature(kind=Kind.WELL, geometry=Point(78.24, 42.495))], origin="x")
    with workspace.read() as session:
        (village,) = overview(session, Language.RU, today=date(2014, 12, 1))
        (later,) = overview(session, Language.RU, today=date(2026, 1, 1))
    assert village.municipality.ky == "Липенка айыл аймагы"
    assert later.municipality.ky == ""
    (event,) = village.events
    assert (event.id, event.sheets, event.features, event.group) == (event_id, 1, 2, "18–35 лет")


def test_json_of_another_kind_is_not_opened_by_its_own_driver(tmp_path: Path) -> None:
    topology = {
        "type": "Topology",
        "objects": {"wells": {"type": "Point", "coordinates": [78.24, 42.49], "properties": {"kind": "well"}}},
        "arcs": [],
    }
    path = tmp_path / "wells.json"
    path.write_text(json.dumps(topology))
    with pytest.raises(Refused) as refusal:
        read_vector_file(path)
    assert refusal.value.key == "import.unreadable"


@pytest.mark.parametrize(
    "said", [{"condition": "superb"}, {"colour": "red"}, {"crops": ["арпа"]}], ids=["value", "field", "kind"]
)
def test_answers_that_cannot_be_are_named_with_their_row(tmp_path: Path, said: dict[str, object]) -> None:
    path = tmp_path / "wells.geojson"
    path.write_bytes(collection(WELL, feature("Point", [78.2, 42.5], kind="well", attributes=said)))
    with pytest.raises(Refused) as refusal:
        read_vector_file(path)
    assert (refusal.value.key, refusal.value.params["row"]) == ("import.bad_attributes", 2)
    for language in Language:
        words = text_of(refusal.value.key, language, **refusal.value.params)
        assert "attributes." not in words


def test_columns_of_other_programs_are_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "wells.geojson"
    columns = {"attributes": "dug in 1971", "position_error_m": "?", "depth": 12}
    path.write_bytes(collection(feature("Point", [78.2, 42.5], kind="well", **columns)))
    (read,) = read_vector_file(path)
    assert (read.attributes, read.position_error_m) == ({}, None)
