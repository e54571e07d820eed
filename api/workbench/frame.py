"""What every page of the workbench has in common: who is at it and where, the words, the spine of the year."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from babel.dates import get_day_names, get_month_names
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol
from fastapi import Depends, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from markupsafe import Markup

from api.guarding import SAFE_METHODS
from api.routes.access import CSRF_HEADER, Reader, Store, Who, csrf_token, serving
from api.workbench.libraries import import_map, library_address
from api.workbench.policy import page_policy
from geo.domain.clock import local_today
from geo.domain.labels import label
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.domain.stages import StageProgress
from geo.errors import Forbidden, NotSignedIn
from geo.i18n import LANGUAGES, Language, phrases, text
from geo.services.stage_progress import village_progress
from geo.services.workplace import Workplace, workplace
from geo.services.workspace import Workspace
from maps.words import date_in_words

__all__ = ["Anywhere", "AtPlace", "Frame", "Room", "require_role"]

_templates: Final = Jinja2Templates(directory=Path(__file__).parents[1] / "pages" / "templates")
_A_YEAR_S: Final = 31_536_000
_EVERY_PAGE: Final = ("frame.", "locale.")
"""Beginnings of the message keys that the scripts of every page use."""


class Room(StrEnum):
    """The eight stages of a year as pages (UI.md), and what stands beside them."""

    HOME = "home"
    MAP = "map"
    VENN = "venn"
    BREAD = "bread"
    PROBLEMS = "problems"
    CAUSES = "causes"
    PLAN = "plan"
    MONITORING = "monitoring"
    REPORT = "report"

    @property
    def path(self) -> str:
        """Last part of the page's address."""
        return "" if self is Room.HOME else f"/{self.value}"


STAGES: Final = tuple(room for room in Room if room is not Room.HOME)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page about to be shown.

    Attributes
    ----------
    place
        The village and year, None on pages of no village.
    progress
        How far the stages of that year are, in their order.
    """

    request: Request
    store: Workspace
    language: Language
    actor: Actor
    place: Workplace | None = None
    progress: tuple[StageProgress, ...] = field(default=())

    def say(self, key: str, **params: Any) -> str:
        """Put a message into the reader's language."""
        return text(key, self.language, **params)

    def may(self, action: Action, subject: Subject) -> bool:
        """Return whether who looks may do something to records of this municipality."""
        return is_allowed(action, subject, self.actor, self.place.municipality_id if self.place else None)

    def address(self, room: Room | str = Room.HOME, **query: object) -> str:
        """Return the address of a page of this village and year."""
        assert self.place is not None
        path = room.path if isinstance(room, Room) else f"/{room}"
        asked = f"?{urlencode(query)}" if query else ""
        return f"/work/{self.place.settlement_id}/{self.place.year}{path}{asked}"

    def show(
        self,
        template: str,
        *,
        room: Room | None = None,
        title: str,
        scripts: Collection[str] = (),
        styles: Collection[str] = (),
        words: Collection[str] = (),
        data: Mapping[str, Any] | None = None,
        status: int = 200,
        policy: str = "",
        **context: Any,
    ) -> HTMLResponse:
        """Return the page.

        Parameters
        ----------
        template
            Below ``templates``; it extends ``work/frame.html``.
        room
            Which stage is marked in the spine.
        title
            What the window is called.
        scripts, styles
            Files in ``static/work``, without their endings; scripts are modules.
        words
            Beginnings of the message keys that the scripts use, such as ``"venn."``.
        data
            What the scripts are given, as JSON; never a secret of another reader.
        policy
            Another Content-Security-Policy than that of every page.
        context
            For the template.
        """
        given = {
            "frame": self,
            "place": self.place,
            "room": room,
            "stages": STAGES if self.place else (),
            "progress": {Room(one.stage.value): one for one in self.progress},
            "title": title,
            "scripts": tuple(scripts),
            "styles": tuple(styles),
            "language": self.language,
            "languages": LANGUAGES,
            "theme": self._theme(),
            "say": self.say,
            "label": lambda member: label(member, self.language),
            "day": lambda value: date_in_words(value, self.language),
            "number": lambda value: format_decimal(value, locale=self.language.value),
            "asks_to_sign_in": serving(self.request).asks_to_sign_in,
            "account": self.actor.name if self.actor.account_id else "",
            "csrf_header": CSRF_HEADER,
            "csrf_token": csrf_token(self.request),
            "import_map": Markup(import_map()),
            "library": library_address,
            "in_language": self._in_language,
            "given_data": in_script(dict(data or {})),
            "given_words": in_script(phrases((*_EVERY_PAGE, *words), self.language)),
            "given_locale": in_script(_locale(self.language)),
            "today": local_today(),
            **context,
        }
        answer = _templates.TemplateResponse(self.request, template, given, status_code=status)
        answer.headers["Content-Security-Policy"] = policy or page_policy()
        answer.headers["Cache-Control"] = "private, no-cache"
        if self.request.query_params.get("lang") in set(Language):
            answer.set_cookie("lang", self.language.value, max_age=_A_YEAR_S, path="/", samesite="lax")
        return answer

    def _in_language(self, language: Language) -> str:
        """Return the address of this page in another language."""
        query = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        return f"{self.request.url.path}?{urlencode([*query, ('lang', language.value)])}"

    def _theme(self) -> str:
        chosen = self.request.cookies.get("theme", "")
        return chosen if chosen in {"light", "dark"} else ""


def in_script(value: Any) -> Markup:
    """Return a value as JSON that may stand in a ``script`` element (HTML, section 4.12.1.3)."""
    written = json.dumps(jsonable_encoder(value), ensure_ascii=False, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _locale(language: Language) -> dict[str, Any]:
    """Return how dates and numbers are written: browsers do not all know Kyrgyz."""
    name = language.value
    return {
        "language": name,
        "months": [get_month_names("wide", locale=name)[month] for month in range(1, 13)],
        "shortMonths": [get_month_names("abbreviated", locale=name)[month] for month in range(1, 13)],
        "weekdays": [get_day_names("wide", locale=name)[day] for day in range(7)],
        "decimal": get_decimal_symbol(name),
        "group": get_group_symbol(name),
    }


def _anywhere(request: Request, store: Store, language: Reader, actor: Who) -> Frame:
    return Frame(request, store, language, actor)


def _at_place(frame: Anywhere, settlement_id: UUID, year: int) -> Frame:
    """Return the frame of a village's page; who has no role goes to the public pages or signs in."""
    require_role(frame.actor)
    assert frame.request.method in SAFE_METHODS
    with frame.store.read() as session:
        place = workplace(session, settlement_id, year)
        progress = village_progress(session, place.settlement_id, place.cycle_id, frame.language, actor=frame.actor)
    return Frame(frame.request, frame.store, frame.language, frame.actor, place, progress)


def require_role(actor: Actor) -> None:
    """Make sure that whoever looks works somewhere.

    Raises
    ------
    NotSignedIn
        Nobody is signed in.
    Forbidden
        Who is signed in has no role yet.
    """
    if actor.is_public:
        raise Forbidden("frame.no_role") if actor.account_id else NotSignedIn("sign_in.needed")


Anywhere = Annotated[Frame, Depends(_anywhere)]
"""The frame of a page of no village."""
AtPlace = Annotated[Frame, Depends(_at_place)]
"""The frame of a page below ``/work/{settlement_id}/{year}``."""
