"""What the people of the whole sample do beside filling in forms: draw, merge, match, approve, publish.

Every deed is done once: what is there already, or was decided otherwise since, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from geo.domain.clock import local_today
from geo.domain.match_status import MatchStatus
from geo.domain.plan_codes import ActivityStage, ApprovalStep
from geo.domain.problems import ProblemLevel
from geo.domain.rights import LOCAL
from geo.models import Activity, BudgetShare, MapFeature, Plan, PlanApproval, ProblemMerge, Settlement
from geo.sample.session_x import load_session_x
from geo.sample.whole import sample_id, sample_places, sample_shape
from geo.services.bread import NewSlice, replace_bread
from geo.services.event_contents import publish_event
from geo.services.feature_matches import confirm, list_matches
from geo.services.gallery_merging import merge_problems
from geo.services.match_proposals import propose
from geo.services.plan_approval import enter_step
from geo.services.plan_progress import set_status
from geo.services.plan_publishing import publish_plan
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import change, create_many, publish
from geo.services.sample_records import SampleRecords
from geo.services.visit_sample import store_lipenka_visits
from geo.snapshots import Names

__all__ = ["DEEDS"]

Step = Mapping[str, Any]


def _fill(records: SampleRecords, step: Step) -> None:
    """Fill in fields that nobody has filled in yet."""
    of_kind, record_id = RESOURCES[step["what"]], sample_id(step["key"])
    record: Any = records.session.scalars(select(of_kind.model).where(of_kind.model.id == record_id)).one()
    empty = {name: value for name, value in step["fields"].items() if getattr(record, name) is None}
    if empty:
        change(records.session, of_kind, record_id, empty, actor=LOCAL, seen=None)


def _mark_sample(records: SampleRecords, step: Step) -> None:
    """Say of a village that it is none; no form has that field."""
    village = records.session.scalars(select(Settlement).where(Settlement.id == sample_id(step["key"]))).one()
    village.is_sample = True
    records.session.flush()


def _session_x(records: SampleRecords, step: Step) -> None:
    """Write down circles, ties and notes of session X as its minutes have them; places are those of the drawing."""
    said, event = load_session_x(), f"@{step['key']}"
    circles: dict[str, str] = {}
    for number, circle in enumerate(said.circles, start=1):
        circles[circle["name_ky"]] = key = f"x.circle.{number}"
        place = step["places"].get(circle["name_ky"])
        told = {"place": sample_places()[place]["place"], "origin": "village_x"} if place else {}
        records.store("institution-circles", key, {**circle, **told, "event_id": event})
    for number, tie in enumerate(said.ties, start=1):
        ends = {"first_id": f"@{circles[tie['first']]}", "second_id": f"@{circles[tie['second']]}"}
        rest = {name: value for name, value in tie.items() if name not in ("first", "second")}
        records.store("institution-ties", f"x.tie.{number}", {**rest, **ends})
    for number, note in enumerate(said.notes, start=1):
        records.store("village-notes", f"x.note.{number}", {**note, "settlement_id": "@village_x", "event_id": event})


def _bread_x(records: SampleRecords, step: Step) -> None:
    event_id = sample_id(step["key"])
    if records.session.scalar(select(BudgetShare.fid).where(BudgetShare.event_id == event_id).limit(1)) is not None:
        return
    slices = []
    for line in load_session_x().bread:
        percent, som = step["actual"][line["name_ky"]]
        slices.append(
            NewSlice(
                names=Names(line["name_ky"], line["name_ru"], line["name_en"]),
                perceived_percent=line["perceived_percent"],
                actual_percent=percent,
                actual_som=som,
                note=step["note"],
            )
        )
    replace_bread(records.session, event_id, slices, actor=LOCAL)
    records.made += len(slices)


def _statements_x(records: SampleRecords, step: Step) -> None:
    for number, said in enumerate(load_session_x().statements, start=1):
        place = step["places"].get(str(number))
        told = {"place": place, "origin": "village_x"} if place else {}
        fields = {**said, **told, "event_id": f"@{step['key']}", "competence": step["competences"].get(str(number))}
        records.store("problem-statements", f"s.x.{number}", fields)


def _draw(records: SampleRecords, step: Step) -> None:
    """Draw places of village X as one group sees them, somewhat off; not where a sheet was digitised already."""
    event_id, of_kind = sample_id(step["event"]), RESOURCES["map-features"]
    drawn = select(MapFeature.fid).where(MapFeature.event_id == event_id).execution_options(with_withdrawn=True)
    if records.session.scalar(drawn.limit(1)) is not None:
        return
    forms = []
    for name in step["places"]:
        fields = {key: value for key, value in sample_places()[name].items() if key != "place"}
        shape = sample_shape(sample_places()[name]["place"], origin="village_x", shift_m=tuple(step["shift"]))
        form = of_kind.form.model_validate(
            {
                **fields,
                "settlement_id": sample_id("village_x"),
                "event_id": event_id,
                "position_error_m": step["error"],
                "geometry": shape,
            }
        )
        forms.append((form, sample_id(f"{step['event']}/{name}")))
    records.made += len(create_many(records.session, of_kind, forms, actor=LOCAL))


def _match(records: SampleRecords, step: Step) -> None:
    if not records.is_new:
        return
    settlement_id = sample_id(step["settlement"])
    propose(records.session, settlement_id)
    for one in list_matches(records.session, settlement_id, statuses=(MatchStatus.PROPOSED,)):
        confirm(records.session, one.id)


def _merge(records: SampleRecords, step: Step) -> None:
    level = ProblemLevel(step["level"])
    parts = []
    for key in step["parts"]:
        path = records.merged_above(key)
        if level is ProblemLevel.MUNICIPALITY:
            parts.append(next(one for one in reversed(path) if one.level is ProblemLevel.SETTLEMENT))
        else:
            parts.append(path[0])
    if records.is_new and all(one.merged_into_id is None for one in parts):
        merge_problems(
            records.session,
            [one.id for one in parts],
            reason=step["reason"],
            title=step["title"],
            level=level,
            competence=step["competence"],
        )


def _stage(records: SampleRecords, step: Step) -> None:
    if not records.is_new:
        return
    set_status(
        records.session,
        sample_id(step["activity"]),
        stage=ActivityStage(step["stage"]),
        since=date.fromisoformat(step["since"]),
        actor=LOCAL,
        today=local_today(),
    )


def _approve(records: SampleRecords, step: Step) -> None:
    plan_id = sample_id(step["plan"])
    entered = select(PlanApproval.fid).where(PlanApproval.plan_id == plan_id, PlanApproval.step == step["step"])
    if not records.is_new or records.session.scalar(entered.limit(1)) is not None:
        return
    enter_step(
        records.session,
        plan_id,
        step=ApprovalStep(step["step"]),
        taken_on=date.fromisoformat(step["on"]),
        event_id=sample_id(step["event"]) if step["event"] else None,
        document=step["document"],
        actor=LOCAL,
        today=local_today(),
    )


def _show_event(records: SampleRecords, step: Step) -> None:
    if records.is_new:
        publish_event(records.session, sample_id(step["event"]), actor=LOCAL)


def _show_merged(records: SampleRecords, step: Step) -> None:
    """Show problems that were made by merging, and why they were."""
    if not records.is_new:
        return
    above = {one.id for key in step["parts"] for one in records.merged_above(key)[1:]}
    merges = records.session.scalars(select(ProblemMerge.id).where(ProblemMerge.into_id.in_(above))).all()
    for name, ids in (("problems", above), ("problem-merges", merges)):
        for one in ids:
            publish(records.session, RESOURCES[name], one, actor=LOCAL, seen=None, shown=True)


def _show_plan(records: SampleRecords, step: Step) -> None:
    if records.is_new:
        publish_plan(records.session, sample_id(step["plan"]), actor=LOCAL)


def _lipenka(records: SampleRecords, _step: Step) -> None:
    """Store the plan of Lipenka with its visits; shown where it comes new."""
    before = set(records.session.scalars(select(Plan.id)))
    visits = store_lipenka_visits(records.session)
    for plan_id in set(records.session.scalars(select(Plan.id))) - before:
        publish_plan(records.session, plan_id, actor=LOCAL)
        records.made += 1 + len(visits)
        works = records.session.scalars(select(Activity.id).where(Activity.plan_id == plan_id)).all()
        records.made += len(works)


DEEDS: Mapping[str, Callable[[SampleRecords, Step], None]] = MappingProxyType(
    {
        "fill": _fill,
        "mark-sample": _mark_sample,
        "session-x": _session_x,
        "bread-x": _bread_x,
        "statements-x": _statements_x,
        "draw": _draw,
        "match": _match,
        "merge": _merge,
        "stage": _stage,
        "approve": _approve,
        "show-event": _show_event,
        "show-merged": _show_merged,
        "show-plan": _show_plan,
        "lipenka": _lipenka,
    }
)
"""What a step does that makes no single record, by its name."""
