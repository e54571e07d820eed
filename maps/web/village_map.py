"""The map of a village: what every group drew, each to be shown or hidden, and where they agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from geo.domain.vocabulary import Kind, Layer
from geo.errors import NotFound
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, FeatureSnapshot, HeldEvent, MatchSnapshot, ProblemSnapshot
from maps.style import PALETTE, Role
from maps.web.chains import problem_chain
from maps.web.cycle_signs import agreement_sign
from maps.web.feature_marks import (
    LAYERS,
    feature_legend,
    feature_looks,
    feature_mark,
    layer_switch,
    layer_tag,
    symbols_of,
)
from maps.web.map_page import render_map_page
from maps.web.marks import (
    LegendRow,
    LegendSection,
    Look,
    MapContents,
    Mark,
    Option,
    PanelList,
    PlacedSheet,
    Step,
    Switch,
)
from maps.web.places import sign_point
from maps.web.problem_marks import problem_items, problem_look, problem_mark, problems_row, unpublished_items
from maps.web.signs import definitions
from maps.words import date_in_words

__all__ = ["render_village_map"]

_BADGE_PX = 26
_BADGE_SHIFT = (17, -17)
"""Up and right of the sign of what several groups drew."""


def render_village_map(cycle: CycleSnapshot, settlement_id: UUID, language: Language) -> str:
    """Draw the map of a village with all its groups.

    Parameters
    ----------
    cycle
        The municipality's year as the reader may see it; geometries in EPSG:4326.
    settlement_id
        One of its villages.
    language
        Language of every word on the page; names fall back to another language where they have none in it.

    Raises
    ------
    NotFound
        The municipality has no such village in that year.
    Failed
        The browser libraries are not installed.
    """
    settlement = cycle.settlement(settlement_id)
    if settlement is None:
        raise NotFound("snapshot.no_settlement", id=str(settlement_id), year=cycle.year)
    own = cycle.of_settlement(settlement_id)
    events = [event for event in own.events if event.features or event.sheets]
    features = [feature for event in events for feature in event.features if not feature.geometry.is_empty]
    layers = layer_switch(features, text("map.layers", language), language)
    problems = own.problems
    marks = [
        *_feature_marks(events, own, language),
        *_agreement_marks(own, events, language),
        *_problem_marks(problems, own, language),
    ]
    first_problem = len(marks) - len(problems)
    agreements = sum(1 for mark in marks if mark.look.startswith("agreement."))
    looks = feature_looks(features)
    looks |= {mark.look: _agreement_look(mark.look) for mark in marks if mark.look.startswith("agreement.")}
    looks |= dict(map(problem_look, problems))
    return render_map_page(
        MapContents(
            heading=settlement.names.best(language),
            title=text("web_map.village_title", language),
            marks=marks,
            looks=looks,
            centres=((settlement.point.x, settlement.point.y),),
            empty=text("map.empty", language),
            facts=(
                cycle.municipality.names.best(language),
                text("web_map.year_of", language, year=cycle.year),
                *_groups_in_words(events, language),
            ),
            is_sample=settlement.is_sample,
            switches=_switches(layers, events, agreements, language),
            legend=_legend(features, marks, problems, language),
            lists=(
                (
                    PanelList(
                        text("web_map.priorities", language),
                        problem_items(problems, lambda one: first_problem + problems.index(one), own, language)
                        + unpublished_items(own.unpublished_sessions, language),
                        "problems",
                    ),
                )
                if problems or own.unpublished_sessions
                else ()
            ),
            sheets=tuple(PlacedSheet(sheet, place) for place, event in enumerate(events) for sheet in event.sheets),
            credits=cycle.credits,
            definitions=definitions(*_with_problem(symbols_of(features))),
        ),
        language,
    )


def _with_problem(used: tuple[set[Kind], set[Kind]]) -> tuple[set[Kind], set[Kind]]:
    symbols, hatches = used
    return symbols, hatches | {Kind.PROBLEM}


def _feature_marks(events: Sequence[HeldEvent], cycle: CycleSnapshot, language: Language) -> Iterable[Mark]:
    chains = chains_by_feature(cycle, language)
    for place, event in enumerate(events):
        group = _group(event, language)
        for feature in event.features:
            if not feature.geometry.is_empty:
                mark = feature_mark(feature, language, group=group, tags=(layer_tag(feature), place, -1))
                yield replace(mark, chain=chains[feature.id]) if feature.id in chains else mark


def chains_by_feature(cycle: CycleSnapshot, language: Language) -> Mapping[UUID, tuple[Step, ...]]:
    """Return the chains of the problems that objects cause or show, by the object's id."""
    found: dict[UUID, tuple[Step, ...]] = {}
    for problem in cycle.problems:
        for feature_id in problem.feature_ids:
            named = Step(text("web_map.problem", language), (problem.title,))
            found[feature_id] = (*found.get(feature_id, ()), named, *problem_chain(problem, cycle, language))
    return found


def _group(event: HeldEvent, language: Language) -> str:
    return event.group.label(language)


def _groups_in_words(events: Sequence[HeldEvent], language: Language) -> tuple[str, ...]:
    if not events:
        return ()
    said = text("map.groups" if len(events) > 1 else "map.group", language)
    return (f"{said}: {', '.join(_group(event, language) for event in events)}",)


def _agreement_marks(cycle: CycleSnapshot, events: Sequence[HeldEvent], language: Language) -> Iterable[Mark]:
    drawn = {feature.id: (feature, event) for event in events for feature in event.features}
    for match in cycle.matches:
        together = [drawn[one] for one in match.feature_ids if one in drawn]
        at = sign_point(match.geometry)
        if len(together) < 2 or at is None:
            continue
        shown = drawn.get(match.canonical_feature_id or match.feature_ids[0], together[0])[0]
        groups = list(dict.fromkeys(event.id for _, event in together))
        of_groups = ", ".join(dict.fromkeys(_group(event, language) for _, event in together))
        degree = text("web_map.percent", language, number=round(match.agreement * 100))
        yield Mark(
            name=_name_of(shown, together, language),
            kind=text("web_map.agreement", language),
            look=_agreement_key(len(groups), match),
            geometry=at,
            tags=(LAYERS.index(shown.layer), -1, 0),
            above=degree,
            facts=(
                (text("web_map.agreement_groups", language), of_groups),
                (text("web_map.agreement_degree", language), degree),
            ),
            shift=_BADGE_SHIFT,
            quiet=True,
        )


def _name_of(shown: FeatureSnapshot, together: Sequence[tuple[FeatureSnapshot, HeldEvent]], language: Language) -> str:
    names = [shown.names.best(language), *(feature.names.best(language) for feature, _ in together)]
    return next(filter(None, names), "")


def _agreement_key(groups: int, match: MatchSnapshot) -> str:
    return f"agreement.{groups}.{round(match.agreement * 100)}"


def _agreement_look(key: str) -> Look:
    _, groups, percent = key.split(".")
    sign = agreement_sign(int(groups), int(percent) / 100)
    return Look(row="agreement", tone=PALETTE[Role.INK], sign=sign, rank=1, size=_BADGE_PX)


def _problem_marks(problems: Sequence[ProblemSnapshot], cycle: CycleSnapshot, language: Language) -> Iterable[Mark]:
    for problem in problems:
        at = sign_point(problem.geometry)
        yield problem_mark(
            problem,
            cycle,
            language,
            geometry=at,
            tags=(LAYERS.index(Layer.PROBLEM), -1, -1),
            shift=(-19, -19) if at else None,
        )


def _switches(
    layers: Switch | None, events: Sequence[HeldEvent], agreements: int, language: Language
) -> tuple[Switch, ...]:
    if layers is None:
        return ()
    groups = Switch(
        "group",
        text("map.groups", language),
        tuple(
            Option(
                str(place),
                text(
                    "web_map.group_of",
                    language,
                    group=_group(event, language),
                    date=date_in_words(event.held_on, language),
                ),
                len(event.features),
            )
            for place, event in enumerate(events)
        ),
    )
    agreement = Switch(
        "agreement",
        text("web_map.agreement", language),
        (Option("0", text("web_map.agreement_show", language), agreements, offered=agreements > 0),),
    )
    return (layers, groups, agreement)


def _legend(
    features: Sequence[FeatureSnapshot], marks: Sequence[Mark], problems: Sequence[ProblemSnapshot], language: Language
) -> tuple[LegendSection, ...]:
    sections = list(feature_legend(features, language))
    rows = []
    if any(mark.look.startswith("agreement.") for mark in marks):
        samples = (agreement_sign(3, 0.9), agreement_sign(2, 0.5))
        rows.append(LegendRow("agreement", text("web_map.agreement_row", language), samples))
    if any(problem.geometry is not None for problem in problems):
        rows.append(problems_row(problems, language))
    if rows:
        sections.insert(0, LegendSection(text("web_map.groups_and_votes", language), tuple(rows)))
    return tuple(sections)
