"""What maps, drawings and papers are made from: whose year it is, how new it is, and the work asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.jobs import JobKind
from geo.domain.names import fold
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import Forbidden, NotFound, Refused, TooOften
from geo.i18n import Language
from geo.models import AppraisalEvent, Job
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.cycles import years_of
from geo.repositories.jobs import JobRepository
from geo.repositories.ledger import ledger_position
from geo.repositories.territory import TerritoryRepository
from geo.repositories.visibility import visible
from geo.services.event_map import names_of

__all__ = [
    "RENDERING_PARAMETER",
    "YearOfPlace",
    "ask_for_rendering",
    "check_reader",
    "data_version",
    "find_municipality",
    "last_rendering_job",
    "year_of_event",
    "year_of_place",
]

RENDERING_PARAMETER: Final = "rendering"
"""Parameter of a job that says what it makes."""
_MOST_WAITING: Final = 20
"""Renderings that may wait at once for people without a role: making one is work, and asking for it is none."""
_LOOKED_THROUGH: Final = 500


@dataclass(frozen=True, slots=True)
class YearOfPlace:
    """A municipality's year, and the village and event in it where one is meant."""

    municipality_id: UUID
    year: int
    settlement_id: UUID | None = None
    event_id: UUID | None = None


def data_version(session: Session) -> str:
    """Return what stays the same as long as nothing that can be shown is written."""
    last, number = ledger_position(session)
    return f"{last}/{number}"


def year_of_event(session: Session, event_id: UUID, *, actor: Actor) -> YearOfPlace:
    """Return where and when an event belongs.

    Raises
    ------
    NotFound
        There is none, or the actor may not see it.
    """
    event = AppraisalRepository(session).event(event_id, visible(AppraisalEvent, actor))
    cycle = TerritoryRepository(session).cycle_by_id(event.cycle_id)
    return YearOfPlace(cycle.municipality_id, cycle.year, event.settlement_id, event.id)


def year_of_place(
    session: Session, *, municipality_id: UUID | None, settlement_id: UUID | None, year: int | None, today: date
) -> YearOfPlace:
    """Return the municipality's year that a place and a year stand for.

    Parameters
    ----------
    municipality_id, settlement_id
        At least one of them; a village alone stands for the municipality that it belongs to at the end of the year.
    year
        Without, the last year in which the municipality had a cycle; for a village alone the last one in which that to
        which it belonged had one, so that a village whose municipality was merged away keeps its years.

    Raises
    ------
    NotFound
        There is no such place.
    Refused
        Neither is given, the village belongs to no municipality then, or there is no cycle yet.
    """
    territory = TerritoryRepository(session)
    if municipality_id is None:
        if settlement_id is None:
            raise Refused("rendering.place_missing")
        place = territory.settlement(settlement_id)
        if year is None:
            year = _last_year_of_village(session, settlement_id, today)
        day = today if year is None else min(today, date(year, 12, 31))
        owner = territory.municipality_of(settlement_id, day)
        if owner is None:
            raise Refused("rendering.no_municipality", settlement=names_of(place).best(Language.KY))
        municipality_id = owner.id
    municipality = territory.municipality(municipality_id)
    if year is None:
        years = years_of(session, municipality_id)
        if not years:
            raise Refused("rendering.no_cycle_yet", municipality=names_of(municipality).best(Language.KY))
        year = years[-1]
    return YearOfPlace(municipality_id, year, settlement_id)


def _last_year_of_village(session: Session, settlement_id: UUID, today: date) -> int | None:
    years = (
        year
        for one in TerritoryRepository(session).memberships(settlement_id)
        for year in years_of(session, one.municipality_id)
        if (one.valid_from is None or one.valid_from <= min(today, date(year, 12, 31)))
        and (one.valid_to is None or one.valid_to > min(today, date(year, 12, 31)))
    )
    return max(years, default=None)


def find_municipality(session: Session, name: str) -> UUID:
    """Return the municipality of an id or a name, however it is spelt.

    Raises
    ------
    NotFound
        There is none with this id or name.
    Refused
        Several have it; the message lists them with their ids.
    """
    territory = TerritoryRepository(session)
    try:
        return territory.municipality(UUID(name)).id
    except ValueError:
        pass
    wanted = fold(name)
    found = [
        (one.id, names_of(one))
        for one in territory.municipalities()
        if wanted and any(wanted in fold(word) for word in (one.name_ky, one.name_ru, one.name_en) if word)
    ]
    whole = [(one, names) for one, names in found if wanted in {fold(word) for word in (names.ky, names.ru, names.en)}]
    found = whole or found
    if not found:
        raise NotFound("rendering.no_such_municipality", name=name[:100])
    if len(found) > 1:
        listed = "; ".join(f"{names.best(Language.KY)} {one}" for one, names in found[:10])
        raise Refused("rendering.several_municipalities", name=name[:100], found=listed)
    return found[0][0]


def check_reader(actor: Actor, municipality_id: UUID) -> None:
    """Make sure that somebody may have what is made for those who work with the record.

    Raises
    ------
    Forbidden
        The actor has no role that reads in the municipality.
    """
    if not is_allowed(Action.READ, Subject.EVENTS, actor, municipality_id):
        raise Forbidden("rendering.not_for_public")


def last_rendering_job(session: Session, rendering_id: str, scope: str) -> Job | None:
    """Return the last job that makes or made a rendering for readers of one scope; None also where it is long over."""
    repository = JobRepository(session)
    found = _of(rendering_id, scope, repository.open_of(JobKind.RENDER))
    return found or _of(rendering_id, scope, repository.last(JobKind.RENDER, _LOOKED_THROUGH))


def ask_for_rendering(
    session: Session,
    rendering_id: str,
    scope: str,
    parameters: Mapping[str, Any],
    *,
    municipality_id: UUID,
    actor: Actor,
) -> Job:
    """Ask for a rendering, whose rights were looked at before; one that waits or is being made is not asked twice.

    Raises
    ------
    TooOften
        Too much waits already, and the actor has no role here.
    """
    waiting = JobRepository(session).open_of(JobKind.RENDER)
    asked = _of(rendering_id, scope, waiting)
    if asked is not None:
        return asked
    for_all = sum(job.parameters.get("scope") == scope for job in waiting)
    if for_all >= _MOST_WAITING and not is_allowed(Action.READ, Subject.EVENTS, actor, municipality_id):
        raise TooOften("rendering.too_many_waiting", seconds=30)
    job = Job(
        kind=JobKind.RENDER,
        parameters={**parameters, RENDERING_PARAMETER: rendering_id, "scope": scope},
        municipality_id=municipality_id,
        asked_by=actor.ledger_name,
    )
    session.add(job)
    session.flush()
    return job


def _of(rendering_id: str, scope: str, jobs: Iterable[Job]) -> Job | None:
    wanted = {RENDERING_PARAMETER: rendering_id, "scope": scope}
    return next((one for one in jobs if wanted.items() <= one.parameters.items()), None)
