"""What counts rows for tiles runs also where the look-up of foreign keys is spared; on PostGIS only.

A bulk load looks its keys up once (`geo.database.bulk_keys`), and says so by a setting under which other triggers rest.
"""

from __future__ import annotations

from alembic import op

from migrations.tile_counting import TABLES, fire

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _fire("ENABLE ALWAYS")


def downgrade() -> None:
    _fire("ENABLE")


def _fire(when: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            fire(connection, table, when)
