"""The map of one appraisal event: what each group drew, where it lies and how sure that is."""

from __future__ import annotations

from pathlib import Path

from geo.i18n import Language, text
from geo.snapshots import EventSnapshot
from maps.web.feature_marks import feature_legend, feature_looks, feature_mark, layer_switch, layer_tag, symbols_of
from maps.web.map_page import render_map_page, write_map_page
from maps.web.marks import MapContents, Option, PlacedSheet, Switch
from maps.web.signs import definitions
from maps.words import date_in_words

__all__ = ["render_session_map", "write_session_map"]


def render_session_map(snapshot: EventSnapshot, language: Language) -> str:
    """Draw the map of an event as one HTML page that needs no network and no other file.

    Parameters
    ----------
    snapshot
        The event; geometries in EPSG:4326 (lon lat), overlays as pictures in EPSG:3857.
    language
        Language of every word on the page; names fall back to another language where they have none in it.

    Raises
    ------
    Failed
        The browser libraries are not installed.
    """
    return render_map_page(_contents(snapshot, language), language)


def write_session_map(snapshot: EventSnapshot, language: Language, path: Path) -> None:
    """Write the map of an event to a file; a reader sees the old file or the whole new one, never a part.

    Raises
    ------
    Failed
        The file cannot be written, or the browser libraries are not installed.
    """
    write_map_page(render_session_map(snapshot, language), path)


def _contents(snapshot: EventSnapshot, language: Language) -> MapContents:
    groups = snapshot.groups
    features = [feature for group in groups for feature in group.features]
    layers = layer_switch(features, text("map.layers", language), language)
    # With a layer comes the switch of layers, so the numbers of a mark's options are (layer, group).
    marks = [
        feature_mark(feature, language, group=group.label, tags=(layer_tag(feature), place))
        for place, group in enumerate(groups)
        for feature in group.features
        if not feature.geometry.is_empty
    ]
    of_groups = Switch(
        "group",
        text("map.groups", language),
        tuple(
            Option(str(place), group.label, len(group.features), checked=group.shown)
            for place, group in enumerate(groups)
        ),
    )
    labels = ", ".join(group.label for group in groups)
    said_groups = text("map.groups" if len(groups) > 1 else "map.group", language)
    return MapContents(
        heading=snapshot.settlement.best(language),
        title=text("map.title", language),
        marks=marks,
        looks=feature_looks(features),
        centres=(snapshot.centre,),
        empty=text("map.empty", language),
        facts=tuple(
            words
            for words in (
                snapshot.municipality.best(language),
                date_in_words(snapshot.held_on, language),
                snapshot.place,
                f"{said_groups}: {labels}" if groups else "",
            )
            if words
        ),
        date=date_in_words(snapshot.held_on, language),
        iso_date=snapshot.held_on.isoformat(),
        is_sample=snapshot.settlement_is_sample,
        switches=((layers,) if layers else ()) + ((of_groups,) if groups else ()),
        legend=feature_legend(features, language),
        sheets=tuple(PlacedSheet(sheet, place) for place, group in enumerate(groups) for sheet in group.sheets),
        credits=snapshot.credits,
        definitions=definitions(*symbols_of(features)),
    )
