"""Numbers on the map of a paper are those of the tables beside it, for the same problems and activities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from geo.domain.forms import FormKind
from geo.i18n import Language
from geo.snapshots import Audience, CycleSnapshot
from maps.documents import drawing
from maps.documents.model import Heading, Table
from maps.documents.rendering import build_form
from maps.documents.request import FormRequest
from maps.posters.overview import overview_map
from tests.maps.papers import ABOUT, whole_year

MAPPED = (
    FormKind.SESSION_REPORT,
    FormKind.PLANNING_MEETING_REPORT,
    FormKind.JOINT_ACTION_PLAN,
    FormKind.MONITORING_REPORT,
)


def listed(form: FormKind, cycle: CycleSnapshot) -> set[tuple[str, str]]:
    """Numbers and what they stand before: rows of tables, lines of cells, headings."""
    found: set[tuple[str, str]] = set()
    for block in build_form(form, cycle, Language.EN, **ABOUT[form]).blocks():
        if isinstance(block, Heading):
            found.update(re.findall(r"(\d+)\. (.+?)(?: [(—–].*)?$", block.words))
        if isinstance(block, Table):
            for row in block.rows:
                lines = [cell.words.split("\n") for cell in row.cells]
                if len(lines) > 1 and lines[0][0]:
                    found.update((lines[0][0].split()[0], line) for line in lines[1])
                found.update(pair for cell in lines for line in cell for pair in re.findall(r"^(\d+)\. (.+)$", line))
                found.update(pair for line in lines[0] for pair in re.findall(r"(\d+)[.:] (.+)$", line))
    return found


@pytest.mark.parametrize("form", MAPPED)
def test_the_map_has_the_numbers_of_the_paper(form: FormKind, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = whole_year(Audience.PUBLIC)
    given: dict[str, Mapping[UUID, str]] = {}
    maps: list[str] = []

    def noted(*asked: Any, **numbers: Mapping[UUID, str]) -> bytes | None:
        given.update(numbers)
        drawn = overview_map(*asked, **numbers)
        maps.append((drawn or b"").decode())
        return drawn

    monkeypatch.setattr(drawing, "overview_map", noted)
    drawing.draw_pictures(form, FormRequest(cycle, Language.EN, **ABOUT[form]))
    assert cycle.plan is not None
    said = listed(form, cycle)
    titles = {one.id: one.title for one in (*cycle.problems, *cycle.municipality_problems, *cycle.plan.activities)}
    numbers = [(number, titles[key]) for each in given.values() for key, number in each.items()]
    assert numbers
    if form is FormKind.JOINT_ACTION_PLAN:  # its list of problems has their wording in the plan
        statements = {one.problem_id: one.problem_statement for one in cycle.plan.goals}
        titles |= {key: words for key, words in statements.items() if key is not None}
        numbers = [(number, titles[key]) for each in given.values() for key, number in each.items()]
    assert set(numbers) <= said
    pinned = set(re.findall(r"<text[^>]*class=\"pin\"[^>]*>([^<]+)<", maps[0]))
    assert pinned
    assert pinned <= {number for number, _ in numbers}


def test_what_has_no_number_in_the_paper_is_not_pinned() -> None:
    cycle = whole_year(Audience.PUBLIC)
    assert cycle.plan is not None
    first = next(one for one in cycle.plan.activities if one.geometry is not None)
    bare = (overview_map(cycle, Language.EN, None) or b"").decode()
    one = (overview_map(cycle, Language.EN, None, activity_numbers={first.id: "77"}) or b"").decode()
    assert "plan pin" not in bare
    assert "problem pin" not in bare + one
    assert one.count(">77<") == 2  # on the map and in the key
