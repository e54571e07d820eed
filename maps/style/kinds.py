"""The style table: one row for every kind of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.domain.vocabulary import Kind
from maps.style.areas import AreaStyle, Hatch
from maps.style.palette import Role
from maps.style.strokes import Line

__all__ = ["KIND_STYLES", "KindStyle"]


@dataclass(frozen=True, slots=True)
class KindStyle:
    """How a kind looks as a point, a line and an area; people may draw any kind in any of the three ways.

    Parameters
    ----------
    role
        Colour. Waterworks wear the lake's blue although they are infrastructure; the frame of their sign and their
        line style still tell them from rivers and springs.
    line
        Line style.
    area
        Fill and outline.
    rank
        1 for what people look for first, 3 for what there is a lot of; the lower ranks are drawn smaller and give way.
    """

    role: Role
    line: Line
    area: AreaStyle
    rank: int = 2


_BUILT = AreaStyle(Hatch.DIAGONAL)
_WATERWORKS = AreaStyle(Hatch.WAVES, outline_dash=(6, 4))
_WATER = AreaStyle(Hatch.WAVES, tint=0.16)
_TOGETHER = AreaStyle(Hatch.BACK_DIAGONAL)


def _built(rank: int = 2) -> KindStyle:
    return KindStyle(Role.STONE, Line.PLAIN, _BUILT, rank)


def _waterworks(line: Line, rank: int = 2) -> KindStyle:
    return KindStyle(Role.LAKE, line, _WATERWORKS, rank)


def _land(hatch: Hatch, tint: float = 0.1, dash: tuple[float, ...] = ()) -> KindStyle:
    return KindStyle(Role.PASTURE, Line.PLAIN, AreaStyle(hatch, tint=tint, outline_dash=dash))


def _people(rank: int = 2) -> KindStyle:
    return KindStyle(Role.VIOLET, Line.PLAIN, _TOGETHER, rank)


KIND_STYLES: Mapping[Kind, KindStyle] = MappingProxyType(
    {
        Kind.MAIN_ROAD: KindStyle(Role.STONE, Line.BROAD_DOUBLE, _BUILT),
        Kind.SECONDARY_ROAD: KindStyle(Role.STONE, Line.SOLID, _BUILT),
        Kind.HOUSE: _built(3),
        Kind.BUILDING: _built(3),
        Kind.BRIDGE: KindStyle(Role.STONE, Line.RAILED, _BUILT),
        Kind.POWER_LINE: KindStyle(Role.STONE, Line.TICKED, _BUILT, 3),
        Kind.STREET_LIGHTING: KindStyle(Role.STONE, Line.BEADED, _BUILT, 3),
        Kind.WATER_PIPE: _waterworks(Line.LONG_DASH),
        Kind.STANDPIPE: _waterworks(Line.LONG_DASH, 3),
        Kind.WELL: _waterworks(Line.LONG_DASH, 3),
        Kind.CANAL: _waterworks(Line.DOUBLE),
        Kind.SLUICE: _waterworks(Line.DOUBLE),
        Kind.PUMPING_STATION: _waterworks(Line.LONG_DASH),
        Kind.TRANSFORMER: KindStyle(Role.STONE, Line.TICKED, _BUILT),
        Kind.WASTE_SITE: KindStyle(Role.STONE, Line.SHORT_DASH, AreaStyle(Hatch.CROSSED)),
        Kind.BATHHOUSE: _built(),
        Kind.SCHOOL: _built(1),
        Kind.KINDERGARTEN: _built(1),
        Kind.FIRST_AID_POST: _built(1),
        Kind.CLINIC: _built(1),
        Kind.CLUB: _built(1),
        Kind.LIBRARY: _built(1),
        Kind.SPORTS_HALL: _built(1),
        Kind.MOSQUE: _built(1),
        Kind.SHOP: _built(),
        Kind.MARKET: _built(1),
        Kind.MILL: _built(),
        Kind.SAWMILL: _built(),
        Kind.CEMETERY: KindStyle(Role.STONE, Line.PLAIN, AreaStyle(Hatch.STONES)),
        Kind.BUS_STOP: _built(),
        Kind.CULT_BUILDING: _built(),
        Kind.MUNICIPAL_OFFICE: _built(1),
        Kind.RIVER: KindStyle(Role.LAKE, Line.BROAD, _WATER, 1),
        Kind.SPRING: KindStyle(Role.LAKE, Line.PLAIN, _WATER),
        Kind.RESERVOIR: KindStyle(Role.LAKE, Line.BROAD, AreaStyle(Hatch.WAVES, tint=0.24)),
        Kind.DRINKING_WATER: KindStyle(Role.LAKE, Line.SHORT_DASH, AreaStyle(Hatch.DOTS)),
        Kind.IRRIGATION_WATER: KindStyle(Role.LAKE, Line.DOTTED, AreaStyle(Hatch.FURROWS)),
        Kind.ARABLE: _land(Hatch.FURROWS),
        Kind.PASTURE_NEAR: _land(Hatch.TUFTS),
        Kind.PASTURE_INTENSIVE: _land(Hatch.DENSE_TUFTS, tint=0.14),
        Kind.PASTURE_REMOTE: _land(Hatch.PEAKS),
        Kind.FOREST: _land(Hatch.TREES, tint=0.2),
        Kind.AGRO_ECOLOGICAL_ZONE: _land(Hatch.DOTS, tint=0.06, dash=(10, 4)),
        Kind.MUNICIPAL_LAND: _land(Hatch.BACK_DIAGONAL, tint=0.06, dash=(8, 3, 1.5, 3)),
        Kind.INTEREST_GROUP: _people(),
        Kind.YOUTH_GROUP: _people(),
        Kind.WOMENS_GROUP: _people(),
        Kind.LOCAL_INSTITUTION: _people(1),
        Kind.OUTSIDE_BODY: _people(),
        Kind.PROBLEM: KindStyle(Role.FELT, Line.DOTTED, AreaStyle(Hatch.CROSSED, outline=2.5), 1),
        Kind.DESIRED: KindStyle(
            Role.APRICOT, Line.SHORT_DASH, AreaStyle(Hatch.DOTS, outline=2.5, outline_dash=(7, 5)), 1
        ),
    }
)
