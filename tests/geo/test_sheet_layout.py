"""The layout of a printed sheet: what its codes say, where its parts stand, and where that is on the ground."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.domain.vocabulary import Kind
from geo.sheet_layout import (
    ForeignCodeError,
    KeyCode,
    Mark,
    Orientation,
    PaperSize,
    Rect,
    SheetCode,
    SheetCodeError,
    SheetLayout,
    Template,
    grid_spacing_m,
    new_sheet_id,
    parse_key_code,
    parse_sheet_code,
)

EVERY_PAPER = list(itertools.product(PaperSize, Orientation))


def code_of(
    paper: PaperSize = PaperSize.A1,
    orientation: Orientation = Orientation.LANDSCAPE,
    *,
    scale: int = 5000,
    mark: int = 0,
) -> SheetCode:
    return SheetCode("K7M29QXD", paper, orientation, Template.GRID, scale, 73_250_000, 41_900_000, mark)


codes = st.builds(
    SheetCode,
    sheet_id=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8),
    paper=st.sampled_from(PaperSize),
    orientation=st.sampled_from(Orientation),
    template=st.sampled_from(Template),
    scale=st.integers(1, 1_048_575),
    lon_microdegrees=st.integers(-180_000_000, 180_000_000),
    lat_microdegrees=st.integers(-84_000_000, 84_000_000),
    mark=st.integers(0, 63),
)


@given(codes)
def test_a_code_says_everything(code: SheetCode) -> None:
    assert parse_sheet_code(code.text()) == code


@given(codes, st.integers(3, 37), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_a_code_with_one_wrong_character_is_not_believed(code: SheetCode, place: int, letter: str) -> None:
    text = code.text()
    wrong = text[:place] + letter + text[place + 1 :]
    if wrong != text:
        with pytest.raises(SheetCodeError):
            parse_sheet_code(wrong)


@pytest.mark.parametrize("text", ["", "https://example.org", "AYM", "AYM" + "0" * 34, "aym" + "0" * 35])
def test_a_code_of_somebody_else_is_foreign(text: str) -> None:
    with pytest.raises(ForeignCodeError):
        parse_sheet_code(text)


@pytest.mark.parametrize("scale", [-1, 1_048_576])
def test_a_scale_that_does_not_fit_is_not_written(scale: int) -> None:
    with pytest.raises(SheetCodeError):
        code_of(scale=scale).text()


def test_new_ids_differ_and_fit_the_code() -> None:
    ids = {new_sheet_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(identity) == 8 and not set(identity) & set("ILOU") for identity in ids)


def test_the_sign_of_a_kind_is_its_own() -> None:
    signs = {KeyCode("K7M29QXD", (kind,)).segments[0] for kind in Kind}
    assert len(signs) == len(Kind)


def test_the_sign_of_a_kind_never_changes() -> None:
    """Sheets are on paper: a sheet printed once must be read for ever."""
    kinds = (Kind.MAIN_ROAD, Kind.SCHOOL, Kind.RIVER, Kind.PROBLEM)
    assert KeyCode("K7M29QXD", kinds, "Төрт-Күл").text() == "AYK1K7M29QXDHB9VT3A2Q7I4/Төрт-Күл"


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8), st.lists(st.sampled_from(Kind)), st.text())
def test_the_code_of_a_key_comes_back(identity: str, kinds: list[Kind], title: str) -> None:
    code = KeyCode(identity, tuple(kinds), title)
    assert parse_key_code(code.text()) == code


def test_a_kind_of_a_later_version_is_left_open() -> None:
    assert parse_key_code("AYK1K7M29QXDHB9ZZZ/").kinds == (Kind.MAIN_ROAD, None)


@pytest.mark.parametrize("text", ["", "AYK1", "AYK1K7M29QXD", "AYK1K7M29QXDHB/x", "AYK2K7M29QXD/x", "x"])
def test_the_code_of_a_key_of_somebody_else_is_foreign(text: str) -> None:
    with pytest.raises(ForeignCodeError):
        parse_key_code(text)


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_large_sheets_are_for_drawing(paper: PaperSize, orientation: Orientation) -> None:
    layout = SheetLayout(code_of(paper, orientation))
    width, height = layout.paper_mm
    share = layout.frame.width * layout.frame.height / (width * height)
    assert share >= (0.85 if paper in {PaperSize.A0, PaperSize.A1} else 0.68)


def contains(outer: Rect, inner: Rect) -> bool:
    return (
        outer.x <= inner.x + 1e-9
        and outer.y <= inner.y + 1e-9
        and inner.right <= outer.right + 1e-9
        and inner.bottom <= outer.bottom + 1e-9
    )


def apart(one: Rect, other: Rect, gap: float = 0.0) -> bool:
    return (
        one.right + gap <= other.x + 1e-9
        or other.right + gap <= one.x + 1e-9
        or one.bottom + gap <= other.y + 1e-9
        or other.bottom + gap <= one.y + 1e-9
    )


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_marks_stand_in_the_margin_with_a_quiet_zone(paper: PaperSize, orientation: Orientation) -> None:
    layout = SheetLayout(code_of(paper, orientation))
    printable = Rect(5, 5, layout.paper_mm[0] - 10, layout.paper_mm[1] - 10)
    squares = [square for mark in layout.marks for square in (mark.code, mark.marker)]
    assert all(contains(printable, square) for square in squares)
    # One module of the marker, four of the code: ISO/IEC 18004 asks for four modules around a code.
    assert all(apart(square, layout.frame, 2.0) for square in squares)
    for one, other in itertools.combinations(squares, 2):
        assert apart(one, other, 4 * layout.marks[0].code.width / 25 - 1.0)
    for mark in layout.marks:
        assert mark.code.width == mark.code.height == mark.marker.width == mark.marker.height


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_every_side_has_marks(paper: PaperSize, orientation: Orientation) -> None:
    marks: tuple[Mark, ...] = SheetLayout(code_of(paper, orientation)).marks
    sides = [mark.side for mark in marks]
    assert set(sides) == {"top", "right", "bottom", "left"}
    assert [mark.number for mark in marks] == list(range(len(marks)))
    assert len(marks) <= 50, "the marker dictionary has fifty"


@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_furniture_stands_clear_of_marks_and_frame(paper: PaperSize, orientation: Orientation) -> None:
    layout = SheetLayout(code_of(paper, orientation))
    panels = [*layout.top_panels, *layout.bottom_panels]
    taken = [square for mark in layout.marks for square in (mark.code, mark.marker)]
    for panel in panels:
        assert panel.width > 100
        assert apart(panel, layout.frame, 1.0)
        assert all(apart(panel, square, 4.0) for square in taken)
    for place in layout.key_boxes:
        assert contains_any(layout.bottom_panels, place.box)
        assert contains_any(layout.bottom_panels, place.label)
        assert apart(place.box, layout.key_code, 4.0)
    for one, other in itertools.combinations(layout.key_boxes, 2):
        assert apart(one.box, other.box, 1.0)
        assert apart(one.label, other.label)


def contains_any(panels: tuple[Rect, ...], inner: Rect) -> bool:
    return any(contains(panel, inner) for panel in panels)


@pytest.mark.parametrize("place", [(73.25, 41.9), (-70.0, -33.0), (3.0, 51.0)])
@pytest.mark.parametrize(("paper", "orientation"), EVERY_PAPER)
def test_a_millimetre_of_the_frame_is_its_length_on_the_ground(
    paper: PaperSize, orientation: Orientation, place: tuple[float, float]
) -> None:
    lon, lat = (round(degrees * 1e6) for degrees in place)
    layout = SheetLayout(SheetCode("K7M29QXD", paper, orientation, Template.BLANK, 5000, lon, lat))
    frame = layout.frame
    ends = layout.to_lonlat([(frame.x, frame.y + 50), (frame.right, frame.y + 50)])
    _, _, length = Geod(ellps="WGS84").inv(*ends[0], *ends[1])
    # Within the zone UTM is true to 0.04 % at the middle meridian and 0.1 % at its edge.
    assert length == pytest.approx(frame.width * 5, rel=1.1e-3)
    assert layout.to_grid([frame.corners[0]])[0, 1] > layout.to_grid([frame.corners[3]])[0, 1], "north is up"


@given(st.floats(0, 841), st.floats(0, 594), st.integers(100, 1_000_000))
def test_the_ground_leads_back_to_the_paper(x: float, y: float, scale: int) -> None:
    layout = SheetLayout(code_of(scale=scale))
    there = layout.from_lonlat(layout.to_lonlat([(x, y)]))
    assert np.allclose(there, [(x, y)], atol=0.01)


@pytest.mark.parametrize("scale", [500, 1000, 2500, 5000, 7_500, 10_000, 25_000, 1_000_000])
def test_grid_lines_stand_at_round_coordinates_within_the_frame(scale: int) -> None:
    layout = SheetLayout(code_of(scale=scale))
    frame, step = layout.frame, layout.grid_m
    assert step == grid_spacing_m(scale)
    assert 30 <= step / scale * 1000 <= 80, "three to eight centimetres of paper"
    assert len(layout.grid_lines) >= 15
    for (x1, y1), (x2, y2) in layout.grid_lines:
        east, north = layout.to_grid([(x1, y1)])[0]
        if x1 == x2:
            assert (y1, y2) == (frame.y, frame.bottom)
            assert frame.x <= x1 <= frame.right
            assert abs(east / step - round(east / step)) < 1e-6
        else:
            assert y1 == y2
            assert (x1, x2) == (frame.x, frame.right)
            assert frame.y <= y1 <= frame.bottom
            assert abs(north / step - round(north / step)) < 1e-6
