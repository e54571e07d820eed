"""The gallery of problems: statements, problems, merges, causes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import Json, UtcDateTime
from migrations.tables import create_governed, create_record, drop_records, reference

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    create_governed(
        "problem",
        *_texts("level"),
        reference("cycle_id", "cycle", needed=True),
        reference("settlement_id", "settlement"),
        reference("merged_into_id", "problem"),
        *_texts("title"),
        sa.Column("competence", sa.Text),
        sa.Column("is_placed_by_hand", sa.Boolean, nullable=False),
        shape="GEOMETRY",
        shape_needed=False,
    )
    _index("problem", "cycle_id", "settlement_id", "merged_into_id")
    create_governed(
        "problem_statement",
        reference("event_id", "appraisal_event", needed=True),
        reference("problem_id", "problem", needed=True),
        reference("settlement_id", "settlement", needed=True),
        *_texts("wording"),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("competence", sa.Text),
        shape="GEOMETRY",
        shape_needed=False,
    )
    _index("problem_statement", "event_id", "problem_id", "settlement_id")
    create_governed(
        "problem_merge",
        reference("into_id", "problem", needed=True),
        *_texts("reason", "decided_by"),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime),
        *_texts("undone_by", "undone_reason"),
    )
    _index("problem_merge", "into_id")
    create_record(
        "problem_merge_source",
        reference("merge_id", "problem_merge", needed=True),
        reference("problem_id", "problem", needed=True),
        sa.Column("undone_at", UtcDateTime),
    )
    _index("problem_merge_source", "merge_id", "problem_id")
    op.create_index(
        "ix_problem_merge_source_standing",
        "problem_merge_source",
        ["problem_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    create_governed(
        "cause_analysis",
        reference("problem_id", "problem", needed=True),
        reference("event_id", "appraisal_event"),
        *_texts("description"),
        *(sa.Column(name, Json, nullable=False) for name in ("causes", "effects_seen", "effects_to_come", "solutions")),
        *_texts("contribution_ao", "contribution_ak", "contribution_community", "contribution_others"),
        sa.Column("solvable_by", sa.Text),
    )
    _index("cause_analysis", "problem_id", "event_id")


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    drop_records("cause_analysis", "problem_merge_source", "problem_merge", "problem_statement", "problem")
