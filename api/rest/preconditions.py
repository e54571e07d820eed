"""Which version of a record a writer saw, and which a reader has: ``If-Match``, ``If-None-Match`` (RFC 9110, 13.1)."""

from __future__ import annotations

import re

from geo.errors import Refused

__all__ = ["PreconditionMissing", "is_known", "seen_version"]

_ETAG = re.compile(r'\s*"(\d{1,9})"\s*')


class PreconditionMissing(Refused):
    """A change without saying which version was seen (RFC 6585, clause 3)."""


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Return whether a reader has what an ETag stands for already (clause 13.1.2); weak tags compare like strong ones.

    >>> is_known('"3"', 'W/"2","3"')
    True
    >>> is_known('"3"', '"33"')
    False
    """
    if if_none_match is None:
        return False
    told = [one.strip() for one in if_none_match.split(",")]
    return "*" in told or etag.removeprefix("W/") in [one.removeprefix("W/") for one in told]


def seen_version(if_match: str | None) -> int | None:
    """Return the version that a writer saw; None where any will do (``*``).

    Raises
    ------
    PreconditionMissing
        There is no such header.
    """
    if if_match is None:
        raise PreconditionMissing("http.if_match_missing")
    if if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match)
    # Whatever is no ETag of ours is no version that holds.
    return int(found[1]) if found else -1
