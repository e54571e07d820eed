"""Plans, groups and microprojects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import Json, som_type
from migrations.tables import create_governed, drop_records, reference

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_plans()
    _create_groups()
    _create_activities()
    create_governed(
        "microproject",
        reference("activity_id", "activity", needed=True),
        *_texts("title"),
        reference("committee_id", "people_group"),
        reference("first_meeting_id", "appraisal_event"),
        reference("second_meeting_id", "appraisal_event"),
        sa.Column("agreed_on", sa.Date),
        *_texts("party_local_government", "party_community", "party_agency", "note"),
    )
    _index("microproject", "activity_id", "committee_id", "first_meeting_id", "second_meeting_id")


def downgrade() -> None:
    drop_records("microproject", "contribution", "activity_status", "activity", "group_member", "people_group")
    drop_records("task", "plan_goal", "plan_approval", "plan")


def _create_plans() -> None:
    create_governed(
        "plan",
        reference("cycle_id", "cycle", needed=True),
        *_texts("title"),
        *_numbers("year_from", "year_to"),
        *_texts("note"),
    )
    _index("plan", "cycle_id")
    create_governed(
        "plan_approval",
        reference("plan_id", "plan", needed=True),
        *_texts("step"),
        sa.Column("taken_on", sa.Date, nullable=False),
        reference("event_id", "appraisal_event"),
        *_texts("document", "set_by"),
        reference("corrects_id", "plan_approval"),
    )
    _index("plan_approval", "plan_id", "event_id")
    create_governed(
        "plan_goal",
        reference("plan_id", "plan", needed=True),
        reference("problem_id", "problem"),
        *_numbers("ordinal"),
        *_texts("problem_statement", "goal", "indicator", "unit"),
        sa.Column("baseline_value", sa.Double),
        sa.Column("baseline_year", sa.Integer),
        sa.Column("target_value", sa.Double),
        sa.Column("target_year", sa.Integer),
        sa.Column("interim", Json, nullable=False),
    )
    _index("plan_goal", "plan_id", "problem_id")
    create_governed("task", reference("goal_id", "plan_goal", needed=True), *_numbers("ordinal"), *_texts("title"))
    _index("task", "goal_id")


def _create_groups() -> None:
    create_governed(
        "people_group",
        *_texts("kind"),
        reference("cycle_id", "cycle"),
        reference("settlement_id", "settlement"),
        *_texts("name", "purpose"),
        sa.Column("confirmed_on", sa.Date),
        *_texts("confirmed_by"),
        sa.Column("stated_members", sa.Integer),
        sa.Column("stated_women", sa.Integer),
        *_texts("note"),
    )
    _index("people_group", "cycle_id", "settlement_id")
    create_governed(
        "group_member",
        reference("group_id", "people_group", needed=True),
        *_texts("name", "contact"),
        sa.Column("sex", sa.Text),
        reference("settlement_id", "settlement"),
        *_texts("standing"),
        sa.Column("is_young", sa.Boolean, nullable=False),
        sa.Column("is_poor_household", sa.Boolean, nullable=False),
        *_texts("role"),
        sa.Column("joined_on", sa.Date),
        sa.Column("left_on", sa.Date),
    )
    _index("group_member", "group_id", "settlement_id")


def _create_activities() -> None:
    create_governed(
        "activity",
        reference("plan_id", "plan", needed=True),
        reference("task_id", "task"),
        reference("settlement_id", "settlement"),
        *_numbers("ordinal"),
        *_texts("purpose", "title", "result", "indicators"),
        sa.Column("quantity", sa.Double),
        *_texts("quantity_unit"),
        sa.Column("deadline_from", sa.Date),
        sa.Column("deadline_to", sa.Date),
        *_texts("deadline_precision"),
        sa.Column("responsible", sa.Text),
        reference("responsible_group_id", "people_group"),
        *_texts("responsible_note"),
        sa.Column("beneficiaries_direct", sa.Integer),
        sa.Column("beneficiaries_indirect", sa.Integer),
        sa.Column("need_som", som_type),
        sa.Column("capacity_som", som_type),
        *_texts("currency"),
        reference("site_feature_id", "map_feature"),
        *_texts("status"),
        sa.Column("status_since", sa.Date),
        *_texts("status_precision", "coverage", "note"),
        shape="GEOMETRY",
        shape_needed=False,
    )
    _index("activity", "plan_id", "task_id", "settlement_id", "responsible_group_id")
    op.create_index("ix_activity_site", "activity", ["site_feature_id"])
    create_governed(
        "activity_status",
        reference("activity_id", "activity", needed=True),
        *_texts("status"),
        sa.Column("since", sa.Date, nullable=False),
        *_texts("precision", "set_by", "note"),
        reference("corrects_id", "activity_status"),
    )
    _index("activity_status", "activity_id")
    create_governed(
        "contribution",
        reference("activity_id", "activity", needed=True),
        *_texts("source", "form", "state"),
        reference("promise_id", "contribution"),
        sa.Column("amount_som", som_type),
        sa.Column("at_least", sa.Boolean, nullable=False),
        *_texts("currency"),
        sa.Column("on_date", sa.Date),
        *_texts("giver", "note"),
    )
    _index("contribution", "activity_id", "promise_id")


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.Integer, nullable=False) for name in names)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
