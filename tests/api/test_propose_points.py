"""``ayilmap sheet propose-points``: proposals that nothing takes until a person confirms them."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from shapely.geometry import Point, mapping

from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.errors import Refused
from geo.services.imports import import_features
from geo.services.workspace import Workspace
from geo.snapshots import Names
from sketch_import.control_points import read_control_points
from sketch_import.placing import LocalMetres
from tests.api.conftest import Command

ZONE = LocalMetres(epsg=32644)
PLACES = [
    ("school", "Токтогул мектеби", 300, 250),
    ("mosque", "", 900, 300),
    ("cemetery", "", 1500, 200),
    ("spring", "Көк-Жар булагы", 400, 900),
    ("bridge", "Жаңы-Жол көпүрөсү", 1000, 800),
]


def lonlat(x: float, y: float) -> tuple[float, float]:
    lon, lat = ZONE.to_lonlat([271_500 + 1.5 * x, 4_709_000 - 1.5 * y])
    return float(lon), float(lat)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    rng = np.random.default_rng(9)
    objects = [
        {"id": f"a{n}", "kind": kind, "positions": [[x + dx, y + dy]], "names": {"ky": name} if name else {}}
        for n, ((kind, name, x, y), (dx, dy)) in enumerate(zip(PLACES, rng.normal(0, 15, (5, 2)), strict=True))
    ]
    objects.append({"id": "a9", "kind": "well", "positions": [[50, 60]], "names": {"ky": "Чоң кудук"}})
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({"objects": objects}))
    return path


@pytest.fixture
def known(tmp_path: Path) -> Path:
    features = [
        {
            "type": "Feature",
            "geometry": mapping(Point(lonlat(x, y))),
            "properties": {"kind": kind, "name": name.replace("ө", "о").replace("ң", "н")},
        }
        for kind, name, x, y in PLACES
    ]
    path = tmp_path / "known.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_proposals_wait_for_a_person(ayilmap: Command, labels: Path, known: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "proposed.csv"
    code, said, _ = ayilmap("sheet", "propose-points", "--labels", labels, "--known", known, "--out", out)
    assert code == 0
    assert "Көк-Жар булагы" in said and "Чоң кудук" in said
    rows = out.read_text().splitlines()
    assert rows[0].startswith("mapX,mapY,pixelX,pixelY,enable,label,source,score")
    assert len(rows) == 6
    # Nothing places a sheet by them as they are.
    with pytest.raises(Refused) as caught:
        read_control_points(out)
    assert (caught.value.key, caught.value.params["disabled"]) == ("points.too_few", 5)
    # A person confirms three of them.
    confirmed = [row.replace(",0,", ",1,", 1) if number < 4 else row for number, row in enumerate(rows)]
    out.write_text("\n".join(confirmed))
    points = read_control_points(out)
    assert len(points) == 3
    assert {point.source.value for point in points} == {"matched"}
    spring = next(point for point in points if point.label == "Көк-Жар булагы")
    assert spring.lonlat == pytest.approx(lonlat(400, 900), abs=1e-8)


def test_the_surest_can_be_switched_on(ayilmap: Command, labels: Path, known: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.csv"
    command = ("sheet", "propose-points", "--labels", labels, "--known", known, "--out", out, "--json")
    code, said, _ = ayilmap(*command, "--accept", "0.8")
    values = json.loads(said)
    assert code == 0
    # Those with a name of their own; a mosque that is only the one mosque counts less.
    assert values["enabled"] == 3 == len(read_control_points(out))
    assert [left["reason"] for left in values["left_out"]] == ["unknown"]
    assert values["metres_per_pixel"] == pytest.approx(1.5, rel=0.1)


def test_places_of_the_store(
    ayilmap: Command, workspace: Workspace, event_id: UUID, labels: Path, tmp_path: Path
) -> None:
    features = [NewFeature(Kind(kind), Point(lonlat(x, y)), Names(ky=name)) for kind, name, x, y in PLACES]
    with workspace.write(actor="test") as session:
        import_features(session, event_id, features, origin="village.gpkg")
    out = tmp_path / "p.csv"
    code, said, reason = ayilmap(
        "sheet", "propose-points", "--labels", labels, "--event", event_id, "--out", out, "--json"
    )
    assert code == 0, reason
    assert len(json.loads(said)["points"]) == 5


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_what_cannot_be_matched_is_refused(
    ayilmap: Command, labels: Path, known: Path, tmp_path: Path, lang: str
) -> None:
    out = tmp_path / "p.csv"
    elsewhere = tmp_path / "list.csv"
    elsewhere.write_text("name,lon,lat\nОш,72.8,40.5\n")
    flat = tmp_path / "flat.csv"
    flat.write_text("name,east,north\nОш,1,2\n")
    for given, word in (
        ([], "--known"),
        (["--known", elsewhere], "labels.json"),
        (["--known", flat], "flat.csv"),
        (["--known", tmp_path / "none.csv"], "none.csv"),
        (["--known", labels], "labels.json"),
    ):
        code, said, reason = ayilmap(
            "sheet", "propose-points", "--labels", labels, *given, "--out", out, "--lang", lang
        )
        assert (code, said) == (2, "")
        assert word in reason
    assert not out.exists()
