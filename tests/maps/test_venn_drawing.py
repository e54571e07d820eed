"""What is on the sheet: true circles, names that cover nothing, the key, files that stand by themselves."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from PIL import Image

from geo.domain.institutions import Diagram
from geo.domain.labels import label
from geo.domain.venn.drawn import DrawnCircle
from geo.errors import Unavailable
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import Names, VennSnapshot
from maps.print import letters
from maps.print.letters import width_mm
from maps.vector import Anchor, Box, Disc, Drawing, Words
from maps.venn import draw_venn, draw_venn_pair, occasion_of, render_venn, render_venn_pair
from maps.venn.lines import line_between
from tests.maps.municipality import municipality
from tests.maps.municipality import venn as told
from tests.maps.venn_diagrams import FULL, LARGE, PARTIAL, SMALL, drawable, number, venn

POINT_MM = 25.4 / 72


def box_of(words: Words) -> Box:
    """Room of a line with the widths of the font; above its base line and below it."""
    width = width_mm(words.text, words.size / POINT_MM, bold=words.bold)
    x = words.x - {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[words.anchor]
    return Box(x, words.y - 0.74 * words.size, width, 0.9 * words.size)


def roles(drawing: Drawing, role: str) -> list[Words]:
    return [one for one in drawing.words() if one.role == role]


def no_words_meet(drawing: Drawing) -> None:
    page = Box(0, 0, drawing.width, drawing.height)
    boxes = [(box_of(one), one.text) for one in drawing.words()]
    for box, words in boxes:
        assert page.holds(box), words
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not one.grown(-0.15).meets(other.grown(-0.15)), (first, second)


@pytest.mark.parametrize("seed", [2, 6])
def test_no_words_cover_each_other_or_leave_the_sheet(seed: int) -> None:
    drawing = draw_venn(drawable(15, 12, 25, seed=seed), Language.KY)
    no_words_meet(drawing)
    assert len([one for one in drawing.items if isinstance(one, Disc) and one.role.startswith("circle ")]) == 15


def test_names_are_large_enough_and_whole() -> None:
    diagram = drawable(15, 12, 25, seed=2)
    drawing = draw_venn(diagram, Language.KY)
    names = roles(drawing, "name") + roles(drawing, "number")
    assert min(one.size for one in names) >= 3.2 - 1e-9
    written = "".join(one.text for one in drawing.words()).replace("-", "").replace(" ", "")
    for one in diagram.institutions:
        assert one.names.ky.replace("-", "").replace(" ", "") in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_says_what_and_when(language: Language) -> None:
    cycle = municipality()
    event = next(one for one in cycle.events if one.venns)
    drawing = draw_venn(event.venns[0], language, occasion=occasion_of(cycle, event.id))
    assert roles(drawing, "title")
    (occasion,) = roles(drawing, "occasion")
    assert str(event.held_on.year) in occasion.text
    written = " ".join(one.text for one in drawing.words())
    assert label(event.venns[0].institutions[0].kind, language) in written
    assert text("venn_drawing.key_ties", language) in written
    no_words_meet(drawing)


def test_ties_that_cannot_be_drawn_are_lines_with_a_reason() -> None:
    drawing = draw_venn(venn([LARGE, SMALL, LARGE], [(0, 1, FULL), (1, 2, FULL)]), Language.EN)
    assert [one for one in drawing.items if getattr(one, "role", "") == "tie-line full"]
    said = " ".join(one.text for one in roles(drawing, "tie-line-words"))
    assert "Circles cannot show this" in said
    no_words_meet(drawing)


def test_the_mark_of_an_unknown_tie_lies_on_no_circle() -> None:
    """Shop and mosque stand on both sides of a large circle: the line between them goes round it."""
    one, other = DrawnCircle(number(0), 60, 30, 10), DrawnCircle(number(1), 60, 170, 10)
    between, inner = DrawnCircle(number(2), 58, 100, 32), DrawnCircle(number(3), 54, 96, 18)
    line = line_between(one, other, [one, other, between, inner], Box(0, 0, 200, 200))
    assert "C" in line.path
    for circle in (between, inner, one, other):
        assert math.dist(line.mark, (circle.x, circle.y)) >= circle.radius + 3
    for circle in (between, inner):
        assert min(math.dist(point, (circle.x, circle.y)) for point in line.points) > circle.radius
    assert all(0 <= x <= 200 and 0 <= y <= 200 for x, y in line.points)
    # Where nothing stands between, or there is no room to go round, it is straight.
    assert "C" not in line_between(one, other, [one, other], Box(0, 0, 200, 200)).path
    shut_in = line_between(one, other, [one, other, between], Box(50, 0, 20, 200))
    assert "C" not in shut_in.path
    assert math.dist(shut_in.mark, (between.x, between.y)) > between.radius + 3


def test_the_pair_marks_what_differs() -> None:
    drawing = draw_venn_pair(told(Diagram.WOMEN), told(Diagram.MEN), Language.EN)
    no_words_meet(drawing)
    said = " ".join(one.text for one in roles(drawing, "difference-words"))
    assert "on the women’s diagram only" in said
    assert "Women: very important (large circle); men: important (medium circle)" in said
    marks = sorted(one.text for one in roles(drawing, "difference"))
    assert marks == ["+", "1", "1", "↑", "↓"]


def test_who_is_on_both_lies_at_the_same_place() -> None:
    women = told(Diagram.WOMEN)
    same = draw_venn_pair(women, replace(women, diagram=Diagram.MEN), Language.KY)
    assert text("venn_drawing.no_differences", Language.KY).split(":")[0] in " ".join(one.text for one in same.words())
    discs = [one for one in same.items if isinstance(one, Disc) and one.role.startswith("circle ")]
    half = len(discs) // 2
    shift = discs[half].x - discs[0].x
    for left, right in zip(discs[:half], discs[half:], strict=True):
        assert right.x - left.x == pytest.approx(shift, abs=0.5)
        assert right.y == pytest.approx(left.y, abs=0.5)


def test_pdf_is_one_page_of_a3_with_its_letters() -> None:
    content = render_venn(told(Diagram.WOMEN), Language.KY, format="pdf")
    pdf = pypdfium2.PdfDocument(content)
    try:
        assert len(pdf) == 1
        assert pdf[0].get_size() == pytest.approx((420 / POINT_MM, 297 / POINT_MM), abs=0.5)
        page = pdf[0].get_textpage()
        words = page.get_text_range()
        page.close()
    finally:
        pdf.close()
    assert "Орто мектеп" in words
    assert b"NotoSans" in content
    assert re.search(rb"FontFile[23]", content)


def test_svg_brings_its_letters_and_reaches_nothing() -> None:
    svg = render_venn(told(Diagram.WOMEN), Language.KY, format="svg").decode()
    root = ET.fromstring(svg)
    assert root.get("width") == "420mm"
    assert "data:font/woff;base64," in svg
    assert not re.findall(r"(?:href|src|url)\W*https?:", svg)
    assert not [one for one in root.iter() if one.tag.endswith(("script", "foreignObject"))]


def test_png_is_sharp_enough_to_print() -> None:
    picture = Image.open(
        io.BytesIO(render_venn_pair(told(Diagram.WOMEN), told(Diagram.MEN), Language.RU, format="png"))
    )
    assert picture.width == pytest.approx(420 / 25.4 * 150, abs=2)


@pytest.mark.parametrize("count", [0, 1])
def test_few_circles_make_a_decent_sheet(count: int) -> None:
    diagram = venn([LARGE] * count, [])
    drawing = draw_venn(diagram, Language.KY)
    assert bool(roles(drawing, "empty")) is (count == 0)
    no_words_meet(drawing)
    assert render_venn(diagram, Language.KY, format="pdf").startswith(b"%PDF")
    assert render_venn_pair(diagram, diagram, Language.KY, format="svg")


def names_of(diagram: VennSnapshot, name: str) -> VennSnapshot:
    return replace(diagram, institutions=tuple(replace(one, names=Names(ky=name)) for one in diagram.institutions))


LONG = ("Жоопкерчиликтүүлүктү арттыруу жана элге кызмат кылуу боюнча айылдык коомдук бирикме " * 3)[:200]


def test_names_of_two_hundred_letters_are_written_out_beside() -> None:
    drawing = draw_venn(names_of(venn([LARGE, SMALL, SMALL], [(0, 1, PARTIAL)]), LONG), Language.KY)
    assert [one.text for one in roles(drawing, "number")] == ["1", "2", "3"]
    listed = "".join(one.text for one in roles(drawing, "listed")).replace("-", "").replace(" ", "")
    assert LONG.strip().replace("-", "").replace(" ", "") in listed
    no_words_meet(drawing)


@pytest.mark.parametrize(
    "name", ["<b>x</b><script>alert(1)</script>", "#strong[x] $y$ *z* `a` \\ @b", "]] --> &amp; \x00"]
)
def test_markup_in_names_stays_words(name: str) -> None:
    diagram = names_of(venn([LARGE, LARGE], []), name)
    root = ET.fromstring(render_venn(diagram, Language.KY, format="svg"))
    assert not [one for one in root.iter() if one.tag.rsplit("}")[-1] in {"b", "script"}]
    pdf = pypdfium2.PdfDocument(render_venn(diagram, Language.KY, format="pdf"))
    page = pdf[0].get_textpage()
    words = page.get_text_range()
    page.close()
    pdf.close()
    for part in name.replace("\x00", "").split():
        assert part[:6] in words


def test_letters_of_another_script_are_printed_or_asked_for() -> None:
    diagram = names_of(venn([LARGE], []), "مدرسة القرية")
    try:
        assert render_venn(diagram, Language.KY, format="pdf").startswith(b"%PDF")
    except Unavailable as error:
        assert error.params["package"] == "fonts-noto-core"


def test_a_missing_typeface_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise Unavailable("print.no_typeface", package="fontpkg-noto-sans")

    monkeypatch.setattr(letters, "font_file", gone)
    monkeypatch.setattr("maps.vector.svg.font_file", gone)
    with pytest.raises(Unavailable) as failed:
        render_venn(told(Diagram.WOMEN), Language.KY, format="svg")
    assert failed.value.params["package"] == "fontpkg-noto-sans"


def test_sixty_circles_with_one_name_make_a_sheet() -> None:
    diagram = names_of(venn([SMALL] * 60, []), "Мектеп")
    no_words_meet(draw_venn(diagram, Language.KY))
