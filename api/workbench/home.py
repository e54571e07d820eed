"""The first page: choosing a municipality, a village and a year; on an empty laptop, the sample."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from api.routes.access import serving
from api.workbench.frame import Anywhere, Frame
from api.workbench.recent import recent_places
from geo.database.schema import upgrade
from geo.domain.clock import local_today
from geo.domain.rights import Action, Subject
from geo.errors import Refused
from geo.services.places import (
    VillagePlace,
    find_places,
    has_places,
    map_lines,
    municipality_places,
    recent_villages,
)
from geo.services.sample_removal import SAMPLE_ACTOR
from geo.services.whole_sample import store_whole_sample

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_LONGEST_QUERY = 100


@router.get("/", response_class=HTMLResponse)
def home(
    frame: Anywhere,
    q: Annotated[str, Query()] = "",
    municipality: UUID | None = None,
) -> HTMLResponse:
    """Show where one can work, or look."""
    with frame.store.read() as session:
        if not has_places(session):
            return _empty(frame)
        return _places(frame, session, q[:_LONGEST_QUERY].strip(), municipality)


def _empty(frame: Frame) -> HTMLResponse:
    """On a laptop the sample is set out at once; on a server people are told what to do."""
    is_laptop = not serving(frame.request).asks_to_sign_in
    return frame.show(
        "work/welcome.html",
        title=frame.say("home.welcome"),
        scripts=["welcome"] if is_laptop else [],
        styles=["home"],
        words=("home.setting_out",),
        is_laptop=is_laptop,
    )


def _places(frame: Frame, session: Session, letters: str, municipality: UUID | None) -> HTMLResponse:
    today, language, actor = local_today(), frame.language, frame.actor
    is_worker = not actor.is_public
    recent = recent_places(frame.request) if is_worker else ()
    found = find_places(session, letters, language, today=today) if letters else ((), ())
    listed = municipality_places(session, language, actor=actor, today=today, only=municipality)
    return frame.show(
        "work/home.html",
        title=frame.say("page.home_title"),
        scripts=["home"],
        styles=["home"],
        words=("home.",),
        data={"works": is_worker},
        letters=letters,
        found_municipalities=found[0],
        found=found[1],
        municipalities=listed,
        chosen=municipality,
        recent=recent_villages(session, recent, language, today=today),
        maps=map_lines(session, language, actor=actor),
        is_worker=is_worker,
        link=lambda one: _address(one, is_worker=is_worker),
        may_make=frame.actor.municipalities(Action.CREATE, Subject.MEMBERSHIP) is None,
    )


@router.get("/work/places.json")
def places(frame: Anywhere, q: Annotated[str, Query()] = "") -> dict[str, Any]:
    """Answer the municipalities and villages in whose name some letters are."""
    is_worker = not frame.actor.is_public
    with frame.store.read() as session:
        municipalities, villages = find_places(session, q[:_LONGEST_QUERY], frame.language, today=local_today())
    return {
        "municipalities": [
            {"name": one.name, "more": one.rayon, "address": f"/?municipality={one.id}"}
            if is_worker
            else {"name": one.name, "more": one.rayon, "address": f"/public/{one.id}"}
            for one in municipalities
        ],
        "villages": [
            {
                "name": one.shown,
                "more": one.municipality or one.rayon,
                "year": one.year,
                "is_sample": one.is_sample,
                "address": _address(one, is_worker=is_worker),
            }
            for one in villages
        ],
    }


@router.post("/first-visit")
def first_visit(frame: Anywhere) -> Response:
    """Set the sample out in an empty store of a laptop, and begin the tour in its village.

    What is there already stays as it is, so that a second click does no harm.
    """
    settings = serving(frame.request)
    if settings.asks_to_sign_in:
        raise Refused("home.sample_on_laptops")
    upgrade(settings.store)
    loaded = store_whole_sample(settings.workspace, actor=SAMPLE_ACTOR)
    return RedirectResponse(f"/work/{loaded.settlement_id}/{loaded.year}?tour=1", 303)


def _address(one: VillagePlace, *, is_worker: bool) -> str:
    """Return where a village leads to: to work, or for the public to its municipality's page."""
    if is_worker:
        return f"/work/{one.id}/{one.year}"
    return f"/public/{one.municipality_id}" if one.municipality_id else ""
