"""From a request to a file: the one that is kept if it still shows what is recorded, else a new one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from api.rendering.asked import Asked
from api.rendering.drawing import draw
from api.rendering.fingerprint import fingerprint, program_version
from api.rendering.kept import Kept, KeptFiles
from api.rendering.kinds import RenderingKind
from api.rendering.reading import Read, completed, scope_of, what_is_shown
from geo.domain.labels import label
from geo.domain.rights import Actor
from geo.i18n import Language, text
from geo.services.renderings import YearOfPlace, data_version
from geo.services.workspace import Workspace
from geo.snapshots import Audience

__all__ = ["Tell", "Wanted", "find_made", "make", "want"]

Tell = Callable[[float, str], None]
"""Tell that a part, 0 to 1, is done, and the message key of what comes next; may raise to stop."""
_OF_NO_PLACE: Final = ("blank",)
"""State of what depends on no record, and on no day."""
_FILE_NAME_LETTERS: Final = 120
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


@dataclass(frozen=True, slots=True)
class Wanted:
    """A completed request of somebody who may have it."""

    asked: Asked
    where: YearOfPlace | None
    actor: Actor
    today: date
    question: str
    """Key of everything that the file depends on, as far as it is known without reading what is shown."""

    @property
    def scope(self) -> str:
        """What those share who may have this file."""
        return fingerprint(scope_of(self.asked, self.actor))[:32]


def want(session: Session, asked: Asked, *, actor: Actor, today: date) -> Wanted:
    """Complete a request, make sure that the actor may have it, and key it by the state of the store.

    Raises
    ------
    NotFound, Forbidden, Refused
        See `api.rendering.reading.completed`.
    """
    whole, where = completed(session, asked, actor=actor, today=today)
    state = _OF_NO_PLACE if where is None else (data_version(session), today)
    return Wanted(whole, where, actor, today, _question(whole, actor, state))


def find_made(files: KeptFiles, wanted: Wanted) -> Kept | None:
    """Return the file where it is made already and nothing was written since, without reading what it shows."""
    return files.find(wanted.question)


def make(workspace: Workspace, files: KeptFiles, asked: Asked, *, actor: Actor, today: date, tell: Tell) -> Kept:
    """Return the file that a request asks for; drawn anew only where something on it changed.

    Raises
    ------
    NotFound, Forbidden, Refused
        It cannot be made, or not for this actor.
    Failed
        A font is missing, or the file cannot be kept.
    """
    if asked.of_no_place:  # before there is a store, too
        question = _question(asked, actor, _OF_NO_PLACE)
        return files.find(question) or _made(files, asked, Read(), question, tell)
    with workspace.read() as session:  # one state of the store: what is read is what the question is keyed by
        wanted = want(session, asked, actor=actor, today=today)
        kept = files.find(wanted.question)
        if kept is not None:
            return kept
        tell(0.05, "job.step.reading_record")
        read = what_is_shown(session, workspace.pictures, wanted.asked, wanted.where, actor=actor, today=today)
    return _made(files, wanted.asked, read, wanted.question, tell)


def _question(asked: Asked, actor: Actor, state: tuple[object, ...]) -> str:
    return fingerprint("question", program_version(), asked.values, scope_of(asked, actor), state)


def _made(files: KeptFiles, asked: Asked, read: Read, question: str, tell: Tell) -> Kept:
    tell(0.35, "job.step.comparing_record")
    shown = fingerprint("shown", program_version(), asked.values, read)
    kept = files.find_shown(shown)
    if kept is None:
        tell(0.45, "job.step.drawing")
        content = draw(asked, read)
        tell(0.9, "job.step.storing")
        kept = files.keep(shown, content, name=_file_name(asked, read), format=asked.format)
    files.note(question, kept)
    return kept


def _file_name(asked: Asked, read: Read) -> str:
    words = [_title(asked), *_places(asked, read)]
    if asked.audience is Audience.INTERNAL and asked.kind is not RenderingKind.SESSION_MAP and read.cycle is not None:
        words.append(text("rendering.internal", asked.language))
    plain = _NOT_IN_NAMES.sub(" ", " – ".join(word for word in words if word))
    return f"{' '.join(plain.split())[:_FILE_NAME_LETTERS].strip('. ')}.{asked.format}"


def _title(asked: Asked) -> str:
    if asked.parameters.form is not None:
        return label(asked.parameters.form, asked.language)
    if asked.parameters.chart is not None:
        return text(f"rendering.chart.{asked.parameters.chart}", asked.language)
    return text(f"rendering.kind.{asked.kind}", asked.language)


def _places(asked: Asked, read: Read) -> list[str]:
    language: Language = asked.language
    if read.event is not None:
        shown = [one.label for one in read.event.groups if one.shown]
        return [read.event.settlement.best(language), *shown, read.event.held_on.isoformat()]
    if read.cycle is None:
        return []
    event = next((one for one in read.cycle.events if one.id == asked.parameters.event_id), None)
    village_id: UUID | None = event.settlement_id if event else asked.parameters.settlement_id
    village = read.cycle.settlement(village_id)
    names = village.names if village else read.cycle.municipality.names
    years = "–".join(str(one) for one in (asked.parameters.other_year, read.cycle.year) if one)
    return [names.best(language), event.held_on.isoformat() if event else years]
