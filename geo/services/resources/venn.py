"""Circles and ties of Venn diagrams as records (DOMAIN.md section 4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from geo.domain.institutions import (
    INSTITUTION_KINDS,
    Diagram,
    Importance,
    Satisfaction,
    TieOrigin,
    TieRelation,
    Weight,
)
from geo.domain.labels import label_text, label_texts
from geo.domain.rights import Subject
from geo.domain.venn.drawn import DrawnCircle
from geo.domain.venn.synonyms import institution_key
from geo.domain.vocabulary import Kind
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import InstitutionCircle, InstitutionTie
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.institutions import InstitutionRepository
from geo.repositories.sheets import SheetRepository
from geo.services.records.resource import Form, Resource
from geo.services.resources.events import municipality_of_event
from geo.services.venn_ties import derive_event_ties, return_ties_of, withdraw_ties_of

__all__ = ["RESOURCES", "InstitutionCircleForm", "InstitutionTieForm"]


class InstitutionCircleForm(Form):
    """An institution on a diagram; centre and radius in pixels of its sheet where it was drawn."""

    event_id: UUID
    diagram: Diagram = Diagram.EVERYBODY
    name_ky: str = Field(default="", max_length=500)
    name_ru: str = Field(default="", max_length=500)
    name_en: str = Field(default="", max_length=500)
    kind: Kind
    importance: Importance | None = Field(
        default=None, description="Size of the circle; minutes may have the ranking alone."
    )
    ranking: int | None = None
    satisfaction: Satisfaction | None = None
    satisfaction_reason: str = ""
    serves: str = ""
    women_take_part: bool | None = None
    women_why_not: str = ""
    local_government_role: str = ""
    is_local_government: bool | None = Field(default=None, description="Left out, the name tells.")
    influence: Weight | None = None
    stakeholder_importance: Weight | None = None
    needs: list[str] | None = Field(default=None, description="Ids of the circles whose service it needs.")
    note: str = ""
    sheet_id: UUID | None = None
    pixel_x: float | None = None
    pixel_y: float | None = None
    pixel_radius: float | None = None
    feature_id: UUID | None = None
    geometry: BaseGeometry | None = None


class InstitutionTieForm(Form):
    """What participants say of two circles; it wins over what the drawing shows."""

    first_id: UUID
    second_id: UUID
    relation: TieRelation
    weak: bool = False
    note: str = ""


def _circle_owner(session: Session, circle: InstitutionCircle) -> UUID:
    municipality_id = municipality_of_event(session, circle.event_id)
    with session.no_autoflush:
        circle.settlement_id = AppraisalRepository(session).event(circle.event_id).settlement_id
    return municipality_id


def _check_circle(session: Session, circle: InstitutionCircle) -> tuple[Text, ...]:
    names = [name for name in (circle.name_ky, circle.name_ru, circle.name_en) if name.strip()]
    if not names:
        raise Refused("venn.nameless")
    if circle.kind not in INSTITUTION_KINDS:
        raise Refused("venn.kind", kind=label_text(circle.kind), allowed=label_texts(INSTITUTION_KINDS))
    if circle.ranking is not None and circle.ranking < 1:
        raise Refused("venn.ranking", ranking=circle.ranking)
    if circle.women_take_part and circle.women_why_not.strip():
        raise Refused("venn.women_reason")
    _check_drawing(circle)
    with session.no_autoflush:
        _check_places(session, circle)
        # Of two who put one institution on a diagram at once the second sees the first one's.
        AppraisalRepository(session).hold_event(circle.event_id)
        others = [
            one
            for one in InstitutionRepository(session).circles(circle.event_id, circle.diagram)
            if one.id != circle.id
        ]
    for other in others:
        if _key(other) == _key(circle):
            raise Conflict("venn.exists", name=names[0])
    known = {str(one.id) for one in others}
    # One that was withdrawn meanwhile is no fault of who changes something else.
    needs_now = inspect(circle).attrs.needs.history.has_changes()
    for needed in circle.needs or ():
        if needs_now and needed not in known:
            raise Refused("venn.needs_unknown", id=needed)
    if circle.ranking is None:
        return ()
    return tuple(
        Text("venn.ranking_taken", {"ranking": circle.ranking, "name": one.name_ky or one.name_ru or one.name_en})
        for one in others
        if one.ranking == circle.ranking
    )


def _key(circle: InstitutionCircle) -> str:
    return institution_key((circle.name_ky, circle.name_ru, circle.name_en))


def _check_drawing(circle: InstitutionCircle) -> None:
    drawn = (circle.pixel_x, circle.pixel_y, circle.pixel_radius)
    if any(part is None for part in drawn):
        if any(part is not None for part in drawn):
            raise Refused("venn.circle_unfinished")
        return
    DrawnCircle(circle.id, *(part for part in drawn if part is not None))


def _check_places(session: Session, circle: InstitutionCircle) -> None:
    if circle.sheet_id is not None and SheetRepository(session).sheet(circle.sheet_id).event_id != circle.event_id:
        raise Refused("venn.other_sheet")
    if circle.feature_id is not None:
        feature = SheetRepository(session).feature(circle.feature_id)
        if feature.settlement_id != circle.settlement_id:
            raise Refused("venn.feature_elsewhere")


def _derive(session: Session, circle: InstitutionCircle) -> None:
    derive_event_ties(session, circle.event_id, circle.diagram)


def _withdraw_ties(session: Session, circle: InstitutionCircle) -> None:
    withdraw_ties_of(session, circle.id)


def _return_ties(session: Session, circle: InstitutionCircle) -> None:
    return_ties_of(session, circle)


def _tie_owner(session: Session, tie: InstitutionTie) -> UUID:
    with session.no_autoflush:
        first = InstitutionRepository(session).circle(tie.first_id)
    tie.event_id, tie.diagram = first.event_id, first.diagram
    return first.municipality_id


def _check_tie(session: Session, tie: InstitutionTie) -> tuple[Text, ...]:
    if tie.first_id == tie.second_id:
        raise Refused("venn.itself")
    repository = InstitutionRepository(session)
    with session.no_autoflush:
        second = repository.circle(tie.second_id)
        if (second.event_id, second.diagram) != (tie.event_id, tie.diagram):
            raise Refused("venn.other_diagram")
        if inspect(tie).persistent and tie.origin is TieOrigin.DERIVED:
            raise Refused("venn.tie_derived")
        tie.origin = TieOrigin.ENTERED
        AppraisalRepository(session).hold_event(tie.event_id)
        pair = {tie.first_id, tie.second_id}
        for other in repository.ties(tie.event_id, tie.diagram):
            if other.id != tie.id and other.origin is TieOrigin.ENTERED and {other.first_id, other.second_id} == pair:
                raise Conflict("venn.tie_exists", id=other.id)
    return ()


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="institution-circles",
        subject=Subject.INSTITUTIONS,
        model=InstitutionCircle,
        form=InstitutionCircleForm,
        owner=_circle_owner,
        check=_check_circle,
        settled=_derive,
        leaving=_withdraw_ties,
        returning=_return_ties,
        filters=("event_id", "settlement_id", "diagram", "kind", "importance", "satisfaction", "feature_id"),
        sorts=("ranking",),
        fixed=frozenset({"event_id", "diagram"}),
        example={
            "event_id": "01a20004-b16b-71b2-bc71-6bcda59b6452",
            "name_ky": "Китепкана",
            "name_ru": "Библиотека",
            "kind": "local_institution",
            "importance": "large",
            "ranking": 4,
            "satisfaction": "content",
        },
    ),
    Resource(
        name="institution-ties",
        subject=Subject.INSTITUTIONS,
        model=InstitutionTie,
        form=InstitutionTieForm,
        owner=_tie_owner,
        check=_check_tie,
        filters=("event_id", "diagram", "first_id", "second_id", "relation", "origin"),
        fixed=frozenset({"first_id", "second_id"}),
        example={
            "first_id": "01a20004-b16b-71b2-bc71-6bcda59b6461",
            "second_id": "01a20004-b16b-71b2-bc71-6bcda59b6462",
            "relation": "touching",
            "weak": True,
            "note": "начар байланыш",
        },
    ),
)
