"""Papers as PDF: everything is on them, on A4, with fonts inside, numbered, the same twice."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache

import pytest

from geo.domain.forms import FormKind
from geo.errors import Refused
from geo.i18n import Language, text
from maps.documents import FormPictures, render_form
from maps.documents.model import Fields, Heading, Orientation, Table
from maps.documents.rendering import build_form
from tests.maps.paper_files import A4, bare, letters_outside, opened, pdf_fonts, pdf_pages, pdf_sizes
from tests.maps.papers import ABOUT, LANGUAGES, PDF, pictures, whole_year

EVERY = list(itertools.product(FormKind, LANGUAGES))


@cache
def filled(form: FormKind, language: Language) -> bytes:
    return render_form(form, whole_year(), language, format=PDF, pictures=pictures(), **ABOUT[form])


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_a_filled_form_has_every_word_of_it(form: FormKind, language: Language) -> None:
    document = build_form(form, whole_year(), language, pictures=pictures(), **ABOUT[form])
    pages = pdf_pages(filled(form, language))
    said = bare("".join(pages))
    missing = [one for one in document.words() if one and bare(one) not in said]
    # A cell that goes on on the next page is read with what stands between: its words are then looked for one by one.
    assert not [one for one in missing if any(bare(word) not in said for word in one.split())]
    assert len(missing) <= 3
    for heading in (one for one in document.blocks() if isinstance(one, Heading)):
        assert bare(heading.words) in said


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_a_blank_form_has_its_questions_and_nobodys_answers(form: FormKind, language: Language) -> None:
    pdf = render_form(form, None, language, format=PDF, blank=True)
    said = bare("".join(pdf_pages(pdf)))
    document = build_form(form, None, language, blank=True)
    for block in document.blocks():
        if isinstance(block, Fields):
            assert all(bare(one.label) in said and not one.words for one in block.items)
        if isinstance(block, Table):
            assert block.row_mm >= 6 or len(block.rows) < 4
    assert "2025" not in said
    assert not letters_outside(pdf)


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_pages_are_a4_numbered_and_nothing_leaves_them(form: FormKind, language: Language) -> None:
    pdf = filled(form, language)
    pages = pdf_pages(pdf)
    for at, words in enumerate(pages, start=1):
        assert re.search(rf"\b{at} / {len(pages)}\b", words), f"page {at}"
    for size in pdf_sizes(pdf):
        assert sorted(size) == pytest.approx(A4, abs=1)
    assert not letters_outside(pdf)


@pytest.mark.parametrize("form", list(FormKind))
def test_pages_lie_as_the_form_says(form: FormKind) -> None:
    document = build_form(form, whole_year(), Language.KY, **ABOUT[form])
    lying = {section.orientation is Orientation.LANDSCAPE for section in document.sections}
    pdf = render_form(form, whole_year(), Language.KY, format=PDF, pictures=FormPictures(), **ABOUT[form])
    assert {width > height for width, height in pdf_sizes(pdf)} == lying


@pytest.mark.parametrize("form", list(FormKind))
def test_fonts_are_in_the_file(form: FormKind) -> None:
    fonts = pdf_fonts(filled(form, Language.KY))
    assert fonts
    assert all(embedded for _, embedded in fonts)
    assert all("NotoSans" in name for name, _ in fonts)


@pytest.mark.parametrize("form", list(FormKind))
def test_the_same_paper_is_the_same_file(form: FormKind) -> None:
    assert filled(form, Language.KY) == filled.__wrapped__(form, Language.KY)


def test_the_file_tells_no_person_and_no_machine() -> None:
    with opened(filled(FormKind.JOINT_ACTION_PLAN, Language.RU)) as document:
        said = document.get_metadata_dict()
    assert said["Author"] == ""
    assert said["Title"] == text("documents.joint_action_plan", Language.RU)
    day = whole_year().as_of
    assert said["CreationDate"].startswith(f"D:{day:%Y%m%d}")
    assert set(filter(None, said.values())) <= {said["Title"], said["Creator"], said["CreationDate"], said["ModDate"]}
    assert "Typst" in said["Creator"]


def test_a_heading_of_a_table_is_repeated_on_every_page() -> None:
    cycle = whole_year()
    assert cycle.plan
    goals = tuple(replace(goal, goal=f"{goal.goal} {n}") for n in range(6) for goal in cycle.plan.goals)
    long = replace(cycle, plan=replace(cycle.plan, goals=goals))
    pages = pdf_pages(render_form(FormKind.JOINT_ACTION_PLAN, long, Language.KY, format=PDF))
    with_rows = [page for page in pages if re.search(r"\d-көйгөй боюнча", page)]
    assert len(with_rows) > 3
    assert all(bare("Натыйжасы жана көрсөткүчтөрү") in bare(page) for page in with_rows)


def test_pictures_stand_in_their_places() -> None:
    with_them = render_form(
        FormKind.SESSION_MINUTES,
        whole_year(),
        Language.EN,
        format=PDF,
        pictures=pictures(),
        **ABOUT[FormKind.SESSION_MINUTES],
    )
    words = "".join(pdf_pages(with_them))
    for key in ("documents.map_caption", "documents.bread_caption", "diagram.women", "diagram.men"):
        assert bare(text(key, Language.EN)) in bare(words)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        render_form(
            FormKind.JOINT_ACTION_PLAN, whole_year(), Language.KY, format=PDF, pictures=FormPictures(money=b"GIF89a")
        )
    assert refused.value.key == "documents.picture_unreadable"
    with pytest.raises(Refused):
        render_form(
            FormKind.JOINT_ACTION_PLAN, whole_year(), Language.KY, format=PDF, pictures=FormPictures(money=b"<svg><g>")
        )


def test_a_blank_form_bears_the_names_that_are_known() -> None:
    pdf = render_form(
        FormKind.PARTICIPANT_LIST,
        whole_year(),
        Language.KY,
        format=PDF,
        blank=True,
        **ABOUT[FormKind.PARTICIPANT_LIST],
    )
    words = bare("".join(pdf_pages(pdf)))
    assert bare("Ак-Булуң айылы") in words
    assert bare("5-март, 2025-ж.") in words
    assert bare("Токтоматова") not in words
