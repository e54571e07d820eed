"""Indicators: baseline, target and the values between, with honest progress (DOMAIN.md sections 8 and 9)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geo.domain.monitoring_codes import Direction, IndicatorState, Measure
from geo.errors import Refused
from geo.i18n import Text

__all__ = ["Measured", "Progress", "Yardstick", "check_value", "check_yardstick", "progress", "review_yardstick"]

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What an indicator measures against; a value that is not known is None."""

    measure: Measure
    direction: Direction
    baseline: float | None = None
    baseline_year: int | None = None
    target: float | None = None
    target_year: int | None = None

    def gain(self, start: float, end: float) -> float:
        """Return by how much ``end`` is better than ``start``, negative where it is worse."""
        return end - start if self.direction is Direction.HIGHER else start - end


@dataclass(frozen=True, slots=True)
class Measured:
    """A value and the day it was measured on."""

    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an indicator stands."""

    state: IndicatorState
    share: float | None
    """Way from baseline to target that is behind us: 1 at the target, above 1 beyond it, below 0 worse than at the
    beginning; never cut off. None without values, without baseline or target, or where there is no way to go."""
    latest: Measured | None
    remaining: float | None
    """By how much the latest value must still get better; 0 at the target and beyond."""


def check_yardstick(yardstick: Yardstick) -> None:
    """Refuse an indicator that measures nothing.

    Raises
    ------
    Refused
        A value is no number, or the target's year lies before the baseline's.
    """
    for value in (yardstick.baseline, yardstick.target):
        if value is not None:
            check_value(value)
    first, last = yardstick.baseline_year, yardstick.target_year
    if first is not None and last is not None and last < first:
        raise Refused("indicator.years_reversed", baseline_year=first, target_year=last)


def check_value(value: float) -> None:
    """Refuse a value that is no number.

    Raises
    ------
    Refused
        It is infinite or not a number.
    """
    if not math.isfinite(value):
        raise Refused("indicator.not_a_number")


def review_yardstick(yardstick: Yardstick) -> tuple[Text, ...]:
    """Return what an indicator lacks or contradicts itself in (warn)."""
    said: list[Text] = []
    baseline, target = yardstick.baseline, yardstick.target
    if baseline is None:
        said.append(Text("indicator.no_baseline"))
    if target is None:
        said.append(Text("indicator.no_target"))
    if baseline is not None and target is not None and yardstick.gain(baseline, target) < 0:
        said.append(Text("indicator.target_worse"))
    if yardstick.measure is Measure.PERCENT:
        said += [
            Text("indicator.percent_outside", {"value": value})
            for value in (baseline, target)
            if value is not None and not 0 <= value <= 100
        ]
    return tuple(said)


def progress(yardstick: Yardstick, values: Sequence[Measured]) -> Progress:
    """Return how far an indicator has come.

    Parameters
    ----------
    values
        What was measured, in any order; of two of one day the later in the sequence counts.

    Notes
    -----
    Where baseline and target are the same, the aim is to keep what there is: it is reached as long as the latest value
    is not worse, and no share is given, for there is no way to go. The same holds for a target worse than the baseline.

    Examples
    --------
    >>> distance = Yardstick(Measure.NUMBER, Direction.LOWER, baseline=800, target=200)
    >>> progress(distance, [Measured(date(2015, 5, 1), 350)]).share
    0.75
    """
    if not values:
        return Progress(IndicatorState.NO_VALUES, None, None, None)
    newest = max(enumerate(values), key=lambda pair: (pair[1].on, pair[0]))[1]
    baseline, target = yardstick.baseline, yardstick.target
    remaining = None if target is None else max(0.0, yardstick.gain(newest.value, target))
    way = None if baseline is None or target is None else yardstick.gain(baseline, target)
    come = None if baseline is None else yardstick.gain(baseline, newest.value)
    share = come / way if come is not None and way is not None and way > _near(way, baseline, target) else None
    return Progress(_state(yardstick, newest.value, come=come), share, newest, remaining)


def _state(yardstick: Yardstick, value: float, *, come: float | None) -> IndicatorState:
    near = _near(value, yardstick.baseline, yardstick.target)
    if yardstick.target is not None:
        beyond = yardstick.gain(yardstick.target, value)
        if abs(beyond) <= near:
            return IndicatorState.REACHED
        if beyond > 0:
            return IndicatorState.BEYOND
    if come is None:
        return IndicatorState.NOT_REACHED
    if come < -near:
        return IndicatorState.WORSE
    if come <= near:
        return IndicatorState.UNCHANGED
    return IndicatorState.ON_THE_WAY


def _near(*values: float | None) -> float:
    return _SAME * max((abs(value) for value in values if value is not None), default=0.0)
