"""Dates as the papers give them: a day, a month (``June 2014``) or a year.

A month is kept as its first day beside the precision, a year as the first of January; what is compared are the days
that it may have been.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from geo.domain.territory import DatePrecision
from geo.errors import Refused

__all__ = ["Period", "check_not_ahead", "period"]


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a date stands for, both inclusive."""

    first: date
    last: date


def period(day: date, precision: DatePrecision = DatePrecision.DAY) -> Period:
    """Return the days that a date may stand for.

    >>> period(date(2014, 2, 10), DatePrecision.MONTH)
    Period(first=datetime.date(2014, 2, 1), last=datetime.date(2014, 2, 28))
    """
    if precision is DatePrecision.YEAR:
        return Period(date(day.year, 1, 1), date(day.year, 12, 31))
    if precision is DatePrecision.MONTH:
        return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    return Period(day, day)


def check_not_ahead(day: date, precision: DatePrecision, *, today: date) -> None:
    """Refuse a date of something that has happened which lies after today as a whole.

    Raises
    ------
    Refused
        It lies ahead.
    """
    if period(day, precision).first > today:
        raise Refused("date.ahead", day=day)
