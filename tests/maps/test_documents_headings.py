"""A heading stands with what it heads, not alone at the foot of a page."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from geo.domain.forms import FormKind
from geo.i18n import Language
from maps.documents.drawing import draw_pictures
from maps.documents.model import Cell, Column, Document, Heading, Orientation, Paragraph, Row, Section, Table
from maps.documents.rendering import build_form
from maps.documents.request import FormRequest
from maps.documents.typst_writer import write_pdf
from tests.maps.paper_files import bare, pdf_pages
from tests.maps.papers import ABOUT, LANGUAGES, whole_year


@pytest.mark.parametrize("lines", range(34, 48))
@pytest.mark.parametrize("led", [False, True])
def test_a_heading_before_a_long_table_is_on_its_page(lines: int, *, led: bool) -> None:
    """Wherever on the page the heading would fall."""
    form = build_form(FormKind.SESSION_REPORT, whole_year(), Language.EN, **ABOUT[FormKind.SESSION_REPORT])
    filling = [Paragraph(f"Line {number}") for number in range(lines)]
    table = Table((Column("Column", 1.0),), tuple(Row((Cell(f"Row {number}"),)) for number in range(60)))
    note = [Paragraph("What the table shows")] if led else []
    blocks = (*filling, Heading("The heading"), *note, table)
    document = Document(
        form.title, Language.EN, (Section(blocks, Orientation.PORTRAIT),), as_of=form.as_of, footer=form.footer
    )
    pages = [bare(page) for page in pdf_pages(write_pdf(document))]
    of_heading = next(page for page in pages if bare("The heading") in page)
    assert bare("Row 0") in of_heading


@pytest.mark.parametrize(("form", "language"), list(itertools.product(ABOUT, LANGUAGES)))
def test_no_page_of_a_form_ends_in_a_heading(form: FormKind, language: Language) -> None:
    document = build_form(form, whole_year(), language, **ABOUT[form])
    headings = {bare(one.words) for one in document.blocks() if isinstance(one, Heading)}
    for page in pdf_pages(write_pdf(document)):
        lines = [bare(line) for line in page.splitlines() if line.strip()]
        body = [line for line in lines if not bare(document.footer).startswith(line[:20])]
        assert body[-1:] == [] or body[-1] not in headings


@pytest.mark.parametrize("is_told", [False, True])
@pytest.mark.parametrize("form", ABOUT)
def test_no_part_of_a_paper_ends_in_a_heading(form: FormKind, *, is_told: bool) -> None:
    """The next part starts on a new page: a heading at the end of one would stand alone."""
    cycle = whole_year()
    if not is_told:
        cycle = replace(cycle, events=tuple(replace(one, minutes={}) for one in cycle.events))
    pictures = draw_pictures(form, FormRequest(cycle, Language.KY, **ABOUT[form]))
    document = build_form(form, cycle, Language.KY, **ABOUT[form], pictures=pictures)
    for section in document.sections:
        assert not isinstance(section.blocks[-1], Heading)
