"""Accounts and their roles: made, changed and shut by administrators, within their own municipalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.account_names import account_name, fold_account_name
from geo.domain.passwords import check_password
from geo.domain.rights import Action, Actor, Role, Subject, is_allowed
from geo.errors import Conflict, Forbidden, NotFound, Refused
from geo.models import Account, Municipality, RoleGrant
from geo.models.base import now
from geo.repositories.accounts import AccountRepository
from geo.services.event_map import names_of
from geo.services.password_hashing import hash_password
from geo.snapshots import Names

__all__ = [
    "AccountView",
    "GrantView",
    "account_view",
    "add_account",
    "change_own_password",
    "find_account",
    "grant_role",
    "list_accounts",
    "revoke_role",
    "set_disabled",
    "set_password",
]


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role as lists show it."""

    id: UUID
    role: Role
    municipality_id: UUID | None
    """None: everywhere."""
    municipality: Names


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as lists show it; never with its password."""

    id: UUID
    name: str
    full_name: str
    disabled_at: datetime | None
    has_password: bool
    grants: tuple[GrantView, ...]


def list_accounts(session: Session, actor: Actor) -> list[AccountView]:
    """Return the accounts that an actor administers or is, by name."""
    return _views(session, AccountRepository(session).accounts(actor), actor)


def account_view(session: Session, account_id: UUID, actor: Actor) -> AccountView:
    """Return one account; `NotFound` where there is none that the actor may know of."""
    (view,) = _views(session, [AccountRepository(session).account(account_id, actor)], actor)
    return view


def find_account(session: Session, name: str) -> UUID:
    """Return the id of the account of a name.

    Raises
    ------
    NotFound
        There is none.
    """
    found = AccountRepository(session).by_name(fold_account_name(name))
    if found is None:
        raise NotFound("account.unknown", name=name)
    return found.id


def add_account(
    session: Session,
    actor: Actor,
    *,
    name: str,
    password: str | None,
    full_name: str = "",
    roles: Sequence[tuple[Role, UUID | None]] = (),
) -> UUID:
    """Make an account and give it its first roles.

    Parameters
    ----------
    session
        Of the store.
    actor
        Who makes it: an administrator of some municipality.
    name
        By which it signs in; folded, see `geo.domain.account_names`.
    password
        None: programs alone work in its name.
    full_name
        For the administrators; never public.
    roles
        With their municipalities; None for everywhere.

    Raises
    ------
    Forbidden
        The actor administers nothing, or not the municipality of a role.
    Refused
        The name or the password does not fit.
    Conflict
        The name is taken.
    """
    allowed = actor.municipalities(Action.CREATE, Subject.ACCOUNTS)
    if allowed is not None and not allowed:
        raise Forbidden("access.not_allowed")
    stored_name = account_name(name)
    if AccountRepository(session).by_name(stored_name) is not None:
        raise Conflict("account.name_taken", name=stored_name)
    fitting = None if password is None else check_password(password, (stored_name, full_name))
    account = Account(
        name=stored_name,
        full_name=full_name.strip(),
        password_hash=None if fitting is None else hash_password(fitting),
        password_set_at=None if fitting is None else now(),
        made_by_id=actor.account_id,
    )
    session.add(account)
    session.flush()
    for role, municipality_id in roles:
        _grant(session, actor, account, role, municipality_id)
    return account.id


def grant_role(session: Session, actor: Actor, account_id: UUID, role: Role, municipality_id: UUID | None) -> UUID:
    """Give an account a role in a municipality, or everywhere.

    An administrator of a municipality may give roles in it to any account whose id is known; nobody gives what lies
    beyond.

    Raises
    ------
    Forbidden
        The actor does not administer that municipality.
    NotFound
        No such account or municipality.
    Conflict
        It has that role already.
    """
    _ask(Action.CREATE, actor, municipality_id)
    account = session.scalar(select(Account).where(Account.id == account_id))
    if account is None:
        raise NotFound("record.unknown", id=account_id)
    return _grant(session, actor, account, role, municipality_id)


def _grant(session: Session, actor: Actor, account: Account, role: Role, municipality_id: UUID | None) -> UUID:
    _ask(Action.CREATE, actor, municipality_id)
    if municipality_id is not None and not session.scalar(
        select(Municipality.id).where(Municipality.id == municipality_id)
    ):
        raise NotFound("record.unknown", id=municipality_id)
    # A unique constraint takes two NULLs for different ones, so everywhere is looked at here.
    held = AccountRepository(session).grants([account.id])
    if any(one.role is role and one.municipality_id == municipality_id for one in held):
        raise Conflict("account.role_held", name=account.name)
    grant = RoleGrant(account_id=account.id, municipality_id=municipality_id, role=role)
    session.add(grant)
    session.flush()
    return grant.id


def revoke_role(session: Session, actor: Actor, account_id: UUID, grant_id: UUID) -> None:
    """Take a role back; the ledger keeps that it was there.

    Raises
    ------
    NotFound
        The account has no such role, or the actor may not know of it.
    Forbidden
        The actor does not administer the role's municipality.
    """
    account = AccountRepository(session).account(account_id, actor)
    grant = next((one for one in AccountRepository(session).grants([account.id]) if one.id == grant_id), None)
    if grant is None:
        raise NotFound("record.unknown", id=grant_id)
    _ask(Action.WITHDRAW, actor, grant.municipality_id)
    session.delete(grant)
    session.flush()


def set_password(session: Session, actor: Actor, account_id: UUID, password: str) -> None:
    """Give an account a new password, and sign it out everywhere.

    Raises
    ------
    Forbidden
        The account has roles that the actor does not administer: a new password would be a way to them.
    Refused
        The password does not fit.
    """
    account = _administered(session, actor, account_id)
    _store_password(account, password)
    session.flush()
    AccountRepository(session).end_page_sessions(account.id)


def change_own_password(session: Session, actor: Actor, password: str, *, but_session: str | None = None) -> None:
    """Change the password of who is at work, and sign its other pages out.

    Parameters
    ----------
    session
        Of the store.
    actor
        Somebody with an account, whose earlier password was confirmed (`geo.services.sign_in.confirm_password`).
    password
        The new one.
    but_session
        Hash of the key of the page that stays signed in.

    Raises
    ------
    NotFound
        Who is at work has no account.
    Refused
        The password does not fit.
    """
    account = session.scalar(select(Account).where(Account.id == actor.account_id))
    if account is None:
        raise NotFound("record.unknown", id=actor.account_id or actor.name)
    _store_password(account, password)
    session.flush()
    AccountRepository(session).end_page_sessions(account.id, but=but_session)


def set_disabled(session: Session, actor: Actor, account_id: UUID, *, disabled: bool) -> None:
    """Shut an account, with its pages and tokens, or open it again.

    Raises
    ------
    Forbidden
        The account has roles that the actor does not administer.
    Refused
        It is the actor's own: nobody would be left to open it.
    """
    account = _administered(session, actor, account_id)
    if account.id == actor.account_id:
        raise Refused("account.own")
    account.disabled_at = (account.disabled_at or now()) if disabled else None
    session.flush()
    if disabled:
        AccountRepository(session).end_page_sessions(account.id)


def _store_password(account: Account, password: str) -> None:
    account.password_hash = hash_password(check_password(password, (account.name, account.full_name)))
    account.password_set_at = now()


def _administered(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Return an account of which every role lies within what the actor administers."""
    account = AccountRepository(session).account(account_id, actor)
    allowed = actor.municipalities(Action.CHANGE, Subject.ACCOUNTS)
    if allowed is None:
        return account
    grants = AccountRepository(session).grants([account.id])
    own = bool(grants) or (actor.account_id is not None and account.made_by_id == actor.account_id)
    if not allowed or not own or any(one.municipality_id not in allowed for one in grants):
        raise Forbidden("account.beyond")
    return account


def _ask(action: Action, actor: Actor, municipality_id: UUID | None) -> None:
    if not is_allowed(action, Subject.ACCOUNTS, actor, municipality_id):
        raise Forbidden("access.not_allowed")


def _views(session: Session, accounts: Sequence[Account], actor: Actor) -> list[AccountView]:
    allowed = actor.municipalities(Action.READ, Subject.ACCOUNTS)
    grants = AccountRepository(session).grants([one.id for one in accounts])
    places = {one.municipality_id for one in grants if one.municipality_id is not None}
    found = session.scalars(select(Municipality).where(Municipality.id.in_(places)))
    names = {one.id: names_of(one) for one in found}
    by_account: defaultdict[UUID, list[GrantView]] = defaultdict(list)
    for one in grants:
        if allowed is None or one.municipality_id in allowed or one.account_id == actor.account_id:
            name = Names() if one.municipality_id is None else names[one.municipality_id]
            by_account[one.account_id].append(GrantView(one.id, one.role, one.municipality_id, name))
    return [
        AccountView(
            one.id, one.name, one.full_name, one.disabled_at, bool(one.password_hash), tuple(by_account[one.id])
        )
        for one in accounts
    ]
