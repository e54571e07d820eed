"""Numbers, shares and sums as the papers write them."""

from __future__ import annotations

from geo.i18n import Language, text
from maps.documents.model import Cell

__all__ = [
    "GAP",
    "OVER",
    "number_cell",
    "number_in_words",
    "percent_in_words",
    "years_in_words",
]

GAP = "\u202f"
"""A narrow gap between groups of digits that no line break splits."""
OVER = ">"
"""Before a sum of which the source says "over"; the sign that every font has."""


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


def years_in_words(first: int, last: int, language: Language) -> str:
    """Write the years of a plan.

    >>> years_in_words(2014, 2016, Language.KY)
    '2014–2016-жж.'
    """
    if first == last:
        return text("documents.year", language, year=first)
    return text("documents.years", language, first=first, last=last)
