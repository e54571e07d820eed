"""What a rendering needs of the store, read for one audience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from api.rendering.asked import Asked
from api.rendering.kinds import OFFERS, RenderingKind
from geo.domain.rights import PUBLIC, Actor, Role
from geo.errors import Refused
from geo.services.event_map import event_snapshot
from geo.services.renderings import YearOfPlace, check_reader, year_of_event, year_of_place
from geo.services.snapshots import cycle_snapshot
from geo.snapshots import Audience, CycleSnapshot, EventSnapshot
from geo.storage import PictureStore

__all__ = ["Read", "actor_as_plain", "actor_of_plain", "completed", "reader_of", "scope_of", "what_is_shown"]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read for a rendering: the map of an event, or a year, and where it is compared with it another one."""

    cycle: CycleSnapshot | None = None
    other: CycleSnapshot | None = None
    event: EventSnapshot | None = None


def reader_of(asked: Asked, actor: Actor) -> Actor:
    """Return by whose rights rows are read: what is for everybody is the same whoever asks for it."""
    return PUBLIC if asked.audience is Audience.PUBLIC else actor


def scope_of(asked: Asked, actor: Actor) -> str:
    """Return what those share who see the same rows."""
    if asked.audience is Audience.PUBLIC:
        return "public"
    plain = actor_as_plain(actor)
    return f"internal {sorted(plain['everywhere'])} {sorted(plain['roles'].items())}"


def actor_as_plain(actor: Actor) -> dict[str, Any]:
    """Return what an actor may, as plain values for a job."""
    return {
        "name": actor.name,
        "account_id": actor.account_id and str(actor.account_id),
        "roles": {str(one): sorted(role.value for role in roles) for one, roles in actor.roles.items()},
        "everywhere": sorted(role.value for role in actor.everywhere),
    }


def actor_of_plain(values: Mapping[str, Any]) -> Actor:
    """Return the actor of such values; it only reads."""
    return Actor(
        values["name"],
        UUID(values["account_id"]) if values["account_id"] else None,
        roles={UUID(one): frozenset(map(Role, roles)) for one, roles in values["roles"].items()},
        everywhere=frozenset(map(Role, values["everywhere"])),
        read_only=True,
    )


def completed(session: Session, asked: Asked, *, actor: Actor, today: date) -> tuple[Asked, YearOfPlace | None]:
    """Return a request with the municipality and year that it leaves open, and whose year it is.

    A blank form for no place in particular is of nobody's year.

    Raises
    ------
    NotFound
        There is no such place or event, or the reader may not see it.
    Forbidden
        It is for those who work with the record, and the actor is none of them.
    Refused
        It names no place, or one without a year.
    """
    given = asked.parameters
    reader = reader_of(asked, actor)
    if given.event_id is not None:
        where = year_of_event(session, given.event_id, actor=reader)
        if given.municipality_id not in (None, where.municipality_id) or given.year not in (None, where.year):
            raise Refused("rendering.event_elsewhere")
    elif asked.of_no_place:
        return asked, None
    else:
        where = year_of_place(
            session,
            municipality_id=given.municipality_id,
            settlement_id=given.settlement_id,
            year=given.year,
            today=today,
        )
    if asked.audience is Audience.INTERNAL:
        check_reader(actor, where.municipality_id)
    if "year" not in OFFERS[asked.kind].takes:
        return asked, where
    whole = given.model_copy(update={"municipality_id": where.municipality_id, "year": where.year})
    return replace(asked, parameters=whole), where


def what_is_shown(
    session: Session, pictures: PictureStore, asked: Asked, where: YearOfPlace | None, *, actor: Actor, today: date
) -> Read:
    """Read what a completed request shows.

    Raises
    ------
    NotFound
        There is no such event or year, or the reader may not see it.
    """
    reader = reader_of(asked, actor)
    given = asked.parameters
    if where is None:
        return Read()
    if asked.kind is RenderingKind.SESSION_MAP:
        assert given.event_id is not None
        return Read(event=event_snapshot(session, pictures, given.event_id, asked.language, actor=reader))

    def year(of: YearOfPlace, number: int) -> CycleSnapshot:
        return cycle_snapshot(
            session,
            pictures,
            of.municipality_id,
            number,
            actor=actor,
            audience=asked.audience,
            settlement_id=_village(asked, of),
            with_sheets=asked.format.value == "html",
            with_photos=OFFERS[asked.kind].with_photos,
            as_of=today,
        )

    other = None
    if given.other_year is not None:
        other = year(where, given.other_year)
    elif given.other_event_id is not None:
        there = year_of_event(session, given.other_event_id, actor=reader)
        if (there.municipality_id, there.year) != (where.municipality_id, where.year):
            other = year(there, there.year)
    return Read(cycle=year(where, where.year), other=other)


def _village(asked: Asked, of: YearOfPlace) -> UUID | None:
    # The poster and the papers of a village name the municipality's plan and list too.
    whole = {RenderingKind.POSTER, RenderingKind.FORM, RenderingKind.MUNICIPALITY_MAP}
    return None if asked.kind in whole else of.settlement_id
