"""A municipality's year as one audience may see it (DOMAIN.md section 11)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.errors import NotFound
from geo.models import Cycle, Municipality
from geo.repositories.cycles import years_of
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of
from geo.services.snapshots.appraisal import read_events, read_matches, read_unpublished_sessions
from geo.services.snapshots.gallery import read_problems
from geo.services.snapshots.monitoring import read_visits
from geo.services.snapshots.plan import read_groups, read_plan
from geo.services.snapshots.reader import Reader
from geo.services.snapshots.territory import read_credits, read_municipality
from geo.snapshots import Audience, CycleSnapshot, MunicipalitySnapshot
from geo.storage import PictureStore

__all__ = ["cycle_snapshot"]


def cycle_snapshot(
    session: Session,
    pictures: PictureStore,
    municipality_id: UUID,
    year: int,
    *,
    actor: Actor,
    audience: Audience,
    settlement_id: UUID | None = None,
    plan_id: UUID | None = None,
    with_features: bool = True,
    with_sheets: bool = False,
    with_photos: bool = True,
    as_of: date,
) -> CycleSnapshot:
    """Return everything of a municipality's year that an audience may see.

    A public snapshot is the same whoever asks for it: what is published, without the names of people, contacts and
    counts of fewer than 5 people; of the sessions that are not published it tells how many they are. An internal one
    holds what the actor may see. The number of statements does not depend on how many villages, problems, activities
    and visits there are.

    Parameters
    ----------
    pictures
        Where sheets and photos are.
    actor
        Who asks.
    audience
        For whom it is made.
    settlement_id
        One village only, as `CycleSnapshot.of_settlement` has it.
    plan_id
        Which plan, where the cycle has several; without, the last that was made.
    with_features, with_sheets, with_photos
        Whether objects of the map, placed sheets as pictures, and small copies of photos come along.
    as_of
        Day by which agreements are late and members have left; what was written later is in it all the same.

    Raises
    ------
    NotFound
        There is no such municipality, it has no cycle in that year, or the village or plan is none of it.
    """
    municipality = session.scalar(select(Municipality).where(Municipality.id == municipality_id))
    if municipality is None:
        raise NotFound("snapshot.no_municipality", id=municipality_id)
    cycle = _cycle(session, municipality, year)
    reader = Reader.of(session, cycle, actor, audience, as_of=as_of, settlement_id=settlement_id)
    shown = read_municipality(reader, municipality)
    if settlement_id is not None:
        _require_village(shown, settlement_id, year)
    plan = read_plan(reader, plan_id)
    problems = read_problems(reader, (one.id for one in shown.settlements), plan)
    unpublished = read_unpublished_sessions(reader)
    snapshot = CycleSnapshot(
        audience=audience,
        municipality=shown,
        year=year,
        as_of=as_of,
        events=read_events(reader, pictures, with_features=with_features, with_sheets=with_sheets),
        problems=problems.villages,
        municipality_problems=problems.municipality,
        plan=plan,
        visits=read_visits(reader, pictures, with_photos=with_photos),
        groups=read_groups(reader),
        matches=read_matches(reader) if with_features else (),
        credits=read_credits(reader, municipality),
        unpublished_sessions=sum(unpublished.values()),
        unpublished_by_settlement=unpublished,
    )
    return snapshot if settlement_id is None else snapshot.of_settlement(settlement_id)


def _cycle(session: Session, municipality: Municipality, year: int) -> Cycle:
    found = TerritoryRepository(session).cycle(municipality.id, year)
    if found is not None:
        return found
    name, years = names_of(municipality), years_of(session, municipality.id)
    called = name.ky or name.ru or name.en
    if not years:
        raise NotFound("snapshot.no_cycles", municipality=called, year=str(year))
    raise NotFound("snapshot.no_cycle", municipality=called, year=str(year), years=", ".join(str(one) for one in years))


def _require_village(municipality: MunicipalitySnapshot, settlement_id: UUID, year: int) -> None:
    if all(one.id != settlement_id for one in municipality.settlements):
        raise NotFound("snapshot.no_settlement", id=settlement_id, year=str(year))
