"""``gpkg_contents`` kept true: the moment of the last change and the extent of every table that changed.

Other programs (QGIS) zoom to this extent. It only grows while rows are written, which the standard allows:
it is informative (OGC 12-128r17, clause 1.1.3.1.1, table 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from sqlalchemy import event, text
from sqlalchemy.orm import Session, UOWTransaction

from geo.models import Record

__all__ = ["touch", "watch"]

_TOUCH = text(
    "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now'), "
    "min_x = min(coalesce(min_x, :west), :west), min_y = min(coalesce(min_y, :south), :south), "
    "max_x = max(coalesce(max_x, :east), :east), max_y = max(coalesce(max_y, :north), :north) "
    "WHERE table_name = :table"
)
_TOUCH_TIME = text(
    "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = :table"
)


def watch(session: Session) -> None:
    """Keep the contents table up to what a session writes."""
    event.listen(session, "after_flush", _after_flush)


def touch(session: Session, table: str, geometries: Iterable[Any]) -> None:
    """Note that rows of a table were written, with these geometries (None where a row has none)."""
    known = [geometry for geometry in geometries if geometry is not None]
    bounds = shapely.total_bounds(known) if known else None
    if bounds is None or np.isnan(bounds).any():
        session.execute(_TOUCH_TIME, {"table": table})
        return
    west, south, east, north = bounds.tolist()
    session.execute(_TOUCH, {"table": table, "west": west, "south": south, "east": east, "north": north})


def _after_flush(session: Session, _context: UOWTransaction) -> None:
    written: dict[str, list[Any]] = defaultdict(list)
    for record in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(record, Record):
            written[record.__tablename__].append(getattr(record, "geometry", None))
    for table, geometries in written.items():
        touch(session, table, geometries)
