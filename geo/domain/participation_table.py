"""How many came, by kind of event, and women's share told both ways (DOMAIN.md section 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.domain.disclosure import suppress_counts
from geo.domain.events import EventKind
from geo.domain.participation import Participation, participation_share

__all__ = ["EventCount", "ParticipationRow", "ParticipationTable", "participation_table"]


@dataclass(frozen=True, slots=True)
class EventCount:
    """Head counts of one event; None where the minutes do not say."""

    kind: EventKind
    participants: int | None
    women: int | None


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """All events of a kind.

    Attributes
    ----------
    events
        How many there were.
    counted
        Of how many both numbers are given; participants, women and the share are of these alone.
    women_percent
        None where nobody was counted.
    """

    kind: EventKind
    events: int
    counted: int
    participants: int
    women: int
    women_percent: float | None


@dataclass(frozen=True, slots=True)
class ParticipationTable:
    """Rows by kind, and the two figures over them, which must never be told without saying which one it is.

    Attributes
    ----------
    mean_of_shares_percent
        Plain mean of the rows' shares: every kind of event weighs the same.
    pooled_percent
        All women over all participants: every person weighs the same.
    """

    rows: tuple[ParticipationRow, ...]
    participants: int
    women: int
    mean_of_shares_percent: float | None
    pooled_percent: float | None


def participation_table(events: Iterable[EventCount], *, for_public: bool) -> ParticipationTable:
    """Sum head counts by kind of event.

    Parameters
    ----------
    events
        Standing events.
    for_public
        Whether counts of fewer than 5 people are withheld. An event whose counts are withheld is left out of the sums:
        with it, a reader could reckon them from the sum and the other events.
    """
    by_kind: dict[EventKind, list[EventCount]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(_disclosed(event) if for_public else event)
    rows = tuple(_row(kind, by_kind[kind]) for kind in EventKind if kind in by_kind)
    counts = [(row.participants, row.women) for row in rows if row.participants]
    share: Participation | None = participation_share(counts) if counts else None
    return ParticipationTable(
        rows=rows,
        participants=sum(row.participants for row in rows),
        women=sum(row.women for row in rows),
        mean_of_shares_percent=share.mean_of_shares if share else None,
        pooled_percent=share.pooled if share else None,
    )


def _disclosed(event: EventCount) -> EventCount:
    told = suppress_counts({"participants": event.participants, "women": event.women}).values
    return EventCount(event.kind, told["participants"], told["women"])


def _row(kind: EventKind, events: list[EventCount]) -> ParticipationRow:
    known = [(one.participants, one.women) for one in events if one.participants is not None and one.women is not None]
    participants, women = sum(people for people, _ in known), sum(women for _, women in known)
    return ParticipationRow(
        kind=kind,
        events=len(events),
        counted=len(known),
        participants=participants,
        women=women,
        women_percent=100 * women / participants if participants else None,
    )
