"""Photos of monitoring visits: taken in as a stream, given out as copies; originals for people with a role."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api.rest.bodies import answer
from api.rest.preconditions import is_known
from api.routes.access import Reader, Store, Who, serving
from api.uploads import ANY_SIZE, receive, upload_body
from geo.domain.rights import Action, Actor, Subject
from geo.errors import Forbidden, Refused
from geo.services.records.reading import represent
from geo.services.resources.monitoring import PHOTOS
from geo.services.visit_photos import AddedPhoto, PhotoSize, add_visit_photo, photo_content
from geo.services.workspace import Workspace

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["visit-photos"])

_BODY = upload_body(
    "JPEG, PNG, WebP or HEIC.",
    caption={"type": "string"},
    id={"type": "string", "format": "uuid", "description": "UUIDv7 that a phone gave the photo."},
)


@router.post(
    "/monitoring-visits/{visit_id}/photos",
    max_body_size=ANY_SIZE,
    status_code=201,
    summary="Add a photo to a visit",
    openapi_extra={"requestBody": _BODY},
    responses={200: {"description": "The visit has exactly this photo already."}, 201: {"description": "Added."}},
)
async def add_photo(visit_id: UUID, request: Request, store: Store, who: Who, language: Reader) -> JSONResponse:
    """Take in a photo; its place and time are read, the original is kept, copies without metadata are made.

    The same bytes sent again are stored once. The kind counts by its content, not by name or declared type.
    """
    limits = serving(request).photo_limits
    if who.municipalities(Action.CREATE, Subject.MONITORING) == frozenset():
        raise Forbidden("access.not_allowed")  # before anything is taken in
    with tempfile.TemporaryFile() as file:
        received = await receive(request, file, megabytes=limits.megabytes, fields=frozenset({"caption", "id"}))
        fields = received.fields
        photo_id = _id(fields.get("id", ""))
        handed_in = partial(
            add_visit_photo,
            store,
            visit_id,
            file,
            actor=who,
            caption=fields.get("caption", ""),
            photo_id=photo_id,
            limits=limits,
        )
        values, is_new = await run_in_threadpool(_stored, store, who, handed_in)
    return answer(PHOTOS, values, language=language, status=201 if is_new else 200)


@router.get(
    "/photos/{photo_id}",
    response_class=Response,
    summary="A photo: a copy, or the original for people with a role",
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}, "image/heic": {}}}},
)
def read_photo(
    photo_id: UUID,
    store: Store,
    who: Who,
    size: Annotated[PhotoSize, Query(description="Pixels of the longer side of a copy.")] = PhotoSize.LARGE,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Return the picture; an original comes as a file to keep, never to be shown by the browser."""
    etag = f'"{photo_id}-{size}"'
    with store.read() as session:
        found = photo_content(session, store.pictures, photo_id, size, actor=who)
    headers = {
        "X-Content-Type-Options": "nosniff",
        # Whatever else the bytes may be, they run nothing.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'{"attachment" if found.is_original else "inline"}; filename="{found.file_name}"',
        # What the public may see can be taken back: whoever keeps a copy asks again.
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


def _stored(store: Workspace, who: Actor, handed_in: Callable[[], AddedPhoto]) -> tuple[dict[str, Any], bool]:
    added = handed_in()
    with store.read() as session:
        return represent(session, PHOTOS, [added.photo], actor=who)[0], added.is_new


def _id(value: str) -> UUID | None:
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise Refused("record.bad_id", id=value[:60]) from error
