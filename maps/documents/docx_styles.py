"""How a DOCX looks: fonts named with what may stand in for them, language, headings, pages, page numbers."""

from __future__ import annotations

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section as DocxSection
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as DocxParagraph

from geo.i18n import Language
from maps.documents.layout import BODY_PT, INK, LINE, MARGIN_MM, NOTE_PT, PAPER_MM, content_width_mm
from maps.documents.lettering import FONT
from maps.documents.model import Orientation

__all__ = ["FONT_TABLE", "add_footer", "lay_page", "set_styles"]

_LOCALES = {Language.KY: "ky-KG", Language.RU: "ru-RU", Language.EN: "en-GB"}
_HEADINGS = {"Title": 18.0, "Heading 1": 13.0, "Heading 2": 11.0}
# Where the house's font is not installed, the nearest that office machines have and that has ң ө ү.
FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<w:fonts {nsdecls("w")}><w:font w:name="{FONT}"><w:altName w:val="Arial"/><w:charset w:val="CC"/>'
    '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
).encode()


def set_styles(file: Docx, language: Language) -> None:
    """Set font, size and language of everything, and the looks of headings."""
    normal = file.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.size = Pt(BODY_PT)
    normal.font.color.rgb = RGBColor.from_string(INK)
    normal.paragraph_format.space_after = Pt(4)
    for name in ("Normal", *_HEADINGS, "Caption"):
        style = file.styles[name]
        assert isinstance(style, ParagraphStyle)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if "heme" in str(key)]:
            del fonts.attrib[theme]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    for name, size in _HEADINGS.items():
        style = file.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
        style.font.color.rgb = RGBColor.from_string(INK)
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 10)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    caption = file.styles["Caption"]
    assert isinstance(caption, ParagraphStyle)
    caption.font.size, caption.font.bold = Pt(NOTE_PT), False
    caption.font.color.rgb = RGBColor.from_string(LINE)
    footer = file.styles["Footer"]
    assert isinstance(footer, ParagraphStyle)
    footer.paragraph_format.tab_stops.clear_all()  # its own are those of American paper
    _set_language(file, _LOCALES[language])


def _set_language(file: Docx, locale: str) -> None:
    defaults = file.styles.element.find(qn("w:docDefaults"))
    for properties in file.styles.element.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    run.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{locale}" w:eastAsia="{locale}" w:bidi="ar-SA"/>'))


def lay_page(section: DocxSection, orientation: Orientation) -> None:
    """Make a section A4, lying or upright."""
    width, height = (Mm(side) for side in PAPER_MM)
    lying = orientation is Orientation.LANDSCAPE
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if lying else (width, height)
    section.left_margin = section.right_margin = Mm(MARGIN_MM[0])
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM[1])
    section.footer_distance = Mm(8)


def add_footer(section: DocxSection, words: str, orientation: Orientation) -> None:
    """Write the footer: what paper it is, and "3 / 7" as fields that follow the pages."""
    section.footer.is_linked_to_previous = False
    line = section.footer.paragraphs[0]
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Mm(content_width_mm(orientation)), WD_TAB_ALIGNMENT.RIGHT)
    run = line.add_run(f"{words}\t")
    run.font.size = Pt(8)
    _field(line, "PAGE")
    line.add_run(" / ").font.size = Pt(8)
    _field(line, "NUMPAGES")


def _field(line: DocxParagraph, code: str) -> None:
    for kind, words in (("begin", ""), ("", code), ("separate", ""), ("words", "1"), ("end", "")):
        run = line.add_run(words if kind == "words" else "")
        run.font.size = Pt(8)
        if kind == "words":
            continue
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {words} "
        run._r.append(mark)
