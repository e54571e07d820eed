"""Papers as XLSX: numbers are numbers, sums are formulas that come to what is printed, words are never formulas."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from functools import cache

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geo.domain.forms import FormKind
from geo.domain.plan.totals import add_up
from geo.errors import Refused
from geo.i18n import Language, text
from maps.documents import formats_of, render_form
from maps.documents.model import RowKind, Table
from maps.documents.rendering import build_form
from tests.maps.municipality import as_public
from tests.maps.paper_files import parts
from tests.maps.papers import ABOUT, LANGUAGES, XLSX, whole_year

FORMS = [form for form in FormKind if XLSX in formats_of(form)]
EVERY = list(itertools.product(FORMS, LANGUAGES))


@cache
def made(form: FormKind, language: Language = Language.KY, *, blank: bool = False) -> bytes:
    return render_form(form, whole_year(), language, format=XLSX, blank=blank, **ABOUT[form])


def read(content: bytes, *, results: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=results)


def reckoned(sheet: Worksheet, name: str) -> float:
    """What a cell comes to, worked out from its formula and not from what stands beside it."""
    value = sheet[name].value
    if not (isinstance(value, str) and value.startswith("=")):
        return value if isinstance(value, int | float) else 0
    found = re.fullmatch(r"=(SUM|SUBTOTAL)\((?:9,)?([A-Z]+\d+):([A-Z]+\d+)\)", value)
    assert found, value
    cells = [cell for row in sheet[f"{found[2]}:{found[3]}"] for cell in row]
    if found[1] == "SUBTOTAL":  # leaves out other sub-totals
        cells = [cell for cell in cells if not str(cell.value).startswith("=SUBTOTAL")]
    return sum(reckoned(sheet, cell.coordinate) for cell in cells)


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_formulas_come_to_what_stands_beside_them(form: FormKind, language: Language) -> None:
    content = made(form, language)
    formulas, results = read(content), read(content, results=True)
    counted = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    counted += 1
                    assert cell.data_type == "f"
                    shown = results[sheet.title][cell.coordinate].value
                    assert shown == pytest.approx(reckoned(sheet, cell.coordinate)), f"{sheet.title}!{cell.coordinate}"
    assert counted or form is FormKind.PARTICIPANT_LIST or form is FormKind.MONITORING_REPORT


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_every_table_has_its_sheet(form: FormKind, language: Language) -> None:
    document = build_form(form, whole_year(), language, **ABOUT[form])
    tables = [block for block in document.blocks() if isinstance(block, Table) and block.name]
    book = read(made(form, language))
    assert book.sheetnames == [table.name for table in tables]
    for sheet, table in zip(book.worksheets, tables, strict=True):
        first = int(re.sub(r"\D", "", str(sheet.freeze_panes)))
        titles = [sheet.cell(first - 1, place + 1).value or "" for place in range(len(table.columns))]
        assert titles == [column.title.replace("\u00ad", "") for column in table.columns]
        for place, row in enumerate(table.rows):
            for at, cell in enumerate(row.cells, start=1):
                found = sheet.cell(first + place, at)
                if row.kind is RowKind.BODY and isinstance(found.value, int | float):
                    assert found.value == pytest.approx(cell.number)
                elif row.kind is RowKind.BODY and found.data_type != "f":
                    assert (found.value or "") == cell.words


@pytest.mark.parametrize("form", FORMS)
def test_sheets_print_on_a4_lying_with_headings_on_every_page(form: FormKind) -> None:
    for sheet in read(made(form)).worksheets:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        first = int(re.sub(r"\D", "", str(sheet.freeze_panes)))
        assert str(sheet.print_title_rows).endswith(f"${first - 1}")
        assert all(one.width >= 6 for one in sheet.column_dimensions.values())
        assert sheet.sheet_state == "visible"
        assert sheet.oddFooter.right.text == "&P / &N"
        # Inches; less than a line of it, and printers cut it in two.
        assert sheet.page_margins.bottom - sheet.page_margins.footer >= 0.25


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_as_high_as_their_words(form: FormKind) -> None:
    """LibreOffice and phones take the height that stands in the file."""
    wrapped = 0
    for sheet in read(made(form)).worksheets:
        spans = {one.coord.split(":")[0]: one for one in sheet.merged_cells.ranges}
        widths = {name: one.width for name, one in sheet.column_dimensions.items()}
        for cell in itertools.chain(*sheet.iter_rows()):
            if not isinstance(cell.value, str) or not cell.alignment.wrap_text or cell.value.startswith("="):
                continue
            span = spans.get(cell.coordinate)
            columns = (
                [one[0].column_letter for one in sheet.iter_cols(*span.bounds[::2])] if span else [cell.column_letter]
            )
            room = sum(widths[name] for name in columns)
            lines = sum(-(-len(line) // int(room)) or 1 for line in cell.value.split("\n"))
            wrapped += lines > 1
            assert (sheet.row_dimensions[cell.row].height or 0) >= 12.5 * lines, cell.coordinate
    assert wrapped or form is FormKind.PARTICIPANT_LIST


def test_the_plan_adds_up_in_its_file() -> None:
    plan = whole_year().plan
    assert plan
    sheet = read(made(FormKind.JOINT_ACTION_PLAN), results=True).worksheets[0]
    last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 2).value == text("documents.grand_total"))
    names = {one: get_column_letter(one) for one in range(8, sheet.max_column + 1)}
    shown = [one for one, name in names.items() if not sheet.column_dimensions[name].hidden]
    whole = [sheet.cell(last, column).value for column in shown]
    assert whole[-1] * 1000 == add_up(one.money() for one in plan.activities).total == 8_495_500
    assert sum(whole[:-1]) == whole[-1]
    formats = {sheet.cell(row, 11).number_format for row in range(1, last + 1)}
    assert '"> "#,##0.0' in formats


def test_money_keeps_its_unit_in_the_heading() -> None:
    sheet = read(made(FormKind.JOINT_ACTION_PLAN, Language.RU)).worksheets[0]
    said = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "Вклады по источникам, тыс. сом" in said


@pytest.mark.parametrize(
    "trap", ["=1+1", "+7", "-1", "@SUM(A1)", '=HYPERLINK("http://a")', "\t=1", "=cmd|' /C calc'!A0"]
)
def test_words_that_begin_like_a_formula_are_words(trap: str) -> None:
    cycle = whole_year()
    event = next(one for one in cycle.events if one.id == ABOUT[FormKind.PARTICIPANT_LIST]["event_id"])
    person = replace(event.participant_list[0], name=trap, occupation=trap, contact=trap)
    changed = replace(event, participant_list=(person,), participants=1, women=1, place=replace(event.place, ky=trap))
    tricked = replace(cycle, events=(changed,))
    sheet = read(
        render_form(FormKind.PARTICIPANT_LIST, tricked, Language.KY, format=XLSX, event_id=event.id)
    ).worksheets[0]
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert trap.strip() in [str(cell.value).strip() for row in sheet.iter_rows() for cell in row]


def test_the_same_paper_is_the_same_file_and_tells_of_nobody() -> None:
    for form in FORMS:
        content = made(form)
        assert content == made.__wrapped__(form)
        packed = parts(content)
        core = packed["docProps/core.xml"].decode()
        assert "creator" not in core
        assert "lastModifiedBy" not in core
        assert f"{whole_year().as_of}T00:00:00Z" in core
        assert not [name for name in packed if "comment" in name or "external" in name or "custom" in name]


@pytest.mark.parametrize("form", [form for form in FormKind if form not in FORMS])
def test_what_has_no_table_of_its_own_is_refused(form: FormKind) -> None:
    with pytest.raises(Refused) as refused:
        render_form(form, whole_year(), Language.KY, format=XLSX, **ABOUT[form])
    assert refused.value.key == "documents.format_not_offered"
    assert "PDF" in text(refused.value.key, Language.EN, **refused.value.params)


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_one_reckons_what_is_entered(form: FormKind) -> None:
    book = read(made(form, blank=True))
    document = build_form(form, whole_year(), Language.KY, blank=True, **ABOUT[form])
    summed = [block for block in document.blocks() if isinstance(block, Table) and block.name]
    for sheet, table in zip(book.worksheets, summed, strict=True):
        formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert bool(formulas) == any(row.kind in (RowKind.TOTAL, RowKind.SUBTOTAL) for row in table.rows)


@pytest.mark.parametrize("language", list(Language))
def test_a_report_of_nothing_is_a_sheet_that_says_so(language: Language) -> None:
    cycle = replace(as_public(whole_year()), visits=(), plan=None)
    book = read(render_form(FormKind.MONITORING_REPORT, cycle, language, format=XLSX))
    (sheet,) = book.worksheets
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert text("documents.monitoring_report", language) in said
    assert text("documents.no_visits", language) in said
