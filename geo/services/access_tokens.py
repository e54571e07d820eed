"""Keys of programs: shown once, stored as a hash, with an end, and revocable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.sign_in_limits import LONGEST_TOKEN, USUAL_TOKEN
from geo.errors import NotFound, Refused
from geo.models import AccessToken, Municipality
from geo.repositories.accounts import AccountRepository
from geo.services.password_hashing import hash_key, new_key

__all__ = ["PREFIX", "NewToken", "TokenView", "list_tokens", "make_token", "revoke_token"]

PREFIX: Final = "ayilmap_"
"""So that a key that lies about can be recognised."""
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as lists show it; never with its key."""

    id: UUID
    name: str
    read_only: bool
    municipality_id: UUID | None
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made."""

    token: TokenView
    key: str
    """Shown now and never again."""


def make_token(
    session: Session,
    account_id: UUID,
    *,
    name: str,
    now: datetime,
    lifetime: timedelta = USUAL_TOKEN,
    read_only: bool = False,
    municipality_id: UUID | None = None,
) -> NewToken:
    """Make a key with which a program works in the name of an account.

    Parameters
    ----------
    session
        Of the store.
    account_id
        In whose name.
    name
        What the key is for, such as the program.
    now
        The moment.
    lifetime
        How long it holds; three years at most.
    read_only
        Whether it only reads.
    municipality_id
        The only municipality whose records it reaches; None: wherever the account has a role.

    Raises
    ------
    Refused
        No name, or no possible lifetime.
    NotFound
        There is no such municipality.
    """
    told = name.strip()
    if not told or len(told) > _LONGEST_NAME:
        raise Refused("token.name_unfit", longest=_LONGEST_NAME)
    if not timedelta(0) < lifetime <= LONGEST_TOKEN:
        raise Refused("token.lifetime_unfit", most=LONGEST_TOKEN.days)
    known = select(Municipality.id).where(Municipality.id == municipality_id)
    if municipality_id is not None and session.scalar(known) is None:
        raise NotFound("record.unknown", id=municipality_id)
    key = new_key(PREFIX)
    token = AccessToken(
        account_id=account_id,
        name=told,
        key_hash=hash_key(key),
        expires_at=now + lifetime,
        read_only=read_only,
        municipality_id=municipality_id,
    )
    session.add(token)
    session.flush()
    return NewToken(_view(token), key)


def list_tokens(session: Session, account_id: UUID) -> list[TokenView]:
    """Return the tokens of an account, newest first."""
    return [_view(one) for one in AccountRepository(session).tokens(account_id)]


def revoke_token(session: Session, account_id: UUID, token_id: UUID, *, now: datetime) -> None:
    """End a token at once; one that was revoked before stays as it is."""
    token = AccountRepository(session).token(account_id, token_id)
    token.revoked_at = token.revoked_at or now
    session.flush()


def _view(token: AccessToken) -> TokenView:
    return TokenView(token.id, token.name, token.read_only, token.municipality_id, token.expires_at, token.revoked_at)
