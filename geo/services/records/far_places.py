"""Whether what is drawn lies near the village it is filed under: far away is warned of, impossible is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.attributes import LONGEST_DISTANCE_M
from geo.errors import Refused
from geo.i18n import Text
from geo.models import Record, Settlement
from geo.spatial.measuring import geodesic_m

__all__ = ["FAR_M", "review_places"]

FAR_M: Final = 50_000
"""Beyond it lie distant pastures, and mistakes."""


def review_places(session: Session, records: Sequence[Record]) -> list[tuple[Text, ...]]:
    """Compare the places of records with their villages; returns the warnings of each, in order.

    What counts is the farthest corner of a geometry's envelope, geodesically from the point of the village. Records
    without a village or without a geometry pass.

    Raises
    ------
    Refused
        A place lies farther than anything of a village can (300 km); the error says in ``row`` which record of several.
    """
    warnings: list[tuple[Text, ...]] = [()] * len(records)
    for village, rows in _by_village(session, records):
        away = _farthest_m([_shape(records[row]) for row in rows], village)
        for row, metres in zip(rows, away, strict=True):
            if not metres <= LONGEST_DISTANCE_M:
                error = Refused("geometry.too_far", km=round(metres / 1000), most=LONGEST_DISTANCE_M // 1000)
                error.row = row + 1 if len(records) > 1 else None
                raise error
            if metres > FAR_M:
                warnings[row] = (Text("geometry.far_from_village", {"km": str(round(metres / 1000))}),)
    return warnings


def _by_village(session: Session, records: Sequence[Record]) -> Iterator[tuple[Point, list[int]]]:
    rows: dict[UUID, list[int]] = defaultdict(list)
    for row, record in enumerate(records):
        settlement_id = getattr(record, "settlement_id", None)
        if settlement_id is not None and _shape(record) is not None:
            rows[settlement_id].append(row)
    for settlement_id, found in rows.items():
        with session.no_autoflush:
            village = session.scalar(select(Settlement.geometry).where(Settlement.id == settlement_id))
        if village is not None:
            yield village, found


def _shape(record: Any) -> BaseGeometry | None:
    return getattr(record, "geometry", None)


def _farthest_m(shapes: Sequence[BaseGeometry | None], village: Point) -> NDArray[np.float64]:
    west, south, east, north = shapely.bounds(np.array(shapes, dtype=object)).T
    # A line that goes round the world begins and ends nearby.
    lon = np.where(np.abs(west - village.x) > np.abs(east - village.x), west, east)
    lat = np.where(np.abs(south - village.y) > np.abs(north - village.y), south, north)
    return geodesic_m(lon, lat, village.x, village.y)
