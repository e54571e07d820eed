"""Nearness on PostGIS: boxes and nearest neighbours from the GiST index, measured in SQL.

The index is asked in degrees with a box made from the place that is asked about; its column is never transformed.
``<->`` ranks by degrees, so it only gives a distance within which the answer must lie.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Select,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from geo.models.types import WGS84_SRS, geometry
from geo.repositories.near_rows import Links, NearRows, Neighbour
from geo.spatial.plane import ECCENTRICITY_2, MAJOR_M

__all__ = ["PostgisNearness"]

_SAMPLE, _FEWEST = 300, 30
_SHARES = (0.6, 0.85)
_BOX_US, _CANDIDATE_US, _SEARCH_US = 30.0, 4.0, 120.0
"""What a box from the index, measuring one candidate and searching the nearest cost; only their proportions matter."""

Value = ColumnElement[Any]


class PostgisNearness:
    """See `geo.repositories.nearness.NearnessRepository`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def nearest(self, shape: BaseGeometry, to: NearRows, *, count: int, within_m: float) -> tuple[Neighbour, ...]:
        asked = _laid(_one(shape))
        return self._neighbours(asked, to, _reach(asked, to, count, within_m), most=count)

    def within(
        self, shape: BaseGeometry, of: NearRows, *, distance_m: float, most: int | None
    ) -> tuple[Neighbour, ...]:
        reach = literal(distance_m, Double)
        return self._neighbours(_laid(_one(shape)), of, reach, most=most)

    def _neighbours(self, asked: FromClause, of: NearRows, reach: Value, *, most: int | None) -> tuple[Neighbour, ...]:
        asked = _reaching(asked, reach)
        near = _near(asked, of, of.model.id, most=most).lateral()
        rows = self.session.execute(select(near.c.row, near.c.distance).select_from(asked).join(near, true()))
        return tuple(Neighbour(distance, row) for row, distance in rows)

    def link(self, sources: NearRows, to: NearRows, *, count: int, within_m: float) -> Links:
        there = select(sources.model.fid).where(*sources.conditions, sources.geometry.is_not(None))
        left = np.array(self.session.scalars(there).all(), dtype=np.int64)
        # Asking the index for a box costs a third of searching the nearest, and most neighbours lie in a box of one
        # size; a sample tells which. Whoever finds too few there asks for a wider box, and the last few search.
        sample = left[:: max(1, len(left) // _SAMPLE)]
        farthest = self._farthest(sources, to, sample, count, within_m) if len(left) > 2 * _SAMPLE else np.array([])
        links: list[tuple[Any, ...]] = []
        while (box_m := self._best_box(sources, to, sample, farthest)) is not None:
            found = self._linked(sources, to, left if links else None, count, box_m, search=False)
            keys, counts = np.unique(np.fromiter((row[0] for row in found), dtype=np.int64), return_counts=True)
            done = keys[counts >= count]
            links += found if count == 1 else _of(found, done)
            left = np.setdiff1d(left, done, assume_unique=True)
            sample, farthest = sample[farthest > box_m], farthest[farthest > box_m]
        return Links.of([*links, *self._linked(sources, to, left, count, within_m, search=True)])

    def _linked(
        self,
        sources: NearRows,
        to: NearRows,
        fids: NDArray[np.int64] | None,
        count: int,
        within_m: float,
        *,
        search: bool,
    ) -> list[tuple[Any, ...]]:
        asked = _laid(_many(sources, fids))
        asked = _reaching(asked, _reach(asked, to, count, within_m) if search else literal(within_m, Double))
        near = _near(asked, to, to.model.fid, most=count).lateral()
        rows = self.session.execute(
            select(asked.c.key, near.c.row, near.c.distance).select_from(asked).join(near, true())
        )
        return list(map(tuple, rows))

    def _farthest(
        self, sources: NearRows, to: NearRows, sample: NDArray[np.int64], count: int, within_m: float
    ) -> NDArray[np.float64]:
        """Return how far each source must look, infinity where there are too few."""
        found = Links.of(self._linked(sources, to, sample, count, within_m, search=True))
        farthest = np.zeros(len(sample))
        order = np.argsort(sample)
        place = order[np.searchsorted(sample, found.source_fid, sorter=order)]
        np.maximum.at(farthest, place, found.distance_m)
        farthest[np.bincount(place, minlength=len(sample)) < count] = np.inf
        return farthest

    def _best_box(
        self, sources: NearRows, to: NearRows, sample: NDArray[np.int64], farthest: NDArray[np.float64]
    ) -> float | None:
        """Return the reach with which a box costs least for every source that it settles; None where searching does."""
        if len(sample) < _FEWEST:
            return None
        best, cheapest = None, _SEARCH_US
        for share in _SHARES:
            box_m = float(np.quantile(farthest, share, method="higher"))
            if np.isfinite(box_m):
                candidates = self._candidates(sources, to, sample, box_m) / len(sample)
                cost = (_BOX_US + _CANDIDATE_US * candidates) / float((farthest <= box_m).mean())
                if cost < cheapest:
                    best, cheapest = box_m, cost
        return best

    def _candidates(self, sources: NearRows, to: NearRows, fids: NDArray[np.int64], box_m: float) -> int:
        asked = _reaching(_laid(_many(sources, fids)), literal(box_m, Double))
        inside = _inside(asked, to).with_only_columns(to.model.fid).lateral()
        return self.session.scalar(select(func.count()).select_from(asked).join(inside, true())) or 0


def _one(shape: BaseGeometry) -> Subquery:
    shown = bindparam(None, shape, type_=geometry())
    return select(literal(0).label("key"), _bare(shown).label("shape")).subquery()


def _many(sources: NearRows, fids: NDArray[np.int64] | None) -> Subquery:
    """Return the rows that ask, along a curve on which neighbours follow each other: so do the index's pages."""
    shape = sources.geometry
    query = select(sources.model.fid.label("key"), _bare(shape).label("shape"))
    query = query.where(*sources.conditions, shape.is_not(None), ~func.ST_IsEmpty(shape, type_=Boolean))
    if fids is not None:
        query = query.where(sources.model.fid == func.any(cast(fids.tolist(), ARRAY(BigInteger))))
    return query.order_by(shape).subquery()


def _bare(shape: Any) -> Value:
    # As it is in the table: GeoAlchemy2 would turn a selected column into WKB, even within a query.
    return cast(shape, _Shape())


class _Shape(UserDefinedType[Any]):
    """PostGIS's own type, without conversions."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "geometry"


def _laid(rows: Subquery) -> Subquery:
    """Add the middle of each shape's box, the metres of a degree there (`geo.spatial.plane`), and the shape in them."""
    shape = rows.c.shape
    lon = (_double(func.ST_XMin(shape)) + _double(func.ST_XMax(shape))) / 2
    lat = (_double(func.ST_YMin(shape)) + _double(func.ST_YMax(shape))) / 2
    middle = _once(select(*rows.c, lon.label("lon"), lat.label("lat")))
    phi = _double(func.radians(middle.c.lat))
    flat = 1 - literal(ECCENTRICITY_2, Double) * _double(func.sin(phi)) * _double(func.sin(phi))
    degree = np.pi / 180
    east = literal(MAJOR_M * degree, Double) / _double(func.sqrt(flat)) * _double(func.cos(phi))
    north = literal(MAJOR_M * (1 - ECCENTRICITY_2) * degree, Double) / _double(func.power(flat, literal(1.5, Double)))
    scaled = _once(select(*middle.c, east.label("east"), north.label("north")))
    return _once(select(*scaled.c, _metres(scaled, scaled.c.shape).label("laid")))


def _once(query: Select[Any]) -> Subquery:
    # OFFSET 0: worked out once for a row; without it the planner puts the expressions wherever they are used.
    return query.offset(literal(0)).subquery()


def _metres(asked: FromClause, shape: Any) -> Value:
    """Return a shape in the plane of the one that asks."""
    laid: Value = func.ST_TransScale(shape, -asked.c.lon, -asked.c.lat, asked.c.east, asked.c.north, type_=_Shape())
    return laid


def _reach(asked: FromClause, to: NearRows, count: int, within_m: float) -> Value:
    """Return a distance that as many rows as are wanted do not exceed; the nearest in degrees give it."""
    box = _box(asked, literal(within_m, Double))
    by_degrees = (
        select(_distance(asked, to).label("metres"))
        .where(*to.conditions, to.geometry.op("&&")(box))
        .order_by(to.geometry.op("<->")(asked.c.shape))
        .limit(count)
        .correlate(asked)
        .subquery()
    )
    farthest = select(
        func.least(
            _double(func.max(by_degrees.c.metres)) + literal(0.001, Double), literal(within_m, Double), type_=Double
        )
    )
    return farthest.correlate(asked).scalar_subquery()


def _reaching(asked: Any, reach: Value) -> Subquery:
    """Add how far the one that asks looks, and the box for the index."""
    known = _once(select(*asked.c, reach.label("reach")))
    return _once(select(*known.c, _box(known, known.c.reach).label("box")))


def _distance(asked: FromClause, of: NearRows) -> Value:
    return _double(func.ST_Distance(_metres(asked, of.geometry), asked.c.laid))


def _inside(asked: FromClause, of: NearRows) -> Select[Any]:
    return select(of.model.id).where(*of.conditions, of.geometry.op("&&")(asked.c.box)).correlate(asked)


def _near(asked: FromClause, of: NearRows, key: Any, *, most: int | None) -> Select[Any]:
    """Return key and distance of the rows within the reach of the one that asks, the nearest first."""
    columns = key.label("row"), of.model.id.label("id"), _distance(asked, of).label("distance")
    measured = _once(_inside(asked, of).with_only_columns(*columns))
    near: Select[Any] = select(measured.c.row, measured.c.distance).where(measured.c.distance <= asked.c.reach)
    rounded = _double(func.floor(measured.c.distance * literal(1000.0, Double) + literal(0.5, Double)))
    return near.order_by(rounded, measured.c.id).limit(most).correlate(asked)


def _box(asked: FromClause, reach: Any) -> Value:
    shape = asked.c.shape
    east, north = reach / asked.c.east, reach / asked.c.north
    box: Value = func.ST_MakeEnvelope(
        _double(func.ST_XMin(shape)) - east,
        _double(func.ST_YMin(shape)) - north,
        _double(func.ST_XMax(shape)) + east,
        _double(func.ST_YMax(shape)) + north,
        WGS84_SRS,
        type_=_Shape(),
    )
    return box


def _double(value: Any) -> Value:
    return type_coerce(value, Double)


def _of(rows: list[tuple[Any, ...]], sources: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    wanted = set(sources.tolist())
    return [row for row in rows if row[0] in wanted]
