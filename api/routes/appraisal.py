"""What an event has beside its record: the bread as a whole loaf, publishing, and who came to events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.routes.access import Reader, Store, Who
from geo.domain.events import EventKind, GroupSex
from geo.domain.participation_table import ParticipationTable
from geo.services.bread import Bread, NewSlice, event_bread, replace_bread
from geo.services.event_contents import EventPublished, publish_event, unpublish_event
from geo.services.participation import participations
from geo.services.records.resource import check_storable
from geo.services.resources.territory import EARLIEST_CYCLE, LATEST_CYCLE
from geo.services.session_review import session_review
from geo.snapshots import Names

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["appraisal"])
MOST_SLICES = 500

Name = Annotated[str, Field(max_length=500)]
Som = Annotated[int, Field(ge=-(2**53), le=2**53)]


class SliceIn(BaseModel):
    """A line of the budget; shares in percent, money in whole som."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    name_ky: Name = ""
    name_ru: Name = ""
    name_en: Name = ""
    perceived_percent: float | None = None
    perceived_som: Som | None = None
    actual_percent: float | None = None
    actual_som: Som | None = None
    note: Annotated[str, Field(max_length=10_000)] = ""


class BreadIn(BaseModel):
    """The whole bread of an event."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "lines": [
                    {"name_ky": "АӨ кызматкерлери", "perceived_percent": 60, "actual_percent": 48.5},
                    {"name_ky": "Мектептер", "perceived_percent": 40, "actual_percent": 51.5},
                ]
            }
        },
    )

    incomplete: bool = Field(default=False, description="Whether the minutes do not have all slices.")
    lines: Annotated[list[SliceIn], Field(max_length=MOST_SLICES)]


class SliceOut(SliceIn):
    """A line as it stands; the difference is perceived minus actual, in percentage points."""

    id: UUID
    difference_percent: float | None


class BreadOut(BaseModel):
    """The bread of an event with its sums."""

    event_id: UUID
    incomplete: bool
    lines: list[SliceOut]
    perceived_percent: float | None
    perceived_som: int | None
    actual_percent: float | None
    actual_som: int | None


class Publication(BaseModel):
    """An event after it was published or taken back; how many rows of each table went with it."""

    event_id: UUID
    published_at: datetime | None
    version: int
    rows: dict[str, int]


class ParticipationRowOut(BaseModel):
    """All events of a kind; participants, women and the share are of those counted."""

    kind: EventKind
    events: int
    counted: int
    participants: int
    women: int
    women_percent: float | None


class ParticipationOut(BaseModel):
    """Participation by kind of event, and women's share told both ways."""

    rows: list[ParticipationRowOut]
    participants: int
    women: int
    women_percent_mean_of_shares: float | None = Field(
        description="Plain mean of the rows' shares: every kind of event weighs the same."
    )
    women_percent_pooled: float | None = Field(
        description="All women over all participants: every person weighs the same."
    )


class CycleParticipationOut(BaseModel):
    """Participation of a municipality in a year."""

    municipality_id: UUID
    municipality: dict[str, str]
    cycle_id: UUID
    year: int
    participation: ParticipationOut


class ParticipationsOut(BaseModel):
    """Participation by municipality and year, and over all of them."""

    cycles: list[CycleParticipationOut]
    together: ParticipationOut


class SessionOut(BaseModel):
    """A session that was held, and whom it was for."""

    model_config = ConfigDict(from_attributes=True)

    event_id: UUID
    held_on: date
    age_from: int | None
    age_to: int | None
    sex: GroupSex
    other: str


class AdviceOut(BaseModel):
    """What the method would have otherwise."""

    key: str
    text: str


class SessionReviewOut(BaseModel):
    """The sessions of a village in a year, oldest first, with what the method would have otherwise."""

    settlement_id: UUID
    year: int
    sessions: list[SessionOut]
    warnings: list[AdviceOut]


@router.get("/events/{event_id}/bread", summary="The bread of an event")
def read_bread(event_id: UUID, store: Store, who: Who, response: Response) -> BreadOut:
    """Return the slices with the difference between what people think and what is spent."""
    with store.read() as session:
        return _bread(event_bread(session, event_id, actor=who), response)


@router.put("/events/{event_id}/bread", summary="Write the bread of an event anew, all slices at once")
def write_bread(
    event_id: UUID,
    body: BreadIn,
    *,
    store: Store,
    who: Who,
    response: Response,
    if_match: Annotated[str | None, Header(alias="If-Match", description="ETag of the bread that you saw.")] = None,
) -> BreadOut:
    """Replace the slices in one transaction: shares sum to 99.5–100.5 %, or the bread is marked incomplete."""
    check_storable(body.model_dump())
    slices = [
        NewSlice(
            names=Names(one.name_ky, one.name_ru, one.name_en),
            **one.model_dump(exclude={"name_ky", "name_ru", "name_en"}),
        )
        for one in body.lines
    ]
    tag = None if if_match is None or if_match.strip() == "*" else if_match.strip().strip('"')
    with store.write(actor=who.ledger_name) as session:
        bread = replace_bread(session, event_id, slices, actor=who, incomplete=body.incomplete, tag=tag)
        return _bread(bread, response)


@router.put("/events/{event_id}/publication", summary="Publish an event with what was recorded in it")
def publish(event_id: UUID, store: Store, who: Who) -> Publication:
    """Show the event, its features, diagrams, bread, notes and statements to the public; participant lists never."""
    with store.write(actor=who.ledger_name) as session:
        return _publication(publish_event(session, event_id, actor=who))


@router.delete("/events/{event_id}/publication", summary="Take an event and what was recorded in it back")
def take_back(event_id: UUID, store: Store, who: Who) -> Publication:
    """Hide the event and what was recorded in it from the public."""
    with store.write(actor=who.ledger_name) as session:
        return _publication(unpublish_event(session, event_id, actor=who))


@router.get("/participation", summary="Who came to events, by municipality and year")
def read_participation(
    store: Store, who: Who, municipality_id: UUID | None = None, cycle_id: UUID | None = None
) -> ParticipationsOut:
    """Sum participants and women by kind of event; the public is not told of events with counts of fewer than 5."""
    with store.read() as session:
        found = participations(session, actor=who, municipality_id=municipality_id, cycle_id=cycle_id)
    return ParticipationsOut(
        cycles=[
            CycleParticipationOut(
                municipality_id=one.municipality_id,
                municipality={"ky": one.municipality.ky, "ru": one.municipality.ru, "en": one.municipality.en},
                cycle_id=one.cycle_id,
                year=one.year,
                participation=_participation(one.table),
            )
            for one in found.cycles
        ],
        together=_participation(found.together),
    )


@router.get("/settlements/{settlement_id}/session-review", summary="Which groups of a village have not met in a year")
def read_session_review(
    settlement_id: UUID,
    *,
    year: Annotated[int, Query(ge=EARLIEST_CYCLE, le=LATEST_CYCLE, description="Of which year's cycle.")],
    store: Store,
    who: Who,
    language: Reader,
) -> SessionReviewOut:
    """List the sessions held, and what the method misses among them; for people with a role in the municipality."""
    with store.read() as session:
        found = session_review(session, settlement_id, year, actor=who)
    return SessionReviewOut(
        settlement_id=found.settlement_id,
        year=found.year,
        sessions=[SessionOut.model_validate(one) for one in found.sessions],
        warnings=[AdviceOut(key=one.key, text=one(language)) for one in found.warnings],
    )


def _bread(bread: Bread, response: Response) -> BreadOut:
    response.headers["ETag"] = f'"{bread.tag}"'
    return BreadOut(
        event_id=bread.event_id,
        incomplete=bread.incomplete,
        lines=[
            SliceOut(
                id=one.id,
                name_ky=one.names.ky,
                name_ru=one.names.ru,
                name_en=one.names.en,
                perceived_percent=one.perceived_percent,
                perceived_som=one.perceived_som,
                actual_percent=one.actual_percent,
                actual_som=one.actual_som,
                note=one.note,
                difference_percent=one.difference_percent,
            )
            for one in bread.slices
        ],
        perceived_percent=bread.sums.perceived_percent,
        perceived_som=bread.sums.perceived_som,
        actual_percent=bread.sums.actual_percent,
        actual_som=bread.sums.actual_som,
    )


def _publication(done: EventPublished) -> Publication:
    return Publication(event_id=done.event_id, published_at=done.published_at, version=done.version, rows=done.rows)


def _participation(table: ParticipationTable) -> ParticipationOut:
    return ParticipationOut(
        rows=[
            ParticipationRowOut(
                kind=row.kind,
                events=row.events,
                counted=row.counted,
                participants=row.participants,
                women=row.women,
                women_percent=row.women_percent,
            )
            for row in table.rows
        ],
        participants=table.participants,
        women=table.women,
        women_percent_mean_of_shares=table.mean_of_shares_percent,
        women_percent_pooled=table.pooled_percent,
    )
