"""Loads in bulk look foreign keys up once: nothing may get in that the server itself would have refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from psycopg2.errors import ForeignKeyViolation
from shapely.geometry import Point
from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from geo.database.bulk_keys import FEWEST_ROWS, keys_looked_up_once
from geo.database.database import Database
from geo.database.schema import upgrade
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.models import MapFeature
from geo.repositories.features import FeatureRepository
from tests.geo.tile_world import Village, make_villages

ROLE = text("SELECT current_setting('session_replication_role')")


@pytest.fixture
def database(postgis_url: str) -> Iterator[Database]:
    upgrade(postgis_url)
    database = Database(postgis_url)
    yield database
    database.dispose()


@pytest.fixture
def village(database: Database) -> Village:
    return make_villages(database, 1)[0]


def features(village: Village, count: int = FEWEST_ROWS) -> list[NewFeature]:
    return [NewFeature(kind=Kind.WELL, geometry=Point(village.place)) for _ in range(count)]


def stored(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(MapFeature)) or 0


def spared(session: Session, table: Table, keys: dict[str, Any]) -> bool:
    with keys_looked_up_once(session, table, keys):
        return session.scalar(ROLE) == "replica"


def keys_of(village: Village, **others: Any) -> dict[str, Any]:
    given: dict[str, Any] = {name: [] for name in ("event_id", "sheet_id", "candidate_id")}
    return {**given, "settlement_id": [village.id], **others}


def table() -> Table:
    found = MapFeature.__table__
    assert isinstance(found, Table)
    return found


def test_a_load_is_spared_the_look_up_of_each_row_and_counted_for_tiles(database: Database, village: Village) -> None:
    with database.write(actor="test") as session:
        assert spared(session, table(), keys_of(village))
        assert session.scalar(ROLE) == "origin"
        FeatureRepository(session).load(features(village), settlement_id=village.id)
        assert session.scalar(ROLE) == "origin"
    with database.read() as session:
        assert session.scalar(text("SELECT sum(rows) FROM tiles.cell WHERE table_name = 'map_feature'")) == FEWEST_ROWS
        assert session.scalar(text("SELECT count(*) FROM tiles.change WHERE table_name = 'map_feature'"))


@pytest.mark.parametrize("count", [1, FEWEST_ROWS])
@pytest.mark.parametrize("column", ["settlement_id", "event_id", "sheet_id", "candidate_id"])
def test_what_refers_to_nothing_is_refused_in_the_servers_words(
    database: Database, village: Village, column: str, count: int
) -> None:
    given: dict[str, Any] = {"settlement_id": village.id}
    given |= {"candidate_ids": {0: uuid4()}} if column == "candidate_id" else {column: uuid4()}
    rows = [NewFeature(kind=Kind.WELL, geometry=Point(village.place), candidate=0) for _ in range(count)]
    with database.write(actor="test") as session, pytest.raises(ForeignKeyViolation, match=f"fk_map_feature_{column}"):
        FeatureRepository(session).load(rows, **given)
    assert stored(database) == 0


def test_what_a_load_refers_to_cannot_be_deleted_before_it_ends(database: Database, village: Village) -> None:
    with database.write(actor="test") as session:
        FeatureRepository(session).load(features(village), settlement_id=village.id)
        with pytest.raises(DBAPIError, match="lock timeout"), database.write_engine.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '200ms'"))
            other.execute(text("DELETE FROM settlement WHERE id = :id"), {"id": village.id})
    with pytest.raises(IntegrityError), database.write_engine.begin() as other:
        other.execute(text("DELETE FROM settlement WHERE id = :id"), {"id": village.id})
    assert stored(database) == FEWEST_ROWS


def test_who_deletes_first_has_the_load_refused(database: Database, village: Village) -> None:
    with database.write_engine.begin() as other:
        other.execute(text("DELETE FROM membership"))
        other.execute(text("DELETE FROM settlement"))
    with database.write(actor="test") as session:
        assert not spared(session, table(), keys_of(village))


def test_a_fault_of_the_program_within_leaves_the_keys_guarded(database: Database, village: Village) -> None:
    with database.write(actor="test") as session:
        with pytest.raises(ZeroDivisionError), keys_looked_up_once(session, table(), keys_of(village)):
            _ = 1 / 0
        assert session.scalar(ROLE) == "origin"
        with pytest.raises(ForeignKeyViolation), session.begin_nested():
            FeatureRepository(session).load(features(village, 1), settlement_id=uuid4())


def test_a_fault_of_the_server_within_a_savepoint_leaves_the_keys_guarded(database: Database, village: Village) -> None:
    with database.write(actor="test") as session:
        with (
            pytest.raises(DBAPIError, match="division by zero"),
            session.begin_nested(),
            keys_looked_up_once(session, table(), keys_of(village)),
        ):
            session.execute(text("SELECT 1 / 0"))
        assert session.scalar(ROLE) == "origin"


def test_values_of_every_key_have_to_be_told(database: Database, village: Village) -> None:
    keys = keys_of(village)
    del keys["event_id"]
    with database.write(actor="test") as session, pytest.raises(ValueError, match="event_id"):
        spared(session, table(), keys)


def test_many_values_are_left_to_the_server(database: Database, village: Village) -> None:
    with database.write(actor="test") as session:
        assert not spared(session, table(), keys_of(village, candidate_id=[uuid4() for _ in range(500)]))


def test_a_role_without_the_right_loads_as_the_server_always_does(database: Database, village: Village) -> None:
    with clerk(database) as name:
        for granted in (False, True):
            with database.write_engine.begin() as connection:
                if granted:
                    connection.execute(text(f"GRANT SET ON PARAMETER session_replication_role TO {name}"))
            with database.write(actor="test") as session:
                session.execute(text(f"SET LOCAL ROLE {name}"))
                assert spared(session, table(), keys_of(village)) is granted
                FeatureRepository(session).load(features(village), settlement_id=village.id)
    assert stored(database) == 2 * FEWEST_ROWS


def test_nothing_rests_but_the_keys_that_are_looked_up(database: Database) -> None:
    """Whoever gives the table a trigger says here whether it runs during a load in bulk."""
    on_insert = 4  # of tgtype: pg_trigger.h, TRIGGER_TYPE_INSERT
    with database.read() as session:
        resting = session.scalars(
            text(
                "SELECT coalesce(conname, tgname)"
                " FROM pg_trigger LEFT JOIN pg_constraint ON pg_constraint.oid = tgconstraint"
                f" WHERE tgrelid = 'map_feature'::regclass AND tgenabled <> 'A' AND tgtype::integer & {on_insert} <> 0"
            )
        ).all()
    assert set(resting) == {f"fk_map_feature_{column.name}" for column in table().columns if column.foreign_keys}


@contextmanager
def clerk(database: Database) -> Iterator[str]:
    """Lend a role that may write everything and set nothing; the server outlives the test, so it is dropped."""
    name = f"clerk_{uuid4().hex[:12]}"
    with database.write_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name}"))
        for schema in ("public", "tiles"):
            connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {name}"))
            connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {name}"))
            connection.execute(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"))
    try:
        yield name
    finally:
        with database.write_engine.begin() as connection:
            connection.execute(text(f"REVOKE ALL ON PARAMETER session_replication_role FROM {name}"))
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))
