"""Planned against actual: quantity, money and date (DOMAIN.md section 9)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from geo.errors import Refused

__all__ = ["Actual", "Difference", "Planned", "compare"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned; None where nothing is known."""

    quantity: float | None = None
    som: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Actual:
    """What was found; the quantity in the unit of the plan."""

    quantity: float | None = None
    som: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Actual less planned; None where one of the two is not known, or the plan says 0 for a percentage."""

    quantity: float | None
    quantity_percent: float | None
    """Actual in percent of planned."""
    som: int | None
    som_percent: float | None
    days: int | None
    """Positive: late."""


def compare(planned: Planned, actual: Actual, *, unit: str = "") -> Difference:
    """Return the differences between what was planned and what was found.

    Parameters
    ----------
    unit
        Of both quantities.

    Raises
    ------
    Refused
        A quantity or sum is negative or no number, or a quantity has no unit.

    Examples
    --------
    >>> compare(Planned(3.0, 1_300_000), Actual(2.4, 1_430_000), unit="km").quantity_percent
    80.0
    """
    for value in (planned.quantity, actual.quantity, planned.som, actual.som):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise Refused("visit.amount_impossible", amount=value)
    if not unit.strip() and (planned.quantity is not None or actual.quantity is not None):
        raise Refused("visit.unit_missing")
    return Difference(
        # Decimal fractions are not exact in binary: 2.4 - 3.0 is -0.6, not -0.6000000000000001.
        quantity=_less(actual.quantity, planned.quantity),
        quantity_percent=_percent(actual.quantity, planned.quantity),
        som=None if actual.som is None or planned.som is None else actual.som - planned.som,
        som_percent=_percent(actual.som, planned.som),
        days=None if actual.on is None or planned.on is None else (actual.on - planned.on).days,
    )


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else round(value - other, 9)


def _percent(value: float | None, whole: float | None) -> float | None:
    return None if value is None or not whole else round(100 * value / whole, 1)
