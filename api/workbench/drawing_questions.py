"""Which questions are asked of which objects (DOMAIN.md section 3), and what can be tapped as an answer."""

from __future__ import annotations

from typing import Any, Final

from geo.domain.vocabulary import Condition, Kind, Layer, Supply, UserGroup, layer_of

__all__ = ["questions"]

_DISTANCES_M: Final = (50, 200, 500, 1000, 2000, 5000)
_MINUTES: Final = (5, 10, 20, 30, 60, 120)
_WAY: Final = ("distance_m_now", "minutes_now", "distance_m_five_years_ago", "minutes_five_years_ago")
_EVERYWHERE: Final = ("users", "causes_trouble", "trouble_reason", "decided_by", "common_use")
_BUILT: Final = ("condition", *_EVERYWHERE, "year_built")
_FETCHED: Final = ("supply", *_EVERYWHERE, *_WAY)
_WATER_POINTS: Final = frozenset(
    {Kind.STANDPIPE, Kind.WELL, Kind.WATER_PIPE, Kind.CANAL, Kind.PUMPING_STATION, Kind.SLUICE}
)
_OF_LAYER: Final[dict[Layer, tuple[str, ...]]] = {
    Layer.INFRASTRUCTURE: _BUILT,
    Layer.WATER: _FETCHED,
    Layer.LAND: _FETCHED,
    Layer.INSTITUTION: ("condition", *_EVERYWHERE),
    Layer.PROBLEM: ("trouble_reason", "users", "decided_by", "condition", "supply"),
    Layer.DESIRED: ("desired_kind", "users", "decided_by", "trouble_reason"),
}
_ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "condition": {"of": "one", "values": [one.value for one in Condition], "words": "condition"},
    "supply": {"of": "one", "values": [one.value for one in Supply], "words": "supply"},
    "users": {"of": "several", "values": [one.value for one in UserGroup], "words": "user"},
    "common_use": {"of": "yes_or_no"},
    "causes_trouble": {"of": "yes_or_no"},
    "trouble_reason": {"of": "words"},
    "decided_by": {"of": "words"},
    "distance_m_now": {"of": "number", "values": _DISTANCES_M, "unit": "metres"},
    "distance_m_five_years_ago": {"of": "number", "values": _DISTANCES_M, "unit": "metres"},
    "minutes_now": {"of": "number", "values": _MINUTES, "unit": "minutes"},
    "minutes_five_years_ago": {"of": "number", "values": _MINUTES, "unit": "minutes"},
    "year_built": {"of": "number", "values": (), "unit": ""},
    "desired_kind": {"of": "kind"},
    "crops": {"of": "list"},
}


def questions() -> dict[str, Any]:
    """Return the fields asked of each kind in their order, and how each is answered."""
    return {"of_kind": {kind.value: _asked(kind) for kind in Kind}, "answers": _ANSWERS}


def _asked(kind: Kind) -> list[str]:
    asked = list(_OF_LAYER[layer_of(kind)])
    if kind in _WATER_POINTS:
        asked[1:1] = ["supply"]
        asked += _WAY
    if kind is Kind.ARABLE:
        asked.insert(1, "crops")
    return asked
