"""Long work and its progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import Json, UtcDateTime
from migrations.tables import create_governed, drop_records

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_governed(
        "job",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "state", "asked_by", "step", "worker")),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("progress", sa.Double, nullable=False),
        *(sa.Column(name, Json) for name in ("result", "problem")),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        *(sa.Column(name, UtcDateTime) for name in ("started_at", "seen_alive_at", "finished_at")),
    )
    op.create_index("ix_job_state", "job", ["state"])


def downgrade() -> None:
    drop_records("job")
