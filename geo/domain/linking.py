"""What links problems, objects and activities: how a link came about, how it stands, and which kinds go together.

Proposals come from nearness and kind; people decide (DOMAIN.md sections 3, 6, 8 and 12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from geo.domain.local_matters import LocalMatter
from geo.domain.plan.purposes import LOCAL_MATTERS
from geo.domain.plan_codes import Purpose
from geo.domain.vocabulary import Condition, Kind, Supply
from geo.errors import Conflict, Refused

__all__ = [
    "FITTING_KINDS",
    "REACH_M",
    "FeatureRole",
    "Likeness",
    "LinkOrigin",
    "LinkState",
    "check_decision",
    "fitting_kinds",
    "is_in_trouble",
    "likeness",
    "purposes_of",
]

REACH_M = 500.0
"""How far from a problem its objects and activities are looked for: some minutes on foot."""


class FeatureRole(StrEnum):
    """What an object of the map has to do with a problem."""

    CAUSES = "causes"
    SHOWS = "shows"


class LinkState(StrEnum):
    """How a link stands; a rejected one is not proposed again."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class LinkOrigin(StrEnum):
    """Whether a person made a link or a rule proposed it."""

    BY_HAND = "by_hand"
    NEARNESS = "nearness"


_C, _S = FeatureRole.CAUSES, FeatureRole.SHOWS

FITTING_KINDS: Mapping[Purpose, Mapping[Kind, FeatureRole]] = MappingProxyType(
    {
        Purpose.DRINKING_WATER: {
            Kind.STANDPIPE: _S,
            Kind.WELL: _S,
            Kind.DRINKING_WATER: _S,
            Kind.SPRING: _C,
            Kind.WATER_PIPE: _C,
            Kind.RESERVOIR: _C,
            Kind.PUMPING_STATION: _C,
        },
        Purpose.IRRIGATION: {
            Kind.ARABLE: _S,
            Kind.IRRIGATION_WATER: _S,
            Kind.CANAL: _C,
            Kind.SLUICE: _C,
            Kind.PUMPING_STATION: _C,
            Kind.RESERVOIR: _C,
            Kind.RIVER: _C,
        },
        Purpose.DRAINAGE: {Kind.CANAL: _C, Kind.RIVER: _C, Kind.MAIN_ROAD: _S, Kind.SECONDARY_ROAD: _S},
        Purpose.ROADS: {Kind.MAIN_ROAD: _S, Kind.SECONDARY_ROAD: _S, Kind.BRIDGE: _C},
        Purpose.BRIDGES: {Kind.BRIDGE: _S, Kind.RIVER: _C},
        Purpose.TRANSPORT: {Kind.BUS_STOP: _S, Kind.MAIN_ROAD: _C},
        Purpose.LIGHTING: {Kind.STREET_LIGHTING: _S, Kind.POWER_LINE: _C, Kind.TRANSFORMER: _C},
        Purpose.ELECTRICITY: {Kind.POWER_LINE: _C, Kind.TRANSFORMER: _C},
        Purpose.WASTE: {Kind.WASTE_SITE: _S},
        Purpose.ECOLOGY: {Kind.WASTE_SITE: _C, Kind.RIVER: _S, Kind.FOREST: _S},
        Purpose.GREENING: {Kind.FOREST: _S, Kind.MUNICIPAL_LAND: _S},
        Purpose.RECREATION: {Kind.SPORTS_HALL: _S, Kind.MUNICIPAL_LAND: _S},
        Purpose.SPORT: {Kind.SPORTS_HALL: _S},
        Purpose.PRESCHOOL: {Kind.KINDERGARTEN: _S},
        Purpose.SCHOOL: {Kind.SCHOOL: _S},
        Purpose.YOUTH: {Kind.YOUTH_GROUP: _S, Kind.CLUB: _S, Kind.SPORTS_HALL: _S, Kind.KINDERGARTEN: _S},
        Purpose.CULTURE: {Kind.CLUB: _S, Kind.LIBRARY: _S},
        Purpose.FOLK_ART: {Kind.CLUB: _S},
        Purpose.LIBRARY: {Kind.LIBRARY: _S},
        Purpose.HERITAGE: {Kind.CULT_BUILDING: _S, Kind.CEMETERY: _S},
        Purpose.HEALTH: {Kind.FIRST_AID_POST: _S, Kind.CLINIC: _S},
        Purpose.HOUSEHOLD_SERVICES: {Kind.BATHHOUSE: _S, Kind.SHOP: _S},
        Purpose.CEMETERY: {Kind.CEMETERY: _S},
        Purpose.MUNICIPAL_PROPERTY: {Kind.MUNICIPAL_OFFICE: _S, Kind.BUILDING: _S, Kind.CLUB: _S, Kind.SCHOOL: _S},
        Purpose.LAND_USE: {Kind.MUNICIPAL_LAND: _S, Kind.ARABLE: _S},
        Purpose.PASTURE: {Kind.PASTURE_NEAR: _S, Kind.PASTURE_INTENSIVE: _S, Kind.PASTURE_REMOTE: _S},
        Purpose.FARMING: {Kind.ARABLE: _S, Kind.MILL: _S, Kind.MARKET: _S},
        Purpose.BUSINESS: {Kind.MARKET: _S, Kind.SHOP: _S, Kind.MILL: _S, Kind.SAWMILL: _S},
        Purpose.BUDGET_INFORMATION: {Kind.MUNICIPAL_OFFICE: _C},
        Purpose.EMERGENCIES: {Kind.RIVER: _C, Kind.BRIDGE: _S},
    }
)
"""Which objects cause or show a problem of some kind: a dry stand-pipe shows it, a broken pipe causes it."""

_ALWAYS = MappingProxyType({Kind.PROBLEM: FeatureRole.SHOWS, Kind.DESIRED: FeatureRole.SHOWS})
"""A pin that people set for a trouble, and a wish, may belong to any problem."""


def purposes_of(matter: LocalMatter | None) -> frozenset[Purpose]:
    """Return the purposes that fall under a local matter; none without one.

    >>> sorted(purposes_of(LocalMatter.MUNICIPAL_ROADS))
    [<Purpose.BRIDGES: 'bridges'>, <Purpose.ROADS: 'roads'>]
    """
    return frozenset(one for one, of in LOCAL_MATTERS.items() if of is matter and matter is not None)


def fitting_kinds(purposes: frozenset[Purpose]) -> Mapping[Kind, FeatureRole]:
    """Return the kinds of objects that cause or show problems of some purposes; pins and wishes always.

    >>> fitting_kinds(frozenset({Purpose.DRINKING_WATER}))[Kind.STANDPIPE]
    <FeatureRole.SHOWS: 'shows'>
    """
    found: dict[Kind, FeatureRole] = {}
    for purpose in Purpose:
        if purpose in purposes:
            for kind, role in FITTING_KINDS.get(purpose, {}).items():
                found.setdefault(kind, role)
    return {**found, **_ALWAYS}


_WORN = frozenset({Condition.NEEDS_REPAIR.value, Condition.OLD.value, Condition.COLLAPSING.value})
_SHORT = frozenset({Supply.SHORT.value, Supply.RUNNING_OUT.value})


def is_in_trouble(attributes: Mapping[str, Any]) -> bool:
    """Return whether what people said of an object speaks of trouble: worn, short, or said to cause it."""
    return (
        attributes.get("condition") in _WORN
        or attributes.get("supply") in _SHORT
        or attributes.get("causes_trouble") is True
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well something goes with a problem, 0 to 1: nearness 0.6, what is said of it 0.4."""

    score: float
    distance_m: float | None


def likeness(distance_m: float | None, *, reach_m: float, speaks_for: bool) -> Likeness:
    """Return how well an object or an activity of a fitting kind goes with a problem.

    Parameters
    ----------
    distance_m
        How far it is; None where one of the two has no place, which counts like the edge of the reach.
    reach_m
        Within which distance is looked, metres.
    speaks_for
        Whether what is said of it speaks for the link: the object is in trouble, the activity is in the same village.

    >>> likeness(50.0, reach_m=500.0, speaks_for=True).score
    0.94
    """
    closeness = 0.0 if distance_m is None or reach_m <= 0 else max(0.0, 1 - distance_m / reach_m)
    return Likeness(round(0.6 * closeness + (0.4 if speaks_for else 0.0), 3), distance_m)


def check_decision(state: LinkState, to: LinkState, reason: str) -> None:
    """Make sure that a person may decide on a link so.

    Raises
    ------
    Refused
        "Proposed" is no decision, or a rejection has no reason.
    Conflict
        It has been decided so before.
    """
    if to is LinkState.PROPOSED:
        raise Refused("link.no_decision")
    if state is to:
        raise Conflict("link.decided_already")
    if to is LinkState.REJECTED and not reason.strip():
        raise Refused("link.reason_missing")
