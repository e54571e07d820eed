"""Signs of the members who made a visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("monitoring_visit", sa.Column("signs", Json))


def downgrade() -> None:
    op.drop_column("monitoring_visit", "signs")
