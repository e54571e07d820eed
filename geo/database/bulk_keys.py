"""Foreign keys of rows that are copied in bulk, on PostGIS: looked up once for each value instead of once for each row.

PostgreSQL 15 looks every row's keys up by themselves, which takes as long as all its indexes together, though the rows
of a load nearly always belong to one village.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from psycopg2.extensions import TRANSACTION_STATUS_INTRANS
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.orm import Session

__all__ = ["FEWEST_ROWS", "keys_looked_up_once"]

FEWEST_ROWS: Final = 1_000
"""With fewer rows the server's own way is as quick."""
_MOST_VALUES: Final = 100
_FIRST_VERSION: Final = (15,)
_MAY_SKIP: Final = text(
    "SELECT current_setting('session_replication_role') = 'origin'"
    " AND has_parameter_privilege('session_replication_role', 'SET')"
)


@contextmanager
def keys_looked_up_once(session: Session, table: Table, keys: Mapping[str, Iterable[UUID | None]]) -> Iterator[None]:
    """Spare the server the look-up of each row's foreign keys while rows of a table are copied in the block.

    What the keys refer to is looked up and locked before, as the server itself would do it (``FOR KEY SHARE``): until
    the transaction ends nobody can delete it. Where something is not there, where there are many values or the role may
    not do this, the server looks every row up as always, and refuses it in its own words. Triggers that have to run all
    the same are ``ENABLE ALWAYS`` (migration 0020).

    Source: PostgreSQL 15, ``session_replication_role`` (under "replica" the triggers of foreign keys do not fire); it
    wants a superuser or ``GRANT SET ON PARAMETER session_replication_role``.

    Parameters
    ----------
    keys
        All values that the rows have in each column with a foreign key; None refers to nothing.

    Raises
    ------
    ValueError
        A column with a foreign key is not among them.
    """
    if missing := {column.name for column in table.columns if column.foreign_keys} - keys.keys():
        raise ValueError(f"no values of {', '.join(sorted(missing))}")
    connection = session.connection()
    if not (_may_skip(connection) and _are_there(connection, table, keys)):
        yield
        return
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    try:
        yield
    finally:
        driver = connection.connection.driver_connection
        # A transaction in which a statement failed is lost, and the setting with it.
        if driver is not None and driver.info.transaction_status == TRANSACTION_STATUS_INTRANS:
            connection.execute(text("SET LOCAL session_replication_role = origin"))


def _may_skip(connection: Connection) -> bool:
    version = connection.dialect.server_version_info or ()
    return version >= _FIRST_VERSION and bool(connection.scalar(_MAY_SKIP))


def _are_there(connection: Connection, table: Table, keys: Mapping[str, Iterable[UUID | None]]) -> bool:
    for name, values in keys.items():
        wanted = {value for value in values if value is not None}
        if len(wanted) > _MOST_VALUES:
            return False
        for foreign in table.columns[name].foreign_keys if wanted else ():
            held = select(foreign.column).where(foreign.column.in_(wanted)).with_for_update(read=True, key_share=True)
            if connection.scalar(select(func.count()).select_from(held.subquery())) != len(wanted):
                return False
    return True
