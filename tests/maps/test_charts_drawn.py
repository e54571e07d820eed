"""Charts: every number is on them, bars are as long as they say, words do not cover each other, nothing is empty."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from geo.domain.bread import BreadLine
from geo.domain.plan_codes import ActivityStage, ContributionForm, ContributionSource, ContributionState
from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import BreadSnapshot, ContributionSnapshot, PlanSnapshot
from maps.charts import MoneyRows, bread_chart, money_by_source_chart, status_over_time_chart, votes_by_group_chart
from maps.charts.series import GROUPS, SOURCES, STAGES
from maps.print.letters import width_mm
from maps.vector import Box
from tests.maps.municipality import municipality

CYCLE = municipality()
POINT_MM = 25.4 / 72


def plan() -> PlanSnapshot:
    assert CYCLE.plan is not None
    return CYCLE.plan


def bread() -> BreadSnapshot:
    return next(one.bread for one in CYCLE.events if one.bread)


def parts(svg: str, role: str) -> list[ET.Element]:
    return [one for one in ET.fromstring(svg).iter() if one.get("class") == role]


def said(svg: str, role: str) -> list[str]:
    return [one.text or "" for one in parts(svg, role)]


def wide(bar: ET.Element) -> float:
    left, right = re.match(r"M([\d.]+) [\d.]+H([\d.]+)", bar.get("d", "")).groups()  # type: ignore[union-attr]
    return float(right) - float(left)


def sound(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root.get("width", "").endswith("mm")
    width, height = (float(one) for one in root.get("viewBox", "").split()[2:])
    page = Box(-0.3, -0.3, width + 0.6, height + 0.6)
    boxes = []
    for one in root.iter():
        if one.tag.endswith("}text"):
            size, words = float(one.get("font-size", 0)), one.text or ""
            long = width_mm(words, size / POINT_MM, bold=one.get("font-weight") == "700")
            before = {"middle": long / 2, "end": long}.get(one.get("text-anchor", ""), 0.0)
            box = Box(float(one.get("x", 0)) - before, float(one.get("y", 0)) - 0.74 * size, long, 0.9 * size)
            assert page.holds(box), words
            boxes.append((box, words))
    for (box, first), (other, second) in combinations(boxes, 2):
        assert not box.grown(-0.1).meets(other.grown(-0.1)), (first, second)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width_mm", [120.0, 170.0])
def test_words_stand_clear_of_each_other(language: Language, width_mm: float) -> None:
    sound(votes_by_group_chart(CYCLE, CYCLE.problems, language, width_mm=width_mm))
    sound(bread_chart(bread(), language, width_mm=width_mm))
    sound(money_by_source_chart(plan(), language, width_mm=width_mm))
    sound(money_by_source_chart(plan(), language, rows=MoneyRows.ACTIVITIES, width_mm=width_mm))
    sound(status_over_time_chart(plan(), CYCLE.as_of, language, width_mm=width_mm))


def test_bars_of_votes_are_as_long_as_the_votes() -> None:
    svg = votes_by_group_chart(CYCLE, CYCLE.problems, Language.KY)
    totals = [int(one) for one in said(svg, "total")]
    assert totals == sorted((one.votes for one in CYCLE.problems if one.votes), reverse=True)
    assert sum(map(wide, parts(svg, "bar"))) / sum(totals) == pytest.approx(
        max(wide(one) for one in parts(svg, "bar")) / max(map(int, said(svg, "value"))), rel=1e-3
    )


def test_votes_without_statements_are_of_no_group() -> None:
    problems = [replace(CYCLE.problems[0], statements=(), votes=9)]
    svg = votes_by_group_chart(CYCLE, problems, Language.EN)
    assert said(svg, "key") == ["Group not told"]
    assert said(svg, "total") == ["9"]


def test_the_loaves_have_every_slice_and_the_difference() -> None:
    svg = bread_chart(bread(), Language.EN)
    assert len(parts(svg, "slice")) == 2 * len(bread().lines)
    cells = said(svg, "cell")
    assert cells[:3] == ["35\u00a0%", "48\u00a0%", "−13\u00a0pts"]


@pytest.mark.parametrize(
    ("language", "points"), [(Language.KY, "п.п."), (Language.RU, "п.\u00a0п."), (Language.EN, "pts")]
)
def test_the_difference_of_two_shares_is_in_points_and_a_note_says_so(language: Language, points: str) -> None:
    svg = bread_chart(bread(), language)
    assert all(one == "–" or one.endswith("\u00a0" + points) for one in said(svg, "cell")[2::3])
    assert text("chart.points_note", language) in said(svg, "note")
    untold = bread_chart(BreadSnapshot((BreadLine("Жол", 60), BreadLine("Мектеп", 40)), ()), language)
    assert text("chart.points_note", language) not in said(untold, "note")


def test_a_budget_that_is_not_known_is_said() -> None:
    svg = bread_chart(BreadSnapshot((BreadLine("Жол", 60), BreadLine("Мектеп", 40)), ()), Language.EN)
    assert len(parts(svg, "slice")) == 2
    assert "The true figures" in " ".join(said(svg, "empty"))


def test_money_adds_up_and_says_at_least() -> None:
    svg = money_by_source_chart(plan(), Language.EN)
    sums = [int(re.sub(r"\D", "", one)) for one in said(svg, "total")]
    assert sums[-1] == sum(sums[:-1]) > 0
    assert all("som" in one for one in said(svg, "total"))
    assert not any("≥" in one for one in said(svg, "total"))
    first = plan().goals[0].tasks[0].activities[0]
    more = replace(first.contributions[0], at_least=True)
    task = replace(plan().goals[0].tasks[0], activities=(replace(first, contributions=(more,)),))
    goal = replace(plan().goals[0], tasks=(task,))
    (total,) = said(money_by_source_chart(replace(plan(), goals=(goal,), other_activities=()), Language.EN), "total")
    assert total.startswith("≥")


def test_what_was_promised_and_came_counts_once() -> None:
    first = plan().goals[0].tasks[0].activities[0]
    gifts = tuple(
        ContributionSnapshot(
            ContributionSource.SPONSOR,
            ContributionForm.CASH,
            state,
            1_500_000,
            of_promise=state is ContributionState.RECEIVED,
        )
        for state in ContributionState
    )
    task = replace(plan().goals[0].tasks[0], activities=(replace(first, contributions=gifts),))
    one = replace(plan(), goals=(replace(plan().goals[0], tasks=(task,)),), other_activities=())
    (total,) = said(money_by_source_chart(one, Language.EN), "total")
    assert total == "1\u202f500\u202f000 som"


def test_status_counts_activities_on_every_day() -> None:
    svg = status_over_time_chart(plan(), CYCLE.as_of, Language.EN)
    totals = [int(one) for one in said(svg, "total")]
    assert totals == sorted(totals)
    assert totals[-1] == len(plan().activities)
    early = status_over_time_chart(plan(), date(2025, 5, 1), Language.EN)
    assert said(early, "total") == [str(len(plan().activities))]
    assert said(early, "key") == ["Planned"]


def test_status_of_a_plan_that_ended_long_ago_still_shows_how_it_went() -> None:
    now, later = (said(status_over_time_chart(plan(), date(year, 6, 15), Language.EN), "day") for year in (2026, 2037))
    assert now[-1] == "15.06.2026"
    assert later[-1] == "15.06.2037"
    assert later[:-1] == now[:-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_show_is_said(language: Language) -> None:
    for svg in (
        votes_by_group_chart(CYCLE, [], language),
        bread_chart(BreadSnapshot((), ()), language),
        money_by_source_chart(None, language),
        status_over_time_chart(None, CYCLE.as_of, language),
    ):
        sound(svg)
        assert said(svg, "empty")


@pytest.mark.parametrize("name", ["groups", "sources", "stages"])
def test_no_two_of_a_chart_look_alike_without_colour(name: str) -> None:
    series = {"groups": GROUPS, "sources": tuple(SOURCES.values()), "stages": tuple(STAGES.values())}[name]
    for one, other in combinations(series, 2):
        assert one.hatch is not other.hatch or abs(one.fill - other.fill) > 0.3


def test_markup_in_titles_stays_words() -> None:
    problems = [replace(CYCLE.problems[0], title="<b>x</b> & #let y")]
    assert "<b>x</b> & #let y" in said(votes_by_group_chart(CYCLE, problems, Language.EN), "problem")


def test_long_titles_stay_within_their_column() -> None:
    problems = [replace(one, title="жоопкерчиликтүүлүктү " * 10) for one in CYCLE.problems]
    sound(votes_by_group_chart(CYCLE, problems, Language.KY))


def test_every_stage_has_a_look() -> None:
    assert set(STAGES) == set(ActivityStage)
    assert set(SOURCES) == set(ContributionSource)
