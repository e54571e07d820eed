"""The bread and the village profile as records (DOMAIN.md sections 3 and 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.rights import Action, Subject
from geo.domain.village_profile import ProfileTopic, check_years
from geo.errors import NotFound, Refused
from geo.i18n import Text
from geo.models import BudgetShare, VillageNote
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.sheets import SheetRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.bread import event_differences
from geo.services.records.resource import Form, Resource
from geo.services.resources.events import municipality_of_event

__all__ = ["RESOURCES", "BudgetShareForm", "VillageNoteForm"]


class BudgetShareForm(Form):
    """A slice of the bread; a whole bread is written at once, see ``PUT /api/v1/events/{id}/bread``."""

    event_id: UUID
    ordinal: int
    name_ky: str = ""
    name_ru: str = ""
    name_en: str = ""
    perceived_percent: float | None = None
    perceived_som: int | None = None
    actual_percent: float | None = None
    actual_som: int | None = None
    note: str = ""


class VillageNoteForm(Form):
    """A fact of the village profile, with its place where it has one."""

    settlement_id: UUID
    event_id: UUID | None = Field(default=None, description="Where it was said; none for what comes from papers.")
    topic: ProfileTopic
    title: str
    body: str = ""
    year_from: int | None = None
    year_to: int | None = None
    source: str = ""
    feature_id: UUID | None = None
    geometry: BaseGeometry | None = None


def _share_owner(session: Session, share: BudgetShare) -> UUID:
    return municipality_of_event(session, share.event_id)


def _differences(session: Session, shares: Sequence[BudgetShare]) -> list[Mapping[str, Any]]:
    found = event_differences(session, {share.event_id for share in shares})
    return [{"difference_percent": found.get(share.id)} for share in shares]


def _note_owner(session: Session, note: VillageNote) -> UUID | None:
    if note.event_id is not None:
        return municipality_of_event(session, note.event_id)
    with session.no_autoflush:
        territory = TerritoryRepository(session)
        territory.settlement(note.settlement_id)
        last = territory.last_municipality(note.settlement_id)
    if last is None:
        raise NotFound("profile.no_municipality", id=note.settlement_id)
    return last


def _check_note(session: Session, note: VillageNote) -> tuple[Text, ...]:
    if not note.title.strip():
        raise Refused("profile.untitled")
    check_years(note.year_from, note.year_to)
    with session.no_autoflush:
        villages = {note.settlement_id}
        if note.event_id is not None:
            villages.add(AppraisalRepository(session).event(note.event_id).settlement_id)
        if note.feature_id is not None:
            villages.add(SheetRepository(session).feature(note.feature_id).settlement_id)
    if len(villages) > 1:
        raise Refused("profile.other_village")
    return ()


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="budget-shares",
        subject=Subject.BUDGET,
        model=BudgetShare,
        form=BudgetShareForm,
        owner=_share_owner,
        filters=("event_id",),
        sorts=("ordinal",),
        # One slice alone would break the sum of the loaf.
        actions=frozenset({Action.READ, Action.PUBLISH}),
        derive=_differences,
        example={
            "event_id": "01a20004-b16b-71b2-bc71-6bcda59b6452",
            "ordinal": 1,
            "name_ky": "АӨ кызматкерлери",
            "perceived_percent": 30,
        },
    ),
    Resource(
        name="village-notes",
        subject=Subject.PROFILE,
        model=VillageNote,
        form=VillageNoteForm,
        owner=_note_owner,
        check=_check_note,
        filters=("settlement_id", "event_id", "topic", "feature_id"),
        sorts=("title", "year_from"),
        fixed=frozenset({"settlement_id"}),
        example={
            "settlement_id": "01a20004-b16b-71b2-bc71-6bc1d5b423e8",
            "topic": "infrastructure",
            "title": "Мектеп 1971-жылы курулган",
            "year_from": 1971,
        },
    ),
)
