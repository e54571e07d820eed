"""Numbers in words have the noun that goes with them."""

from __future__ import annotations

import pytest

from geo.domain.evidence import PhotoTrace, VisitTrace, grade_visit
from geo.i18n import Language, text


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        (Language.EN, 0, "0 minutes"),
        (Language.EN, 1, "1 minute"),
        (Language.EN, 21, "21 minutes"),
        (Language.RU, 1, "1 минута"),
        (Language.RU, 3, "3 минуты"),
        (Language.RU, 11, "11 минут"),
        (Language.RU, 21, "21 минута"),
        (Language.KY, 1, "1 мүнөт"),
        (Language.KY, 5, "5 мүнөт"),
    ],
)
def test_minutes_of_the_evidence(language: Language, minutes: int, words: str) -> None:
    found = grade_visit(VisitTrace(True, None, 12, 8, (PhotoTrace(20, minutes),), 3))
    said = [reason(language) for reason in found.reasons]
    assert any(f" {words}" in one and f" {words}s" not in one for one in said), said


@pytest.mark.parametrize(
    ("key", "language", "params", "words"),
    [
        ("participant.minor", Language.EN, {"age": 1, "adult": 18}, "1 year old"),
        ("participant.minor", Language.RU, {"age": 17, "adult": 18}, "17 лет:"),
        ("participant.minor", Language.RU, {"age": 2, "adult": 18}, "2 года:"),
        ("sign_in.too_often", Language.RU, {"minutes": 2}, "через 2 минуты."),
        ("evidence.several", Language.RU, {"members": 5}, "Поехало 5 человек."),
        ("evidence.several", Language.RU, {"members": 22}, "Поехали 22 человека."),
        ("placing.mirrored", Language.RU, {"count": 3}, "3 точки показывают"),
        ("problem.has_votes", Language.EN, {"title": "2 streets", "votes": 1}, "has 1 vote and"),
    ],
)
def test_the_number_that_a_message_names_picks_its_form(
    key: str, language: Language, params: dict[str, object], words: str
) -> None:
    assert words in text(key, language, **params)
