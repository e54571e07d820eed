"""The look of the village map: the only place that knows a kind's colour, symbol and line style.

Web maps, printed sheets and desktop GIS read these tables, so that a school looks like a school everywhere.
Labels live in the catalogue (`geo.domain.labels`).
"""

from maps.style.areas import AreaStyle, Hatch
from maps.style.features import FeatureStyle, style_of
from maps.style.inks import INK_STYLES, InkStyle
from maps.style.kinds import KIND_STYLES, KindStyle
from maps.style.layers import LAYER_STYLES, Frame, LayerStyle
from maps.style.palette import PALETTE, Role, Tone
from maps.style.stages import (
    STAGE_STYLES,
    TIE_STROKES,
    VISIT_AGE_STYLES,
    StageStyle,
    VisitAge,
    VisitAgeStyle,
    visit_age,
)
from maps.style.strokes import LINE_STYLES, Line, Stroke
from maps.style.symbols import symbol_markup, symbol_path

__all__ = [
    "INK_STYLES",
    "KIND_STYLES",
    "LAYER_STYLES",
    "LINE_STYLES",
    "PALETTE",
    "STAGE_STYLES",
    "TIE_STROKES",
    "VISIT_AGE_STYLES",
    "AreaStyle",
    "FeatureStyle",
    "Frame",
    "Hatch",
    "InkStyle",
    "KindStyle",
    "LayerStyle",
    "Line",
    "Role",
    "StageStyle",
    "Stroke",
    "Tone",
    "VisitAge",
    "VisitAgeStyle",
    "style_of",
    "symbol_markup",
    "symbol_path",
    "visit_age",
]
