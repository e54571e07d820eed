"""Maps, drawings and papers over HTTP: asked for, looked after, fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.jobs.worker import Worker
from api.rendering.answering import file_answer
from api.rendering.asked import Asked, Parameters
from api.rendering.kept import Kept, KeptFiles
from api.rendering.kinds import OFFERS, RenderingFormat, RenderingKind
from api.rendering.making import find_made, make, want
from api.rendering.reading import actor_as_plain
from api.routes.access import Reader, Store, Who, serving
from geo.domain.clock import local_today
from geo.domain.jobs import JobState
from geo.errors import NotFound
from geo.i18n import Language, text
from geo.models import Job
from geo.services.renderings import ask_for_rendering, last_rendering_job
from geo.snapshots import Audience

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/renderings", tags=["renderings"])


class RenderingRequest(BaseModel):
    """What to make."""

    model_config = ConfigDict(extra="forbid")

    kind: RenderingKind
    parameters: Parameters = Field(default_factory=Parameters)
    language: Language | None = Field(default=None, description="Without: the reader's.")
    format: RenderingFormat | None = Field(default=None, description="Without: the usual one of the kind.")
    audience: Audience = Field(default=Audience.PUBLIC, description="internal needs a role in the municipality.")


class RenderingState(BaseModel):
    """How far it is."""

    id: str
    state: JobState
    progress: float
    step: str = Field(description="What is being done, in the reader's language.")
    job_id: UUID | None = None
    problem: str | None = Field(default=None, description="Why it was not made, in the reader's language.")
    problem_key: str | None = None
    file: str | None = Field(default=None, description="Address of the file, where it is there.")
    name: str | None = None
    media_type: str | None = None
    bytes: int | None = None


class RenderingOffer(BaseModel):
    """A kind and what has to be said for it."""

    kind: RenderingKind
    title: str
    formats: list[RenderingFormat]
    needs: list[str]
    takes: list[str]


@router.get("", summary="What can be made")
def list_offers(language: Reader) -> list[RenderingOffer]:
    """Return the kinds of maps, drawings and papers with their formats and parameters."""
    return [
        RenderingOffer(
            kind=kind,
            title=text(f"rendering.kind.{kind}", language),
            formats=list(offer.formats),
            needs=sorted(offer.needs),
            takes=sorted(offer.takes),
        )
        for kind, offer in OFFERS.items()
    ]


@router.post(
    "",
    status_code=202,
    response_model=RenderingState,
    summary="Ask for a map, drawing or paper",
    responses={200: {"model": RenderingState, "description": "It is there already, and shows what is recorded."}},
)
def ask_rendering(body: RenderingRequest, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Ask for it; where it is made already and nothing was written since, it is there at once."""
    asked = Asked.of(
        body.kind,
        body.parameters,
        language=body.language or language,
        format=body.format,
        audience=body.audience,
    )
    with store.read() as session:
        wanted = want(session, asked, actor=who, today=local_today())
    files = _files(request)
    kept = find_made(files, wanted)
    if kept is None and wanted.where is None:
        # A blank form of no place shows nothing of the record: it is made in a moment, and once for everybody.
        kept = make(store, files, asked, actor=who, today=wanted.today, tell=lambda _part, _step: None)
    if kept is not None:
        return _answer(_done(wanted.asked, kept), 200)
    assert wanted.where is not None
    parameters = {
        "asked": wanted.asked.values,
        "actor": actor_as_plain(who),
        "megabytes": serving(request).rendering_megabytes,
    }
    with store.write(actor=who.ledger_name) as session:
        job = ask_for_rendering(
            session,
            wanted.asked.id,
            wanted.scope,
            parameters,
            municipality_id=wanted.where.municipality_id,
            actor=who,
        )
        state = _of_job(wanted.asked, job, language)
    worker: Worker | None = getattr(request.app.state, "worker", None)
    if worker is not None:  # else another process does the work
        worker.wake()
    return _answer(state, 202)


@router.get("/{rendering_id}", summary="How far a map, drawing or paper is")
def read_rendering(rendering_id: str, request: Request, store: Store, who: Who, language: Reader) -> RenderingState:
    """Return its state, and where to fetch it once it is there; what has become old is told as not asked for."""
    with store.read() as session:
        wanted = want(session, Asked.of_id(rendering_id), actor=who, today=local_today())
        kept = find_made(_files(request), wanted)
        if kept is not None:
            return _done(wanted.asked, kept)
        job = last_rendering_job(session, wanted.asked.id, wanted.scope)
        if job is None or job.state is JobState.DONE:
            raise NotFound("rendering.not_made")
        return _of_job(wanted.asked, job, language)


@router.get(
    "/{rendering_id}/file",
    response_class=Response,
    summary="A map, drawing or paper as a file",
    responses={
        200: {"content": {form.media_type.split(";")[0]: {} for form in RenderingFormat}},
        304: {"description": "The caller has it already."},
    },
)
def read_file(
    rendering_id: str,
    request: Request,
    store: Store,
    who: Who,
    *,
    download: Annotated[bool, Query(description="To keep, not to look at.")] = False,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Return the file as long as it shows what is recorded; after a change it has to be asked for again."""
    files = _files(request)
    with store.read() as session:
        wanted = want(session, Asked.of_id(rendering_id), actor=who, today=local_today())
    kept = find_made(files, wanted)
    content = files.content(kept) if kept is not None else None
    if kept is None or content is None:
        raise NotFound("rendering.not_made")
    return file_answer(kept, content, wanted.asked, if_none_match=if_none_match, download=download)


def _files(request: Request) -> KeptFiles:
    settings = serving(request)
    return KeptFiles(settings.renderings, settings.rendering_megabytes)


def _done(asked: Asked, kept: Kept) -> RenderingState:
    return RenderingState(
        id=asked.id,
        state=JobState.DONE,
        progress=1.0,
        step="",
        file=f"/api/v1/renderings/{asked.id}/file",
        name=kept.name,
        media_type=kept.format.media_type,
        bytes=kept.size,
    )


def _of_job(asked: Asked, job: Job, language: Language) -> RenderingState:
    problem: Mapping[str, Any] | None = job.problem
    return RenderingState(
        id=asked.id,
        state=job.state,
        progress=job.progress,
        step=text(job.step, language) if job.step else "",
        job_id=job.id,
        problem=text(problem["key"], language, **problem["params"]) if problem else None,
        problem_key=problem["key"] if problem else None,
    )


def _answer(state: RenderingState, status: int) -> JSONResponse:
    headers = {"Location": state.file or f"/api/v1/renderings/{state.id}"}
    return JSONResponse(state.model_dump(mode="json"), status, headers=headers)
