"""Pictures that a paper has room for, drawn from the same record: maps, Venn diagrams, charts."""

from __future__ import annotations

from dataclasses import replace

from geo.domain.events import EventKind
from geo.domain.forms import FormKind
from geo.domain.institutions import Diagram
from geo.i18n import Language
from geo.snapshots import CycleSnapshot, HeldEvent
from maps.charts import bread_chart, money_by_source_chart, status_over_time_chart, votes_by_group_chart
from maps.documents.forms.focus_group import municipality_problems
from maps.documents.numbering import (
    answer_numbers,
    by_votes,
    goal_numbers,
    plan_numbers,
    rank_numbers,
    running_numbers,
    standing,
)
from maps.documents.pictures import NO_PICTURES, FormPictures
from maps.documents.request import FormRequest
from maps.posters.overview import overview_map
from maps.vector import PictureFormat
from maps.venn import render_venn, render_venn_pair

__all__ = ["draw_pictures"]

_WIDE_MM = 250.0


def draw_pictures(form: FormKind, request: FormRequest) -> FormPictures:  # noqa: PLR0911 - one return a form
    """Draw what a filled paper has room for.

    Raises
    ------
    Refused
        What the paper is about is not there or not named, as `FormRequest.event` has it.
    """
    cycle, language, settlement_id = request.filled, request.language, request.settlement_id
    if form is FormKind.SESSION_MINUTES:
        event = request.event((EventKind.SESSION,) if request.event_id is None else tuple(EventKind))
        return _of_event(cycle, event, language) if event else NO_PICTURES
    if form is FormKind.SESSION_REPORT:
        village = request.settlement()
        if village is None:
            return NO_PICTURES
        own = cycle.of_settlement(village.id)
        votes = votes_by_group_chart(own, own.problems, language) if own.problems else ""
        drawn = replace(own, plan=None)
        numbers = running_numbers(by_votes(own.problems))
        overview = overview_map(drawn, language, village.id, problem_numbers=numbers)
        return FormPictures(overview=overview, votes=votes.encode() or None)
    if form is FormKind.PLANNING_MEETING_REPORT:
        problems = [one for one in municipality_problems(cycle) if one.is_priority]
        answers = answer_numbers(cycle, problems)
        ranks = rank_numbers(problems)
        return FormPictures(
            overview=overview_map(cycle, language, None, problem_numbers=ranks, activity_numbers=answers)
        )
    if form is FormKind.JOINT_ACTION_PLAN and cycle.plan:
        money = money_by_source_chart(cycle.plan, language, width_mm=_WIDE_MM).encode()
        overview = overview_map(
            cycle,
            language,
            None,
            problem_numbers=goal_numbers(cycle.plan),
            activity_numbers=plan_numbers(cycle.plan),
        )
        return FormPictures(overview=overview, money=money)
    if form is FormKind.MONITORING_REPORT and cycle.plan and cycle.plan.activities:
        progress = status_over_time_chart(cycle.plan, cycle.as_of, language, width_mm=_WIDE_MM).encode()
        own = cycle if settlement_id is None else cycle.of_settlement(settlement_id)
        numbers = running_numbers(standing(own, settlement_id))
        return FormPictures(
            overview=overview_map(cycle, language, settlement_id, activity_numbers=numbers), progress=progress
        )
    return NO_PICTURES


def _of_event(cycle: CycleSnapshot, event: HeldEvent, language: Language) -> FormPictures:
    drawn = replace(cycle, events=(event,), problems=(), municipality_problems=(), plan=None, matches=())
    by_diagram = {one.diagram: one for one in event.venns}
    women, men = by_diagram.pop(Diagram.WOMEN, None), by_diagram.pop(Diagram.MEN, None)
    both = None
    if women and men:
        both = render_venn_pair(women, men, language, format=PictureFormat.SVG)
    else:
        by_diagram |= {one.diagram: one for one in (women, men) if one}
    venns = {(event.id, name): render_venn(one, language, format=PictureFormat.SVG) for name, one in by_diagram.items()}
    return FormPictures(
        overview=overview_map(drawn, language, event.settlement_id) if event.features else None,
        venns=venns,
        venn_pairs={event.id: both} if both else {},
        loaves={event.id: bread_chart(event.bread, language).encode()} if event.bread and event.bread.lines else {},
    )
