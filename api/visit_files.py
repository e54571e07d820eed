"""Files of visits that the field app saves when all else fails: brought into the store as the app would have sent them.

Every part has the id that the phone gave it, so that a file taken in twice, or a visit that the phone sends after all,
is stored once.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.rest.bodies import read_draft
from api.rest.field_errors import field_errors
from geo.domain.rights import Actor
from geo.errors import AyilmapError, Failed, Refused
from geo.i18n import Text
from geo.services.records.resource import Resource
from geo.services.resources.monitoring import FINDINGS, FOLLOW_UPS, SCORES, VISITS
from geo.services.visit_photos import add_visit_photo
from geo.services.visit_recording import record_once
from geo.services.workspace import Workspace

__all__ = ["FiledVisit", "RefusedPart", "TakenIn", "read_visit_file", "take_in"]

_FORMAT: Final = "ayilmap-visits"
_VERSION: Final = 1
_PHOTOS: Final = "photos"
_RECORDS: Final[Mapping[str, Resource[Any]]] = MappingProxyType(
    {one.name: one for one in (VISITS, FINDINGS, FOLLOW_UPS, SCORES)}
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    id: UUID
    body: dict[str, Any]


class _Photo(BaseModel):
    model_config = ConfigDict(extra="ignore")

    jpeg: str


class FiledVisit(BaseModel):
    """A visit of a file: its parts in the order in which they are stored, photos apart by their ids."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    title: str = ""
    parts: list[_Part] = Field(min_length=1)
    photos: dict[UUID, _Photo]


class _File(BaseModel):
    format: str
    version: int
    visits: list[FiledVisit]


@dataclass(frozen=True, slots=True)
class RefusedPart:
    """What was not stored: a whole visit with its words, or a photo of one that was."""

    kind: str
    """``monitoring-visits``, ``findings``, … or ``photos``."""
    id: UUID
    reason: Text


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a visit."""

    visit: FiledVisit
    made: int
    """Parts that were not in the store before."""
    met: int
    """Parts that were there already."""
    refused: tuple[RefusedPart, ...]


def read_visit_file(path: Path) -> list[FiledVisit]:
    """Read a file of visits.

    Raises
    ------
    Refused
        There is no such file, it is of something else, or of a newer app.
    """
    if not path.is_file():
        raise Refused("visit_file.none", path=str(path))
    try:
        content = json.loads(path.read_bytes())
        if content.get("format") == _FORMAT and content.get("version", 0) > _VERSION:
            raise Refused("visit_file.newer", path=str(path))
        read = _File.model_validate(content)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Refused("visit_file.not_ours", path=str(path)) from error
    if read.format != _FORMAT or not all(_is_whole(visit) for visit in read.visits):
        raise Refused("visit_file.not_ours", path=str(path))
    return read.visits


def _is_whole(visit: FiledVisit) -> bool:
    first = visit.parts[0]
    known = all(part.name in _RECORDS or part.name == _PHOTOS for part in visit.parts)
    return known and (first.name, first.id) == (VISITS.name, visit.id)


def take_in(workspace: Workspace, visit: FiledVisit, *, actor: Actor, written_by: str) -> TakenIn:
    """Store a visit with all that it found, or nothing of it; then its photos, each for itself.

    Parameters
    ----------
    actor
        Whose rights count.
    written_by
        Who the ledger says it was.
    """
    made: list[bool] = []
    at = visit.parts[0]
    try:
        with workspace.write(actor=written_by) as session:
            for at in visit.parts:
                if at.name == _PHOTOS:
                    continue
                resource = _RECORDS[at.name]
                form, _ = read_draft(resource, at.body)
                made.append(record_once(session, resource, at.id, form, actor=actor).is_new)
    except (AyilmapError, ValidationError) as error:
        return TakenIn(visit, 0, 0, (RefusedPart(at.name, at.id, _reason(error)),))
    refused = []
    for part in visit.parts:
        if part.name != _PHOTOS:
            continue
        try:
            made.append(_add_photo(workspace, visit, part, actor))
        except AyilmapError as error:
            refused.append(RefusedPart(part.name, part.id, _reason(error)))
    return TakenIn(visit, sum(made), len(made) - sum(made), tuple(refused))


def _add_photo(workspace: Workspace, visit: FiledVisit, part: _Part, actor: Actor) -> bool:
    kept = visit.photos.get(part.id)
    try:
        content = base64.b64decode(kept.jpeg, validate=True) if kept else b""
    except binascii.Error:
        content = b""
    if not content:
        raise Refused("visit_file.photo_lost")
    caption = str(part.body.get("caption") or "")
    return add_visit_photo(workspace, visit.id, BytesIO(content), actor=actor, caption=caption, photo_id=part.id).is_new


def _reason(error: AyilmapError | ValidationError) -> Text:
    if isinstance(error, Failed):
        raise error  # of the disk or the server, not of this visit
    if isinstance(error, AyilmapError):
        return Text(error.key, error.params)
    return Text("http.invalid_field", {"problem": field_errors(error.errors())[0][1]})
