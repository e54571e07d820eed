"""An event with what was recorded in it: published together, taken back together, withdrawn together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.labels import label_text
from geo.domain.rights import Action, Actor, Subject, is_allowed, is_public_subject
from geo.errors import Forbidden, Refused
from geo.i18n import Language, Text, Texts, text
from geo.models import AppraisalEvent, MapFeature
from geo.models.base import now
from geo.repositories.event_contents import EventContentsRepository, kinds_of_contents
from geo.repositories.records import RecordRepository
from geo.repositories.territory import TerritoryRepository
from geo.repositories.visibility import subject_of, visible
from geo.services.gallery_book import place_problems

__all__ = [
    "EventPublished",
    "publish_event",
    "refuse_needed_feature",
    "refuse_needed_features",
    "unpublish_event",
    "withdraw_contents",
]

_NAMED = 10
"""Objects named in a message."""


@dataclass(frozen=True, slots=True)
class EventPublished:
    """An event after it was published or taken back, and how many rows of each table went with it."""

    event_id: UUID
    published_at: datetime | None
    version: int
    rows: dict[str, int]


def publish_event(session: Session, event_id: UUID, *, actor: Actor) -> EventPublished:
    """Show an event to the public with what was recorded in it: features, circles and ties, bread, notes, statements.

    Participant lists are never published. What the actor may not publish is left as it is.

    Raises
    ------
    NotFound
        There is no such event, or the actor may not see it.
    Forbidden
        The actor may not publish events of its municipality.
    """
    return _show(session, event_id, actor, now())


def unpublish_event(session: Session, event_id: UUID, *, actor: Actor) -> EventPublished:
    """Take an event and what was recorded in it back from the public; errors as in `publish_event`."""
    return _show(session, event_id, actor, None)


def _show(session: Session, event_id: UUID, actor: Actor, at: datetime | None) -> EventPublished:
    seen_by = visible(AppraisalEvent, actor, Subject.EVENTS)
    event = RecordRepository(session, AppraisalEvent).one(event_id, seen_by, to_change=True)
    municipality_id = TerritoryRepository(session).cycle_by_id(event.cycle_id).municipality_id
    if not is_allowed(Action.PUBLISH, Subject.EVENTS, actor, municipality_id):
        raise Forbidden("access.not_allowed")
    repository = EventContentsRepository(session)
    rows: dict[str, int] = {}
    for model in kinds_of_contents():
        subject = subject_of(model)
        if subject is None or not is_public_subject(subject):
            continue
        if not is_allowed(Action.PUBLISH, subject, actor, municipality_id):
            continue
        changed = [row for row in repository.rows(model, event_id) if (row.published_at is None) is (at is not None)]
        for row in changed:
            row.published_at = at
        if changed:
            rows[model.__tablename__] = len(changed)
    if (event.published_at is None) is (at is not None):
        event.published_at = at
    session.flush()
    if is_allowed(Action.PUBLISH, Subject.PROBLEMS, actor, municipality_id):
        _show_problems(repository, event_id, at)
    session.flush()
    return EventPublished(event.id, event.published_at, event.version, rows)


def _show_problems(repository: EventContentsRepository, event_id: UUID, at: datetime | None) -> None:
    """Let problems follow: shown with their first published statement, hidden with their last."""
    for problem in repository.problems_of(event_id):
        openly = repository.is_stated_openly(problem.id)
        if openly and problem.published_at is None:
            problem.published_at = at
        elif not openly and problem.published_at is not None:
            problem.published_at = None


def withdraw_contents(session: Session, event: AppraisalEvent) -> None:
    """Withdraw what was recorded in an event that is about to be withdrawn.

    Sheets and their photos stay, out of reach with their event.

    Raises
    ------
    Refused
        Something else still rests on it: a match of drawings, an activity's site, a visit, a link, a step of a plan's
        approval, a microproject.
    """
    repository = EventContentsRepository(session)
    kept = repository.resting_on(event.id)
    if kept:
        raise Refused("event.needed", kept=_told(kept))
    problems = [problem.id for problem in repository.problems_of(event.id)]
    for model in kinds_of_contents():
        for row in repository.rows(model, event.id):
            row.withdrawn_at = now()
            row.withdrawn_by = session.info[ACTOR]
            row.withdrawn_reason = text("event.withdrawn_with", Language.KY)
    session.flush()
    if problems:
        place_problems(session, event.cycle_id, problems)


def refuse_needed_feature(session: Session, feature: MapFeature) -> None:
    """Make sure that an object of the map can be withdrawn.

    Raises
    ------
    Refused
        Something rests on it: a confirmed match, a circle, a link to a problem, an activity's site, a visit.
    """
    kept = EventContentsRepository(session).resting_on_feature(feature.id)
    if kept:
        raise Refused("feature.needed", kept=_told(kept))


def refuse_needed_features(session: Session, features: Sequence[MapFeature]) -> None:
    """Make sure that objects of the map can be withdrawn; the message names those that cannot.

    Raises
    ------
    Refused
        See `refuse_needed_feature`.
    """
    repository = EventContentsRepository(session)
    needed = repository.needed_features([feature.id for feature in features])
    if not needed:
        return
    named = [one for one in features if one.id in needed][:_NAMED]
    kept: Counter[str] = Counter()
    for one in named:
        kept.update(repository.resting_on_feature(one.id))
    words = tuple(Text("event.named_object", {"kind": label_text(one.kind), "name": one.name_ky}) for one in named)
    raise Refused("feature.needed_named", objects=Texts(words), kept=_told(kept))


def _told(kept: Mapping[str, int]) -> Texts:
    return Texts(
        tuple(
            Text("event.kept_records", {"table": Text(f"table.{table}"), "number": number}, code=f"{table}: {number}")
            for table, number in sorted(kept.items())
        )
    )
