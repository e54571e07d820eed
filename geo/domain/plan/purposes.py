"""Which local matter an activity's purpose falls under (DOMAIN.md section 12)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from geo.domain.local_matters import LocalMatter
from geo.domain.plan_codes import Purpose

__all__ = ["LOCAL_MATTERS", "local_matter"]

LOCAL_MATTERS: Mapping[Purpose, LocalMatter] = MappingProxyType(
    {
        Purpose.DRINKING_WATER: LocalMatter.DRINKING_WATER,
        Purpose.SEWERAGE: LocalMatter.SEWERAGE,
        Purpose.ROADS: LocalMatter.MUNICIPAL_ROADS,
        Purpose.BRIDGES: LocalMatter.MUNICIPAL_ROADS,
        Purpose.TRANSPORT: LocalMatter.MUNICIPAL_TRANSPORT,
        Purpose.LIGHTING: LocalMatter.PUBLIC_LIGHTING,
        Purpose.WASTE: LocalMatter.HOUSEHOLD_WASTE,
        Purpose.GREENING: LocalMatter.GREENING,
        Purpose.RECREATION: LocalMatter.PARKS_AND_RECREATION,
        Purpose.SPORT: LocalMatter.PHYSICAL_CULTURE,
        Purpose.PRESCHOOL: LocalMatter.CHILDREN_AND_YOUTH,
        Purpose.YOUTH: LocalMatter.CHILDREN_AND_YOUTH,
        Purpose.CULTURE: LocalMatter.LEISURE,
        Purpose.FOLK_ART: LocalMatter.FOLK_ART,
        Purpose.LIBRARY: LocalMatter.LIBRARIES,
        Purpose.HERITAGE: LocalMatter.HERITAGE,
        Purpose.CEMETERY: LocalMatter.CEMETERIES,
        Purpose.MUNICIPAL_PROPERTY: LocalMatter.MUNICIPAL_PROPERTY,
        Purpose.LAND_USE: LocalMatter.LAND_USE,
        Purpose.BUSINESS: LocalMatter.ECONOMIC_DEVELOPMENT,
        Purpose.BUDGET_INFORMATION: LocalMatter.LOCAL_BUDGET,
        Purpose.ADVERTISING: LocalMatter.ADVERTISING,
        Purpose.PUBLIC_ORDER: LocalMatter.PUBLIC_ORDER,
        Purpose.EMERGENCIES: LocalMatter.EMERGENCIES,
        Purpose.SUBSOIL: LocalMatter.SUBSOIL,
    }
)
"""Every local matter has a purpose. Irrigation, schools, health, power and the like are nobody's local matter."""


def local_matter(purpose: Purpose) -> LocalMatter | None:
    """Return the local matter of a purpose, None where the law's list has none for it.

    >>> local_matter(Purpose.ROADS)
    <LocalMatter.MUNICIPAL_ROADS: 6>
    """
    return LOCAL_MATTERS.get(purpose)
