"""What keeps tiles true on PostGIS: triggers that count rows by cell and tell where something was written.

A GeoPackage needs none of it: its tiles are made from its R-tree each time. As migration 0012 makes it: what a
migration has done is never changed, another one changes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

__all__ = ["count_anew", "drop_tile_schema", "make_tile_schema", "watch_table"]

_SQL = Path(__file__).parent / "sql"


def make_tile_schema(connection: Connection) -> None:
    """Make the schema ``tiles`` with its tables and functions."""
    connection.exec_driver_sql(_template("tile_schema"))
    connection.exec_driver_sql(_template("tile_sweep"))


def drop_tile_schema(connection: Connection) -> None:
    """Drop all that `make_tile_schema` made."""
    connection.exec_driver_sql("DROP SCHEMA tiles CASCADE")


def watch_table(connection: Connection, table: str, *, category: str, public: str) -> None:
    """Let a table's rows be counted and its changes be told, from those that are there already on.

    Parameters
    ----------
    table
        A table with ``geometry``, ``published_at`` and ``withdrawn_at``.
    category, public
        SQL expressions on a row: counts are kept apart by the first; the second says whether everybody may see it, as
        `geo.repositories.visibility.published` does.
    """
    # A driver takes % for a placeholder only where values are bound; here there are none.
    for statement in _triggers(table, category, public):
        connection.exec_driver_sql(statement)
    count_anew(connection, table, category=category, public=public)


def count_anew(connection: Connection, table: str, *, category: str, public: str) -> None:
    """Count all rows of a table that stand, and hold every tile of it for outdated."""
    connection.exec_driver_sql(f"DELETE FROM tiles.cell WHERE table_name = '{table}'")
    connection.exec_driver_sql(_touched(_rows(table, category, public, sign=1)) + _counted(table))
    connection.exec_driver_sql(_template("tile_all_changed").format(table=table))


def _triggers(table: str, category: str, public: str) -> Iterator[str]:
    inserted, removed = _rows("inserted", category, public, sign=1), _rows("removed", category, public, sign=-1)
    notes = {
        "INSERT": _note(table, inserted),
        "UPDATE": _note(table, f"{inserted} UNION ALL {removed}"),
        "DELETE": _note(table, removed),
        "TRUNCATE": _template("tile_emptied").format(table=table) + _template("tile_all_changed").format(table=table),
    }
    cases = "\n".join(f"WHEN '{event}' THEN\n{note}" for event, note in notes.items())
    yield _template("tile_written").format(table=table, cases=cases)
    tables = {
        "INSERT": "REFERENCING NEW TABLE AS inserted",
        "UPDATE": "REFERENCING OLD TABLE AS removed NEW TABLE AS inserted",
        "DELETE": "REFERENCING OLD TABLE AS removed",
        "TRUNCATE": "",
    }
    for event, referencing in tables.items():
        yield (
            f"CREATE TRIGGER {table}_{event.lower()}_tiles AFTER {event} ON {table} {referencing} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION tiles.{table}_written()"
        )


def _rows(rows: str, category: str, public: str, *, sign: int) -> str:
    return _template("tile_rows").format(rows=rows, category=category, public=public, sign=sign)


def _note(table: str, touched: str) -> str:
    return _template("tile_note").format(table=table, touched=_touched(touched), counted=_counted(table))


def _touched(rows: str) -> str:
    return _template("tile_touched").format(rows=rows)


def _counted(table: str) -> str:
    return _template("tile_counted").format(table=table)


def _template(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
