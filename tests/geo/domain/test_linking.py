"""Rules of links, evidence, evenness and reach."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.domain.evenness import Stake, evenness
from geo.domain.evidence import Evidence, Grade, PhotoTrace, VisitTrace, grade_visit
from geo.domain.linking import (
    FITTING_KINDS,
    FeatureRole,
    LinkState,
    check_decision,
    fitting_kinds,
    likeness,
    purposes_of,
)
from geo.domain.local_matters import LocalMatter
from geo.domain.plan_codes import Purpose
from geo.domain.reach import Walk, reach_of
from geo.domain.vocabulary import Kind
from geo.errors import Conflict, Refused
from geo.i18n import Language

NEAR = PhotoTrace(distance_m=20, minutes=5)


@pytest.mark.parametrize(
    ("visit", "grade"),
    [
        (VisitTrace(True, None, 12, 8, (NEAR,), 3), Grade.A),
        (VisitTrace(True, None, 12, 8, (NEAR,), 1), Grade.B),
        (VisitTrace(True, None, 12, 80, (NEAR,), 3), Grade.B),
        (VisitTrace(True, None, 12, 8, (PhotoTrace(20, 600),), 3), Grade.B),
        (VisitTrace(True, None, None, None, (NEAR,), 3), Grade.B),
        (VisitTrace(True, None, 12, 80, (), 3), Grade.C),
        (VisitTrace(True, None, 300, 8, (PhotoTrace(None, 5),), 3), Grade.C),
        (VisitTrace(False, None, None, 8, (PhotoTrace(None, 5),), 3), Grade.C),
        (VisitTrace(True, None, 300, 8, (), 3), Grade.D),
        (VisitTrace(True, None, 2000, 8, (NEAR,), 3), Grade.D),
        (VisitTrace(True, None, 5000, 6000, (PhotoTrace(None, 5),), 3), Grade.C),  # a point of the whole district
        (VisitTrace(True, None, 140, 100, (PhotoTrace(None, 5),), 3), Grade.B),
        (VisitTrace(True, None, 5000, 6000, (PhotoTrace(5000, 5, 6000),), 3), Grade.C),
        (VisitTrace(True, None, 12, 8, (PhotoTrace(5000, 5),), 3), Grade.D),
        (VisitTrace(False), Grade.D),
    ],
)
def test_grades(visit: VisitTrace, grade: Grade) -> None:
    assert grade_visit(visit).grade is grade


def test_a_site_that_is_not_sure_widens_what_is_near() -> None:
    assert grade_visit(VisitTrace(True, None, 90, 8, (NEAR,), 3)).grade is Grade.B  # by the photo alone
    assert grade_visit(VisitTrace(True, 40, 90, 8, (NEAR,), 3)).grade is Grade.A


@given(
    st.booleans(),
    st.none() | st.floats(0, 1e4),
    st.none() | st.floats(0.1, 1e3),
    st.lists(st.builds(PhotoTrace, st.none() | st.floats(0, 1e4), st.none() | st.floats(-1e4, 1e4)), max_size=3),
    st.none() | st.integers(1, 9),
)
@settings(deadline=None)  # the first text brings in the catalogues
def test_reasons_are_words_in_every_language(
    has_site: bool, device: float | None, accuracy: float | None, photos: list[PhotoTrace], members: int | None
) -> None:
    found: Evidence = grade_visit(VisitTrace(has_site, None, device, accuracy, tuple(photos), members))
    for language in Language:
        assert all(reason(language) and "{" not in reason(language) for reason in found.reasons)


@given(st.floats(0, 1000), st.integers(1, 8))
def test_a_nearer_device_never_evidences_less(device: float, members: int) -> None:
    far = grade_visit(VisitTrace(True, None, device, 8, (NEAR,), members)).grade
    near = grade_visit(VisitTrace(True, None, device / 2, 8, (NEAR,), members)).grade
    assert near.value <= far.value


def test_every_local_matter_with_objects_has_kinds() -> None:
    drinking = fitting_kinds(purposes_of(LocalMatter.DRINKING_WATER))
    assert {Kind.STANDPIPE, Kind.SPRING, Kind.WATER_PIPE} <= set(drinking)
    assert drinking[Kind.WATER_PIPE] is FeatureRole.CAUSES
    assert set(fitting_kinds(frozenset())) == {Kind.PROBLEM, Kind.DESIRED}
    assert set(FITTING_KINDS) <= set(Purpose)
    assert Kind.CANAL in fitting_kinds(frozenset({Purpose.IRRIGATION}))


def test_decisions() -> None:
    check_decision(LinkState.PROPOSED, LinkState.CONFIRMED, "")
    check_decision(LinkState.REJECTED, LinkState.CONFIRMED, "")
    with pytest.raises(Refused, match=r"link\.no_decision"):
        check_decision(LinkState.CONFIRMED, LinkState.PROPOSED, "")
    with pytest.raises(Refused, match=r"link\.reason_missing"):
        check_decision(LinkState.PROPOSED, LinkState.REJECTED, "  ")
    with pytest.raises(Conflict):
        check_decision(LinkState.CONFIRMED, LinkState.CONFIRMED, "")


def test_nearer_things_are_liker() -> None:
    scores = [likeness(metres, reach_m=500, speaks_for=False).score for metres in (0, 100, 499, 500, 900, None)]
    assert scores == sorted(scores, reverse=True)
    assert likeness(100, reach_m=500, speaks_for=True).score > scores[1]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 10**7)), min_size=1, max_size=12))
def test_evenness_is_between_nought_and_one(rows: list[tuple[int, int]]) -> None:
    found = evenness([Stake(number, votes, som) for number, (votes, som) in enumerate(rows)])
    assert (found.hoover is None) == (not sum(v for v, _ in rows) or not sum(s for _, s in rows))
    if found.hoover is not None:
        assert 0 <= found.hoover <= 1
        assert sum(line.som_share or 0 for line in found.lines) == pytest.approx(1)
    if found.gini is not None:
        assert 0 <= found.gini <= 1


def test_money_that_follows_votes_is_even() -> None:
    found = evenness([Stake("a", 63, 630), Stake("b", 45, 450), Stake("c", 8, 80)])
    assert (found.hoover, found.gini) == (0, 0)
    alone = evenness([Stake("a", 1, 0), Stake("b", 1, 0), Stake("c", 1, 0), Stake("d", 1, 100)])
    assert (alone.hoover, alone.gini) == (0.75, 0.75)
    unvoted = evenness([Stake("a", 10, 50), Stake("", 0, 50)])
    assert (unvoted.hoover, unvoted.gini, unvoted.som_without_votes) == (0.5, 0, 50)


@given(
    st.lists(st.lists(st.tuples(st.floats(0, 2000), st.floats(0, 100)), max_size=3), max_size=20), st.floats(0, 1500)
)
def test_certain_is_at_most_within_is_at_most_possible(walks: list[list[tuple[float, float]]], reach_m: float) -> None:
    found = reach_of([Walk(tuple(walk)) for walk in walks], reach_m)
    assert 0 <= found.certain <= found.within <= found.possible <= found.houses == len(walks)
