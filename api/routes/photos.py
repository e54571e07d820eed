"""Photos of monitoring visits: taken in as a stream, given out as copies; originals for people with a role."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.rest.bodies import answer
from api.routes.access import Reader, Store, Who, serving
from api.uploads import ANY_SIZE
from geo.domain.rights import Action, Actor, Subject
from geo.errors import Forbidden, Refused, TooLarge
from geo.services.records.reading import represent
from geo.services.resources.monitoring import PHOTOS
from geo.services.visit_photos import AddedPhoto, PhotoSize, add_visit_photo, photo_content
from geo.services.workspace import Workspace

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["visit-photos"])

_FIELD_BYTES = 10_000
"""Of a field beside the file, such as a caption."""
_OVERHEAD = 100_000
"""Of boundaries and part headers."""
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or HEIC."},
                    "caption": {"type": "string"},
                    "id": {"type": "string", "format": "uuid", "description": "UUIDv7 that a phone gave the photo."},
                },
            }
        }
    },
}


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
        fields = await _receive(request, file, most=limits.megabytes * 1_000_000, limit=limits.megabytes)
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
        "Content-Disposition": f'{"attachment" if found.is_original else "inline"}; filename="{found.file_name}"',
        # What the public may see can be taken back: whoever keeps a copy asks again.
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }
    if if_none_match is not None and etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


def _stored(store: Workspace, who: Actor, handed_in: Callable[[], AddedPhoto]) -> tuple[dict[str, Any], bool]:
    added = handed_in()
    with store.read() as session:
        return represent(session, PHOTOS, [added.photo], actor=who)[0], added.is_new


async def _receive(request: Request, file: BinaryIO, *, most: int, limit: int) -> dict[str, str]:
    """Write the part ``file`` of a multipart body to a file as it arrives; returns the other fields.

    Raises
    ------
    Refused
        The body is too large, no multipart body, or has no file.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    length = request.headers.get("content-length", "")
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Refused("visit_photo.no_file")
    if length.isdecimal() and int(length) > most + _OVERHEAD:
        raise TooLarge("visit_photo.too_many_bytes", limit=limit)
    parts = _Parts(file, most=most, limit=limit)
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks, max_size=most + _OVERHEAD)
        total = 0
        async for chunk in request.stream():
            total += len(chunk)
            if total > most + _OVERHEAD:
                raise TooLarge("visit_photo.too_many_bytes", limit=limit)
            parser.write(chunk)
        parser.finalize()
    except MultipartParseError as error:
        raise Refused("visit_photo.no_file") from error
    if not parts.has_file:
        raise Refused("visit_photo.no_file")
    return parts.fields()


class _Parts:
    """The parts of a body as the parser meets them: the file goes to the disk, short fields to the memory."""

    def __init__(self, file: BinaryIO, *, most: int, limit: int) -> None:
        self.has_file = False
        self._file, self._most, self._limit = file, most, limit
        self._written = 0
        self._name = ""
        self._header, self._value = b"", b""
        self._fields: dict[str, bytearray] = {}
        self.callbacks: Any = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
        }

    def fields(self) -> dict[str, str]:
        try:
            return {name: bytes(value).decode() for name, value in self._fields.items()}
        except UnicodeDecodeError as error:
            raise Refused("record.text_unusable") from error

    def _begin(self) -> None:
        self._name, self._header, self._value = "", b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
            if self._name == "file":
                if self.has_file:
                    raise Refused("visit_photo.one_file")
                self.has_file = True
        self._header, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self._written += end - start
            if self._written > self._most:
                raise TooLarge("visit_photo.too_many_bytes", limit=self._limit)
            self._file.write(data[start:end])
        elif self._name in {"caption", "id"}:
            field = self._fields.setdefault(self._name, bytearray())
            field += data[start:end]
            if len(field) > _FIELD_BYTES:
                raise Refused("visit_photo.no_file")


def _id(value: str) -> UUID | None:
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise Refused("record.bad_id", id=value[:60]) from error
