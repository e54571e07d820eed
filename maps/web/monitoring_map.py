"""The map of monitoring: what was visited, how long ago, how well that is evidenced, and what nobody has visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from markupsafe import Markup

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, CycleSnapshot, VisitSnapshot
from maps.style import VISIT_AGE_STYLES, VisitAge, visit_age
from maps.web.activity_facts import place_in_words
from maps.web.chains import activity_chain, grade_letter, visit_in_words
from maps.web.cycle_signs import VISIT_SIZE, visit_sign
from maps.web.map_page import render_map_page
from maps.web.marks import LegendRow, LegendSection, Look, MapContents, Mark, Option, PanelItem, PanelList, Switch
from maps.web.places import sign_point, with_sign
from maps.web.plan_map import PlacedActivities, place_activities
from maps.web.signs import definitions
from maps.web.territory_marks import (
    TERRITORY_LOOKS,
    boundary_marks,
    centre_of,
    cycle_facts,
    is_sample,
    territory_section,
    village_mark,
)
from maps.web.visit_facts import ago_in_short, days_in_words, visit_facts

__all__ = ["render_monitoring_map"]

_AGES = tuple(VisitAge)
_MOST_PHOTOS = 6


def render_monitoring_map(cycle: CycleSnapshot, language: Language) -> str:
    """Draw what monitors saw of a municipality's plan and services.

    Every activity shows when it was last visited and how well that visit is evidenced; one that nobody has visited
    stands out. Visits to services and offices stand at their own place. How long ago is reckoned from `as_of`.

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
    known = {activity.id for activity in activities}
    others = tuple(visit for visit in cycle.visits if visit.activity_id not in known)
    placed = place_activities(activities, cycle)
    marks = [_activity_mark(activity, placed, cycle, language) for activity in activities]
    marks += [_visit_mark(visit, cycle, language) for visit in others]
    looks = dict(_activity_look(activity, cycle, language) for activity in activities)
    looks |= dict(_visit_look(visit, cycle, language) for visit in others)
    territory = [
        *(
            village_mark(settlement, cycle, language, tags=(-1, place))
            for place, settlement in enumerate(cycle.municipality.settlements)
        ),
        *boundary_marks(cycle, language, tags=(-1, -1)),
    ]
    return render_map_page(
        MapContents(
            heading=cycle.municipality.names.best(language),
            title=text("web_map.monitoring_title", language),
            marks=[*marks, *territory],
            looks=TERRITORY_LOOKS | looks,
            centres=(centre_of(cycle),),
            empty=text("web_map.monitoring_empty", language),
            facts=(*cycle_facts(cycle, language)[:-1], days_in_words(cycle.as_of, None, language)),
            is_sample=is_sample(cycle),
            switches=_switches(activities, others, cycle, language),
            legend=_legend(activities, others, cycle, language) + territory_section(territory, language),
            lists=_lists(activities, others, cycle, language),
            credits=cycle.credits,
            definitions=definitions((), (Kind.PROBLEM,)),
        ),
        language,
    )


def _last(activity_id: UUID, cycle: CycleSnapshot) -> VisitSnapshot | None:
    return next(iter(cycle.visits_to(activity_id)), None)


def _days(visit: VisitSnapshot | None, cycle: CycleSnapshot) -> int | None:
    return None if visit is None else max(0, (cycle.as_of - visit.day).days)


def _activity_mark(
    activity: ActivitySnapshot, placed: PlacedActivities, cycle: CycleSnapshot, language: Language
) -> Mark:
    visits = cycle.visits_to(activity.id)
    last = visits[0] if visits else None
    days = _days(last, cycle)
    facts = [(text("web_map.place_of", language), place_in_words(activity, cycle, language))]
    if last is not None:
        facts.append((text("web_map.last_visit", language), days_in_words(last.day, days, language)))
        facts.append((text("web_map.visits_count", language), str(len(visits))))
        facts += visit_facts(last, language)
    return Mark(
        name=activity.title,
        kind=text(f"web_map.visit_age.{visit_age(days)}", language),
        above=label(activity.status, language),
        look=_activity_look(activity, cycle, language)[0],
        geometry=placed.geometries.get(activity.id),
        tags=(_AGES.index(visit_age(days)), _village(activity.settlement_id, cycle)),
        facts=tuple(facts),
        chain=activity_chain(activity, cycle, language),
        photos=tuple(photo for visit in visits for photo in visit.photos)[:_MOST_PHOTOS],
        shift=placed.shifts.get(activity.id),
    )


def _visit_mark(visit: VisitSnapshot, cycle: CycleSnapshot, language: Language) -> Mark:
    settlement = cycle.settlement(visit.settlement_id)
    feature = next(
        (one for event in cycle.events for one in event.features if one.id == visit.feature_id and visit.feature_id),
        None,
    )
    at = visit.point or sign_point(feature.geometry if feature else None)
    shift = None
    if at is None and settlement is not None:
        at, shift = settlement.point, (40, 0)
    days = _days(visit, cycle)
    return Mark(
        name=visit.service or (feature.names.best(language) if feature else ""),
        kind=label(visit.topic, language),
        above=text(f"web_map.visit_age.{visit_age(days)}", language),
        look=_visit_look(visit, cycle, language)[0],
        geometry=None if at is None else with_sign(at, at),
        tags=(_AGES.index(visit_age(days)), _village(visit.settlement_id, cycle)),
        error_m=visit.accuracy_m if visit.point is not None else None,
        facts=(
            (text("web_map.last_visit", language), days_in_words(visit.day, days, language)),
            *visit_facts(visit, language),
        ),
        photos=visit.photos[:_MOST_PHOTOS],
        shift=shift,
    )


def _village(settlement_id: UUID | None, cycle: CycleSnapshot) -> int:
    ids = [one.id for one in cycle.municipality.settlements]
    return ids.index(settlement_id) if settlement_id in ids else -1


def _activity_look(activity: ActivitySnapshot, cycle: CycleSnapshot, language: Language) -> tuple[str, Look]:
    return _look(_last(activity.id, cycle), cycle, language)


def _visit_look(visit: VisitSnapshot, cycle: CycleSnapshot, language: Language) -> tuple[str, Look]:
    return _look(visit, cycle, language)


def _look(visit: VisitSnapshot | None, cycle: CycleSnapshot, language: Language) -> tuple[str, Look]:
    days = _days(visit, cycle)
    age = visit_age(days)
    letter = grade_letter((visit,)) if visit else ""
    style = VISIT_AGE_STYLES[age]
    look = Look(
        row=f"visit-{age.value}",
        tone=style.tone,
        sign=visit_sign(age, letter, "" if days is None else ago_in_short(days, language)),
        rank=1,
        strokes=style.strokes,
        outline=2.5,
        outline_dash=style.strokes[0].dash,
        size=VISIT_SIZE,
    )
    return f"visit.{age.value}.{letter}.{days}", look


def _switches(
    activities: Sequence[ActivitySnapshot], others: Sequence[VisitSnapshot], cycle: CycleSnapshot, language: Language
) -> tuple[Switch, ...]:
    days = [*_all_days(activities, others, cycle)]
    if not days:
        return ()
    ages = Counter(map(visit_age, days))
    villages = Counter([*(one.settlement_id for one in activities), *(one.settlement_id for one in others)])
    return (
        Switch(
            "age",
            text("web_map.visit_ages", language),
            tuple(
                Option(
                    age.value,
                    text(f"web_map.visit_age.{age}", language),
                    ages[age],
                    visit_sign(age, "A"),
                    offered=ages[age] > 0,
                )
                for age in _AGES
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


def _all_days(
    activities: Sequence[ActivitySnapshot], others: Sequence[VisitSnapshot], cycle: CycleSnapshot
) -> Iterator[int | None]:
    yield from (_days(_last(activity.id, cycle), cycle) for activity in activities)
    yield from (_days(visit, cycle) for visit in others)


def _legend(
    activities: Sequence[ActivitySnapshot], others: Sequence[VisitSnapshot], cycle: CycleSnapshot, language: Language
) -> tuple[LegendSection, ...]:
    days = list(_all_days(activities, others, cycle))
    if not days:
        return ()
    ages = set(map(visit_age, days))
    rows = tuple(
        LegendRow(f"visit-{age.value}", text(f"web_map.visit_age.{age}", language), (visit_sign(age, "A"),))
        for age in _AGES
        if age in ages
    )
    grades = sorted({one.evidence.grade for one in cycle.visits if one.evidence})
    graded = tuple(
        LegendRow(f"always-grade-{grade.value}", label(grade, language), (_letter(grade.value.upper()),))
        for grade in grades
    )
    sample = visit_sign(VisitAge.QUARTER, "B", ago_in_short(40, language))
    how = LegendRow("always-how", text("web_map.grade_row", language), (sample,))
    return (
        LegendSection(text("web_map.visit_ages", language), rows),
        LegendSection(text("web_map.grades", language), (*graded, how) if graded else (how,)),
    )


def _letter(letter: str) -> Markup:
    return visit_sign(VisitAge.MONTH, letter)


def _lists(
    activities: Sequence[ActivitySnapshot], others: Sequence[VisitSnapshot], cycle: CycleSnapshot, language: Language
) -> tuple[PanelList, ...]:
    def sign(visit: VisitSnapshot | None) -> Markup:
        # The line beside it says the day; in a small sign "how long ago" would be too small to read.
        letter = grade_letter((visit,)) if visit else ""
        return visit_sign(visit_age(_days(visit, cycle)), letter)

    never: list[PanelItem] = []
    visited: list[PanelItem] = []
    for number, activity in enumerate(activities):
        last = _last(activity.id, cycle)
        note = label(activity.status, language) if last is None else visit_in_words(last, language)
        item = PanelItem(activity.title, note=note, mark=number, sign=sign(last))
        (never if last is None else visited).append(item)
    for number, visit in enumerate(others, start=len(activities)):
        words = visit.service or label(visit.topic, language)
        visited.append(PanelItem(words, note=visit_in_words(visit, language), mark=number, sign=sign(visit)))
    return tuple(
        PanelList(text(f"web_map.{key}", language), tuple(items), key)
        for key, items in (("unvisited", never), ("visited", visited))
        if items
    )
