"""The pages of a municipality for everybody: no sign-in, and nothing that is not published."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

import segno
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.error_pages import wants_page
from api.rendering.answering import file_answer
from api.rendering.asked import Asked, Parameters
from api.rendering.kept import Kept, KeptFiles
from api.rendering.kinds import PosterPaper, RenderingFormat, RenderingKind
from api.rendering.making import find_made, make, want
from api.routes.access import Store, serving
from api.workbench.frame import Anywhere, Frame
from api.workbench.policy import EMBEDDABLE, page_policy
from api.workbench.public_drawing import Drawings
from api.workbench.public_facts import (
    ActivityLine,
    PriorityStory,
    VisitLine,
    money_bars,
    plan_lines,
    priorities,
    visits,
)
from geo.domain.clock import local_today
from geo.domain.forms import FormKind
from geo.domain.rights import PUBLIC
from geo.errors import Failed, NotFound, Unavailable
from geo.i18n import Text, text
from geo.services.public_places import PublicYear, problem_place, public_year
from geo.services.snapshots import cycle_snapshot
from geo.snapshots import Audience, CycleSnapshot
from maps.web.territory_marks import is_sample

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

PAPERS: Final = MappingProxyType(
    {
        "poster": (RenderingKind.POSTER, Parameters(paper=PosterPaper.A3), RenderingFormat.PDF),
        "plan": (RenderingKind.FORM, Parameters(form=FormKind.JOINT_ACTION_PLAN), RenderingFormat.PDF),
        "plan-table": (RenderingKind.FORM, Parameters(form=FormKind.JOINT_ACTION_PLAN), RenderingFormat.XLSX),
        "monitoring": (RenderingKind.FORM, Parameters(form=FormKind.MONITORING_REPORT), RenderingFormat.PDF),
    }
)
"""What the public takes home, by the last part of its address."""

_PATIENCE_S: Final = 20.0
_PERSON_WAITS_S: Final = 3.0
"""So long somebody looks at an empty window before a page says how far it is."""
_drawings: Final = Drawings()

Year = Annotated[int | None, Query(ge=1900, le=2200)]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a public page is made from."""

    place: PublicYear
    cycle: CycleSnapshot | None
    """None before the municipality has a year."""


@router.get("/public/{municipality_id}", response_class=HTMLResponse)
def municipality(municipality_id: UUID, frame: Anywhere, year: Year = None) -> HTMLResponse:
    """Show a municipality's year: its priorities and what became of them, the plan, the money, the visits."""
    shown = _shown(frame, municipality_id, year)
    language, cycle = frame.language, shown.cycle
    stories: Sequence[PriorityStory] = priorities(cycle, language) if cycle else ()
    lines: Sequence[ActivityLine] = plan_lines(cycle, language) if cycle else ()
    seen: Sequence[VisitLine] = visits(cycle, language) if cycle else ()
    return frame.show(
        "work/public.html",
        title=shown.place.names.best(language),
        styles=["public"],
        scripts=["public"],
        words=["public."],
        shown=shown,
        cycle=cycle,
        is_sample=cycle is not None and is_sample(cycle),
        stories=stories,
        activities=lines,
        money=money_bars(cycle, language) if cycle else None,
        visits=seen,
        papers=tuple(PAPERS) if cycle else (),
        address=_public_address(frame, shown),
    )


@router.get("/public/{municipality_id}/map")
def embedded_map(
    municipality_id: UUID,
    frame: Anywhere,
    *,
    year: Year = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Answer the map alone, which other pages may show inside theirs; while it is drawn, a page that waits for it."""
    asked = Asked.of(
        RenderingKind.MUNICIPALITY_MAP,
        Parameters(municipality_id=municipality_id, year=year),
        language=frame.language,
        audience=Audience.PUBLIC,
    )
    return _made_or_waiting(
        frame,
        asked,
        if_none_match,
        municipality=f"/public/{municipality_id}",
        part="map",
        title=frame.say("public.map"),
        year=year,
        is_embedded=True,
    )


@router.get("/public/{municipality_id}/papers/{paper}")
def take_paper(
    municipality_id: UUID,
    paper: str,
    frame: Anywhere,
    *,
    year: Year = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Answer a paper of the municipality as everybody may see it; while it is drawn, a page that waits for it."""
    if paper not in PAPERS:
        raise NotFound("http.not_found")
    kind, parameters, form = PAPERS[paper]
    whole = parameters.model_copy(update={"municipality_id": municipality_id, "year": year})
    asked = Asked.of(kind, whole, language=frame.language, audience=Audience.PUBLIC, format=form)
    return _made_or_waiting(
        frame,
        asked,
        if_none_match,
        municipality=f"/public/{municipality_id}",
        part=f"papers/{paper}",
        title=frame.say(f"public.paper.{paper}"),
        year=year,
    )


def _made_or_waiting(
    frame: Frame,
    asked: Asked,
    if_none_match: str | None,
    *,
    municipality: str,
    part: str,
    title: str,
    year: int | None,
    is_embedded: bool = False,
) -> Response:
    is_person = wants_page(frame.request)
    try:
        seconds = _PERSON_WAITS_S if is_person else _PATIENCE_S
        return _made(frame.request, frame.store, asked, if_none_match, seconds=seconds)
    except Unavailable as busy:
        if not is_person:
            raise
        step = text(busy.key, frame.language, **busy.params)
    query = urlencode({**({"year": year} if year else {}), "lang": frame.language.value})
    address = f"{municipality}/{part}?{query}"
    page = frame.show(
        "work/public_waiting.html",
        title=title,
        styles=["public"],
        scripts=["public_waiting"],
        words=["public.waiting."],
        data={"address": address},
        status=503,
        step=step,
        address=address,
        back=f"{municipality}?{query}#papers",
        is_embedded=is_embedded,
    )
    if is_embedded:
        page.headers["Content-Security-Policy"] = page_policy(ancestors=EMBEDDABLE)
    page.headers["Retry-After"] = "5"
    return page


@router.get("/public/{municipality_id}/qr.svg")
def code(municipality_id: UUID, frame: Anywhere, year: Year = None) -> Response:
    """Answer the page's address as a QR code for the notice board (ISO/IEC 18004, level M)."""
    with frame.store.read() as session:
        place = public_year(session, municipality_id, year)
    written = io.BytesIO()
    segno.make_qr(_public_address(frame, Shown(place, None)), error="M").save(
        written, kind="svg", scale=8, border=4, light="#ffffff", xmldecl=False, title=place.names.best(frame.language)
    )
    return Response(written.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-cache"})


@router.get("/public/problems/{problem_id}", response_class=HTMLResponse)
def problem(problem_id: UUID, frame: Anywhere) -> Response:
    """Show what became of one problem; one that was merged leads to what it was merged into."""
    with frame.store.read() as session:
        place = problem_place(session, problem_id)
    shown = _shown(frame, place.municipality_id, place.year)
    stories = priorities(shown.cycle, frame.language, only=problem_id) if shown.cycle else ()
    if not stories and place.merged_into_id is not None:
        return RedirectResponse(f"/public/problems/{place.merged_into_id}", 307)
    if not stories:
        raise NotFound("record.unknown", id=problem_id)
    return frame.show(
        "work/public_problem.html",
        title=stories[0].title,
        styles=["public"],
        shown=shown,
        story=stories[0],
        address=f"{_origin(frame)}/public/problems/{problem_id}",
    )


def _shown(frame: Frame, municipality_id: UUID, year: int | None) -> Shown:
    with frame.store.read() as session:
        place = public_year(session, municipality_id, year)
        if place.year is None:
            return Shown(place, None)
        cycle = cycle_snapshot(
            session,
            frame.store.pictures,
            municipality_id,
            place.year,
            actor=PUBLIC,
            audience=Audience.PUBLIC,
            with_features=False,
            as_of=local_today(),
        )
    return Shown(place, cycle)


def _made(
    request: Request, store: Store, asked: Asked, if_none_match: str | None, *, seconds: float | None = None
) -> Response:
    settings = serving(request)
    files = KeptFiles(settings.renderings, settings.rendering_megabytes)
    with store.read() as session:
        wanted = want(session, asked, actor=PUBLIC, today=local_today())
    kept = find_made(files, wanted) or _drawn(store, files, asked, wanted.question, seconds or _PATIENCE_S)
    content = files.content(kept)
    if content is None:
        raise Failed("rendering.not_made")
    return file_answer(kept, content, asked, if_none_match=if_none_match)


def _drawn(store: Store, files: KeptFiles, asked: Asked, question: str, seconds: float) -> Kept:
    def draw(tell: Callable[[float, str], None]) -> Kept:
        return make(store, files, asked, actor=PUBLIC, today=local_today(), tell=tell)

    found = _drawings.wait(question, draw, seconds=seconds)
    if isinstance(found, str):
        raise Unavailable("public.drawing", step=Text(found))
    return found


def _public_address(frame: Frame, shown: Shown) -> str:
    year = f"?year={shown.place.year}" if shown.place.year and not shown.place.is_last else ""
    return f"{_origin(frame)}/public/{shown.place.municipality_id}{year}"


def _origin(frame: Frame) -> str:
    settings = serving(frame.request)
    return settings.public_origin if settings.public_url else f"{frame.request.url.scheme}://{frame.request.url.netloc}"
