"""How far a village's year is, stage by stage, for what one actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.events import STANDARD_GROUPS
from geo.domain.gallery.book import Book
from geo.domain.gallery.ranking import rank, top
from geo.domain.plan_codes import ActivityStage
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Actor
from geo.domain.stages import SessionDeeds, StageProgress, YearDeeds, stage_progress
from geo.i18n import Language
from geo.repositories.gallery import GalleryRepository
from geo.repositories.stages import SessionRow, StageRepository
from geo.services.event_map import group_of

__all__ = ["village_progress"]

_BEGUN = (ActivityStage.UNDER_WAY, ActivityStage.DONE)


def village_progress(
    session: Session, settlement_id: UUID, cycle_id: UUID | None, language: Language, *, actor: Actor
) -> tuple[StageProgress, ...]:
    """Return how far each stage of a village's year is; nine statements, whatever is recorded.

    Parameters
    ----------
    cycle_id
        None before anything of that year is recorded.
    language
        Of the groups and titles in what is missing.
    """
    if cycle_id is None:
        return stage_progress(YearDeeds(missing_groups=_missing((), language)))
    rows = StageRepository(session, actor, cycle_id=cycle_id, settlement_id=settlement_id)
    sessions = rows.sessions()
    gallery = GalleryRepository(session)
    book = gallery.book(cycle_id, actor=actor)
    votes = book.tally(ProblemLevel.SETTLEMENT, settlement=settlement_id)
    first = [one.key for one in top(rank(votes)) if one.votes]
    seen = gallery.seen(cycle_id, actor=actor)
    titles = {one: book.problems[one].title if one in seen else "…" for one in first}
    analysed, answered = _settled(rows, book, first)
    plans = rows.plans()
    begun = [one for one in rows.activities() if one.status in _BEGUN]
    return stage_progress(
        YearDeeds(
            sessions=tuple(_deeds(one, language) for one in sessions),
            missing_groups=_missing(sessions, language),
            priorities=tuple(titles.values()),
            unanalysed=tuple(titles[one] for one in first if one not in analysed),
            has_plan=bool(plans),
            plan_is_published=any(one.published_at is not None for one in plans),
            unanswered=tuple(titles[one] for one in first if one not in answered),
            under_way=tuple(one.title for one in begun),
            unvisited=tuple(one.title for one in begun if one.last_visit is None),
        )
    )


def _settled(rows: StageRepository, book: Book, first: list[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Return which priorities have causes and which have an activity: their own, or of what they were merged with."""
    of = {one: {*book.path(one), *(said.problem for said in book.under(one))} for one in first}
    asked = {problem for family in of.values() for problem in family}
    analysed, answered = rows.analysed(asked), rows.answered(asked)
    return {one for one in first if of[one] & analysed}, {one for one in first if of[one] & answered}


def _deeds(row: SessionRow, language: Language) -> SessionDeeds:
    return SessionDeeds(
        group=group_of(row.event).label(language),
        features=row.features,
        unplaced=row.unplaced,
        circles=row.circles,
        shares=row.shares,
        votes=row.votes,
        is_published=row.event.published_at is not None,
    )


def _missing(sessions: Sequence[SessionRow], language: Language) -> tuple[str, ...]:
    """Return the groups that the method asks for and whose ages no session covers."""
    met = {(one.event.group_age_from, one.event.group_age_to) for one in sessions}
    return tuple(group.label(language) for group in STANDARD_GROUPS if (group.age_from, group.age_to) not in met)
