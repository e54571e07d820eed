"""``ayilmap sheet print``: what scripts get, what goes wrong, and that nothing is left half written."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import geopandas
import numpy as np
import pytest
from pyproj import Transformer
from shapely.geometry import Point

from api.cli.paper_option import PaperOption
from geo.i18n import LANGUAGES, Language, keys
from geo.sheet_layout import Orientation, PaperSize, SheetLayout, Template, parse_sheet_code
from maps.sheets import Extent, SheetFace, over_extent, read_base
from maps.sheets.fitting import round_scales
from tests.api.conftest import Command
from tests.support.pdf_pages import page_count, page_size_mm, page_text

VILLAGE = "78.36,42.47,78.40,42.49"


@pytest.fixture
def database_url(geopackage_url: str) -> str:
    """A sheet is printed without a store, or from it as every other command reads it: one engine is enough."""
    return geopackage_url


def test_a_sheet_is_printed_and_described(ayilmap: Command, tmp_path: Path) -> None:
    out = tmp_path / "S.pdf"
    code, said, _ = ayilmap(
        *("sheet", "print", "--bbox", VILLAGE, "--paper", "A1", "--scale", 5000, "--title", "Жолдор жана суу"),
        *("--village", "Төрт-Күл", "--lang", "ky", "--out", out, "--json"),
    )
    assert code == 0
    facts = json.loads(said)
    assert facts["paper_mm"] == [841.0, 594.0]
    assert facts["frame_mm"] == [[24, 24], [817, 24], [817, 562], [24, 562]]
    assert (facts["scale"], facts["epsg"], facts["pages"], facts["template"]) == (5000, 32644, 1, "grid")
    assert page_size_mm(out.read_bytes()) == pytest.approx((841, 594), abs=0.01)
    layout = SheetLayout(parse_sheet_code(facts["code"]))
    assert layout.sheet_id == facts["sheet_id"]
    assert np.allclose(layout.frame_lonlat, facts["frame_lonlat"], atol=1e-7)
    assert facts["sheet_id"] in page_text(out.read_bytes())
    # On the ground the frame is 793 mm × 5000 wide: measured in the grid, corner by corner.
    east, north = Transformer.from_crs(4326, 32644, always_xy=True).transform(*np.transpose(facts["frame_lonlat"]))
    assert np.ptp(east) == pytest.approx(3965, abs=0.01)
    assert np.ptp(north) == pytest.approx(2690, abs=0.01)
    assert (east[0], north[0]) == pytest.approx((min(east), max(north)), abs=0.01), "top left comes first"


def test_every_paper_can_be_asked_for() -> None:
    assert [one.size for one in PaperOption] == list(PaperSize)


def test_two_sheets_are_never_the_same(ayilmap: Command, tmp_path: Path) -> None:
    ids = set()
    for name in "ab":
        _, said, _ = ayilmap(
            "sheet", "print", "--bbox", VILLAGE, "--paper", "A4", "--out", tmp_path / f"{name}.pdf", "--json"
        )
        ids.add(json.loads(said)["sheet_id"])
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--bbox", VILLAGE, "--paper", "A1"], {"scale": 5000, "orientation": "landscape"}),
        (["--bbox", VILLAGE, "--paper", "A3"], {"scale": 10000, "orientation": "landscape"}),
        (["--bbox", "78.36,42.46,78.38,42.50", "--paper", "A1"], {"scale": 6000, "orientation": "portrait"}),
        (["--bbox", VILLAGE, "--paper", "A1", "--portrait"], {"scale": 7500, "orientation": "portrait"}),
        (["--center", "78.38,42.48", "--scale", 2500, "--paper", "A2"], {"scale": 2500, "orientation": "landscape"}),
        (
            ["--center", "78.38,42.48", "--scale", 2500, "--paper", "A2", "--portrait", "--no-grid"],
            {"template": "blank"},
        ),
        (["--center", "-70.5,-33.4", "--scale", 2000, "--paper", "A4"], {"epsg": 32719}),
        (["--bbox", "-70.6,-33.5,-70.5,-33.4", "--paper", "A0"], {"epsg": 32719, "scale": 15000}),
    ],
)
def test_scale_and_orientation_follow_what_is_asked(
    ayilmap: Command, tmp_path: Path, options: list[object], expected: dict[str, object]
) -> None:
    code, said, error = ayilmap("sheet", "print", *options, "--out", tmp_path / "S.pdf", "--json")
    assert code == 0, error
    facts = json.loads(said)
    assert {name: facts[name] for name in expected} == expected


@pytest.mark.parametrize("paper", PaperSize)
@pytest.mark.parametrize("box", [(78.36, 42.47, 78.4, 42.49), (77.99, 42.0, 78.02, 42.2), (-0.1, 51.4, 0.1, 51.6)])
def test_the_box_is_inside_the_frame_and_the_scale_is_the_smallest(
    paper: PaperSize, box: tuple[float, float, float, float]
) -> None:
    layout = over_extent(Extent(*box), paper=paper, template=Template.GRID)
    west, south, east, north = box
    edge = [(lon, lat) for lon in np.linspace(west, east, 9) for lat in (south, north)]
    places = layout.from_lonlat(edge)
    frame = layout.frame
    assert (places >= [frame.x - 0.2, frame.y - 0.2]).all()
    assert (places <= [frame.right + 0.2, frame.bottom + 0.2]).all()
    smaller = [scale for scale in round_scales() if scale < layout.code.scale][-1]
    share = np.ptp(places, axis=0) / (frame.width, frame.height)
    assert share.max() > smaller / layout.code.scale - 0.01, "at the next larger picture it would not fit"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (["--bbox", "78.4,42.47,78.36,42.49"], "printing.bbox_west_east"),
        (["--bbox", "179.9,42.47,-179.9,42.49"], "printing.bbox_west_east"),
        (["--bbox", "78.36,42.49,78.4,42.47"], "printing.bbox_south_north"),
        (["--bbox", "78.36,42.47,78.36,42.49"], "printing.bbox_west_east"),
        (["--bbox", "a,b,c,d"], "printing.bbox_range"),
        (["--bbox", "1,2,3"], "printing.bbox_range"),
        (["--bbox", "nan,42,79,43"], "printing.bbox_range"),
        (["--bbox", "78,42,inf,43"], "printing.bbox_range"),
        (["--bbox", "78,42,181,43"], "printing.bbox_range"),
        (["--bbox", "78,42,79,91"], "printing.bbox_range"),
        (["--bbox", "10,84.1,11,84.5"], "printing.polar"),
        (["--bbox", "10,-81,11,-80.5"], "printing.polar"),
        (["--bbox", "-180,-80,180,84"], "printing.too_large"),
        (["--bbox", VILLAGE, "--scale", 0], "printing.scale_range"),
        (["--bbox", VILLAGE, "--scale", -5000], "printing.scale_range"),
        (["--bbox", VILLAGE, "--scale", 1_048_576], "printing.scale_range"),
        (["--bbox", VILLAGE, "--scale", 500, "--paper", "A0"], "printing.does_not_fit"),
        (["--bbox", VILLAGE, "--scale", 5000, "--paper", "A4"], "printing.does_not_fit_but"),
        (["--center", "78.38"], "printing.centre_words"),
        (["--center", "78.38,95", "--scale", 5000], "printing.centre_range"),
        (["--center", "10,84.0", "--scale", 5000], "printing.polar"),
        (["--center", "179.999,42", "--scale", 5000], "printing.date_line"),
        (["--center", "78.38,42.48"], "printing.no_scale"),
        ([], "printing.no_place"),
        (["--bbox", VILLAGE, "--key", "school,shcool"], "printing.unknown_kind"),
        (["--bbox", VILLAGE, "--key", "school,school"], "printing.kind_twice"),
        (["--bbox", VILLAGE, "--paper", "A4", "--key", "school,well,river,house,shop,mill"], "printing.too_many_kinds"),
        (["--bbox", VILLAGE, "--paper", "A4", "--tiles"], "printing.nothing_to_cut"),
        (["--bbox", VILLAGE, "--base", "none.tif"], "printing.base_missing"),
    ],
)
def test_what_makes_no_sense_is_refused(ayilmap: Command, tmp_path: Path, options: list[object], key: str) -> None:
    out = tmp_path / "folder" / "S.pdf"
    code, said, error = ayilmap("sheet", "print", *options, "--out", out, "--json")
    problem = json.loads(error)
    assert (code, said, problem["error"]) == (2, "", key)
    assert set(problem["text"]) == {"ky", "ru", "en"}
    assert not out.parent.exists(), "nothing is left behind"


def test_what_does_not_fit_names_what_would(ayilmap: Command, tmp_path: Path) -> None:
    options = ["--bbox", VILLAGE, "--scale", 5000, "--paper", "A4"]
    _, _, error = ayilmap("sheet", "print", *options, "--out", tmp_path / "S.pdf", "--json")
    params = json.loads(error)["params"]
    assert (params["fitting"], params["larger"]) == (15_000, "A1")
    for change in (["--scale", params["fitting"]], ["--paper", params["larger"]]):
        assert ayilmap("sheet", "print", *options, *change, "--out", tmp_path / "S.pdf")[0] == 0


def test_a_scale_that_shows_a_part_is_printed_and_said(ayilmap: Command, tmp_path: Path) -> None:
    options = ["--bbox", VILLAGE, "--scale", 5000, "--paper", "A3", "--out", tmp_path / "S.pdf", "--json"]
    code, said, _ = ayilmap("sheet", "print", *options)
    facts = json.loads(said)
    assert (code, facts["scale"]) == (0, 5000)
    assert [warning for warning in facts["warnings"] if "%" in str(warning)]


def test_a_file_that_cannot_be_written_is_said(ayilmap: Command, tmp_path: Path) -> None:
    (tmp_path / "S.pdf").mkdir()
    code, _, error = ayilmap("sheet", "print", "--bbox", VILLAGE, "--out", tmp_path / "S.pdf", "--json")
    assert (code, json.loads(error)["error"]) == (1, "printing.cannot_write")
    (tmp_path / "file").write_text("x")
    code, _, error = ayilmap("sheet", "print", "--bbox", VILLAGE, "--out", tmp_path / "file" / "S.pdf", "--json")
    assert (code, json.loads(error)["error"]) == (1, "printing.cannot_write")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["S.pdf", "file"]


def test_an_earlier_sheet_stays_when_the_next_is_refused(ayilmap: Command, tmp_path: Path) -> None:
    out = tmp_path / "S.pdf"
    assert ayilmap("sheet", "print", "--bbox", VILLAGE, "--paper", "A4", "--out", out)[0] == 0
    before = out.read_bytes()
    assert ayilmap("sheet", "print", "--bbox", VILLAGE, "--base", "none.tif", "--out", out)[0] == 2
    assert out.read_bytes() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_every_language(ayilmap: Command, tmp_path: Path, language: Language) -> None:
    out = tmp_path / "S.pdf"
    code, said, _ = ayilmap("sheet", "print", "--bbox", VILLAGE, "--paper", "A4", "--lang", language, "--out", out)
    assert code == 0
    assert "100 %" in said
    assert {"printing.done", "printing.title"} <= keys(language)


def test_tiles_are_a4_pages(ayilmap: Command, tmp_path: Path) -> None:
    out = tmp_path / "S.pdf"
    _, said, _ = ayilmap("sheet", "print", "--bbox", VILLAGE, "--paper", "A2", "--tiles", "--out", out, "--json")
    pdf = out.read_bytes()
    assert json.loads(said)["pages"] == page_count(pdf) == 9
    assert json.loads(said)["paper_mm"] == [594.0, 420.0], "of the sheet that comes out when they are glued"
    assert {tuple(round(side) for side in page_size_mm(pdf, page)) for page in range(9)} == {(210, 297)}


def test_the_event_fills_in_the_sheet(ayilmap: Command, workspace: object, event_id: UUID, tmp_path: Path) -> None:
    out = tmp_path / "S.pdf"
    options = ["--scale", 5000, "--paper", "A1", "--lang", "en", "--out", out, "--json"]
    code, said, error = ayilmap("sheet", "print", "--event", event_id, *options)
    assert code == 0, error
    _, listed, _ = ayilmap("event", "list", "--json", "--lang", "en")
    [event] = [one for one in json.loads(listed)["events"] if one["id"] == str(event_id)]
    words = page_text(out.read_bytes())
    assert event["settlement"] in words
    assert event["held_on"][:4] in words
    assert json.loads(said)["code"]


def test_an_unknown_event_or_village_is_refused(ayilmap: Command, tmp_path: Path) -> None:
    assert ayilmap("db", "upgrade")[0] == 0
    for option in ("--event", "--settlement"):
        code, _, error = ayilmap(
            "sheet", "print", option, uuid4(), "--scale", 5000, "--out", tmp_path / "S.pdf", "--json"
        )
        assert (code, json.loads(error)["error"]) == (2, "record.unknown")


def test_a_village_is_the_middle_of_its_sheet(ayilmap: Command, tmp_path: Path) -> None:
    assert ayilmap("db", "upgrade")[0] == 0
    _, added, _ = ayilmap(
        *("settlement", "add", "--name-ky", "Кең-Суу", "--rayon-ky", "Ак-Суу", "--lon", 79.21, "--lat", 42.66),
        *("--municipality", "Кең-Суу айылдык аймагы", "--new-municipality", "--json"),
    )
    village = json.loads(added)["settlement"]
    out = tmp_path / "S.pdf"
    _, said, _ = ayilmap("sheet", "print", "--settlement", village, "--scale", 5000, "--out", out, "--json")
    assert parse_sheet_code(json.loads(said)["code"]).centre == (79.21, 42.66)
    assert "Кең-Суу" in page_text(out.read_bytes())


def test_the_store_is_no_base_map(ayilmap: Command, geopackage_url: str, tmp_path: Path) -> None:
    assert ayilmap("db", "upgrade")[0] == 0
    store = geopackage_url.removeprefix("sqlite:///")
    code, _, error = ayilmap(
        "sheet", "print", "--bbox", VILLAGE, "--base", store, "--out", tmp_path / "S.pdf", "--json"
    )
    assert (code, json.loads(error)["error"]) == (2, "printing.base_is_store")


def test_a_base_map_makes_its_template(ayilmap: Command, tmp_path: Path) -> None:
    base = tmp_path / "v.geojson"
    geopandas.GeoDataFrame({"name": ["Көл"]}, geometry=[Point(78.38, 42.48)], crs=4326).to_file(base)
    for options, template in (([], "base_grid"), (["--no-grid"], "base")):
        out = tmp_path / f"{template}.pdf"
        _, said, _ = ayilmap("sheet", "print", "--bbox", VILLAGE, "--base", base, *options, "--out", out, "--json")
        assert json.loads(said)["template"] == template
        assert "Көл" in page_text(out.read_bytes())
    assert read_base(base, _layout(), Language.KY).names


def _layout() -> SheetLayout:
    box = Extent(*map(float, VILLAGE.split(",")))
    return over_extent(box, paper=PaperSize.A4, template=Template.BASE, orientation=Orientation.PORTRAIT)


def test_usual_kinds_fill_the_key_as_far_as_it_goes() -> None:
    from api.printing import SheetOrder, draw_sheet
    from geo.domain.vocabulary import Kind

    order = SheetOrder(
        face=SheetFace(Language.EN),
        paper=PaperSize.A4,
        centre=(78.38, 42.48),
        scale=5000,
        usual_kinds=tuple(Kind)[:9],
    )
    drawn = draw_sheet(order)
    assert [warning.key for warning in drawn.warnings] == ["printing.key_cut"]
    assert drawn.warnings[0].params == {"count": 9, "most": 5}
    assert "House" in page_text(drawn.pdf.content)


def test_a_sheet_is_never_written_over_what_is_no_pdf(ayilmap: Command, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"precious")
    code, _, error = ayilmap("sheet", "print", "--bbox", VILLAGE, "--out", photo, "--json")
    assert code == 2
    assert json.loads(error)["error"] == "printing.not_pdf"
    assert photo.read_bytes() == b"precious"


def test_the_base_map_is_not_written_over(ayilmap: Command, tmp_path: Path) -> None:
    base = tmp_path / "base.pdf"
    base.write_bytes(b"kept")
    code, _, error = ayilmap("sheet", "print", "--bbox", VILLAGE, "--base", base, "--out", base, "--json")
    assert (code, json.loads(error)["error"], base.read_bytes()) == (2, "out.is_given", b"kept")
