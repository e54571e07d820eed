"""Taking a sheet out of sight, with what was made from it, and putting both back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.rights import Action, Actor, Subject
from geo.errors import Refused
from geo.models import MapFeature, SketchSheet
from geo.models.base import now
from geo.repositories.sheets import SheetRepository
from geo.services.event_contents import refuse_needed_features
from geo.services.sheet_access import sheet_to_change

__all__ = ["WithdrawnSheet", "restore_sheet", "withdraw_sheet"]

_SHEETS: Final = ((Action.WITHDRAW, Subject.SHEETS),)
_WITH_FEATURES: Final = (*_SHEETS, (Action.WITHDRAW, Subject.FEATURES))


@dataclass(frozen=True, slots=True)
class WithdrawnSheet:
    """A sheet, and how many objects of the map left, or came back, with it."""

    sheet: SketchSheet
    features: int


def withdraw_sheet(
    session: Session,
    sheet_id: UUID,
    *,
    actor: Actor,
    seen: int | None,
    with_features: bool = False,
    reason: str = "",
) -> WithdrawnSheet:
    """Take a sheet out of sight; photo, placements and decisions stay in the store.

    Matches that are only proposed lose its drawings when the village is compared next.

    Parameters
    ----------
    session
        Of the transaction.
    sheet_id, actor, reason
        What is withdrawn by whom, and why.
    seen
        Version of the sheet that the actor saw; None takes the one that holds now.
    with_features
        Whether the objects that were made from it are withdrawn in the same act.

    Raises
    ------
    NotFound, Forbidden, ChangedMeanwhile
        As in `geo.services.sheet_access.sheet_to_change`.
    Refused
        Objects of the sheet stand on the map and are not to go with it, or something rests on one of them (a confirmed
        match, a link, a site, a visit), or circles of a Venn diagram were drawn on it.
    """
    sheet, _ = sheet_to_change(session, sheet_id, actor=actor, rights=_SHEETS, seen=seen)
    repository = SheetRepository(session)
    circles = repository.circles_on(sheet_id)
    if circles:
        raise Refused("sheets.circles_stand", circles=circles)
    features = repository.standing_features(sheet_id)
    if features and not with_features:
        raise Refused("sheets.features_stand", features=len(features))
    if features:
        sheet_to_change(session, sheet_id, actor=actor, rights=_WITH_FEATURES)
        refuse_needed_features(session, features)
    moment = now()
    for one in features:
        one.withdrawn_at, one.withdrawn_by, one.withdrawn_reason = moment, session.info[ACTOR], _with(sheet)
    sheet.withdrawn_at, sheet.withdrawn_by, sheet.withdrawn_reason = moment, session.info[ACTOR], reason.strip()
    session.flush()
    return WithdrawnSheet(sheet, len(features))


def restore_sheet(session: Session, sheet_id: UUID, *, actor: Actor, seen: int | None = None) -> WithdrawnSheet:
    """Put a sheet back with the objects that were withdrawn with it; done again it changes nothing.

    Raises
    ------
    NotFound, Forbidden, ChangedMeanwhile
        As in `withdraw_sheet`.
    """
    sheet, _ = sheet_to_change(session, sheet_id, actor=actor, rights=_SHEETS, seen=seen, with_withdrawn=True)
    if sheet.withdrawn_at is None:
        return WithdrawnSheet(sheet, 0)
    features = SheetRepository(session).withdrawn_features(sheet_id, _with(sheet))
    if features:
        sheet_to_change(session, sheet_id, actor=actor, rights=_WITH_FEATURES, with_withdrawn=True)
    rows: tuple[SketchSheet | MapFeature, ...] = (sheet, *features)
    for one in rows:
        one.withdrawn_at, one.withdrawn_by, one.withdrawn_reason = None, "", ""
    session.flush()
    return WithdrawnSheet(sheet, len(features))


def _with(sheet: SketchSheet) -> str:
    """Return the reason by which what left with a sheet is known when it comes back."""
    return f"{sheet.__tablename__} {sheet.id}"
