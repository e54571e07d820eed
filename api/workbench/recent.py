"""The places that a browser visited last, kept in a cookie of its own: ids and years, nothing about people."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from fastapi import Request, Response

__all__ = ["recent_places", "remember"]

_COOKIE: Final = "places"
_MOST: Final = 6
_A_YEAR_S: Final = 31_536_000
_ONE: Final = re.compile(r"([0-9a-f]{32})\.([12]\d{3})")


def recent_places(request: Request) -> tuple[tuple[UUID, int], ...]:
    """Return settlements and years, the last visited first; a cookie written by hand is passed by."""
    found = _ONE.findall(request.cookies.get(_COOKIE, ""))
    return tuple((UUID(place), int(year)) for place, year in found[:_MOST])


def remember(answer: Response, request: Request, settlement_id: UUID, year: int) -> None:
    """Put a place first in the browser's list."""
    before = [one for one in recent_places(request) if one[0] != settlement_id]
    kept = [(settlement_id, year), *before][:_MOST]
    written = "~".join(f"{place.hex}.{of}" for place, of in kept)
    answer.set_cookie(_COOKIE, written, max_age=_A_YEAR_S, path="/", samesite="lax", httponly=True)
