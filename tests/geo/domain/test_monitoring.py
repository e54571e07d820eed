"""Rules of visits, planned against actual, checklist and follow-up."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.monitoring.checklist import ITEMS, MOST_POINTS, Score, changes, check_score, totals
from geo.domain.monitoring.comparison import Actual, Planned, compare
from geo.domain.monitoring.follow_up import FollowUpEntry, check_entry, standing
from geo.domain.monitoring.visits import (
    Entry,
    Observed,
    check_members,
    check_visit,
    latest,
    next_number,
    review_group,
    review_visit,
)
from geo.domain.monitoring_codes import FollowUpState, VisitTopic
from geo.errors import Conflict, Refused

AT = datetime(2014, 11, 20, 4, 30, tzinfo=UTC)


def observed(**changed: Any) -> Observed:
    whole: dict[str, Any] = {
        "topic": VisitTopic.ACTIVITY,
        "visited_at": AT,
        "has_activity": True,
        "has_service": False,
        "has_point": True,
        "accuracy_m": 6.0,
        "located_at": AT,
        "member_count": 3,
    }
    return Observed(**{**whole, **changed})


def refused(key: str, call: Any, *args: Any, **options: Any) -> None:
    with pytest.raises(Refused) as caught:
        call(*args, **options)
    assert caught.value.key == key


def test_a_good_visit_is_taken_without_a_word() -> None:
    check_visit(observed(), at=AT)
    assert review_visit(observed()) == ()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"has_activity": False}, "visit.activity_missing"),
        ({"topic": VisitTopic.SERVICE}, "visit.service_missing"),
        ({"visited_at": AT + timedelta(hours=25)}, "visit.in_future"),
        ({"located_at": AT + timedelta(days=3)}, "visit.in_future"),
        ({"has_point": False}, "visit.accuracy_without_point"),
        ({"accuracy_m": 0.0}, "visit.accuracy_impossible"),
        ({"accuracy_m": -3.0}, "visit.accuracy_impossible"),
        ({"accuracy_m": math.nan}, "visit.accuracy_impossible"),
        ({"accuracy_m": math.inf}, "visit.accuracy_impossible"),
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, Any], key: str) -> None:
    refused(key, check_visit, observed(**changed), at=AT)


def test_a_clock_a_day_ahead_and_other_topics_are_taken() -> None:
    check_visit(observed(visited_at=AT + timedelta(hours=24)), at=AT)
    check_visit(observed(topic=VisitTopic.SOCIAL_PROBLEM, has_activity=False), at=AT)
    check_visit(observed(topic=VisitTopic.SERVICE, has_service=True, has_activity=False), at=AT)


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({"member_count": 1}, ["visit.alone"]),
        ({"member_count": None}, []),
        ({"has_point": False, "accuracy_m": None}, ["visit.no_point"]),
        ({"accuracy_m": None}, ["visit.accuracy_unknown"]),
        ({"accuracy_m": 100.0}, []),
        ({"accuracy_m": 101.0}, ["visit.coarse"]),
        ({"located_at": AT - timedelta(minutes=30)}, []),
        ({"located_at": AT - timedelta(minutes=31)}, ["visit.point_of_other_time"]),
    ],
)
def test_what_weakens_a_visit_is_said(changed: dict[str, Any], keys: list[str]) -> None:
    assert [said.key for said in review_visit(observed(**changed))] == keys


def test_members_are_people_counted_once() -> None:
    assert check_members([], None) is None
    assert check_members(["Айгүл", "Бакыт"], 5) == 5
    refused("visit.member_twice", check_members, ["Айгүл", " айгүл "], None)
    refused("visit.member_empty", check_members, ["Айгүл", " "], None)
    refused("visit.member_count", check_members, ["Айгүл", "Бакыт"], 1)
    refused("visit.member_count", check_members, [], 0)


def test_a_member_of_another_village_does_not_monitor() -> None:
    here, there = uuid4(), uuid4()

    def said(group: Any, *, monitoring: bool = True) -> list[str]:
        found = review_group(group_settlement_id=group, is_monitoring=monitoring, settlement_id=here)
        return [one.key for one in found]

    assert said(here) == said(None) == []
    assert said(there) == ["visit.other_village"]
    assert said(here, monitoring=False) == ["visit.not_monitoring_group"]


def test_a_chain_goes_on_from_the_entry_that_stands() -> None:
    first, second, third = Entry(uuid4(), 1), Entry(uuid4(), 2), Entry(uuid4(), 3)
    assert next_number([first], first.id) == 2
    assert latest([first, third, second]) == third
    with pytest.raises(Conflict) as caught:
        next_number([first, second], first.id)
    assert (caught.value.key, caught.value.params["id"]) == ("visit.corrected_meanwhile", second.id)


def test_a_withdrawn_entry_gives_the_floor_back_and_keeps_its_number() -> None:
    first, gone = Entry(uuid4(), 1), Entry(uuid4(), 2, is_withdrawn=True)
    assert latest([first, gone]) == first
    assert next_number([first, gone], first.id) == 3
    with pytest.raises(Conflict) as caught:
        next_number([gone], gone.id)
    assert caught.value.key == "visit.withdrawn"
    assert latest([gone]) is None


def test_planned_and_actual_are_compared() -> None:
    found = compare(Planned(3.0, 1_300_000, date(2015, 3, 31)), Actual(2.4, 1_430_000, date(2015, 4, 10)), unit="км")
    assert (found.quantity, found.quantity_percent) == (-0.6, 80.0)
    assert (found.som, found.som_percent) == (130_000, 110.0)
    assert found.days == 10


def test_what_is_not_known_is_not_compared() -> None:
    found = compare(Planned(0.0, None, None), Actual(5.0, 10, date(2015, 1, 1)), unit="даана")
    assert (found.quantity, found.quantity_percent) == (5.0, None)
    assert found.som is found.som_percent is found.days is None


@pytest.mark.parametrize("amount", [-1.0, math.nan, math.inf])
def test_impossible_amounts_are_refused(amount: float) -> None:
    refused("visit.amount_impossible", compare, Planned(amount), Actual(), unit="га")
    refused("visit.amount_impossible", compare, Planned(), Actual(som=-1))
    refused("visit.unit_missing", compare, Planned(1.0), Actual())


def test_the_checklist_has_18_items_and_30_points() -> None:
    assert len(ITEMS) == len(MOST_POINTS) == 18
    assert sum(MOST_POINTS.values()) == 30
    assert sorted(MOST_POINTS.values()) == [1] * 6 + [2] * 12
    whole = totals(Score(item, most, "ооба") for item, most in MOST_POINTS.items())
    assert (whole.points, whole.most, whole.percent, whole.missing, whole.is_partial) == (30, 30, 100.0, (), False)


@given(st.integers(-3, 22), st.integers(-3, 6), st.sampled_from(["", "  ", "себеби"]))
def test_a_score_is_taken_exactly_where_its_item_allows_it(item: int, points: int, comment: str) -> None:
    fits = item in MOST_POINTS and 0 <= points <= MOST_POINTS.get(item, -1) and bool(comment.strip())
    if fits:
        check_score(Score(item, points, comment))
    else:
        with pytest.raises(Refused):
            check_score(Score(item, points, comment))


def test_a_partial_checklist_says_so() -> None:
    part = totals([Score(1, 2, "бар"), Score(2, 1, "бар"), Score(6, 0, "пандус жок")])
    assert (part.points, part.most, part.percent, part.scored) == (3, 5, 60.0, 3)
    assert part.is_partial
    assert part.missing == (3, 4, 5, *range(7, 19))
    nothing = totals([])
    assert (nothing.points, nothing.percent, len(nothing.missing)) == (0, None, 18)
    refused("checklist_score.twice", totals, [Score(1, 2, "а"), Score(1, 1, "б")])


def test_only_what_both_scored_is_compared() -> None:
    earlier = [Score(1, 0, "а"), Score(3, 2, "а"), Score(5, 1, "а")]
    later = [Score(1, 2, "а"), Score(5, 1, "а"), Score(7, 2, "а")]
    found = changes(earlier, later)
    assert [(one.item, one.points) for one in found] == [(1, 2), (5, 0)]


def test_an_agreement_is_followed_to_its_end() -> None:
    agreed = FollowUpEntry("Түтүктү оңдоо", due_on=date(2014, 12, 1))
    postponed = FollowUpEntry(due_on=date(2015, 1, 15))
    done = FollowUpEntry(done_on=date(2015, 1, 20))

    def state(*entries: FollowUpEntry, on: date) -> FollowUpState:
        return standing(entries, today=on).state

    assert state(agreed, on=date(2014, 12, 1)) is FollowUpState.OPEN
    assert state(agreed, on=date(2014, 12, 2)) is FollowUpState.OVERDUE
    assert state(agreed, postponed, on=date(2015, 1, 15)) is FollowUpState.OPEN
    assert state(agreed, postponed, done, on=date(2015, 2, 1)) is FollowUpState.DONE_LATE
    assert state(agreed, FollowUpEntry(done_on=date(2014, 12, 1)), on=date(2015, 2, 1)) is FollowUpState.DONE
    assert state(FollowUpEntry("Качандыр бир кезде"), on=date(2030, 1, 1)) is FollowUpState.OPEN
    end = standing([agreed, postponed, done], today=date(2015, 2, 1))
    assert (end.first_due_on, end.due_on, end.times_postponed) == (date(2014, 12, 1), date(2015, 1, 15), 1)


def test_empty_entries_are_refused() -> None:
    today = date(2014, 12, 1)
    refused("follow_up.words_missing", check_entry, FollowUpEntry(due_on=today), is_first=True, today=today)
    refused("follow_up.says_nothing", check_entry, FollowUpEntry(), is_first=False, today=today)
    late = FollowUpEntry("бүттү", done_on=date(2014, 12, 3))
    refused("follow_up.done_in_future", check_entry, late, is_first=False, today=today)
    check_entry(FollowUpEntry(done_on=date(2014, 12, 2)), is_first=False, today=today)
