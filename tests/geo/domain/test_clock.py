"""A day is a day of Kyrgyzstan, on whatever clock the server runs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from geo.domain.clock import local_day, local_time, local_today
from tests.house.repository import REPOSITORY, product_files

# 26 hours apart: at any moment one of them has another date than Kyrgyzstan.
FAR_EAST, FAR_WEST = "Etc/GMT-14", "Etc/GMT+12"


@pytest.fixture(params=[FAR_EAST, FAR_WEST])
def far_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_clock")
def test_today_is_that_of_kyrgyzstan_on_any_server() -> None:
    before = (datetime.now(UTC) + timedelta(hours=6)).date()
    today = local_today()
    assert before <= today <= (datetime.now(UTC) + timedelta(hours=6)).date()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2015, 7, 14, 17, 59, 59, tzinfo=UTC), date(2015, 7, 14)),
        (datetime(2015, 7, 14, 18, tzinfo=UTC), date(2015, 7, 15)),
        (datetime(2015, 7, 15, 1, 30, tzinfo=timezone(timedelta(hours=6))), date(2015, 7, 15)),
        (datetime(2014, 12, 31, 20, tzinfo=timezone(timedelta(hours=-5))), date(2015, 1, 1)),
    ],
)
def test_the_day_of_a_moment(moment: datetime, day: date) -> None:
    assert local_day(moment) == local_time(moment).date() == day


def test_nothing_asks_the_servers_own_calendar() -> None:
    """Each of these gives a day of the server or of Greenwich."""
    own = re.compile(r"date\.today\(|(_at|datetime\.now\([^)]*\)|\.astimezone\([^)]*\))\.date\(\)")
    found = [
        f"{path}:{number}"
        for path in product_files(".py")
        if path.parts[0] in {"api", "geo", "maps", "sketch_import"}
        for number, line in enumerate((REPOSITORY / path).read_text().splitlines(), start=1)
        if own.search(line)
    ]
    assert found == []
