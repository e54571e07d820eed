"""Whether there is money enough to begin (DOMAIN.md section 8, budget rules of the council handbook)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.domain.plan_codes import Viability

__all__ = ["Gap", "financial_gap", "gap_of_all"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Need and what there is to meet it, in som.

    Parameters
    ----------
    need_som, capacity_som
        None where not known.
    """

    need_som: int | None
    capacity_som: int | None

    @property
    def gap_som(self) -> int | None:
        """Need less capacity; below nought where there is more than is needed."""
        if self.need_som is None or self.capacity_som is None:
            return None
        return self.need_som - self.capacity_som

    @property
    def gap_percent(self) -> float | None:
        """The gap as a share of the need, for showing; what is viable is told from whole som."""
        if self.gap_som is None or not self.need_som:
            return None
        return 100 * self.gap_som / self.need_som

    @property
    def viability(self) -> Viability:
        """Not viable with a gap above half of the need; a gap of exactly half is viable."""
        if self.gap_som is None or self.need_som is None:
            return Viability.UNKNOWN
        return Viability.NOT_VIABLE if 2 * self.gap_som > self.need_som else Viability.VIABLE


def financial_gap(need_som: int | None, capacity_som: int | None, *, contributed_som: int = 0) -> Gap:
    """Return the gap of an activity.

    Parameters
    ----------
    need_som
        What it costs.
    capacity_som
        What the municipality can put up, as people entered it; where they did not, what was promised or came counts.
    contributed_som
        That sum; nothing promised and nothing entered is not known, not nought.
    """
    return Gap(need_som, contributed_som or None if capacity_som is None else capacity_som)


def gap_of_all(gaps: Iterable[Gap]) -> Gap:
    """Return the gap of a plan: over the activities whose need and capacity are both known."""
    known = [one for one in gaps if one.gap_som is not None]
    if not known:
        return Gap(None, None)
    return Gap(sum(one.need_som or 0 for one in known), sum(one.capacity_som or 0 for one in known))
