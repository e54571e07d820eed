"""Programme, participant list, village profile and participation table."""

from __future__ import annotations

from datetime import time

import pytest

from geo.domain.attendance import Attendance, ParticipantRole, Sex, review_list, review_participant
from geo.domain.events import EventKind
from geo.domain.participation import HeadCount
from geo.domain.participation_table import EventCount, participation_table
from geo.domain.programme import ProgrammeItem, check_programme, default_programme
from geo.domain.village_profile import check_years
from geo.errors import Refused


def item(starts: time, ends: time | None = None) -> ProgrammeItem:
    return ProgrammeItem(starts, {"ky": "Саламдашуу"}, ends)


def test_the_session_has_the_programme_of_the_method() -> None:
    programme = default_programme(EventKind.SESSION)
    assert [one.starts for one in programme] == [time(10), time(10, 15), time(10, 20), time(11, 20), time(12, 10)]
    assert programme[-1].ends == time(12, 30)
    assert set(programme[0].title) == {"ky", "ru", "en"}
    assert check_programme(programme) == ()
    assert default_programme(EventKind.HEARING) == ()


def test_a_programme_runs_forwards() -> None:
    with pytest.raises(Refused) as refusal:
        check_programme([item(time(11)), item(time(10))])
    assert refusal.value.key == "programme.order"
    with pytest.raises(Refused) as refusal:
        item(time(11), time(11))
    assert refusal.value.key == "programme.reversed"
    with pytest.raises(Refused) as refusal:
        ProgrammeItem(time(11), {"ky": " "})
    assert refusal.value.key == "programme.nameless"
    assert [one.key for one in check_programme([item(time(10), time(11)), item(time(10, 30))])] == ["programme.overlap"]


def test_participants_are_adults_of_a_possible_age() -> None:
    assert [one.key for one in review_participant(Attendance(age=17))] == ["participant.minor"]
    assert review_participant(Attendance(age=18)) == review_participant(Attendance()) == ()
    assert review_participant(Attendance(ParticipantRole.MINUTES_KEEPER, age=17)) == ()
    with pytest.raises(Refused) as refusal:
        review_participant(Attendance(age=121))
    assert refusal.value.key == "group.age_impossible"


def test_a_list_has_no_more_names_than_people_were_counted() -> None:
    people = [Attendance(sex=Sex.FEMALE), Attendance(sex=Sex.MALE), Attendance(ParticipantRole.FACILITATOR, Sex.FEMALE)]
    assert review_list(people, HeadCount(2, 1)) == ()
    assert [one.key for one in review_list(people, HeadCount(1, 0))] == [
        "participant.more_names",
        "participant.more_women_names",
    ]
    assert review_list(people, HeadCount()) == ()


def test_years_of_a_note_are_possible_and_in_order() -> None:
    check_years(-1200, 1928)
    for years, key in (((2200, None), "profile.year"), ((1950, 1940), "profile.years_reversed")):
        with pytest.raises(Refused) as refusal:
            check_years(*years)
        assert refusal.value.key == key


# DOMAIN.md section 2: the project's five groups of figures for 2012-2015, in the place of five kinds of event.
REPORTED = dict(zip(EventKind, [(22500, 8049), (490, 120), (203, 25), (5100, 1526), (2725, 1791)], strict=True))


def test_the_reported_figures_give_both_shares() -> None:
    table = participation_table([EventCount(kind, *counts) for kind, counts in REPORTED.items()], for_public=True)
    assert round(table.mean_of_shares_percent or 0, 1) == 33.6
    assert round(table.pooled_percent or 0, 1) == 37.1
    assert [round(row.women_percent or 0) for row in table.rows] == [36, 24, 12, 30, 66]


def test_the_public_cannot_reckon_a_small_count_from_the_sums() -> None:
    events = [
        EventCount(EventKind.SESSION, 22, 12),
        EventCount(EventKind.SESSION, 20, 3),
        EventCount(EventKind.HEARING, 60, 58),
    ]
    whole = participation_table(events, for_public=False)
    assert [(row.participants, row.women) for row in whole.rows] == [(42, 15), (60, 58)]
    told = participation_table(events, for_public=True)
    assert [(row.events, row.counted, row.participants, row.women) for row in told.rows] == [
        (2, 1, 22, 12),
        (1, 0, 0, 0),
    ]
    assert told.women == 12
    assert told.rows[1].women_percent is None


def test_what_nobody_counted_is_no_share() -> None:
    table = participation_table([EventCount(EventKind.SESSION, None, None)], for_public=False)
    assert (table.rows[0].events, table.rows[0].counted, table.pooled_percent) == (1, 0, None)
    assert participation_table([], for_public=True).rows == ()
