"""Decisions that two problems are not the same one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.tables import create_governed, drop_records, reference

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    standing = sa.text("withdrawn_at IS NULL")
    create_governed(
        "problem_distinction",
        reference("first_id", "problem", needed=True),
        reference("second_id", "problem", needed=True),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("decided_by", sa.Text, nullable=False),
    )
    op.create_index(
        "ix_problem_distinction_first_id_second_id",
        "problem_distinction",
        ["first_id", "second_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_problem_distinction_second_id", "problem_distinction", ["second_id"])


def downgrade() -> None:
    drop_records("problem_distinction")
