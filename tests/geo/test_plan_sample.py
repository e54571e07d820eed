"""The Lipenka plan loads on both engines and adds up (DOMAIN.md section 8)."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from uuid import UUID

from sqlalchemy import func, select

from geo.domain.plan_codes import ActivityStage, ContributionForm, ContributionSource, Coverage
from geo.domain.territory import DatePrecision
from geo.models import Activity, Contribution, Plan, Settlement
from geo.services.plan_sample import store_lipenka_plan
from geo.services.plan_summary import plan_summary
from geo.services.workspace import Workspace

TODAY = date(2026, 1, 1)


def test_totals_are_those_of_the_handbook(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        plan_id = store_lipenka_plan(session)
    with workspace.read() as session:
        summary = plan_summary(session, plan_id, today=TODAY)
    assert summary.activities == 6
    assert {source: sums.total for source, sums in summary.by_source.items()} == {
        ContributionSource.LOCAL_BUDGET: 2_300_000 + 4_425_000,
        ContributionSource.COMMUNITY: 0,
        ContributionSource.INVESTOR: 3_000_000,
        ContributionSource.STATE: 0,
        ContributionSource.SEVERAL: 2_500_000,
    }
    assert summary.by_source[ContributionSource.SEVERAL].at_least
    assert not summary.by_source[ContributionSource.LOCAL_BUDGET].at_least
    assert (summary.money.total, summary.money.received, summary.money.promised) == (12_225_000, 12_225_000, 0)
    assert summary.money.at_least
    assert summary.money.untold == 2
    assert summary.by_form[ContributionForm.LABOUR].untold == 1
    assert [(one.stage, one.activities) for one in summary.by_stage] == [(ActivityStage.DONE, 6)]
    assert [(one.activities, one.money.total) for one in summary.by_goal] == [(5, 12_225_000), (1, 0)]
    assert summary.late == ()
    assert summary.gap_unknown == 6


def test_places_dates_and_hectares(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        plan_id = store_lipenka_plan(session)
    with workspace.read() as session:
        rows = session.execute(
            select(Activity, Settlement.name_ky)
            .outerjoin(Settlement, Settlement.id == Activity.settlement_id)
            .where(Activity.plan_id == plan_id, Activity.quantity_unit == "га")
            .order_by(Activity.fid)
        )
        told = [(name, one.quantity, one.coverage, one.status_since, one.status_precision) for one, name in rows]
    assert told[:3] == [
        ("Липенка", 220, Coverage.SETTLEMENT, date(2012, 7, 1), DatePrecision.MONTH),
        ("Богатыровка", 284, Coverage.SETTLEMENT, date(2013, 1, 1), DatePrecision.YEAR),
        ("Ичке-Булуң", 333, Coverage.SETTLEMENT, date(2013, 10, 1), DatePrecision.MONTH),
    ]
    assert [(name, hectares) for name, hectares, *_ in told[3:]] == [(None, 426), (None, 5.5)]


def test_loading_twice_changes_nothing(workspace: Workspace) -> None:
    for _ in range(2):
        with workspace.write(actor="test") as session:
            store_lipenka_plan(session)
    with workspace.read() as session:
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (Plan, Activity, Contribution)]
        assert counts == [1, 6, 6]
        assert set(session.scalars(select(Plan.version))) == {1}


def _ids(value: object) -> list[UUID]:
    if isinstance(value, dict):
        own = [UUID(value["id"])] if "id" in value else []
        return own + [one for part in value.values() for one in _ids(part)]
    return [one for part in value for one in _ids(part)] if isinstance(value, list) else []


def test_ids_are_distinct_and_of_version_seven() -> None:
    ids = _ids(json.loads(files("geo.sample").joinpath("lipenka_plan.json").read_text("utf-8")))
    assert len(set(ids)) == len(ids) == 1 + 1 + 2 + 2 + 6 + 6
    assert {one.version for one in ids} == {7}
