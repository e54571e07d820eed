"""Posters: sizes of paper and type, what is written, where it stands, and what the key says."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import uuid4

import numpy as np
import pypdfium2
import pytest
import rasterio
from affine import Affine

from geo.domain.labels import label
from geo.domain.plan_codes import ActivityStage
from geo.domain.vocabulary import Kind
from geo.errors import NotFound, Refused
from geo.i18n import LANGUAGES, Language, text
from geo.sheet_layout import Orientation, PaperSize
from geo.snapshots import Audience
from maps.posters import PAPERS, Poster, PosterNotes, draw_poster, render_poster, set_poster, sizes_of
from maps.print.letters import CAPITAL, POINT_MM, width_mm
from maps.vector import Anchor, Box, Words
from tests.maps.municipality import FIRST, municipality
from tests.support.pdf_pages import page_count, page_pixels, page_size_mm, page_text

PUBLIC = municipality(Audience.PUBLIC)
NOTES = PosterNotes(where="Айыл өкмөтү, 3-бөлмө", web="https://ayilmap.example/ak-bulung")


@cache
def drawn(
    paper: PaperSize = PaperSize.A1,
    orientation: Orientation = Orientation.PORTRAIT,
    language: Language = Language.KY,
    *,
    whole: bool = False,
) -> Poster:
    village = None if whole else FIRST.id
    return draw_poster(PUBLIC, language, settlement_id=village, paper=paper, orientation=orientation, notes=NOTES)


@cache
def a1() -> bytes:
    return render_poster(PUBLIC, Language.KY, settlement_id=FIRST.id, notes=NOTES)


def roles(poster: Poster, start: str) -> set[str]:
    return {
        role.removeprefix(start) for one in poster.drawing.items if (role := getattr(one, "role", "")).startswith(start)
    }


def room_of(words: Words) -> Box:
    """The paper that words take: from the height of a capital down to the base line."""
    wide = width_mm(words.text, words.size / POINT_MM, bold=words.bold)
    left = words.x - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[words.anchor]
    return Box(left, words.y - CAPITAL * words.size, wide, CAPITAL * words.size)


def written(poster: Poster) -> str:
    return " ".join(one.text for one in poster.drawing.words())


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("paper", PAPERS)
def test_the_page_is_exactly_the_paper(paper: PaperSize, orientation: Orientation) -> None:
    pdf = render_poster(PUBLIC, Language.KY, settlement_id=FIRST.id, paper=paper, orientation=orientation)
    assert page_count(pdf) == 1
    assert page_size_mm(pdf) == pytest.approx(paper.size_mm(orientation), abs=0.05)


def test_letters_are_in_the_file() -> None:
    """A print shop has no Noto Sans: its letters ң ө ү come along."""
    document = pypdfium2.PdfDocument(a1())
    fonts = {one.get_font() for one in document[0].get_objects() if isinstance(one, pypdfium2.PdfTextObj)}
    assert fonts
    assert all(font.is_embedded for font in fonts)
    document.close()
    assert re.search("[ңөү]", page_text(a1()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_record_says(language: Language) -> None:
    words = written(drawn(language=language))
    for wanted in (FIRST.names.best(language), "2026", "31", "28", "Ички жолдор бузулган", "Көчөлөрдү жарык кылуу"):
        assert wanted in words
    for stage in ActivityStage:
        assert label(stage, language) in words
    for key in ("tied", "notes_title", "where", "whom"):
        assert text(f"posters.{key}", language).split()[0] in words
    assert "GeoNames" in words
    assert NOTES.where in words


def test_the_words_are_words_in_the_file() -> None:
    found = page_text(a1())
    for wanted in ("Ак-Булуң айылы", "Ички жолдор бузулган", "3а", "3б", "15-июнь, 2026-ж.", "Жергиликтүү бюджет"):
        assert wanted in found


def test_a_tie_is_shown_as_a_tie() -> None:
    """Two problems with 16 votes share the third place; nobody is fourth."""
    pins = [one.text for one in drawn().drawing.words() if one.role == "pin"]
    assert {"3а", "3б", "5"} <= set(pins)
    assert "4" not in {one.text for one in drawn().drawing.words() if one.role == "pin" and one.colour == "#FFFFFF"}
    assert written(drawn()).count(text("posters.tied", Language.KY)) == 2


def test_how_many_people_voted_at_how_many_meetings() -> None:
    said = text("posters.votes_of_people", Language.KY, people="72", meetings="3", votes="103")
    assert said in written(drawn())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_whose_votes_are_not_in_the_list(language: Language) -> None:
    said = text("snapshot.unpublished_sessions", language, count=1)
    lacking = replace(PUBLIC, unpublished_sessions=1, unpublished_by_settlement={FIRST.id: 1})
    empty = replace(lacking, problems=(), municipality_problems=())
    assert said not in written(drawn(language=language))
    for cycle in (lacking, empty):
        for village in (FIRST.id, None):
            assert said in written(draw_poster(cycle, language, settlement_id=village, notes=NOTES))


def test_it_is_read_from_two_metres() -> None:
    """On A1 a capital has 3 mm for each metre: in the lists for two metres, in the details for 1.65 m."""
    sizes = sizes_of(PaperSize.A1)
    assert sizes.body * POINT_MM * CAPITAL >= 3 * 2.0
    assert sizes.detail * POINT_MM * CAPITAL >= 3 * 1.65
    smallest = min(one.size for one in drawn().drawing.words() if one.role not in ("pin", "credits"))
    assert smallest >= sizes.detail * POINT_MM - 1e-9
    title = next(one for one in drawn().drawing.words() if one.role == "title")
    assert title.size >= 80 * POINT_MM


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_is_beyond_the_edge(paper: PaperSize, orientation: Orientation) -> None:
    poster = drawn(paper, orientation)
    width, height = paper.size_mm(orientation)
    page = Box(0, 0, width, height).grown(-5.0)
    for one in poster.drawing.words():
        assert page.holds(room_of(one)), one.text


def test_no_letter_of_the_file_is_beyond_the_edge() -> None:
    document = pypdfium2.PdfDocument(a1())
    page = document[0]
    letters = page.get_textpage()
    width, height = page.get_size()
    boxes = [letters.get_charbox(number) for number in range(letters.count_chars())]
    document.close()
    assert len(boxes) > 500
    assert all(left > 0 and right < width and low > 0 and high < height for left, low, right, high in boxes)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("paper", PAPERS)
def test_words_do_not_lie_over_words(paper: PaperSize, orientation: Orientation, *, whole: bool) -> None:
    rooms = [(one.text, room_of(one)) for one in drawn(paper, orientation, whole=whole).drawing.words()]
    for number, (said, room) in enumerate(rooms):
        for other, box in rooms[number + 1 :]:
            assert not room.grown(-0.05).meets(box), (said, other)


def test_names_on_the_map_are_clear_of_pins_and_of_each_other() -> None:
    poster = drawn()
    names = [room_of(one) for one in poster.drawing.words() if one.role == "name"]
    pins = [
        room_of(one).grown(2.0)
        for one in poster.drawing.words()
        if one.role == "pin" and one.y < poster.window.frame.bottom
    ]
    assert len(names) >= 10
    frame = Box(poster.window.frame.x, poster.window.frame.y, poster.window.frame.width, poster.window.frame.height)
    for number, name in enumerate(names):
        assert frame.holds(name)
        assert not any(name.meets(other) for other in (*names[number + 1 :], *pins))


@pytest.mark.parametrize("whole", [False, True])
def test_the_key_has_exactly_the_kinds_of_the_map(*, whole: bool) -> None:
    poster = drawn(whole=whole)
    on_map = roles(poster, "map ")
    assert on_map == roles(poster, "key ") - {"boundary"}
    assert on_map <= {kind.value for kind in Kind}
    assert ("boundary" in roles(poster, "key ")) == bool(
        {"boundary"} & roles(poster, "bound") | roles(poster, "boundary")
    )
    if not whole:
        assert {"school", "main_road", "arable", "river", "problem", "desired"} <= on_map


def test_an_object_of_three_groups_stands_once() -> None:
    """Three sessions drew the school; it was confirmed to be one."""
    names = [one.text for one in drawn().drawing.words() if one.role == "name"]
    assert names.count("Орто мектеп") <= 1
    assert "Мектеп" not in names


def test_the_bar_is_as_long_as_it_says() -> None:
    poster = drawn()
    pieces = [one for one in poster.drawing.items if getattr(one, "role", "") == "scale bar"]
    ends = [float(part) for one in pieces for part in re.findall(r"[ML]([\d.]+)", one.path)]  # type: ignore[union-attr]
    metres = next(one.text for one in poster.drawing.words() if re.fullmatch(r"\d+\s(м|км)", one.text))
    scale = int(re.sub(r"\D", "", re.search(r"1:([\d\s]+)", written(poster)).group(1)))  # type: ignore[union-attr]
    told = int(re.sub(r"\D", "", metres)) * (1000 if metres.endswith("км") else 1)
    assert max(ends) - min(ends) == pytest.approx(told * 1000 / scale, rel=0.001)


def test_the_code_leads_to_the_page() -> None:
    import zxingcpp

    document = pypdfium2.PdfDocument(a1())
    picture = document[0].render(scale=100 / 72, grayscale=True).to_numpy()
    document.close()
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [NOTES.web]


def test_without_an_address_there_is_no_code_and_lines_to_write_on() -> None:
    poster = draw_poster(PUBLIC, Language.KY, settlement_id=FIRST.id)
    assert not roles(poster, "code")
    assert text("posters.whom", Language.KY) in written(poster)


@pytest.mark.parametrize("web", ["javascript:alert(1)", "ayilmap", "https://", "https://a b", "https://a/" + "x" * 300])
def test_what_is_no_address_is_refused(web: str) -> None:
    with pytest.raises(Refused, match=r"posters\.web_address"):
        PosterNotes(web=web)


def test_only_a_public_record_is_hung_up() -> None:
    with pytest.raises(Refused, match=r"posters\.not_public"):
        render_poster(municipality(Audience.INTERNAL), Language.KY, settlement_id=FIRST.id)


def test_other_papers_and_strange_villages_are_refused() -> None:
    with pytest.raises(Refused, match=r"posters\.paper"):
        render_poster(PUBLIC, Language.KY, settlement_id=FIRST.id, paper="A4")
    with pytest.raises(NotFound, match=r"posters\.no_settlement"):
        render_poster(PUBLIC, Language.KY, settlement_id=uuid4())


def test_a_list_that_is_too_long_says_how_much_more_there_is() -> None:
    assert PUBLIC.plan is not None
    many = tuple(replace(PUBLIC.plan.activities[0], id=uuid4(), title=f"Иш {number}") for number in range(40))
    cycle = replace(PUBLIC, plan=replace(PUBLIC.plan, goals=(), other_activities=many))
    poster = draw_poster(cycle, Language.KY, settlement_id=FIRST.id)
    shown = [one for one in poster.drawing.words() if one.role == "activity"]
    assert 3 < len(shown) < 40
    assert text("posters.more_activities", Language.KY, count=40 - len(shown)) in written(poster)
    pins = {one.text for one in poster.drawing.words() if one.role == "pin" and one.colour != "#FFFFFF"}
    assert pins == {str(number + 1) for number in range(len(shown))}


def test_a_base_map_lies_under_it_where_it_belongs(tmp_path: Path) -> None:
    """A black spot on the picture, 300 m north of the village's middle, is there on the poster, and pale."""
    lon, lat = FIRST.point.x, FIRST.point.y
    half, side = 0.03, 1200
    pixels = np.full((3, side, side), 255, np.uint8)
    row = round((half - 300 / 111_132) / (2 * half) * side)
    pixels[:, row - 4 : row + 4, side // 2 - 4 : side // 2 + 4] = 0
    path = tmp_path / "base.tif"
    transform = Affine(2 * half / side, 0, lon - half, 0, -2 * half / side, lat + half)
    profile = {"width": side, "height": side, "count": 3, "dtype": "uint8"}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=transform, **profile) as file:
        file.write(pixels)
    poster = draw_poster(replace(PUBLIC, events=()), Language.KY, settlement_id=FIRST.id, base=path)
    (x, y) = poster.window.from_lonlat([(lon, lat + 300 / 111_132)])[0].tolist()
    shown = page_pixels(set_poster(poster), px_per_mm=2)[round(2 * y) - 1 : round(2 * y) + 2, round(2 * x)]
    assert 180 <= shown.mean() <= 225
