"""The schema's version: upgraded and downgraded by Alembic, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.database.driver_errors import translated
from geo.database.engine import database_url, geopackage_path, make_engine
from geo.database.geopackage import VERSION_TABLE, check_is_ours
from geo.errors import Failed, Refused

__all__ = ["check_is_current", "current_revision", "downgrade", "head_revision", "is_known_revision", "upgrade"]


def _config(connection: Connection | None = None) -> Config:
    import migrations  # noqa: PLC0415 - the scripts import this package

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


@cache
def head_revision() -> str:
    """Return the revision that this program expects; its migrations are read once."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a store, None where it is empty."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def check_is_current(engine: Engine, path: Path | None) -> None:
    """Make sure that a store has the schema of this program.

    Raises
    ------
    Refused
        The store is empty, older or newer; the message says which command to run.
    """
    if path is not None and not path.exists():
        raise Refused("database.not_set_up")
    with engine.connect() as connection:
        found = current_revision(connection)
    if found is None:
        raise Refused("database.not_set_up")
    if found != head_revision():
        raise Refused("database.older_schema" if is_known_revision(found) else "database.newer_schema")


def is_known_revision(revision: str | None) -> bool:
    """Return whether this program has the migration to a revision."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a store up to a revision, making the GeoPackage if there is none; all or nothing.

    Raises
    ------
    Refused
        The file is not ours.
    Failed, Unavailable
        It cannot be written, or is busy or away.
    """
    _migrate(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Take a store down to a revision; ``base`` leaves it empty."""
    _migrate(url, lambda config: command.downgrade(config, revision))


def _migrate(url: str, step: Callable[[Config], None]) -> None:
    address = database_url(url)
    path = geopackage_path(address)
    claimed = False
    if path is not None:
        check_is_ours(path)
        claimed = _claim(path)
    engine = make_engine(address, writable=True)
    try:
        with translated():
            if path is not None:
                _set_journal(engine)
            with engine.begin() as connection:
                if path is None:
                    _want_postgis(connection)
                step(_config(connection))
    except BaseException:
        if claimed and path is not None:
            for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                leftover.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def _claim(path: Path) -> bool:
    """Make an empty file where there is none; True for the one who made it, who alone may take it away again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as error:
        raise Failed("database.cannot_open") from error
    return True


def _set_journal(engine: Engine) -> None:
    # The journal mode is kept in the file, and cannot be set inside a transaction.
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _want_postgis(connection: Connection) -> None:
    there = text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")
    if connection.scalar(there):
        return
    try:
        connection.execute(text("CREATE EXTENSION postgis"))
    except DBAPIError as error:
        raise Refused("database.no_postgis") from error
