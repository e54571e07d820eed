"""What the public may not learn from published numbers: counts of fewer than 5 people (DOMAIN.md section 11).

A count from 1 to 4 is withheld, and so is whatever would give it away by subtraction. Nobody is no small group: 0
stays. A withheld count is None; its name goes into a list, so that a reader can tell "fewer than 5" from "not known".
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

__all__ = [
    "LEAST_SHOWN",
    "Disclosed",
    "is_small",
    "suppress_counts",
    "suppress_parts",
    "suppress_table",
    "told_sum",
]

LEAST_SHOWN: Final = 5
"""The smallest number of people that the public is told."""

K = TypeVar("K", bound=Hashable)

_PARTS_OF: Final = (
    ("participants", "women"),
    ("members", "women"),
    ("stated_members", "stated_women"),
    ("population", "population_women"),
)
"""Columns that count people together, with the part that is given beside them; the rest are the men."""


@dataclass(frozen=True, slots=True)
class Disclosed(Generic[K]):
    """Numbers as the public may read them.

    Parameters
    ----------
    values
        None where a number is withheld or not known.
    suppressed
        Which are withheld, in the order given.
    """

    values: Mapping[K, int | None]
    suppressed: tuple[K, ...] = ()


def is_small(count: int | None) -> bool:
    """Return whether a count is of so few people that they could be recognised."""
    return count is not None and 0 < count < LEAST_SHOWN


def suppress_counts(counts: Mapping[str, int | None]) -> Disclosed[str]:
    """Withhold small counts of one record, and what would give them away.

    Where a whole and its women are given, the men are their difference: the women are withheld as well where only the
    men are few. The whole stays, unless it is small itself.

    >>> suppress_counts({"participants": 24, "women": 3})
    Disclosed(values={'participants': 24, 'women': None}, suppressed=('women',))
    >>> suppress_counts({"participants": 24, "women": 22}).suppressed
    ('women',)
    >>> suppress_counts({"participants": 24, "women": 13}).suppressed
    ()
    """
    hidden = {name for name, count in counts.items() if is_small(count)}
    for whole, part in _PARTS_OF:
        all_of_them, some = counts.get(whole), counts.get(part)
        if some is not None and all_of_them is not None and is_small(all_of_them - some):
            hidden.add(part)
        if some is not None and whole in hidden:
            hidden.add(part)  # no more than a small whole, so small itself or a hint at it
    return _without(counts, hidden)


def suppress_parts(parts: Mapping[K, int | None], total: int | None) -> Disclosed[K]:
    """Withhold small parts of a total that is shown, and as many others as keep them from being reckoned.

    One withheld part would be the total less the others: the smallest of the others is withheld too. Where the
    withheld together are still few, or leave no doubt (two parts that make 8 are 4 and 4), one more is.

    Parameters
    ----------
    parts
        Counts of people that make up the total; None where one is not known.
    total
        Their sum as it is shown; None where it is not shown, and nothing can be reckoned.

    >>> suppress_parts({"18-35": 2, "36-55": 9, "56+": 30}, 41).suppressed
    ('18-35', '36-55')
    """
    hidden = {name for name, count in parts.items() if is_small(count)}
    unknown = any(count is None for count in parts.values())
    if hidden and total is not None and not unknown:
        others = sorted((name for name in parts if name not in hidden and parts[name]), key=lambda one: parts[one] or 0)
        while others and not _in_doubt([parts[name] or 0 for name in hidden]):
            hidden.add(others.pop(0))
    return _without(parts, hidden)


def suppress_table(rows: Sequence[Mapping[str, int | None]]) -> tuple[Disclosed[str], ...]:
    """Withhold small counts of rows whose columns are also shown as sums.

    Every row by itself as `suppress_counts` has it; then, in each column of which a sum is shown, a lone withheld count
    takes the smallest other one with it.

    Parameters
    ----------
    rows
        Records with the same columns, such as ``participants`` and ``women`` of the sessions of a village.
    """
    hidden = [set(suppress_counts(row).suppressed) for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        known = {index: row[name] for index, row in enumerate(rows) if row.get(name) is not None}
        withheld = {index for index in known if name in hidden[index]}
        others = sorted((count, index) for index, count in known.items() if count and index not in withheld)
        while withheld and others and not _in_doubt([known[index] or 0 for index in withheld]):
            _, further = others.pop(0)
            withheld.add(further)
            hidden[further].add(name)
    return tuple(_without(row, names) for row, names in zip(rows, hidden, strict=True))


def told_sum(counts: Iterable[int | None], *, for_public: bool) -> int | None:
    """Add up counts of people, each of which is told beside the sum.

    For the public without the small ones, which would be the sum less the others.

    Returns
    -------
    int or None
        0 where nothing is known, None where all that is known is withheld.

    >>> told_sum([1000, 3, None], for_public=True), told_sum([3], for_public=True), told_sum([3], for_public=False)
    (1000, None, 3)
    """
    known = [count for count in counts if count is not None]
    shown = [count for count in known if not (for_public and is_small(count))]
    return sum(shown) if shown or not known else None


def _in_doubt(withheld: Sequence[int]) -> bool:
    """Whether the sum of withheld counts is of many, and leaves open what any of them is.

    The sum follows from the total, so it is a count too: of few it would be a small one. If all were from 1 to 4, two
    that make 8 are 4 and 4, and five that make 5 are one each.
    """
    whole, parts = sum(withheld), len(withheld)
    return parts > 1 and whole >= LEAST_SHOWN and parts < whole != (LEAST_SHOWN - 1) * parts


def _without(counts: Mapping[K, int | None], hidden: Iterable[K]) -> Disclosed[K]:
    gone = set(hidden)
    shown = {name: None if name in gone else count for name, count in counts.items()}
    return Disclosed(shown, tuple(name for name in counts if name in gone))
