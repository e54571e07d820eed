"""What a collection of features is: its rows, their shape, and the properties that people see and ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from geo.domain.rights import Actor, Subject
from geo.domain.vocabulary import Layer
from geo.models import Record

__all__ = ["Collection", "Property", "Roles", "SpatialIndex", "ValueType"]


class ValueType(StrEnum):
    """What a property's values are."""

    TEXT = "text"
    CODE = "code"
    ID = "id"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    JSON = "json"


class Roles(StrEnum):
    """What a property is there for, beside being told (Features part 3, queryables; part 5, returnables)."""

    TOLD = "told"
    ASKED = "asked"
    """For filters alone, such as one answer among the attributes."""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of features.

    Attributes
    ----------
    name
        As in GeoJSON.
    column
        Expression over the collection's rows.
    value_type
        Of its values.
    codes
        Closed list of its values; its members have labels.
    roles
        Whether it is told, can be asked for, or both.
    nullable
        Whether it may be missing.
    """

    name: str
    column: ColumnElement[Any]
    value_type: ValueType
    codes: type[StrEnum] | None = None
    roles: Roles = Roles.BOTH
    nullable: bool = True

    @property
    def key(self) -> str:
        """Message key of its title."""
        return f"ogc.property.{self.name}"

    @property
    def is_told(self) -> bool:
        """Whether features carry it."""
        return self.roles is not Roles.ASKED

    @property
    def is_queryable(self) -> bool:
        """Whether filters may name it; whole JSON objects are only told."""
        return self.roles is not Roles.TOLD and self.value_type is not ValueType.JSON

    @property
    def is_sortable(self) -> bool:
        """Whether lists can be put in its order."""
        return self.is_queryable and self.is_told


@dataclass(frozen=True, slots=True)
class SpatialIndex:
    """The R-tree of a table in a GeoPackage, and how keys follow: ``factor`` × fid + ``offset``."""

    table: str
    factor: int = 1
    offset: int = 0


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A collection of features.

    Attributes
    ----------
    id
        In addresses.
    title_key
        Message key of its title.
    subject
        By which rights it is governed.
    model
        Whose rows they are: visibility, versions and writing follow from it.
    rows
        What is selected from, with its joins.
    key, identifier, version
        Integer key by which pages go on; public id; counted changes, None where they cannot be told.
    geometry
        In EPSG:4326, longitude first.
    shapes
        Name of the geometry type, such as ``point``; None where it may be any.
    properties
        In the order in which they are told.
    where
        What makes a row one of this collection's.
    indexes
        R-trees of a GeoPackage that serve boxes; empty where there is none.
    moment
        Name of the property that ``datetime`` means.
    sees
        Returns the condition that an actor may see a row.
    is_written
        Whether its items can be made, changed and withdrawn as records of the model.
    layer
        Of map features: the one layer that the collection shows.
    """

    id: str
    title_key: str
    subject: Subject
    model: type[Record]
    rows: FromClause
    key: ColumnElement[int]
    identifier: ColumnElement[Any]
    version: ColumnElement[int] | None
    geometry: ColumnElement[Any]
    shapes: str | None = None
    properties: tuple[Property, ...]
    where: tuple[ColumnElement[bool], ...] = ()
    indexes: tuple[SpatialIndex, ...] = ()
    moment: str | None = None
    sees: Callable[[Actor], ColumnElement[bool]]
    is_written: bool = True
    layer: Layer | None = None

    @cached_property
    def told(self) -> tuple[Property, ...]:
        """Properties that features carry."""
        return tuple(one for one in self.properties if one.is_told)

    @cached_property
    def queryables(self) -> dict[str, Property]:
        """Properties that filters may name."""
        return {one.name: one for one in self.properties if one.is_queryable}

    @cached_property
    def sortables(self) -> dict[str, Property]:
        """Properties that lists can be ordered by."""
        return {one.name: one for one in self.properties if one.is_sortable}
