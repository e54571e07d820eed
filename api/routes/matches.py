"""The same object drawn by several groups: what was drawn, and what people decide on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry import mapping

from api.rest.preconditions import seen_version
from api.rest.texts import StorableText
from api.routes.access import Reader, Store, Who
from geo.domain.labels import label
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.vocabulary import Condition, Kind
from geo.i18n import Language
from geo.services.match_deciding import DrawnMatch, decide_match, drawn_match, village_matches

__all__ = ["MatchRead", "match_read", "router"]

router = APIRouter(prefix="/api/v1", tags=["matches"])


class DrawingRead(BaseModel):
    """How one group drew an object."""

    feature_id: UUID | None = Field(description="Null where it was deleted since.")
    event_id: UUID
    held_on: date
    group: str = Field(description="Who drew it, in the reader's language.")
    kind: Kind | None
    kind_label: str
    name: str
    condition: Condition | None
    condition_label: str
    status: MatchStatus = Field(description="rejected: it shows another object than the rest.")
    changed: bool = Field(description="Whether it was changed or deleted since the match was last looked at.")
    geometry: dict[str, Any] | None = Field(description="GeoJSON, lon lat.")


class MatchRead(BaseModel):
    """Drawings that show, or are proposed to show, one object."""

    id: UUID
    version: int
    settlement_id: UUID
    status: MatchStatus
    score: float = Field(description="How much the drawings agree, 0 to 1.")
    parts: dict[str, float | None] = Field(description="What the score is made of; distances in metres.")
    kind: Kind
    kind_label: str
    name: str
    canonical: CanonicalRule
    canonical_feature_id: UUID | None
    position_error_m: float | None
    replaces: UUID | None = Field(description="The confirmed match to which this one adds drawings.")
    note: str
    decided_by: str
    decided_at: datetime | None
    drawings: list[DrawingRead]


class MatchDecision(BaseModel):
    """What people decided."""

    model_config = ConfigDict(extra="forbid")

    state: MatchStatus = Field(description="confirmed, rejected, or undone to take a decision back")
    reason: StorableText = Field(default="", max_length=2_000, description="Needed to reject.")
    canonical_feature_id: UUID | None = Field(default=None, description="Of a confirmation: whose place it takes.")
    mean: bool = Field(default=False, description="Of a confirmation: in the middle of all drawings instead.")
    without: Annotated[list[UUID], Field(max_length=1_000)] = Field(
        default_factory=list, description="Of a confirmation: drawings that show another object."
    )


@router.get("/settlements/{settlement_id}/matches", summary="Objects that several groups of a village drew")
def read_matches(
    settlement_id: UUID,
    *,
    status: Annotated[list[MatchStatus] | None, Query(description="Of these only; may be given several times.")] = None,
    store: Store,
    who: Who,
    language: Reader,
) -> list[MatchRead]:
    """List proposals and decisions with what each group drew, the surest first; for people with a role there."""
    with store.read() as session:
        found = village_matches(session, settlement_id, actor=who, statuses=status or ())
    return [match_read(one, language) for one in found]


@router.post("/feature-matches/{match_id}/decision", summary="Accept a match, keep its drawings apart, or take it back")
def decide(
    match_id: UUID,
    body: MatchDecision,
    *,
    store: Store,
    who: Who,
    language: Reader,
    response: Response,
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="ETag of the match that you saw, or *.")
    ] = None,
) -> MatchRead:
    """Decide on a match; drawings are never changed by it, and every decision can be taken back."""
    seen = seen_version(if_match)
    with store.write(actor=who.ledger_name) as session:
        found = decide_match(
            session,
            match_id,
            to=body.state,
            actor=who,
            version=seen,
            reason=body.reason,
            canonical=body.canonical_feature_id,
            mean=body.mean,
            without=body.without,
        )
    response.headers["ETag"] = f'"{found.match.version}"'
    return match_read(found, language)


@router.get("/feature-matches/{match_id}/drawings", summary="One match with what each group drew")
def read_match(match_id: UUID, store: Store, who: Who, language: Reader, response: Response) -> MatchRead:
    """Return a match with the shapes of its drawings."""
    with store.read() as session:
        found = drawn_match(session, match_id, actor=who)
    response.headers["ETag"] = f'"{found.match.version}"'
    return match_read(found, language)


def match_read(found: DrawnMatch, language: Language) -> MatchRead:
    """Return a match in the reader's words."""
    match = found.match
    drawings = [
        DrawingRead(
            feature_id=one.feature_id,
            event_id=one.event_id,
            held_on=one.held_on,
            group=one.group.label(language),
            kind=one.kind,
            kind_label=label(one.kind, language) if one.kind else "",
            name=one.names.best(language),
            condition=one.condition,
            condition_label=label(one.condition, language) if one.condition else "",
            status=one.status,
            changed=one.changed,
            geometry=_geojson(found, one.feature_id),
        )
        for one in match.drawings
    ]
    return MatchRead(
        id=match.id,
        version=match.version,
        settlement_id=match.settlement_id,
        status=match.status,
        score=match.score,
        parts={name: part for name, part in match.parts.items() if part is None or isinstance(part, int | float)},
        kind=match.kind,
        kind_label=label(match.kind, language),
        name=match.names.best(language),
        canonical=match.canonical,
        canonical_feature_id=match.canonical_feature_id,
        position_error_m=match.position_error_m,
        replaces=match.replaces,
        note=match.note,
        decided_by=match.decided_by,
        decided_at=match.decided_at,
        drawings=drawings,
    )


def _geojson(found: DrawnMatch, feature_id: UUID | None) -> dict[str, Any] | None:
    shape = found.shapes.get(feature_id) if feature_id is not None else None
    return None if shape is None else dict(mapping(shape))
