"""Colour and frame of each thematic layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from geo.domain.vocabulary import Layer
from maps.style.palette import Role

__all__ = ["LAYER_STYLES", "Frame", "LayerStyle"]


class Frame(StrEnum):
    """Outline of a point sign; tells the layer apart where colour cannot."""

    SQUARE = "square"
    CIRCLE = "circle"
    HEXAGON = "hexagon"
    SHIELD = "shield"
    DIAMOND = "diamond"
    DASHED_CIRCLE = "dashed_circle"

    @property
    def path(self) -> str:
        """SVG path data of the outline on a grid of 36 by 36, centre at 18 18."""
        return _FRAME_PATHS[self]


_FRAME_PATHS: Mapping[Frame, str] = MappingProxyType(
    {
        Frame.SQUARE: "M9 4h18a5 5 0 0 1 5 5v18a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5V9a5 5 0 0 1 5-5z",
        Frame.CIRCLE: "M18 3a15 15 0 0 1 0 30 15 15 0 0 1 0-30z",
        Frame.HEXAGON: "M10 4.2h16L34 18l-8 13.8H10L2 18z",
        Frame.SHIELD: "M4.5 4.5h27v17c0 6-6.5 9.5-13.5 12.5C11 31 4.5 27.5 4.5 21.5z",
        Frame.DIAMOND: "M18 .5 35.5 18 18 35.5.5 18z",
        Frame.DASHED_CIRCLE: "M18 3a15 15 0 0 1 0 30 15 15 0 0 1 0-30z",
    }
)


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """How a layer looks: colour and frame of its signs, whether its sign is filled, and the dash of its lines."""

    role: Role
    frame: Frame
    filled: bool = False
    dash: tuple[float, ...] = ()


LAYER_STYLES: Mapping[Layer, LayerStyle] = MappingProxyType(
    {
        Layer.INFRASTRUCTURE: LayerStyle(Role.STONE, Frame.SQUARE),
        Layer.WATER: LayerStyle(Role.LAKE, Frame.CIRCLE),
        Layer.LAND: LayerStyle(Role.PASTURE, Frame.HEXAGON),
        Layer.INSTITUTION: LayerStyle(Role.VIOLET, Frame.SHIELD),
        Layer.PROBLEM: LayerStyle(Role.FELT, Frame.DIAMOND, filled=True),
        Layer.DESIRED: LayerStyle(Role.APRICOT, Frame.DASHED_CIRCLE, dash=(4, 3)),
    }
)
