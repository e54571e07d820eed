"""Papers draw their own pictures from the record: maps, diagrams and charts, in PDF and DOCX."""

from __future__ import annotations

import io
import itertools

import docx
import pytest

from geo.domain.forms import FormKind
from geo.i18n import Language
from geo.snapshots import Audience
from maps.documents import FormPictures, render_form
from maps.documents.drawing import draw_pictures
from maps.documents.request import FormRequest
from tests.maps.paper_files import bare, letters_outside, pdf_pages
from tests.maps.papers import ABOUT, DOCX, LANGUAGES, PDF, whole_year

DRAWN = {
    FormKind.SESSION_MINUTES: {"overview", "venn_pairs", "loaves"},
    FormKind.SESSION_REPORT: {"overview", "votes"},
    FormKind.PLANNING_MEETING_REPORT: {"overview"},
    FormKind.JOINT_ACTION_PLAN: {"overview", "money"},
    FormKind.MONITORING_REPORT: {"overview", "progress"},
    FormKind.FOCUS_GROUP_REPORT: set(),
}


@pytest.mark.parametrize("form", list(DRAWN))
def test_each_paper_draws_what_it_has_room_for(form: FormKind) -> None:
    drawn = draw_pictures(form, FormRequest(whole_year(), Language.KY, **ABOUT[form]))
    assert {name for name in FormPictures.__dataclass_fields__ if getattr(drawn, name)} == DRAWN[form]


@pytest.mark.parametrize(("form", "language"), list(itertools.product(DRAWN, LANGUAGES)))
def test_drawn_papers_hold_their_pictures(form: FormKind, language: Language) -> None:
    pdf = render_form(form, whole_year(Audience.PUBLIC), language, format=PDF, **ABOUT[form])
    assert not letters_outside(pdf)
    assert len(pdf_pages(pdf)) < 12
    if form is FormKind.SESSION_REPORT:
        assert bare("Ыйык булак") in bare("".join(pdf_pages(pdf)))  # a name that stands on the map alone


def test_drawings_stand_in_a_docx_as_pictures() -> None:
    content = render_form(
        FormKind.SESSION_MINUTES, whole_year(), Language.KY, format=DOCX, **ABOUT[FormKind.SESSION_MINUTES]
    )
    shapes = docx.Document(io.BytesIO(content)).inline_shapes
    assert len(shapes) == 3
    assert all(shape.width.mm <= 262 and shape.height.mm <= 161 for shape in shapes)
