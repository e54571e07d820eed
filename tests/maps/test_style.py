"""The style table is whole, and never speaks by colour alone."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict

import pytest

from geo.domain.drawing import Ink
from geo.domain.vocabulary import KINDS_BY_LAYER, Kind, Layer, layer_of
from maps.style import (
    INK_STYLES,
    KIND_STYLES,
    LAYER_STYLES,
    LINE_STYLES,
    Frame,
    Hatch,
    Line,
    style_of,
    symbol_markup,
    symbol_path,
)

SVG = "{http://www.w3.org/2000/svg}"
DRAWN_AS_LINES = (
    Kind.MAIN_ROAD,
    Kind.SECONDARY_ROAD,
    Kind.BRIDGE,
    Kind.POWER_LINE,
    Kind.STREET_LIGHTING,
    Kind.WATER_PIPE,
    Kind.CANAL,
    Kind.RIVER,
    Kind.PROBLEM,
    Kind.DESIRED,
)


def test_every_code_has_its_row() -> None:
    assert set(KIND_STYLES) == set(Kind)
    assert set(LAYER_STYLES) == set(Layer)
    assert set(INK_STYLES) == set(Ink)
    assert set(LINE_STYLES) == set(Line)


def test_the_symbol_folder_holds_one_file_a_kind_and_no_other() -> None:
    assert {path.stem for path in symbol_path(Kind.HOUSE).parent.glob("*.svg")} == {kind.value for kind in Kind}


@pytest.mark.parametrize("kind", Kind)
def test_symbols_are_line_drawings_of_one_set(kind: Kind) -> None:
    drawing = ET.parse(symbol_path(kind)).getroot()
    assert drawing.get("viewBox") == "0 0 24 24"
    assert drawing.get("stroke") == "currentColor"
    assert drawing.get("fill") == "none"
    assert drawing.get("stroke-linecap") == "round"
    assert 1.75 <= float(drawing.get("stroke-width", "0")) <= 2
    assert {shape.tag for shape in drawing.iter()} <= {f"{SVG}svg", f"{SVG}path", f"{SVG}circle"}
    assert not any(shape.get("style") or shape.get("class") for shape in drawing.iter())


def test_no_two_kinds_share_a_symbol() -> None:
    drawn = Counter(symbol_markup(kind) for kind in Kind)
    assert [markup for markup, times in drawn.items() if times > 1] == []


def test_layers_differ_by_the_frame_of_their_signs() -> None:
    assert len({style.frame for style in LAYER_STYLES.values()}) == len(Layer)
    paths = {LAYER_STYLES[layer].frame: LAYER_STYLES[layer].frame.path for layer in Layer}
    # Wishes have the circle of the waters, but in dashes.
    assert paths[Frame.CIRCLE] == paths[Frame.DASHED_CIRCLE]
    assert LAYER_STYLES[Layer.DESIRED].dash and not LAYER_STYLES[Layer.WATER].dash
    assert len(set(paths.values())) == len(Layer) - 1


def test_lines_differ_in_black_and_white() -> None:
    strokes = Counter(KIND_STYLES[kind].line for kind in DRAWN_AS_LINES)
    assert [line for line, times in strokes.items() if times > 1] == []
    piles = Counter(LINE_STYLES.values())
    assert [pile for pile, times in piles.items() if times > 1] == []


def test_areas_of_a_layer_that_people_colour_in_differ_in_black_and_white() -> None:
    looks = defaultdict(list)
    for kind in KINDS_BY_LAYER[Layer.LAND]:
        looks[KIND_STYLES[kind].area.hatch, KIND_STYLES[kind].area.outline_dash].append(kind)
    assert [kinds for kinds in looks.values() if len(kinds) > 1] == []


def test_inks_differ_in_black_and_white() -> None:
    looks = Counter((style.dash, style.width) for style in INK_STYLES.values())
    assert [look for look, times in looks.items() if times > 1] == []


@pytest.mark.parametrize("hatch", Hatch)
def test_hatches_have_a_tile(hatch: Hatch) -> None:
    assert 6 <= hatch.tile <= 40
    assert bool(hatch.path) == (hatch is not Hatch.NONE)


def test_a_wish_wears_the_symbol_of_what_is_wished_for() -> None:
    wish = style_of(Kind.DESIRED, desired_kind=Kind.SCHOOL)
    assert wish.symbol is Kind.SCHOOL
    assert wish.layer is LAYER_STYLES[Layer.DESIRED]
    assert wish.tone != style_of(Kind.SCHOOL).tone


@pytest.mark.parametrize("kind", Kind)
def test_style_of_reads_the_table(kind: Kind) -> None:
    style = style_of(kind)
    assert style.layer is LAYER_STYLES[layer_of(kind)]
    assert style.strokes == LINE_STYLES[KIND_STYLES[kind].line]
    assert style.symbol is kind
