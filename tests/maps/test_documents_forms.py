"""What the forms say: sums, units, shares, dates, who came out first; apart from any file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from geo.domain.forms import FormKind
from geo.domain.plan.totals import add_up
from geo.domain.plan_codes import ContributionSource
from geo.domain.territory import DatePrecision
from geo.i18n import Language, text
from geo.snapshots import Audience
from maps.documents.forms.participation import participation_blocks
from maps.documents.forms.plan_money import unit_of
from maps.documents.model import Document, Fields, Heading, Picture, RowKind, Signatures, Table
from maps.documents.pictures import FormPictures
from maps.documents.rendering import build_form
from maps.documents.request import FormRequest
from maps.documents.wording import number_in_words, percent_in_words
from maps.words import span_in_words
from tests.maps.municipality import FIRST, SECOND, as_public, ids
from tests.maps.papers import ABOUT, DRAWING, PUBLIC_FORMS, SESSION, pictures, whole_year


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks() if isinstance(block, Table)]


def test_rows_columns_and_totals_of_the_plan_add_up() -> None:
    plan = whole_year().plan
    assert plan
    table = tables(build_form(FormKind.JOINT_ACTION_PLAN, whole_year(), Language.KY))[0]
    summed = [place for place, column in enumerate(table.columns) if column.summed]
    body = [row for row in table.rows if row.kind is RowKind.BODY]
    total = next(row for row in table.rows if row.kind is RowKind.TOTAL)
    subtotals = [row for row in table.rows if row.kind is RowKind.SUBTOTAL]
    for place in summed:
        whole = total.cells[place].number or 0
        assert whole == pytest.approx(sum(row.cells[place].number or 0 for row in body))
        assert whole == pytest.approx(sum(row.cells[place].number or 0 for row in subtotals))
    for row in (*body, total, *subtotals):
        last = table.columns[-1]
        assert (row.cells[-1].number or 0) == pytest.approx(sum(row.cells[one].number or 0 for one in last.adds))
    by_source = [add_up(one.money(source) for one in plan.activities).total for source in ContributionSource]
    assert (total.cells[-1].number or 0) * 1000 == sum(by_source)


def test_a_promise_kept_counts_once_and_odd_money_is_marked() -> None:
    table = tables(build_form(FormKind.JOINT_ACTION_PLAN, whole_year(), Language.RU))[0]
    pipe = next(row for row in table.rows if row.kind is RowKind.BODY and "Суу түтүгүн" in row.cells[1].words)
    words = [cell.words.replace("\u202f", " ") for cell in pipe.cells[7:]]
    # Local budget, community, sponsor, investor ("over"), state (1 million promised, 600 000 of it come), several, all.
    assert words == ["500", "–", "–", "> 2 500", "1 000", "–", "> 4 000"]
    waste = next(row for row in table.rows if row.kind is RowKind.BODY and "Таштанды" in row.cells[1].words)
    assert [cell.words for cell in waste.cells[7:]] == ["–", "40", "*", "–", "–", "75,5", "115,5*"]
    assert any(words == "Вклады по источникам, тыс. сом" for words, _ in table.over)


@pytest.mark.parametrize(
    ("sums", "unit"),
    [([300_000, 4_425_000], 1000), ([300_000, 1_300_450], 1), ([40_000], 1), ([], 1), ([75_500, 900_000], 1000)],
)
def test_the_unit_loses_no_som(sums: list[int], unit: int) -> None:
    assert unit_of(sums).som == unit
    chosen = unit_of(sums)
    shown = [round(som / chosen.som, chosen.decimals) for som in sums]
    assert sum(shown) * chosen.som == pytest.approx(sum(sums))


def test_womens_share_is_told_both_ways_each_by_its_name() -> None:
    request = FormRequest(whole_year(), Language.EN)
    blocks = participation_blocks(request, whole_year().events)
    figures = next(block for block in blocks if isinstance(block, Fields))
    said = {item.label: item.words.replace("\u202f", " ") for item in figures.items}
    shares = [100 * 52 / 96, 100 * 10 / 22, 100 * 17 / 38, 100 * 41 / 86]
    assert said[text("documents.women_mean", Language.EN)] == f"{sum(shares) / 4:.1f} %"
    assert (
        said[text("documents.women_pooled", Language.EN)] == f"{100 * (52 + 10 + 17 + 41) / (96 + 22 + 38 + 86):.1f} %"
    )


def test_votes_of_sessions_add_up_to_those_of_the_village() -> None:
    document = build_form(FormKind.SESSION_REPORT, whole_year(), Language.KY, **ABOUT[FormKind.SESSION_REPORT])
    votes = next(one for one in tables(document) if one.name == text("documents.sheet_votes", Language.KY))
    total = votes.rows[-1]
    assert [cell.number for cell in total.cells[2:]] == [47, 35, 21, 103]
    priorities = next(one for one in tables(document) if one.name == text("documents.sheet_priorities", Language.KY))
    assert [row.cells[0].words for row in priorities.rows] == ["1", "2", "3 (тең)", "3 (тең)", "5"]


def test_the_planning_meeting_unites_what_villages_found_out() -> None:
    cycle = whole_year()
    bare = tuple(replace(one, causes=(), activity_ids=()) for one in cycle.municipality_problems)
    document = build_form(FormKind.PLANNING_MEETING_REPORT, replace(cycle, municipality_problems=bare), Language.KY)
    said = "\n".join(document.words())
    assert "Көптөн бери оңдолгон эмес" in said
    assert "Борбордук көчөнү оңдоо" in said


def test_a_focus_group_tells_its_own_causes_only() -> None:
    cycle = whole_year()
    other = tuple(
        replace(one, causes=tuple(replace(each, event_id=SESSION, description="Башканыкы") for each in one.causes))
        for one in cycle.problems
    )
    document = build_form(
        FormKind.FOCUS_GROUP_REPORT,
        replace(cycle, problems=other),
        Language.KY,
        **ABOUT[FormKind.FOCUS_GROUP_REPORT],
    )
    assert "Башканыкы" not in "\n".join(document.words())


@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_officials_alone_sign_what_everybody_reads(form: FormKind) -> None:
    public = build_form(form, whole_year(Audience.PUBLIC), Language.KY, **ABOUT[form])
    internal = build_form(form, whole_year(), Language.KY, **ABOUT[form])
    names = [name for block in public.blocks() if isinstance(block, Signatures) for _, name in block.lines]
    assert not any(names)
    assert any(isinstance(block, Signatures) for block in internal.blocks())


def test_pictures_stand_where_they_belong() -> None:
    both = FormPictures(venn_pairs={SESSION: DRAWING})
    for given, wanted in ((pictures(), 4), (both, 1), (FormPictures(), 0)):
        document = build_form(FormKind.SESSION_MINUTES, whole_year(), Language.KY, event_id=SESSION, pictures=given)
        assert sum(isinstance(block, Picture) for block in document.blocks()) == wanted
    assert next(one.words for one in document.blocks() if isinstance(one, Heading)) == "Күн тартиби"


def test_visits_tell_planned_against_actual() -> None:
    document = build_form(FormKind.MONITORING_REPORT, whole_year(), Language.EN)
    cells = [cell.words.replace("\u202f", " ") for one in tables(document) for row in one.rows for cell in row.cells]
    assert {"−0.8", "−800 000", "67 %", "+15 000", "+39 days"} <= set(cells)
    road = [one for one in whole_year().visits if one.activity_id == ids("activity", "road")]
    assert road and road[0].summary in "\n".join(document.words())


def test_dates_are_as_people_write_them() -> None:
    document = build_form(FormKind.JOINT_ACTION_PLAN, whole_year(), Language.KY)
    said = list(document.words())
    assert "28-апрель, 2025-ж." in said
    assert "2025–2026-жж." in said
    spans = {
        Language.KY: "2014-ж. октябрь – 2015-ж. март",
        Language.RU: "октябрь 2014 г. – март 2015 г.",
        Language.EN: "October 2014 – March 2015",
    }
    for language, words in spans.items():
        assert span_in_words(date(2014, 10, 1), date(2015, 3, 1), language, DatePrecision.MONTH) == words


def test_numbers_have_narrow_gaps_and_the_mark_of_the_language() -> None:
    assert number_in_words(4_425_000, Language.KY) == "4\u202f425\u202f000"
    assert number_in_words(-1234.5, Language.RU, decimals=1) == "−1\u202f234,5"
    assert number_in_words(0.25, Language.EN, decimals=2) == "0.25"
    assert percent_in_words(100, Language.EN) == "100.0\u202f%"
    assert percent_in_words(None, Language.EN) == ""


def test_counts_are_in_the_right_number() -> None:
    said = [text("documents.votes_counted", Language.RU, count=one, votes=one) for one in (1, 3, 12, 21)]
    assert said == ["1 голос", "3 голоса", "12 голосов", "21 голос"]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("form", "count"),
    [(FormKind.SESSION_REPORT, 1), (FormKind.FOCUS_GROUP_REPORT, 1), (FormKind.PLANNING_MEETING_REPORT, 2)],
)
def test_where_votes_stand_it_is_said_which_are_not_among_them(form: FormKind, count: int, language: Language) -> None:
    public = whole_year(Audience.PUBLIC)
    lacking = replace(public, unpublished_sessions=2, unpublished_by_settlement={FIRST.id: 1, SECOND.id: 1})
    said = text("snapshot.unpublished_sessions", language, count=count)
    assert said in set(build_form(form, lacking, language, **ABOUT[form]).words())
    assert said not in set(build_form(form, public, language, **ABOUT[form]).words())
    assert said not in set(build_form(form, lacking, language, blank=True, **ABOUT[form]).words())


def lines_to_fill(document: Document) -> list[str]:
    """What of a paper is empty: questions, tables to write in, headings over nothing."""
    blocks = list(document.blocks())
    found = [item.label for block in blocks if isinstance(block, Fields) for item in block.items if not item.words]
    for table in tables(document):
        body = [row for row in table.rows if row.kind is RowKind.BODY]
        found += [row.cells[0].words for row in body if not any(cell.words for cell in row.cells[1:])]
    for one, after in pairwise([*blocks, None]):
        if isinstance(one, Heading) and (
            after is None or isinstance(after, Signatures) or (isinstance(after, Heading) and after.level <= one.level)
        ):
            found.append(one.words)
    return found


@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_what_everybody_reads_has_nothing_to_fill_in(form: FormKind) -> None:
    """A year of which little is known leaves lines to those who work with it, and none to everybody."""
    known = whole_year()
    assert known.plan
    causes = known.problems[0].causes
    little = replace(
        known,
        events=tuple(replace(one, minutes=None, venns=(), bread=None) for one in known.events),
        problems=tuple(replace(one, causes=()) for one in known.problems),
        municipality_problems=tuple(replace(one, causes=()) for one in known.municipality_problems),
        visits=(),
        plan=replace(known.plan, approvals=()),
    )
    if form is FormKind.SESSION_REPORT:
        little = replace(little, problems=())
    about = ABOUT[form]
    assert lines_to_fill(build_form(form, little, Language.EN, **about))
    document = build_form(form, as_public(little), Language.EN, **about)
    assert lines_to_fill(document) == []
    assert text("documents.no_causes", Language.EN) not in set(document.words())
    assert lines_to_fill(build_form(form, as_public(little), Language.EN, blank=True, **about))
    if form is FormKind.FOCUS_GROUP_REPORT:
        partly = replace(little, problems=(replace(known.problems[0], causes=causes), *little.problems[1:]))
        [table] = tables(build_form(form, as_public(partly), Language.EN, **about))
        assert all(row.cells[1].words for row in table.rows)


@pytest.mark.parametrize("language", Language)
def test_the_note_of_the_public_version_speaks_of_residents(language: Language) -> None:
    """How many monitors went is told, be they two: the note must not say that no small number is."""
    words = {Language.KY: "тургундардын", Language.RU: "жителей", Language.EN: "residents"}
    assert words[language] in text("documents.public_version", language)
    public = whole_year(Audience.PUBLIC)
    few = replace(public, visits=tuple(replace(one, member_count=2) for one in public.visits))
    document = build_form(FormKind.MONITORING_REPORT, few, language)
    went = text("documents.people_went", language)
    asked = [item for block in document.blocks() if isinstance(block, Fields) for item in block.items]
    assert {item.words for item in asked if item.label == went} == {"2"}
