"""Composition of groups and steps of microprojects, compared with the method (DOMAIN.md sections 2, 8, 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from geo.domain.attendance import Sex
from geo.domain.plan.groups import Member, StatedNumbers, review_group
from geo.domain.plan.microprojects import MicroprojectFacts, check_microproject, steps_of
from geo.domain.plan_codes import GroupKind, MicroprojectStep, Standing
from geo.domain.territory import DatePrecision
from geo.errors import Refused

VILLAGES = [uuid4() for _ in range(4)]
ORDER = date(2014, 5, 16)


def people(women: int, men: int, *, villages: list[UUID] = VILLAGES, **more: object) -> list[Member]:
    sexes = [Sex.FEMALE] * women + [Sex.MALE] * men
    return [
        Member(sex, villages[at % len(villages)], **more)  # type: ignore[arg-type]
        for at, sex in enumerate(sexes)
    ]


def warned(kind: GroupKind, members: list[Member], **more: object) -> set[str]:
    found = review_group(kind, members, **{"villages": VILLAGES, "confirmed_on": ORDER, **more})  # type: ignore[arg-type]
    return {warning.key for warning in found.warnings}


def test_an_initiative_group() -> None:
    assert warned(GroupKind.INITIATIVE, people(5, 6)) == set()
    assert warned(GroupKind.INITIATIVE, people(0, 6)) == {"people_group.no_women"}
    assert warned(GroupKind.INITIATIVE, people(6, 0)) == {"people_group.no_men"}
    assert warned(GroupKind.INITIATIVE, people(2, 4, villages=VILLAGES[:3])) == {"people_group.villages_missing"}
    assert warned(GroupKind.INITIATIVE, people(3, 3), confirmed_on=None) == {"people_group.not_confirmed"}
    assert warned(GroupKind.INITIATIVE, []) == {"people_group.empty"}
    found = review_group(GroupKind.INITIATIVE, people(2, 1), villages=VILLAGES)
    assert found.villages_missing == (VILLAGES[3],)


def test_a_working_group_keeps_its_exact_share() -> None:
    assert warned(GroupKind.WORKING, people(3, 7)) == set()
    assert warned(GroupKind.WORKING, people(2, 5)) == {"working_group.one_sided"}
    assert warned(GroupKind.WORKING, people(2, 3)) == {"working_group.small"}
    unknown = [*people(2, 3), Member()]
    assert warned(GroupKind.WORKING, unknown) == {"people_group.sex_unknown"}


def monitors(community: int, local_government: int, council: int, women: int = 3) -> list[Member]:
    standing = [Standing.COMMUNITY] * community + [Standing.LOCAL_GOVERNMENT] * local_government
    standing += [Standing.COUNCIL] * council
    return [Member(Sex.FEMALE if at < women else Sex.MALE, VILLAGES[at % 4], one) for at, one in enumerate(standing)]


def test_a_monitoring_group() -> None:
    assert warned(GroupKind.MONITORING, monitors(5, 1, 1)) == set()
    assert warned(GroupKind.MONITORING, monitors(4, 1, 1)) == {
        "people_group.monitoring_size",
        "people_group.few_community",
    }
    assert warned(GroupKind.MONITORING, monitors(5, 2, 0)) == {
        "people_group.one_local_government",
        "people_group.one_council",
    }
    assert warned(GroupKind.MONITORING, monitors(6, 1, 1)) == {"people_group.monitoring_size"}
    assert warned(GroupKind.MONITORING, monitors(5, 1, 1, women=0)) == {"people_group.no_women"}


def test_more_villages_want_more_monitors() -> None:
    villages = [uuid4() for _ in range(8)]
    members = [replace(one, settlement_id=villages[at]) for at, one in enumerate(monitors(6, 1, 1))]
    assert warned(GroupKind.MONITORING, members, villages=villages) == set()


def committee(women: int, men: int) -> list[Member]:
    members = people(women, men)
    return [replace(members[0], is_young=True), replace(members[1], is_poor_household=True), *members[2:]]


def test_an_investment_committee() -> None:
    assert warned(GroupKind.INVESTMENT_COMMITTEE, committee(2, 4)) == set()
    assert warned(GroupKind.INVESTMENT_COMMITTEE, committee(1, 5)) == {"people_group.committee_few_women"}
    assert warned(GroupKind.INVESTMENT_COMMITTEE, committee(2, 3)) == {"people_group.committee_small"}
    assert warned(GroupKind.INVESTMENT_COMMITTEE, people(3, 3)) == {
        "people_group.committee_no_young",
        "people_group.committee_no_poor",
    }


def test_a_mobiliser_may_not_be_in_a_committee_and_may_be_elsewhere() -> None:
    members = [*committee(2, 4), Member(Sex.FEMALE, VILLAGES[0], Standing.MOBILISER)]
    with pytest.raises(Refused) as refused:
        review_group(GroupKind.INVESTMENT_COMMITTEE, members)
    assert refused.value.key == "people_group.mobiliser"
    review_group(GroupKind.WORKING, members)


def test_numbers_of_a_paper_count_while_there_is_no_list() -> None:
    found = review_group(
        GroupKind.INITIATIVE, [], villages=VILLAGES, stated=StatedNumbers(490, 120), confirmed_on=ORDER
    )
    assert (found.members, found.women, found.men, found.from_list) == (490, 120, 370, False)
    assert found.warnings == ()
    only_members = review_group(GroupKind.INITIATIVE, [], stated=StatedNumbers(11), confirmed_on=ORDER)
    assert (only_members.members, only_members.women, only_members.warnings) == (11, None, ())
    with pytest.raises(Refused):
        StatedNumbers(5, 6)


WHOLE = MicroprojectFacts(
    first_meeting_on=date(2014, 3, 1),
    committee_kind=GroupKind.INVESTMENT_COMMITTEE,
    committee_on=date(2014, 3, 1),
    second_meeting_on=date(2014, 4, 1),
    community_gave=True,
    parties=("АӨ", "Айылдык комитет", "АРИС"),
    agreed_on=date(2014, 5, 1),
    work_begun_on=date(2014, 6, 1),
    completed_on=date(2014, 9, 1),
)


def test_steps_come_in_order() -> None:
    assert check_microproject(WHOLE) == ()
    assert [one.step for one in steps_of(WHOLE)] == list(MicroprojectStep)
    assert all(one.is_taken for one in steps_of(WHOLE))
    assert check_microproject(MicroprojectFacts()) == ()


def test_a_month_holds_every_day_of_it() -> None:
    begun = {"work_begun_on": date(2014, 5, 1), "begun_precision": DatePrecision.MONTH}
    assert check_microproject(replace(WHOLE, agreed_on=date(2014, 5, 20), **begun)) == ()
    with pytest.raises(Refused) as refused:
        check_microproject(replace(WHOLE, agreed_on=date(2014, 6, 1), **begun))
    assert refused.value.key == "microproject.step_before"
    # What is known to the month hides no wrong order of the days beside it.
    with pytest.raises(Refused):
        check_microproject(replace(WHOLE, agreed_on=date(2014, 5, 20), completed_on=date(2014, 5, 10), **begun))


def test_a_step_passed_over_is_warned_about() -> None:
    warnings = check_microproject(replace(WHOLE, second_meeting_on=None, community_gave=False))
    assert [str(warning.params["step"]) for warning in warnings] == ["second_meeting", "contribution"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"committee_kind": GroupKind.WORKING}, "microproject.no_committee"),
        ({"parties": ("АӨ", "Комитет")}, "microproject.three_parties"),
        ({"parties": ("АӨ", "АӨ ", "ав", "аӨ")}, "microproject.three_parties"),
        ({"second_meeting_on": date(2014, 2, 1)}, "microproject.step_before"),
        ({"agreed_on": date(2014, 3, 2)}, "microproject.step_before"),
        ({"completed_on": date(2014, 5, 30)}, "microproject.step_before"),
    ],
)
def test_what_contradicts_the_order_is_refused(change: dict[str, object], key: str) -> None:
    with pytest.raises(Refused) as refused:
        check_microproject(replace(WHOLE, **change))  # type: ignore[arg-type]
    assert refused.value.key == key
