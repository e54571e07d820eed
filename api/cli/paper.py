"""``ayilmap form`` and ``ayilmap report``: the papers that people hand in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from api.cli.rendering_options import of_event_or_place
from api.rendering.kinds import RenderingKind
from geo.domain.forms import FormKind

__all__ = ["Report", "write_form", "write_report"]


class Report(StrEnum):
    """Reports by the word people use."""

    SESSION = "session"
    FOCUS = "focus"
    PLANNING = "planning"
    MONITORING = "monitoring"


_FORMS = {
    Report.SESSION: FormKind.SESSION_REPORT,
    Report.FOCUS: FormKind.FOCUS_GROUP_REPORT,
    Report.PLANNING: FormKind.PLANNING_MEETING_REPORT,
    Report.MONITORING: FormKind.MONITORING_REPORT,
}


@of_event_or_place
def write_form(
    form: Annotated[FormKind, typer.Argument(metavar="NAME", help="; ".join(FormKind))],
    *,
    blank: Annotated[bool, typer.Option("--blank", help="Empty, to print and fill by hand.")] = False,
) -> tuple[RenderingKind, dict[str, Any]]:
    """Write a paper, filled from the record or blank, as .pdf, .docx or .xlsx.

    Example: ayilmap form session_minutes --event 01a20004-b16b-71b2-bc71-6bcda59b6452 --out minutes.docx

    Example: ayilmap form participant_list --blank --out list.pdf --lang ky
    """
    return RenderingKind.FORM, {"form": form, "blank": blank or None}


@of_event_or_place
def write_report(
    of: Annotated[Report, typer.Argument(metavar="OF", help="; ".join(Report))],
) -> tuple[RenderingKind, dict[str, Any]]:
    """Write a report of the sessions of a village, a focus group, a planning meeting, or the monitoring.

    Example: ayilmap report session --settlement Төрт-Күл --year 2014 --out report.pdf
    """
    return RenderingKind.FORM, {"form": _FORMS[of]}
