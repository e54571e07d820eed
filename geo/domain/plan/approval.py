"""The path of a plan: planning meeting, assembly, council session, local budget (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from geo.domain.events import EventKind
from geo.domain.plan_codes import ApprovalStep
from geo.errors import Refused
from geo.i18n import Text

__all__ = ["EVENTS_OF_STEPS", "ApprovedStep", "check_path", "next_step", "standing_path"]

EVENTS_OF_STEPS: Mapping[ApprovalStep, EventKind] = MappingProxyType(
    {ApprovalStep.PLANNING_MEETING: EventKind.PLANNING_MEETING, ApprovalStep.ASSEMBLY: EventKind.ASSEMBLY}
)
"""Steps that are events; the council's session and the budget are known by their document."""


@dataclass(frozen=True, slots=True)
class ApprovedStep:
    """A step that was taken."""

    step: ApprovalStep
    taken_on: date


def standing_path(entries: Sequence[ApprovedStep]) -> tuple[ApprovedStep, ...]:
    """Return the path in its order from entries as they were written: the last of each step holds."""
    latest = {entry.step: entry for entry in entries}
    return tuple(latest[step] for step in ApprovalStep if step in latest)


def next_step(entries: Sequence[ApprovedStep]) -> ApprovalStep | None:
    """Return the step that comes next, None once the plan is in the budget."""
    taken = {entry.step for entry in entries}
    return next((step for step in ApprovalStep if step not in taken), None)


def check_path(entries: Sequence[ApprovedStep], new: ApprovedStep, *, correcting: bool, today: date) -> None:
    """Make sure that a step may be written.

    Parameters
    ----------
    entries
        What is written.
    new
        What is to be written.
    correcting
        Whether it takes the place of the same step written before.
    today
        No step was taken after it.

    Raises
    ------
    Refused
        It is not the next step, it was taken already and this is no correction (or the other way round), or the dates
        would not be in the order of the path.
    """
    if new.taken_on > today:
        raise Refused("date.ahead", day=new.taken_on)
    taken = {entry.step for entry in entries}
    word = _word(new.step)
    if new.step in taken and not correcting:
        raise Refused("plan.step_taken", step=word)
    if new.step not in taken and correcting:
        raise Refused("plan.step_not_taken", step=word)
    expected = next_step(entries)
    if new.step not in taken and expected is not None and new.step is not expected:
        raise Refused("plan.step_order", step=word, expected=_word(expected))
    path = standing_path([*entries, new])
    for earlier, later in pairwise(path):
        if later.taken_on < earlier.taken_on:
            raise Refused(
                "plan.step_before",
                step=_word(later.step),
                taken_on=later.taken_on,
                earlier=_word(earlier.step),
                earlier_on=earlier.taken_on,
            )


def _word(step: ApprovalStep) -> Text:
    return Text(f"approval_step.{step}", code=step.value)
