"""The sample municipality says what its sources say, and no more (DOMAIN.md sections 1, 8, 13)."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from itertools import chain
from typing import Any
from uuid import UUID

import pytest

from geo.domain.events import STANDARD_GROUPS, EventKind
from geo.domain.membership import check_memberships, municipality_on
from geo.domain.participation import review_event
from geo.domain.territory import DatePrecision
from geo.sample import Sample, load_sample
from geo.snapshots import Names
from tests.conftest import SHARED_DATA


@pytest.fixture
def sample() -> Sample:
    return load_sample()


def test_the_aimak_of_2014_and_of_today(sample: Sample) -> None:
    lipenka, jeti_oguz = sample.municipalities
    assert (lipenka.names.en, jeti_oguz.names.en) == ("Lipenka aimak", "Jeti-Oguz aimak")
    assert (lipenka.population_over, jeti_oguz.population_over) == (4700, None)
    memberships = [one.as_membership() for one in sample.memberships]
    check_memberships(memberships)
    for settlement in sample.settlements:
        assert municipality_on(memberships, settlement.id, sample.event.held_on) == lipenka.id
        assert municipality_on(memberships, settlement.id, date(2026, 1, 1)) == jeti_oguz.id
    assert {one.precision for one in sample.memberships} == {DatePrecision.YEAR}


def test_the_uncertain_village_and_the_sample_say_so(sample: Sample) -> None:
    assert [one.names.ky for one in sample.settlements if one.is_uncertain] == ["Ичке-Булуң"]
    assert [one.names.ky for one in sample.settlements if one.is_sample] == ["Х айылы (үлгү)"]
    for settlement in sample.settlements:
        assert ("GeoNames, CC BY 4.0" in settlement.source) != settlement.is_sample


def test_the_session_holds_what_the_source_gives_and_nothing_more(sample: Sample) -> None:
    event = sample.event
    assert (event.kind, event.held_on, event.minutes.number) == (EventKind.SESSION, date(2014, 11, 19), 1)
    assert event.group == STANDARD_GROUPS[0]
    assert (event.people.participants, event.people.women, event.people.facilitators) == (None, None, None)
    assert review_event(event.kind, event.group, event.people) == ()
    assert event.cycle_id == sample.cycle.id
    assert sample.cycle.year == event.held_on.year
    assert event.settlement_id == sample.settlements[-1].id
    assert len(event.minutes.agenda) == 3
    for words in (event.minutes.text.ky, event.minutes.text.ru, event.minutes.text.en):
        assert "1971" in words
        assert words.count("\n\n") == 2


def test_the_sums_of_the_minutes(sample: Sample) -> None:
    assert sum(share.percent for share in sample.bread) == 100
    assert [problem.votes for problem in sample.problems] == [12, 12, 10, 10, 9, 6, 6, 5, 5]
    assert [one.rank for one in sample.institutions] == list(range(1, 16))


def test_every_name_is_given_in_three_languages(sample: Sample) -> None:
    named = chain.from_iterable(
        (one.names, one.rayon, one.oblast) for one in sample.settlements + sample.municipalities
    )
    others = (*(one.names for one in sample.institutions), *(one.line for one in sample.bread))
    for names in (*named, *others, *(one.wording for one in sample.problems), sample.event.place):
        assert isinstance(names, Names)
        assert names.ky
        assert names.ru
        assert names.en


def _ids(value: Any) -> list[UUID]:
    if isinstance(value, dict):
        own = [UUID(value["id"])] if "id" in value else []
        return own + [one for part in value.values() for one in _ids(part)]
    return [one for part in value for one in _ids(part)] if isinstance(value, list) else []


def test_ids_are_fixed_distinct_and_of_version_seven() -> None:
    stored = [
        json.loads(files("geo.sample").joinpath(name).read_text("utf-8"))
        for name in ("territory.json", "appraisal.json")
    ]
    ids = _ids(stored)
    assert len(ids) == 2 + 5 + 10 + 1 + 1
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the gazetteer lies in ../shared/data, which is not here")
def test_the_real_villages_stand_where_the_gazetteer_has_them(sample: Sample) -> None:
    rows = json.loads((SHARED_DATA / "kyrgyzstan" / "villages_of_interest.json").read_text("utf-8"))
    known = {(row["lon"], row["lat"]): str(row["geonames_id"]) for row in rows}
    for settlement in sample.settlements:
        if not settlement.is_sample:
            assert known[settlement.lon, settlement.lat] in settlement.note
