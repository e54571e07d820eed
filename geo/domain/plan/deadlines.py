"""Deadlines as people write them into tables: ``2014-ж. октябрь – 2015-ж. март``, ``июнь 2014 г.``, ``01.06.2014``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from geo.domain.names import fold
from geo.domain.plan.periods import period
from geo.domain.territory import DatePrecision
from geo.errors import Refused

__all__ = ["Deadline", "read_deadline"]

_MONTHS = MappingProxyType(
    {
        fold(stem): month
        for month, stems in enumerate(
            (
                ("янв", "jan", "үчтүн"),
                ("фев", "feb", "бирдин"),
                ("март", "mar", "жалган"),
                ("апр", "apr", "чын куран"),
                ("май", "мая", "may", "бугу"),
                ("июн", "jun", "кулжа"),
                ("июл", "jul", "теке"),
                ("авг", "aug", "баш оона"),
                ("сен", "sep", "аяк оона"),
                ("окт", "oct", "тогуз"),
                ("ноя", "nov", "жети"),
                ("дек", "dec", "бештин"),
            ),
            start=1,
        )
        for stem in stems
    }
)
_QUARTERS = MappingProxyType({"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4})
_QUARTER = re.compile(
    r"(?:\b(i{1,3}|iv|[1-4])\s*[-–]?\s*(?:квартал|чейре[кг]|quarter)\w*|\bq\s?([1-4])\b)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_PLAIN = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})-(\d{2})"), (1, 2)),
    (re.compile(r"(\d{1,2})[./](\d{4})"), (2, 1)),
)
_FILLERS = frozenset(
    fold(word)
    for word in (
        *("ж", "жыл", "жылы", "жылдын", "жылга", "жылкы", "айы", "айында", "айынын", "айына", "ай", "чейин", "күнү"),
        *("айлары", "айларында", "ичинде", "ж.", "жылдары"),
        *("г", "гг", "год", "года", "году", "до", "к", "с", "по", "числа", "месяц", "мес", "в", "течение"),
        *("by", "until", "to", "from", "the", "of", "year", "st", "nd", "rd", "th", "in", "end", "during"),
    )
)
_ORDER = (DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Deadline:
    """From when to when, both known to the same precision; a month is its first day."""

    first: date
    last: date
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class _Part:
    year: int | None
    month: int | None = None
    day: int | None = None
    last_month: int | None = None
    """Of a quarter."""

    @property
    def precision(self) -> DatePrecision:
        if self.day is not None:
            return DatePrecision.DAY
        return DatePrecision.YEAR if self.month is None else DatePrecision.MONTH


def read_deadline(written: str, *, year: int | None = None) -> Deadline:
    """Read a deadline in Kyrgyz, Russian or English: a day, a month, a quarter or a year, or from one to another.

    Parameters
    ----------
    written
        What stands in the table. Days come before months: ``01.06.2014`` is the first of June.
    year
        Of dates that name none, where there is only one that they can be of.

    Raises
    ------
    Refused
        No date can be read, or it names no year.

    Examples
    --------
    >>> read_deadline("июль–сентябрь 2014")
    Deadline(first=datetime.date(2014, 7, 1), last=datetime.date(2014, 9, 1), precision=<DatePrecision.MONTH: 'month'>)
    >>> read_deadline("2014-ж. III чейрек").last
    datetime.date(2014, 9, 1)
    """
    text = " ".join(written.split())
    if not text or len(text) > _LONGEST:
        raise Refused("deadline.unreadable", value=text[:60])
    parts = [_part(one, written=text) for one in _halves(text)]
    years = [one.year for one in parts if one.year is not None]
    filled = years[-1] if years else year
    if filled is None:
        raise Refused("deadline.which_year", value=text)
    first, last = parts[0], parts[-1]
    precision = max(first.precision, last.precision, key=_ORDER.index)
    try:
        begins = date(first.year or (years[0] if years else filled), first.month or 1, first.day or 1)
        ends = date(last.year or filled, last.last_month or last.month or 1, last.day or 1)
    except ValueError as error:
        raise Refused("deadline.unreadable", value=text) from error
    begins, ends = period(begins, precision).first, period(ends, precision).first
    if ends < begins:
        raise Refused("deadline.reversed", value=text)
    return Deadline(begins, ends, precision)


def _halves(text: str) -> list[str]:
    marked = re.sub(r"[–—−]|\s-\s|(?<=[^\W\d_])-(?=[^\W\d_]{3})|(?<=\d{4})-(?=\d{4})|\.\.\.|…", "\n", text)
    marked = re.sub(r"^(?:с|from)\s+(.+?)\s+(?:по|до|to|until)\s+", "\\1\n", marked, flags=re.IGNORECASE)
    parts = [one.strip(" ,;") for one in marked.split("\n") if one.strip(" ,;")]
    if not 1 <= len(parts) <= 2:
        raise Refused("deadline.unreadable", value=text)
    return parts


def _part(text: str, *, written: str) -> _Part:
    bare = text.strip(" .")
    for shape, order in _PLAIN:
        if found := shape.fullmatch(bare):
            return _Part(*(int(found[place]) for place in order))
    year: int | None = None
    if found := _YEAR.search(text):
        year = int(found[1])
        text = f"{text[: found.start()]} {text[found.end() :]}"
    if found := _QUARTER.search(text):
        quarter = _QUARTERS[(found[1] or found[2]).casefold()]
        _check_rest(f"{text[: found.start()]} {text[found.end() :]}", written)
        return _Part(year, 3 * quarter - 2, None, 3 * quarter)
    month: int | None = None
    day: int | None = None
    rest = []
    for word in re.findall(r"\d+|[^\W\d_]+", text):
        stem = fold(word)
        named = next((value for begin, value in _MONTHS.items() if stem.startswith(begin)), None)
        if word.isdigit() and day is None and 1 <= int(word) <= 31:
            day = int(word)
        elif named is not None and month is None:
            month = named
        else:
            rest.append(word)
    _check_rest(" ".join(rest), written)
    if (month is None and day is not None) or (year is None and month is None):
        raise Refused("deadline.unreadable", value=written)
    return _Part(year, month, day)


def _check_rest(rest: str, written: str) -> None:
    for word in re.findall(r"\w+", rest):
        if fold(word) not in _FILLERS:
            raise Refused("deadline.unreadable", value=written)
