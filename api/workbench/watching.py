"""Stage 7: visits on the map and in a list, what nobody has visited, what is open, and the way to the phone."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import segno
from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from shapely.geometry import mapping

from api.routes.access import serving
from api.workbench.frame import AtPlace, Frame, Room
from geo.domain.clock import local_time, local_today
from geo.domain.labels import label
from geo.domain.monitoring_codes import FollowUpState
from geo.domain.rights import Action, Subject
from geo.errors import NotFound
from geo.services.monitoring_overview import MonitoringOverview, monitoring_overview
from geo.snapshots import VisitSnapshot
from maps.words import date_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/work/{settlement_id}/{year}/monitoring", response_class=HTMLResponse)
def monitoring(frame: AtPlace) -> HTMLResponse:
    """Show the monitoring of the municipality's year."""
    assert frame.place is not None
    seen = _overview(frame)
    activities = {one.id: one for one in seen.cycle.plan.activities} if seen.cycle and seen.cycle.plan else {}
    return frame.show(
        "work/watching.html",
        room=Room.MONITORING,
        title=frame.say("frame.room.monitoring"),
        scripts=["watching"],
        styles=["watching"],
        words=["watching."],
        data={
            "lonlat": frame.place.lonlat,
            "settlement": str(frame.place.settlement_id),
            "villages": [
                {"id": str(one.id), "name": one.names.best(frame.language), "geometry": mapping(one.point)}
                for one in (seen.cycle.municipality.settlements if seen.cycle else ())
            ],
            "sites": [
                {
                    "id": str(one.id),
                    "title": one.title,
                    "village": str(one.settlement_id),
                    "geometry": mapping(one.geometry),
                    "is_visited": is_visited,
                }
                for one in activities.values()
                if one.geometry is not None
                for is_visited in [one not in seen.not_visited]
            ],
            "visits": [
                {
                    "id": str(one.id),
                    "village": str(one.settlement_id),
                    "geometry": mapping(one.point),
                    "standard_met": one.standard_met,
                }
                for one in seen.visits
                if one.point is not None
            ],
            "today": local_today().isoformat(),
        },
        seen=seen,
        activities=activities,
        title_of=lambda visit: _title(frame, visit, activities),
        village_of=lambda visit: _village(frame, seen, visit),
        overdue=FollowUpState.OVERDUE,
        may_write=frame.may(Action.CREATE, Subject.MONITORING),
        field_address=_field_address(frame),
        when=lambda moment: _when(frame, moment),
    )


@router.get("/work/{settlement_id}/{year}/monitoring/phone.svg")
def phone_code(frame: AtPlace) -> Response:
    """Answer a code that a phone's camera reads: it opens the field app."""
    address = _field_address(frame)
    if not address:
        raise NotFound("http.not_found")
    written = io.BytesIO()
    segno.make_qr(address, error="M").save(
        written, kind="svg", scale=6, border=4, light="#ffffff", xmldecl=False, title=frame.say("visiting.title")
    )
    return Response(written.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "private, no-cache"})


def _overview(frame: Frame) -> MonitoringOverview:
    place = frame.place
    assert place is not None
    if place.municipality_id is None:
        return MonitoringOverview(None)
    with frame.store.read() as session:
        return monitoring_overview(
            session,
            frame.store.pictures,
            place.municipality_id,
            place.year,
            settlement_id=place.settlement_id,
            actor=frame.actor,
            as_of=local_today(),
        )


def _field_address(frame: Frame) -> str:
    place = frame.place
    assert place is not None
    if place.municipality_id is None:
        return ""
    settings = serving(frame.request)
    origin = settings.public_origin if settings.asks_to_sign_in else str(frame.request.base_url).rstrip("/")
    return f"{origin}/field/{place.municipality_id}/{place.year}"


def _title(frame: Frame, visit: VisitSnapshot, activities: dict[Any, Any]) -> str:
    activity = activities.get(visit.activity_id)
    if activity is not None:
        return str(activity.title)
    return visit.service or label(visit.topic, frame.language)


def _when(frame: Frame, moment: datetime) -> str:
    there = local_time(moment)
    return f"{date_in_words(there.date(), frame.language)}, {there:%H:%M}"


def _village(frame: Frame, seen: MonitoringOverview, visit: VisitSnapshot) -> str:
    found = seen.cycle.settlement(visit.settlement_id) if seen.cycle else None
    return found.names.best(frame.language) if found else ""
