"""Nearness in metres between the rows of any two tables with a geometry, through the spatial index of each engine.

Both engines measure in the same plane (`geo.spatial.plane`) and order neighbours alike: by distance in whole
millimetres, then by id. PostGIS measures in SQL with the GiST index, a GeoPackage with shapely and its R-tree.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.rights import Actor, Subject
from geo.domain.vocabulary import Kind, Layer
from geo.errors import Refused
from geo.models import MapFeature, Record
from geo.repositories.near_rows import Links, NearRows, Neighbour
from geo.repositories.nearness_geopackage import GeoPackageNearness
from geo.repositories.nearness_postgis import PostgisNearness
from geo.repositories.visibility import visible
from geo.spatial.plane import FARTHEST_M

__all__ = ["Links", "NearRows", "NearnessRepository", "Neighbour", "map_features", "rows_of"]


def rows_of(model: type[Record], actor: Actor, subject: Subject) -> NearRows:
    """Return the rows of a table with a geometry that an actor may see and that are not withdrawn."""
    withdrawn = getattr(model, "withdrawn_at", None)
    standing = () if withdrawn is None else (withdrawn.is_(None),)
    return NearRows(model, (visible(model, actor, subject), *standing))


def map_features(
    actor: Actor,
    *,
    layers: Collection[Layer] = (),
    kinds: Collection[Kind] = (),
    settlement_ids: Collection[UUID] = (),
    but: Collection[UUID] = (),
) -> NearRows:
    """Return the map features that an actor may see: of some layers, kinds and settlements, where any are given.

    ``but`` leaves features out.
    """
    found = rows_of(MapFeature, actor, Subject.FEATURES)
    if layers:
        found = found.where(MapFeature.layer.in_(sorted(layers)))
    if kinds:
        found = found.where(MapFeature.kind.in_(sorted(kinds)))
    if settlement_ids:
        found = found.where(MapFeature.settlement_id.in_(sorted(settlement_ids)))
    if but:
        found = found.where(MapFeature.id.not_in(sorted(but)))
    return found


class NearnessRepository:
    """Who is near whom; every distance in metres, every shape lon lat."""

    def __init__(self, session: Session) -> None:
        on_geopackage = session.get_bind().dialect.name == "sqlite"
        self._engine = GeoPackageNearness(session) if on_geopackage else PostgisNearness(session)

    @staticmethod
    def check(distance_m: float) -> None:
        """Make sure that something can be looked for within a distance.

        Raises
        ------
        Refused
            It is not one of 0 to `FARTHEST_M` metres.
        """
        _check(None, distance_m)

    def nearest(
        self, shape: BaseGeometry, to: NearRows, *, count: int = 1, within_m: float = FARTHEST_M
    ) -> tuple[Neighbour, ...]:
        """Return the rows nearest to a shape, the nearest first; fewer where there are fewer within a distance.

        Raises
        ------
        Refused
            The shape is empty, or the distance is not one of 0 to `FARTHEST_M` metres.
        """
        _check(shape, within_m)
        return self._engine.nearest(shape, to, count=count, within_m=within_m)

    def within(
        self, shape: BaseGeometry, of: NearRows, *, distance_m: float, most: int | None = None
    ) -> tuple[Neighbour, ...]:
        """Return the rows within a distance of a shape (0: those that it meets), the nearest first.

        Raises
        ------
        Refused
            The shape is empty, or the distance is not one of 0 to `FARTHEST_M` metres.
        """
        _check(shape, distance_m)
        return self._engine.within(shape, of, distance_m=distance_m, most=most)

    def link(self, sources: NearRows, to: NearRows, *, count: int = 1, within_m: float = FARTHEST_M) -> Links:
        """Return the rows nearest to each of many rows, for all of them at once.

        Rows without a geometry, and rows that have nothing within the distance, are not among the links.

        Raises
        ------
        Refused
            The distance is not one of 0 to `FARTHEST_M` metres.
        """
        _check(None, within_m)
        return self._engine.link(sources, to, count=count, within_m=within_m)


def _check(shape: BaseGeometry | None, distance_m: float) -> None:
    if shape is not None and shape.is_empty:
        raise Refused("nearness.empty")
    if not 0 <= distance_m <= FARTHEST_M:  # refuses NaN too
        raise Refused("nearness.distance", distance=f"{distance_m:g}", most=f"{FARTHEST_M:g}")
