"""The programme of an event: what comes when (DOMAIN.md section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from geo.domain.events import EventKind
from geo.errors import Refused
from geo.i18n import LANGUAGES, Text, text

__all__ = ["SESSION_PROGRAMME", "ProgrammeItem", "check_programme", "default_programme"]


@dataclass(frozen=True, slots=True)
class ProgrammeItem:
    """One point of a programme.

    Parameters
    ----------
    starts, ends
        Times of day where the event is held; the end is None where it is not set.
    title
        What is done, by language code.

    Raises
    ------
    Refused
        It ends before it begins, or has no title.
    """

    starts: time
    title: dict[str, str]
    ends: time | None = None

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends <= self.starts:
            raise Refused("programme.reversed", starts=_hours(self.starts), ends=_hours(self.ends))
        if not any(words.strip() for words in self.title.values()):
            raise Refused("programme.nameless", starts=_hours(self.starts))


SESSION_PROGRAMME: tuple[tuple[time, time, str], ...] = (
    (time(10, 0), time(10, 15), "programme.greeting"),
    (time(10, 15), time(10, 20), "programme.aims"),
    (time(10, 20), time(11, 20), "programme.map_and_venn"),
    (time(11, 20), time(12, 10), "programme.bread"),
    (time(12, 10), time(12, 30), "programme.gallery"),
)
"""The method's session: beginning, end, and message key of each point."""


def default_programme(kind: EventKind) -> tuple[ProgrammeItem, ...]:
    """Return the method's programme of an event; empty for the kinds for which it has none."""
    if kind is not EventKind.SESSION:
        return ()
    return tuple(
        ProgrammeItem(starts, {language.value: text(key, language) for language in LANGUAGES}, ends)
        for starts, ends, key in SESSION_PROGRAMME
    )


def check_programme(items: Sequence[ProgrammeItem]) -> tuple[Text, ...]:
    """Compare the points of a programme with one another.

    Returns
    -------
    tuple of Text
        Warnings where one point begins before the last one ends.

    Raises
    ------
    Refused
        Points are not in the order of their beginning.
    """
    found: list[Text] = []
    for earlier, later in pairwise(items):
        times = {"earlier": _hours(earlier.starts), "later": _hours(later.starts)}
        if later.starts < earlier.starts:
            raise Refused("programme.order", **times)
        if earlier.ends is not None and later.starts < earlier.ends:
            found.append(Text("programme.overlap", times))
    return tuple(found)


def _hours(moment: time) -> str:
    return moment.strftime("%H.%M")
