"""The gallery of problems: walls of events, priorities of villages and municipalities, merges and their undoing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.rest.texts import StorableText
from api.routes.access import Reader, Store, Who
from geo.domain.gallery.likeness import ENOUGH
from geo.domain.gallery.ranking import Ranked
from geo.domain.gallery.stability import What
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Forbidden
from geo.gallery import PriorityList, RankStability
from geo.i18n import Language
from geo.services.gallery_merging import (
    find_merge,
    merge_problems,
    municipality_of_merge,
    undo_merge,
)
from geo.services.gallery_reading import (
    event_gallery,
    list_stability,
    municipality_priorities,
    priority_counts,
    settlement_priorities,
)
from geo.services.gallery_suggestions import suggest_merges

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["gallery"])

Cycle = Annotated[UUID | None, Query(description="Of which cycle; without, the newest.")]
Year = Annotated[int | None, Query(ge=1990, le=2200, description="Of which year; without, the newest.")]
Most = Annotated[int, Query(ge=1, le=1000, description="Most pairs named; the most alike come first.")]
Least = Annotated[float, Query(ge=0.3, le=1, description="Score from which a pair is named.")]


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StatementRead(_Read):
    """What an event said, in its own words."""

    id: UUID
    problem_id: UUID
    event_id: UUID
    settlement_id: UUID
    wording: str
    votes: int
    competence: str | None


class GalleryLineRead(_Read):
    """A statement in the order of votes; ties share a rank."""

    statement: StatementRead
    rank: int
    is_tied: bool
    problem_id: UUID = Field(description="The village's problem that its votes count for.")
    title: str


class EventGalleryRead(_Read):
    """The wall of one event."""

    event_id: UUID
    settlement_id: UUID
    held_on: date
    participants: int | None
    votes: int
    most_votes: int | None = Field(description="Five for each participant.")
    lines: list[GalleryLineRead]


class PriorityLineRead(_Read):
    """A problem on the list; ties share a rank, and the first five with ties are priorities."""

    problem_id: UUID
    version: int | None
    level: ProblemLevel
    title: str
    competence: str | None
    votes: int
    rank: int
    is_tied: bool
    is_priority: bool
    by_settlement: dict[UUID, int]
    statements: list[StatementRead]


class PriorityListRead(_Read):
    """The problems of a village or a municipality in one cycle."""

    level: ProblemLevel
    municipality_id: UUID
    settlement_id: UUID | None
    cycle_id: UUID
    year: int
    votes: int
    lines: list[PriorityLineRead]


class MergeForm(BaseModel):
    """Problems that are the same one."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "example": {
                "problem_ids": ["01a20004-b16b-71b2-bc71-6bcda59b6453", "01a20004-b16b-71b2-bc71-6bcda59b6454"],
                "title": "Ички жолдор начар",
                "reason": "Эки айылда тең ошол эле жол",
                "level": "municipality",
            }
        },
    )

    id: UUID | None = Field(default=None, description="UUIDv7 of the writer's making: sent again it is the same merge.")
    problem_ids: list[UUID] = Field(min_length=1, max_length=1000)
    reason: StorableText = Field(max_length=5000)
    into_id: UUID | None = Field(default=None, description="A problem that is there; without, a new one is made.")
    title: StorableText = Field(default="", max_length=2000, description="Of the new problem.")
    level: ProblemLevel = Field(default=ProblemLevel.SETTLEMENT, description="Of the new problem.")
    competence: str | None = Field(default=None, max_length=20, description="Of the new problem.")
    versions: dict[UUID, int] = Field(default_factory=dict, description="Versions of the problems that were seen.")


class UndoForm(BaseModel):
    """Why a merge is taken back."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: StorableText = Field(default="", max_length=5000)
    version: int | None = Field(default=None, description="Version of the merge that was seen.")


class MergeRead(_Read):
    """The decision that problems are the same one."""

    id: UUID
    version: int
    into_id: UUID
    into_title: str
    problem_ids: list[UUID]
    level: ProblemLevel
    reason: str
    decided_by: str
    decided_at: datetime
    undone_at: datetime | None
    undone_by: str
    undone_reason: str
    votes: int = Field(description="Of the problem that they were put into, as it stands now.")


class SuggestionRead(BaseModel):
    """Two problems that might be the same."""

    first_id: UUID
    first_title: str
    second_id: UUID
    second_title: str
    level: ProblemLevel = Field(description="At which level they would be merged.")
    score: float
    distance_m: float | None
    reasons: list[str]


class RankedRead(BaseModel):
    """A problem at its rank."""

    problem_id: UUID
    title: str
    votes: int
    rank: int


class NamedProblem(BaseModel):
    """A problem by its title."""

    problem_id: UUID
    title: str


class MovedRead(NamedProblem):
    """A priority at another rank."""

    before: int
    after: int


class RemovalRead(BaseModel):
    """The priorities without one merge or one event."""

    what: What
    id: UUID
    changes_priorities: bool
    changes_order: bool
    top: list[RankedRead]
    entered: list[NamedProblem]
    left: list[NamedProblem]
    moved: list[MovedRead]


class StabilityRead(BaseModel):
    """Whether the priorities hold whatever one merge or event is taken away."""

    cycle_id: UUID
    year: int
    is_stable: bool
    top: list[RankedRead]
    removals: list[RemovalRead]


class PriorityCountRead(_Read):
    """In how many places a matter is a priority."""

    competence: str
    places: int
    rank: int
    is_tied: bool
    place_ids: list[UUID]


@router.get("/events/{event_id}/gallery", summary="The wall of an event")
def read_event_gallery(event_id: UUID, store: Store, actor: Who) -> EventGalleryRead:
    """List an event's statements in the order of votes, ties as ties."""
    with store.read() as session:
        return EventGalleryRead.model_validate(event_gallery(session, event_id, actor))


@router.get("/settlements/{settlement_id}/priorities", summary="The problems of a village by votes")
def read_settlement_priorities(settlement_id: UUID, store: Store, actor: Who, cycle: Cycle = None) -> PriorityListRead:
    """List a village's problems, like ones merged, the first five marked as priorities."""
    with store.read() as session:
        return PriorityListRead.model_validate(settlement_priorities(session, settlement_id, actor, cycle_id=cycle))


@router.get("/municipalities/{municipality_id}/priorities", summary="The problems of a municipality by votes")
def read_municipality_priorities(
    municipality_id: UUID, store: Store, actor: Who, year: Year = None
) -> PriorityListRead:
    """List the problems of all villages of a municipality, merged over them, the first five marked as priorities."""
    with store.read() as session:
        return PriorityListRead.model_validate(municipality_priorities(session, municipality_id, actor, year=year))


@router.get("/settlements/{settlement_id}/merge-suggestions", summary="What might be the same problem in a village")
def read_settlement_suggestions(
    settlement_id: UUID,
    *,
    store: Store,
    actor: Who,
    language: Reader,
    cycle: Cycle = None,
    least: Least = ENOUGH,
    limit: Most = 1000,
) -> list[SuggestionRead]:
    """Name pairs of a village's problems that are alike, with the reasons. Nothing is merged by itself."""
    with store.read() as session:
        _require_somewhere(actor)
        listed = settlement_priorities(session, settlement_id, actor, cycle_id=cycle)
        return _suggestions(session, listed, actor, language, least=least, limit=limit)


@router.get(
    "/municipalities/{municipality_id}/merge-suggestions", summary="What might be the same problem over the villages"
)
def read_municipality_suggestions(
    municipality_id: UUID,
    *,
    store: Store,
    actor: Who,
    language: Reader,
    year: Year = None,
    least: Least = ENOUGH,
    limit: Most = 1000,
) -> list[SuggestionRead]:
    """Name pairs of a municipality's problems that are alike, with the reasons. Nothing is merged by itself."""
    with store.read() as session:
        _require_somewhere(actor)
        listed = municipality_priorities(session, municipality_id, actor, year=year)
        return _suggestions(session, listed, actor, language, least=least, limit=limit)


@router.get("/settlements/{settlement_id}/rank-stability", summary="Do the priorities of a village hold")
def read_settlement_stability(settlement_id: UUID, store: Store, actor: Who, cycle: Cycle = None) -> StabilityRead:
    """Say whether other problems would be the first without one merge or one event, and which."""
    with store.read() as session:
        listed = settlement_priorities(session, settlement_id, actor, cycle_id=cycle)
        return _stability(list_stability(session, listed, actor))


@router.get("/municipalities/{municipality_id}/rank-stability", summary="Do the priorities of a municipality hold")
def read_municipality_stability(municipality_id: UUID, store: Store, actor: Who, year: Year = None) -> StabilityRead:
    """Say whether other problems would be the first without one merge or one event, and which."""
    with store.read() as session:
        listed = municipality_priorities(session, municipality_id, actor, year=year)
        return _stability(list_stability(session, listed, actor))


@router.get("/priority-counts", summary="In how many places a matter is a priority")
def read_priority_counts(
    store: Store,
    actor: Who,
    by: ProblemLevel = ProblemLevel.MUNICIPALITY,
    year: Annotated[int | None, Query(ge=1990, le=2200)] = None,
    municipality: UUID | None = None,
) -> list[PriorityCountRead]:
    """Count the municipalities or villages that have each local matter among their priorities."""
    with store.read() as session:
        found = priority_counts(session, actor, by=by, year=year, municipality_id=municipality)
        return [PriorityCountRead.model_validate(one) for one in found]


@router.post("/problem-merges", summary="Merge problems", status_code=status.HTTP_201_CREATED)
def create_merge(form: MergeForm, store: Store, actor: Who) -> MergeRead:
    """Decide that problems are the same one: their votes count together from now on, their wordings stay.

    Of two who merge the same problem, the second is told with 409.
    """
    _require_somewhere(actor)
    with store.write(actor=actor.ledger_name) as session:
        named = [*form.problem_ids, *([form.into_id] if form.into_id else [])]
        _require(actor, municipality_of_merge(session, named))
        made = merge_problems(
            session,
            form.problem_ids,
            reason=form.reason,
            into_id=form.into_id,
            title=form.title,
            level=form.level,
            competence=form.competence,
            versions=form.versions,
            merge_id=form.id,
        )
        return MergeRead.model_validate(made)


@router.post("/problem-merges/{merge_id}/undo", summary="Undo a merge")
def create_undo(merge_id: UUID, form: UndoForm, store: Store, actor: Who) -> MergeRead:
    """Take out again what a merge put in; other merges, earlier or later, keep what they put in themselves."""
    _require_somewhere(actor)
    with store.write(actor=actor.ledger_name) as session:
        found = find_merge(session, merge_id, actor=actor)
        _require(actor, municipality_of_merge(session, [found.into_id]))
        return MergeRead.model_validate(undo_merge(session, merge_id, reason=form.reason, version=form.version))


def _require_somewhere(actor: Actor) -> None:
    # Whoever may decide nothing anywhere learns nothing about what there is.
    if actor.municipalities(Action.CHANGE, Subject.PROBLEMS) == frozenset():
        raise Forbidden("access.not_allowed")


def _require(actor: Actor, municipality_id: UUID) -> None:
    if not is_allowed(Action.CHANGE, Subject.PROBLEMS, actor, municipality_id):
        raise Forbidden("access.not_allowed")


def _suggestions(
    session: Session, listed: PriorityList, actor: Actor, language: Language, *, least: float, limit: int
) -> list[SuggestionRead]:
    _require(actor, listed.municipality_id)
    return [
        SuggestionRead(
            first_id=one.first_id,
            first_title=one.first_title,
            second_id=one.second_id,
            second_title=one.second_title,
            level=one.level,
            score=one.score,
            distance_m=one.distance_m,
            reasons=[reason(language) for reason in one.reasons],
        )
        for one in suggest_merges(session, listed, least=least)[:limit]
    ]


def _stability(found: RankStability) -> StabilityRead:
    def ranked(top: tuple[Ranked[UUID], ...]) -> list[RankedRead]:
        return [
            RankedRead(problem_id=one.key, title=found.titles[one.key], votes=one.votes, rank=one.rank) for one in top
        ]

    def named(problems: tuple[UUID, ...]) -> list[NamedProblem]:
        return [NamedProblem(problem_id=one, title=found.titles[one]) for one in problems]

    return StabilityRead(
        cycle_id=found.list.cycle_id,
        year=found.list.year,
        is_stable=found.stability.is_stable,
        top=ranked(found.stability.top),
        removals=[
            RemovalRead(
                what=one.what,
                id=one.id,
                changes_priorities=one.changes_priorities,
                changes_order=one.changes_order,
                top=ranked(one.top),
                entered=named(one.entered),
                left=named(one.left),
                moved=[
                    MovedRead(
                        problem_id=moved.problem,
                        title=found.titles[moved.problem],
                        before=moved.before,
                        after=moved.after,
                    )
                    for moved in one.moved
                ],
            )
            for one in found.stability.removals
        ],
    )
