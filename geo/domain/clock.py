"""Days and hours as the clocks of Kyrgyzstan show them, wherever the program runs.

Moments are kept in UTC; what people call a day is a day of Kyrgyzstan. A server in another zone would put a visit
at half past one in the morning on the day before, and take the early hours of today for yesterday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["KYRGYZSTAN", "local_day", "local_time", "local_today"]

KYRGYZSTAN = timezone(timedelta(hours=6))
"""All year since 2005."""


def local_time(moment: datetime) -> datetime:
    """Return a moment (one with its zone) by the clocks of Kyrgyzstan."""
    return moment.astimezone(KYRGYZSTAN)


def local_day(moment: datetime) -> date:
    """Return the day of a moment (one with its zone) by the clocks of Kyrgyzstan.

    >>> local_day(datetime(2015, 7, 14, 19, 30, tzinfo=UTC))
    datetime.date(2015, 7, 15)
    """
    return local_time(moment).date()


def local_today() -> date:
    """Return today's date in Kyrgyzstan."""
    return local_day(datetime.now(UTC))
