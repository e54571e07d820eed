"""What inks and strokes mean on the sheets of an event."""

from __future__ import annotations

import sqlalchemy as sa

from geo.models.types import Json
from migrations.tables import create_record, drop_records, reference

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_record(
        "event_legend",
        reference("event_id", "appraisal_event", needed=True),
        sa.Column("entries", Json, nullable=False),
        sa.UniqueConstraint("event_id"),
    )


def downgrade() -> None:
    drop_records("event_legend")
