"""Facts in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geo.i18n import LANGUAGES, Language, text
from geo.snapshots import EventSnapshot, FeatureSnapshot
from maps.web.marks import ERROR
from maps.web.words import facts_of
from maps.words import date_in_words, distance_in_words, error_in_words


@pytest.fixture
def well(event: EventSnapshot) -> FeatureSnapshot:
    return next(one for one in event.groups[0].features if one.attributes.get("distance_m_now"))


@pytest.mark.parametrize(
    ("language", "words"),
    [(Language.KY, "19-ноябрь, 2014-ж."), (Language.RU, "19 ноября 2014 г."), (Language.EN, "November 19, 2014")],
)
def test_dates_as_people_write_them(language: Language, words: str) -> None:
    assert (
        date_in_words(date(2014, 11, 19), language).replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ") == words
    )


@pytest.mark.parametrize(
    ("metres", "words"), [(0.4, "0 м"), (23.6, "24 м"), (999.4, "999 м"), (1000, "1 км"), (2540, "2,5 км")]
)
def test_distances_have_units(metres: float, words: str) -> None:
    assert distance_in_words(metres, Language.KY) == words


@pytest.mark.parametrize(
    ("error", "words"), [(24.4, "± 24 m"), (0.2, "± 1 m"), (1500.0, "± 1.5 km"), (None, "not known")]
)
def test_position_errors_are_stated_or_said_to_be_unknown(error: float | None, words: str) -> None:
    assert error_in_words(error, Language.EN) == words


def test_facts_hold_what_was_said_and_nothing_else(well: FeatureSnapshot) -> None:
    facts = dict(facts_of(well, group="18–35", language=Language.EN))
    assert facts[text("map.way_now", Language.EN)] == "400 m, 10 min"
    assert facts[text("map.way_before", Language.EN)] == "250 m"
    assert facts[text("attribute.condition", Language.EN)] == text("condition.needs_repair", Language.EN)
    assert facts[text("attribute.supply", Language.EN)] == text("supply.short", Language.EN)
    assert facts[text("map.source_sheet", Language.EN)] == well.sheet_title
    assert facts[text("map.position_error", Language.EN)] == ERROR
    assert text("attribute.users", Language.EN) not in facts


def test_users_come_in_the_order_of_the_vocabulary(well: FeatureSnapshot) -> None:
    used = replace(well, attributes={"users": ["elders", "women"], "common_use": False})
    facts = dict(facts_of(used, group="", language=Language.KY))
    assert facts[text("attribute.users", Language.KY)] == ", ".join(
        text(f"user.{user}", Language.KY) for user in ("women", "elders")
    )
    assert facts[text("attribute.common_use", Language.KY)] == text("map.no", Language.KY)


def test_a_code_of_a_later_version_is_shown_as_it_is(well: FeatureSnapshot) -> None:
    later = replace(well, attributes={"condition": "flooded"}, sheet_id=None, sheet_title="")
    facts = dict(facts_of(later, group="", language=Language.RU))
    assert facts[text("attribute.condition", Language.RU)] == "flooded"
    assert facts[text("map.source_sheet", Language.RU)] == text("map.no_sheet", Language.RU)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_words_in_every_language(event: EventSnapshot, language: Language) -> None:
    for group in event.groups:
        for feature in group.features:
            assert all(heading and words for heading, words in facts_of(feature, group=group.label, language=language))
