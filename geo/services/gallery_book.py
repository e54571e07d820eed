"""The gallery of a cycle as values to count with, and the places of problems that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.gallery.book import Book, BookProblem, BookStatement
from geo.domain.rights import LOCAL, Actor
from geo.models import Problem, ProblemStatement
from geo.repositories.gallery import GalleryRepository
from geo.spatial.gathering import gather

__all__ = ["book_of", "place_problems", "read_book"]


def read_book(session: Session, *cycle_ids: UUID, actor: Actor = LOCAL) -> Book:
    """Return the book of one or several cycles as it stands, with the statements that an actor may see."""
    return GalleryRepository(session).book(*cycle_ids, actor=actor)


def book_of(problems: Iterable[Problem], statements: Iterable[ProblemStatement]) -> Book:
    """Return rows as a book."""
    return Book(
        {
            one.id: BookProblem(
                one.id, one.level, one.cycle_id, one.settlement_id, one.merged_into_id, one.title, one.competence
            )
            for one in problems
        },
        tuple(
            BookStatement(one.id, one.problem_id, one.event_id, one.settlement_id, one.votes, one.competence)
            for one in statements
        ),
    )


def place_problems(session: Session, cycle_id: UUID, changed: Sequence[UUID], *, without: UUID | None = None) -> None:
    """Give problems, and those that they were merged into, the places of the statements that count for them.

    A place that somebody gave by hand stays. ``without`` names a statement that is about to be withdrawn.
    """
    repository = GalleryRepository(session)
    book = repository.book(cycle_id)
    touched = dict.fromkeys(above for one in changed for above in book.path(one))
    for problem in repository.some(list(touched)):
        if not problem.is_placed_by_hand:
            under = [one.id for one in book.under(problem.id) if one.id != without]
            found = gather(repository.shapes(under).values())
            if found != problem.geometry:
                problem.geometry = found
    session.flush()
