"""What was voted and what was merged, as values: votes are counted along the merges, never moved.

Every statement has a problem of its own, and a merge puts problems into another one. So the votes of a problem are
those of its own statements and of everything that was put into it, and the list of a village or of the municipality is
made of the problems that are in no other one. Undoing a merge takes out again what it put in, together with all that
had been put into that; other merges, earlier or later, keep what they put in themselves. The order of undoing makes no
difference, and no vote is ever lost: whatever is merged or undone, the votes of a list add up to those of the notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from geo.domain.problems import ProblemLevel
from geo.errors import Conflict, NotFound, Refused

__all__ = ["Book", "BookProblem", "BookStatement"]


@dataclass(frozen=True, slots=True)
class BookProblem:
    """A problem.

    Parameters
    ----------
    id
        Its id.
    level
        Whose list it stands on.
    cycle
        The municipality's year it belongs to.
    settlement
        Its village; None at the level of the municipality.
    into
        The problem that it was merged into.
    title, competence
        What it is called and who may deal with it.
    """

    id: UUID
    level: ProblemLevel
    cycle: UUID
    settlement: UUID | None = None
    into: UUID | None = None
    title: str = ""
    competence: str | None = None


@dataclass(frozen=True, slots=True)
class BookStatement:
    """A statement of an event with its votes."""

    id: UUID
    problem: UUID
    event: UUID
    settlement: UUID
    votes: int
    competence: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Problems and statements; merging and undoing make a new book."""

    problems: Mapping[UUID, BookProblem]
    statements: tuple[BookStatement, ...]

    def head(self, problem: UUID, level: ProblemLevel) -> UUID:
        """Return the problem that stands on the list for another one: itself, or what it was merged into at last.

        On a village's list the merges of the municipality do not count.
        """
        while (into := self.problems[problem].into) is not None:
            if level is ProblemLevel.SETTLEMENT and self.problems[into].level is ProblemLevel.MUNICIPALITY:
                break
            problem = into
        return problem

    def tally(self, level: ProblemLevel, *, settlement: UUID | None = None) -> dict[UUID, int]:
        """Count the votes of a list, by its problems in the order in which their first statements came.

        Parameters
        ----------
        level
            Whose list.
        settlement
            One village only.
        """
        votes: Counter[UUID] = Counter()
        for one in self.statements:
            if settlement is None or one.settlement == settlement:
                votes[self.head(one.problem, level)] += one.votes
        return dict(votes)

    def votes(self) -> dict[UUID, int]:
        """Count the votes of every problem that has any: its own, and those of what was put into it."""
        found: Counter[UUID] = Counter()
        for one in self.statements:
            for problem in self.path(one.problem):
                found[problem] += one.votes
        return dict(found)

    def under(self, problem: UUID) -> tuple[BookStatement, ...]:
        """Return the statements that count for a problem: its own, and those of what was put into it."""
        return tuple(one for one in self.statements if problem in self.path(one.problem))

    def competence(self, problem: UUID, seen: Collection[UUID]) -> str | None:
        """Return who may deal with a problem; as the first statement under it says where it is none of those seen."""
        if problem in seen:
            return self.problems[problem].competence
        return next((one.competence for one in self.under(problem)), None)

    def path(self, problem: UUID) -> tuple[UUID, ...]:
        """Return a problem and what it was merged into, the last one at the end."""
        path = [problem]
        while (into := self.problems[path[-1]].into) is not None:
            path.append(into)
        return tuple(path)

    def check_merge(self, parts: Collection[UUID], into: UUID) -> None:
        """Make sure that problems can be put into another one.

        Raises
        ------
        NotFound
            One of them is not in the book.
        Conflict
            One of them was put into another problem before.
        Refused
            There is nothing to merge, or they are of different cycles, villages or the wrong levels.
        """
        for problem in (*parts, into):
            if problem not in self.problems:
                raise NotFound("problem.unknown", id=problem)
        target = self.problems[into]
        if not parts or into in parts:
            raise Refused("merge.too_few")
        if self.head(into, target.level) != into:
            raise Conflict("merge.merged_already", title=target.title, by="—")
        for part in (self.problems[one] for one in parts):
            if part.into is not None:
                raise Conflict("merge.merged_already", title=part.title, by="—")
            if part.cycle != target.cycle:
                raise Refused("merge.other_cycle")
            if target.level is ProblemLevel.SETTLEMENT:
                if part.level is ProblemLevel.MUNICIPALITY:
                    raise Refused("merge.level_reversed", title=part.title)
                if part.settlement != target.settlement:
                    raise Refused("merge.other_village", title=part.title)

    def merged(self, parts: Collection[UUID], into: UUID) -> Book:
        """Return the book after problems were put into another one; see `check_merge` for what is refused."""
        self.check_merge(parts, into)
        return self._linked(dict.fromkeys(parts, into))

    def undone(self, parts: Iterable[UUID]) -> Book:
        """Return the book after problems were taken out of what they had been put into."""
        return self._linked(dict.fromkeys(parts))

    def without_event(self, event: UUID) -> Book:
        """Return the book as if an event had not been held."""
        return replace(self, statements=tuple(one for one in self.statements if one.event != event))

    def _linked(self, links: Mapping[UUID, UUID | None]) -> Book:
        changed = {one: replace(self.problems[one], into=into) for one, into in links.items()}
        return replace(self, problems={**self.problems, **changed})
