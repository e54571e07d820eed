"""A service where people sign in, and somebody in every role."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy.orm import Session

from api.app import create_app
from api.settings import Settings, SignIn
from geo.domain.rights import LOCAL, Role
from geo.services.access_tokens import make_token
from geo.services.accounts import add_account

__all__ = ["ORIGIN", "PASSWORD", "SECRET", "app_of", "client_of", "key_of", "keys_of_roles", "settings_of"]

ORIGIN = "https://ayil.example.kg"
SECRET = "3f9c7ab1e0d24586b7f1c2a9d8e60b47"
PASSWORD = "суу жана жол 7"


def settings_of(folder: Path, database_url: str) -> Settings:
    """Return settings of a service behind https."""
    return Settings(
        data=folder, database_url=database_url, sign_in=SignIn.ON, public_url=ORIGIN, secret=SecretStr(SECRET)
    )


@cache
def _app(sign_in: SignIn) -> FastAPI:
    if sign_in is SignIn.OFF:
        return create_app(Settings())
    return create_app(Settings(sign_in=sign_in, public_url=ORIGIN, secret=SecretStr(SECRET)))


def app_of(settings: Settings) -> FastAPI:
    """Return a service with these settings; its routes, which take seconds, are put together once."""
    settings.check_serving()
    app = _app(settings.sign_in)
    app.state.settings = settings
    app.dependency_overrides.clear()
    return app


def client_of(app: FastAPI, *, key: str = "", address: str = "192.0.2.7") -> TestClient:
    """Return a client of a service, with a program's key."""
    settings: Settings = app.state.settings
    return TestClient(
        app,
        base_url=settings.public_origin if settings.asks_to_sign_in else "http://127.0.0.1:8000",
        headers={"Authorization": f"Bearer {key}"} if key else {},
        raise_server_exceptions=False,
        client=(address, 50000),
        follow_redirects=False,
    )


def key_of(
    session: Session,
    name: str,
    roles: list[tuple[Role, UUID | None]],
    *,
    read_only: bool = False,
    limit: UUID | None = None,
) -> str:
    """Make an account and return a key of it."""
    account = add_account(session, LOCAL, name=name, password=None, roles=roles)
    return make_token(
        session, account, name="test", now=datetime.now(UTC), read_only=read_only, municipality_id=limit
    ).key


def keys_of_roles(session: Session, here: UUID, there: UUID) -> dict[str, str]:
    """Return a key for every column of ``rights.txt`` that needs one."""
    administrator = Role.ADMINISTRATOR
    return {
        "no_role": key_of(session, "no_role", []),
        **{role.value: key_of(session, role.value, [(role, here)]) for role in Role},
        "elsewhere": key_of(session, "elsewhere", [(role, there) for role in Role]),
        "reads_only": key_of(session, "reads_only", [(administrator, here)], read_only=True),
        "limited": key_of(session, "limited", [(administrator, None)], limit=there),
        "everywhere": key_of(session, "everywhere", [(administrator, None)]),
    }
