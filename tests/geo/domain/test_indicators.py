"""Progress of indicators, told honestly, and exit polls that give nobody away."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.attendance import Sex
from geo.domain.disclosure import LEAST_SHOWN
from geo.domain.monitoring.exit_poll import Answer, HalfYear, Kept, check_answer, printed, summary
from geo.domain.monitoring.indicators import Measured, Yardstick, check_yardstick, progress, review_yardstick
from geo.domain.monitoring_codes import AgeBand, Direction, IndicatorState, Measure, PollAspect
from geo.errors import Refused

DAY = date(2015, 5, 1)


def distance(baseline: float | None = 800, target: float | None = 200) -> Yardstick:
    """Distance to the water source: less is better."""
    return Yardstick(Measure.NUMBER, Direction.LOWER, baseline, 2013, target, 2015)


def trees(baseline: float | None = 0, target: float | None = 12_000) -> Yardstick:
    return Yardstick(Measure.NUMBER, Direction.HIGHER, baseline, 2013, target, 2015)


@pytest.mark.parametrize(
    ("yardstick", "value", "state", "share", "remaining"),
    [
        (trees(), 3_000, IndicatorState.ON_THE_WAY, 0.25, 9_000),
        (trees(), 12_000, IndicatorState.REACHED, 1.0, 0),
        (trees(), 15_000, IndicatorState.BEYOND, 1.25, 0),
        (trees(), 0, IndicatorState.UNCHANGED, 0.0, 12_000),
        (trees(100, 200), 50, IndicatorState.WORSE, -0.5, 150),
        (distance(), 350, IndicatorState.ON_THE_WAY, 0.75, 150),
        (distance(), 200, IndicatorState.REACHED, 1.0, 0),
        (distance(), 50, IndicatorState.BEYOND, 1.25, 0),
        (distance(), 1100, IndicatorState.WORSE, -0.5, 900),
        # Keep what there is: nothing to go, so no share; no worse is enough.
        (trees(40, 40), 40, IndicatorState.REACHED, None, 0),
        (trees(40, 40), 45, IndicatorState.BEYOND, None, 0),
        (trees(40, 40), 35, IndicatorState.WORSE, None, 5),
        (distance(40, 40), 45, IndicatorState.WORSE, None, 5),
        # A target worse than the baseline gives no share either.
        (trees(40, 30), 35, IndicatorState.BEYOND, None, 0),
        (trees(40, 30), 20, IndicatorState.WORSE, None, 10),
        # Without baseline or target only what is known is said.
        (trees(None, 100), 60, IndicatorState.NOT_REACHED, None, 40),
        (trees(None, 100), 100, IndicatorState.REACHED, None, 0),
        (trees(10, None), 60, IndicatorState.ON_THE_WAY, None, None),
        (trees(10, None), 10, IndicatorState.UNCHANGED, None, None),
    ],
)
def test_progress(
    yardstick: Yardstick, value: float, state: IndicatorState, share: float | None, remaining: float | None
) -> None:
    found = progress(yardstick, [Measured(DAY, value)])
    assert found.state is state
    assert found.share == (None if share is None else pytest.approx(share))
    assert found.remaining == (None if remaining is None else pytest.approx(remaining))


def test_without_values_nothing_is_claimed() -> None:
    found = progress(trees(), [])
    assert (found.state, found.share, found.latest, found.remaining) == (IndicatorState.NO_VALUES, None, None, None)


def test_the_latest_value_counts_whatever_the_order() -> None:
    values = [Measured(date(2015, 5, 1), 6_000), Measured(date(2014, 5, 1), 9_000), Measured(date(2015, 5, 1), 3_000)]
    assert progress(trees(), values).latest == values[2]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(Direction))
def test_mirrored_numbers_with_the_other_direction_say_the_same(
    baseline: float, target: float, value: float, direction: Direction
) -> None:
    other = Direction.LOWER if direction is Direction.HIGHER else Direction.HIGHER
    here = progress(Yardstick(Measure.NUMBER, direction, baseline, None, target), [Measured(DAY, value)])
    there = progress(Yardstick(Measure.NUMBER, other, -baseline, None, -target), [Measured(DAY, -value)])
    assert (here.state, here.remaining) == (there.state, there.remaining)
    assert here.share == there.share


def test_yardsticks_that_measure_nothing_are_refused_and_doubtful_ones_told() -> None:
    with pytest.raises(Refused):
        check_yardstick(trees(math.nan))
    with pytest.raises(Refused):
        check_yardstick(Yardstick(Measure.NUMBER, Direction.HIGHER, 1, 2016, 2, 2015))
    assert [said.key for said in review_yardstick(trees(None, None))] == [
        "indicator.no_baseline",
        "indicator.no_target",
    ]
    assert [said.key for said in review_yardstick(trees(40, 30))] == ["indicator.target_worse"]
    assert review_yardstick(distance()) == ()
    percent = Yardstick(Measure.PERCENT, Direction.HIGHER, 40, 2013, 140, 2015)
    assert [said.key for said in review_yardstick(percent)] == ["indicator.percent_outside"]


def answer(
    points: int = 4,
    *,
    sex: Sex | None = Sex.FEMALE,
    age: AgeBand | None = AgeBand.FROM_22,
    unofficial: int | None = 0,
    result: bool | None = True,
) -> Answer:
    scores = dict.fromkeys(PollAspect, points)
    return Answer(scores, result, 100, unofficial, 50, sex, age)


@pytest.mark.parametrize("points", [0, 6, -1])
def test_scores_are_1_to_5(points: int) -> None:
    with pytest.raises(Refused):
        check_answer(answer(points))
    with pytest.raises(Refused):
        check_answer(answer(unofficial=-1))
    with pytest.raises(Refused):
        check_answer(Answer({}))
    check_answer(answer(5))


def test_people_with_a_role_see_all_of_it() -> None:
    found = summary([answer(5), answer(2, unofficial=500, result=False)], is_public=False)
    assert found.count == 2
    assert found.means[PollAspect.STAFF] == 3.5
    assert (found.with_result, found.without_result, found.paid_unofficially) == (1, 1, 1)
    assert found.mean_unofficial_som == 250


def test_the_public_is_told_nothing_of_a_few() -> None:
    found = summary([answer(5)] * 4, is_public=True)
    assert found.count is None
    assert set(found.means.values()) == {None}
    assert found.with_result is found.mean_official_som is None
    assert all(cell.count is None for cell in found.cells)


def test_one_who_paid_is_not_found_by_subtraction() -> None:
    found = summary([*[answer()] * 9, answer(unofficial=2_000, result=False)], is_public=True)
    assert found.count == 10
    assert found.paid_unofficially is found.mean_unofficial_som is None
    assert found.with_result is found.without_result is None
    assert found.mean_official_som == 100


@given(
    st.lists(
        st.builds(
            answer,
            sex=st.sampled_from([*Sex, None]),
            age=st.sampled_from([*AgeBand, None]),
            unofficial=st.sampled_from([None, 0, 300]),
            result=st.sampled_from([None, True, False]),
        ),
        max_size=60,
    )
)
def test_hidden_cells_do_not_follow_from_the_total(answers: list[Answer]) -> None:
    found = summary(answers, is_public=True)
    shown = [cell.count for cell in found.cells if cell.count is not None]
    hidden = len(found.cells) - len(shown)
    assert all(count >= LEAST_SHOWN for count in shown)
    if hidden and found.count is not None:
        rest = found.count - sum(shown)
        assert rest >= LEAST_SHOWN
        # One cell alone would be the rest itself.
        assert hidden > 1 or not shown


AUTUMN = HalfYear(2014, 2)


def kept(*entered: date, withdrawn: date | None = None) -> list[Kept]:
    return [Kept(answer(number), date(2014, 11, 20), day, withdrawn) for number, day in enumerate(entered, start=1)]


def test_a_table_is_made_at_the_end_of_the_half_year_by_which_five_had_answered() -> None:
    five = kept(*[date(2014, 12, 1)] * 4, date(2015, 3, 1))
    assert printed(five, AUTUMN, today=date(2015, 6, 30)) is None
    table = printed(five, AUTUMN, today=date(2015, 7, 1))
    assert table is not None and len(table) == 5
    later = [*five, *kept(date(2015, 7, 2))]
    assert printed(later, AUTUMN, today=date(2016, 1, 1)) == table
    gone = [replace(five[0], withdrawn_on=date(2015, 7, 2)), *five[1:]]
    assert printed(gone, AUTUMN, today=date(2016, 1, 1)) == table
    too_soon = [replace(five[0], withdrawn_on=date(2015, 6, 1)), *five[1:]]
    assert printed(too_soon, AUTUMN, today=date(2016, 1, 1)) is None
    assert printed(five, HalfYear(2015, 1), today=date(2016, 1, 1)) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), max_size=14), st.integers(0, 60))
def test_a_table_that_was_read_stays_as_it_is(answers: list[tuple[int, int]], months: int) -> None:
    """Whatever comes or goes later, the table that was read once is read again."""

    def moment(after: int) -> date:
        return date(2014 + (10 + after) // 12, (10 + after) % 12 + 1, 15)

    everything = [
        Kept(answer(number % 5 + 1), date(2014, 11, 10), moment(came), moment(came + stayed) if stayed else None)
        for number, (came, stayed) in enumerate(answers)
    ]
    today = moment(months)
    known = [
        replace(one, withdrawn_on=None if one.withdrawn_on and one.withdrawn_on > today else one.withdrawn_on)
        for one in everything
        if one.entered_on <= today
    ]
    read = printed(known, AUTUMN, today=today)
    if read is not None:
        assert len(read) >= LEAST_SHOWN
        assert printed(everything, AUTUMN, today=date(2030, 1, 1)) == read
