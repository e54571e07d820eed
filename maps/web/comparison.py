"""Two maps of one ground side by side, moving together: two groups of a village, or two of its years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.errors import NotFound
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, FeatureSnapshot, HeldEvent, MatchSnapshot, SettlementSnapshot
from maps.style import style_of
from maps.web.feature_marks import (
    feature_legend,
    feature_looks,
    feature_mark,
    layer_switch,
    layer_tag,
    symbols_of,
)
from maps.web.map_page import render_map_page
from maps.web.marks import MapContents, Mark, Option, PanelItem, PanelList, PlacedSheet, Switch
from maps.web.signs import definitions, sign
from maps.words import date_in_words

__all__ = ["ComparedMap", "render_comparison"]


@dataclass(frozen=True, slots=True)
class ComparedMap:
    """One of the two maps.

    Parameters
    ----------
    cycle
        The municipality's year as the reader may see it.
    settlement_id
        One of its villages.
    event_id
        Of one group's session; None: what all groups of that year drew.
    """

    cycle: CycleSnapshot
    settlement_id: UUID
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    settlement: SettlementSnapshot
    events: tuple[HeldEvent, ...]
    heading: str
    matches: tuple[MatchSnapshot, ...]

    @property
    def features(self) -> list[FeatureSnapshot]:
        return [one for event in self.events for one in event.features if not one.geometry.is_empty]

    @property
    def objects(self) -> list[FeatureSnapshot]:
        """What is drawn, each thing once: of drawings that are confirmed to be one, the chosen or the first alone."""
        drawn = {feature.id: feature for feature in self.features}
        for match in self.matches:
            together = [one for one in match.feature_ids if one in drawn]
            kept = match.canonical_feature_id if match.canonical_feature_id in together else next(iter(together), None)
            for one in together:
                if one != kept:
                    del drawn[one]
        return list(drawn.values())


def render_comparison(left: ComparedMap, right: ComparedMap, language: Language) -> str:
    """Draw two maps beside each other that show the same ground and move together.

    Objects that are confirmed to be one stand on both maps; whatever nobody has confirmed counts as drawn on its map
    alone, and where nothing at all is confirmed nothing is said of it. From the card of an object that both have, a
    button leads to it on the other map.

    Parameters
    ----------
    left, right
        What is compared, such as two groups of a village or two of its years.
    language
        Language of every word on the page; names fall back to another language where they have none in it.

    Raises
    ------
    NotFound
        A year has no such village, or a village no such session.
    Failed
        The browser libraries are not installed.
    """
    years_differ = left.cycle.year != right.cycle.year
    sides = [_side(one, language, with_year=years_differ) for one in (left, right)]
    features = [feature for side in sides for feature in side.features]
    symbols, hatches = symbols_of(features)
    same = _same(left, right, sides)
    layers = layer_switch(features, text("map.layers", language), language)
    marks = list(_marks(sides, same, language))
    both = sum(1 for mark in marks if mark.tags[1] == 0)
    return render_map_page(
        MapContents(
            heading=_heading(sides, language),
            title=text("web_map.comparison_title", language),
            marks=marks,
            looks=feature_looks(features),
            centres=tuple((side.settlement.point.x, side.settlement.point.y) for side in sides),
            side_headings=tuple(side.heading for side in sides),
            empty=text("map.empty", language),
            facts=(left.cycle.municipality.names.best(language), " / ".join(side.heading for side in sides)),
            is_sample=any(side.settlement.is_sample for side in sides),
            switches=(layers, *_presence(both, len(marks) - both, language)) if layers else (),
            legend=feature_legend(features, language),
            lists=_counts(sides, language),
            sheets=tuple(
                PlacedSheet(sheet, 0, side)
                for side, one in enumerate(sides)
                for event in one.events
                for sheet in event.sheets
            ),
            credits=tuple(dict.fromkeys((*left.cycle.credits, *right.cycle.credits))),
            # The counts show every kind by its own sign, a wish as well.
            definitions=definitions(symbols | hatches, hatches),
        ),
        language,
    )


def _side(compared: ComparedMap, language: Language, *, with_year: bool) -> _Side:
    settlement = compared.cycle.settlement(compared.settlement_id)
    if settlement is None:
        raise NotFound("snapshot.no_settlement", id=str(compared.settlement_id), year=compared.cycle.year)
    own = tuple(one for one in compared.cycle.events if one.settlement_id == settlement.id)
    if compared.event_id is not None:
        own = tuple(one for one in own if one.id == compared.event_id)
        if not own:
            raise NotFound("web_map.no_event", id=str(compared.event_id), year=compared.cycle.year)
        heading = own[0].group.label(language)
        if with_year:
            heading += f", {date_in_words(own[0].held_on, language)}"
        return _Side(settlement, own, heading, compared.cycle.matches)
    year = text("web_map.year_of", language, year=compared.cycle.year)
    heading = f"{year}, {text('web_map.all_groups', language)}"
    return _Side(settlement, own, heading, compared.cycle.matches)


def _heading(sides: Sequence[_Side], language: Language) -> str:
    return " / ".join(dict.fromkeys(side.settlement.names.best(language) for side in sides))


def _same(left: ComparedMap, right: ComparedMap, sides: Sequence[_Side]) -> Mapping[UUID, int]:
    """Return the number of the confirmed thing that an object is, where it stands on both maps."""
    on = [{feature.id for feature in side.features} for side in sides]
    found: dict[UUID, int] = {}
    matches = dict.fromkeys((*left.cycle.matches, *right.cycle.matches))
    for number, match in enumerate(matches):
        if all(ids & set(match.feature_ids) for ids in on):
            found |= dict.fromkeys(match.feature_ids, number)
    # One and the same session on both sides.
    for number, one in enumerate(sorted(on[0] & on[1], key=str), start=len(matches)):
        found.setdefault(one, number)
    return found


def _marks(sides: Sequence[_Side], same: Mapping[UUID, int], language: Language) -> Iterator[Mark]:
    for number, side in enumerate(sides):
        for event in side.events:
            group = event.group.label(language)
            for feature in event.features:
                if feature.geometry.is_empty:
                    continue
                both = feature.id in same
                presence = text("web_map.on_both" if both else "web_map.on_one", language)
                tags = (layer_tag(feature), (0 if both else 1) if same else -1)
                mark = feature_mark(feature, language, group=group, tags=tags)
                yield replace(
                    mark,
                    side=number,
                    same=same.get(feature.id, -1),
                    facts=((text("web_map.presence", language), presence), *mark.facts) if same else mark.facts,
                )


def _presence(both: int, one: int, language: Language) -> tuple[Switch, ...]:
    # Where nothing is confirmed to be one, as between two years, "on this map alone" would say that nothing has stayed.
    if not both:
        return ()
    options = (
        Option("both", text("web_map.on_both", language), both),
        Option("one", text("web_map.on_one", language), one, offered=one > 0),
    )
    return (Switch("presence", text("web_map.presence", language), options),)


def _counts(sides: Sequence[_Side], language: Language) -> tuple[PanelList, ...]:
    counted = [Counter(feature.kind for feature in side.objects) for side in sides]
    kinds = [kind for kind in Kind if any(count[kind] for count in counted)]
    if not kinds:
        return ()
    items = tuple(
        PanelItem(
            label(kind, language),
            number=text("web_map.count_pair", language, left=counted[0][kind], right=counted[1][kind]),
            sign=sign(style_of(kind)),
        )
        for kind in kinds
    )
    return (PanelList(text("web_map.counts", language), items, "counts"),)
