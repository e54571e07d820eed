"""Which municipality, on which day; ids; competence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.identifiers import new_id
from geo.domain.local_matters import Competence, CompetenceLevel, LocalMatter
from geo.domain.membership import Membership, check_memberships, move_settlement, municipality_on
from geo.domain.territory import DatePrecision
from geo.errors import Refused

VILLAGE, OTHER, OLD, NEW = (UUID(int=number) for number in range(4))
DAYS = st.one_of(st.none(), st.dates(date(2014, 1, 1), date(2014, 2, 1)))


@st.composite
def memberships(draw: st.DrawFn) -> Membership:
    first, last = draw(DAYS), draw(DAYS)
    if first is not None and last is not None and last <= first:
        first, last = last, first + timedelta(days=1)
    return Membership(VILLAGE, OLD, first, last)


def test_the_first_day_counts_and_the_last_does_not() -> None:
    before = Membership(VILLAGE, OLD, None, date(2024, 1, 1))
    after = Membership(VILLAGE, NEW, date(2024, 1, 1), None)
    check_memberships([after, before])
    assert municipality_on([after, before], VILLAGE, date(2023, 12, 31)) == OLD
    assert municipality_on([after, before], VILLAGE, date(2024, 1, 1)) == NEW
    assert municipality_on([after, before], OTHER, date(2024, 1, 1)) is None
    assert municipality_on([after], VILLAGE, date(2014, 11, 19)) is None


def test_a_membership_without_a_day_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        Membership(VILLAGE, OLD, date(2024, 1, 1), date(2024, 1, 1))
    assert refusal.value.key == "membership.empty"


@given(st.lists(memberships(), max_size=5))
def test_overlaps_are_refused_exactly_where_a_day_has_two(own: list[Membership]) -> None:
    days = [date(2013, 12, 1) + timedelta(days=number) for number in range(100)]
    doubled = any(sum(one.holds_on(day) for one in own) > 1 for day in days)
    if doubled:
        with pytest.raises(Refused, match=r"membership\.overlap"):
            check_memberships(own)
    else:
        check_memberships(own)


@given(memberships(), memberships())
def test_overlap_means_a_common_day(one: Membership, other: Membership) -> None:
    days = [date(2013, 12, 1) + timedelta(days=number) for number in range(100)]
    assert one.overlaps(other) == any(one.holds_on(day) and other.holds_on(day) for day in days)


def test_two_settlements_do_not_overlap_each_other() -> None:
    check_memberships([Membership(VILLAGE, OLD), Membership(OTHER, OLD)])


def test_a_settlement_moves_without_a_gap() -> None:
    ended, begun = move_settlement(Membership(VILLAGE, OLD), NEW, on=date(2024, 1, 1), precision=DatePrecision.YEAR)
    assert (ended.valid_from, ended.valid_to) == (None, date(2024, 1, 1))
    assert (begun.valid_from, begun.valid_to, begun.municipality_id) == (date(2024, 1, 1), None, NEW)
    assert ended.precision is begun.precision is DatePrecision.YEAR
    check_memberships([ended, begun])
    with pytest.raises(Refused) as refusal:
        move_settlement(ended, NEW, on=date(2025, 1, 1))
    assert refusal.value.key == "membership.ended"


def test_ids_rise_and_are_of_version_seven() -> None:
    made = [new_id() for _ in range(20_000)]
    assert all(one < other for one, other in pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_ids_made_in_several_threads_are_distinct() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: new_id(), range(5_000)))
    assert len(set(made)) == 5_000


def test_there_are_23_matters_then_delegated_then_outside() -> None:
    codes = [competence.code for competence in Competence.every()]
    assert codes == [*(str(number) for number in range(1, 24)), "delegated", "outside"]
    assert [Competence.from_code(code).code for code in codes] == codes
    assert Competence.from_code("4") == Competence(CompetenceLevel.LOCAL, LocalMatter.DRINKING_WATER)
    assert Competence.from_code("23").label_key == "local_matter.23"
    assert Competence.from_code("outside").label_key == "competence.outside"


@pytest.mark.parametrize("code", ["0", "24", "local", "", "04", "Outside"])
def test_an_unknown_competence_is_refused(code: str) -> None:
    with pytest.raises(Refused) as refusal:
        Competence.from_code(code)
    assert refusal.value.params == {"value": code}


def test_a_matter_belongs_to_the_local_level_alone() -> None:
    with pytest.raises(Refused):
        Competence(CompetenceLevel.LOCAL)
    with pytest.raises(Refused):
        Competence(CompetenceLevel.OUTSIDE, LocalMatter.LOCAL_BUDGET)
