"""The checklist of a municipal service: 18 items that mirror the fields of a service standard, 30 points in all.

The method gives the 18 items and the total (DOMAIN.md section 9), not how the points are shared out. Here: 12 items are
scored 0 (no), 1 (partly), 2 (yes); the 6 that can only be there or not are scored 0 or 1. 12 × 2 + 6 × 1 = 30.
Every score needs a comment. A checklist may be partial: it says so, and is compared item by item only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.domain.monitoring_codes import ChecklistItem
from geo.errors import Refused

__all__ = ["ITEMS", "MOST_POINTS", "MOST_TOTAL", "Change", "Score", "Totals", "changes", "check_score", "totals"]

ITEMS: tuple[ChecklistItem, ...] = tuple(ChecklistItem)
"""Item 1 is the first."""

MOST_TOTAL = 30

_THERE_OR_NOT = frozenset(
    {
        ChecklistItem.PROVIDER,
        ChecklistItem.LEGAL_BASIS,
        ChecklistItem.INFORMER,
        ChecklistItem.CONFIDENTIALITY,
        ChecklistItem.REFUSAL,
        ChecklistItem.REVIEW,
    }
)

MOST_POINTS: Mapping[int, int] = MappingProxyType(
    {number: 1 if item in _THERE_OR_NOT else 2 for number, item in enumerate(ITEMS, start=1)}
)
"""Number of an item, 1 to 18: the most points it can get."""


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one item."""

    item: int
    """1 to 18."""
    points: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a checklist comes to."""

    points: int
    most: int
    """That the scored items could have brought: 30 of a whole checklist."""
    scored: int
    missing: tuple[int, ...]
    """Numbers of the items without a score."""

    @property
    def is_partial(self) -> bool:
        """Whether items are missing: its points say nothing beside those of a whole one."""
        return bool(self.missing)

    @property
    def percent(self) -> float | None:
        """Points in percent of those possible; None without any score."""
        return round(100 * self.points / self.most, 1) if self.most else None


@dataclass(frozen=True, slots=True)
class Change:
    """One item in two checklists; positive: better."""

    item: int
    earlier: int
    later: int

    @property
    def points(self) -> int:
        """Later less earlier."""
        return self.later - self.earlier


def check_score(score: Score) -> None:
    """Refuse a score that the checklist does not know.

    Raises
    ------
    Refused
        There is no such item, the points are more than it can get or less than 0, or the comment is missing.

    Examples
    --------
    >>> check_score(Score(2, 1, "Аты-жөнү эшикте жазылган"))
    """
    if score.item not in MOST_POINTS:
        raise Refused("checklist_score.no_such_item", item=score.item, items=len(ITEMS))
    most = MOST_POINTS[score.item]
    if not 0 <= score.points <= most:
        raise Refused("checklist_score.out_of_scale", item=score.item, points=score.points, most=most)
    if not score.comment.strip():
        raise Refused("checklist_score.comment_missing", item=score.item)


def totals(scores: Iterable[Score]) -> Totals:
    """Return what the scores of one checklist come to.

    Raises
    ------
    Refused
        A score is refused by `check_score`, an item is scored twice, or the total exceeds 30.
    """
    given: dict[int, int] = {}
    for score in scores:
        check_score(score)
        if score.item in given:
            raise Refused("checklist_score.twice", item=score.item)
        given[score.item] = score.points
    points = sum(given.values())
    if points > MOST_TOTAL:
        raise Refused("checklist_score.total", points=points, most=MOST_TOTAL)
    return Totals(
        points=points,
        most=sum(MOST_POINTS[item] for item in given),
        scored=len(given),
        missing=tuple(item for item in MOST_POINTS if item not in given),
    )


def changes(earlier: Iterable[Score], later: Iterable[Score]) -> tuple[Change, ...]:
    """Return the items that both checklists scored, in their order, changed or not."""
    before = {score.item: score.points for score in earlier}
    after = {score.item: score.points for score in later}
    return tuple(Change(item, before[item], after[item]) for item in MOST_POINTS if item in before and item in after)
