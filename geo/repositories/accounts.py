"""Accounts, their roles, tokens, and open and failed sign-ins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from geo.domain.rights import Actor
from geo.errors import NotFound
from geo.models import AccessToken, Account, FailedSignIn, PageSession, RoleGrant
from geo.repositories.visibility import visible

__all__ = ["AccountRepository"]


class AccountRepository:
    """Queries on accounts."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def by_name(self, name: str) -> Account | None:
        """Return the account of a folded name, None where there is none."""
        return self.session.scalar(select(Account).where(Account.name == name))

    def account(self, account_id: UUID, actor: Actor) -> Account:
        """Return an account that an actor may see.

        Raises
        ------
        NotFound
            There is none, or the actor may not know of it.
        """
        found = self.session.scalar(select(Account).where(Account.id == account_id, self._seen_by(actor)))
        if found is None:
            raise NotFound("record.unknown", id=account_id)
        return found

    def accounts(self, actor: Actor) -> Sequence[Account]:
        """Return the accounts that an actor may see, by name."""
        return self.session.scalars(select(Account).where(self._seen_by(actor)).order_by(Account.name)).all()

    def _seen_by(self, actor: Actor) -> ColumnElement[bool]:
        # A new account has no role yet: who made it sees it.
        made = Account.made_by_id == actor.account_id if actor.account_id else false()
        return or_(visible(Account, actor), made)

    def grants(self, accounts: Collection[UUID]) -> Sequence[RoleGrant]:
        """Return the roles of accounts in the order in which they were given."""
        return self.session.scalars(
            select(RoleGrant).where(RoleGrant.account_id.in_(accounts)).order_by(RoleGrant.fid)
        ).all()

    def tokens(self, account_id: UUID) -> Sequence[AccessToken]:
        """Return the tokens of an account, revoked and expired ones too, newest first."""
        return self.session.scalars(
            select(AccessToken).where(AccessToken.account_id == account_id).order_by(AccessToken.fid.desc())
        ).all()

    def token(self, account_id: UUID, token_id: UUID) -> AccessToken:
        """Return a token of an account.

        Raises
        ------
        NotFound
            The account has none with this id.
        """
        found = self.session.scalar(
            select(AccessToken).where(AccessToken.account_id == account_id, AccessToken.id == token_id)
        )
        if found is None:
            raise NotFound("record.unknown", id=token_id)
        return found

    def by_token(self, key_hash: str) -> tuple[AccessToken, Account] | None:
        """Return a token and its account."""
        found = self.session.execute(
            select(AccessToken, Account)
            .join(Account, Account.id == AccessToken.account_id)
            .where(AccessToken.key_hash == key_hash)
        ).first()
        return None if found is None else (found[0], found[1])

    def by_page_session(self, key_hash: str) -> tuple[PageSession, Account] | None:
        """Return an open page session and its account."""
        found = self.session.execute(
            select(PageSession, Account)
            .join(Account, Account.id == PageSession.account_id)
            .where(PageSession.key_hash == key_hash)
        ).first()
        return None if found is None else (found[0], found[1])

    def note_seen(self, key_hash: str, now: datetime) -> None:
        """Note that a page session is in use."""
        self.session.execute(update(PageSession).where(PageSession.key_hash == key_hash).values(seen_at=now))

    def end_page_session(self, key_hash: str) -> None:
        """Sign one page out."""
        self.session.execute(delete(PageSession).where(PageSession.key_hash == key_hash))

    def end_page_sessions(self, account_id: UUID, *, but: str | None = None) -> None:
        """Sign all pages of an account out, except the one with a key's hash."""
        query = delete(PageSession).where(PageSession.account_id == account_id)
        self.session.execute(query if but is None else query.where(PageSession.key_hash != but))

    def forget_sessions(self, *, begun_before: datetime, seen_before: datetime) -> None:
        """Remove page sessions that have run out."""
        self.session.execute(
            delete(PageSession).where(or_(PageSession.begun_at <= begun_before, PageSession.seen_at <= seen_before))
        )

    def queue_for(self, *keys: str) -> None:
        """Wait until nobody else counts tries of the same names or addresses; a GeoPackage has one writer anyway."""
        if self.session.get_bind().dialect.name == "postgresql":
            for key in sorted(keys):
                number = int(key[:15], 16)
                self.session.execute(select(func.pg_advisory_xact_lock(number)))

    def failures(self, *, name_key: str, address_key: str, since: datetime) -> Sequence[FailedSignIn]:
        """Return the tries of a name or from an address since a moment."""
        same = or_(FailedSignIn.name_key == name_key, FailedSignIn.address_key == address_key)
        return self.session.scalars(select(FailedSignIn).where(same, FailedSignIn.happened_at > since)).all()

    def forget_failures(self, *, name_key: str, address_key: str, before: datetime) -> None:
        """Remove the tries of a name from an address, and all that are old."""
        same = (FailedSignIn.name_key == name_key) & (FailedSignIn.address_key == address_key)
        self.session.execute(delete(FailedSignIn).where(or_(same, FailedSignIn.happened_at < before)))
