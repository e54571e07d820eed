"""Groups, head counts, order of events and women's share (DOMAIN.md section 2)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.events import STANDARD_GROUPS, EventKind, GroupSex, SessionGroup
from geo.domain.participation import (
    HeadCount,
    participation_share,
    review_event,
    review_order,
    review_sessions,
    review_working_group,
)
from geo.errors import Refused
from geo.i18n import LANGUAGES, Language, Text

YOUNG, MIDDLE, OLD = STANDARD_GROUPS


def keys_of(warnings: tuple[Text, ...]) -> list[str]:
    for warning in warnings:
        for language in LANGUAGES:
            assert "{" not in warning(language)
    return [warning.key for warning in warnings]


@pytest.mark.parametrize(
    ("group", "ky", "ru", "en"),
    [
        (YOUNG, "18–35 жаш", "18–35 лет", "ages 18–35"),
        (OLD, "56+ жаш", "56+ лет", "ages 56+"),
        (SessionGroup(None, 17), "17 жашка чейин", "до 17 лет", "up to age 17"),
        (SessionGroup(36, 55, sex=GroupSex.WOMEN), "Аялдар, 36–55 жаш", "Женщины, 36–55 лет", "Women, ages 36–55"),
        (SessionGroup(other=" Ынтымак "), "Ынтымак", "Ынтымак", "Ынтымак"),
        (SessionGroup(), "Бардык тургундар", "Все жители", "All residents"),
    ],
)
def test_a_group_has_a_label(group: SessionGroup, ky: str, ru: str, en: str) -> None:
    assert [group.label(language) for language in (Language.KY, Language.RU, Language.EN)] == [ky, ru, en]


@pytest.mark.parametrize(
    ("low", "high", "key"),
    [(35, 18, "group.ages_reversed"), (-1, 20, "group.age_impossible"), (18, 121, "group.age_impossible")],
)
def test_impossible_ages_are_refused(low: int, high: int, key: str) -> None:
    with pytest.raises(Refused) as refusal:
        SessionGroup(low, high)
    assert refusal.value.key == key


def test_a_group_of_one_year_is_possible() -> None:
    assert SessionGroup(18, 18).age_to == 18


def test_only_the_three_groups_of_the_method_are_standard() -> None:
    assert [group.is_standard for group in STANDARD_GROUPS] == [True, True, True]
    assert not SessionGroup(18, 30).is_standard
    assert not SessionGroup(18, 35, sex=GroupSex.WOMEN).is_standard
    assert not SessionGroup(18, 35, other="migrants").is_standard
    assert SessionGroup().is_open
    assert not YOUNG.is_open


@pytest.mark.parametrize(
    "group", [SessionGroup(18, 35, sex=GroupSex.WOMEN), SessionGroup(other="one street"), SessionGroup(20, 30)]
)
def test_another_grouping_needs_a_reason(group: SessionGroup) -> None:
    with pytest.raises(Refused) as refusal:
        review_event(EventKind.SESSION, group, HeadCount())
    assert refusal.value.key == "group.reason_missing"
    explained = SessionGroup(group.age_from, group.age_to, group.sex, group.other, reason="Women speak freely apart")
    assert review_event(EventKind.SESSION, explained, HeadCount()) == ()
    assert review_event(EventKind.FOCUS_GROUP, group, HeadCount()) == ()


@pytest.mark.parametrize(
    ("numbers", "key"),
    [
        ({"participants": -1}, "event.negative_count"),
        ({"women": -1}, "event.negative_count"),
        ({"facilitators": -1}, "event.negative_count"),
        ({"participants": 10, "women": 11}, "event.more_women"),
    ],
)
def test_meaningless_counts_are_refused(numbers: dict[str, int], key: str) -> None:
    with pytest.raises(Refused) as refusal:
        HeadCount(**numbers)
    assert refusal.value.key == key


@pytest.mark.parametrize(
    ("kind", "participants", "expected"),
    [
        (EventKind.SESSION, 19, ["event.few_participants"]),
        (EventKind.SESSION, 20, []),
        (EventKind.SESSION, 60, []),
        (EventKind.FOCUS_GROUP, 19, ["event.few_participants"]),
        (EventKind.FOCUS_GROUP, 25, []),
        (EventKind.FOCUS_GROUP, 26, ["event.many_participants"]),
        (EventKind.PLANNING_MEETING, 29, ["event.few_participants"]),
        (EventKind.PLANNING_MEETING, 30, []),
        (EventKind.PLANNING_MEETING, 46, ["event.many_participants"]),
        (EventKind.ASSEMBLY, 49, ["event.few_participants"]),
        (EventKind.ASSEMBLY, 150, []),
        (EventKind.HEARING, 151, ["event.many_participants"]),
        (EventKind.HEARING, None, []),
    ],
)
def test_the_usual_size_is_advised(kind: EventKind, participants: int | None, expected: list[str]) -> None:
    assert keys_of(review_event(kind, YOUNG, HeadCount(participants))) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (HeadCount(20, 10, 1), ["event.few_facilitators"]),
        (HeadCount(20, 10, 2), []),
        (HeadCount(20, 0, 2), ["event.no_women"]),
        (HeadCount(20, 20, 2), ["event.no_men"]),
        (HeadCount(5, 0, 0), ["event.few_participants", "event.few_facilitators", "event.no_women"]),
        (HeadCount(0, 0, 2), ["event.few_participants"]),
    ],
)
def test_a_session_needs_two_facilitators_and_both_sexes(people: HeadCount, expected: list[str]) -> None:
    assert keys_of(review_event(EventKind.SESSION, MIDDLE, people)) == expected


def test_the_other_sex_in_a_group_of_one_is_pointed_out() -> None:
    women = SessionGroup(56, sex=GroupSex.WOMEN, reason="r")
    men = SessionGroup(56, sex=GroupSex.MEN, reason="r")
    assert keys_of(review_event(EventKind.SESSION, women, HeadCount(20, 18))) == ["event.men_in_womens_group"]
    assert keys_of(review_event(EventKind.SESSION, men, HeadCount(20, 2))) == ["event.women_in_mens_group"]
    assert review_event(EventKind.SESSION, women, HeadCount(20, 20)) == ()
    assert review_event(EventKind.SESSION, men, HeadCount(20, 0)) == ()


def test_minors_are_pointed_out() -> None:
    pupils = SessionGroup(14, 17, other="pupils", reason="The school asked")
    assert keys_of(review_event(EventKind.SESSION, pupils, HeadCount())) == ["group.minors"]
    assert keys_of(review_event(EventKind.SESSION, SessionGroup(None, 17, reason="r"), HeadCount())) == ["group.minors"]


def test_three_sessions_cover_a_village_and_six_are_the_most() -> None:
    assert review_sessions(STANDARD_GROUPS) == ()
    assert review_sessions(STANDARD_GROUPS * 2) == ()
    assert keys_of(review_sessions([YOUNG, OLD])) == ["sessions.group_missing"]
    assert keys_of(review_sessions([*STANDARD_GROUPS * 2, YOUNG])) == ["sessions.too_many", "sessions.group_repeated"]
    women = SessionGroup(56, sex=GroupSex.WOMEN, reason="r")
    assert review_sessions([YOUNG, MIDDLE, women]) == ()


@pytest.mark.parametrize(("day", "warned"), [(7, True), (8, False), (15, False), (16, True)])
def test_a_focus_group_follows_the_last_session_after_one_to_two_weeks(day: int, warned: bool) -> None:
    sessions = [date(2014, 11, 1), date(2014, 10, 20)]
    found = review_order(EventKind.FOCUS_GROUP, date(2014, 11, day), sessions=sessions)
    assert keys_of(found) == ["focus_group.date_unusual"] * warned


def test_one_focus_group_is_enough_for_a_village() -> None:
    again = review_order(EventKind.FOCUS_GROUP, date(2014, 11, 10), focus_groups=[date(2014, 11, 9)])
    assert keys_of(again) == ["focus_group.repeated"]


@pytest.mark.parametrize(("day", "warned"), [(9, True), (10, False), (17, False), (18, True)])
def test_a_planning_meeting_follows_within_a_week(day: int, warned: bool) -> None:
    found = review_order(EventKind.PLANNING_MEETING, date(2014, 11, day), focus_groups=[date(2014, 11, 10)])
    assert keys_of(found) == ["planning_meeting.date_unusual"] * warned


def test_what_has_nothing_before_it_is_not_judged() -> None:
    assert review_order(EventKind.FOCUS_GROUP, date(2014, 11, 1)) == ()
    assert review_order(EventKind.HEARING, date(2014, 11, 1), sessions=[date(2014, 11, 30)]) == ()


@pytest.mark.parametrize(
    ("members", "women", "expected"),
    [
        (6, 2, []),
        (10, 3, []),
        (10, 7, []),
        (10, 8, ["working_group.one_sided"]),
        (5, 2, ["working_group.small"]),
        (7, 2, ["working_group.one_sided"]),
        (0, 0, ["working_group.small"]),
    ],
)
def test_a_working_group_is_six_with_thirty_percent_of_each_sex(members: int, women: int, expected: list[str]) -> None:
    assert keys_of(review_working_group(members, women)) == expected


# DOMAIN.md section 2, figures reported by the project for 2012-2015.
REPORTED = [(22500, 8049), (490, 120), (2725, 1791), (203, 25), (5100, 1526)]


def test_both_ways_of_telling_womens_share_match_the_reported_figures() -> None:
    share = participation_share(REPORTED)
    assert [round(one) for one in share.by_kind] == [36, 24, 66, 12, 30]
    assert round(share.mean_of_shares, 1) == 33.6
    assert round(share.pooled, 1) == 37.1


def test_a_share_of_nobody_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        participation_share([(0, 0)])
    assert refusal.value.key == "participation.nobody"


@given(st.lists(st.integers(1, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1))
def test_both_shares_lie_between_the_smallest_and_the_largest(rows: list[tuple[int, int]]) -> None:
    share = participation_share(rows)
    low, high = min(share.by_kind) - 1e-9, max(share.by_kind) + 1e-9
    assert low <= share.mean_of_shares <= high
    assert low <= share.pooled <= high
