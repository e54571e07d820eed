"""Identifiers: UUIDv7, so that laptops merge later and rows sort by the moment they were made."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["new_id"]


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562), greater than every one this process made before.

    >>> first, second = new_id(), new_id()
    >>> first < second, first.version
    (True, 7)
    """
    return uuid7()
