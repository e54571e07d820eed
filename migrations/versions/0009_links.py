"""Links in space: problems with features and with the activities that answer them, activities with their sites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import UtcDateTime
from migrations.tables import create_governed, drop_records, reference

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ENDS = {
    "problem_feature": (("problem_id", "problem"), ("feature_id", "map_feature")),
    "problem_activity": (("problem_id", "problem"), ("activity_id", "activity")),
    "site_proposal": (("activity_id", "activity"), ("feature_id", "map_feature")),
}


def upgrade() -> None:
    standing = sa.text("withdrawn_at IS NULL")
    for table, ((first, of_first), (second, of_second)) in _ENDS.items():
        role = [sa.Column("role", sa.Text, nullable=False)] if table == "problem_feature" else []
        create_governed(
            table,
            reference(first, of_first, needed=True),
            reference(second, of_second, needed=True),
            *role,
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("origin", sa.Text, nullable=False),
            sa.Column("distance_m", sa.Double),
            sa.Column("score", sa.Double),
            sa.Column("reason", sa.Text, nullable=False, server_default=""),
            sa.Column("decided_by", sa.Text, nullable=False, server_default=""),
            sa.Column("decided_at", UtcDateTime),
        )
        op.create_index(
            f"ix_{table}_{first}_{second}",
            table,
            [first, second],
            unique=True,
            sqlite_where=standing,
            postgresql_where=standing,
        )
        op.create_index(f"ix_{table}_{second}", table, [second])


def downgrade() -> None:
    drop_records(*reversed(_ENDS))
