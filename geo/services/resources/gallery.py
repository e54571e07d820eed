"""Statements, problems and cause analyses as records (DOMAIN.md sections 6 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.events import EventKind
from geo.domain.gallery.remedies import review_wording
from geo.domain.local_matters import Competence
from geo.domain.problems import ProblemLevel, Solvability
from geo.domain.rights import Action, Actor, Subject
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import AppraisalEvent, CauseAnalysis, Problem, ProblemDistinction, ProblemMerge, ProblemStatement
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.gallery import GalleryRepository
from geo.services.gallery_book import place_problems, read_book
from geo.services.gallery_votes import check_statement_votes
from geo.services.records.resource import Form, Resource, returns_alone
from geo.services.resources.plan_fields import return_with, withdraw_with

__all__ = [
    "RESOURCES",
    "CauseAnalysisForm",
    "ProblemDistinctionForm",
    "ProblemForm",
    "ProblemMergeForm",
    "ProblemStatementForm",
]


class ProblemStatementForm(Form):
    """A group of like notes on the wall."""

    event_id: UUID
    wording: str = Field(max_length=2_000)
    votes: int
    competence: str | None = None
    geometry: BaseGeometry | None = None


class ProblemForm(Form):
    """A problem on a list: what it is called, who may deal with it, and where it is."""

    title: str = Field(max_length=2_000)
    competence: str | None = None
    geometry: BaseGeometry | None = None


class ProblemMergeForm(Form):
    """A merge to read; it is made and undone by services of its own (`geo.services.gallery_merging`)."""

    into_id: UUID
    reason: str


class ProblemDistinctionForm(Form):
    """Two problems that are not the same one, however alike they sound: the pair is suggested no more."""

    first_id: UUID
    second_id: UUID
    reason: str = ""


class CauseAnalysisForm(Form):
    """A row of a focus group's table."""

    problem_id: UUID
    event_id: UUID | None = None
    description: str = ""
    causes: list[str] = Field(default_factory=list)
    effects_seen: list[str] = Field(default_factory=list)
    effects_to_come: list[str] = Field(default_factory=list)
    solutions: list[str] = Field(default_factory=list)
    contribution_ao: str = ""
    contribution_ak: str = ""
    contribution_community: str = ""
    contribution_others: str = ""
    solvable_by: Solvability | None = None


def _statement_owner(session: Session, statement: ProblemStatement) -> UUID:
    """Return the municipality of the event's cycle; a new statement gets its village and a problem of its own."""
    repository = GalleryRepository(session)
    event = AppraisalRepository(session).event(statement.event_id)
    municipality_id = repository.cycle(event.cycle_id).municipality_id
    statement.settlement_id = event.settlement_id
    statement.municipality_id = municipality_id
    if inspect(statement).dict.get("problem_id") is None:
        statement.problem_id = _own_problem(session, statement, event).id
    else:
        _keep_up(repository.problem(statement.problem_id), statement)
    return municipality_id


def _own_problem(session: Session, statement: ProblemStatement, event: AppraisalEvent) -> Problem:
    problem = Problem(
        municipality_id=statement.municipality_id,
        level=ProblemLevel.SETTLEMENT,
        cycle_id=event.cycle_id,
        settlement_id=event.settlement_id,
        title=statement.wording,
        competence=statement.competence,
        geometry=statement.geometry,
    )
    session.add(problem)
    session.flush()  # the statement refers to it, and nothing but the order says so
    return problem


def _keep_up(problem: Problem, statement: ProblemStatement) -> None:
    """Let a problem follow its statement where nobody has called it otherwise."""
    state = inspect(statement)
    for own, field in (("title", "wording"), ("competence", "competence")):
        before = state.attrs[field].history.deleted
        if before and getattr(problem, own) == before[0]:
            setattr(problem, own, getattr(statement, field))


def _check_statement(session: Session, statement: ProblemStatement) -> tuple[Text, ...]:
    if not statement.wording.strip():
        raise Refused("gallery.wording_empty")
    if statement.votes < 0:
        raise Refused("gallery.votes_negative", votes=statement.votes)
    if statement.competence is not None:
        statement.competence = Competence.from_code(statement.competence).code
    with session.no_autoflush:
        event = check_statement_votes(session, statement.event_id, statement.id, statement.votes)
    found: list[Text] = []
    if event.kind is not EventKind.SESSION:
        found.append(Text("gallery.not_a_session", {}))
    if event.participants is None:
        found.append(Text("gallery.participants_unknown", {}))
    return (*found, *review_wording(statement.wording))


def _place_statement(session: Session, statement: ProblemStatement) -> None:
    problem = GalleryRepository(session).problem(statement.problem_id)
    if problem.merged_into_id is not None or problem.geometry != statement.geometry:
        place_problems(session, problem.cycle_id, [problem.id])


def _unplace_statement(session: Session, statement: ProblemStatement) -> None:
    problem = GalleryRepository(session).problem(statement.problem_id)
    place_problems(session, problem.cycle_id, [problem.id], without=statement.id)


def _problem_owner(_session: Session, problem: Problem) -> UUID:
    return problem.municipality_id


def _check_problem(_session: Session, problem: Problem) -> tuple[Text, ...]:
    if not problem.title.strip():
        raise Refused("problem.no_title")
    if problem.competence is not None:
        problem.competence = Competence.from_code(problem.competence).code
    if inspect(problem).attrs.geometry.history.has_changes():
        problem.is_placed_by_hand = problem.geometry is not None
    return ()


def _place_problem(session: Session, problem: Problem) -> None:
    place_problems(session, problem.cycle_id, [problem.id])


def _leave_problem(session: Session, problem: Problem) -> None:
    """Let a problem be withdrawn only where no vote counts for it; its notes without votes go with it."""
    votes = sum(one.votes for one in read_book(session, problem.cycle_id).under(problem.id))
    if votes:
        raise Refused("problem.has_votes", title=problem.title, votes=votes)
    withdraw_with(session, problem, ProblemStatement.problem_id)


def _merge_owner(_session: Session, merge: ProblemMerge) -> UUID:
    return merge.municipality_id


def _parts(session: Session, merges: Sequence[ProblemMerge], actor: Actor) -> list[dict[str, Any]]:
    """Return the problems that each merge put into another one, of those that the reader may see."""
    sources = GalleryRepository(session).sources([one.id for one in merges], actor=actor)
    return [{"problem_ids": [str(source.problem_id) for source in sources.get(one.id, ())]} for one in merges]


def _distinction_owner(session: Session, distinction: ProblemDistinction) -> UUID:
    repository = GalleryRepository(session)
    pair = sorted((distinction.first_id, distinction.second_id))
    first, second = (repository.problem(one) for one in pair)
    if first.id == second.id:
        raise Refused("distinction.itself")
    if first.cycle_id != second.cycle_id:
        raise Refused("merge.other_cycle")
    distinction.first_id, distinction.second_id = pair
    distinction.decided_by = session.info[ACTOR]
    return first.municipality_id


def _check_distinction(session: Session, distinction: ProblemDistinction) -> tuple[Text, ...]:
    with session.no_autoflush:
        before = GalleryRepository(session).distinction(distinction.first_id, distinction.second_id)
    if before is not None and before.id != distinction.id:
        raise Conflict("distinction.exists", id=before.id)
    return ()


def _causes_owner(session: Session, analysis: CauseAnalysis) -> UUID:
    return GalleryRepository(session).problem(analysis.problem_id).municipality_id


def _check_causes(session: Session, analysis: CauseAnalysis) -> tuple[Text, ...]:
    found: list[Text] = []
    if analysis.event_id is not None:
        with session.no_autoflush:
            event = AppraisalRepository(session).event(analysis.event_id)
            problem = GalleryRepository(session).problem(analysis.problem_id)
        if event.cycle_id != problem.cycle_id:
            raise Refused("causes.other_cycle")
        if problem.settlement_id not in (None, event.settlement_id):
            raise Refused("causes.other_village")
        if event.kind not in (EventKind.FOCUS_GROUP, EventKind.PLANNING_MEETING):
            found.append(Text("causes.not_a_focus_group", {}))
    for field in ("causes", "effects_seen", "effects_to_come", "solutions"):
        setattr(analysis, field, [line.strip() for line in getattr(analysis, field) or [] if line.strip()])
    if not analysis.causes:
        found.append(Text("causes.no_causes", {}))
    if not analysis.effects_seen and not analysis.effects_to_come:
        found.append(Text("causes.no_effects", {}))
    if not analysis.solutions:
        found.append(Text("causes.no_solutions", {}))
    return tuple(found)


def _votes(session: Session, problems: Sequence[Problem], actor: Actor) -> list[dict[str, Any]]:
    """Return the votes that the reader may see for each problem, with those of what was merged into it."""
    votes = read_book(session, *{problem.cycle_id for problem in problems}, actor=actor).votes()
    return [{"votes": votes.get(problem.id, 0)} for problem in problems]


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="problem-statements",
        subject=Subject.PROBLEMS,
        model=ProblemStatement,
        form=ProblemStatementForm,
        owner=_statement_owner,
        check=_check_statement,
        settled=_place_statement,
        leaving=_unplace_statement,
        returning=returns_alone,
        filters=("event_id", "problem_id", "settlement_id", "competence"),
        sorts=("votes",),
        fixed=frozenset({"event_id"}),
        example={
            "event_id": "01a20004-b16b-71b2-bc71-6bcda59b6452",
            "wording": "Ичүүчү суу жетишсиз",
            "votes": 10,
            "competence": "4",
        },
    ),
    Resource(
        name="problems",
        subject=Subject.PROBLEMS,
        model=Problem,
        form=ProblemForm,
        owner=_problem_owner,
        check=_check_problem,
        settled=_place_problem,
        filters=("level", "cycle_id", "settlement_id", "merged_into_id", "competence"),
        sorts=("title",),
        leaving=_leave_problem,
        returning=lambda session, problem: return_with(session, problem, ProblemStatement.problem_id),
        actions=frozenset(Action) - {Action.CREATE},
        derive_for=_votes,
        example={"title": "Ичүүчү суу жетишсиз", "competence": "4"},
    ),
    Resource(
        name="problem-merges",
        subject=Subject.PROBLEMS,
        model=ProblemMerge,
        form=ProblemMergeForm,
        owner=_merge_owner,
        filters=("into_id", "undone_at"),
        sorts=("decided_at",),
        actions=frozenset({Action.READ, Action.PUBLISH}),
        private=frozenset({"decided_by", "undone_by"}),
        derive_for=_parts,
    ),
    Resource(
        name="problem-distinctions",
        subject=Subject.PROBLEMS,
        model=ProblemDistinction,
        form=ProblemDistinctionForm,
        owner=_distinction_owner,
        check=_check_distinction,
        filters=("first_id", "second_id"),
        # Another decision is another record.
        actions=frozenset({Action.READ, Action.CREATE, Action.WITHDRAW}),
        never_public=True,
        private=frozenset({"decided_by"}),
        example={
            "first_id": "01a20004-b16b-71b2-bc71-6bcda59b6453",
            "second_id": "01a20004-b16b-71b2-bc71-6bcda59b6454",
            "reason": "Улуулар ансамбль каалайт, жаштар интернет-клуб",
        },
    ),
    Resource(
        name="cause-analyses",
        subject=Subject.PROBLEMS,
        model=CauseAnalysis,
        form=CauseAnalysisForm,
        owner=_causes_owner,
        check=_check_causes,
        filters=("problem_id", "event_id", "solvable_by"),
        fixed=frozenset({"problem_id"}),
        example={
            "problem_id": "01a20004-b16b-71b2-bc71-6bcda59b6453",
            "description": "Балдар мектепке даяр эмес келет",
            "causes": ["Бала бакчанын имараты жок", "Тарбиячылар даярдалган эмес"],
            "effects_seen": ["Балдар мектепке кыйналып көнөт"],
            "effects_to_come": ["Начар окушат"],
            "solutions": ["Мектепте даярдоо классын ачуу"],
            "contribution_ao": "Имаратты оңдоо, тарбиячынын айлыгы",
            "contribution_community": "Кеңсе товарлары, тамак-аш",
            "contribution_others": "Мектеп: бөлмө жана окуу куралдары",
            "solvable_by": "community",
        },
    ),
)
