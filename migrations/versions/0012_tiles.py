"""Counts of features by cell, kept tiles, and where something was written: on PostGIS only."""

from __future__ import annotations

from alembic import op

from geo.database.tile_counting import drop_tile_schema, make_tile_schema, watch_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_PUBLISHED = "published_at IS NOT NULL"
_TABLES = {
    "map_feature": ("layer", f"{_PUBLISHED} AND NOT is_sensitive"),
    "problem": ("level", _PUBLISHED),
    "activity": ("purpose", _PUBLISHED),
    "monitoring_visit": ("topic", _PUBLISHED),
}
"""Tables with tiles: the column by which their rows are counted apart, and what everybody may see."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        make_tile_schema(connection)
        for table, (category, public) in _TABLES.items():
            watch_table(connection, table, category=category, public=public)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        drop_tile_schema(connection)
