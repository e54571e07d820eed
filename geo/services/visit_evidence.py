"""Visits and their places: how far device, photos and site are apart, and how well that evidences a visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.evidence import Evidence, PhotoTrace, VisitTrace, grade_visit
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.models import Activity, MapFeature, MonitoringVisit, VisitPhoto
from geo.repositories.links import LinkRepository
from geo.repositories.monitoring import MonitoringRepository
from geo.repositories.nearness import Links, NearnessRepository, NearRows, rows_of
from geo.spatial.plane import FARTHEST_M, LocalPlanes

__all__ = ["PhotoPlace", "VisitPlaces", "link_visits", "places_of_visits", "visit_places"]


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
    return places_of_visits(session, [visit], actor=actor)[visit_id]


def places_of_visits(session: Session, visits: Sequence[MonitoringVisit], *, actor: Actor) -> dict[UUID, VisitPlaces]:
    """Return the same of many visits by their ids, with as many statements as for one.

    Parameters
    ----------
    visits
        That the actor may see.
    """
    repository = LinkRepository(session)
    activities = repository.activities({one.activity_id for one in visits if one.activity_id}, actor)
    sites = {one.id: _site_id(one, activities) for one in visits}
    features = repository.features({one for one in sites.values() if one}, actor)
    photos: defaultdict[UUID, list[VisitPhoto]] = defaultdict(list)
    chains = {one.chain_id for one in visits}
    for chain_id, _, photo in MonitoringRepository(session).of_chains(VisitPhoto, chains, actor):
        photos[chain_id].append(photo)
    found = {}
    for visit in visits:
        site_id = sites[visit.id]
        feature = features.get(site_id) if site_id else None
        activity = activities.get(visit.activity_id) if visit.activity_id else None
        site = feature.geometry if feature is not None else activity.geometry if activity is not None else None
        found[visit.id] = _places(visit, _Site(site_id, feature, site), photos[visit.chain_id], actor)
    return found


def link_visits(session: Session, to: NearRows, *, actor: Actor, within_m: float = FARTHEST_M) -> Links:
    """Return the nearest row of a table for every visit that has a point, in bulk.

    Parameters
    ----------
    to
        What to link to, such as `geo.repositories.nearness.map_features` of some kinds.
    """
    return NearnessRepository(session).link(rows_of(MonitoringVisit, actor, Subject.MONITORING), to, within_m=within_m)


@dataclass(frozen=True, slots=True)
class _Site:
    """What was visited; the feature where the reader may see it, the shape its own or the activity's."""

    feature_id: UUID | None
    feature: MapFeature | None
    shape: BaseGeometry | None


def _site_id(visit: MonitoringVisit, activities: Mapping[UUID, Activity]) -> UUID | None:
    activity = activities.get(visit.activity_id) if visit.activity_id else None
    return visit.feature_id or (activity.site_feature_id if activity else None)


def _places(visit: MonitoringVisit, site: _Site, taken: Iterable[VisitPhoto], actor: Actor) -> VisitPlaces:
    photos = tuple(_photo(one, visit, site.shape) for one in taken)
    to_site = _apart(site.shape, visit.geometry)
    error_m = site.feature.position_error_m if site.feature is not None else None
    located = visit.located_at
    tells_photos = is_allowed(Action.READ, Subject.MONITORING, actor, visit.municipality_id)
    evidence = grade_visit(
        VisitTrace(
            has_site=site.shape is not None,
            site_error_m=error_m,
            device_distance_m=to_site,
            accuracy_m=visit.accuracy_m,
            photos=tuple(PhotoTrace(place.to_site_m, place.minutes, accuracy) for place, accuracy in photos),
            members=visit.member_count,
        ),
        tells_photos=tells_photos,
    )
    return VisitPlaces(
        visit_id=visit.id,
        activity_id=visit.activity_id,
        site_feature_id=site.feature_id,
        device_to_site_m=to_site,
        site_error_m=error_m,
        accuracy_m=visit.accuracy_m,
        minutes_to_point=None if located is None else (located - visit.visited_at) / timedelta(minutes=1),
        photos=tuple(place for place, _ in photos) if tells_photos else (),
        members=visit.member_count,
        evidence=evidence,
    )


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
