"""Every kind of record of the house, by the name of its collection."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from geo.services.records.resource import Resource
from geo.services.resources import (
    activities,
    events,
    features,
    gallery,
    jobs,
    links,
    monitoring,
    people_groups,
    plans,
    territory,
    venn,
    village,
)

__all__ = ["RESOURCES"]

_AREAS: Final = (
    territory,
    events,
    features,
    venn,
    village,
    gallery,
    plans,
    activities,
    people_groups,
    monitoring,
    links,
    jobs,
)

RESOURCES: Final[Mapping[str, Resource[Any]]] = MappingProxyType(
    {resource.name: resource for area in _AREAS for resource in area.RESOURCES}
)
