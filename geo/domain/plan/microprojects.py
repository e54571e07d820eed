"""The steps of a microproject, in order (DOMAIN.md section 8, steps of the investment agency).

Two meetings of the village, between them a committee; what the community puts up; the agreement of three parties; work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from geo.domain.plan.periods import period
from geo.domain.plan_codes import GroupKind, MicroprojectStep
from geo.domain.territory import DatePrecision
from geo.errors import Refused
from geo.i18n import Text

__all__ = ["AGREEING_PARTIES", "MicroprojectFacts", "StepTaken", "check_microproject", "steps_of"]

AGREEING_PARTIES = 3


@dataclass(frozen=True, slots=True)
class MicroprojectFacts:
    """What is known of a microproject.

    Parameters
    ----------
    first_meeting_on, second_meeting_on
        Days of the village's meetings.
    committee_kind, committee_on
        What group the committee is, and since when it is confirmed.
    community_gave
        Whether the community's contribution has come, in cash, materials or labour.
    parties
        Who signs the agreement.
    agreed_on
        When they signed.
    work_begun_on, completed_on, begun_precision, completed_precision
        From the activity's history: days, or first days of months and years.
    """

    first_meeting_on: date | None = None
    committee_kind: GroupKind | None = None
    committee_on: date | None = None
    second_meeting_on: date | None = None
    community_gave: bool = False
    parties: tuple[str, ...] = ()
    agreed_on: date | None = None
    work_begun_on: date | None = None
    completed_on: date | None = None
    begun_precision: DatePrecision = DatePrecision.DAY
    completed_precision: DatePrecision = DatePrecision.DAY


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step and whether it has been taken; ``taken_on`` is None where the day is not known."""

    step: MicroprojectStep
    is_taken: bool
    taken_on: date | None = None
    precision: DatePrecision = DatePrecision.DAY


def steps_of(facts: MicroprojectFacts) -> tuple[StepTaken, ...]:
    """Return every step in order, with those that were taken."""
    taken: dict[MicroprojectStep, tuple[bool, date | None]] = {
        MicroprojectStep.FIRST_MEETING: (facts.first_meeting_on is not None, facts.first_meeting_on),
        MicroprojectStep.COMMITTEE: (facts.committee_kind is not None, facts.committee_on),
        MicroprojectStep.SECOND_MEETING: (facts.second_meeting_on is not None, facts.second_meeting_on),
        MicroprojectStep.CONTRIBUTION: (facts.community_gave, None),
        MicroprojectStep.AGREEMENT: (facts.agreed_on is not None, facts.agreed_on),
        MicroprojectStep.WORK: (facts.work_begun_on is not None, facts.work_begun_on),
        MicroprojectStep.COMPLETION: (facts.completed_on is not None, facts.completed_on),
    }
    known_to = {
        MicroprojectStep.WORK: facts.begun_precision,
        MicroprojectStep.COMPLETION: facts.completed_precision,
    }
    return tuple(StepTaken(step, *taken[step], known_to.get(step, DatePrecision.DAY)) for step in MicroprojectStep)


def check_microproject(facts: MicroprojectFacts) -> tuple[Text, ...]:
    """Compare a microproject with the agency's steps.

    Returns
    -------
    tuple of Text
        A warning for each step that was passed over.

    Raises
    ------
    Refused
        The committee is a group of another kind, a later step has an earlier date, or an agreement was signed by other
        than three different parties.
    """
    if facts.committee_kind not in {None, GroupKind.INVESTMENT_COMMITTEE}:
        raise Refused("microproject.no_committee")
    parties = {party.strip().casefold() for party in facts.parties} - {""}
    if facts.agreed_on is not None and len(parties) != AGREEING_PARTIES:
        raise Refused("microproject.three_parties", parties=len(parties))
    steps = steps_of(facts)
    _check_dates(steps)
    last = max((at for at, one in enumerate(steps) if one.is_taken), default=0)
    return tuple(
        Text("microproject.step_missing", {"step": _word(one.step)}) for one in steps[:last] if not one.is_taken
    )


def _check_dates(steps: Sequence[StepTaken]) -> None:
    dated = [(one.step, one.taken_on, period(one.taken_on, one.precision)) for one in steps if one.taken_on is not None]
    for (earlier, earlier_on, began), (later, later_on, ended) in combinations(dated, 2):
        if ended.last < began.first:
            raise Refused(
                "microproject.step_before",
                step=_word(later),
                taken_on=later_on,
                earlier=_word(earlier),
                earlier_on=earlier_on,
            )


def _word(step: MicroprojectStep) -> Text:
    return Text(f"microproject_step.{step}", code=step.value)
