"""The style of one feature: its kind's row, and for a wish the symbol of what is wished for."""

from __future__ import annotations

from dataclasses import dataclass

from geo.domain.vocabulary import Kind, Layer, layer_of
from maps.style.areas import AreaStyle
from maps.style.kinds import KIND_STYLES
from maps.style.layers import LAYER_STYLES, LayerStyle
from maps.style.palette import PALETTE, Tone
from maps.style.strokes import LINE_STYLES, Stroke

__all__ = ["FeatureStyle", "style_of"]


@dataclass(frozen=True, slots=True)
class FeatureStyle:
    """Everything a renderer needs to draw one feature."""

    symbol: Kind
    """Kind whose symbol is drawn."""
    tone: Tone
    layer: LayerStyle
    strokes: tuple[Stroke, ...]
    area: AreaStyle
    rank: int


def style_of(kind: Kind, *, layer: Layer | None = None, desired_kind: Kind | None = None) -> FeatureStyle:
    """Return the style of a feature.

    Parameters
    ----------
    kind
        The feature's kind.
    layer
        The layer it is shown on; by default the layer of its kind.
    desired_kind
        For a wish, what is wished for: its symbol is drawn in the frame and colour of wishes.

    >>> style_of(Kind.DESIRED, desired_kind=Kind.KINDERGARTEN).symbol
    <Kind.KINDERGARTEN: 'kindergarten'>
    """
    own = KIND_STYLES[kind]
    return FeatureStyle(
        symbol=desired_kind or kind,
        tone=PALETTE[own.role],
        layer=LAYER_STYLES[layer or layer_of(kind)],
        strokes=LINE_STYLES[own.line],
        area=own.area,
        rank=own.rank,
    )
