"""The collections of the house.

Columns that only people with a role see, and counts of people, are in none of them: a filter tells even what it does
not show (DOMAIN.md section 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Double, Float, Integer, Table, Text, literal
from sqlalchemy.types import TypeEngine

from geo.domain.rights import Subject
from geo.domain.vocabulary import Condition, Kind, Layer, Supply
from geo.models import Activity, AppraisalEvent, MapFeature, MonitoringVisit, Problem, Record, Settlement
from geo.models.governed import Withdrawable
from geo.models.types import EnumText, Id, Json, UtcDateTime
from geo.repositories.collections.collection import Collection, Property, Roles, SpatialIndex, ValueType
from geo.repositories.collections.expressions import AttributeText
from geo.repositories.collections.joined import objects, ties
from geo.repositories.visibility import visible

__all__ = ["COLLECTIONS"]

_TYPES: tuple[tuple[type[TypeEngine[Any]], ValueType], ...] = (
    (EnumText, ValueType.CODE),
    (Id, ValueType.ID),
    (UtcDateTime, ValueType.MOMENT),
    (Json, ValueType.JSON),
    (Boolean, ValueType.BOOLEAN),
    (Integer, ValueType.INTEGER),
    (Double, ValueType.NUMBER),
    (Float, ValueType.NUMBER),
    (Date, ValueType.DATE),
    (Text, ValueType.TEXT),
)
_NAMES = ("name_ky", "name_ru", "name_en")
_BOOKKEEPING = ("version", "created_at", "updated_at")
_ANSWERS: dict[str, type[StrEnum]] = {"condition": Condition, "supply": Supply, "desired_kind": Kind}
"""What residents say of an object that filters may ask for by its own name, such as ``attributes.condition``."""


def _property(model: type[Record], name: str) -> Property:
    column = _table(model).c[name]
    kind = next(found for sql, found in _TYPES if isinstance(column.type, sql))
    codes = column.type.codes if isinstance(column.type, EnumText) else None
    return Property(name, column, kind, codes=codes, nullable=bool(column.nullable))


def _answer(name: str) -> Property:
    column = AttributeText(_table(MapFeature).c.attributes, literal(name, Text))
    return Property(f"attributes.{name}", column, ValueType.CODE, codes=_ANSWERS[name], roles=Roles.ASKED)


def _collection(
    model: type[Record],
    *names: str,
    subject: Subject,
    more: tuple[Property, ...] = (),
    where: tuple[ColumnElement[bool], ...] = (),
    **options: Any,
) -> Collection:
    table = _table(model)
    told = tuple(_property(model, name) for name in (*names, *_BOOKKEEPING))
    standing = (table.c.withdrawn_at.is_(None),) if issubclass(model, Withdrawable) else ()
    return Collection(
        subject=subject,
        model=model,
        rows=table,
        key=table.c.fid,
        identifier=table.c.id,
        version=table.c.version,
        geometry=table.c.geometry,
        properties=(*told, *more),
        where=(*standing, *where),
        indexes=(SpatialIndex(table.name),),
        sees=lambda actor: visible(model, actor, subject),
        **options,
    )


def _table(model: type[Record]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _features(id: str, layer: Layer | None) -> Collection:
    return _collection(
        MapFeature,
        *_NAMES,
        *("layer", "kind", "attributes", "position_error_m", "source", "settlement_id", "event_id", "sheet_id", "ink"),
        id=id,
        title_key=f"layer.{layer.value}" if layer else "ogc.collection.features",
        subject=Subject.FEATURES,
        more=tuple(_answer(name) for name in _ANSWERS),
        where=(_table(MapFeature).c.layer == layer,) if layer else (),
        moment="created_at",
        layer=layer,
    )


_ALL = (
    _features("features", None),
    *(_features(layer.value, layer) for layer in Layer),
    objects(),
    _collection(
        Settlement,
        *_NAMES,
        *("rayon_ky", "rayon_ru", "rayon_en", "oblast_ky", "oblast_ru", "oblast_en"),
        *("code", "households", "source", "is_sample", "is_uncertain"),
        id="settlements",
        title_key="table.settlement",
        subject=Subject.TERRITORY,
        shapes="point",
    ),
    _collection(
        AppraisalEvent,
        *("kind", "held_on", "settlement_id", "cycle_id", "group_age_from", "group_age_to", "group_sex", "group_other"),
        id="events",
        title_key="table.appraisal_event",
        subject=Subject.EVENTS,
        shapes="point",
        moment="held_on",
    ),
    _collection(
        Problem,
        *("title", "level", "competence", "settlement_id", "cycle_id", "merged_into_id"),
        id="problems",
        title_key="table.problem",
        subject=Subject.PROBLEMS,
        moment="created_at",
    ),
    _collection(
        Activity,
        *("title", "purpose", "result", "status", "status_since", "coverage", "deadline_from", "deadline_to"),
        *("need_som", "capacity_som", "currency", "settlement_id", "plan_id", "task_id", "site_feature_id"),
        id="activities",
        title_key="table.activity",
        subject=Subject.PLANS,
        moment="deadline_to",
    ),
    _collection(
        MonitoringVisit,
        *("topic", "service", "method", "visited_at", "accuracy_m", "standard_met", "summary", "recommendations"),
        *("planned_quantity", "actual_quantity", "quantity_unit", "planned_som", "actual_som"),
        *("settlement_id", "activity_id", "feature_id", "chain_id", "number"),
        id="visits",
        title_key="table.monitoring_visit",
        subject=Subject.MONITORING,
        shapes="point",
        moment="visited_at",
    ),
    ties(),
)

COLLECTIONS: Mapping[str, Collection] = MappingProxyType({one.id: one for one in _ALL})
"""By id, in the order in which they are listed."""
