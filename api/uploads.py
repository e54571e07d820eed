"""Files that people send: written to the disk as they arrive, and refused as soon as they are too large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from geo.errors import Refused, TooLarge

__all__ = ["ANY_SIZE", "Received", "receive", "upload_body"]

ANY_SIZE = 2**40
"""Limit of the framework for bodies that `receive` counts itself, by the settings of the service."""

_FIELD_BYTES = 10_000
"""Of a field beside the file, such as a caption."""
_NAME_LETTERS = 200
_OVERHEAD = 100_000
"""Of boundaries and part headers."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came beside the file."""

    name: str
    """What the sender calls the file; for people only, never a path."""
    fields: dict[str, str]


def upload_body(description: str, **fields: dict[str, Any]) -> dict[str, Any]:
    """Return how such a body is described in the OpenAPI document."""
    file = {"type": "string", "format": "binary", "description": description}
    schema = {"type": "object", "required": ["file"], "properties": {"file": file, **fields}}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


async def receive(request: Request, file: BinaryIO, *, megabytes: int, fields: frozenset[str]) -> Received:
    """Write the part ``file`` of a ``multipart/form-data`` body (RFC 7578) to a file as it arrives.

    Parameters
    ----------
    request
        With the body still to be read.
    file
        Where it is written to.
    megabytes
        Most that the file may have.
    fields
        Names of the fields that may come beside it; others are passed over.

    Raises
    ------
    TooLarge
        The body or the file.
    Refused
        No multipart body, one without a file or with more than one, or one that stops in the middle.
    """
    most = megabytes * 1_000_000
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    length = request.headers.get("content-length", "")
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Refused("upload.no_file")
    if length.isdecimal() and int(length) > most + _OVERHEAD:
        raise TooLarge("upload.too_large", limit=megabytes)
    parts = _Parts(file, megabytes=megabytes, fields=fields)
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks, max_size=most + _OVERHEAD)
        total = 0
        async for chunk in request.stream():
            total += len(chunk)
            if total > most + _OVERHEAD:
                raise TooLarge("upload.too_large", limit=megabytes)
            parser.write(chunk)
        parser.finalize()
    except FormParserError as error:
        raise Refused("upload.no_file") from error
    return parts.received()


class _Parts:
    """The parts of a body as the parser meets them: the file goes to the disk, short fields to the memory."""

    def __init__(self, file: BinaryIO, *, megabytes: int, fields: frozenset[str]) -> None:
        self._file, self._megabytes, self._known = file, megabytes, fields
        self._has_file = self._is_whole = False
        self._file_name = b""
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
            "on_end": self._end,
        }

    def received(self) -> Received:
        """Return what came beside the file."""
        if not self._has_file:
            raise Refused("upload.no_file")
        if not self._is_whole:
            raise Refused("upload.cut_off")
        try:
            fields = {name: bytes(value).decode() for name, value in self._fields.items()}
        except UnicodeDecodeError as error:
            raise Refused("record.text_unusable") from error
        name = self._file_name.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
        return Received("".join(letter for letter in name if letter.isprintable())[:_NAME_LETTERS], fields)

    def _end(self) -> None:
        # The last boundary has come (RFC 2046, clause 5.1.1): without it half a file would pass for a whole one.
        self._is_whole = True

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
                if self._has_file:
                    raise Refused("upload.one_file")
                self._has_file, self._file_name = True, options.get(b"filename", b"")
        self._header, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self._written += end - start
            if self._written > self._megabytes * 1_000_000:
                raise TooLarge("upload.too_large", limit=self._megabytes)
            self._file.write(data[start:end])
        elif self._name in self._known:
            field = self._fields.setdefault(self._name, bytearray())
            field += data[start:end]
            if len(field) > _FIELD_BYTES:
                raise Refused("upload.field_too_long", field=self._name)
