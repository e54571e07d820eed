"""The legend: the kinds that are on this map, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup
from shapely.geometry import LineString, Point, Polygon

from geo.domain.labels import label
from geo.domain.vocabulary import Kind, Layer
from geo.i18n import Language
from geo.snapshots import EventSnapshot, FeatureSnapshot
from maps.style import LAYER_STYLES, style_of
from maps.web.payload import desired_kind_of, legend_row, parts_of
from maps.web.signs import area_sample, layer_mark, line_sample, sign

__all__ = ["LegendRow", "LegendSection", "legend_of"]


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One explained sign, with a sample for every way in which it is drawn on this map."""

    key: str
    label: str
    samples: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class LegendSection:
    """The rows of one layer and how many features it has."""

    layer: Layer
    label: str
    mark: Markup
    count: int
    rows: tuple[LegendRow, ...]


def legend_of(snapshot: EventSnapshot, language: Language) -> tuple[LegendSection, ...]:
    """Collect what the map shows, layer by layer in the order of the vocabulary."""
    features = [feature for group in snapshot.groups for feature in group.features if not feature.geometry.is_empty]
    sections = []
    for layer in Layer:
        own = [feature for feature in features if feature.layer is layer]
        if own:
            sections.append(
                LegendSection(
                    layer,
                    label(layer, language),
                    layer_mark(LAYER_STYLES[layer]),
                    len(own),
                    tuple(_rows(own, language)),
                )
            )
    return tuple(sections)


def _rows(features: Iterable[FeatureSnapshot], language: Language) -> list[LegendRow]:
    drawn: dict[tuple[Kind, Kind | None], set[type]] = {}
    for feature in features:
        shapes = drawn.setdefault((feature.kind, desired_kind_of(feature)), set())
        shapes.update(type(part) for part in parts_of(feature.geometry))
    order = list(Kind)
    rows = []
    for kind, desired in sorted(drawn, key=lambda row: (order.index(row[0]), order.index(row[1] or row[0]))):
        style = style_of(kind, desired_kind=desired)
        shapes = drawn[kind, desired]
        samples = []
        if Point in shapes:
            samples.append(sign(style))
        if any(issubclass(shape, LineString) for shape in shapes):
            samples.append(line_sample(style))
        if Polygon in shapes:
            samples.append(area_sample(kind, style))
        # The heading already says that these are wishes.
        words = label(desired or kind, language)
        rows.append(LegendRow(legend_row(kind, style), words, tuple(samples)))
    return rows
