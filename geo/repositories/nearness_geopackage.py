"""Nearness on a GeoPackage: candidates from the R-tree, measured with shapely."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import LargeBinary, Select, column, select, table, type_coerce
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.repositories.near_rows import Links, NearRows, Neighbour, millimetres
from geo.spatial import geopackage_binary
from geo.spatial.plane import LocalPlanes

__all__ = ["GeoPackageNearness"]

_FIRST_M = 100.0
_GROWTH = 4.0
"""The first box around a shape, and how much wider the next one is; most neighbours in a village are in the first."""


class GeoPackageNearness:
    """See `geo.repositories.nearness.NearnessRepository`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def nearest(self, shape: BaseGeometry, to: NearRows, *, count: int, within_m: float) -> tuple[Neighbour, ...]:
        radius_m = min(_FIRST_M, within_m)
        while True:
            found = self.within(shape, to, distance_m=radius_m, most=count)
            if len(found) == count or radius_m >= within_m:
                return found
            radius_m = min(radius_m * _GROWTH, within_m)

    def within(
        self, shape: BaseGeometry, of: NearRows, *, distance_m: float, most: int | None
    ) -> tuple[Neighbour, ...]:
        planes = LocalPlanes.at(shape)
        rows = self._near_box(of, *planes.boxes(distance_m)[0].tolist())
        distances = planes.distances_m(np.zeros(len(rows.ids), dtype=np.int64), rows.shapes)
        near = np.flatnonzero(distances <= distance_m)
        order = sorted(zip(millimetres(distances[near]).tolist(), (rows.ids[i] for i in near), near, strict=True))
        return tuple(Neighbour(float(distances[i]), one) for _, one, i in order[:most])

    def link(self, sources: NearRows, to: NearRows, *, count: int, within_m: float) -> Links:
        origin = self._rows(_select(sources).where(sources.geometry.is_not(None)))
        if not len(origin.fids):
            return Links.of([])
        planes = LocalPlanes.around(origin.shapes)
        reach = planes.boxes(within_m)
        edges = [*reach[:, :2].min(axis=0).tolist(), *reach[:, 2:].max(axis=0).tolist()]
        targets = self._near_box(to, *edges)
        if not len(targets.fids):
            return Links.of([])
        # The nearest in degrees is no answer, but nothing farther than it can be one.
        tree = shapely.STRtree(targets.shapes)
        which = np.arange(len(origin.fids), dtype=np.int64)
        guess = planes.distances_m(which, targets.shapes[tree.nearest(origin.shapes)])
        radius = np.minimum(guess + 0.001, within_m)
        chosen: list[NDArray[np.float64]] = []
        while len(which):
            pairs = self._pairs(planes, tree, which, radius[which], targets)
            full = np.bincount(pairs[:, 0].astype(np.int64), minlength=len(radius))[which] >= count
            done = full | (radius[which] >= within_m)
            finished = np.zeros(len(radius), dtype=bool)
            finished[which[done]] = True
            pairs = pairs[finished[pairs[:, 0].astype(np.int64)]]
            chosen.append(pairs[_rank(pairs[:, 0]) < count])
            which = which[~done]
            radius[which] = np.minimum(radius[which] * 2 + _FIRST_M, within_m)
        table_ = np.vstack(chosen)
        source, target = table_[:, 0].astype(np.int64), table_[:, 1].astype(np.int64)
        return Links.of(np.column_stack([origin.fids[source], targets.fids[target], table_[:, 2]]))

    @staticmethod
    def _pairs(
        planes: LocalPlanes, tree: Any, which: NDArray[np.int64], radius: NDArray[np.float64], targets: _Rows
    ) -> NDArray[np.float64]:
        """Return (source, target, distance) of all pairs within the radius of each source, in order."""
        reach = radius[:, None] / planes.scale[which]
        bounds = planes.bounds[which]
        boxes = shapely.box(*(bounds[:, :2] - reach).T, *(bounds[:, 2:] + reach).T)
        first, second = tree.query(boxes)
        distances = planes.distances_m(which[first], targets.shapes[second])
        near = distances <= radius[first]
        first, second, distances = which[first[near]], second[near], distances[near]
        order = np.lexsort((targets.order[second], millimetres(distances), first))
        pairs: NDArray[np.float64] = np.column_stack([first, second, distances])[order]
        return pairs

    def _near_box(self, of: NearRows, west: float, south: float, east: float, north: float) -> _Rows:
        name = spatial_index_name(of.model.__tablename__)
        index = table(name, *map(column, ("id", "minx", "maxx", "miny", "maxy")))
        inside = select(index.c.id).where(
            index.c.maxx >= west, index.c.minx <= east, index.c.maxy >= south, index.c.miny <= north
        )
        return self._rows(_select(of).where(of.model.fid.in_(inside)))

    def _rows(self, query: Select[int, UUID, bytes]) -> _Rows:
        return _Rows(self.session.execute(query).all())


class _Rows:
    """Rows as columns, without those whose geometry is empty."""

    def __init__(self, rows: Any) -> None:
        rows = [row for row in rows if not geopackage_binary.is_empty(row[2])]
        self.fids = np.array([row[0] for row in rows], dtype=np.int64)
        self.ids: list[UUID] = [row[1] for row in rows]
        self.shapes = np.empty(len(rows), dtype=object)
        self.shapes[:] = geopackage_binary.decode_many([row[2] for row in rows])
        self.order = np.empty(len(rows), dtype=np.int64)
        self.order[sorted(range(len(rows)), key=self.ids.__getitem__)] = np.arange(len(rows))


def _select(of: NearRows) -> Select[int, UUID, bytes]:
    blob = type_coerce(of.geometry, LargeBinary)
    return select(of.model.fid, of.model.id, blob).where(*of.conditions, of.geometry.is_not(None))


def _rank(groups: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of each row within its group; rows of a group come one after the other."""
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(groups) else np.array([], dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(groups)])
    return np.arange(len(groups)) - np.repeat(starts, lengths)
