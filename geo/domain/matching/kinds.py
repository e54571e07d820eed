"""Which kinds two groups may have given to one object."""

from __future__ import annotations

from geo.domain.vocabulary import Kind

__all__ = ["kind_likeness"]

_CLOSE: tuple[tuple[float, frozenset[Kind]], ...] = (
    (0.8, frozenset({Kind.FIRST_AID_POST, Kind.CLINIC})),
    (0.7, frozenset({Kind.CLUB, Kind.LIBRARY})),
    (0.8, frozenset({Kind.MOSQUE, Kind.CULT_BUILDING})),
    (0.7, frozenset({Kind.SHOP, Kind.MARKET})),
    (0.6, frozenset({Kind.SCHOOL, Kind.KINDERGARTEN})),
    (0.7, frozenset({Kind.MAIN_ROAD, Kind.SECONDARY_ROAD})),
    (0.8, frozenset({Kind.HOUSE, Kind.BUILDING})),
    (0.7, frozenset({Kind.STANDPIPE, Kind.WELL, Kind.SPRING, Kind.DRINKING_WATER})),
    (0.7, frozenset({Kind.CANAL, Kind.IRRIGATION_WATER})),
    (0.5, frozenset({Kind.CANAL, Kind.RIVER})),
    (0.6, frozenset({Kind.RESERVOIR, Kind.DRINKING_WATER, Kind.IRRIGATION_WATER})),
    (0.6, frozenset({Kind.POWER_LINE, Kind.STREET_LIGHTING})),
    (0.7, frozenset({Kind.PASTURE_NEAR, Kind.PASTURE_INTENSIVE, Kind.PASTURE_REMOTE})),
    (0.5, frozenset({Kind.MUNICIPAL_LAND, Kind.PASTURE_NEAR, Kind.ARABLE, Kind.AGRO_ECOLOGICAL_ZONE})),
    (0.8, frozenset({Kind.MUNICIPAL_OFFICE, Kind.LOCAL_INSTITUTION})),
    (0.7, frozenset({Kind.INTEREST_GROUP, Kind.YOUTH_GROUP, Kind.WOMENS_GROUP, Kind.LOCAL_INSTITUTION})),
)
_HOUSED = frozenset(
    {
        Kind.SCHOOL, Kind.KINDERGARTEN, Kind.FIRST_AID_POST, Kind.CLINIC, Kind.CLUB, Kind.LIBRARY, Kind.SPORTS_HALL,
        Kind.MOSQUE, Kind.CULT_BUILDING, Kind.SHOP, Kind.MILL, Kind.SAWMILL, Kind.BATHHOUSE, Kind.MUNICIPAL_OFFICE,
        Kind.LOCAL_INSTITUTION, Kind.YOUTH_GROUP, Kind.WOMENS_GROUP, Kind.INTEREST_GROUP,
    }
)  # fmt: skip
_SOME_BUILDING = 0.5


def kind_likeness(one: Kind, two: Kind) -> float:
    """Return 1 for the same kind, something less for kinds that people call one thing, 0 for others.

    >>> kind_likeness(Kind.SCHOOL, Kind.SCHOOL), kind_likeness(Kind.WELL, Kind.STANDPIPE)
    (1.0, 0.7)
    >>> kind_likeness(Kind.SCHOOL, Kind.BUILDING), kind_likeness(Kind.SCHOOL, Kind.RIVER)
    (0.5, 0.0)
    """
    if one is two:
        return 1.0
    both = {one, two}
    if Kind.BUILDING in both and both & _HOUSED:
        return _SOME_BUILDING
    return max((likeness for likeness, kinds in _CLOSE if both <= kinds), default=0.0)
