"""``ayilmap form`` and ``ayilmap report``: the papers that people hand in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from api.cli.rendering_options import (
    AnyEventOption,
    MunicipalityOption,
    OutOption,
    PublicOption,
    SettlementOption,
    YearOption,
    make_file,
)
from api.cli.terminal import JsonOption, LanguageOption
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


def write_form(
    form: Annotated[FormKind, typer.Argument(metavar="NAME", help="; ".join(FormKind))],
    *,
    out: OutOption,
    blank: Annotated[bool, typer.Option("--blank", help="Empty, to print and fill by hand.")] = False,
    municipality: MunicipalityOption = None,
    settlement: SettlementOption = None,
    year: YearOption = None,
    event_id: AnyEventOption = None,
    public: PublicOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write a paper, filled from the record or blank, as .pdf, .docx or .xlsx.

    Example: ayilmap form session_minutes --event 01a20004-b16b-71b2-bc71-6bcda59b6452 --out minutes.docx

    Example: ayilmap form participant_list --blank --out list.pdf --lang ky
    """
    _write(
        form,
        out,
        blank=blank,
        municipality=municipality,
        settlement=settlement,
        year=year,
        event_id=event_id,
        public=public,
        as_json=as_json,
        lang=lang,
    )


def write_report(
    of: Annotated[Report, typer.Argument(metavar="OF", help="; ".join(Report))],
    *,
    out: OutOption,
    municipality: MunicipalityOption = None,
    settlement: SettlementOption = None,
    year: YearOption = None,
    event_id: AnyEventOption = None,
    public: PublicOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write a report of the sessions of a village, a focus group, a planning meeting, or the monitoring.

    Example: ayilmap report session --settlement Төрт-Күл --year 2014 --out report.pdf
    """
    _write(
        _FORMS[of],
        out,
        blank=False,
        municipality=municipality,
        settlement=settlement,
        year=year,
        event_id=event_id,
        public=public,
        as_json=as_json,
        lang=lang,
    )


def _write(
    form: FormKind,
    out: OutOption,
    *,
    blank: bool,
    municipality: str | None,
    settlement: str | None,
    year: int | None,
    event_id: UUID | None,
    public: bool,
    as_json: bool,
    lang: LanguageOption,
) -> None:
    make_file(
        RenderingKind.FORM,
        out,
        municipality=municipality,
        settlement=settlement,
        public=public,
        as_json=as_json,
        lang=lang,
        form=form,
        blank=blank or None,
        year=year,
        event_id=event_id,
    )
