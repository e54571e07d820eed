"""Which version of a record a writer saw: ``If-Match`` (RFC 9110, clause 13.1.1)."""

from __future__ import annotations

import re

from geo.errors import Refused

__all__ = ["PreconditionMissing", "seen_version"]

_ETAG = re.compile(r'\s*"(\d{1,9})"\s*')


class PreconditionMissing(Refused):
    """A change without saying which version was seen (RFC 6585, clause 3)."""


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
