"""Posters of strange records: a decent page or a clear message."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from shapely.geometry import Point

from geo.errors import Failed
from geo.i18n import LANGUAGES, Language, text
from geo.sheet_layout import Orientation, PaperSize
from geo.snapshots import Audience, CycleSnapshot, Names
from maps.posters import draw_poster, render_poster, set_poster
from maps.print import letters, typesetting
from maps.print.letters import CAPITAL
from maps.vector import Box
from tests.maps.municipality import FIRST, municipality
from tests.maps.test_poster import room_of, written
from tests.support.pdf_pages import page_count, page_size_mm, page_text

PUBLIC = municipality(Audience.PUBLIC)
BARE = replace(PUBLIC, events=(), problems=(), municipality_problems=(), plan=None, visits=(), matches=(), credits=())
PLACES = [(paper, orientation) for paper in (PaperSize.A0, PaperSize.A1, PaperSize.A3) for orientation in Orientation]


def require_decent(cycle: CycleSnapshot, paper: PaperSize, orientation: Orientation) -> str:
    """Nothing beyond the edge, and no words over words."""
    poster = draw_poster(cycle, Language.KY, settlement_id=FIRST.id, paper=paper, orientation=orientation)
    width, height = paper.size_mm(orientation)
    page = Box(0, 0, width, height).grown(-5.0)
    rooms = [(one.text, room_of(one)) for one in poster.drawing.words()]
    for number, (said, room) in enumerate(rooms):
        assert page.holds(room), said
        for other, box in rooms[number + 1 :]:
            assert not room.grown(-0.05).meets(box), (said, other)
    return written(poster)


@pytest.mark.parametrize(("paper", "orientation"), PLACES)
def test_a_village_without_anything_is_a_page(paper: PaperSize, orientation: Orientation) -> None:
    words = require_decent(BARE, paper, orientation)
    for key in ("empty_map", "no_problems", "no_plan"):
        assert text(f"posters.{key}", Language.KY).split()[0] in words


@pytest.mark.parametrize("settlement", [FIRST.id, None])
def test_an_empty_municipality_is_set(settlement: object) -> None:
    pdf = render_poster(BARE, Language.EN, settlement_id=FIRST.id if settlement else None, paper="A3")
    assert page_count(pdf) == 1


def long(letter: str = "ж") -> str:
    return ("оопкерчиликтүүлүктү" + letter) * 10


@pytest.mark.parametrize("name", [long(), "сөз " * 50, "W" * 200], ids=["word", "words", "wide"])
@pytest.mark.parametrize(("paper", "orientation"), PLACES)
def test_names_of_two_hundred_letters_stay_on_the_page(paper: PaperSize, orientation: Orientation, name: str) -> None:
    require_decent(renamed(PUBLIC, name), paper, orientation)


def renamed(cycle: CycleSnapshot, name: str) -> CycleSnapshot:
    """Everything that people name bears this name."""
    assert cycle.plan is not None
    village = replace(FIRST, names=Names(ky=name))
    event = cycle.events[0]
    lines = tuple(replace(one, title=name, responsible_note=name) for one in cycle.plan.activities)
    return replace(
        cycle,
        municipality=replace(cycle.municipality, names=Names(ky=name), settlements=(village,)),
        events=(replace(event, features=tuple(replace(one, names=Names(ky=name)) for one in event.features)),),
        problems=tuple(replace(one, title=name) for one in cycle.problems),
        plan=replace(cycle.plan, goals=(), other_activities=lines),
        credits=(name,),
    )


def test_five_hundred_problems_and_a_tie_of_all() -> None:
    one = PUBLIC.problems[0]
    for tied in (False, True):
        many = tuple(
            replace(
                one,
                id=uuid4(),
                title=f"Көйгөй {number}",
                votes=3 if tied else 500 - number,
                rank=1 if tied else number + 1,
                is_tied=tied,
                is_priority=tied or number < 5,
            )
            for number in range(500)
        )
        words = require_decent(replace(PUBLIC, problems=many), PaperSize.A1, Orientation.PORTRAIT)
        shown = sum(said in words for said in (f"Көйгөй {number} " for number in range(500)))
        assert 3 <= shown <= 12
        assert text("posters.more_problems", Language.KY, count=500 - words.count("Көйгөй ") + 1)[:8] in words


def test_a_place_beyond_the_map_is_said_and_does_not_shrink_it() -> None:
    """A problem put at 0, 0 by a slip of the pen."""
    usual = draw_poster(PUBLIC, Language.EN, settlement_id=FIRST.id)
    first = replace(PUBLIC.problems[0], geometry=Point(0, 0))
    lost = replace(PUBLIC, problems=(first, *PUBLIC.problems[1:]))
    event = PUBLIC.events[0]
    far = replace(event.features[5], id=uuid4(), geometry=Point(78.2, -89.9), names=Names(ky="Алыс"))
    lost = replace(lost, events=(replace(event, features=(*event.features, far)), *PUBLIC.events[1:]))
    poster = draw_poster(lost, Language.EN, settlement_id=FIRST.id)
    assert poster.window.scale == usual.window.scale
    assert [one.key for one in poster.warnings] == ["posters.outside"]
    assert "1" in poster.warnings[0](Language.EN)
    assert "Алыс" not in written(poster)


def test_arabic_and_signs_are_set_where_a_typeface_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Emoji and marks that turn words round are left out; other letters come from the computer's typefaces."""
    name = "Ак-Булуң 👍 \u202eنور\u202c 학교"
    poster = draw_poster(renamed(PUBLIC, name), Language.KY, settlement_id=FIRST.id, paper=PaperSize.A3)
    assert "نور" in written(poster)
    assert "👍" not in written(poster)
    assert "\u202e" not in written(poster)
    every = frozenset(name)
    monkeypatch.setattr(typesetting, "_letters_of", lambda path: every)
    assert page_size_mm(set_poster(poster)) == pytest.approx((297, 420), abs=0.05)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_that_no_typeface_has_are_named_with_a_package(
    monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setattr(typesetting, "_letters_of", lambda path: frozenset())
    with pytest.raises(Failed, match=r"print\.no_letters") as failure:
        render_poster(renamed(PUBLIC, "학교"), Language.KY, settlement_id=FIRST.id, paper="A3")
    said = text(failure.value.key, language, **failure.value.params)
    assert "fonts-noto-core" in said
    assert "학" in said


@pytest.fixture
def no_typeface(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package is not installed."""
    monkeypatch.setitem(sys.modules, "fontpkg_noto_sans", None)
    yield
    letters.width_mm("а", 10)


@pytest.mark.usefixtures("no_typeface")
def test_a_missing_typeface_is_named_with_its_package() -> None:
    with pytest.raises(Failed, match=r"print\.no_typeface") as failure:
        letters.font_file()
    assert "fontpkg-noto-sans" in text(failure.value.key, Language.KY, **failure.value.params)


def test_markup_is_only_words() -> None:
    name = '#set page(width: 1mm) $x$ * _ <b> & "'
    pdf = render_poster(renamed(PUBLIC, name), Language.KY, settlement_id=FIRST.id, paper="A3")
    assert page_size_mm(pdf) == pytest.approx((297, 420), abs=0.05)
    assert "<b>" in page_text(pdf)
    assert CAPITAL > 0


def test_over_pages_it_is_as_large_as_on_one() -> None:
    """A1 over A4: the guide first, every page A4, each with its number; all words are on some page."""
    pdf = render_poster(PUBLIC, Language.KY, settlement_id=FIRST.id, tiled_a4=True)
    pages = page_count(pdf)
    assert 10 <= pages <= 20
    for page in range(pages):
        assert sorted(page_size_mm(pdf, page)) == pytest.approx([210, 297], abs=0.05)
    together = " ".join(page_text(pdf, page) for page in range(1, pages))
    for words in ("Ички жолдор бузулган", "1/1", "2/1"):
        assert words in together
