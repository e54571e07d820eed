"""Objects that groups drew, as marks of a map page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from shapely import force_2d
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.labels import label
from geo.domain.vocabulary import Kind, Layer
from geo.i18n import Language
from geo.snapshots import FeatureSnapshot
from maps.style import LAYER_STYLES, FeatureStyle, style_of
from maps.web.marks import LegendRow, LegendSection, Look, Mark, Option, Switch
from maps.web.signs import area_sample, hatch_reference, layer_mark, line_sample, sign
from maps.web.words import facts_of

__all__ = [
    "desired_kind_of",
    "feature_legend",
    "feature_looks",
    "feature_mark",
    "layer_switch",
    "layer_tag",
    "legend_row",
    "look_key",
    "parts_of",
    "symbols_of",
]

_KINDS = {kind.value: kind for kind in Kind}
LAYERS = tuple(Layer)
_LAYER_PLACES = {layer: place for place, layer in enumerate(LAYERS)}
_KIND_PLACES = {kind: place for place, kind in enumerate(Kind)}

_say = cache(label)


def desired_kind_of(feature: FeatureSnapshot) -> Kind | None:
    """Return what a wish is a wish for, where that was said."""
    given = feature.attributes.get("desired_kind") if feature.attributes else None
    return _KINDS.get(given) if isinstance(given, str) else None


def look_key(feature: FeatureSnapshot) -> str:
    """Return the key of a feature's look."""
    desired = desired_kind_of(feature)
    return _look_key(feature.kind, feature.layer, desired)


@cache
def _look_key(kind: Kind, layer: Layer, desired: Kind | None) -> str:
    return f"{kind.value}.{layer.value}.{desired.value if desired else ''}"


def feature_mark(feature: FeatureSnapshot, language: Language, *, group: str, tags: tuple[int, ...] = ()) -> Mark:
    """Return the mark of a feature: what it is, who drew it, and where it comes from.

    Parameters
    ----------
    group
        Who drew it, in words.
    tags
        See `Mark`.
    """
    return Mark(
        name=feature.names.best(language),
        kind=_say(feature.kind, language),
        look=look_key(feature),
        geometry=feature.geometry,
        tags=tags,
        above=_say(feature.layer, language),
        error_m=feature.position_error_m,
        facts=facts_of(feature, group=group, language=language),
    )


def feature_looks(features: Iterable[FeatureSnapshot]) -> dict[str, Look]:
    """Return the looks of features, each once, in the order of their coming."""
    looks: dict[str, Look] = {}
    for feature in features:
        key = look_key(feature)
        if key not in looks:
            desired = desired_kind_of(feature)
            looks[key] = _look(feature.kind, style_of(feature.kind, layer=feature.layer, desired_kind=desired))
    return looks


def _look(kind: Kind, style: FeatureStyle) -> Look:
    return Look(
        row=legend_row(kind, style),
        tone=style.tone,
        sign=sign(style),
        rank=style.rank,
        strokes=style.strokes,
        fill=hatch_reference(kind),
        outline=style.area.outline,
        outline_dash=style.area.outline_dash,
    )


def layer_switch(features: Sequence[FeatureSnapshot], heading: str, language: Language) -> Switch | None:
    """Return the chips of the layers, or nothing where nothing is drawn; every layer has its number."""
    counts = dict.fromkeys(LAYERS, 0)
    for feature in features:
        if not feature.geometry.is_empty:
            counts[feature.layer] += 1
    if not any(counts.values()):
        return None
    options = tuple(
        Option(
            layer.value,
            label(layer, language),
            counts[layer],
            layer_mark(LAYER_STYLES[layer]),
            offered=counts[layer] > 0,
        )
        for layer in LAYERS
    )
    return Switch("layer", heading, options)


def layer_tag(feature: FeatureSnapshot) -> int:
    """Return the number of a feature's option in `layer_switch`."""
    return _LAYER_PLACES[feature.layer]


def symbols_of(features: Iterable[FeatureSnapshot]) -> tuple[set[Kind], set[Kind]]:
    """Return the kinds whose symbols and whose hatches features need."""
    symbols: set[Kind] = set()
    hatches: set[Kind] = set()
    for feature in features:
        symbols.add(desired_kind_of(feature) or feature.kind)
        hatches.add(feature.kind)
    return symbols, hatches


def feature_legend(features: Sequence[FeatureSnapshot], language: Language) -> tuple[LegendSection, ...]:
    """Collect what the map shows, layer by layer in the order of the vocabulary."""
    by_layer: dict[Layer, dict[tuple[Kind, Kind | None], set[str]]] = {}
    for feature in features:
        if not feature.geometry.is_empty:
            rows = by_layer.setdefault(feature.layer, {})
            shapes = rows.setdefault((feature.kind, desired_kind_of(feature)), set())
            # Every shape it is drawn in is known once all three are.
            if len(shapes) < len(_SHAPES):
                shapes.update(_shapes(feature.geometry))
    return tuple(
        LegendSection(label(layer, language), tuple(_rows(by_layer[layer], language)), layer.value)
        for layer in LAYERS
        if layer in by_layer
    )


_SHAPES = ("point", "line", "area")
_SIMPLE = {"Point": "point", "LineString": "line", "LinearRing": "line", "Polygon": "area"}
_SIMPLE |= {f"Multi{name}": shape for name, shape in _SIMPLE.items()}


def _shapes(geometry: BaseGeometry) -> set[str]:
    simple = _SIMPLE.get(geometry.geom_type)
    return {simple} if simple else {_SIMPLE[part.geom_type] for part in parts_of(geometry)}


def _rows(drawn: dict[tuple[Kind, Kind | None], set[str]], language: Language) -> Iterator[LegendRow]:
    for kind, desired in sorted(drawn, key=lambda row: (_KIND_PLACES[row[0]], _KIND_PLACES[row[1] or row[0]])):
        style = style_of(kind, desired_kind=desired)
        shapes = drawn[kind, desired]
        samples = []
        if "point" in shapes:
            samples.append(sign(style))
        if "line" in shapes:
            samples.append(line_sample(style.strokes, style.tone))
        if "area" in shapes:
            samples.append(area_sample(hatch_reference(kind), style.area, style.tone))
        # The heading already says that these are wishes.
        yield LegendRow(legend_row(kind, style), label(desired or kind, language), tuple(samples))


def legend_row(kind: Kind, style: FeatureStyle) -> str:
    """Return the key of the legend row that explains a style."""
    return kind.value if style.symbol is kind else f"{kind.value}-{style.symbol.value}"


def parts_of(geometry: BaseGeometry) -> Iterator[Point | LineString | Polygon]:
    """Take a geometry apart into the points, lines and areas it is made of; empty ones are left out."""
    if geometry.is_empty:
        return
    if hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from parts_of(part)
    else:
        flat = force_2d(geometry)
        # A LinearRing is a LineString to shapely's class tree, and is drawn as one.
        if isinstance(flat, Point | LineString | Polygon):
            yield flat
