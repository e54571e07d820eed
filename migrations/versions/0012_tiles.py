"""Counts of features by cell, kept tiles, and where something was written: on PostGIS only.

On both engines, what few features have is indexed for those alone: a bulk load writes three entries less a row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.tile_counting import TABLES, drop_tile_schema, make_tile_schema, watch_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SELDOM_KNOWN = ("event_id", "sheet_id", "candidate_id")


def upgrade() -> None:
    for column in _SELDOM_KNOWN:
        known = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_map_feature_{column}", "map_feature")
        op.create_index(f"ix_map_feature_{column}", "map_feature", [column], postgresql_where=known, sqlite_where=known)
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        make_tile_schema(connection)
        for table, (category, public) in TABLES.items():
            watch_table(connection, table, category=category, public=public)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        drop_tile_schema(connection)
    for column in _SELDOM_KNOWN:
        op.drop_index(f"ix_map_feature_{column}", "map_feature")
        op.create_index(f"ix_map_feature_{column}", "map_feature", [column])
