"""Visits and their places: how far device, photos and site are apart, and how well that evidences a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.evidence import Evidence, PhotoTrace, VisitTrace, grade_visit
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.models import MapFeature, MonitoringVisit, VisitPhoto
from geo.repositories.links import LinkRepository, standing
from geo.repositories.monitoring import MonitoringRepository
from geo.repositories.nearness import Links, NearnessRepository, NearRows, rows_of
from geo.spatial.plane import FARTHEST_M, LocalPlanes

__all__ = ["PhotoPlace", "VisitPlaces", "link_visits", "visit_places"]


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """A photo of a visit: metres from the camera to the site and to the device, minutes from the visit."""

    photo_id: UUID
    to_site_m: float | None
    to_device_m: float | None
    minutes: float | None


@dataclass(frozen=True, slots=True)
class VisitPlaces:
    """A visit with its activity and site; distances in metres, None where a place is not known."""

    visit_id: UUID
    activity_id: UUID | None
    site_feature_id: UUID | None
    device_to_site_m: float | None
    site_error_m: float | None
    accuracy_m: float | None
    minutes_to_point: float | None
    """From the moment of the visit to that of the device's point."""
    photos: tuple[PhotoPlace, ...]
    members: int | None
    evidence: Evidence


def visit_places(session: Session, visit_id: UUID, *, actor: Actor) -> VisitPlaces:
    """Return how far device, photos and site of a visit are apart, with the grade of its evidence.

    The site is the object that was visited, else that of the activity, else the activity's own shape. Photos of all
    entries of the visit's chain count: a correction takes no photo away.

    Where photos were taken, and when, is told to people with a role alone (DOMAIN.md section 11).

    Raises
    ------
    NotFound
        There is no such visit that the actor may see.
    """
    visit = MonitoringRepository(session).visit(visit_id, actor)
    repository = LinkRepository(session)
    activity = repository.activities([visit.activity_id], actor).get(visit.activity_id) if visit.activity_id else None
    feature_id = visit.feature_id or (activity.site_feature_id if activity else None)
    feature: MapFeature | None = repository.features([feature_id], actor).get(feature_id) if feature_id else None
    site = feature.geometry if feature is not None else activity.geometry if activity is not None else None
    photos = tuple(_photo(one, visit, site) for one in _photos(session, visit, actor))
    to_site = _apart(site, visit.geometry)
    error_m = feature.position_error_m if feature is not None else None
    located = visit.located_at
    tells_photos = is_allowed(Action.READ, Subject.MONITORING, actor, visit.municipality_id)
    evidence = grade_visit(
        VisitTrace(
            has_site=site is not None,
            site_error_m=error_m,
            device_distance_m=to_site,
            accuracy_m=visit.accuracy_m,
            photos=tuple(PhotoTrace(place.to_site_m, place.minutes, accuracy) for place, accuracy in photos),
            members=visit.member_count,
        )
    )
    return VisitPlaces(
        visit_id=visit.id,
        activity_id=visit.activity_id,
        site_feature_id=feature_id,
        device_to_site_m=to_site,
        site_error_m=error_m,
        accuracy_m=visit.accuracy_m,
        minutes_to_point=None if located is None else (located - visit.visited_at) / timedelta(minutes=1),
        photos=tuple(place for place, _ in photos) if tells_photos else (),
        members=visit.member_count,
        evidence=evidence,
    )


def link_visits(session: Session, to: NearRows, *, actor: Actor, within_m: float = FARTHEST_M) -> Links:
    """Return the nearest row of a table for every visit that has a point, in bulk.

    Parameters
    ----------
    to
        What to link to, such as `geo.repositories.nearness.map_features` of some kinds.
    """
    return NearnessRepository(session).link(rows_of(MonitoringVisit, actor, Subject.MONITORING), to, within_m=within_m)


def _photos(session: Session, visit: MonitoringVisit, actor: Actor) -> list[VisitPhoto]:
    query = (
        select(VisitPhoto)
        .join(MonitoringVisit, MonitoringVisit.id == VisitPhoto.visit_id)
        .where(MonitoringVisit.chain_id == visit.chain_id, standing(VisitPhoto, actor))
        .order_by(VisitPhoto.fid)
    )
    return list(session.scalars(query))


def _photo(photo: VisitPhoto, visit: MonitoringVisit, site: BaseGeometry | None) -> tuple[PhotoPlace, float | None]:
    minutes = None if photo.taken_at is None else (photo.taken_at - visit.visited_at) / timedelta(minutes=1)
    place = PhotoPlace(photo.id, _apart(site, photo.geometry), _apart(photo.geometry, visit.geometry), minutes)
    return place, photo.accuracy_m


def _apart(first: BaseGeometry | None, second: BaseGeometry | None) -> float | None:
    """Return the distance in metres, measured in the plane of the second (a point)."""
    if first is None or second is None or first.is_empty or second.is_empty:
        return None
    other = np.empty(1, dtype=object)
    other[0] = first
    return float(LocalPlanes.at(second).distances_m(np.zeros(1, dtype=np.int64), other)[0])
