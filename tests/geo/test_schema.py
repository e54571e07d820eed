"""Migrations up and down on both engines, and the model is what they make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import Geometry
from sqlalchemy import UniqueConstraint, create_engine, inspect, text

from geo.database.database import Database
from geo.database.engine import database_url as database_address
from geo.database.engine import make_engine
from geo.database.geopackage import VERSION_TABLE
from geo.database.schema import downgrade, head_revision, upgrade
from geo.drafts import NewSheet
from geo.errors import Refused
from geo.models import Base, MapFeature
from geo.models.base import now
from geo.services.sheets import store_sheet
from geo.services.workspace import Workspace

SYSTEM_TABLES = {
    "spatial_ref_sys",
    "sqlite_sequence",
    "geography_columns",
    "geometry_columns",
    VERSION_TABLE,
    "layer_styles",
}


def user_tables(database_url: str) -> set[str]:
    engine = create_engine(database_url)
    try:
        return {
            name
            for name in inspect(engine).get_table_names()
            if name not in SYSTEM_TABLES and not name.startswith(("rtree_", "gpkg_"))
        }
    finally:
        engine.dispose()


def test_up_makes_every_table_of_the_model(database_url: str) -> None:
    upgrade(database_url)
    assert user_tables(database_url) == set(Base.metadata.tables)


def test_down_leaves_nothing_and_up_works_again(workspace: Workspace, event_id: UUID, sheet: NewSheet) -> None:
    database_url = workspace.database.url.render_as_string(hide_password=False)
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
    workspace.database.dispose()
    downgrade(database_url, "base")
    assert user_tables(database_url) == set()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        if workspace.database.is_geopackage:
            left = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type != 'index'")))
            assert left == {VERSION_TABLE, "sqlite_sequence"} & left
        else:
            ours = text("SELECT count(*) FROM pg_views WHERE schemaname = 'public' AND viewname = 'land'")
            assert connection.scalar(ours) == 0
    engine.dispose()
    upgrade(database_url)
    assert user_tables(database_url) == set(Base.metadata.tables)


def test_down_and_up_neither_shows_what_was_hidden_nor_brings_back_what_was_withdrawn(
    workspace: Workspace, event_id: UUID, sheet: NewSheet
) -> None:
    database_url = workspace.database.url.render_as_string(hide_password=False)
    with workspace.write(actor="test") as session:
        store_sheet(session, workspace.pictures, event_id, sheet)
        hidden = session.query(MapFeature).one()
        hidden.is_sensitive, hidden.published_at = True, now()
    workspace.database.dispose()
    downgrade(database_url, "0009")
    upgrade(database_url)
    with workspace.write(actor="test") as session:
        feature = session.query(MapFeature).one()
        assert (feature.is_sensitive, feature.published_at) == (False, None)
        feature.withdrawn_at = now()
    workspace.database.dispose()
    with pytest.raises(Refused) as refused:
        downgrade(database_url, "0003")
    assert refused.value.key == "database.withdrawn_rows"
    upgrade(database_url)
    with workspace.read() as session:
        assert session.scalar(text("SELECT withdrawn_at FROM map_feature")) is not None


def keys(rows: Iterable[Any], *names: str) -> set[tuple[object, ...]]:
    return {tuple(tuple(row[name]) if isinstance(row[name], list) else row[name] for name in names) for row in rows}


def test_model_and_migrations_agree_on_references_and_indexes(database: Database) -> None:
    engine = make_engine(database.url, writable=False)
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        references = {
            ((constraint.column_keys[0],), constraint.referred_table.name, ("id",))
            for constraint in table.foreign_key_constraints
        }
        stored = keys(found.get_foreign_keys(table.name), "constrained_columns", "referred_table", "referred_columns")
        assert stored == references, table.name
        indexes = {index.name for index in table.indexes if not (database.is_geopackage and "geometry" in index.name)}
        assert {row["name"] for row in found.get_indexes(table.name) if not row.get("duplicates_constraint")} == indexes
        uniques = {
            tuple(constraint.columns.keys())
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        }
        assert {columns for (columns,) in keys(found.get_unique_constraints(table.name), "column_names")} == uniques
    engine.dispose()


def test_alembic_finds_nothing_to_do_on_postgis(postgis_url: str) -> None:
    upgrade(postgis_url)
    engine = make_engine(database_address(postgis_url), writable=False)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                # Reflected without an SRID where that is 0, as for pixels; the other tests store geometries.
                "compare_type": lambda _c, _i, _m, stored, _model: False if isinstance(stored, Geometry) else None,
                "include_name": lambda name, kind, _parents: kind != "table" or name not in SYSTEM_TABLES,
            },
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database.url.render_as_string(hide_password=False))
    with database.read() as session:
        assert session.scalars(text(f"SELECT version_num FROM {VERSION_TABLE}")).all() == [head_revision()]


def test_columns_have_the_same_nullability_as_the_model(database: Database) -> None:
    engine = make_engine(database.url, writable=False)
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        stored = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        expected = {column.name: bool(column.nullable) for column in table.columns}
        assert stored == expected, table.name
    engine.dispose()
