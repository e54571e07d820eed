"""What the plan says of an activity, in words; the chain says the rest."""

from __future__ import annotations

from babel.numbers import format_decimal

from geo.domain.labels import label
from geo.domain.plan_codes import Coverage
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, CycleSnapshot
from maps.web.words import day_in_words

__all__ = ["activity_facts", "money_total", "place_in_words"]


def money_total(activity: ActivitySnapshot) -> int | None:
    """Return what an activity costs in whole som: its need, else what was promised or came; None where not known."""
    if activity.gap and activity.gap.need_som is not None:
        return activity.gap.need_som
    given = [one.amount_som for one in activity.contributions if one.amount_som is not None]
    return sum(given) if given else None


def place_in_words(activity: ActivitySnapshot, cycle: CycleSnapshot, language: Language) -> str:
    """Return where an activity is done."""
    settlement = cycle.settlement(activity.settlement_id)
    if activity.coverage is Coverage.MUNICIPALITY or settlement is None:
        return text("web_map.whole_municipality", language)
    name = settlement.names.best(language)
    whole = text("web_map.whole_settlement", language)
    return f"{name}: {whole.lower()}" if activity.coverage is Coverage.SETTLEMENT else name


def activity_facts(activity: ActivitySnapshot, cycle: CycleSnapshot, language: Language) -> tuple[tuple[str, str], ...]:
    """List what the plan says of an activity as pairs of heading and words, in reading order."""
    goal = next(
        (
            one
            for one in (cycle.plan.goals if cycle.plan else ())
            for task in one.tasks
            if activity.id in {own.id for own in task.activities}
        ),
        None,
    )
    responsible = label(activity.responsible, language) if activity.responsible else ""
    if activity.responsible_note:
        responsible = f"{responsible} ({activity.responsible_note})" if responsible else activity.responsible_note
    beneficiaries = [
        text("web_map.people", language, number=number)
        for number in (activity.beneficiaries_direct,)
        if number is not None
    ]
    deadline = ""
    if activity.deadline_to:
        deadline = day_in_words(activity.deadline_to, activity.deadline_precision, language)
    quantity = ""
    if activity.quantity is not None:
        number = format_decimal(activity.quantity, locale=language.value)
        quantity = f"{number} {activity.quantity_unit}".strip()
    worded = (
        ("place_of", place_in_words(activity, cycle, language)),
        ("goal", goal.goal if goal else ""),
        ("quantity", quantity),
        ("expected", activity.result),
        ("deadline", deadline),
        ("responsible", responsible),
        ("beneficiaries", ", ".join(beneficiaries)),
    )
    return tuple((text(f"web_map.{key}", language), words) for key, words in worded if words)
