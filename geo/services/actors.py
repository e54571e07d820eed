"""From an account to who is at work: its roles of today, those over earlier municipalities of its villages included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import Actor, Role
from geo.models import AccessToken, Account, RoleGrant
from geo.repositories.accounts import AccountRepository
from geo.repositories.memberships import earlier_municipalities

__all__ = ["actor_of"]


def actor_of(session: Session, account: Account, *, today: date, token: AccessToken | None = None) -> Actor:
    """Return who an account is at work.

    Parameters
    ----------
    session
        Of the store.
    account
        Who has signed in.
    today
        By which villages belong to municipalities.
    token
        The key that a program came with: it takes away, and never gives.
    """
    grants = AccountRepository(session).grants([account.id])
    everywhere, roles = _roles(grants)
    limit = token.municipality_id if token else None
    if limit is not None:
        here = roles.get(limit, frozenset()) | everywhere
        everywhere, roles = frozenset(), {limit: here} if here else {}
    for earlier, heir in earlier_municipalities(session, tuple(roles), today).items():
        roles[earlier] = roles.get(earlier, frozenset()) | roles[heir]
    return Actor(
        account.name,
        account.id,
        roles=roles,
        everywhere=everywhere,
        read_only=token is not None and token.read_only,
    )


def _roles(grants: Iterable[RoleGrant]) -> tuple[frozenset[Role], dict[UUID, frozenset[Role]]]:
    everywhere: set[Role] = set()
    roles: defaultdict[UUID, set[Role]] = defaultdict(set)
    for grant in grants:
        (everywhere if grant.municipality_id is None else roles[grant.municipality_id]).add(grant.role)
    return frozenset(everywhere), {one: frozenset(held) for one, held in roles.items()}
