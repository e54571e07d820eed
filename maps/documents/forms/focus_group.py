"""The report of a focus group, and that of the planning meeting, which completes its tables (DOMAIN.md section 10)."""

from __future__ import annotations

from dataclasses import replace

from geo.domain.events import EventKind
from geo.i18n import text
from geo.snapshots import CycleSnapshot, HeldEvent, ProblemSnapshot
from maps.documents.forms.minutes_parts import parted_minutes
from maps.documents.forms.openings import (
    event_fields,
    facilitator_field,
    fields,
    head_count_fields,
    notes_on_reading,
    paper,
    place_fields,
    signatures,
    unpublished_note,
    written,
)
from maps.documents.forms.participation import participation_blocks
from maps.documents.forms.problems import causes_blocks, priorities_table
from maps.documents.model import Block, Document, Field, Heading, Orientation, Picture
from maps.documents.numbering import answer_numbers
from maps.documents.request import FormRequest

__all__ = ["focus_group_report", "municipality_problems", "planning_meeting_report"]


def focus_group_report(request: FormRequest) -> Document:
    """Build the report of a village's focus group: causes and effects of its priorities."""
    language = request.language
    event = request.event((EventKind.FOCUS_GROUP,))
    settlement = request.settlement(event)
    cycle = request.shown
    problems = [
        one
        for one in (cycle.problems if cycle else ())
        if settlement and one.settlement_id == settlement.id and (one.is_priority or one.causes)
    ]
    problems = [_looked_at(one, event) for one in problems]
    blocks: list[Block] = [
        fields(
            place_fields(request, settlement),
            event_fields(request, event, group=False),
            head_count_fields(request, event),
            _who_came(request),
            facilitator_field(request, event),
            columns=2,
        ),
        *notes_on_reading(request),
        Heading(text("documents.causes_heading", language)),
        *unpublished_note(request, cycle.of_settlement(settlement.id) if cycle and settlement else None),
        *causes_blocks(request, problems),
        *parted_minutes(request, event, ("decisions", "text")),
        *_signatures(request, event),
    ]
    subtitle = written(settlement.names if settlement else None, request)
    title = text("documents.focus_group_report", language)
    return paper(request, title, [(Orientation.PORTRAIT, blocks)], subtitle=subtitle)


def planning_meeting_report(request: FormRequest) -> Document:
    """Build the report of the planning meeting: the municipality's priorities, and what answers them."""
    language = request.language
    event = request.event((EventKind.PLANNING_MEETING,))
    cycle = request.shown
    problems = municipality_problems(cycle) if cycle else []
    priorities = [one for one in problems if one.is_priority]
    overview = request.pictures.overview
    caption = text("documents.plan_map_caption", language)
    blocks: list[Block] = [
        fields(
            place_fields(request, None, village=False),
            event_fields(request, event, group=False),
            head_count_fields(request, event),
            _who_came(request),
            facilitator_field(request, event),
            columns=2,
        ),
        *notes_on_reading(request),
        Heading(text("documents.participation_heading", language)),
        *participation_blocks(request, cycle.events if cycle else ()),
        Heading(text("documents.municipality_priorities_heading", language)),
        priorities_table(problems, language),
        *unpublished_note(request, cycle),
        *([Picture(overview, said=caption, caption=caption, height_mm=120.0)] if overview else []),
        Heading(text("documents.causes_heading", language)),
        *causes_blocks(request, priorities, activity_numbers=answer_numbers(cycle, priorities) if cycle else {}),
        *parted_minutes(request, event, ("decisions", "text")),
        *_signatures(request, event),
    ]
    subtitle = written(request.cycle.municipality.names, request) if request.cycle else ""
    title = text("documents.planning_meeting_report", language)
    return paper(request, title, [(Orientation.PORTRAIT, blocks)], subtitle=subtitle)


def _who_came(request: FormRequest) -> list[Field]:
    # The record does not part the participants by what they stand for: lines to write on.
    if request.is_public:
        return []
    keys = ("documents.ak_members", "documents.ao_staff", "documents.ngo_and_community")
    return [Field(text(key, request.language)) for key in keys]


def _signatures(request: FormRequest, event: HeldEvent | None) -> list[Block]:
    language = request.language
    leaders = [*(event.facilitator_names if event else ()), "", ""]
    people = [
        (text("documents.facilitator", language), leaders[0]),
        (text("documents.minutes_keeper", language), leaders[1]),
    ]
    return signatures(request, people=people, offices=("documents.head_of_ao",))


def _looked_at(problem: ProblemSnapshot, event: HeldEvent | None) -> ProblemSnapshot:
    """Keep the causes that this event found out, and those that name no event."""
    if event is None:
        return problem
    return replace(problem, causes=tuple(one for one in problem.causes if one.event_id in (None, event.id)))


def municipality_problems(cycle: CycleSnapshot) -> list[ProblemSnapshot]:
    """Return the municipality's problems with the causes and activities of the villages' problems that they unite."""
    united: list[ProblemSnapshot] = []
    for problem in cycle.municipality_problems:
        said = {one.id for one in problem.statements}
        own = [one for one in cycle.problems if said & {statement.id for statement in one.statements}]
        causes = dict.fromkeys((*problem.causes, *(cause for one in own for cause in one.causes)))
        answers = dict.fromkeys((*problem.activity_ids, *(known for one in own for known in one.activity_ids)))
        united.append(replace(problem, causes=tuple(causes), activity_ids=tuple(answers)))
    return united
