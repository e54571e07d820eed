"""The map of the plan: activities by their stage, as large as their money, and what each of them answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from markupsafe import Markup
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.domain.labels import label
from geo.domain.plan_codes import ActivityStage, Coverage
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, CycleSnapshot
from maps.style import STAGE_STYLES, StageStyle
from maps.web.activity_facts import activity_facts, money_total
from maps.web.chains import activity_chain, som_in_words
from maps.web.cycle_signs import money_size, size_sample, stage_sign
from maps.web.map_page import render_map_page
from maps.web.marks import LegendRow, LegendSection, Look, MapContents, Mark, Option, PanelItem, PanelList, Switch
from maps.web.places import Slots, in_row, sign_point, with_sign
from maps.web.signs import area_sample, definitions, line_sample, pattern
from maps.web.territory_marks import (
    TERRITORY_LOOKS,
    boundary_marks,
    centre_of,
    cycle_facts,
    is_sample,
    territory_section,
    village_mark,
)

__all__ = ["render_plan_map"]

_STAGES = tuple(ActivityStage)
_MONEY_SAMPLES = (100_000, 1_000_000, 5_000_000)


def render_plan_map(cycle: CycleSnapshot, language: Language) -> str:
    """Draw the activities of a municipality's plan where they are done.

    An activity of a whole village stands as a badge at the village, one of the whole municipality in a list beside the
    map; so do those whose place nobody has said.

    Parameters
    ----------
    cycle
        The municipality's year as the reader may see it; geometries in EPSG:4326.
    language
        Language of every word on the page; names fall back to another language where they have none in it.

    Raises
    ------
    Failed
        The browser libraries are not installed.
    """
    activities = cycle.plan.activities if cycle.plan else ()
    placed = place_activities(activities, cycle)
    marks = [_mark(activity, placed, cycle, language) for activity in activities]
    looks = {_look_key(activity): _look(activity) for activity in activities}
    villages = [
        village_mark(settlement, cycle, language, tags=(-1, place))
        for place, settlement in enumerate(cycle.municipality.settlements)
    ]
    everything = [*marks, *villages, *boundary_marks(cycle, language, tags=(-1, -1))]
    return render_map_page(
        MapContents(
            heading=cycle.municipality.names.best(language),
            title=text("web_map.plan_title", language),
            marks=everything,
            looks=TERRITORY_LOOKS | looks,
            centres=(centre_of(cycle),),
            empty=text("web_map.plan_empty", language),
            facts=_facts(cycle, language),
            is_sample=is_sample(cycle),
            switches=_switches(activities, cycle, language),
            legend=_legend(activities, placed, language) + territory_section(everything, language),
            lists=_lists(activities, placed, language),
            credits=cycle.credits,
            definitions=definitions((), (), *(_pattern(stage, style) for stage, style in STAGE_STYLES.items())),
        ),
        language,
    )


@dataclass(frozen=True, slots=True)
class PlacedActivities:
    """Where activities are drawn, and how far their signs are shifted; those without a place are in neither."""

    geometries: Mapping[UUID, BaseGeometry] = field(default_factory=dict)
    shifts: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)


def place_activities(activities: Sequence[ActivitySnapshot], cycle: CycleSnapshot) -> PlacedActivities:
    """Find a place for every activity that has one; those of a whole village stand in rows under it."""
    slots = Slots()
    geometries: dict[UUID, BaseGeometry] = {}
    shifts: dict[UUID, tuple[int, int]] = {}
    badges: dict[UUID, list[UUID]] = {}
    for activity in activities:
        at = sign_point(activity.geometry)
        if at is not None and activity.geometry is not None:
            geometries[activity.id] = with_sign(activity.geometry, at)
            shift = slots.shift(at)
            if shift:
                shifts[activity.id] = shift
        elif activity.coverage is Coverage.SETTLEMENT and cycle.settlement(activity.settlement_id):
            badges.setdefault(activity.settlement_id, []).append(activity.id)  # type: ignore[arg-type]
    for settlement_id, many in badges.items():
        settlement = cycle.settlement(settlement_id)
        for number, activity_id in enumerate(many):
            geometries[activity_id] = settlement.point if settlement else Point()
            shifts[activity_id] = in_row(number, len(many))
    return PlacedActivities(geometries, shifts)


def _mark(activity: ActivitySnapshot, placed: PlacedActivities, cycle: CycleSnapshot, language: Language) -> Mark:
    villages = [one.id for one in cycle.municipality.settlements]
    photos = tuple(photo for visit in cycle.visits_to(activity.id)[:1] for photo in visit.photos[:2])
    return Mark(
        name=activity.title,
        kind=label(activity.status, language),
        above=label(activity.purpose, language),
        look=_look_key(activity),
        geometry=placed.geometries.get(activity.id),
        tags=(
            _STAGES.index(activity.status),
            villages.index(activity.settlement_id) if activity.settlement_id in villages else -1,
        ),
        facts=activity_facts(activity, cycle, language),
        chain=activity_chain(activity, cycle, language),
        photos=photos,
        shift=placed.shifts.get(activity.id),
    )


def _look_key(activity: ActivitySnapshot) -> str:
    return f"{activity.status.value}.{_is_badge(activity)}.{money_size(money_total(activity))}"


def _is_badge(activity: ActivitySnapshot) -> bool:
    return activity.coverage in (Coverage.SETTLEMENT, Coverage.MUNICIPALITY)


def _look(activity: ActivitySnapshot) -> Look:
    style = STAGE_STYLES[activity.status]
    return Look(
        row=f"stage-{activity.status.value}",
        tone=style.tone,
        sign=stage_sign(activity.status, everywhere=_is_badge(activity)),
        rank=1,
        strokes=style.strokes,
        fill=_reference(activity.status),
        outline=style.area.outline,
        outline_dash=style.area.outline_dash,
        size=money_size(money_total(activity)),
    )


def _reference(stage: ActivityStage) -> str:
    return f"hatch-stage-{stage.value}"


def _pattern(stage: ActivityStage, style: StageStyle) -> Markup:
    return pattern(_reference(stage), style.area, style.tone)


def _facts(cycle: CycleSnapshot, language: Language) -> tuple[str, ...]:
    if cycle.plan is None:
        return cycle_facts(cycle, language)
    years = text("web_map.plan_years", language, first=cycle.plan.year_from, last=cycle.plan.year_to)
    return (*cycle_facts(cycle, language)[:-1], years)


def _switches(activities: Sequence[ActivitySnapshot], cycle: CycleSnapshot, language: Language) -> tuple[Switch, ...]:
    if not activities:
        return ()
    stages = Counter(activity.status for activity in activities)
    villages = Counter(activity.settlement_id for activity in activities)
    return (
        Switch(
            "stage",
            text("web_map.stages", language),
            tuple(
                Option(
                    stage.value,
                    label(stage, language),
                    stages[stage],
                    stage_sign(stage),
                    offered=stages[stage] > 0,
                )
                for stage in _STAGES
            ),
        ),
        Switch(
            "settlement",
            text("web_map.villages", language),
            tuple(
                Option(str(place), one.names.best(language), villages[one.id])
                for place, one in enumerate(cycle.municipality.settlements)
            ),
        ),
    )


def _legend(
    activities: Sequence[ActivitySnapshot], placed: PlacedActivities, language: Language
) -> tuple[LegendSection, ...]:
    drawn = [activity for activity in activities if activity.id in placed.geometries]
    if not drawn:
        return ()
    rows = []
    for stage in _STAGES:
        own = [activity for activity in drawn if activity.status is stage]
        if own:
            rows.append(LegendRow(f"stage-{stage.value}", label(stage, language), _samples(stage, own)))
    more = _money_rows(drawn, language)
    if any(_is_badge(activity) for activity in drawn):
        badge = next(activity for activity in drawn if _is_badge(activity))
        words = text("web_map.whole_settlement_row", language)
        more.append(LegendRow("always-everywhere", words, (stage_sign(badge.status, everywhere=True),)))
    return (
        LegendSection(text("web_map.activities_by_stage", language), tuple(rows)),
        LegendSection(text("web_map.money_size", language), tuple(more)),
    )


def _samples(stage: ActivityStage, activities: Sequence[ActivitySnapshot]) -> tuple[Markup, ...]:
    style = STAGE_STYLES[stage]
    covered = {activity.coverage for activity in activities}
    samples = [stage_sign(stage)]
    if Coverage.LINE in covered:
        samples.append(line_sample(style.strokes, style.tone))
    if Coverage.AREA in covered:
        samples.append(area_sample(_reference(stage), style.area, style.tone))
    return tuple(samples)


def _money_rows(activities: Sequence[ActivitySnapshot], language: Language) -> list[LegendRow]:
    rows = [
        LegendRow(f"always-money-{som}", som_in_words(som, language), (size_sample(money_size(som)),))
        for som in _MONEY_SAMPLES
    ]
    if any(money_total(activity) is None for activity in activities):
        words = text("web_map.money_unknown", language)
        rows.append(LegendRow("always-money-unknown", words, (size_sample(money_size(None), broken=True),)))
    return rows


def _lists(
    activities: Sequence[ActivitySnapshot], placed: PlacedActivities, language: Language
) -> tuple[PanelList, ...]:
    def item(number: int, activity: ActivitySnapshot) -> PanelItem:
        total = money_total(activity)
        note = label(activity.status, language)
        if total is not None:
            note += f" · {som_in_words(total, language)}"
        sign = stage_sign(activity.status, everywhere=_is_badge(activity))
        return PanelItem(activity.title, note=note, mark=number, sign=sign)

    numbered = list(enumerate(activities))
    whole = [item(*one) for one in numbered if one[1].coverage is Coverage.MUNICIPALITY]
    homeless = [
        item(*one)
        for one in numbered
        if one[1].id not in placed.geometries and one[1].coverage is not Coverage.MUNICIPALITY
    ]
    on_map = [item(*one) for one in numbered if one[1].id in placed.geometries]
    return tuple(
        PanelList(text(f"web_map.{key}", language), tuple(items), key)
        for key, items in (("whole_municipality", whole), ("no_place", homeless), ("activities", on_map))
        if items
    )
