"""The style of a readable layer for QGIS: which symbol for which kind, and the labels.

A readable layer of the store holds points, lines and areas; QGIS opens one shape at a time, and keeps one style for
all three. So a style is written in two ways: for one shape, classified by kind, as a project wants it; and for all
shapes, as nested rules, as the GeoPackage itself keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.domain.labels import label
from geo.domain.vocabulary import KINDS_BY_LAYER, Kind, Layer
from geo.i18n import Language, text
from maps.qgis.symbols import fill_symbol, line_symbol, marker_symbol, rgba
from maps.style import KIND_STYLES, LAYER_STYLES, PALETTE, Role

__all__ = ["MIXED_STYLE_NAME", "Shape", "ViewLayer", "add_style", "layer_style"]

MIXED_STYLE_NAME = "ayilmap"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.22.0"
"""Version of QGIS whose files these are like."""
_LABEL_POINTS = 10
_FARTHEST_NAMES = 25_000
"""Names are shown at 1 : this scale and larger; farther off they would cover the signs."""


class Shape(StrEnum):
    """What QGIS opens a readable layer as, by the name that its data source and expressions use."""

    POINT = "Point"
    LINE = "Line"
    AREA = "Polygon"

    @property
    def in_source(self) -> str:
        """Name in a data source."""
        return "LineString" if self is Shape.LINE else self.value


@dataclass(frozen=True, slots=True)
class ViewLayer:
    """A readable layer of the store.

    Parameters
    ----------
    name
        The view's name in the store.
    layer
        Thematic layer that it shows; None for objects of all layers.
    name_column
        Column with an object's name.
    """

    name: str
    layer: Layer | None
    name_column: str


@dataclass(frozen=True, slots=True)
class _Class:
    """One row of a legend."""

    value: str
    words: str
    kind: Kind
    layer: Layer
    desired: Kind | None = None


def layer_style(view: ViewLayer, language: Language, *, shape: Shape | None = None) -> str:
    """Return the style of a readable layer as a QML document.

    Parameters
    ----------
    view
        The layer.
    language
        Language of the legend.
    shape
        The one shape that it is for; without, it is for all three.
    """
    root = Element("qgis", {"version": _VERSION, "styleCategories": "Symbology|Labeling", "labelsEnabled": "1"})
    add_style(root, view, language, shape=shape)
    return _DOCTYPE + tostring(root, encoding="unicode")


def add_style(parent: Element, view: ViewLayer, language: Language, *, shape: Shape | None) -> None:
    """Put renderer and labels into a style or into a layer of a project."""
    parent.append(_rules(view, language) if shape is None else _categories(view, language, shape))
    parent.append(_labels(view, shape))


def _classes(view: ViewLayer, language: Language, shape: Shape) -> Iterator[_Class]:
    if view.layer is Layer.DESIRED:
        # Only the sign shows what is wished for; lines and areas of wishes look alike.
        for wish in Kind if shape is Shape.POINT else ():
            if wish not in {Kind.PROBLEM, Kind.DESIRED}:
                yield _Class(wish.value, label(wish, language), Kind.DESIRED, Layer.DESIRED, wish)
        yield _Class("", label(Kind.DESIRED, language), Kind.DESIRED, Layer.DESIRED)
        return
    layers = [view.layer] if view.layer else list(Layer)
    for layer in layers:
        for kind in KINDS_BY_LAYER[layer]:
            yield _Class(kind.value, label(kind, language), kind, layer)


def _value(view: ViewLayer) -> str:
    """Return the expression by which a row falls into a class: columns of codes, the same in every language."""
    return "coalesce(wish_code, '')" if view.layer is Layer.DESIRED else "kind_code"


def _categories(view: ViewLayer, language: Language, shape: Shape) -> Element:
    renderer = Element(
        "renderer-v2",
        {
            "type": "categorizedSymbol",
            "attr": _value(view),
            "symbollevels": "0",
            "enableorderby": "0",
            "forceraster": "0",
            "referencescale": "-1",
        },
    )
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for number, one in enumerate(_classes(view, language, shape)):
        row = {"value": one.value, "type": "string", "symbol": str(number), "label": one.words, "render": "true"}
        SubElement(categories, "category", row)
        symbols.append(_symbol(str(number), one, shape))
    return renderer


def _rules(view: ViewLayer, language: Language) -> Element:
    renderer = Element(
        "renderer-v2",
        {"type": "RuleRenderer", "symbollevels": "0", "enableorderby": "0", "forceraster": "0", "referencescale": "-1"},
    )
    rules, symbols = SubElement(renderer, "rules", {"key": _key("rules")}), SubElement(renderer, "symbols")
    for shape in (Shape.AREA, Shape.LINE, Shape.POINT):
        group = SubElement(
            rules,
            "rule",
            {
                "key": _key(shape),
                "filter": f"geometry_type($geometry) = '{shape}'",
                "label": text(f"qgis.shape.{shape.name.lower()}", language),
            },
        )
        for one in _classes(view, language, shape):
            number = str(len(symbols))
            symbols.append(_symbol(number, one, shape))
            row = {
                "key": _key(shape, one.value),
                "filter": f"{_value(view)} = '{one.value}'" if one.value else "ELSE",
                "label": one.words,
                "symbol": number,
            }
            SubElement(group, "rule", row)
    return renderer


def _symbol(name: str, one: _Class, shape: Shape) -> Element:
    if shape is Shape.POINT:
        return marker_symbol(name, one.kind, one.layer, desired_kind=one.desired)
    return line_symbol(name, one.kind, one.layer) if shape is Shape.LINE else fill_symbol(name, one.kind, one.layer)


def _key(*parts: str) -> str:
    # The same each time, so that the same style is the same file.
    return "{" + str(uuid5(NAMESPACE_URL, "ayilmap:qgis:" + "/".join(parts))) + "}"


_PLACEMENTS = {Shape.POINT: "0", Shape.LINE: "3", Shape.AREA: "1"}
"""Around a point, curved along a line, over a point of an area: values of QgsPalLayerSettings::Placement."""


def _labels(view: ViewLayer, shape: Shape | None) -> Element:
    role = LAYER_STYLES[view.layer].role if view.layer else Role.INK
    labelling = Element("labeling", {"type": "simple"})
    settings = SubElement(labelling, "settings", {"calloutType": "simple"})
    style = SubElement(
        settings,
        "text-style",
        {
            "fieldName": view.name_column,
            "isExpression": "0",
            "fontFamily": "Noto Sans",
            "fontSize": str(_LABEL_POINTS),
            "fontSizeUnit": "Point",
            "fontWeight": "63",
            "namedStyle": "SemiBold",
            "textColor": rgba(PALETTE[role].light_text),
            "textOpacity": "1",
            "multilineHeight": "1",
            "textOrientation": "horizontal",
        },
    )
    families = SubElement(style, "families")
    for family in ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"):
        SubElement(families, "family", {"name": family})
    SubElement(
        style,
        "text-buffer",
        {
            "bufferDraw": "1",
            "bufferSize": "0.7",
            "bufferSizeUnits": "MM",
            "bufferColor": rgba(PALETTE[Role.PAPER].light),
            "bufferOpacity": "0.85",
            "bufferNoFill": "1",
            "bufferJoinStyle": "128",
        },
    )
    SubElement(settings, "text-format", {"wrapChar": "", "autoWrapLength": "24", "multilineAlign": "3"})
    SubElement(
        settings,
        "placement",
        {
            "placement": _PLACEMENTS[shape or Shape.POINT],
            "dist": "5" if shape is not Shape.LINE else "1",
            "distUnits": "MM",
            "placementFlags": "10",
            "polygonPlacementFlags": "2",
            "priority": str({1: 8, 2: 6, 3: 4}[_rank(view)]),
            "maxCurvedCharAngleIn": "25",
            "maxCurvedCharAngleOut": "-25",
        },
    )
    SubElement(
        settings,
        "rendering",
        {
            "drawLabels": "1",
            "scaleVisibility": "1",
            "scaleMin": "0",
            "scaleMax": str(_FARTHEST_NAMES),  # of the denominator
            "obstacle": "1",
            "mergeLines": "1",
            "upsidedownLabels": "0",
        },
    )
    return labelling


def _rank(view: ViewLayer) -> int:
    kinds = KINDS_BY_LAYER[view.layer] if view.layer else tuple(Kind)
    return min(KIND_STYLES[kind].rank for kind in kinds)
