"""The eight stages of a village's year as its pages go through them: what is done, what is missing, what is next.

A session counts for a stage as soon as something of that stage is recorded for it; the method asks for three sessions
(DOMAIN.md section 2), so a group that has not met is missing at each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.i18n import Text

__all__ = ["SessionDeeds", "Stage", "StageProgress", "StageState", "YearDeeds", "next_step", "stage_progress"]


class Stage(StrEnum):
    """A stage of the year."""

    MAP = "map"
    VENN = "venn"
    BREAD = "bread"
    PROBLEMS = "problems"
    CAUSES = "causes"
    PLAN = "plan"
    MONITORING = "monitoring"
    REPORT = "report"


class StageState(StrEnum):
    """How far a stage is."""

    DONE = "done"
    BEGUN = "begun"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a stage is, as so many of so many.

    Attributes
    ----------
    of
        0 where nothing can be counted yet.
    next
        What is missing, None where nothing is.
    """

    stage: Stage
    done: int
    of: int
    next: Text | None

    @property
    def state(self) -> StageState:
        """Whether it is done, begun or still to come."""
        if 0 < self.of <= self.done and self.next is None:
            return StageState.DONE
        return StageState.BEGUN if self.done else StageState.OPEN


@dataclass(frozen=True, slots=True)
class SessionDeeds:
    """What was recorded of one session.

    Attributes
    ----------
    group
        Who met, in the reader's words.
    unplaced
        Sheets that are not on the ground yet.
    """

    group: str
    features: int
    unplaced: int
    circles: int
    shares: int
    votes: int
    is_published: bool


@dataclass(frozen=True, slots=True)
class YearDeeds:
    """What was recorded of a village's year.

    Attributes
    ----------
    missing_groups
        Groups that the method asks for and that have not met, in the reader's words.
    priorities, unanalysed, unanswered
        Titles of the village's priorities, of those without causes, and of those that no activity answers.
    under_way, unvisited
        Titles of the activities that were begun, and of those of them that nobody has visited.
    """

    sessions: tuple[SessionDeeds, ...] = ()
    missing_groups: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    unanalysed: tuple[str, ...] = ()
    has_plan: bool = False
    plan_is_published: bool = False
    unanswered: tuple[str, ...] = ()
    under_way: tuple[str, ...] = ()
    unvisited: tuple[str, ...] = ()


def stage_progress(deeds: YearDeeds) -> tuple[StageProgress, ...]:
    """Say how far each stage is, in the order of the year.

    >>> [one.state.value for one in stage_progress(YearDeeds())][:2]
    ['open', 'open']
    """
    return (
        _map(deeds),
        _by_session(deeds, Stage.VENN, lambda one: one.circles, "year.next.no_venn"),
        _by_session(deeds, Stage.BREAD, lambda one: one.shares, "year.next.no_bread"),
        _by_session(deeds, Stage.PROBLEMS, lambda one: one.votes, "year.next.no_votes"),
        _of_priorities(deeds, Stage.CAUSES, deeds.unanalysed, "year.next.no_causes"),
        _plan(deeds),
        _monitoring(deeds),
        _report(deeds),
    )


def next_step(stages: Sequence[StageProgress]) -> StageProgress | None:
    """Return the first stage where something is missing, None where nothing is."""
    return next((one for one in stages if one.next is not None), None)


def _map(deeds: YearDeeds) -> StageProgress:
    waiting = next((one for one in deeds.sessions if one.unplaced), None)
    found = _by_session(deeds, Stage.MAP, lambda one: one.features, "year.next.no_map")
    if waiting is None:
        return found
    return StageProgress(Stage.MAP, found.done, found.of, Text("year.next.unplaced", {"group": waiting.group}))


def _by_session(deeds: YearDeeds, stage: Stage, count: Callable[[SessionDeeds], int], key: str) -> StageProgress:
    of = len(deeds.sessions) + len(deeds.missing_groups)
    lacking = [one.group for one in deeds.sessions if not count(one)]
    missing: Text | None = None
    if not deeds.sessions:
        missing = Text("year.next.no_session")
    elif lacking:
        missing = Text(key, {"group": lacking[0]})
    elif deeds.missing_groups:
        missing = Text("year.next.group_missing", {"group": deeds.missing_groups[0]})
    return StageProgress(stage, len(deeds.sessions) - len(lacking), of, missing)


def _of_priorities(deeds: YearDeeds, stage: Stage, lacking: Sequence[str], key: str) -> StageProgress:
    of = len(deeds.priorities)
    if not of:
        return StageProgress(stage, 0, 0, Text("year.next.no_priorities"))
    return StageProgress(stage, of - len(lacking), of, Text(key, {"problem": lacking[0]}) if lacking else None)


def _plan(deeds: YearDeeds) -> StageProgress:
    found = _of_priorities(deeds, Stage.PLAN, deeds.unanswered, "year.next.unanswered")
    if deeds.has_plan or not deeds.priorities:
        return found
    return StageProgress(Stage.PLAN, 0, found.of, Text("year.next.no_plan"))


def _monitoring(deeds: YearDeeds) -> StageProgress:
    of = len(deeds.under_way)
    if not of:
        return StageProgress(Stage.MONITORING, 0, 0, Text("year.next.none_under_way"))
    lacking = deeds.unvisited
    missing = Text("year.next.unvisited", {"activity": lacking[0]}) if lacking else None
    return StageProgress(Stage.MONITORING, of - len(lacking), of, missing)


def _report(deeds: YearDeeds) -> StageProgress:
    """Residents read what is published: each session's record, and the plan."""
    shown = sum(one.is_published for one in deeds.sessions) + deeds.plan_is_published
    of = len(deeds.sessions) + deeds.has_plan
    if not of:
        return StageProgress(Stage.REPORT, 0, 0, Text("year.next.nothing_to_report"))
    return StageProgress(
        Stage.REPORT, shown, of, Text("year.next.unpublished", {"count": of - shown}) if shown < of else None
    )
