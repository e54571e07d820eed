"""Dates, distances and errors as people write them; for every picture and paper."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from geo.i18n import Language, text

__all__ = ["date_in_words", "distance_in_words", "error_in_words"]

# The order in which Kyrgyz people write a date (19-ноябрь, 2014-ж.); the CLDR's long form puts the year first.
_DATE_PATTERNS = {Language.KY: "d-MMMM, y-'ж'."}


def date_in_words(day: date, language: Language) -> str:
    """Write a date in full.

    >>> date_in_words(date(2014, 11, 19), Language.KY)
    '19-ноябрь, 2014-ж.'
    """
    return format_date(day, _DATE_PATTERNS.get(language, "long"), locale=language.value)


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
