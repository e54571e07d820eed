"""Words in bodies that are no records: kept by both engines as they are, or refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from geo.services.records.resource import check_storable

__all__ = ["StorableText"]


def _storable(words: str) -> str:
    check_storable(words)
    return words


StorableText = Annotated[str, AfterValidator(_storable)]
"""Text without what PostgreSQL cannot keep: a NUL is told, as in a record, and is no fault of ours."""
