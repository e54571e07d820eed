"""Dates, distances and errors as people write them; for every picture and paper."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from geo.domain.plan.periods import period
from geo.domain.territory import DatePrecision
from geo.i18n import Language, text

__all__ = ["date_in_words", "day_in_words", "distance_in_words", "error_in_words", "span_in_words"]

# The order in which Kyrgyz people write a date (19-ноябрь, 2014-ж.); the CLDR's long form puts the year first.
_DATE_PATTERNS = {Language.KY: "d-MMMM, y-'ж'."}
_MONTH_PATTERNS = {Language.KY: "y-'ж'. MMMM", Language.RU: "LLLL y 'г'.", Language.EN: "LLLL y"}
_YEAR_KEYS = {Language.KY: "{}-ж.", Language.RU: "{} г.", Language.EN: "{}"}


def date_in_words(day: date, language: Language) -> str:
    """Write a date in full.

    >>> date_in_words(date(2014, 11, 19), Language.KY)
    '19-ноябрь, 2014-ж.'
    """
    return format_date(day, _DATE_PATTERNS.get(language, "long"), locale=language.value)


def day_in_words(day: date | None, language: Language, precision: DatePrecision = DatePrecision.DAY) -> str:
    """Write a day, a month or a year, as exactly as it is known.

    >>> day_in_words(date(2014, 6, 1), Language.RU, DatePrecision.MONTH)
    'июнь 2014 г.'
    """
    if day is None:
        return ""
    if precision is DatePrecision.YEAR:
        return _YEAR_KEYS[language].format(day.year)
    if precision is DatePrecision.MONTH:
        return format_date(day, _MONTH_PATTERNS[language], locale=language.value)
    return date_in_words(day, language)


def span_in_words(
    first: date | None, last: date | None, language: Language, precision: DatePrecision = DatePrecision.DAY
) -> str:
    """Write from when to when; one date alone is the day by which something is to be done.

    >>> span_in_words(date(2014, 10, 1), date(2015, 3, 1), Language.EN, DatePrecision.MONTH)
    'October 2014 – March 2015'
    """
    if first is None or last is None or period(first, precision) == period(last, precision):
        return day_in_words(last or first, language, precision)
    return f"{day_in_words(first, language, precision)} – {day_in_words(last, language, precision)}"


def distance_in_words(metres: float, language: Language) -> str:
    """Write a distance in metres below one kilometre and in kilometres from there on.

    >>> distance_in_words(2000, Language.EN)
    '2 km'
    """
    if metres < 1000:
        return text("map.metres", language, number=format_decimal(round(metres), locale=language.value))
    return text("map.kilometres", language, number=format_decimal(metres / 1000, "#,##0.#", locale=language.value))


def error_in_words(error_m: float | None, language: Language) -> str:
    """Write the expected error of a position; an error below one metre is given as one.

    >>> error_in_words(23.6, Language.EN)
    '± 24 m'
    """
    if error_m is None:
        return text("map.not_known", language)
    return "± " + distance_in_words(max(error_m, 1.0), language)
