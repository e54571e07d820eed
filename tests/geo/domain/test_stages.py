"""How far a year is: counts and what is missing, by the rules alone."""

from __future__ import annotations

import pytest

from geo.domain.stages import SessionDeeds, Stage, StageState, YearDeeds, next_step, stage_progress

WHOLE = SessionDeeds("18–35", features=20, unplaced=0, circles=5, shares=6, votes=30, is_published=True)
EMPTY = SessionDeeds("56+", features=0, unplaced=0, circles=0, shares=0, votes=0, is_published=False)
DONE = YearDeeds(
    sessions=(WHOLE, WHOLE, WHOLE),
    priorities=("Суу", "Жол"),
    has_plan=True,
    plan_is_published=True,
    under_way=("Түтүк",),
)


def told(deeds: YearDeeds) -> dict[Stage, tuple[int, int, StageState, str]]:
    """Return every stage as numbers, state and the key of what is missing."""
    return {one.stage: (one.done, one.of, one.state, one.next.key if one.next else "") for one in stage_progress(deeds)}


def test_a_year_where_everything_is_recorded_is_done() -> None:
    stages = stage_progress(DONE)
    assert [one.stage for one in stages] == list(Stage)
    assert {one.state for one in stages} == {StageState.DONE}
    assert next_step(stages) is None


def test_a_year_that_has_not_begun_asks_for_the_first_session() -> None:
    stages = stage_progress(YearDeeds(missing_groups=("18–35", "36–55", "56+")))
    assert {one.state for one in stages} == {StageState.OPEN}
    first = next_step(stages)
    assert first is not None and first.next is not None
    assert (first.stage, first.of, first.next.key) == (Stage.MAP, 3, "year.next.no_session")


def test_a_group_that_has_not_met_is_missing_at_every_stage_of_sessions() -> None:
    found = told(YearDeeds(sessions=(WHOLE, WHOLE), missing_groups=("56+",)))
    for stage in (Stage.MAP, Stage.VENN, Stage.BREAD, Stage.PROBLEMS):
        assert found[stage] == (2, 3, StageState.BEGUN, "year.next.group_missing")


@pytest.mark.parametrize(
    ("stage", "key"),
    [
        (Stage.MAP, "year.next.no_map"),
        (Stage.VENN, "year.next.no_venn"),
        (Stage.BREAD, "year.next.no_bread"),
        (Stage.PROBLEMS, "year.next.no_votes"),
    ],
)
def test_the_group_of_which_nothing_is_recorded_is_named(stage: Stage, key: str) -> None:
    stages = {one.stage: one for one in stage_progress(YearDeeds(sessions=(WHOLE, EMPTY)))}
    missing = stages[stage].next
    assert missing is not None
    assert (missing.key, missing.params) == (key, {"group": "56+"})


def test_a_sheet_that_is_not_placed_keeps_the_map_from_being_done() -> None:
    waiting = SessionDeeds("36–55", features=9, unplaced=1, circles=1, shares=1, votes=1, is_published=True)
    assert told(YearDeeds(sessions=(waiting,)))[Stage.MAP] == (1, 1, StageState.BEGUN, "year.next.unplaced")


def test_causes_and_plan_are_counted_by_the_priorities() -> None:
    deeds = YearDeeds(
        sessions=(WHOLE,), priorities=("Суу", "Жол", "Мектеп"), unanalysed=("Жол",), unanswered=("Суу", "Жол")
    )
    found = told(deeds)
    assert found[Stage.CAUSES] == (2, 3, StageState.BEGUN, "year.next.no_causes")
    assert found[Stage.PLAN] == (0, 3, StageState.OPEN, "year.next.no_plan")


def test_work_under_way_is_to_be_visited_and_records_to_be_shown() -> None:
    deeds = YearDeeds(sessions=(WHOLE, EMPTY), has_plan=True, under_way=("Түтүк", "Чатыр"), unvisited=("Чатыр",))
    found = told(deeds)
    assert found[Stage.MONITORING] == (1, 2, StageState.BEGUN, "year.next.unvisited")
    assert found[Stage.REPORT] == (1, 3, StageState.BEGUN, "year.next.unpublished")
