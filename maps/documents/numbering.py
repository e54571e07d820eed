"""Numbers of problems and activities in papers: the tables and the maps beside them take them from here alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from geo.snapshots import ActivitySnapshot, CycleSnapshot, PlanSnapshot, ProblemSnapshot

__all__ = ["answer_numbers", "by_votes", "goal_numbers", "plan_numbers", "rank_numbers", "running_numbers", "standing"]


def by_votes(problems: Iterable[ProblemSnapshot]) -> list[ProblemSnapshot]:
    """Return problems in the order of the table of votes, most votes first."""
    return sorted(problems, key=lambda one: -one.votes)


def running_numbers(listed: Iterable[ProblemSnapshot | ActivitySnapshot]) -> dict[UUID, str]:
    """Return 1, 2, 3, … in the order of a list."""
    return {one.id: str(number) for number, one in enumerate(listed, start=1)}


def rank_numbers(problems: Iterable[ProblemSnapshot]) -> dict[UUID, str]:
    """Return the places of the priorities; those that share a place share its number."""
    return {one.id: str(one.rank) for one in problems if one.is_priority and one.rank is not None}


def plan_numbers(plan: PlanSnapshot) -> dict[UUID, str]:
    """Return the numbers of a plan's activities: goal, task and place in it; the place alone outside the goals."""
    numbers = {
        activity.id: f"{goal_at}.{task_at}.{place}"
        for goal_at, goal in enumerate(plan.goals, start=1)
        for task_at, task in enumerate(goal.tasks, start=1)
        for place, activity in enumerate(task.activities, start=1)
    }
    return numbers | running_numbers(plan.other_activities)


def goal_numbers(plan: PlanSnapshot) -> dict[UUID, str]:
    """Return the numbers of the problems that a plan answers; the first of those that one has."""
    numbers: dict[UUID, str] = {}
    for number, goal in enumerate(plan.goals, start=1):
        if goal.problem_id is not None:
            numbers.setdefault(goal.problem_id, str(number))
    return numbers


def answer_numbers(cycle: CycleSnapshot, problems: Sequence[ProblemSnapshot]) -> dict[UUID, str]:
    """Return running numbers of the activities that answer problems, in the order of the problems."""
    answers = {one.id: one for problem in problems for one in cycle.activities_for(problem)}
    return running_numbers(answers.values())


def standing(cycle: CycleSnapshot | None, settlement_id: UUID | None) -> list[ActivitySnapshot]:
    """Return the activities whose standing a monitoring report lists: of the village and for everybody, or all."""
    listed = cycle.plan.activities if cycle and cycle.plan else ()
    return [one for one in listed if settlement_id is None or one.settlement_id in (None, settlement_id)]
