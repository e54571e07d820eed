"""How well a visit is evidenced: a grade from A to D by a stated rule, with the reasons in words (DOMAIN.md section 9).

What counts is place, time and people: whether the device and a photo were at the site, whether the photo was taken
during the visit, and whether several people went. A receiver's accuracy and the position error of the site widen what
counts as being there, for nobody can be nearer to a place than its place is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.i18n import Text

__all__ = [
    "COARSE_M",
    "ELSEWHERE_M",
    "IN_TIME_MIN",
    "NEAR_M",
    "SEVERAL",
    "SHARP_M",
    "Evidence",
    "Grade",
    "PhotoTrace",
    "VisitTrace",
    "grade_visit",
]

NEAR_M = 50.0
"""As far as this from its outline, somebody is at a site."""
SHARP_M = 30.0
"""Up to this accuracy a receiver tells the site from its neighbours."""
COARSE_M = 100.0
"""Beyond this accuracy a point tells the village, not the site: it widens what counts as being there no further."""
ELSEWHERE_M = 500.0
"""Farther than this, whatever the errors, somebody was elsewhere."""
IN_TIME_MIN = 60.0
"""A photo was taken during a visit if it was taken within an hour of it."""
SEVERAL = 2


class Grade(StrEnum):
    """How well a visit is evidenced, the best first."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"


@dataclass(frozen=True, slots=True)
class PhotoTrace:
    """What a photo tells: the camera from the site in metres, its moment from the visit in minutes; None: not known."""

    distance_m: float | None = None
    minutes: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class VisitTrace:
    """What is known of a visit.

    Parameters
    ----------
    has_site
        Whether the place of what was visited is known.
    site_error_m
        Position error of that place, metres; None where nobody stated one.
    device_distance_m
        From the device to the site, metres; None where one of them is not known.
    accuracy_m
        Of the device's point, metres.
    photos
        The visit's photos.
    members
        How many people went; None where not known.
    """

    has_site: bool
    site_error_m: float | None = None
    device_distance_m: float | None = None
    accuracy_m: float | None = None
    photos: tuple[PhotoTrace, ...] = ()
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A grade and why."""

    grade: Grade
    reasons: tuple[Text, ...]


def grade_visit(visit: VisitTrace, *, tells_photos: bool = True) -> Evidence:
    """Grade a visit.

    Parameters
    ----------
    tells_photos
        Whether the reasons tell how far away and when photos were taken: never to the public (DOMAIN.md section 11).

    D: the device or every placed photo was elsewhere (more than `ELSEWHERE_M` beyond all errors), or nothing shows the
    place and no photo the time. A: device at the site with an accuracy of `SHARP_M`, a photo at the site taken in time,
    several members. B: device or a photo at the site, and two of: sharp accuracy, a photo in time, several members.
    C: everything else.

    >>> at_site = PhotoTrace(distance_m=20, minutes=5)
    >>> grade_visit(VisitTrace(True, None, 12, 8, (at_site,), 3)).grade
    <Grade.A: 'a'>
    >>> grade_visit(VisitTrace(True, None, 12, 8, (), 3)).grade
    <Grade.B: 'b'>
    >>> grade_visit(VisitTrace(True)).grade
    <Grade.D: 'd'>
    """
    site_m = visit.site_error_m or 0.0
    margin_m = site_m + (visit.accuracy_m or 0.0)
    there = _is_there(visit.device_distance_m, _reach(site_m, visit.accuracy_m))
    sharp = visit.device_distance_m is not None and visit.accuracy_m is not None and visit.accuracy_m <= SHARP_M
    margins = [(photo, site_m + (photo.accuracy_m or 0.0)) for photo in visit.photos]
    at_site = [photo for photo in visit.photos if _is_there(photo.distance_m, _reach(site_m, photo.accuracy_m))]
    photo_there = bool(at_site)
    in_time = any(_is_in_time(photo) for photo in visit.photos)
    both = any(map(_is_in_time, at_site))
    several = visit.members is not None and visit.members >= SEVERAL
    placed = [(photo, margin) for photo, margin in margins if photo.distance_m is not None]
    elsewhere = _is_elsewhere(visit.device_distance_m, margin_m) or (
        bool(placed) and all(_is_elsewhere(photo.distance_m, margin) for photo, margin in placed)
    )
    if elsewhere or not (there or photo_there or in_time):
        grade = Grade.D
    elif there and sharp and both and several:
        grade = Grade.A
    elif (there or photo_there) and sharp + in_time + several >= 2:
        grade = Grade.B
    else:
        grade = Grade.C
    photos = _about_photos(visit) if tells_photos or not visit.photos else [Text("evidence.photos_kept", {})]
    return Evidence(grade, (*_about_device(visit, margin_m), *photos, *_about_people(visit)))


def _reach(site_m: float, accuracy_m: float | None) -> float:
    return NEAR_M + site_m + min(accuracy_m or 0.0, COARSE_M)


def _is_there(distance_m: float | None, reach_m: float) -> bool:
    return distance_m is not None and distance_m <= reach_m


def _is_elsewhere(distance_m: float | None, margin_m: float) -> bool:
    return distance_m is not None and distance_m > ELSEWHERE_M + margin_m


def _is_in_time(photo: PhotoTrace) -> bool:
    return photo.minutes is not None and abs(photo.minutes) <= IN_TIME_MIN


def _about_device(visit: VisitTrace, margin_m: float) -> list[Text]:
    if not visit.has_site:
        return [Text("evidence.no_site", {})]
    if visit.device_distance_m is None:
        return [Text("evidence.no_point", {})]
    reach_m = _reach(visit.site_error_m or 0.0, visit.accuracy_m)
    distance = {"distance": round(visit.device_distance_m), "near": round(reach_m)}
    if _is_there(visit.device_distance_m, reach_m):
        said = [Text("evidence.at_site", distance)]
    elif _is_elsewhere(visit.device_distance_m, margin_m):
        said = [Text("evidence.elsewhere", distance)]
    else:
        said = [Text("evidence.off_site", distance)]
    if visit.accuracy_m is None:
        said.append(Text("evidence.accuracy_unknown", {}))
    else:
        key = "evidence.sharp" if visit.accuracy_m <= SHARP_M else "evidence.coarse"
        said.append(Text(key, {"accuracy": round(visit.accuracy_m), "sharp": round(SHARP_M)}))
    return said


def _about_photos(visit: VisitTrace) -> list[Text]:
    if not visit.photos:
        return [Text("evidence.no_photo", {})]
    said: list[Text] = []
    distances = [photo.distance_m for photo in visit.photos if photo.distance_m is not None]
    if distances:
        said.append(Text("evidence.photo_distance", {"distance": round(min(distances))}))
    else:
        said.append(Text("evidence.photo_unplaced", {}))
    minutes = [abs(photo.minutes) for photo in visit.photos if photo.minutes is not None]
    if not minutes:
        said.append(Text("evidence.photo_undated", {}))
    else:
        key = "evidence.photo_in_time" if min(minutes) <= IN_TIME_MIN else "evidence.photo_other_time"
        said.append(Text(key, {"minutes": round(min(minutes))}))
    return said


def _about_people(visit: VisitTrace) -> list[Text]:
    if visit.members is None:
        return [Text("evidence.members_unknown", {})]
    return [Text("evidence.several" if visit.members >= SEVERAL else "evidence.alone", {"members": visit.members})]
