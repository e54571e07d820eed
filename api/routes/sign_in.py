"""Signing in and out: for scripts of our pages as JSON, for people as a page that needs no script."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.errors import STATUS
from api.routes.access import (
    CSRF_FIELD,
    Person,
    Reader,
    Store,
    Who,
    client_address,
    csrf_token,
    drop_cookie,
    form_fields,
    give_cookie,
    page_key,
    serving,
)
from geo.domain.account_names import LONGEST_NAME
from geo.domain.passwords import MOST_LENGTH
from geo.domain.rights import Actor
from geo.errors import NotSignedIn, Refused, TooOften
from geo.i18n import LANGUAGES, Language, text
from geo.services.sign_in import SignedIn, sign_in, sign_out, sign_out_everywhere

__all__ = ["router"]

router = APIRouter(tags=["sign-in"])
_templates = Jinja2Templates(directory=Path(__file__).parents[1] / "pages" / "templates")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class SignInForm(BaseModel):
    """Name and password."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "айгүл", "password": "суу жана жол 7"}}
    )

    name: str = Field(max_length=4 * LONGEST_NAME)
    password: SecretStr = Field(max_length=4 * MOST_LENGTH)


class SignOutForm(BaseModel):
    """What is to be signed out."""

    model_config = ConfigDict(extra="forbid")

    everywhere: bool = Field(default=False, description="Every page of the account, not only this one.")


class SignedInAnswer(BaseModel):
    """Who has signed in, and what its pages send along when they write."""

    account_id: UUID
    name: str
    csrf_token: str = Field(description="For the header X-CSRF-Token of every request that writes.")
    ends_at: datetime


@router.post("/api/v1/sign-in", summary="Sign in with name and password")
def post_sign_in(request: Request, response: Response, store: Store, form: SignInForm) -> SignedInAnswer:
    """Begin a session; its key is in an HttpOnly cookie.

    401 for a wrong name or password alike, 429 with Retry-After after too many tries.
    """
    begun = _begin(request, form.name, form.password.get_secret_value())
    give_cookie(response, serving(request), begun.key)
    response.headers["Cache-Control"] = "no-store"
    return SignedInAnswer(
        account_id=begun.account_id,
        name=begun.name,
        csrf_token=csrf_token(request, begun.key),
        ends_at=begun.ends_at,
    )


@router.post("/api/v1/sign-out", status_code=204, summary="Sign out, here or everywhere")
def post_sign_out(
    request: Request, response: Response, store: Store, actor: Person, form: SignOutForm | None = None
) -> None:
    """End the session of this page, or every session of the account; tokens of programs stay."""
    _end(request, store, actor, everywhere=form is not None and form.everywhere)
    drop_cookie(response, serving(request))


@router.get("/sign-in", response_class=HTMLResponse, include_in_schema=False)
def sign_in_page(request: Request, actor: Who, language: Reader, next: Annotated[str, Query()] = "/") -> Response:
    """Show the page for signing in, or who is signed in."""
    if not serving(request).asks_to_sign_in:
        return RedirectResponse("/", 303)
    return _page(request, language, onward=_onward(next), name=actor.name if actor.account_id else "")


@router.post("/sign-in", include_in_schema=False)
async def sign_in_by_page(request: Request, language: Reader) -> Response:
    """Take the page's form in; without a mistake, go on to where the reader wanted to go."""
    fields = await form_fields(request)
    name, password, onward = fields.get("name", ""), fields.get("password", ""), _onward(fields.get("next", "/"))
    try:
        begun = await run_in_threadpool(_begin, request, name, password)
    except (NotSignedIn, TooOften, Refused) as error:
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        page = _page(request, language, onward=onward, typed=name, complaint=text(error.key, language, **error.params))
        page.status_code = status
        if isinstance(error, TooOften):
            page.headers["Retry-After"] = str(error.seconds)
        return page
    answer = RedirectResponse(onward, 303)
    give_cookie(answer, serving(request), begun.key)
    return answer


@router.post("/sign-out", include_in_schema=False)
async def sign_out_by_page(request: Request, store: Store, actor: Who, language: Reader) -> Response:
    """Sign out and show the page for signing in again."""
    fields = await form_fields(request)
    if actor.account_id is not None and "authorization" not in request.headers:
        await run_in_threadpool(_end, request, store, actor, everywhere="everywhere" in fields)
    answer = RedirectResponse(f"/sign-in?lang={language}", 303)
    drop_cookie(answer, serving(request))
    return answer


def _begin(request: Request, name: str, password: str) -> SignedIn:
    settings = serving(request)
    if not settings.asks_to_sign_in:
        raise Refused("sign_in.off")
    return sign_in(
        settings.workspace,
        name=name,
        password=password,
        address=client_address(request),
        secret=settings.secret.get_secret_value(),
        now=datetime.now(UTC),
        earlier_key=page_key(request),
    )


def _end(request: Request, store: Store, actor: Actor, *, everywhere: bool) -> None:
    with store.write(actor=actor.ledger_name) as session:
        if everywhere and actor.account_id is not None:
            sign_out_everywhere(session, actor.account_id)
        elif page_key(request):
            sign_out(session, page_key(request))


def _onward(wish: str) -> str:
    """Return where to go after signing in: a page of ours, whatever an address was made up to say."""
    inside = wish.startswith("/") and not wish.startswith(("//", "/\\")) and wish.isprintable() and "\\" not in wish
    return quote(wish, safe="/?&=%:,.-_~+@") if inside else "/"


def _page(
    request: Request, language: Language, *, onward: str, name: str = "", typed: str = "", complaint: str = ""
) -> HTMLResponse:
    context = {
        "language": language,
        "languages": LANGUAGES,
        "say": lambda key, **params: text(key, language, **params),
        "title": text("sign_in.title", language),
        "home": f"/?lang={language}",
        "in_language": lambda other: f"/sign-in?{urlencode({'lang': other.value, 'next': onward})}",
        "next": onward,
        "name": name,
        "typed": typed[:LONGEST_NAME],
        "complaint": complaint,
        "csrf_field": CSRF_FIELD,
        "csrf_token": csrf_token(request),
        "theme": request.cookies.get("theme") if request.cookies.get("theme") in {"light", "dark"} else "",
        "longest_name": LONGEST_NAME,
        "longest_password": MOST_LENGTH,
    }
    page: HTMLResponse = _templates.TemplateResponse(request, "sign_in.html", context)
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["Cache-Control"] = "no-store"
    return page
