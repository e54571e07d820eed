"""Sheets are withdrawn but never lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.errors import Refused
from migrations.tables import withdrawal

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in withdrawal():
        op.add_column("sketch_sheet", column)


def downgrade() -> None:
    # Without these columns what people took away would stand again as if nothing had been.
    withdrawn = op.get_bind().scalar(sa.text("SELECT count(*) FROM sketch_sheet WHERE withdrawn_at IS NOT NULL"))
    if withdrawn:
        raise Refused("database.withdrawn_rows", number=withdrawn, table="sketch_sheet")
    for column in reversed(withdrawal()):
        op.drop_column("sketch_sheet", column.name)
