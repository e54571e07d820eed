"""The bread: what people think the budget is spent on, beside what it is spent on (DOMAIN.md section 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geo.domain.names import fold
from geo.errors import Refused

__all__ = ["LEAST_SUM", "MOST_SUM", "BreadLine", "BreadSum", "check_bread", "differences_percent"]

LEAST_SUM = 99.5
MOST_SUM = 100.5
_ROUNDING = 1e-9
"""Sums of decimal fractions are not exact; the limits themselves are allowed."""


@dataclass(frozen=True, slots=True)
class BreadLine:
    """A slice: percent of the loaf and whole som, as participants see it and as the budget has it.

    Raises
    ------
    Refused
        A share outside 0 to 100, a negative sum of money, or neither a share nor a sum.
    """

    name: str
    perceived_percent: float | None = None
    perceived_som: int | None = None
    actual_percent: float | None = None
    actual_som: int | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise Refused("bread.nameless")
        for share in (self.perceived_percent, self.actual_percent):
            if share is not None and not (math.isfinite(share) and 0 <= share <= 100):
                raise Refused("bread.share_impossible", name=self.name, share=share)
        for money in (self.perceived_som, self.actual_som):
            if money is not None and money < 0:
                raise Refused("bread.money_negative", name=self.name, money=money)
        if all(
            one is None for one in (self.perceived_percent, self.perceived_som, self.actual_percent, self.actual_som)
        ):
            raise Refused("bread.empty_line", name=self.name)


@dataclass(frozen=True, slots=True)
class BreadSum:
    """What the slices add up to; None where no line tells."""

    perceived_percent: float | None
    perceived_som: int | None
    actual_percent: float | None
    actual_som: int | None


def check_bread(lines: Sequence[BreadLine], *, incomplete: bool = False) -> BreadSum:
    """Make sure that the slices make a whole loaf, each way of telling for itself.

    Parameters
    ----------
    lines
        All slices of an event.
    incomplete
        Whether the minutes do not have all slices: then the shares may sum to less, never to more.

    Raises
    ------
    Refused
        A line named twice, or shares that sum to less than 99.5 % or more than 100.5 %.
    """
    names: set[str] = set()
    for line in lines:
        if fold(line.name) in names:
            raise Refused("bread.repeated", name=line.name)
        names.add(fold(line.name))
    perceived = _total([line.perceived_percent for line in lines])
    actual = _total([line.actual_percent for line in lines])
    for total in (perceived, actual):
        if total is None:
            continue
        too_little = total < LEAST_SUM - _ROUNDING and not incomplete
        if too_little or total > MOST_SUM + _ROUNDING:
            raise Refused("bread.sum", total=f"{total:g}", least=LEAST_SUM, most=MOST_SUM)
    perceived_som = [line.perceived_som for line in lines if line.perceived_som is not None]
    actual_som = [line.actual_som for line in lines if line.actual_som is not None]
    return BreadSum(
        perceived,
        sum(perceived_som) if perceived_som else None,
        actual,
        sum(actual_som) if actual_som else None,
    )


def differences_percent(lines: Sequence[BreadLine], *, incomplete: bool = False) -> tuple[float | None, ...]:
    """Return perceived minus actual share of each line, in percentage points; None where one of them is not known.

    A share known in som alone is its part of the whole loaf, so it needs the som of every line.
    """
    perceived = _shares([(line.perceived_percent, line.perceived_som) for line in lines], incomplete=incomplete)
    actual = _shares([(line.actual_percent, line.actual_som) for line in lines], incomplete=incomplete)
    return tuple(
        None if seen is None or true is None else seen - true for seen, true in zip(perceived, actual, strict=True)
    )


def _shares(told: Sequence[tuple[float | None, int | None]], *, incomplete: bool) -> list[float | None]:
    money = [som for _, som in told if som is not None]
    whole = sum(money) if len(money) == len(told) and not incomplete else 0
    return [
        percent if percent is not None else (100 * som / whole if whole and som is not None else None)
        for percent, som in told
    ]


def _total(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return math.fsum(known) if known else None
