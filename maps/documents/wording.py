"""Numbers, shares, sums and spans of time as the papers write them."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from geo.domain.plan.periods import period
from geo.domain.territory import DatePrecision
from geo.i18n import Language, text
from maps.documents.model import Cell
from maps.words import date_in_words

__all__ = [
    "GAP",
    "OVER",
    "day_in_words",
    "number_cell",
    "number_in_words",
    "percent_in_words",
    "span_in_words",
    "years_in_words",
]

GAP = "\u202f"
"""A narrow gap between groups of digits that no line break splits."""
OVER = ">"
"""Before a sum of which the source says "over"; the sign that every font has."""

_MONTH_PATTERNS = {Language.KY: "y-'ж'. MMMM", Language.RU: "LLLL y 'г'.", Language.EN: "LLLL y"}
_YEAR_KEYS = {Language.KY: "{}-ж.", Language.RU: "{} г.", Language.EN: "{}"}


def number_in_words(number: float, language: Language, *, decimals: int = 0, keep_zeros: bool = False) -> str:
    r"""Write a number with narrow gaps between groups of digits and the decimal mark of the language.

    Parameters
    ----------
    decimals
        Most digits after the mark.
    keep_zeros
        Whether there are always as many.

    >>> number_in_words(1633.5, Language.KY, decimals=1).replace("\u202f", " ")
    '1 633,5'
    """
    written = f"{number:,.{decimals}f}"
    if decimals and not keep_zeros:
        written = written.rstrip("0").rstrip(".")
    written = written.replace(",", GAP).replace("-", "−")
    return written if language is Language.EN else written.replace(".", ",")


def percent_in_words(share: float | None, language: Language) -> str:
    r"""Write a share in percent with one digit after the mark; empty where it is not known.

    >>> percent_in_words(37.06, Language.RU).replace("\u202f", " ")
    '37,1 %'
    """
    if share is None:
        return ""
    return f"{number_in_words(share, language, decimals=1, keep_zeros=True)}{GAP}%"


def number_cell(
    number: float | None, language: Language, *, decimals: int = 0, at_least: bool = False, missing: str = ""
) -> Cell:
    """Return a number as a cell of a table; ``missing`` stands where there is none."""
    if number is None:
        return Cell(missing)
    words = number_in_words(number, language, decimals=decimals)
    return Cell(f"{OVER}{GAP}{words}" if at_least else words, number, decimals, at_least)


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


def years_in_words(first: int, last: int, language: Language) -> str:
    """Write the years of a plan.

    >>> years_in_words(2014, 2016, Language.KY)
    '2014–2016-жж.'
    """
    if first == last:
        return text("documents.year", language, year=first)
    return text("documents.years", language, first=first, last=last)
