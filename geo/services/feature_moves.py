"""Moving a feature by hand, and letting it follow its sheet again."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.attributes import LONGEST_DISTANCE_M
from geo.errors import Conflict, Refused
from geo.models import MapFeature
from geo.placements import FeatureShift, Solve
from geo.repositories.sheets import SheetRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import names_of
from geo.services.sheet_versions import request_of, sheet_version
from geo.spatial.measuring import geodesic_m
from geo.spatial.shifting import moved_to, shift_m

__all__ = ["MOVABLE", "check_place", "move_feature", "move_feature_to", "release_feature"]

MOVABLE = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
"""Types of geometry that a feature can have: no collections."""


def move_feature(
    session: Session,
    feature_id: UUID,
    geometry: BaseGeometry,
    *,
    version: int | None = None,
    position_error_m: float | None = None,
) -> FeatureShift:
    """Put a feature where a person says it is; from now on it no longer follows its sheet.

    What was drawn of it is kept, and its attributes and names stay.

    Parameters
    ----------
    session
        Of the transaction.
    feature_id
        The feature.
    geometry
        Its new place and shape, lon lat.
    version
        Version of the row that the person saw; None takes the one that holds now.
    position_error_m
        How surely the person knows the place; None where that is not said.

    Raises
    ------
    NotFound
        There is no such feature.
    Conflict
        Somebody else changed it since.
    Refused
        The geometry is empty, crosses itself, or lies farther from the village than its pastures can be.
    """
    feature = _feature(session, feature_id, version)
    check_place(session, feature, geometry)
    middle, largest = shift_m(feature.geometry, geometry)
    feature.geometry = geometry
    feature.position_error_m = position_error_m
    feature.moved_by_hand = True
    session.flush()
    return FeatureShift(feature.id, feature.kind, names_of(feature), middle, largest, moved_by_hand=True)


def move_feature_to(
    session: Session,
    feature_id: UUID,
    lon: float,
    lat: float,
    *,
    version: int | None = None,
    position_error_m: float | None = None,
) -> FeatureShift:
    """Put the middle of a feature at a place, lon lat in degrees, its size and direction as they are.

    See `move_feature`.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refused("settlement.out_of_range", lon=lon, lat=lat)
    geometry = moved_to(SheetRepository(session).feature(feature_id).geometry, lon, lat)
    return move_feature(session, feature_id, geometry, version=version, position_error_m=position_error_m)


def release_feature(session: Session, feature_id: UUID, solve: Solve, *, version: int | None = None) -> FeatureShift:
    """Let a feature that was moved by hand follow its sheet again: it is placed by the version that holds now.

    Raises
    ------
    NotFound
        There is no such feature.
    Conflict
        Somebody else changed it since.
    Refused
        It follows its sheet already, or it was never drawn on one.
    """
    sheets = SheetRepository(session)
    unlocked = sheets.feature(feature_id)
    if unlocked.sheet_id is not None:
        # Whoever stores a new version waits: it would leave out this feature, and this would place it by the old one.
        sheets.sheet(unlocked.sheet_id, to_change=True)
        session.expire(unlocked)  # it may have changed while this waited
    feature = _feature(session, feature_id, version)
    if feature.sheet_id is None or feature.pixel_geometry is None:
        raise Refused("versions.not_drawn", id=feature_id)
    if not feature.moved_by_hand:
        raise Refused("versions.follows_already", id=feature_id)
    current = sheet_version(session, feature.sheet_id)
    solved = solve(request_of(session, sheets.sheet(feature.sheet_id), current))
    placed = solved.place_geometry(feature.pixel_geometry)
    middle, largest = shift_m(feature.geometry, placed)
    feature.geometry = placed
    (feature.position_error_m,) = solved.errors_of([feature.pixel_geometry])
    feature.georeference_version = current.number
    feature.moved_by_hand = False
    session.flush()
    return FeatureShift(feature.id, feature.kind, names_of(feature), middle, largest)


def _feature(session: Session, feature_id: UUID, version: int | None) -> MapFeature:
    feature = SheetRepository(session).feature(feature_id)
    if version is not None and feature.version != version:
        raise Conflict("database.changed_meanwhile")
    return feature


def check_place(session: Session, feature: MapFeature, geometry: BaseGeometry) -> None:
    """Make sure that a feature can be where a person says it is.

    Raises
    ------
    NotFound
        There is no such village.
    Refused
        The geometry is empty, crosses itself, or lies farther from the village than its pastures can be.
    """
    corners = shapely.get_coordinates(geometry)
    known = geometry.geom_type in MOVABLE and not geometry.is_empty and geometry.is_valid
    if not known or not np.isfinite(corners).all():
        raise Refused("versions.bad_geometry")
    if (np.abs(corners) > (180, 90)).any():
        raise Refused("versions.bad_geometry")
    village = TerritoryRepository(session).settlement(feature.settlement_id).geometry
    away = geodesic_m(corners[:, 0], corners[:, 1], village.x, village.y).max()
    if away > LONGEST_DISTANCE_M:
        raise Refused("versions.moved_far_away", km=round(away / 1000))
