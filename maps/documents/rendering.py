"""A form of DOMAIN.md section 10 as a file: build the paper once, write it as asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from geo.domain.forms import DocumentFormat, FormKind
from geo.domain.labels import label_text, label_texts
from geo.errors import Refused
from geo.i18n import Language
from geo.snapshots import CycleSnapshot
from maps.documents.forms.focus_group import focus_group_report, planning_meeting_report
from maps.documents.forms.joint_action_plan import joint_action_plan
from maps.documents.forms.monitoring_report import monitoring_report
from maps.documents.forms.participant_list import participant_list
from maps.documents.forms.session_minutes import session_minutes
from maps.documents.forms.session_report import session_report
from maps.documents.model import Document
from maps.documents.pictures import NO_PICTURES, FormPictures
from maps.documents.request import FormRequest

__all__ = ["build_form", "formats_of", "render_form"]

_BUILDERS: Mapping[FormKind, Callable[[FormRequest], Document]] = MappingProxyType(
    {
        FormKind.PARTICIPANT_LIST: participant_list,
        FormKind.SESSION_MINUTES: session_minutes,
        FormKind.SESSION_REPORT: session_report,
        FormKind.FOCUS_GROUP_REPORT: focus_group_report,
        FormKind.PLANNING_MEETING_REPORT: planning_meeting_report,
        FormKind.JOINT_ACTION_PLAN: joint_action_plan,
        FormKind.MONITORING_REPORT: monitoring_report,
    }
)
_WITH_SHEETS = frozenset(
    {FormKind.PARTICIPANT_LIST, FormKind.SESSION_REPORT, FormKind.JOINT_ACTION_PLAN, FormKind.MONITORING_REPORT}
)


def formats_of(form: FormKind) -> tuple[DocumentFormat, ...]:
    """Return what a form can be written as; lists and the plan also as a table that reckons.

    >>> [one.value for one in formats_of(FormKind.SESSION_MINUTES)]
    ['pdf', 'docx']
    """
    every = tuple(DocumentFormat)
    return every if form in _WITH_SHEETS else tuple(one for one in every if one is not DocumentFormat.XLSX)


def build_form(
    form: FormKind,
    cycle: CycleSnapshot | None,
    language: Language,
    *,
    event_id: UUID | None = None,
    settlement_id: UUID | None = None,
    blank: bool = False,
    pictures: FormPictures = NO_PICTURES,
) -> Document:
    """Build a form without writing it; see `render_form`."""
    return _BUILDERS[form](FormRequest(cycle, language, event_id, settlement_id, blank, pictures))


def render_form(
    form: FormKind,
    cycle: CycleSnapshot | None,
    language: Language,
    *,
    format: DocumentFormat,
    event_id: UUID | None = None,
    settlement_id: UUID | None = None,
    blank: bool = False,
    pictures: FormPictures | None = None,
) -> bytes:
    """Write a form as a file.

    Parameters
    ----------
    form
        Which paper.
    cycle
        The municipality's year as the audience may see it. A blank form needs none; with one, places are named.
    format
        One of `formats_of` the form.
    event_id
        The event that it is about; left out, the only one of its kind.
    settlement_id
        The village that it is about; of forms on an event, where to look for the event.
    blank
        To be printed before there is anything to fill it with, and filled by hand.
    pictures
        Maps, drawings and charts that go into it; left out, they are drawn from the record.

    Returns
    -------
    bytes
        A4 in all formats. The same arguments give the same bytes on one machine; no name of a person or a computer is
        written into the file beside what stands on the page.

    Raises
    ------
    Refused
        The form has no such format, is not for the public, or what it is about is not there or not named.
    NotFound
        No such event or village.
    Failed
        The font is not installed; the message names the package.
    """
    if format not in formats_of(form):
        allowed = label_texts(formats_of(form))
        raise Refused("documents.format_not_offered", form=label_text(form), allowed=allowed)
    drawn = pictures or NO_PICTURES
    if pictures is None and format is not DocumentFormat.XLSX and cycle is not None and not blank:
        # Drawing needs half of the house, which a table or a blank form can do without.
        from maps.documents.drawing import draw_pictures  # noqa: PLC0415

        drawn = draw_pictures(form, FormRequest(cycle, language, event_id, settlement_id))
    document = build_form(
        form, cycle, language, event_id=event_id, settlement_id=settlement_id, blank=blank, pictures=drawn
    )
    # Each writer needs a library that takes a moment to load: only the one that is asked for.
    if format is DocumentFormat.DOCX:
        from maps.documents.docx_writer import write_docx  # noqa: PLC0415

        return write_docx(document)
    if format is DocumentFormat.XLSX:
        from maps.documents.xlsx_writer import write_xlsx  # noqa: PLC0415

        return write_xlsx(document)
    from maps.documents.typst_writer import write_pdf  # noqa: PLC0415

    return write_pdf(document)
