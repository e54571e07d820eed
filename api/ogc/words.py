"""Values of features in words: labels for codes, names for what other features are, numbers as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson

from geo.database.database import Database
from geo.domain.events import EventKind
from geo.domain.labels import label
from geo.domain.local_matters import Competence
from geo.domain.rights import Actor
from geo.domain.vocabulary import Condition, Kind, Supply, UserGroup
from geo.errors import NotFound, Refused
from geo.i18n import Language, keys, text
from geo.repositories.collections.collection import Collection, Property, ValueType
from geo.services.collections import find_collection, item
from geo.spatial.reference_systems import CRS84

__all__ = ["NAMING", "NUMBERS", "Linked", "linked_features", "name_of", "words_of"]

NUMBERS: Final = frozenset({ValueType.NUMBER, ValueType.INTEGER})
"""Values that stand under each other in a table by their last digit."""
NAMING: Final = ("title", "service", "summary")
"""Properties that a feature without names is called by."""
_POINTED_AT: Mapping[str, str] = MappingProxyType(
    {
        "settlement_id": "settlements",
        "event_id": "events",
        "activity_id": "activities",
        "feature_id": "features",
        "site_feature_id": "features",
        "merged_into_id": "problems",
    }
)
"""Properties that name features of other collections."""
_ANSWERS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {"condition": Condition, "supply": Supply, "users": UserGroup, "desired_kind": Kind}
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A feature that another one names."""

    collection: Collection
    id: UUID
    feature: Mapping[str, Any]


def linked_features(database: Database, feature: Mapping[str, Any], *, actor: Actor) -> dict[str, Linked]:
    """Return the features that a feature's properties name, by property; what the actor may not see is left out."""
    found = {}
    for name, collection_id in _POINTED_AT.items():
        value = feature["properties"].get(name)
        if not value:
            continue
        collection, identifier = find_collection(collection_id), UUID(value)
        try:
            other = item(database, collection, identifier, system=CRS84, actor=actor)
        except NotFound:
            continue
        found[name] = Linked(collection, identifier, orjson.loads(other.feature))
    return found


def name_of(feature: Mapping[str, Any], language: Language) -> str:
    """Return what a feature is called: its name, title or service, else what it is; an empty string without any."""
    properties = feature["properties"]
    names = [properties.get(f"name_{code}") for code in (language.value, "ky", "ru", "en")]
    if "first_name_ky" in properties:
        return f"{properties['first_name_ky']} – {properties['second_name_ky']}"
    found = next((str(name) for name in (*names, *(properties.get(one) for one in NAMING)) if name), "")
    return found or _kind(properties, language)


def words_of(one: Property, value: Any, language: Language) -> str:
    """Return a value in the reader's words; an empty string where there is none, or none for people."""
    if value is None or value in ("", {}) or one.value_type is ValueType.ID:
        return ""  # an id says nothing to people; what it names is told by its name
    if one.codes is not None:
        return _code(one.codes, value, language)
    if one.name == "competence":
        return _competence(str(value), language)
    if one.name == "attributes" and isinstance(value, dict):
        answers = [(_question(name, language), _answer(name, said, language)) for name, said in value.items()]
        return "; ".join(f"{question}: {answer}" for question, answer in answers)
    return _by_type(one.value_type, value, language)


def _by_type(value_type: ValueType, value: Any, language: Language) -> str:
    if value_type is ValueType.MOMENT:
        return str(value)[:16].replace("T", " ")
    if value_type is ValueType.NUMBER and isinstance(value, int | float):
        # A tenth is finer than anything that was drawn, walked or counted; a comma is what the languages have.
        number = f"{value:,.1f}".removesuffix(".0").replace(",", "\u202f")
        return number if language is Language.EN else number.replace(".", ",")
    return _plain(value)


def _kind(properties: Mapping[str, Any], language: Language) -> str:
    """Return what a feature without a name is called by: what it is; an event by its kind and day."""
    code = properties.get("kind")
    if code in set(EventKind):
        return f"{label(EventKind(code), language)}, {properties.get('held_on', '')}"
    return label(Kind(code), language) if code in set(Kind) else ""


def _code(codes: type[StrEnum], value: Any, language: Language) -> str:
    try:
        return label(codes(value), language)
    except (KeyError, ValueError):
        return str(value)


def _competence(code: str, language: Language) -> str:
    try:
        return text(Competence.from_code(code).label_key, language)
    except Refused:
        return code


def _question(name: str, language: Language) -> str:
    key = f"attribute.{name}"
    return text(key, language) if key in keys(language) else name.replace("_", " ")


def _answer(name: str, said: Any, language: Language) -> str:
    if isinstance(said, list):
        return ", ".join(_answer(name, one, language) for one in said)
    codes = _ANSWERS.get(name)
    return _code(codes, said, language) if codes is not None else _plain(said)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
