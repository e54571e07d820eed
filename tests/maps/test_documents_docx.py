"""Papers as DOCX: headings are headings, tables repeat theirs, pages number themselves, the file tells of nobody."""

from __future__ import annotations

import io
import itertools
import re
from datetime import datetime
from functools import cache

import docx
import pytest
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from geo.domain.forms import FormKind
from geo.errors import Refused
from geo.i18n import Language, text
from maps.documents import FormPictures, render_form
from maps.documents.model import Document, Fields, Heading, Orientation, Table
from maps.documents.rendering import build_form
from tests.maps.paper_files import bare, parts
from tests.maps.papers import ABOUT, DOCX, LANGUAGES, pictures, whole_year

EVERY = list(itertools.product(FormKind, LANGUAGES))


@cache
def written(form: FormKind, language: Language) -> bytes:
    return render_form(form, whole_year(), language, format=DOCX, pictures=pictures(), **ABOUT[form])


def filled(form: FormKind, language: Language) -> tuple[Docx, Document, bytes]:
    about = ABOUT[form]
    content = written(form, language)
    document = build_form(form, whole_year(), language, pictures=pictures(), **about)
    return docx.Document(io.BytesIO(content)), document, content


def words_in(content: bytes) -> str:
    return bare(re.sub(r"<[^>]+>", "", parts(content)["word/document.xml"].decode()))


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_everything_is_in_it(form: FormKind, language: Language) -> None:
    file, document, content = filled(form, language)
    said = words_in(content).replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
    footer = bare(document.footer)
    assert not [one for one in document.words() if one and bare(one) not in said and bare(one) != footer]
    headings = [one.text for one in file.paragraphs if one.style and one.style.name.startswith("Heading")]
    assert headings == [one.words for one in document.blocks() if isinstance(one, Heading)]
    assert next(one.text for one in file.paragraphs if one.style and one.style.name == "Title") == document.title
    assert len(file.inline_shapes) == len(re.findall("<pic:pic", parts(content)["word/document.xml"].decode()))


@pytest.mark.parametrize("form", list(FormKind))
def test_tables_repeat_their_headings_and_rows_stay_whole(form: FormKind) -> None:
    file, document, _ = filled(form, Language.KY)
    wanted = [block for block in document.blocks() if isinstance(block, Table)]
    made = [table for table in file.tables if table._tbl.tblPr.find(qn("w:tblBorders")) is not None]
    assert len(made) == len(wanted)
    for table, block in zip(made, wanted, strict=True):
        heads = (2 if block.over else 1) if block.has_heading else 0
        marks = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert marks == [True] * heads + [False] * len(block.rows)
        whole = [
            row for row in table.rows if row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None
        ]
        assert len(whole) == heads + len(block.rows)


@pytest.mark.parametrize("form", list(FormKind))
def test_pages_are_a4_and_number_themselves(form: FormKind) -> None:
    file, document, content = filled(form, Language.KY)
    assert len(file.sections) == len(document.sections)
    for page, section in zip(file.sections, document.sections, strict=True):
        lying = section.orientation is Orientation.LANDSCAPE
        assert page.orientation is (WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT)
        wanted = (Mm(297), Mm(210)) if lying else (Mm(210), Mm(297))
        assert (page.page_width, page.page_height) == pytest.approx(wanted, abs=Mm(0.1))  # kept in twips
    footers = [one.decode() for name, one in parts(content).items() if name.startswith("word/footer")]
    assert len(footers) == len(document.sections)
    for footer in footers:
        assert re.findall(r"<w:instrText[^>]*> (\w+) </w:instrText>", footer) == ["PAGE", "NUMPAGES"]
        assert bare(document.footer) in bare(re.sub("<[^>]+>", "", footer))


@pytest.mark.parametrize(("language", "locale"), [("ky", "ky-KG"), ("ru", "ru-RU"), ("en", "en-GB")])
def test_language_and_fonts_are_named(language: str, locale: str) -> None:
    _, _, content = filled(FormKind.SESSION_REPORT, Language(language))
    packed = {name: one.decode() for name, one in parts(content).items() if name.endswith(".xml")}
    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', packed["word/styles.xml"])) == {locale}
    normal = re.search(r'<w:style [^>]*w:styleId="Normal".*?</w:style>', packed["word/styles.xml"], re.DOTALL)
    assert normal
    assert 'w:ascii="Noto Sans"' in normal[0]
    assert '<w:altName w:val="Arial"/>' in packed["word/fontTable.xml"]


@pytest.mark.parametrize("form", list(FormKind))
def test_a_blank_one_has_lines_to_write_on(form: FormKind) -> None:
    content = render_form(form, None, Language.KY, format=DOCX, blank=True)
    document = build_form(form, None, Language.KY, blank=True)
    lines = sum(
        item.lines for block in document.blocks() if isinstance(block, Fields) for item in block.items if not item.words
    )
    underscored = parts(content)["word/document.xml"].decode().count('w:leader="underscore"')
    assert underscored >= lines
    assert "2025" not in words_in(content)


@pytest.mark.parametrize("form", list(FormKind))
def test_the_same_paper_is_the_same_file_and_tells_of_nobody(form: FormKind) -> None:
    file, document, content = filled(form, Language.RU)
    assert content == written.__wrapped__(form, Language.RU)
    known = file.core_properties
    assert (known.author, known.last_modified_by, known.comments, known.keywords) == ("", "", "", "")
    assert (known.title, known.language) == (document.title, "ru")
    day = whole_year().as_of
    assert known.created == known.modified
    assert known.created and known.created.replace(tzinfo=None) == datetime(day.year, day.month, day.day)
    assert not [name for name in parts(content) if "thumbnail" in name or "comments" in name or "custom" in name]
    assert b"python-docx" not in b"".join(parts(content).values())


def test_pictures_are_said_in_words() -> None:
    _, _, content = filled(FormKind.SESSION_MINUTES, Language.EN)
    said = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', parts(content)["word/document.xml"].decode())
    assert said == [text(key, Language.EN) for key in ("documents.map_caption", "diagram.women", "diagram.men")] + [
        text("documents.bread_caption", Language.EN)
    ]


def test_what_is_no_picture_is_refused() -> None:
    for junk in (b"\x89PNG nothing", b"<svg><g>", b"BM"):
        with pytest.raises(Refused):
            render_form(
                FormKind.JOINT_ACTION_PLAN, whole_year(), Language.KY, format=DOCX, pictures=FormPictures(money=junk)
            )
