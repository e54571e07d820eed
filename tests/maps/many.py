"""Thousands of objects of a large place, as varied as people draw them, and what plain folium makes of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import folium
from shapely.affinity import translate
from shapely.geometry import mapping

from geo.domain.labels import label
from geo.domain.vocabulary import Layer
from geo.i18n import Language, text
from geo.snapshots import EventSnapshot, FeatureSnapshot, Names
from maps.style import style_of
from maps.web.marks import ERROR
from maps.web.words import facts_of
from maps.words import error_in_words
from tests.maps.village import ids, village

__all__ = ["many_features", "plain_folium", "with_many"]

_SPREAD_DEGREES = 0.06


def many_features(count: int, *, seed: int = 5) -> tuple[FeatureSnapshot, ...]:
    """The objects of the village again and again, each somewhere else, with its own error, and often its own name."""
    chance = random.Random(seed)
    base = [feature for group in village().groups for feature in group.features]
    made = []
    for number in range(count):
        feature = base[number % len(base)]
        right, up = (chance.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES) for _ in range(2))
        name = feature.names.ky
        attributes = dict(feature.attributes)
        if chance.random() < 0.4:
            name = f"{name or label(feature.kind, Language.KY)} {number}"
        if chance.random() < 0.3:
            attributes["year_built"] = chance.randint(1930, 2024)
        made.append(
            replace(
                feature,
                id=ids("many", number),
                names=Names(ky=name),
                geometry=translate(feature.geometry, right, up),
                position_error_m=round(chance.uniform(4, 80), 1),
                attributes=attributes,
            )
        )
    return tuple(made)


def with_many(features: Sequence[FeatureSnapshot]) -> EventSnapshot:
    """The village's event with these features and no sheet."""
    event = village()
    group = replace(event.groups[0], features=tuple(features), sheets=())
    return replace(event, groups=(group,))


def plain_folium(event: EventSnapshot, language: Language) -> str:
    """The same features with the same words as folium has them: one GeoJson layer for each layer, with popups."""
    lon, lat = event.centre
    paper = folium.Map(location=[lat, lon], zoom_start=12, tiles=None)
    for layer in Layer:
        rows = []
        headings: dict[str, str] = {}
        for group in event.groups:
            for feature in group.features:
                if feature.layer is not layer:
                    continue
                facts = {
                    heading: error_in_words(feature.position_error_m, language) if words == ERROR else words
                    for heading, words in facts_of(feature, group=group.label, language=language)
                }
                headings |= facts
                colour = style_of(feature.kind, layer=layer).tone.light
                properties = {"name": feature.names.best(language), "kind": label(feature.kind, language)} | facts
                rows.append(
                    {
                        "type": "Feature",
                        "id": str(feature.id),
                        "properties": properties | {"colour": colour},
                        "geometry": mapping(feature.geometry),
                    }
                )
        for row in rows:
            # folium wants every field of a popup in every feature.
            row["properties"] = dict.fromkeys(headings, text("map.not_known", language)) | row["properties"]  # type: ignore[operator]
        if rows:
            folium.GeoJson(
                {"type": "FeatureCollection", "features": rows},
                name=label(layer, language),
                style_function=lambda feature: {"color": feature["properties"]["colour"], "weight": 3},
                marker=folium.CircleMarker(radius=6),
                popup=folium.GeoJsonPopup(fields=["name", "kind", *headings]),
            ).add_to(paper)
    folium.LayerControl().add_to(paper)
    page: str = paper.get_root().render()
    return page
