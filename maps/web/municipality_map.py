"""The map of a municipality: its villages with their priorities, and problems by their votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapely.geometry import GeometryCollection, LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Kind
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, ProblemSnapshot, SettlementSnapshot
from maps.web.feature_marks import parts_of
from maps.web.map_page import render_map_page
from maps.web.marks import LegendSection, MapContents, Mark, Option, PanelItem, PanelList, Switch
from maps.web.places import in_row
from maps.web.problem_marks import problem_items, problem_look, problem_mark, problems_row, unpublished_items
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

__all__ = ["render_municipality_map"]

_MOST_SIGNS = 12
"""Problems whose signs stand at their village; the others are in the list."""


def render_municipality_map(cycle: CycleSnapshot, language: Language) -> str:
    """Draw the map of a municipality.

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
    villages = cycle.municipality.settlements
    marks: list[Mark] = []
    numbers: dict[object, int] = {}
    for place, settlement in enumerate(villages):
        own = [one for one in cycle.problems if one.settlement_id == settlement.id]
        numbers[settlement.id] = len(marks)
        marks.append(_village(settlement, own, cycle, language, place))
        for problem, mark in _problems(settlement, own, cycle, language, place):
            numbers[problem.id] = len(marks)
            marks.append(mark)
    for problem in cycle.municipality_problems:
        numbers[problem.id] = len(marks)
        marks.append(problem_mark(problem, cycle, language, geometry=None, tags=(-1,)))
    marks += boundary_marks(cycle, language, tags=(-1,))
    problems = (*cycle.problems, *cycle.municipality_problems)
    drawn = [one for one in cycle.problems if one.id in numbers and marks[numbers[one.id]].geometry is not None]
    return render_map_page(
        MapContents(
            heading=cycle.municipality.names.best(language),
            title=text("web_map.municipality_title", language),
            marks=marks,
            looks=TERRITORY_LOOKS | dict(map(problem_look, problems)),
            centres=(centre_of(cycle),),
            empty=text("web_map.municipality_empty", language),
            facts=cycle_facts(cycle, language),
            is_sample=is_sample(cycle),
            switches=_switches(cycle, language),
            legend=(
                (LegendSection(text("web_map.groups_and_votes", language), (problems_row(drawn, language),)),)
                if drawn
                else ()
            )
            + territory_section(marks, language),
            lists=_lists(cycle, numbers, language),
            credits=cycle.credits,
            definitions=definitions((), (Kind.PROBLEM,)),
        ),
        language,
    )


def _village(
    settlement: SettlementSnapshot,
    problems: Sequence[ProblemSnapshot],
    cycle: CycleSnapshot,
    language: Language,
    place: int,
) -> Mark:
    first = [one for one in problems if one.is_priority]
    words = "; ".join(f"{one.title} ({one.votes})" for one in first) or text("web_map.no_priorities", language)
    facts = [(text("web_map.priorities", language), words)]
    return village_mark(settlement, cycle, language, facts=facts, tags=(place,))


def _problems(
    settlement: SettlementSnapshot,
    problems: Sequence[ProblemSnapshot],
    cycle: CycleSnapshot,
    language: Language,
    place: int,
) -> Iterator[tuple[ProblemSnapshot, Mark]]:
    """Yield a village's problems: their signs in rows under it, their places drawn as lines and areas."""
    shown = min(len(problems), _MOST_SIGNS)
    for number, problem in enumerate(problems):
        on_map = number < shown
        yield (
            problem,
            problem_mark(
                problem,
                cycle,
                language,
                geometry=_at_village(settlement, problem) if on_map else None,
                tags=(place,),
                shift=in_row(number, shown) if on_map else None,
            ),
        )


def _at_village(settlement: SettlementSnapshot, problem: ProblemSnapshot) -> BaseGeometry:
    drawn = (
        [part for part in parts_of(problem.geometry) if isinstance(part, LineString | Polygon)]
        if problem.geometry is not None
        else []
    )
    return GeometryCollection([settlement.point, *drawn]) if drawn else settlement.point


def _switches(cycle: CycleSnapshot, language: Language) -> tuple[Switch, ...]:
    options = tuple(
        Option(
            str(place),
            settlement.names.best(language),
            sum(1 for one in cycle.problems if one.settlement_id == settlement.id),
        )
        for place, settlement in enumerate(cycle.municipality.settlements)
    )
    return (Switch("settlement", text("web_map.villages", language), options),) if options else ()


def _lists(cycle: CycleSnapshot, numbers: dict[object, int], language: Language) -> tuple[PanelList, ...]:
    def number_of(problem: ProblemSnapshot) -> int | None:
        return numbers.get(problem.id)

    lists = []
    if cycle.municipality_problems:
        items = problem_items(cycle.municipality_problems, number_of, cycle, language)
        items += unpublished_items(cycle.unpublished_sessions, language)
        lists.append(PanelList(text("web_map.municipality_list", language), items, "municipality"))
    for settlement in cycle.municipality.settlements:
        own = [one for one in cycle.problems if one.settlement_id == settlement.id]
        items = problem_items(own, number_of, cycle, language) or (PanelItem(text("web_map.no_priorities", language)),)
        items += unpublished_items(cycle.unpublished_by_settlement.get(settlement.id, 0), language)
        lists.append(PanelList(settlement.names.best(language), items, "village"))
    return tuple(lists)
