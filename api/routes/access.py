"""What routes ask for: the workspace, the reader's language, and who asks."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPBearer

from api.errors import reader_language
from api.guarding import SAFE_METHODS, Site, own_origin, site_of
from api.settings import Settings
from geo.domain.rights import LOCAL, PUBLIC, Actor
from geo.domain.sign_in_limits import ABSOLUTE
from geo.errors import Forbidden, NotSignedIn
from geo.i18n import Language
from geo.services.password_hashing import keyed_hash
from geo.services.sign_in import PageKey, note_seen, who_by_page_key, who_by_token
from geo.services.workspace import Workspace

__all__ = [
    "CSRF_FIELD",
    "CSRF_HEADER",
    "Account",
    "Person",
    "Reader",
    "Store",
    "Who",
    "client_address",
    "cookie_name",
    "csrf_token",
    "drop_cookie",
    "form_fields",
    "give_cookie",
    "page_key",
    "serving",
    "who_asks",
]

CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf_token"
_LARGEST_FORM: Final = 64 * 1024
_bearer = HTTPBearer(auto_error=False, description="A key of a program; see POST /api/v1/me/tokens.")
_cookie = APIKeyCookie(
    name="ayilmap", auto_error=False, description=f"A page signed in; writing also wants the header {CSRF_HEADER}."
)


def serving(request: Request) -> Settings:
    """Return the settings of the service."""
    settings: Settings = request.app.state.settings
    return settings


def _workspace(request: Request) -> Workspace:
    return serving(request).workspace


async def _who(
    request: Request, _token: Annotated[object, Security(_bearer)], _page: Annotated[object, Security(_cookie)]
) -> Actor:
    """Return who asks: a program by its token, a page by its cookie, this laptop's user, or the public.

    A token that is wrong is told; a cookie that is over makes its bearer one of the public.

    Raises
    ------
    NotSignedIn
        The token does not hold.
    Forbidden
        A page writes without showing that it is one of ours.
    """
    settings, now = serving(request), datetime.now(UTC)
    given = request.headers.get("authorization")
    if given is not None:
        scheme, _, key = given.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn("token.unknown")
        return await run_in_threadpool(_by_token, settings.workspace, key.strip(), now)
    if not settings.asks_to_sign_in:
        return LOCAL
    cookie = page_key(request)
    found = await run_in_threadpool(_by_page_key, settings.workspace, cookie, now) if cookie else None
    if found is None:
        return PUBLIC
    if request.method not in SAFE_METHODS:
        await _check_is_ours(request, cookie)
    if found.wants_note:
        await run_in_threadpool(note_seen, settings.workspace, cookie, now=now)
    return found.actor


async def who_asks(request: Request) -> Actor:
    """Return who asks, for endpoints that are no routes of FastAPI; errors as for `Who`."""
    override = request.app.dependency_overrides.get(_who)
    return await _who(request, None, None) if override is None else override()


def _by_token(workspace: Workspace, key: str, now: datetime) -> Actor:
    with workspace.read() as session:
        return who_by_token(session, key, now=now)


def _by_page_key(workspace: Workspace, key: str, now: datetime) -> PageKey | None:
    with workspace.read() as session:
        return who_by_page_key(session, key, now=now)


async def _check_is_ours(request: Request, key: str) -> None:
    """Make sure that a page of ours sent a request, and not another site with the cookie of whoever looks at it.

    Two proofs, as either has failed before: the browser says so, and the request carries what only our pages know.
    """
    origin = own_origin(serving(request), request.url.scheme, request.headers.get("host", ""))
    if site_of(request.headers, origin) is not Site.OWN:
        raise Forbidden("http.other_site")
    given = request.headers.get(CSRF_HEADER) or (await form_fields(request)).get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), _csrf(serving(request), key).encode()):
        raise Forbidden("http.no_csrf_token")


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form of ours, the last where one comes twice; nothing where the body is no such form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = request.headers.get("content-length", "")
    if kind != "application/x-www-form-urlencoded" or not length.isdecimal() or int(length) > _LARGEST_FORM:
        return {}
    try:
        fields = parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}


def page_key(request: Request) -> str:
    """Return the key in the cookie of a page, an empty string where there is none."""
    return request.cookies.get(cookie_name(serving(request)), "")


def csrf_token(request: Request, key: str = "") -> str:
    """Return what our pages send along when they write: header ``X-CSRF-Token`` or form field ``csrf_token``.

    Parameters
    ----------
    request
        With the cookie of a page.
    key
        Key of a session that has just begun, and whose cookie the browser does not have yet.
    """
    used = key or page_key(request)
    return _csrf(serving(request), used) if used else ""


def _csrf(settings: Settings, key: str) -> str:
    return keyed_hash(settings.secret.get_secret_value(), "csrf", key)


def client_address(request: Request) -> str:
    """Return from where a request comes; behind a proxy on this computer, what the proxy says (uvicorn sees to it)."""
    return request.client.host if request.client else ""


def cookie_name(settings: Settings) -> str:
    """Return the name of the cookie; over https one that no other host of the domain can set."""
    return "__Host-ayilmap" if settings.is_https else "ayilmap"


def give_cookie(response: Response, settings: Settings, key: str) -> None:
    """Give a browser the key of its session: out of reach of scripts and of other sites' requests."""
    response.set_cookie(
        cookie_name(settings),
        key,
        max_age=int(ABSOLUTE.total_seconds()),
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, settings: Settings) -> None:
    """Let a browser forget the key of its session."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.is_https, httponly=True, samesite="lax")


Store = Annotated[Workspace, Depends(_workspace)]
Reader = Annotated[Language, Depends(reader_language)]
Who = Annotated[Actor, Depends(_who)]


async def _account(actor: Who) -> Actor:
    if actor.account_id is None:
        raise NotSignedIn("sign_in.needed")
    return actor


Account = Annotated[Actor, Depends(_account)]
"""Who asks, where it must be somebody with an account."""


def _person(request: Request, actor: Account) -> Actor:
    if "authorization" in request.headers:
        raise Forbidden("token.not_by_token")
    return actor


Person = Annotated[Actor, Depends(_person)]
"""Who asks, where it must be somebody at a page: a key that leaked must not make further ones, or change passwords."""
