"""Setting how far an activity has come; every entry stays (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.identifiers import new_id
from geo.domain.plan.periods import check_not_ahead, period
from geo.domain.plan.progress import StatusEntry, add_entry, standing_history
from geo.domain.plan_codes import ActivityStage
from geo.domain.rights import LOCAL, Action, Actor, Subject
from geo.domain.territory import DatePrecision
from geo.errors import Conflict
from geo.i18n import Text
from geo.models import Activity, ActivityStatus
from geo.repositories.plans import PlanRepository
from geo.services.microprojects import check_microprojects
from geo.services.plan_history import HistoryLine, entry_of, history_of

__all__ = ["StatusSet", "begin_history", "set_status"]


@dataclass(frozen=True, slots=True)
class StatusSet:
    """Where an activity is after an entry was written."""

    entry_id: UUID
    status: ActivityStage
    since: date
    precision: DatePrecision
    version: int
    """Of the activity."""
    history: tuple[HistoryLine, ...]
    warnings: tuple[Text, ...]


def begin_history(session: Session, activity: Activity, *, today: date) -> None:
    """Write the first entry of a new activity's history; nothing happens where there is one.

    Raises
    ------
    Refused
        The date of its stage lies ahead.
    """
    if PlanRepository(session).history(activity.id):
        return
    since = activity.status_since or today
    check_not_ahead(since, activity.status_precision, today=today)
    session.add(
        ActivityStatus(
            activity_id=activity.id,
            municipality_id=activity.municipality_id,
            status=activity.status,
            since=since,
            precision=activity.status_precision,
            set_by=session.info[ACTOR],
        )
    )
    session.flush()


def set_status(
    session: Session,
    activity_id: UUID,
    *,
    stage: ActivityStage,
    since: date,
    precision: DatePrecision = DatePrecision.DAY,
    note: str = "",
    corrects_id: UUID | None = None,
    actor: Actor = LOCAL,
    today: date,
    entry_id: UUID | None = None,
) -> StatusSet:
    """Write an entry of an activity's history.

    Parameters
    ----------
    stage, since, precision
        What it is from when on; a date known to the month or year may be any day of it.
    note
        Why, or by which paper.
    corrects_id
        An entry in whose place this one shall stand.
    actor
        Who sets it.
    today
        No stage begins after it.
    entry_id
        UUIDv7 of the entry where the writer gave one; sent again it is met and nothing is written.

    Raises
    ------
    Conflict
        Another entry has this id.
    NotFound
        There is no such activity for this actor, or it has no such entry.
    Forbidden
        The actor may not change plans there.
    Refused
        The entry does not fit the history (`geo.domain.plan.progress.add_entry`), or the steps of the microproject
        that the activity is.
    """
    repository = PlanRepository(session, actor)
    activity = repository.held(Activity, activity_id, Action.CHANGE, Subject.PLANS)
    rows = repository.history(activity_id)
    written = [entry_of(row) for row in rows]
    new = StatusEntry(entry_id or new_id(), stage, period(since, precision).first, precision, corrects_id)
    met = next((row for row in rows if row.id == entry_id), None)
    if met is not None:
        # The answer was lost on the way: the entry stands where it stood.
        if (entry_of(met), met.note) != (new, note.strip()):
            raise Conflict("record.exists", id=entry_id)
        return _set(new, activity, rows, ())
    warnings = add_entry(written, new, today=today)
    session.add(
        ActivityStatus(
            id=new.id,
            activity_id=activity_id,
            municipality_id=activity.municipality_id,
            published_at=activity.published_at,
            status=new.stage,
            since=new.since,
            precision=precision,
            set_by=session.info[ACTOR],
            note=note.strip(),
            corrects_id=corrects_id,
        )
    )
    last = standing_history([*written, new])[-1]
    activity.status, activity.status_since, activity.status_precision = last.stage, last.since, last.precision
    session.flush()
    microproject = repository.microproject_of(activity_id)
    if microproject is not None:
        warnings += check_microprojects(session, [microproject])
    return _set(new, activity, repository.history(activity_id), warnings)


def _set(
    entry: StatusEntry, activity: Activity, rows: Sequence[ActivityStatus], warnings: tuple[Text, ...]
) -> StatusSet:
    last = standing_history([entry_of(row) for row in rows])[-1]
    return StatusSet(entry.id, last.stage, last.since, last.precision, activity.version, history_of(rows), warnings)
