"""Styles and projects for QGIS say what the style tables say, in the structure that QGIS reads."""

from __future__ import annotations

import zipfile
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyproj import CRS

from geo.domain.labels import label
from geo.domain.vocabulary import KINDS_BY_LAYER, Kind, Layer
from geo.i18n import LANGUAGES, Language
from maps.qgis import FileStore, ProjectView, Shape, ViewLayer, layer_style, write_project
from maps.qgis.drawings import hatch_svg, sign_svg
from maps.qgis.symbols import MM_PER_PIXEL, fill_symbol, line_symbol, marker_symbol, rgba
from maps.style import KIND_STYLES, LINE_STYLES, PALETTE, Hatch, style_of

NAME = "Аталышы"
SVG = "{http://www.w3.org/2000/svg}"


def view(layer: Layer | None) -> ViewLayer:
    return ViewLayer(layer.value if layer else "objects", layer, NAME)


def options(layer: ElementTree.Element) -> dict[str, str]:
    return {one.attrib["name"]: one.attrib["value"] for one in layer.findall("Option/Option")}


def drawing(value: str) -> ElementTree.Element:
    assert value.startswith("base64:")
    return ElementTree.fromstring(b64decode(value.removeprefix("base64:"), validate=True))


def style(layer: Layer | None, language: Language = Language.KY, shape: Shape | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(layer_style(view(layer), language, shape=shape))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sign_is_a_whole_drawing_in_the_colours_of_its_layer(kind: Kind) -> None:
    layer = next(one for one, kinds in KINDS_BY_LAYER.items() if kind in kinds)
    svg = sign_svg(kind, layer)
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    frame = root.find(f"{SVG}path")
    assert frame is not None
    assert frame.attrib["stroke"] == style_of(kind, layer=layer).tone.light
    assert frame.attrib["d"] == style_of(kind, layer=layer).layer.frame.path
    # What QGIS cannot resolve would be drawn black or not at all.
    assert "currentColor" not in svg
    assert "href" not in svg


@pytest.mark.parametrize("kind", list(Kind))
def test_symbols_have_the_strokes_hatch_and_tint_of_the_style_table(kind: Kind) -> None:
    layer = next(one for one, kinds in KINDS_BY_LAYER.items() if kind in kinds)
    colour = PALETTE[KIND_STYLES[kind].role].light
    lines = [options(one) for one in line_symbol("0", kind, layer).findall("layer")]
    strokes = LINE_STYLES[KIND_STYLES[kind].line]
    assert [float(one["line_width"]) for one in lines] == pytest.approx(
        [stroke.width * MM_PER_PIXEL for stroke in strokes], rel=1e-3
    )
    assert [one.get("use_custom_dash") == "1" for one in lines] == [bool(stroke.dash) for stroke in strokes]
    assert rgba(colour) in {one["line_color"] for one in lines}

    fill = fill_symbol("0", kind, layer).findall("layer")
    area = KIND_STYLES[kind].area
    assert options(fill[0])["color"] == rgba(colour, area.tint)
    hatches = [options(one) for one in fill if one.attrib["class"] == "SVGFill"]
    assert len(hatches) == (area.hatch is not Hatch.NONE)
    for hatch in hatches:
        assert drawing(hatch["svgFile"]).attrib["width"] == str(area.hatch.tile)
        assert area.hatch.path in hatch_svg(kind)
    outline = options(fill[-1])
    assert (fill[-1].attrib["class"], outline["line_color"]) == ("SimpleLine", rgba(colour))

    sign = options(marker_symbol("0", kind, layer).findall("layer")[0])
    assert drawing(sign["name"]).tag == f"{SVG}svg"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", list(Layer))
def test_a_style_for_one_shape_has_a_class_for_every_kind_in_the_readers_language(
    layer: Layer, language: Language
) -> None:
    for shape in Shape:
        renderer = style(layer, language, shape).find("renderer-v2")
        assert renderer is not None
        assert renderer.attrib["type"] == "categorizedSymbol"
        classes = {one.attrib["value"]: one.attrib["label"] for one in renderer.findall("categories/category")}
        if layer is Layer.DESIRED:
            assert renderer.attrib["attr"] == "coalesce(wish_code, '')"
            assert classes[""] == label(Kind.DESIRED, language)
            assert (classes.get("kindergarten") == label(Kind.KINDERGARTEN, language)) == (shape is Shape.POINT)
        else:
            assert renderer.attrib["attr"] == "kind_code"
            assert classes == {kind.value: label(kind, language) for kind in KINDS_BY_LAYER[layer]}
        wanted = {Shape.POINT: "marker", Shape.LINE: "line", Shape.AREA: "fill"}[shape]
        symbols = {one.attrib["name"]: one.attrib["type"] for one in renderer.findall("symbols/symbol")}
        assert set(symbols.values()) == {wanted}
        assert {one.attrib["symbol"] for one in renderer.findall("categories/category")} == set(symbols)


@pytest.mark.parametrize("layer", [*Layer, None], ids=[*(layer.value for layer in Layer), "objects"])
def test_a_style_for_all_shapes_has_a_rule_and_a_fitting_symbol_for_each(layer: Layer | None) -> None:
    renderer = style(layer).find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["type"] == "RuleRenderer"
    symbols = {one.attrib["name"]: one.attrib["type"] for one in renderer.findall("symbols/symbol")}
    keys = [one.attrib["key"] for one in renderer.iter("rule")]
    assert len(keys) == len(set(keys))
    groups = renderer.findall("rules/rule")
    assert [one.attrib["filter"].split("'")[1] for one in groups] == ["Polygon", "Line", "Point"]
    for group, kind in zip(groups, ("fill", "line", "marker"), strict=True):
        rules = group.findall("rule")
        assert rules
        assert {symbols[one.attrib["symbol"]] for one in rules} == {kind}
        if layer is None:
            assert {one.attrib["filter"] for one in rules} == {f"kind_code = '{one}'" for one in Kind}


def test_names_are_labels_in_a_font_with_kyrgyz_letters() -> None:
    text_style = style(Layer.WATER).find("labeling/settings/text-style")
    assert text_style is not None
    assert (text_style.attrib["fieldName"], text_style.attrib["fontFamily"]) == (NAME, "Noto Sans")


def project(folder: Path, bounds: tuple[float, float, float, float] | None) -> tuple[int, ElementTree.Element]:
    store = folder / "data" / "айыл.gpkg"
    store.parent.mkdir(parents=True)
    out = folder / "out" / "project.qgz"
    views = [ProjectView(view(layer), label(layer, Language.RU)) for layer in Layer]
    epsg = write_project(out, FileStore(store), views, Language.RU, title="Төрт-Күл & Ко <2026>", bounds=bounds)
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["project.qgs"]
        return epsg, ElementTree.fromstring(archive.read("project.qgs"))


def test_a_project_points_to_the_store_by_a_relative_path_and_is_in_metres(tmp_path: Path) -> None:
    epsg, root = project(tmp_path, (78.22, 42.48, 78.25, 42.50))
    assert epsg == 32644
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:32644"
    assert CRS.from_wkt(root.findtext("projectCrs/spatialrefsys/wkt") or "").to_epsg() == 32644
    # Without these two QGIS reads no CRS of a project, and paths as absolute ones.
    assert root.findtext("properties/SpatialRefSys/ProjectionsEnabled") == "1"
    assert root.findtext("properties/Paths/Absolute") == "false"
    assert root.findtext("title") == "Төрт-Күл & Ко <2026>"
    layers = root.findall("projectlayers/maplayer")
    assert len(layers) == 18
    for layer in layers:
        source = layer.findtext("datasource") or ""
        path, name, shape = source.split("|")
        assert path == "../data/айыл.gpkg"
        assert name.removeprefix("layername=") in {one.value for one in Layer}
        assert shape in {"geometrytype=Point", "geometrytype=LineString", "geometrytype=Polygon"}
        assert layer.findtext("srs/spatialrefsys/authid") == "EPSG:4326"
        assert layer.find("renderer-v2") is not None
    ids = [layer.findtext("id") for layer in layers]
    assert len(set(ids)) == 18
    assert [one.attrib["id"] for one in root.iter("layer-tree-layer")] == ids
    groups = [one.attrib["name"] for one in root.findall("layer-tree-group/layer-tree-group")]
    assert groups[0] == "Инфраструктура"


def test_a_project_shows_the_ground_asked_for(tmp_path: Path) -> None:
    _, root = project(tmp_path, (78.22, 42.48, 78.25, 42.50))
    west, east = (float(root.findtext(f"mapcanvas/extent/{name}") or 0) for name in ("xmin", "xmax"))
    # 0.03 degrees at 42.49 N are 2 465 m (pyproj 3.7, Geod WGS84), with a margin on both sides.
    assert 2465 < east - west < 2465 * 1.2


@pytest.mark.parametrize(("bounds", "epsg"), [(None, 3857), ((69.2, 39.1, 80.3, 43.3), 32643), ((10, 0, 80, 60), 3857)])
def test_ground_wider_than_a_zone_is_shown_in_web_mercator(
    tmp_path: Path, bounds: tuple[float, float, float, float] | None, epsg: int
) -> None:
    assert project(tmp_path, bounds)[0] == epsg


def test_the_same_project_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        project(tmp_path / name, (78.22, 42.48, 78.25, 42.50))
    a, b = ((tmp_path / name / "out" / "project.qgz").read_bytes() for name in ("a", "b"))
    assert a == b
