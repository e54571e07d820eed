"""Stages, approval and places of a plan: what may follow what."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.local_matters import LocalMatter
from geo.domain.plan.approval import ApprovedStep, check_path, next_step, standing_path
from geo.domain.plan.periods import Period, period
from geo.domain.plan.place import coverage_of, review_place
from geo.domain.plan.progress import NEXT_STAGES, StatusEntry, add_entry, standing_history
from geo.domain.plan.purposes import LOCAL_MATTERS
from geo.domain.plan_codes import ActivityStage, ApprovalStep, Coverage, Purpose
from geo.domain.territory import DatePrecision
from geo.errors import NotFound, Refused

TODAY = date(2015, 6, 1)
PLANNED, FUNDED, UNDER_WAY, DONE, STOPPED = ActivityStage


def entry(stage: ActivityStage, since: date = date(2014, 6, 1), **more: object) -> StatusEntry:
    return StatusEntry(uuid4(), stage, since, **more)  # type: ignore[arg-type]


def refusal(entries: list[StatusEntry], new: StatusEntry) -> str:
    with pytest.raises(Refused) as refused:
        add_entry(entries, new, today=TODAY)
    return refused.value.key


@pytest.mark.parametrize(("earlier", "later"), list(product(ActivityStage, ActivityStage)))
def test_every_transition_is_allowed_or_refused_as_stated(earlier: ActivityStage, later: ActivityStage) -> None:
    written = [entry(earlier)]
    if earlier is later:
        assert refusal(written, entry(later)) == "activity.same_stage"
    elif later in NEXT_STAGES[earlier]:
        add_entry(written, entry(later), today=TODAY)
    else:
        assert refusal(written, entry(later)) == "activity.stage_order"


def test_the_stated_transitions() -> None:
    assert NEXT_STAGES[PLANNED] == {FUNDED, UNDER_WAY, STOPPED}
    assert NEXT_STAGES[UNDER_WAY] == {DONE, STOPPED}
    assert NEXT_STAGES[DONE] == set()
    assert DONE not in NEXT_STAGES[STOPPED]


@pytest.mark.parametrize("stage", list(ActivityStage))
def test_a_history_may_begin_anywhere(stage: ActivityStage) -> None:
    assert add_entry([], entry(stage), today=TODAY) == ()


def test_dates_go_on_and_end_today() -> None:
    written = [entry(PLANNED, date(2014, 6, 10))]
    assert refusal(written, entry(FUNDED, date(2014, 6, 9))) == "activity.stage_before"
    assert refusal(written, entry(FUNDED, date(2015, 6, 2))) == "date.ahead"
    add_entry(written, entry(FUNDED, date(2014, 6, 10)), today=TODAY)


def test_a_month_may_be_any_of_its_days() -> None:
    written = [entry(PLANNED, date(2014, 6, 10))]
    add_entry(written, entry(FUNDED, date(2014, 6, 1), precision=DatePrecision.MONTH), today=TODAY)
    add_entry(written, entry(FUNDED, date(2014, 1, 1), precision=DatePrecision.YEAR), today=TODAY)
    month_before = entry(FUNDED, date(2014, 5, 1), precision=DatePrecision.MONTH)
    assert refusal(written, month_before) == "activity.stage_before"
    assert period(date(2016, 2, 9), DatePrecision.MONTH) == Period(date(2016, 2, 1), date(2016, 2, 29))
    assert period(date(2016, 2, 9), DatePrecision.YEAR) == Period(date(2016, 1, 1), date(2016, 12, 31))


def test_work_without_money_is_warned_about() -> None:
    warnings = add_entry([entry(PLANNED)], entry(UNDER_WAY), today=TODAY)
    assert [warning.key for warning in warnings] == ["activity.not_funded"]
    assert add_entry([entry(PLANNED), entry(FUNDED)], entry(UNDER_WAY), today=TODAY) == ()


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    planned, funded, begun = entry(PLANNED), entry(FUNDED, date(2014, 7, 1)), entry(UNDER_WAY, date(2014, 9, 1))
    written = [planned, funded, begun]
    fixed = entry(FUNDED, date(2014, 8, 1), corrects_id=funded.id)
    add_entry(written, fixed, today=TODAY)
    assert standing_history([*written, fixed]) == (planned, fixed, begun)
    late = entry(FUNDED, date(2014, 10, 1), corrects_id=funded.id)
    assert refusal(written, late) == "activity.stage_before"
    assert refusal([*written, fixed], entry(FUNDED, corrects_id=funded.id)) == "activity.corrected_already"
    with pytest.raises(NotFound):
        add_entry(written, entry(FUNDED, corrects_id=uuid4()), today=TODAY)


def test_an_entry_is_taken_back_by_repeating_the_stage_before() -> None:
    planned, begun, done = entry(PLANNED), entry(UNDER_WAY, date(2014, 7, 1)), entry(DONE, date(2014, 8, 1))
    back = entry(UNDER_WAY, date(2014, 8, 1), corrects_id=done.id)
    add_entry([planned, begun, done], back, today=TODAY)
    assert standing_history([planned, begun, done, back]) == (planned, begun)
    in_the_middle = entry(PLANNED, date(2014, 7, 1), corrects_id=begun.id)
    assert refusal([planned, begun, done], in_the_middle) == "activity.stage_order"


@given(st.lists(st.tuples(st.sampled_from(list(ActivityStage)), st.integers(0, 300), st.booleans()), max_size=12))
def test_whatever_is_accepted_stays_in_order(tried: list[tuple[ActivityStage, int, bool]]) -> None:
    written: list[StatusEntry] = []
    for stage, day, correcting in tried:
        corrected = written[-1].id if correcting and written else None
        new = entry(stage, date.fromordinal(date(2014, 1, 1).toordinal() + day), corrects_id=corrected)
        try:
            add_entry(written, new, today=TODAY)
        except Refused:
            continue
        written.append(new)
        history = standing_history(written)
        for one, following in pairwise(history):
            assert following.stage in NEXT_STAGES[one.stage]
            assert one.since <= following.since


PATH = [ApprovedStep(step, date(2014, 6, day)) for day, step in enumerate(ApprovalStep, 1)]


def test_the_path_is_walked_in_order() -> None:
    written: list[ApprovedStep] = []
    for step in PATH:
        assert next_step(written) is step.step
        for other in PATH:
            if other.step is not step.step and other not in written:
                assert path_refusal(written, other) == "plan.step_order"
        check_path(written, step, correcting=False, today=TODAY)
        written.append(step)
    assert next_step(written) is None
    assert path_refusal(written, PATH[2]) == "plan.step_taken"


def path_refusal(written: list[ApprovedStep], new: ApprovedStep, *, correcting: bool = False) -> str:
    with pytest.raises(Refused) as refused:
        check_path(written, new, correcting=correcting, today=TODAY)
    return refused.value.key


def test_steps_are_dated_in_order() -> None:
    early = ApprovedStep(ApprovalStep.ASSEMBLY, date(2014, 5, 31))
    assert path_refusal(PATH[:1], early) == "plan.step_before"
    check_path(PATH[:1], ApprovedStep(ApprovalStep.ASSEMBLY, date(2014, 6, 1)), correcting=False, today=TODAY)
    assert path_refusal(PATH[:1], ApprovedStep(ApprovalStep.ASSEMBLY, date(2016, 1, 1))) == "date.ahead"


def test_a_step_is_corrected_between_its_neighbours() -> None:
    moved = ApprovedStep(ApprovalStep.ASSEMBLY, date(2014, 6, 3))
    check_path(PATH, moved, correcting=True, today=TODAY)
    assert standing_path([*PATH, moved])[1] == moved
    assert path_refusal(PATH, ApprovedStep(ApprovalStep.ASSEMBLY, date(2014, 6, 4)), correcting=True) == (
        "plan.step_before"
    )
    assert path_refusal(PATH[:1], moved, correcting=True) == "plan.step_not_taken"


@pytest.mark.parametrize(
    ("shape", "coverage"),
    [("Point", Coverage.POINT), ("MultiLineString", Coverage.LINE), ("MultiPolygon", Coverage.AREA)],
)
def test_coverage_follows_from_the_shape(shape: str, coverage: Coverage) -> None:
    assert coverage_of(shape) is coverage
    assert review_place(coverage, shape, has_settlement=False, has_site=False) == ()


def test_a_place_that_contradicts_itself_is_refused() -> None:
    for coverage, shape, key in (
        (Coverage.LINE, "Polygon", "activity.shape_differs"),
        (Coverage.SETTLEMENT, "Point", "activity.shape_not_needed"),
        (Coverage.MUNICIPALITY, "Polygon", "activity.shape_not_needed"),
    ):
        with pytest.raises(Refused) as refused:
            review_place(coverage, shape, has_settlement=True, has_site=False)
        assert refused.value.key == key
    with pytest.raises(Refused):
        review_place(Coverage.SETTLEMENT, None, has_settlement=False, has_site=False)
    with pytest.raises(Refused):
        coverage_of("GeometryCollection")


def test_a_place_not_on_the_map_is_warned_about() -> None:
    (warning,) = review_place(Coverage.POINT, None, has_settlement=True, has_site=False)
    assert warning.key == "activity.no_place"
    assert review_place(Coverage.POINT, None, has_settlement=True, has_site=True) == ()
    assert review_place(Coverage.SETTLEMENT, None, has_settlement=True, has_site=False) == ()


def test_every_local_matter_has_a_purpose() -> None:
    assert set(LOCAL_MATTERS.values()) == set(LocalMatter)
    assert Purpose.IRRIGATION not in LOCAL_MATTERS
