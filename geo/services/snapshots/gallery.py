"""The gallery of a cycle: the lists of the villages and of the municipality with all that hangs on their problems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from geo.domain.problems import ProblemLevel
from geo.gallery import PriorityLine, Statement
from geo.models import CauseAnalysis, Problem
from geo.services.gallery_reading import Wall
from geo.services.snapshots.reader import Reader
from geo.snapshots import CausesSnapshot, PlanSnapshot, ProblemSnapshot, StatementSnapshot

__all__ = ["Problems", "read_problems"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problems:
    """Of the villages, each village's most votes first, and of the municipality."""

    villages: tuple[ProblemSnapshot, ...]
    municipality: tuple[ProblemSnapshot, ...]


def read_problems(reader: Reader, settlement_ids: Iterable[UUID], plan: PlanSnapshot | None) -> Problems:
    """Return the problems in the order of their votes; one without a statement stands on no list.

    Parameters
    ----------
    settlement_ids
        Villages in the order of their lists; others with votes come after them.
    plan
        By which it is known where activities are.
    """
    wall = Wall(reader.session, reader.cycle.id, reader.actor)
    hanging = _Hanging.of(reader, wall, plan)
    voted = (one.settlement_id for one in wall.statements)
    villages: list[ProblemSnapshot] = []
    for village in dict.fromkeys((*settlement_ids, *voted)):
        villages += _listed(wall, reader, hanging, ProblemLevel.SETTLEMENT, village)
    return Problems(tuple(villages), tuple(_listed(wall, reader, hanging, ProblemLevel.MUNICIPALITY, None)))


def _listed(
    wall: Wall, reader: Reader, hanging: _Hanging, level: ProblemLevel, village: UUID | None
) -> list[ProblemSnapshot]:
    return [_problem(wall, hanging, line) for line in wall.list(reader.cycle, level, village).lines]


def _problem(wall: Wall, hanging: _Hanging, line: PriorityLine) -> ProblemSnapshot:
    problem = wall.problems[line.problem_id]
    under = hanging.under[problem.id]
    merged = [one for one in under if one != problem.id]
    return ProblemSnapshot(
        id=problem.id,
        level=problem.level,
        title=line.title,
        settlement_id=problem.settlement_id,
        votes=line.votes,
        rank=line.rank,
        is_tied=line.is_tied,
        is_priority=line.is_priority,
        competence=line.competence,
        statements=tuple(map(_statement, line.statements)),
        merged_titles=tuple(filter(None, map(wall.title, merged))),
        merge_reasons=_of(hanging.reasons, under),
        causes=_of(hanging.causes, under),
        # Of a problem that is not for the reader, the place is not either.
        geometry=problem.geometry if problem.id in wall.seen else None,
        feature_ids=_of(hanging.features, under),
        activity_ids=hanging.activities_for(wall, problem, under),
    )


@dataclass(frozen=True, slots=True)
class _Hanging:
    """What hangs on problems, by the problem."""

    under: Mapping[UUID, list[UUID]]
    """Itself, and what was merged into it at any depth."""
    causes: Mapping[UUID, list[CausesSnapshot]]
    reasons: Mapping[UUID, list[str]]
    features: Mapping[UUID, list[UUID]]
    answers: Mapping[UUID, list[UUID]]
    villages: Mapping[UUID, UUID | None]
    """Of the activities."""

    @classmethod
    def of(cls, reader: Reader, wall: Wall, plan: PlanSnapshot | None) -> _Hanging:
        under: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for one in wall.problems:
            for above in wall.book.path(one):
                under[above].append(one)
        return cls(
            under=under,
            causes=_by_problem((one.problem_id, _causes(one)) for one in reader.rows.causes()),
            reasons=_by_problem(reader.rows.merge_reasons()),
            features=_by_problem(reader.rows.problem_features()),
            answers=_by_problem(reader.rows.answers()),
            villages={one.id: one.settlement_id for one in plan.activities} if plan else {},
        )

    def activities_for(self, wall: Wall, problem: Problem, under: Collection[UUID]) -> tuple[UUID, ...]:
        """Return the activities that answer a problem, what was merged into it, or what it was merged into.

        Of the last only those that are of its own village or of all: a pump in the next village is no answer.
        """
        found = list(_of(self.answers, under))
        for above in wall.book.path(problem.id)[1:]:
            found += [
                one
                for one in self.answers.get(above, ())
                if one in self.villages and self.villages[one] in (None, problem.settlement_id)
            ]
        return tuple(dict.fromkeys(found))


def _of(by_problem: Mapping[UUID, list[T]], problems: Iterable[UUID]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for one in problems for value in by_problem.get(one, ())))


def _by_problem(pairs: Iterable[tuple[UUID, T]]) -> dict[UUID, list[T]]:
    found: defaultdict[UUID, list[T]] = defaultdict(list)
    for problem_id, value in pairs:
        found[problem_id].append(value)
    return dict(found)


def _statement(one: Statement) -> StatementSnapshot:
    return StatementSnapshot(one.id, one.event_id, one.settlement_id, one.wording, one.votes, one.competence)


def _causes(one: CauseAnalysis) -> CausesSnapshot:
    return CausesSnapshot(
        id=one.id,
        event_id=one.event_id,
        description=one.description,
        causes=tuple(one.causes or ()),
        effects_seen=tuple(one.effects_seen or ()),
        effects_to_come=tuple(one.effects_to_come or ()),
        solutions=tuple(one.solutions or ()),
        contribution_ao=one.contribution_ao,
        contribution_ak=one.contribution_ak,
        contribution_community=one.contribution_community,
        contribution_others=one.contribution_others,
        solvable_by=one.solvable_by,
    )
