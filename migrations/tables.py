"""How a migration makes a table of records, alike on both engines: keys, bookkeeping, index and register."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from geo.database import geopackage
from geo.i18n import Language, text
from geo.models.types import WGS84_SRS, Id, UtcDateTime, fid_type, geometry

__all__ = ["create_governed", "create_record", "drop_records", "reference", "withdrawal"]


def create_record(
    table: str, *items: sa.schema.SchemaItem, shape: str | None = None, shape_needed: bool = True
) -> None:
    """Make a table of `geo.models.base.Record`.

    Parameters
    ----------
    table
        Its name; the catalogue has its title as ``table.<name>``.
    items
        Columns of its own, and constraints.
    shape
        Geometry type of its column ``geometry`` (EPSG:4326), such as POINT or GEOMETRY; None where it has none.
    shape_needed
        Whether every row has one.
    """
    columns = [sa.Column("geometry", geometry(shape), nullable=not shape_needed)] if shape else []
    op.create_table(
        table,
        sa.Column("fid", fid_type, primary_key=True, autoincrement=True),
        sa.Column("id", Id, nullable=False, unique=True),
        *items,
        *columns,
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        if shape:
            op.create_index(f"ix_{table}_geometry", table, ["geometry"], postgresql_using="gist")
        return
    title = text(f"table.{table}", Language.KY)
    if shape:
        geopackage.register_features(connection, table, title, geometry_type=shape, srs_id=WGS84_SRS)
    else:
        geopackage.register_attributes(connection, {table: title})


def create_governed(
    table: str, *items: sa.schema.SchemaItem, shape: str | None = None, shape_needed: bool = True
) -> None:
    """Make a table of `geo.models.governed.Governed`: a record of one municipality; see `create_record`."""
    create_record(
        table,
        *items,
        reference("municipality_id", "municipality", needed=True),
        *withdrawal(),
        shape=shape,
        shape_needed=shape_needed,
    )
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])


def reference(column: str, table: str, *, needed: bool = False, **options: Any) -> sa.Column[Any]:
    """Return a column that points at the ``id`` of another table."""
    return sa.Column(column, Id, sa.ForeignKey(f"{table}.id", **options), nullable=not needed)


def withdrawal() -> tuple[sa.Column[Any], ...]:
    """Return the columns of `geo.models.governed.Withdrawable`."""
    return (
        sa.Column("published_at", UtcDateTime),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.Column("withdrawn_by", sa.Text, nullable=False, server_default=""),
        sa.Column("withdrawn_reason", sa.Text, nullable=False, server_default=""),
    )


def drop_records(*tables: str) -> None:
    """Drop tables that `create_record` made, in the order given."""
    connection = op.get_bind()
    for table in tables:
        if connection.dialect.name == "sqlite":
            geopackage.unregister(connection, table)
        op.drop_table(table)
