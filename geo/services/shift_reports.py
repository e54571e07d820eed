"""Putting together how far the features of a sheet move."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from uuid import UUID

from geo.models import MapFeature
from geo.placements import FeatureShift, ShiftReport
from geo.services.event_map import names_of

__all__ = ["kept", "report_of"]


def kept(feature: MapFeature) -> FeatureShift:
    """Return the shift of a feature that stays where it is, and why."""
    by_hand = feature.moved_by_hand
    return FeatureShift(
        feature.id, feature.kind, names_of(feature), 0.0, 0.0, moved_by_hand=by_hand, undrawn=not by_hand
    )


def report_of(sheet_id: UUID, before: int, after: int, shifts: Sequence[FeatureShift]) -> ShiftReport:
    """Return the shifts of a sheet's features with their median and maximum; those that stay do not count."""
    placed = [shift for shift in shifts if not shift.kept]
    return ShiftReport(
        sheet_id=sheet_id,
        before=before,
        after=after,
        shifts=tuple(shifts),
        median_m=median(shift.centroid_m for shift in placed) if placed else None,
        largest_m=max((shift.largest_m for shift in placed), default=None),
    )
