"""What every request and answer is held to: our own host, no writing from other sites, headers that browsers obey."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_answer
from api.settings import Settings, is_loopback

__all__ = ["SAFE_METHODS", "Guard", "Site", "own_origin", "site_of"]

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""They change nothing (RFC 9110, section 9.2.1)."""

# Maps carry their scripts and pictures inside themselves; nothing may come from or go to another origin.
_POLICY = "default-src 'self' 'unsafe-inline' data: blob:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Within our own pages the address goes along, so that a form's Origin is not “null”; elsewhere nothing does.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
_IN_BYTES: Final = tuple((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())
_A_YEAR: Final = "max-age=31536000"


class Site(Enum):
    """From where a browser says that a request comes."""

    OWN = "own"
    OTHER = "other"
    UNTOLD = "untold"
    """No browser of today, or a program."""


def site_of(headers: Headers, origin: str) -> Site:
    """Return from where a request comes by ``Sec-Fetch-Site`` and ``Origin``; where they disagree, from elsewhere."""
    fetched, told = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = told is not None and told != "null" and told.lower() != origin
    if foreign or fetched not in {None, "same-origin"} or (fetched is None and told == "null"):
        return Site.OTHER
    return Site.UNTOLD if fetched is None and told is None else Site.OWN


def own_origin(settings: Settings, scheme: str, host: str) -> str:
    """Return the origin of our pages: that of the settings, or on a laptop the loopback name that was asked for."""
    return settings.public_origin if settings.asks_to_sign_in else f"{scheme}://{host.lower()}"


class Guard:
    """Turns away what asks for another host or writes from another site, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        settings: Settings = scope["app"].state.settings
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        has_key = "authorization" in headers or "cookie" in headers

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put_headers(message, settings, has_key=has_key)
            await send(message)

        if not _is_ours(host, settings):
            answer = error_answer(Request(scope), 421, "http.wrong_host", host=host[:100])
            await answer(scope, receive, send_guarded)
            return
        if b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            # PostgreSQL stores no such sign, so nothing is found by it.
            answer = error_answer(Request(scope), 400, "http.zero_sign")
            await answer(scope, receive, send_guarded)
            return
        origin = own_origin(settings, scope["scheme"], host)
        if scope["method"] not in SAFE_METHODS and site_of(headers, origin) is Site.OTHER:
            answer = error_answer(Request(scope), 403, "http.other_site")
            await answer(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)


def _is_ours(host: str, settings: Settings) -> bool:
    # A page of another site whose name suddenly means 127.0.0.1 would otherwise speak to a laptop as its user.
    return _is_own_name(host) or (settings.asks_to_sign_in and host.lower() == settings.public_host)


def _put_headers(message: Message, settings: Settings, *, has_key: bool) -> None:
    # Each answer gets them, so those that it has are looked through once for all of them.
    own = list(message.get("headers", ()))
    names = {name for name, _ in own}
    own += [header for header in _IN_BYTES if header[0] not in names]
    message["headers"] = own
    if not (has_key or settings.is_https):
        return
    headers = MutableHeaders(raw=own)
    if settings.is_https:
        headers.setdefault("Strict-Transport-Security", _A_YEAR)
    if has_key:
        headers.add_vary_header("Authorization")
        headers.add_vary_header("Cookie")
        headers.setdefault("Cache-Control", "private, no-cache")


@lru_cache(maxsize=128)
def _is_own_name(host: str) -> bool:
    """Whether a host is this computer by a loopback name, as a laptop's browser or a health check asks for it."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name is not None and is_loopback(name)
