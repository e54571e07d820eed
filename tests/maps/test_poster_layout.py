"""How a poster is laid out: the map's frame has the shape of the village, and the lists stay whole."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from shapely.affinity import scale

from geo.i18n import Language
from geo.sheet_layout import Orientation, PaperSize
from geo.snapshots import Audience, CycleSnapshot, HeldEvent
from maps.posters import PAPERS, Poster, draw_poster
from tests.maps.municipality import FIRST, municipality

PUBLIC = municipality(Audience.PUBLIC)
SHAPES = {"tall": (0.3, 1.6), "wide": (2.2, 0.4), "square": (0.8, 1.0)}


def stretched(east: float, north: float) -> CycleSnapshot:
    """The village's objects pulled out or pressed together about its middle, and without a boundary."""
    at = (FIRST.point.x, FIRST.point.y)

    def drawn(one: HeldEvent) -> HeldEvent:
        features = (replace(each, geometry=scale(each.geometry, east, north, origin=at)) for each in one.features)
        return replace(one, features=tuple(features))

    events = tuple(map(drawn, PUBLIC.events))
    villages = tuple(replace(one, boundary=None) for one in PUBLIC.municipality.settlements)
    # Places of problems and of the plan are not pulled along: without them the objects alone say what is shown.
    bare = {"problems": (), "municipality_problems": (), "plan": None}
    return replace(PUBLIC, events=events, municipality=replace(PUBLIC.municipality, settlements=villages), **bare)


@cache
def hung(shape: str, paper: PaperSize = PaperSize.A1, orientation: Orientation | None = None) -> Poster:
    cycle = stretched(*SHAPES[shape])
    return draw_poster(cycle, Language.KY, settlement_id=FIRST.id, paper=paper, orientation=orientation)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_tall_village_has_a_tall_map_and_a_wide_one_a_wide_map(paper: PaperSize) -> None:
    tall, wide = hung("tall", paper).window.frame, hung("wide", paper).window.frame
    assert tall.height > 1.2 * tall.width
    assert wide.width > 1.4 * wide.height


@pytest.mark.parametrize("shape", SHAPES)
def test_the_paper_hangs_as_the_village_wants_it(shape: str) -> None:
    """No other way to hang it shows the village clearly larger."""
    free = hung(shape)
    for orientation in Orientation:
        told = hung(shape, orientation=orientation)
        assert (told.drawing.width > told.drawing.height) == (orientation is Orientation.LANDSCAPE)
        assert free.window.scale <= 1.3 * told.window.scale


def test_lists_are_not_given_up_for_a_larger_map() -> None:
    free = draw_poster(PUBLIC, Language.KY, settlement_id=FIRST.id)
    upright = draw_poster(PUBLIC, Language.KY, settlement_id=FIRST.id, orientation=Orientation.PORTRAIT)
    rows = [[one for one in each.drawing.words() if one.role in ("problem", "activity")] for each in (free, upright)]
    assert len(rows[0]) >= 0.75 * len(rows[1])
