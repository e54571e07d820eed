"""The bread of an event, written and read as a whole loaf."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.bread import BreadLine, BreadSum, check_bread, differences_percent
from geo.domain.names import fold
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Conflict, Forbidden
from geo.i18n import Language, text
from geo.models import AppraisalEvent, BudgetShare
from geo.models.base import now
from geo.repositories.bread import BreadRepository
from geo.repositories.records import RecordRepository
from geo.repositories.visibility import visible
from geo.snapshots import Names

__all__ = [
    "Bread",
    "NewSlice",
    "Slice",
    "check_event_bread",
    "event_bread",
    "event_differences",
    "replace_bread",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlice:
    """A line of the budget as it is handed in."""

    names: Names
    perceived_percent: float | None = None
    perceived_som: int | None = None
    actual_percent: float | None = None
    actual_som: int | None = None
    note: str = ""

    def line(self) -> BreadLine:
        """Return what the rules of the bread look at."""
        return BreadLine(
            self.names.best(Language.KY),
            self.perceived_percent,
            self.perceived_som,
            self.actual_percent,
            self.actual_som,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(NewSlice):
    """A line as it stands, with perceived minus actual in percentage points."""

    id: UUID
    difference_percent: float | None


@dataclass(frozen=True, slots=True)
class Bread:
    """A loaf; ``tag`` changes with every change of it."""

    event_id: UUID
    slices: tuple[Slice, ...]
    incomplete: bool
    sums: BreadSum
    tag: str


def event_bread(session: Session, event_id: UUID, *, actor: Actor) -> Bread:
    """Return the bread of an event as far as an actor may see it; without slices where none was written.

    Raises
    ------
    NotFound
        There is no such event, or it may not be seen.
    """
    event = _event(session, event_id, actor)
    shares = BreadRepository(session).shares(event_id, visible(BudgetShare, actor, Subject.BUDGET))
    return _bread(event, shares)


def event_differences(session: Session, event_ids: Collection[UUID]) -> dict[UUID, float | None]:
    """Return perceived minus actual share by id of the line, in percentage points, of all lines of events."""
    repository = BreadRepository(session)
    incomplete = repository.incomplete(event_ids)
    found: dict[UUID, float | None] = {}
    for event_id, shares in repository.shares_of(event_ids).items():
        lines = [_line(share) for share in shares]
        differences = differences_percent(lines, incomplete=event_id in incomplete)
        found |= {share.id: difference for share, difference in zip(shares, differences, strict=True)}
    return found


def check_event_bread(session: Session, event: AppraisalEvent) -> None:
    """Make sure that the bread of an event is what the event says of it: whole, or marked incomplete.

    To be asked whenever that mark is changed.

    Raises
    ------
    Refused
        It is called whole, and its shares do not sum to 100.
    """
    check_bread(
        [_line(share) for share in BreadRepository(session).shares(event.id)], incomplete=event.bread_incomplete
    )


def replace_bread(
    session: Session,
    event_id: UUID,
    slices: Sequence[NewSlice],
    *,
    actor: Actor,
    incomplete: bool = False,
    tag: str | None = None,
) -> Bread:
    """Write the whole bread of an event anew.

    A line with the same name keeps its row; one that is no longer there is withdrawn, not lost.

    Parameters
    ----------
    incomplete
        Whether the minutes do not have all slices.
    tag
        `Bread.tag` that the person saw; None takes what stands now.

    Raises
    ------
    NotFound
        There is no such event.
    Forbidden
        The actor may not write budget figures of its municipality.
    Refused
        The shares do not sum to 100, a line is empty or named twice.
    Conflict
        Somebody else changed the bread since.
    """
    event = _event(session, event_id, actor, to_change=True)
    repository = BreadRepository(session)
    municipality_id = repository.municipality_of(event)
    if not is_allowed(Action.CREATE, Subject.BUDGET, actor, municipality_id):
        raise Forbidden("access.not_allowed")
    standing = repository.shares(event_id)
    if tag is not None and tag != _tag(event, standing):
        raise Conflict("bread.changed_meanwhile")
    check_bread([one.line() for one in slices], incomplete=incomplete)
    by_name = {fold(_line(share).name): share for share in standing}
    for ordinal, one in enumerate(slices, start=1):
        share = by_name.pop(fold(one.line().name), None)
        if share is None:
            share = BudgetShare(event_id=event_id, municipality_id=municipality_id, published_at=event.published_at)
            session.add(share)
        _fill(share, one, ordinal)
    for share in by_name.values():
        share.withdrawn_at = now()
        share.withdrawn_by = session.info[ACTOR]
        share.withdrawn_reason = text("bread.replaced", Language.KY)
    if event.bread_incomplete != incomplete:
        event.bread_incomplete = incomplete
    session.flush()
    return _bread(event, repository.shares(event_id))


def _fill(share: BudgetShare, one: NewSlice, ordinal: int) -> None:
    values = {
        "ordinal": ordinal,
        "name_ky": one.names.ky,
        "name_ru": one.names.ru,
        "name_en": one.names.en,
        "perceived_percent": one.perceived_percent,
        "perceived_som": one.perceived_som,
        "actual_percent": one.actual_percent,
        "actual_som": one.actual_som,
        "note": one.note,
    }
    for name, value in values.items():
        if getattr(share, name) != value:
            setattr(share, name, value)


def _event(session: Session, event_id: UUID, actor: Actor, *, to_change: bool = False) -> AppraisalEvent:
    seen_by = visible(AppraisalEvent, actor, Subject.EVENTS)
    return RecordRepository(session, AppraisalEvent).one(event_id, seen_by, to_change=to_change)


def _bread(event: AppraisalEvent, shares: Sequence[BudgetShare]) -> Bread:
    lines = [_line(share) for share in shares]
    differences = differences_percent(lines, incomplete=event.bread_incomplete)
    return Bread(
        event_id=event.id,
        slices=tuple(_slice(share, difference) for share, difference in zip(shares, differences, strict=True)),
        incomplete=event.bread_incomplete,
        # A bread that is stored was whole when it was; an actor may see a part of it.
        sums=check_bread(lines, incomplete=True),
        tag=_tag(event, shares),
    )


def _slice(share: BudgetShare, difference: float | None) -> Slice:
    return Slice(
        id=share.id,
        names=Names(share.name_ky, share.name_ru, share.name_en),
        perceived_percent=share.perceived_percent,
        perceived_som=share.perceived_som,
        actual_percent=share.actual_percent,
        actual_som=share.actual_som,
        note=share.note,
        difference_percent=difference,
    )


def _line(share: BudgetShare) -> BreadLine:
    return BreadLine(
        share.name_ky or share.name_ru or share.name_en,
        share.perceived_percent,
        share.perceived_som,
        share.actual_percent,
        share.actual_som,
    )


def _tag(event: AppraisalEvent, shares: Sequence[BudgetShare]) -> str:
    told = [str(event.bread_incomplete), *(f"{share.id}:{share.version}" for share in shares)]
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:16]
