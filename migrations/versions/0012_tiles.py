"""Counts of features by cell, kept tiles, and where something was written: on PostGIS only."""

from __future__ import annotations

from alembic import op

from geo.database.tile_counting import drop_tile_schema, make_tile_schema, watch_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        make_tile_schema(connection)
        watch_table(connection, "map_feature", category="layer")


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        drop_tile_schema(connection)
