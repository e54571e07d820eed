"""Circles lie exactly as recorded, and what no plane can show is said."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.domain.institutions import Importance, TieOrigin, TieRelation
from geo.domain.venn.diagram import Tie
from geo.domain.venn.drawn import DrawnCircle, relation_of
from geo.snapshots import VennSnapshot
from maps.venn import LineReason, VennLayout, layout_venn
from tests.maps.venn_diagrams import FULL, LARGE, MEDIUM, PARTIAL, SMALL, TOUCHING, drawable, number, venn

TANGENT = 5e-3


def read_back(diagram: VennSnapshot, layout: VennLayout) -> None:
    """Every pair reads as its tie, or its tie is a line and the two lie apart; nothing is lost, nothing made up."""
    ties = {tie.pair: tie.relation for tie in diagram.ties if tie.relation.is_tie}
    lines = {line.tie.pair for line in layout.lines}
    assert {tie.pair for tie in layout.shown} | lines == set(ties)
    for one, other in combinations(layout.circles, 2):
        pair = tuple(sorted((one.id, other.id)))
        wanted = TieRelation.APART if pair in lines else ties.get(pair, TieRelation.APART)
        assert relation_of(one, other) is wanted
        if wanted is TOUCHING:
            gap = math.dist((one.x, one.y), (other.x, other.y)) - one.radius - other.radius
            assert abs(gap) <= TANGENT * min(one.radius, other.radius)


@st.composite
def diagrams(draw: st.DrawFn) -> VennSnapshot:
    sizes = draw(st.lists(st.sampled_from([None, *Importance]), min_size=0, max_size=7))
    pairs = list(combinations(range(len(sizes)), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    relations = [draw(st.sampled_from(list(TieRelation))) for _ in chosen]
    return venn(sizes, [(a, b, one) for (a, b), one in zip(chosen, relations, strict=True)])


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(diagrams())
def test_any_diagram_is_read_back_exactly(diagram: VennSnapshot) -> None:
    layout = layout_venn(diagram)
    read_back(diagram, layout)
    assert {tie.pair for tie in layout.unknown} == {
        tie.pair for tie in diagram.ties if tie.relation is TieRelation.UNKNOWN
    }


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_what_was_drawn_once_is_drawn_without_lines(seed: int) -> None:
    diagram = drawable(15, 12, 25, seed=seed)
    layout = layout_venn(diagram)
    read_back(diagram, layout)
    assert layout.lines == ()


def test_sizes_are_small_medium_and_large() -> None:
    small, medium, large = layout_venn(venn([SMALL, MEDIUM, LARGE], [])).circles
    assert medium.radius > 1.2 * small.radius
    assert large.radius > 1.2 * medium.radius


def test_ranking_sizes_circles_where_importance_is_not_given() -> None:
    diagram = venn([None] * 6, [])
    ranked = tuple(
        replace(one, ranking=rank) for one, rank in zip(diagram.institutions, (3, 1, 2, 9, 9, 4), strict=True)
    )
    radii = [one.radius for one in layout_venn(replace(diagram, institutions=ranked)).circles]
    assert radii[1] > radii[2] > radii[0] > radii[5] > radii[3] == radii[4]


def test_two_of_one_size_that_cover_each_other_stay_two() -> None:
    outer, inner = layout_venn(venn([MEDIUM, MEDIUM], [(0, 1, FULL)])).circles
    assert inner.radius < 0.9 * outer.radius


def test_many_contacts_of_one_find_room_around_it() -> None:
    ties = [(0, at, TOUCHING) for at in range(1, 13)]
    diagram = venn([LARGE, *[SMALL] * 12], ties)
    layout = layout_venn(diagram)
    read_back(diagram, layout)
    assert layout.lines == ()


def test_a_circle_in_two_that_lie_apart_is_a_contradiction() -> None:
    diagram = venn([LARGE, SMALL, LARGE], [(0, 1, FULL), (1, 2, FULL)])
    layout = layout_venn(diagram)
    read_back(diagram, layout)
    (line,) = layout.lines
    assert line.reason is LineReason.CONTRADICTION
    assert line.because == (number(0), number(2))


def test_the_weak_contact_gives_way() -> None:
    diagram = venn([LARGE, SMALL, LARGE], [(0, 1, FULL)])
    ties = (*diagram.ties, Tie(number(1), number(2), FULL, weak=True))
    (line,) = layout_venn(replace(diagram, ties=ties)).lines
    assert line.tie.weak


def test_no_more_than_five_of_one_size_touch_a_sixth_apart_from_each_other() -> None:
    # Six equal circles around one touch each other; a seventh that touches all of a ring has no room either.
    ring = [(a, b, TOUCHING) for a in range(2) for b in range(2, 7)]
    diagram = venn([MEDIUM] * 7, ring)  # K(2, 5): two circles cannot both touch five that lie apart
    layout = layout_venn(diagram)
    read_back(diagram, layout)
    assert layout.lines
    assert len(layout.lines) <= 5


def test_an_entered_tie_wins_over_one_read_off_the_sheet() -> None:
    diagram = venn([MEDIUM, MEDIUM], [])
    ties = (
        Tie(number(0), number(1), PARTIAL, TieOrigin.DERIVED),
        Tie(number(0), number(1), TOUCHING, TieOrigin.ENTERED),
    )
    (shown,) = layout_venn(replace(diagram, ties=ties)).shown
    assert shown.relation is TOUCHING


def test_circles_stay_where_they_were_drawn() -> None:
    diagram = venn([LARGE, SMALL, SMALL], [(0, 1, TOUCHING)])
    places = ((500, 500), (500, 190), (900, 900))  # the first touches upwards, the second lies right below
    drawn = tuple(
        replace(one, drawn=DrawnCircle(one.id, x, y, 200 if at == 0 else 100))
        for at, (one, (x, y)) in enumerate(zip(diagram.institutions, places, strict=True))
    )
    layout = layout_venn(replace(diagram, institutions=drawn))
    hub, above, below = layout.circles
    assert above.y < hub.y - 0.9 * (hub.radius + above.radius)
    assert below.x > hub.x
    assert below.y > hub.y


def test_the_same_diagram_gives_the_same_layout() -> None:
    diagram = drawable(12, 8, 20, seed=4)
    assert layout_venn(diagram) == layout_venn(diagram)


def test_sixty_circles_are_laid_out() -> None:
    diagram = venn([SMALL] * 60, [(at, at + 1, PARTIAL) for at in range(0, 59, 2)])
    layout = layout_venn(diagram)
    read_back(diagram, layout)
    assert len(layout.circles) == 60
