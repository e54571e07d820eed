"""In how many municipalities or villages a matter is a priority (DOMAIN.md section 6, thirteen municipalities)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from geo.domain.gallery.ranking import Ranked, rank

__all__ = ["count_priorities"]

K = TypeVar("K", bound=Hashable)


def count_priorities(priorities: Mapping[K, Collection[str]]) -> tuple[Ranked[str], ...]:
    """Count the places in which each matter is a priority, the most frequent first; ties share a rank.

    Parameters
    ----------
    priorities
        By place: the matters of its priorities. A matter that is there twice counts once.

    >>> [(one.key, one.votes) for one in count_priorities({"a": ["4", "6", "4"], "b": ["4"]})]
    [('4', 2), ('6', 1)]
    """
    places: dict[str, set[K]] = {}
    for place, matters in priorities.items():
        for matter in matters:
            places.setdefault(matter, set()).add(place)
    return rank({matter: len(found) for matter, found in places.items()})
