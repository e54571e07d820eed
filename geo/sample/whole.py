"""The whole sample: what the demonstration adds to the sources so that every map and paper has something to show.

Session X, the Lipenka plan and the places of its villages come from their sources; head counts, the other groups, the
second village, the plan of 2014, its visits and the year 2012 of village X are invented, and say so where people read
it. It is written as steps: records by the fields of their forms, and what people do with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.spatial.plane import metres_per_degree

__all__ = ["KNOWN", "ORIGINS", "sample_id", "sample_places", "sample_shape", "sample_steps"]

KNOWN: Mapping[str, UUID] = MappingProxyType(
    {
        "municipality": UUID("01a20004-b16b-71b2-bc71-6bbb09df6ef8"),
        "village_x": UUID("01a20004-b16b-71b2-bc71-6bc1d5b423e8"),
        "cycle_2014": UUID("01a20004-b16b-71b2-bc71-6bcc207c45c4"),
        "session_x": UUID("01a20004-b16b-71b2-bc71-6bcda59b6452"),
    }
)
"""Ids of what the sample municipality has already."""

ORIGINS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"village_x": (78.2385, 42.495), "tort_kul": (78.281, 42.477)}
)
"""Lon lat from which places are told in metres east and north; both villages are samples."""

_FILES = ("villages", "sessions", "gallery", "plan", "visits", "earlier")
_MADE_AT = 0x01A2_0400_0000
"""The moment that all ids of the sample carry, milliseconds since 1970."""


def sample_id(key: str) -> UUID:
    """Return the id of a record of the sample: a UUIDv7 of one fixed moment, with the key's digest for its random bits.

    >>> sample_id("session.mid"), sample_id("session_x") == KNOWN["session_x"]
    (UUID('01a20400-0000-7cec-a111-527441507deb'), True)
    """
    if key in KNOWN:
        return KNOWN[key]
    bits = int.from_bytes(hashlib.sha256(key.encode()).digest()[:10], "big")
    return UUID(int=_MADE_AT << 80 | 0x7 << 76 | (bits >> 68) << 64 | 0b10 << 62 | bits & (1 << 62) - 1)


def sample_shape(told: Mapping[str, Any], *, origin: str, shift_m: tuple[float, float] = (0.0, 0.0)) -> BaseGeometry:
    """Return a place told in metres as a geometry, lon lat.

    Parameters
    ----------
    told
        ``{"point": [x, y]}``, ``{"line": [[x, y], …]}`` or ``{"area": [[x, y], …]}``, metres east and north.
    origin
        Key of `ORIGINS`.
    shift_m
        How far off it was drawn, metres east and north.
    """
    [(kind, where)] = told.items()
    shape = {"point": Point, "line": LineString, "area": Polygon}[kind](where)
    lon, lat = ORIGINS[origin]
    east, north = (float(one[0]) for one in metres_per_degree(np.array([lat])))
    metres = np.array([east, north])
    placed: BaseGeometry = shapely.transform(shape, lambda xy: np.round((xy + shift_m) / metres + (lon, lat), 7))
    return placed


@cache
def sample_places() -> dict[str, dict[str, Any]]:
    """Return the places of village X as its groups draw them, by name: fields of ``map-features`` with a told place."""
    places: dict[str, dict[str, Any]] = _read("places")["places"]
    return places


def sample_steps() -> list[dict[str, Any]]:
    """Return what is to be done, in order; new values at every call.

    >>> {step["do"] for step in sample_steps()} >= {"events", "draw", "merge", "show-event"}
    True
    """
    return [step for name in _FILES for step in _read(name)["steps"]]


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(files("geo.sample").joinpath(f"whole_{name}.json").read_text("utf-8"))
    return content
