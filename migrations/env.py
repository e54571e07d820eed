"""Alembic's way in: runs the scripts on the connection that `geo.database.schema` hands over."""

from __future__ import annotations

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.ddl.sqlite import SQLiteImpl
from sqlalchemy import Column, Integer, MetaData, Table, Text

from geo.database.geopackage import VERSION_TABLE
from geo.models import Base


def _version_table(*, version_table: str, **_: object) -> Table:
    # A GeoPackage demands an integer key and TEXT of every table, this one too.
    return Table(
        version_table,
        MetaData(),
        Column("fid", Integer, primary_key=True, autoincrement=True),
        Column("version_num", Text, nullable=False, unique=True),
        sqlite_autoincrement=True,
    )


class GeoPackageMigrations(SQLiteImpl):
    """Migrations of the embedded store."""

    __dialect__ = "sqlite"
    transactional_ddl = True

    def version_table_impl(self, **options: object) -> Table:
        """Return the table that holds the revision."""
        return _version_table(**options)  # type: ignore[arg-type]


class PostgisMigrations(PostgresqlImpl):
    """Migrations of the server store."""

    __dialect__ = "postgresql"

    def version_table_impl(self, **options: object) -> Table:
        """Return the table that holds the revision."""
        return _version_table(**options)  # type: ignore[arg-type]


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
