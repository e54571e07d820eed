"""Circles and ties of Venn diagrams, and where the institutions are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from geo.domain.institutions import Diagram, TieOrigin
from geo.errors import NotFound
from geo.models import InstitutionCircle, InstitutionTie, MapFeature
from geo.repositories.boxes import Bounds, on_geopackage

__all__ = ["InstitutionRepository", "parts_of"]


def parts_of(bounds: Bounds) -> tuple[Bounds, ...]:
    """Return a box as boxes that do not cross the antimeridian (RFC 7946, clause 5.2)."""
    west, south, east, north = bounds
    return (bounds,) if west <= east else ((west, south, 180.0, north), (-180.0, south, east, north))


class InstitutionRepository:
    """Queries on diagrams."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def circle(self, circle_id: UUID) -> InstitutionCircle:
        """Return a circle.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(InstitutionCircle).where(InstitutionCircle.id == circle_id))
        if found is None:
            raise NotFound("record.unknown", id=circle_id)
        return found

    def circles(self, event_id: UUID, diagram: Diagram, *seen_by: ColumnElement[bool]) -> Sequence[InstitutionCircle]:
        """Return the circles of a diagram by ranking, then in the order in which they came."""
        return self.session.scalars(
            select(InstitutionCircle)
            .where(InstitutionCircle.event_id == event_id, InstitutionCircle.diagram == diagram, *seen_by)
            .order_by(InstitutionCircle.ranking.is_(None), InstitutionCircle.ranking, InstitutionCircle.fid)
        ).all()

    def ties(self, event_id: UUID, diagram: Diagram, *seen_by: ColumnElement[bool]) -> Sequence[InstitutionTie]:
        """Return the ties of a diagram, entered and derived, in the order in which they came."""
        return self.session.scalars(
            select(InstitutionTie)
            .where(InstitutionTie.event_id == event_id, InstitutionTie.diagram == diagram, *seen_by)
            .order_by(InstitutionTie.fid)
        ).all()

    def ties_of(self, circle_id: UUID, *, with_withdrawn: bool = False) -> Sequence[InstitutionTie]:
        """Return the ties of a circle; withdrawn ones too, the newest first, where they are asked for."""
        ends = or_(InstitutionTie.first_id == circle_id, InstitutionTie.second_id == circle_id)
        order = InstitutionTie.fid.desc() if with_withdrawn else InstitutionTie.fid
        query = select(InstitutionTie).where(ends).order_by(order)
        return self.session.scalars(query.execution_options(with_withdrawn=with_withdrawn)).all()

    def entered_between(self, circle_ids: Collection[UUID]) -> Sequence[InstitutionTie]:
        """Return the entered ties of circles, seen by whoever: what is overruled does not depend on who asks."""
        return self.session.scalars(
            select(InstitutionTie).where(
                InstitutionTie.first_id.in_(circle_ids), InstitutionTie.origin == TieOrigin.ENTERED
            )
        ).all()

    def by_id(self, circle_ids: Collection[UUID], *seen_by: ColumnElement[bool]) -> dict[UUID, InstitutionCircle]:
        """Return circles by their ids."""
        query = select(InstitutionCircle).where(InstitutionCircle.id.in_(circle_ids), *seen_by)
        return {circle.id: circle for circle in self.session.scalars(query)}

    def places(
        self, circles: Collection[InstitutionCircle], feature_seen_by: ColumnElement[bool]
    ) -> dict[UUID, BaseGeometry]:
        """Return where institutions are, lon lat: the object on the map, else the circle's own place.

        An institution of which neither is known, or whose object may not be seen, is left out.
        """
        wanted = {circle.feature_id for circle in circles if circle.feature_id is not None}
        query = select(MapFeature.id, MapFeature.geometry).where(MapFeature.id.in_(wanted), feature_seen_by)
        features: dict[UUID, BaseGeometry] = {}
        if wanted:
            features.update((row.id, row.geometry) for row in self.session.execute(query))
        found = {}
        for circle in circles:
            place = features.get(circle.feature_id) if circle.feature_id is not None else circle.geometry
            if place is not None and not place.is_empty:
                found[circle.id] = place
        return found

    def tie_page(
        self, *conditions: ColumnElement[bool], bounds: Bounds | None, after: int | None, limit: int
    ) -> Sequence[InstitutionTie]:
        """Return ties whose ends both have a place, in the order in which they came.

        Parameters
        ----------
        conditions
            On `InstitutionTie`.
        bounds
            Box that the envelope of both places together meets.
        after
            ``fid`` of the tie after which the page begins.
        """
        first, second = aliased(InstitutionCircle), aliased(InstitutionCircle)
        here, there = aliased(MapFeature), aliased(MapFeature)
        start = func.coalesce(here.geometry, first.geometry)
        end = func.coalesce(there.geometry, second.geometry)
        query = (
            select(InstitutionTie)
            .join(first, first.id == InstitutionTie.first_id)
            .join(second, second.id == InstitutionTie.second_id)
            .outerjoin(here, here.id == first.feature_id)
            .outerjoin(there, there.id == second.feature_id)
            .where(start.is_not(None), end.is_not(None), *conditions)
            .order_by(InstitutionTie.fid)
            .limit(limit)
        )
        if after is not None:
            query = query.where(InstitutionTie.fid > after)
        if bounds is not None:
            query = query.where(or_(*(self._meet(start, end, one) for one in parts_of(bounds))))
        return self.session.scalars(query).all()

    def _meet(self, start: Any, end: Any, bounds: Bounds) -> ColumnElement[bool]:
        west, south, east, north = bounds
        embedded = on_geopackage(self.session)
        least, greatest = (func.min, func.max) if embedded else (func.least, func.greatest)
        sides = (
            ("ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY") if embedded else ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")
        )
        min_x, min_y, max_x, max_y = (getattr(func, side) for side in sides)
        return and_(
            least(min_x(start), min_x(end)) <= east,
            greatest(max_x(start), max_x(end)) >= west,
            least(min_y(start), min_y(end)) <= north,
            greatest(max_y(start), max_y(end)) >= south,
        )
