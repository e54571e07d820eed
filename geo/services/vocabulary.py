"""The vocabulary of the catalogue written into the store, so that QGIS shows words and not codes."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from geo.domain.labels import LABELLED, label
from geo.i18n import Language
from geo.models import Term

__all__ = ["write_vocabulary"]


def write_vocabulary(session: Session) -> None:
    """Replace the terms of the store by those of the catalogue; needed after each upgrade."""
    session.execute(delete(Term))
    session.execute(insert(Term), [_row(name, member) for codes, name in LABELLED.items() for member in codes])


def _row(name: str, member: Enum) -> dict[str, str]:
    words = {language.value: label(member, language) for language in Language}
    return {"list": name, "code": str(member.value), **words}
