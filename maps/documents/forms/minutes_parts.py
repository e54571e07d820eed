"""What the minutes say, in the reader's language where it was written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.i18n import text
from geo.snapshots import HeldEvent, Names
from maps.documents.model import Block, Field, Fields, Heading, Paragraph
from maps.documents.request import FormRequest

__all__ = ["agenda_of", "parted_minutes", "said_in", "words_of"]

_HEADINGS = {"decisions": "documents.decisions_heading", "text": "documents.minutes_text_heading"}


def words_of(given: object, request: FormRequest) -> str:
    """Return words kept by language, such as ``{"ky": …, "en": …}``, in the best language."""
    if isinstance(given, Mapping):
        known = {name: str(given.get(name) or "").strip() for name in ("ky", "ru", "en")}
        return Names(**known).best(request.language)
    return str(given or "").strip()


def said_in(event: HeldEvent | None, part: str, request: FormRequest) -> str:
    """Return one part of the minutes; a list as lines. Empty where nothing was written."""
    minutes: Mapping[str, Any] = (event.minutes if event else None) or {}
    given = minutes.get(part)
    if isinstance(given, list | tuple):
        lines = [words for words in (words_of(one, request) for one in given) if words]
        return lines[0] if len(lines) == 1 else "\n".join(f"{at}. {words}" for at, words in enumerate(lines, start=1))
    return words_of(given, request)


def agenda_of(event: HeldEvent | None, request: FormRequest) -> list[str]:
    """Return the agenda: as it was written, else the method's three questions of a session."""
    minutes: Mapping[str, Any] = (event.minutes if event else None) or {}
    own = [words_of(one, request) for one in minutes.get("agenda") or ()]
    keys = ("programme.map_and_venn", "programme.bread", "programme.gallery")
    return [one for one in own if one] or [text(key, request.language) for key in keys]


def parted_minutes(request: FormRequest, event: HeldEvent | None, parts: Sequence[str]) -> list[Block]:
    """Return parts of the minutes under their headings; lines to write on where nothing was written.

    Everybody reads only what is there.
    """
    blocks: list[Block] = []
    for part in parts:
        said = said_in(event, part, request)
        if said:
            blocks += [Heading(text(_HEADINGS[part], request.language)), Paragraph(said)]
        elif not request.is_public and part == "decisions":
            blocks += [Heading(text(_HEADINGS[part], request.language)), Fields((Field("", "", lines=5),))]
    return blocks
