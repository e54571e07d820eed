"""Monitoring visits, their findings, scores and photos, indicators, and exit polls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import Id, Json, UtcDateTime, som_type
from migrations.tables import create_governed, drop_records, reference

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


_INDEXED = {
    "monitoring_visit": ("activity_id", "feature_id", "group_id", "settlement_id", "corrects_id", "visited_at"),
    "finding": ("visit_id",),
    "follow_up": ("visit_id", "finding_id", "follows_id"),
    "checklist_score": ("visit_id",),
    "visit_photo": ("visit_id", "image_sha256"),
    "indicator": ("activity_id", "settlement_id"),
    "indicator_value": ("indicator_id", "visit_id"),
    "exit_poll_answer": ("settlement_id",),
}
"""Tables in the order in which they refer to each other, with their plain indexes."""


def upgrade() -> None:
    _create_visits()
    _create_photos()
    _create_measures()
    for table, columns in _INDEXED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "ix_checklist_score_visit_id_item",
        "checklist_score",
        ["visit_id", "item"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    drop_records(*reversed(_INDEXED))


def _create_visits() -> None:
    create_governed(
        "monitoring_visit",
        reference("activity_id", "activity"),
        reference("feature_id", "map_feature"),
        reference("group_id", "people_group"),
        reference("settlement_id", "settlement", needed=True),
        reference("corrects_id", "monitoring_visit"),
        sa.Column("chain_id", Id, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _words("topic"),
        _words("service"),
        _words("method"),
        sa.Column("visited_at", UtcDateTime, nullable=False),
        sa.Column("located_at", UtcDateTime),
        sa.Column("accuracy_m", sa.Double),
        sa.Column("members", Json, nullable=False),
        sa.Column("member_count", sa.Integer),
        _words("quantity_unit"),
        sa.Column("planned_quantity", sa.Double),
        sa.Column("actual_quantity", sa.Double),
        sa.Column("planned_som", som_type),
        sa.Column("actual_som", som_type),
        sa.Column("planned_on", sa.Date),
        sa.Column("actual_on", sa.Date),
        sa.Column("standard_met", sa.Boolean),
        _words("summary"),
        _words("recommendations"),
        sa.UniqueConstraint("chain_id", "number"),
        shape="POINT",
        shape_needed=False,
    )
    create_governed(
        "finding",
        reference("visit_id", "monitoring_visit", needed=True),
        _words("severity"),
        _words("words"),
        shape="POINT",
        shape_needed=False,
    )
    create_governed(
        "follow_up",
        reference("visit_id", "monitoring_visit", needed=True),
        reference("finding_id", "finding"),
        reference("follows_id", "follow_up"),
        _words("words"),
        sa.Column("due_on", sa.Date),
        sa.Column("done_on", sa.Date),
        _words("done_by"),
    )
    create_governed(
        "checklist_score",
        reference("visit_id", "monitoring_visit", needed=True),
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        _words("comment"),
    )


def _create_photos() -> None:
    create_governed(
        "visit_photo",
        reference("visit_id", "monitoring_visit", needed=True),
        _words("caption"),
        _words("image_sha256"),
        _words("image_format"),
        sa.Column("image_bytes", sa.Integer, nullable=False),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
        _words("large_sha256"),
        _words("small_sha256"),
        sa.Column("taken_at", UtcDateTime),
        sa.Column("time_source", sa.Text),
        sa.Column("accuracy_m", sa.Double),
        sa.UniqueConstraint("visit_id", "image_sha256"),
        shape="POINT",
        shape_needed=False,
    )


def _create_measures() -> None:
    create_governed(
        "indicator",
        reference("activity_id", "activity"),
        reference("settlement_id", "settlement"),
        _words("title"),
        _words("kind"),
        _words("measure"),
        _words("direction"),
        _words("unit"),
        sa.Column("baseline", sa.Double),
        sa.Column("baseline_year", sa.Integer),
        sa.Column("target", sa.Double),
        sa.Column("target_year", sa.Integer),
        _words("source"),
    )
    create_governed(
        "indicator_value",
        reference("indicator_id", "indicator", needed=True),
        reference("visit_id", "monitoring_visit"),
        sa.Column("measured_on", sa.Date, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        _words("note"),
    )
    create_governed(
        "exit_poll_answer",
        reference("settlement_id", "settlement", needed=True),
        _words("service"),
        sa.Column("asked_on", sa.Date, nullable=False),
        *(sa.Column(name, sa.Integer) for name in ("conditions", "staff", "information", "requirements", "timing")),
        sa.Column("has_result", sa.Boolean),
        sa.Column("official_som", som_type),
        sa.Column("unofficial_som", som_type),
        sa.Column("related_som", som_type),
        sa.Column("sex", sa.Text),
        sa.Column("age", sa.Text),
    )


def _words(column: str) -> sa.Column[str]:
    return sa.Column(column, sa.Text, nullable=False)
