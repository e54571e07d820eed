"""What keeps tiles true on PostGIS: triggers that count rows by cell and tell where something was written.

A GeoPackage needs none of it: its tiles are made from its R-tree each time. What a migration has done is never changed,
another one changes it: 0012 makes it all, 0019 has the triggers reckon the box of a row once, 0020 has them always run.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

__all__ = ["TABLES", "Reckoning", "count_anew", "drop_tile_schema", "fire", "make_tile_schema", "reckon", "watch_table"]

_SQL = Path(__file__).parent / "sql"
_PUBLISHED = "published_at IS NOT NULL"
TABLES = {
    "map_feature": ("layer", f"{_PUBLISHED} AND NOT is_sensitive"),
    "problem": ("level", _PUBLISHED),
    "activity": ("purpose", _PUBLISHED),
    "monitoring_visit": ("topic", _PUBLISHED),
}
"""Tables with tiles: the column by which their rows are counted apart, and what everybody may see."""

_EVENTS = {
    "INSERT": "REFERENCING NEW TABLE AS inserted",
    "UPDATE": "REFERENCING OLD TABLE AS removed NEW TABLE AS inserted",
    "DELETE": "REFERENCING OLD TABLE AS removed",
    "TRUNCATE": "",
}


class Reckoning(StrEnum):
    """How triggers read where written rows lie; the value is the name of the SQL file."""

    EACH_SIDE = "tile_rows"
    """As migration 0012 has it: the box of a row anew for each of its sides, and wherever one is named."""
    ONE_BOX = "tile_boxed_rows"


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
    reckon(connection, table, category=category, public=public, how=Reckoning.EACH_SIDE)
    for event, referencing in _EVENTS.items():
        connection.exec_driver_sql(
            f"CREATE TRIGGER {_trigger(table, event)} AFTER {event} ON {table} {referencing} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION tiles.{table}_written()"
        )
    count_anew(connection, table, category=category, public=public)


def fire(connection: Connection, table: str, when: str) -> None:
    """Say when a table's triggers run: ``ENABLE``, or ``ENABLE ALWAYS``, which no replication role silences."""
    for event in _EVENTS:
        connection.exec_driver_sql(f"ALTER TABLE {table} {when} TRIGGER {_trigger(table, event)}")


def reckon(connection: Connection, table: str, *, category: str, public: str, how: Reckoning) -> None:
    """Write the function that a table's triggers call, in the place of the one before; parameters as `watch_table`."""
    inserted = _rows("inserted", category, public, sign=1, how=how)
    removed = _rows("removed", category, public, sign=-1, how=how)
    notes = {
        "INSERT": _note(table, inserted),
        "UPDATE": _note(table, f"{inserted} UNION ALL {removed}"),
        "DELETE": _note(table, removed),
        "TRUNCATE": _template("tile_emptied").format(table=table) + _template("tile_all_changed").format(table=table),
    }
    cases = "\n".join(f"WHEN '{event}' THEN\n{note}" for event, note in notes.items())
    # A driver takes % for a placeholder only where values are bound; here there are none.
    connection.exec_driver_sql(_template("tile_written").format(table=table, cases=cases))


def count_anew(connection: Connection, table: str, *, category: str, public: str) -> None:
    """Count all rows of a table that stand, and hold every tile of it for outdated."""
    connection.exec_driver_sql(f"DELETE FROM tiles.cell WHERE table_name = '{table}'")
    connection.exec_driver_sql(_touched(_rows(table, category, public, sign=1)) + _counted(table))
    connection.exec_driver_sql(_template("tile_all_changed").format(table=table))


def _trigger(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_tiles"


def _rows(rows: str, category: str, public: str, *, sign: int, how: Reckoning = Reckoning.EACH_SIDE) -> str:
    return _template(how).format(rows=rows, category=category, public=public, sign=sign)


def _note(table: str, touched: str) -> str:
    return _template("tile_note").format(table=table, touched=_touched(touched), counted=_counted(table))


def _touched(rows: str) -> str:
    return _template("tile_touched").format(rows=rows)


def _counted(table: str) -> str:
    return _template("tile_counted").format(table=table)


def _template(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
