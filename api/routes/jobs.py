"""Long work: asked for with a file or without, looked at, cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.jobs.uploads import forget_upload
from api.jobs.worker import Worker
from api.rest.bodies import answer
from api.routes.access import Reader, Store, Who, serving
from api.uploads import ANY_SIZE, Received, receive, upload_body
from geo.domain.identifiers import new_id
from geo.domain.jobs import FINISHED, JobKind
from geo.domain.rights import Action, Actor, Subject
from geo.domain.vocabulary import Kind
from geo.errors import Forbidden, Refused
from geo.i18n import Language
from geo.services.job_requests import ask_for_event, ask_for_village
from geo.services.jobs import ask_to_cancel
from geo.services.records.reading import represent
from geo.services.records.resource import check_storable
from geo.services.resources.jobs import JOBS
from geo.services.sheet_access import TAKING, event_to_change
from geo.services.unplaced_sheets import refuse_known_photo
from geo.services.workspace import Workspace

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["jobs"])

_ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "Asked for; Location says where to look."}}
_MOST_PAGES = 100_000
_PAGE = {"type": "integer", "minimum": 1, "description": "Of a PDF or TIFF with several pages, counted from 1."}
_KIND = {"type": "string", "enum": [kind.value for kind in Kind], "description": "Of objects that name none."}


@router.post(
    "/events/{event_id}/imports",
    max_body_size=ANY_SIZE,
    status_code=202,
    summary="Take the objects of a GeoJSON or GeoPackage file into an event",
    openapi_extra={"requestBody": upload_body("GeoJSON or GeoPackage.", kind=_KIND, layer={"type": "string"})},
    responses=_ACCEPTED,
)
async def ask_import(event_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Keep the file and ask for its import; what is wrong with it is told by the job."""
    return await _ask_with_file(event_id, JobKind.IMPORT_FILE, request, store=store, who=who, language=language)


@router.post(
    "/events/{event_id}/sheet-readings",
    max_body_size=ANY_SIZE,
    status_code=202,
    summary="Read a photographed printed sheet into an event",
    openapi_extra={"requestBody": upload_body("A photo of a printed sheet.", title={"type": "string"})},
    responses=_ACCEPTED,
)
async def ask_reading(event_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Keep the photo and ask for its reading: what is drawn becomes proposals."""
    return await _ask_with_file(event_id, JobKind.READ_SHEET, request, store=store, who=who, language=language)


@router.post(
    "/events/{event_id}/sheet-photos",
    max_body_size=ANY_SIZE,
    status_code=202,
    summary="Take a photo of any drawing into an event",
    openapi_extra={"requestBody": upload_body("A photo or scan of a drawing.", title={"type": "string"}, page=_PAGE)},
    responses={**_ACCEPTED, 409: {"description": "The event has exactly this photo already; params has the sheet."}},
)
async def ask_taking(event_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Keep the photo and ask for its reading: a printed sheet is placed by its marks, another one waits for people."""
    return await _ask_with_file(event_id, JobKind.TAKE_PHOTO, request, store=store, who=who, language=language)


@router.post(
    "/settlements/{settlement_id}/match-proposals",
    status_code=202,
    summary="Compare what several groups drew of a village",
    responses=_ACCEPTED,
)
def ask_matches(settlement_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Ask for proposals of drawings that show one object; people decide on them."""
    with store.write(actor=who.ledger_name) as session:
        job = ask_for_village(session, JobKind.PROPOSE_MATCHES, settlement_id, actor=who)
        values = represent(session, JOBS, [job], actor=who)[0]
    return _asked(request, values, language)


@router.post("/jobs/{job_id}/cancel", summary="Stop a job: it stores nothing")
def cancel(job_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Ask to stop a job; one that runs stops at its next step."""
    with store.write(actor=who.ledger_name) as session:
        job = ask_to_cancel(session, job_id, actor=who)
        values = represent(session, JOBS, [job], actor=who)[0]
        given = dict(job.parameters) if job.state in FINISHED else {}
    forget_upload(serving(request).uploads, given)
    return answer(JOBS, values, language=language)


async def _ask_with_file(
    event_id: UUID, kind: JobKind, request: Request, *, store: Workspace, who: Actor, language: Language
) -> JSONResponse:
    if who.municipalities(Action.CREATE, Subject.JOBS) == frozenset():
        raise Forbidden("access.not_allowed")  # before a file is taken in
    settings = serving(request)
    kept = settings.uploads / str(new_id())
    settings.uploads.mkdir(parents=True, exist_ok=True)
    try:
        with kept.open("xb") as file:
            received = await receive(
                request, file, megabytes=settings.upload_megabytes, fields=frozenset({"kind", "layer", "title", "page"})
            )
        values = await run_in_threadpool(
            _ask, store, kind, event_id, kept=kept, received=received, who=who, language=language
        )
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    return _asked(request, values, language)


def _ask(
    store: Workspace, kind: JobKind, event_id: UUID, *, kept: Path, received: Received, who: Actor, language: Language
) -> dict[str, Any]:
    fields = received.fields
    check_storable(fields)
    if fields.get("kind") and fields["kind"] not in set(Kind):
        raise Refused("list.bad_value", name="kind", value=fields["kind"][:60])
    page = _page(fields.pop("page", ""))
    title = fields.get("title", "").strip() or received.name
    parameters: dict[str, Any] = {"upload": kept.name, "name": received.name, **fields, "title": title}
    if kind is JobKind.TAKE_PHOTO:
        parameters["title"] = fields.get("title", "").strip() or Path(received.name).stem
        parameters["language"] = language.value
        if page is not None:
            parameters["page"] = page
        with store.read() as session:
            event_to_change(session, event_id, actor=who, rights=TAKING)
            refuse_known_photo(session, event_id, kept.read_bytes(), page=page)
    with store.write(actor=who.ledger_name) as session:
        job = ask_for_event(session, kind, event_id, parameters, actor=who)
        return represent(session, JOBS, [job], actor=who)[0]


def _page(words: str) -> int | None:
    """Read the number of a page; none was named where there are no words."""
    if not words.strip():
        return None
    if not (words.isascii() and words.isdigit()) or not 1 <= int(words[:6]) <= _MOST_PAGES:
        raise Refused("list.bad_value", name="page", value=words[:60])
    return int(words[:6])


def _asked(request: Request, values: dict[str, Any], language: Language) -> JSONResponse:
    worker: Worker | None = getattr(request.app.state, "worker", None)
    if worker is not None:  # else another process does the work
        worker.wake()
    asked = answer(JOBS, values, language=language, status=202)
    asked.headers["Location"] = f"/api/v1/jobs/{values['id']}"
    return asked
