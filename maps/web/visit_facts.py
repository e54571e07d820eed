"""What monitors saw on a visit, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from babel.numbers import format_decimal

from geo.domain.labels import label
from geo.i18n import Language, text
from geo.snapshots import VisitSnapshot
from maps.web.chains import som_in_words
from maps.words import date_in_words

__all__ = ["ago_in_short", "days_in_words", "visit_facts"]

_AS_DAYS = 60
"""Days: a shorter time is told in days."""
_MONTH, _YEAR = 30.4375, 365.25


def days_in_words(day: date, days: int | None, language: Language) -> str:
    """Return a day and how long ago it was; None: the day from which that is reckoned.

    >>> days_in_words(date(2026, 6, 3), 12, Language.EN)
    'June 3, 2026 (12 days ago)'
    """
    written = date_in_words(day, language)
    if days is None:
        return text("web_map.as_of", language, date=written)
    number, unit = _as_people_say(days)
    ago = text("web_map.today", language) if days == 0 else text(f"web_map.{unit}_ago", language, number=number)
    return text("web_map.date_days", language, date=written, days=ago)


def ago_in_short(days: int, language: Language) -> str:
    """Return how long ago it was in so few letters that a sign has room for them.

    >>> ago_in_short(45, Language.EN), ago_in_short(300, Language.EN), ago_in_short(4148, Language.EN)
    ('45 d', '9 mo', '11 y')
    """
    number, unit = _as_people_say(days)
    return text(f"web_map.{unit}_short", language, number=number)


def _as_people_say(days: int) -> tuple[int, str]:
    if days < _AS_DAYS:
        return days, "days"
    if days < _YEAR:
        return int(days / _MONTH), "months"
    return int(days / _YEAR), "years"


def visit_facts(visit: VisitSnapshot, language: Language) -> list[tuple[str, str]]:
    """List what is known of a visit as pairs of heading and words, in reading order; only what was written."""
    return [(text(f"web_map.{key}", language), words) for key, words in _worded(visit, language) if words]


def _worded(visit: VisitSnapshot, language: Language) -> Iterator[tuple[str, str]]:
    yield "summary", visit.summary
    yield "planned_actual", "; ".join(_compared(visit, language))
    yield "findings", "; ".join(f"{one.words} ({label(one.severity, language)})" for one in visit.findings)
    yield "agreed", "; ".join(f"{one.words} ({label(one.state, language)})" for one in visit.agreements)
    if visit.standard_met is not None:
        yield "standard_met", text("map.yes" if visit.standard_met else "map.no", language)
    yield "method", label(visit.method, language)
    if visit.evidence is not None:
        yield "evidence", label(visit.evidence.grade, language)
        yield "why_grade", " ".join(reason(language) for reason in visit.evidence.reasons)
    yield "monitors", ", ".join(visit.members)


def _compared(visit: VisitSnapshot, language: Language) -> Iterator[str]:
    unknown = text("map.not_known", language)
    planned, actual = visit.planned, visit.actual
    if planned.quantity is not None or actual.quantity is not None:
        told = [
            unknown if one is None else format_decimal(one, locale=language.value)
            for one in (planned.quantity, actual.quantity)
        ]
        yield f"{told[0]} / {told[1]} {visit.quantity_unit}".strip()
    if planned.som is not None or actual.som is not None:
        money = [unknown if one is None else som_in_words(one, language) for one in (planned.som, actual.som)]
        yield f"{money[0]} / {money[1]}"
    if planned.on is not None or actual.on is not None:
        days = [unknown if one is None else date_in_words(one, language) for one in (planned.on, actual.on)]
        yield f"{days[0]} / {days[1]}"
