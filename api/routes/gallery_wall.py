"""The wall of a session while it is worked at: notes in groups, and moving them."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from api.rest.texts import StorableText
from api.routes.access import Store, Who
from geo.domain.events import GroupSex
from geo.domain.rights import Action, Subject, is_allowed
from geo.errors import Forbidden
from geo.services.gallery_merging import municipality_of_merge
from geo.services.gallery_wall import move_problem, session_wall, wall_mark

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["gallery"])
_TAG: Final = re.compile(r'"(?P<mark>[0-9a-f]{16})\.(?P<content>[0-9a-f]{24})"')
"""What the ledger said when the wall was read, and what the wall was."""


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class WallNoteRead(_Read):
    """A statement: one note, or a pile of notes with the same words."""

    id: UUID
    version: int
    problem_id: UUID
    wording: str
    votes: int
    competence: str | None


class WallGroupRead(_Read):
    """Notes that count for one problem of the village."""

    problem_id: UUID
    version: int | None
    title: str
    competence: str | None
    votes: int = Field(description="Of this event.")
    votes_elsewhere: int = Field(description="What other events gave the same problem.")
    rank: int
    is_tied: bool
    is_priority: bool
    notes: list[WallNoteRead]


class SessionWallRead(_Read):
    """The wall of an event, the groups in the order of its votes; ties share a rank."""

    event_id: UUID
    settlement_id: UUID
    held_on: date
    sex: GroupSex
    participants: int | None
    votes: int
    most_votes: int | None = Field(description="Five for each participant.")
    groups: list[WallGroupRead]


class MoveForm(BaseModel):
    """Where a problem goes."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "example": {
                "from_id": "01a20004-b16b-71b2-bc71-6bcda59b6453",
                "into_id": "01a20004-b16b-71b2-bc71-6bcda59b6454",
                "reason": "Дубалда чогуу илинди",
            }
        },
    )

    from_id: UUID = Field(description="The problem of the group in which you saw it.")
    into_id: UUID | None = Field(description="Any problem of the group; null lets it stand for itself.")
    reason: StorableText = Field(max_length=5000)
    with_others: bool = Field(default=False, description="Take along what was put into it.")


class MoveRead(_Read):
    """What counted for what, before and now."""

    problem_id: UUID
    before_id: UUID | None
    into_id: UUID | None
    others_id: UUID | None = Field(description="What those count for now that stayed behind.")


@router.get("/events/{event_id}/wall", summary="The wall of an event in groups")
def read_wall(
    event_id: UUID,
    store: Store,
    actor: Who,
    response: Response,
    if_none_match: Annotated[str | None, Header(description="ETag of the wall that you have.")] = None,
) -> SessionWallRead:
    """List an event's notes in groups, the groups in the order of votes.

    Several people look at one wall and ask every few seconds, so who has the ETag is told 304 while nothing changed,
    and nothing of the wall is read for that.
    """
    known = _TAG.fullmatch(if_none_match or "")
    with store.read() as session:
        mark = wall_mark(session, event_id, actor)
        if known is not None and known["mark"] == mark:
            return _unchanged(if_none_match)  # type: ignore[return-value]
        found = SessionWallRead.model_validate(session_wall(session, event_id, actor))
    content = hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:24]
    etag = f'"{mark}.{content}"'
    if known is not None and known["content"] == content:
        # Something else was written; asked with the new tag it is cheap again.
        return _unchanged(etag)  # type: ignore[return-value]
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return found


def _unchanged(etag: str | None) -> Response:
    return Response(status_code=304, headers={"ETag": etag or ""})


@router.post("/problems/{problem_id}/move", summary="Put a problem into another one, or take it out")
def move(problem_id: UUID, form: MoveForm, store: Store, actor: Who) -> MoveRead:
    """Let a problem count for another one of its village, or for itself, in one step; its votes and words stay.

    If somebody moved it elsewhere since, the answer is 412 with where it is (``current``) and what was asked.
    """
    if actor.municipalities(Action.CHANGE, Subject.PROBLEMS) == frozenset():
        raise Forbidden("access.not_allowed")
    with store.write(actor=actor.ledger_name) as session:
        named = [problem_id, *([form.into_id] if form.into_id else [])]
        if not is_allowed(Action.CHANGE, Subject.PROBLEMS, actor, municipality_of_merge(session, named)):
            raise Forbidden("access.not_allowed")
        done = move_problem(
            session,
            problem_id,
            into_id=form.into_id,
            reason=form.reason,
            with_others=form.with_others,
            seen_in=form.from_id,
        )
        return MoveRead.model_validate(done)
