"""Sheets with their photos, versions of the placement and the features that hang on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.domain.drawing import CandidateState
from geo.errors import NotFound
from geo.models import Candidate, ControlPoint, InstitutionCircle, MapFeature, SheetPhoto, SheetPlacement, SketchSheet

__all__ = ["SheetRepository"]


class SheetRepository:
    """Queries on sheets."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def sheet(self, sheet_id: UUID, *, to_change: bool = False) -> SketchSheet:
        """Return a sheet; ``to_change`` makes other writers wait until this transaction ends.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        query = select(SketchSheet).where(SketchSheet.id == sheet_id)
        if to_change:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = self.session.scalar(query)
        if found is None:
            raise NotFound("versions.unknown_sheet", id=sheet_id)
        return found

    def sheets(self, event_id: UUID | None = None) -> Sequence[SketchSheet]:
        """Return all sheets, or those of one event, in the order in which they came."""
        query = select(SketchSheet).order_by(SketchSheet.fid)
        return self.session.scalars(query if event_id is None else query.where(SketchSheet.event_id == event_id)).all()

    def feature_counts(self) -> dict[UUID, int]:
        """Return how many features each sheet has on the map; a sheet without is left out."""
        query = select(MapFeature.sheet_id, func.count()).where(MapFeature.sheet_id.is_not(None))
        return {sheet: count for sheet, count in self.session.execute(query.group_by(MapFeature.sheet_id)) if sheet}

    def standing_features(self, sheet_id: UUID) -> Sequence[MapFeature]:
        """Return the objects of the map that come from a sheet."""
        return self.session.scalars(
            select(MapFeature).where(MapFeature.sheet_id == sheet_id).order_by(MapFeature.fid)
        ).all()

    def withdrawn_features(self, sheet_id: UUID, reason: str) -> Sequence[MapFeature]:
        """Return the objects of a sheet that were withdrawn for a reason."""
        query = (
            select(MapFeature)
            .where(MapFeature.sheet_id == sheet_id, MapFeature.withdrawn_reason == reason)
            .where(MapFeature.withdrawn_at.is_not(None))
            .order_by(MapFeature.fid)
        )
        return self.session.scalars(query.execution_options(with_withdrawn=True)).all()

    def circles_on(self, sheet_id: UUID) -> int:
        """Return how many standing circles of Venn diagrams were drawn on a sheet."""
        query = select(func.count()).select_from(InstitutionCircle)
        return self.session.scalar(query.where(InstitutionCircle.sheet_id == sheet_id)) or 0

    def placements(self, sheet_id: UUID) -> Sequence[SheetPlacement]:
        """Return the versions of a sheet's placement, oldest first."""
        return self.session.scalars(
            select(SheetPlacement).where(SheetPlacement.sheet_id == sheet_id).order_by(SheetPlacement.number)
        ).all()

    def photos(self, sheet_id: UUID) -> Sequence[SheetPhoto]:
        """Return the photos of a sheet, the first first."""
        return self.session.scalars(
            select(SheetPhoto).where(SheetPhoto.sheet_id == sheet_id).order_by(SheetPhoto.number)
        ).all()

    def control_points(self, sheet_id: UUID) -> Sequence[ControlPoint]:
        """Return the control points of a sheet as they are now."""
        return self.session.scalars(
            select(ControlPoint).where(ControlPoint.sheet_id == sheet_id).order_by(ControlPoint.ordinal)
        ).all()

    def features(self, sheet_id: UUID) -> Sequence[MapFeature]:
        """Return the features that were drawn on a sheet, in the order in which they were made."""
        return self.session.scalars(
            select(MapFeature).where(MapFeature.sheet_id == sheet_id).order_by(MapFeature.fid)
        ).all()

    def feature(self, feature_id: UUID) -> MapFeature:
        """Return a feature.

        Raises
        ------
        NotFound
            There is none with this id.
        """
        found = self.session.scalar(select(MapFeature).where(MapFeature.id == feature_id))
        if found is None:
            raise NotFound("versions.unknown_feature", id=feature_id)
        return found

    def candidates(self, sheet_id: UUID) -> Sequence[Candidate]:
        """Return what was found on a sheet and not rejected."""
        return self.session.scalars(
            select(Candidate)
            .where(Candidate.sheet_id == sheet_id, Candidate.state != CandidateState.REJECTED)
            .order_by(Candidate.ordinal)
        ).all()

    def drawings(self, sheet_id: UUID, ordinals: Collection[int]) -> dict[int, BaseGeometry]:
        """Return the shapes of candidates of a sheet by their numbers, rejected ones too; unknown numbers are left out.

        Pixels of the sheet's first photo.
        """
        if not ordinals:
            return {}
        query = select(Candidate.ordinal, Candidate.geometry).where(
            Candidate.sheet_id == sheet_id, Candidate.ordinal.in_(ordinals)
        )
        return {row.ordinal: row.geometry for row in self.session.execute(query)}

    def last_ordinal(self, sheet_id: UUID) -> int:
        """Return the largest number of a candidate of a sheet, 0 where it has none."""
        found = self.session.scalar(select(func.max(Candidate.ordinal)).where(Candidate.sheet_id == sheet_id))
        return found or 0
