"""How an activity goes on: its stages, which may follow which, and corrections (DOMAIN.md section 8).

The history only grows. An entry entered wrongly is answered by a new one that points at it and stands in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from uuid import UUID

from geo.domain.plan.periods import check_not_ahead, period
from geo.domain.plan_codes import ActivityStage
from geo.domain.territory import DatePrecision
from geo.errors import NotFound, Refused
from geo.i18n import Text

__all__ = ["NEXT_STAGES", "StatusEntry", "add_entry", "standing_history"]

NEXT_STAGES: Mapping[ActivityStage, frozenset[ActivityStage]] = MappingProxyType(
    {
        ActivityStage.PLANNED: frozenset({ActivityStage.FUNDED, ActivityStage.UNDER_WAY, ActivityStage.STOPPED}),
        ActivityStage.FUNDED: frozenset({ActivityStage.PLANNED, ActivityStage.UNDER_WAY, ActivityStage.STOPPED}),
        ActivityStage.UNDER_WAY: frozenset({ActivityStage.DONE, ActivityStage.STOPPED}),
        ActivityStage.DONE: frozenset(),
        ActivityStage.STOPPED: frozenset({ActivityStage.PLANNED, ActivityStage.FUNDED, ActivityStage.UNDER_WAY}),
    }
)
"""What may follow what. A history may begin with any stage: papers of earlier years tell of work long done.
Money may fall through (funded, then planned again), work that was stopped may go on; what is done is only undone by a
correction."""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One line of an activity's history."""

    id: UUID
    stage: ActivityStage
    since: date
    precision: DatePrecision = DatePrecision.DAY
    corrects_id: UUID | None = None
    """The entry in whose place this one stands."""


def standing_history(entries: Sequence[StatusEntry]) -> tuple[StatusEntry, ...]:
    """Return the history that holds, from entries in the order in which they were written.

    A correction stands where the entry was that it corrects; one that repeats the stage before it takes that entry
    back, and is left out.
    """
    chain: list[StatusEntry] = []
    for entry in entries:
        if entry.corrects_id is None:
            chain.append(entry)
        else:
            chain = [entry if one.id == entry.corrects_id else one for one in chain]
    return tuple(entry for at, entry in enumerate(chain) if at == 0 or entry.stage is not chain[at - 1].stage)


def add_entry(entries: Sequence[StatusEntry], new: StatusEntry, *, today: date) -> tuple[Text, ...]:
    """Look at a new entry before it is written.

    Parameters
    ----------
    entries
        What is written, in the order in which it was.
    new
        What is to be written.
    today
        No stage begins after it.

    Returns
    -------
    tuple of Text
        Warnings: work that begins before money for it is noted.

    Raises
    ------
    Refused
        The stage is the present one, it may not follow the one before it, its date lies before the one before it or
        ahead of today, or the entry to correct has itself been corrected.
    NotFound
        The entry to correct is not of this history.
    """
    check_not_ahead(new.since, new.precision, today=today)
    if new.corrects_id is not None:
        _check_correctable(entries, new.corrects_id)
    before = standing_history(entries)
    if new.corrects_id is None and before and before[-1].stage is new.stage:
        raise Refused("activity.same_stage", stage=_word(new.stage))
    history = standing_history([*entries, new])
    for earlier, later in pairwise(history):
        if later.stage not in NEXT_STAGES[earlier.stage]:
            raise Refused("activity.stage_order", earlier=_word(earlier.stage), later=_word(later.stage))
        if period(later.since, later.precision).last < period(earlier.since, earlier.precision).first:
            raise Refused("activity.stage_before", since=later.since, earlier=earlier.since)
    unfunded = new.stage is ActivityStage.UNDER_WAY and ActivityStage.FUNDED not in {one.stage for one in history}
    return (Text("activity.not_funded", {}),) if unfunded and len(history) > 1 else ()


def _check_correctable(entries: Sequence[StatusEntry], corrected: UUID) -> None:
    if corrected not in {entry.id for entry in entries}:
        raise NotFound("record.unknown", id=corrected)
    if corrected in {entry.corrects_id for entry in entries}:
        raise Refused("activity.corrected_already", id=corrected)


def _word(stage: ActivityStage) -> Text:
    return Text(f"stage.{stage}", code=stage.value)
