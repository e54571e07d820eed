"""Signing in and out, and who comes with a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.account_names import LONGEST_NAME, fold_account_name
from geo.domain.clock import local_day
from geo.domain.rights import Actor
from geo.domain.sign_in_limits import (
    ABSOLUTE,
    IDLE,
    PER_ADDRESS,
    PER_NAME,
    PER_NAME_AND_ADDRESS,
    SEEN_EVERY,
    WINDOW,
    address_block,
    is_over,
    seconds_to_wait,
)
from geo.errors import NotSignedIn, TooOften, Unavailable
from geo.models import FailedSignIn, PageSession
from geo.repositories.accounts import AccountRepository
from geo.services.actors import actor_of
from geo.services.password_hashing import (
    hash_key,
    hash_password,
    is_outdated,
    keyed_hash,
    new_key,
    verify_password,
)
from geo.services.workspace import Workspace

__all__ = [
    "PageKey",
    "SignedIn",
    "confirm_password",
    "note_seen",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "who_by_page_key",
    "who_by_token",
]

_ACTOR = "sign-in"
_FORGET_FAILURES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A page session just begun."""

    account_id: UUID
    name: str
    key: str
    """For the cookie; only its hash is stored."""
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PageKey:
    """Who comes with the key of a page session."""

    actor: Actor
    wants_note: bool
    """Whether its use is to be noted, see `note_seen`."""


def sign_in(
    workspace: Workspace, *, name: str, password: str, address: str, secret: str, now: datetime, earlier_key: str = ""
) -> SignedIn:
    """Begin a page session with name and password.

    The try is counted before the password is compared, so that many at once are no way around the limits, and an
    unknown name costs as much work as a known one.

    Parameters
    ----------
    workspace
        Whose accounts.
    name, password
        As typed.
    address
        From where, as the limits count.
    secret
        By which names and addresses are hashed among the failed tries.
    now
        The moment.
    earlier_key
        Key that the browser came with; it is ended, so that nobody can have slipped it in.

    Raises
    ------
    NotSignedIn
        Unknown name, wrong password or disabled account: which it was is not told.
    TooOften
        Too many failed tries of this name or from this address.
    """
    folded = fold_account_name(name)[: LONGEST_NAME + 1]
    name_key, address_key = keyed_hash(secret, "name", folded), keyed_hash(secret, "address", address_block(address))
    with workspace.write(actor=_ACTOR) as session:
        _count_try(session, name_key=name_key, address_key=address_key, now=now)
    with workspace.read() as session:
        account = AccountRepository(session).by_name(folded)
        stored = account.password_hash if account is not None and account.disabled_at is None else None
    if not verify_password(stored, password):
        raise NotSignedIn("sign_in.wrong")
    fresh = hash_password(password) if stored is not None and is_outdated(stored) else None
    key = new_key()
    with workspace.write(actor=_ACTOR) as session:
        accounts = AccountRepository(session)
        account = accounts.by_name(folded)
        # Between the two looks somebody may have changed the password or shut the account.
        if account is None or account.disabled_at is not None or account.password_hash != stored:
            raise NotSignedIn("sign_in.wrong")
        if fresh is not None:
            account.password_hash = fresh
        accounts.forget_failures(name_key=name_key, address_key=address_key, before=now - _FORGET_FAILURES)
        accounts.forget_sessions(begun_before=now - ABSOLUTE, seen_before=now - IDLE)
        if earlier_key:
            accounts.end_page_session(hash_key(earlier_key))
        session.add(PageSession(account_id=account.id, key_hash=hash_key(key), begun_at=now, seen_at=now))
        session.flush()
        return SignedIn(account.id, account.name, key, now + ABSOLUTE)


def confirm_password(
    workspace: Workspace, actor: Actor, *, password: str, address: str, secret: str, now: datetime
) -> None:
    """Make sure that who sits at a signed-in page knows its password; tries count like those of a sign-in.

    Raises
    ------
    NotSignedIn
        It is another one.
    TooOften
        Too many wrong tries.
    """
    name_key = keyed_hash(secret, "name", actor.name)
    address_key = keyed_hash(secret, "address", address_block(address))
    with workspace.write(actor=_ACTOR) as session:
        _count_try(session, name_key=name_key, address_key=address_key, now=now)
    with workspace.read() as session:
        account = AccountRepository(session).by_name(actor.name)
        stored = None if account is None else account.password_hash
    if not verify_password(stored, password):
        raise NotSignedIn("password.earlier_wrong")
    with workspace.write(actor=_ACTOR) as session:
        AccountRepository(session).forget_failures(
            name_key=name_key, address_key=address_key, before=now - _FORGET_FAILURES
        )


def _count_try(session: Session, *, name_key: str, address_key: str, now: datetime) -> None:
    accounts = AccountRepository(session)
    accounts.queue_for(name_key, address_key)
    tries = accounts.failures(name_key=name_key, address_key=address_key, since=now - WINDOW)
    of_name = [one.happened_at for one in tries if one.name_key == name_key]
    from_there = [one.happened_at for one in tries if one.address_key == address_key]
    both = [one.happened_at for one in tries if one.name_key == name_key and one.address_key == address_key]
    wait = max(
        seconds_to_wait(both, PER_NAME_AND_ADDRESS, now),
        seconds_to_wait(of_name, PER_NAME, now),
        seconds_to_wait(from_there, PER_ADDRESS, now),
    )
    if wait:
        raise TooOften("sign_in.too_often", seconds=wait, minutes=-(-wait // 60))
    session.add(FailedSignIn(name_key=name_key, address_key=address_key, happened_at=now))
    session.flush()


def sign_out(session: Session, key: str) -> None:
    """End the page session of a key; one that is over already is no error."""
    AccountRepository(session).end_page_session(hash_key(key))


def sign_out_everywhere(session: Session, account_id: UUID) -> None:
    """End every page session of an account."""
    AccountRepository(session).end_page_sessions(account_id)


def who_by_page_key(session: Session, key: str, *, now: datetime) -> PageKey | None:
    """Return who comes with the key of a page session, None where it is unknown or over, or the account shut."""
    found = AccountRepository(session).by_page_session(hash_key(key))
    if found is None:
        return None
    page, account = found
    if account.disabled_at is not None or is_over(page.begun_at, page.seen_at, now):
        return None
    actor = actor_of(session, account, today=local_day(now))
    return PageKey(actor, wants_note=now - page.seen_at >= SEEN_EVERY)


def who_by_token(session: Session, key: str, *, now: datetime) -> Actor:
    """Return who comes with a token.

    Raises
    ------
    NotSignedIn
        The token is unknown, revoked or has run out, or its account is disabled.
    """
    found = AccountRepository(session).by_token(hash_key(key))
    if found is None:
        raise NotSignedIn("token.unknown")
    token, account = found
    if account.disabled_at is not None or token.revoked_at is not None or now >= token.expires_at:
        raise NotSignedIn("token.unknown")
    return actor_of(session, account, today=local_day(now), token=token)


def note_seen(workspace: Workspace, key: str, *, now: datetime) -> None:
    """Note that a page session is in use; where the store is busy, the next request notes it."""
    try:
        with workspace.write(actor=_ACTOR) as session:
            AccountRepository(session).note_seen(hash_key(key), now)
    except Unavailable:
        return
