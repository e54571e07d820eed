"""Odd records: a decent page, or a refusal that says what to do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import docx
import pytest

from geo.domain.forms import DocumentFormat, FormKind
from geo.errors import Failed, NotFound, Refused
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import CycleSnapshot, Names, StatementSnapshot
from maps.documents import FormPictures, formats_of, render_form
from maps.documents import lettering as letters
from maps.documents.lettering import Lettering, breakable, lettering_for, plain
from tests.maps.municipality import FIRST, MUNICIPALITY, SECOND, ids
from tests.maps.paper_files import bare, letters_outside, pdf_pages, pdf_sizes
from tests.maps.papers import ABOUT, DOCX, FILES, PDF, PUBLIC_FORMS, SESSION, XLSX, whole_year

LONG = "жоопкерчиликтүүлүктү" * 10
MARKUP = '#import "x": * *bold* _it_ $x^2$ <label> @ref \\ [a](b) <b>&amp;</b> </w:t> `raw` // - = +'
HEBREW_ARABIC = "שלום كوي \u202eaiti"
UNKNOWN = UUID("00000000-0000-7000-8000-000000000000")


def named(words: str) -> CycleSnapshot:
    """Everything that people wrote is these words."""
    cycle = whole_year()
    assert cycle.plan
    names = Names(words, words, words)
    problems = tuple(
        replace(one, title=words, statements=tuple(replace(said, wording=words) for said in one.statements))
        for one in cycle.problems
    )
    goals = tuple(
        replace(
            goal,
            problem_statement=words,
            goal=words,
            tasks=tuple(
                replace(
                    task,
                    title=words,
                    activities=tuple(
                        replace(one, title=words, result=words, quantity_unit=words[:200]) for one in task.activities
                    ),
                )
                for task in goal.tasks
            ),
        )
        for goal in cycle.plan.goals
    )
    events = tuple(
        replace(
            one,
            place=names,
            minutes={"map": words, "text": words},
            participant_list=tuple(replace(each, name=words, occupation=words) for each in one.participant_list),
        )
        for one in cycle.events
    )
    settlements = tuple(replace(one, names=names) for one in MUNICIPALITY.settlements)
    return replace(
        cycle,
        municipality=replace(MUNICIPALITY, names=names, rayon=names, settlements=settlements),
        problems=problems,
        events=events,
        plan=replace(cycle.plan, title=words, note=words, goals=goals),
        visits=tuple(replace(one, summary=words, recommendations=words, service=words) for one in cycle.visits),
    )


@pytest.mark.parametrize(("form", "kind"), FILES)
@pytest.mark.parametrize("words", [LONG, MARKUP, HEBREW_ARABIC, "😀 көйгөй 👩‍👩‍👧 №1", "а\x00б\x0bв\x1f"], ids=range(5))
def test_whatever_people_wrote_is_written_as_it_is(form: FormKind, kind: DocumentFormat, words: str) -> None:
    content = render_form(form, named(words), Language.KY, format=kind, pictures=FormPictures(), **ABOUT[form])
    if kind is PDF:
        assert not letters_outside(content)
        assert {tuple(sorted(round(side) for side in size)) for size in pdf_sizes(content)} == {(595, 842)}
        if words in (LONG, MARKUP):
            assert bare(words) in bare("".join(pdf_pages(content)))
    if kind is DOCX:
        file = docx.Document(io.BytesIO(content))
        said = [one.text for one in file.paragraphs]
        said += [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        assert any(bare(plain(words)) in bare(one) for one in said)


@pytest.mark.parametrize("kind", [PDF, DOCX, XLSX])
def test_five_hundred_problems(kind: DocumentFormat) -> None:
    cycle = whole_year()
    first = cycle.problems[0]
    many = tuple(
        replace(
            first,
            id=ids("problem", str(number)),
            title=f"Көйгөй {number}",
            rank=number,
            is_priority=number <= 5,
            statements=(
                StatementSnapshot(ids("said", str(number)), SESSION, FIRST.id, f"Көйгөй {number}", 500 - number),
            ),
            votes=500 - number,
        )
        for number in range(500)
    )
    content = render_form(
        FormKind.SESSION_REPORT, replace(cycle, problems=many), Language.KY, format=kind, settlement_id=FIRST.id
    )
    if kind is PDF:
        pages = pdf_pages(content)
        assert len(pages) > 15
        assert bare("Көйгөй 499") in bare("".join(pages))
        assert bare(str(sum(500 - number for number in range(500)))) in bare("".join(pages))


@pytest.mark.parametrize("kind", [PDF, DOCX])
def test_huge_minutes(kind: DocumentFormat) -> None:
    huge = "\n".join(f"{number}. Катышуучулар суу жөнүндө көп айтышты. " * 6 for number in range(600))
    cycle = whole_year()
    events = tuple(replace(one, minutes={"text": huge}) if one.id == SESSION else one for one in cycle.events)
    content = render_form(
        FormKind.SESSION_MINUTES, replace(cycle, events=events), Language.KY, format=kind, event_id=SESSION
    )
    if kind is PDF:
        pages = pdf_pages(content)
        assert len(pages) > 20
        assert "599." in "".join(pages)
        assert not letters_outside(content)


def test_a_cell_longer_than_a_page_goes_on_on_the_next() -> None:
    cycle = whole_year()
    long = tuple(
        replace(one, causes=tuple(replace(each, description="Суу жок. " * 1500) for each in one.causes))
        for one in cycle.problems
    )
    pdf = render_form(
        FormKind.FOCUS_GROUP_REPORT,
        replace(cycle, problems=long),
        Language.KY,
        format=PDF,
        **ABOUT[FormKind.FOCUS_GROUP_REPORT],
    )
    assert not letters_outside(pdf)
    assert len(pdf_pages(pdf)) > 8


def nothing() -> CycleSnapshot:
    return replace(
        whole_year(), events=(), problems=(), municipality_problems=(), plan=None, visits=(), groups=(), matches=()
    )


@pytest.mark.parametrize(
    ("form", "key"),
    [
        (FormKind.PARTICIPANT_LIST, "documents.no_event"),
        (FormKind.SESSION_MINUTES, "documents.no_event"),
        (FormKind.FOCUS_GROUP_REPORT, "documents.no_event"),
        (FormKind.PLANNING_MEETING_REPORT, "documents.no_event"),
        (FormKind.JOINT_ACTION_PLAN, "documents.no_plan"),
    ],
)
def test_an_empty_record_says_what_to_enter(form: FormKind, key: str) -> None:
    with pytest.raises(Refused) as refused:
        render_form(form, nothing(), Language.KY, format=PDF)
    assert refused.value.key == key
    for language in LANGUAGES:
        assert "2025" in text(key, language, **refused.value.params)


def test_reports_of_an_empty_record_are_decent_pages() -> None:
    for form, kind in FILES:
        if form in (FormKind.SESSION_REPORT, FormKind.MONITORING_REPORT):
            content = render_form(form, nothing(), Language.KY, format=kind, settlement_id=FIRST.id)
            assert content
            if kind is PDF:
                assert not letters_outside(content)


@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_a_form_without_a_record_is_blank_or_refused(form: FormKind) -> None:
    with pytest.raises(Refused) as refused:
        render_form(form, None, Language.KY, format=PDF)
    assert refused.value.key == "documents.nothing_to_fill_with"


def test_what_is_asked_for_must_be_there() -> None:
    cycle = whole_year()
    asked: list[tuple[FormKind, dict[str, UUID], type[Refused], str]] = [
        (FormKind.SESSION_MINUTES, {"event_id": UNKNOWN}, NotFound, "documents.event_unknown"),
        (FormKind.FOCUS_GROUP_REPORT, {"event_id": SESSION}, Refused, "documents.event_of_other_kind"),
        (FormKind.SESSION_MINUTES, {}, Refused, "documents.which_event"),
        (FormKind.SESSION_MINUTES, {"settlement_id": FIRST.id}, Refused, "documents.which_event"),
        (FormKind.SESSION_REPORT, {}, Refused, "documents.which_village"),
        (FormKind.SESSION_REPORT, {"settlement_id": UNKNOWN}, NotFound, "documents.settlement_unknown"),
    ]
    for form, about, error, key in asked:
        with pytest.raises(error) as refused:
            render_form(form, cycle, Language.RU, format=PDF, **about)
        assert refused.value.key == key
        assert text(key, Language.RU, **refused.value.params)
    # The only session of a village needs no name.
    assert render_form(FormKind.SESSION_MINUTES, cycle, Language.RU, format=PDF, settlement_id=SECOND.id)


@pytest.fixture
def no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(letters, "_machine_fonts", lambda: ())
    yield


@pytest.mark.usefixtures("no_other_fonts")
def test_letters_that_no_font_has_are_told_with_the_package_to_install() -> None:
    found = lettering_for(["Арал ң ө ү", "漢字 😀 ש"])
    assert set(found.missing) == set("漢字😀ש")
    assert found.packages == ("fonts-noto-cjk", "fonts-noto-color-emoji", "fonts-noto-core")
    pdf = render_form(
        FormKind.JOINT_ACTION_PLAN, named("Көйгөй 漢"), Language.EN, format=PDF, **ABOUT[FormKind.JOINT_ACTION_PLAN]
    )
    said = bare("".join(pdf_pages(pdf)))
    assert bare("U+6F22") in said
    assert bare("fonts-noto-cjk") in said


def test_the_house_font_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise Failed("print.no_typeface", package="fontpkg-noto-sans")

    monkeypatch.setattr(letters, "font_file", missing)
    letters._house_fonts.cache_clear()
    with pytest.raises(Failed) as failed:
        render_form(FormKind.SESSION_REPORT, None, Language.KY, format=PDF, blank=True)
    assert "fontpkg-noto-sans" in text(failed.value.key, Language.KY, **failed.value.params)


def test_usual_words_need_no_other_font() -> None:
    found = lettering_for(["Жоопкерчиликтүүлүктү ң ө ү – № 12 « » “ ” − …"])
    assert isinstance(found, Lettering)
    assert found.missing == ()


@pytest.mark.parametrize(("words", "room", "pieces"), [("жоопкерчиликтүүлүктү", 20, 7), ("a" * 200, 20, 16)])
def test_words_too_long_for_their_place_may_break(words: str, room: float, pieces: int) -> None:
    broken = breakable(words, room, 9.0)
    assert broken.replace("\u00ad", "") == words
    assert len(broken.split("\u00ad")) >= pieces


def test_words_that_fit_are_left_alone() -> None:
    assert breakable("Ичүүчү суу жетишпейт", 40, 9.0) == "Ичүүчү суу жетишпейт"
    assert formats_of(FormKind.SESSION_MINUTES) == (PDF, DOCX)
