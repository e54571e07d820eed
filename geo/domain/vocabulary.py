"""Layers, kinds and attributes of a village map (DOMAIN.md section 3).

Codes only. Labels live in the catalogue under ``layer.*``, ``kind.*``, ``condition.*``,
``supply.*`` and ``user.*``; colours and symbols live in `maps.style`.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["KINDS_BY_LAYER", "Condition", "Kind", "Layer", "Supply", "UserGroup", "layer_of"]


class Layer(StrEnum):
    """Thematic layer of the village map."""

    INFRASTRUCTURE = "infrastructure"
    WATER = "water"
    LAND = "land"
    INSTITUTION = "institution"
    PROBLEM = "problem"
    DESIRED = "desired"


class Kind(StrEnum):
    """What an object on the map is; every kind belongs to one layer."""

    MAIN_ROAD = "main_road"
    SECONDARY_ROAD = "secondary_road"
    HOUSE = "house"
    BUILDING = "building"
    BRIDGE = "bridge"
    POWER_LINE = "power_line"
    STREET_LIGHTING = "street_lighting"
    WATER_PIPE = "water_pipe"
    STANDPIPE = "standpipe"
    WELL = "well"
    CANAL = "canal"
    SLUICE = "sluice"
    PUMPING_STATION = "pumping_station"
    TRANSFORMER = "transformer"
    WASTE_SITE = "waste_site"
    BATHHOUSE = "bathhouse"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    FIRST_AID_POST = "first_aid_post"
    CLINIC = "clinic"
    CLUB = "club"
    LIBRARY = "library"
    SPORTS_HALL = "sports_hall"
    MOSQUE = "mosque"
    SHOP = "shop"
    MARKET = "market"
    MILL = "mill"
    SAWMILL = "sawmill"
    CEMETERY = "cemetery"
    BUS_STOP = "bus_stop"
    CULT_BUILDING = "cult_building"
    MUNICIPAL_OFFICE = "municipal_office"

    RIVER = "river"
    SPRING = "spring"
    RESERVOIR = "reservoir"
    DRINKING_WATER = "drinking_water"
    IRRIGATION_WATER = "irrigation_water"

    ARABLE = "arable"
    PASTURE_NEAR = "pasture_near"
    PASTURE_INTENSIVE = "pasture_intensive"
    PASTURE_REMOTE = "pasture_remote"
    FOREST = "forest"
    AGRO_ECOLOGICAL_ZONE = "agro_ecological_zone"
    MUNICIPAL_LAND = "municipal_land"

    INTEREST_GROUP = "interest_group"
    YOUTH_GROUP = "youth_group"
    WOMENS_GROUP = "womens_group"
    LOCAL_INSTITUTION = "local_institution"
    OUTSIDE_BODY = "outside_body"

    PROBLEM = "problem"
    DESIRED = "desired"


_K = list(Kind)
KINDS_BY_LAYER: dict[Layer, tuple[Kind, ...]] = {
    Layer.INFRASTRUCTURE: tuple(_K[_K.index(Kind.MAIN_ROAD) : _K.index(Kind.RIVER)]),
    Layer.WATER: tuple(_K[_K.index(Kind.RIVER) : _K.index(Kind.ARABLE)]),
    Layer.LAND: tuple(_K[_K.index(Kind.ARABLE) : _K.index(Kind.INTEREST_GROUP)]),
    Layer.INSTITUTION: tuple(_K[_K.index(Kind.INTEREST_GROUP) : _K.index(Kind.PROBLEM)]),
    Layer.PROBLEM: (Kind.PROBLEM,),
    Layer.DESIRED: (Kind.DESIRED,),
}

_LAYER_OF = {kind: layer for layer, kinds in KINDS_BY_LAYER.items() for kind in kinds}


def layer_of(kind: Kind) -> Layer:
    """Return the layer a kind belongs to.

    >>> layer_of(Kind.SCHOOL)
    <Layer.INFRASTRUCTURE: 'infrastructure'>
    """
    return _LAYER_OF[kind]


class Condition(StrEnum):
    """State of repair of an object."""

    NEW = "new"
    UNDER_CONSTRUCTION = "under_construction"
    NEEDS_REPAIR = "needs_repair"
    OLD = "old"
    COLLAPSING = "collapsing"


class Supply(StrEnum):
    """How well a resource meets the need."""

    ENOUGH = "enough"
    SHORT = "short"
    UNUSED = "unused"
    RUNNING_OUT = "running_out"


class UserGroup(StrEnum):
    """Who uses a place."""

    WOMEN = "women"
    MEN = "men"
    YOUNG_PEOPLE = "young_people"
    CHILDREN = "children"
    ELDERS = "elders"
