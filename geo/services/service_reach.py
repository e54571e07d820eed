"""Service reach: how many houses have a stand-pipe, a first-aid post or a stop near, now and once a plan is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.linking import FITTING_KINDS
from geo.domain.match_status import MatchStatus
from geo.domain.plan_codes import ActivityStage, Purpose
from geo.domain.reach import Reach, Walk, reach_of
from geo.domain.rights import Actor, Subject
from geo.domain.vocabulary import Kind, Layer, layer_of
from geo.errors import Refused
from geo.models import Activity, FeatureMatchSource, IndicatorValue, MapFeature
from geo.repositories.nearness import Links, NearnessRepository, NearRows, map_features, rows_of
from geo.repositories.territory import TerritoryRepository
from geo.services.records.writing import create
from geo.services.resources.monitoring import RESOURCES, IndicatorValueForm
from geo.spatial.canonical import UNKNOWN_ERROR_M

__all__ = ["SettlementReach", "record_distance", "settlement_reach"]

_VALUES = next(one for one in RESOURCES if one.model is IndicatorValue)
_NEAREST = 3
"""Services looked at for a house: a farther one that is placed more surely may be the one that certainly reaches it."""


@dataclass(frozen=True, slots=True)
class SettlementReach:
    """The reach of a kind of service in a settlement.

    Parameters
    ----------
    households
        Of the settlement by its statistics; compare with the houses on the map before trusting shares.
    people_per_house
        Population by households; None where one of them is not known.
    now
        With the services that are on the map.
    after
        With the activities of a fitting purpose that are done too, whether or not anybody has drawn what they built;
        None where there are none.
    planned
        With those that are not done yet as well, and were not stopped; None where there are none.
    """

    settlement_id: UUID
    kind: Kind
    distance_m: float
    households: int | None
    people_per_house: float | None
    now: Reach
    after: Reach | None
    planned: Reach | None

    def people(self, houses: int) -> int | None:
        """Return about how many people live in some houses."""
        return None if self.people_per_house is None else round(houses * self.people_per_house)


def settlement_reach(
    session: Session, settlement_id: UUID, *, kind: Kind, distance_m: float, actor: Actor
) -> SettlementReach:
    """Count the houses of a settlement that have a service within a distance.

    A house that several groups drew and people matched counts once. A position whose error nobody stated errs by
    `geo.spatial.canonical.UNKNOWN_ERROR_M`.

    Raises
    ------
    NotFound
        There is no such settlement.
    Refused
        The kind is no object of a service, or the distance is none.
    """
    if layer_of(kind) in (Layer.PROBLEM, Layer.DESIRED) or kind is Kind.HOUSE:
        raise Refused("reach.no_kind")
    settlement = TerritoryRepository(session).settlement(settlement_id)
    nearness = NearnessRepository(session)
    houses = map_features(actor, kinds=[Kind.HOUSE], settlement_ids=[settlement_id])
    nearness.check(distance_m)
    services = map_features(actor, kinds=[kind])
    errors = _errors(session, houses)
    groups = _drawn_together(session, houses)
    now = nearness.link(houses, services, count=_NEAREST)
    walks = _walks(now, errors, _errors(session, services), groups)

    def with_works(stages: Collection[ActivityStage]) -> Reach | None:
        works = nearness.link(houses, _works(kind, stages, actor))
        if not len(works):
            return None
        added = _walks(works, errors, {}, groups)
        both = [Walk((*first.distances_m, *second.distances_m)) for first, second in zip(walks, added, strict=True)]
        return reach_of(both, distance_m)

    after = with_works({ActivityStage.DONE})
    planned = with_works(set(ActivityStage) - {ActivityStage.STOPPED})
    women, men = settlement.population_women, settlement.population_men
    population = None if women is None or men is None else women + men
    per_house = population / settlement.households if population and settlement.households else None
    return SettlementReach(
        settlement_id, kind, distance_m, settlement.households, per_house, reach_of(walks, distance_m), after, planned
    )


def record_distance(
    session: Session, indicator_id: UUID, settlement_id: UUID, *, kind: Kind, measured_on: date, actor: Actor
) -> IndicatorValue | None:
    """Write the median distance from the houses to the nearest service as a value of an indicator, in metres.

    Written before a work and after it, the two values tell what it changed.

    Returns
    -------
    IndicatorValue or None
        None where no house or no service is on the map.

    Raises
    ------
    NotFound, Forbidden, Refused
        There is no such settlement or indicator, the actor may not write values, or the kind is no service.
    """
    found = settlement_reach(session, settlement_id, kind=kind, distance_m=0.0, actor=actor).now
    if found.median_m is None:
        return None
    note = f"{kind.value}: {found.houses}"
    form = IndicatorValueForm(
        indicator_id=indicator_id, measured_on=measured_on, value=round(found.median_m, 1), note=note
    )
    written = create(session, _VALUES, form, actor=actor).record
    return written if isinstance(written, IndicatorValue) else None


def _errors(session: Session, rows: NearRows) -> dict[int, float]:
    query = select(MapFeature.fid, MapFeature.position_error_m).where(*rows.conditions)
    return {fid: UNKNOWN_ERROR_M if error is None else error for fid, error in session.execute(query)}


def _drawn_together(session: Session, houses: NearRows) -> list[list[int]]:
    """Return the houses, those that people matched as one house together."""
    query = (
        select(MapFeature.fid, FeatureMatchSource.match_id)
        .outerjoin(
            FeatureMatchSource,
            (FeatureMatchSource.feature_id == MapFeature.id) & (FeatureMatchSource.status == MatchStatus.CONFIRMED),
        )
        .where(*houses.conditions)
        .order_by(MapFeature.fid)
    )
    together: defaultdict[UUID | int, list[int]] = defaultdict(list)
    for fid, match in session.execute(query):
        together[match or fid].append(fid)
    return list(together.values())


def _walks(
    links: Links, houses: dict[int, float], services: dict[int, float], groups: Sequence[Collection[int]]
) -> list[Walk]:
    by_house: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for house, service, metres in links:
        by_house[house].append((metres, houses[house] + services.get(service, 0.0)))
    return [Walk(tuple(one for house in group for one in by_house[house])) for group in groups]


def _works(kind: Kind, stages: Collection[ActivityStage], actor: Actor) -> NearRows:
    """Return the placed activities at some stages whose purpose is a service of a kind."""
    purposes = [purpose for purpose in Purpose if kind in FITTING_KINDS.get(purpose, {})]
    return rows_of(Activity, actor, Subject.PLANS).where(
        Activity.purpose.in_(purposes), Activity.status.in_(sorted(stages)), Activity.geometry.is_not(None)
    )
