"""How the pens of a drawing are shown in keys and tables: colour and a dash of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.domain.drawing import Ink

__all__ = ["INK_STYLES", "InkStyle"]


@dataclass(frozen=True, slots=True)
class InkStyle:
    """Colour as ``#RRGGBB`` on paper and on a dark screen, stroke width and dash in pixels of 1/96 inch."""

    light: str
    dark: str
    width: float = 2.5
    dash: tuple[float, ...] = ()


INK_STYLES: Mapping[Ink, InkStyle] = MappingProxyType(
    {
        Ink.BLACK: InkStyle("#1F1D1A", "#EDE8DF"),
        Ink.BLUE: InkStyle("#1B5FB0", "#6FB6F2", dash=(10, 4)),
        Ink.RED: InkStyle("#B3261E", "#EE7A6E", dash=(5, 3)),
        Ink.GREEN: InkStyle("#2F7D3B", "#86C98F", dash=(10, 3, 2, 3)),
        Ink.BROWN: InkStyle("#8A5320", "#D9A066", dash=(2, 3)),
        Ink.VIOLET: InkStyle("#6B3FA0", "#BD9BE6", dash=(10, 3, 2, 3, 2, 3)),
        Ink.PENCIL: InkStyle("#77736D", "#B5B0A8", width=1.25),
    }
)
