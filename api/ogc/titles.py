"""Titles of collections and properties in the reader's language."""

from __future__ import annotations

from geo.i18n import Language, keys, text
from geo.repositories.collections.collection import Collection, Property

__all__ = ["describe"]


def describe(one: Collection | Property, language: Language) -> str:
    """Return the title of a collection or a property; a property without one is called by its name."""
    if isinstance(one, Collection):
        return text(one.title_key, language)
    return text(one.key, language) if one.key in keys(language) else one.name
