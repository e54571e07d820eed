"""Accounts and their roles, for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.rest.texts import StorableText
from api.routes.access import Reader, Store, Who
from geo.domain.account_names import LONGEST_NAME
from geo.domain.passwords import MOST_LENGTH
from geo.domain.rights import Action, Actor, Role, Subject
from geo.errors import Forbidden, NotSignedIn
from geo.i18n import Language
from geo.services.accounts import (
    AccountView,
    account_view,
    add_account,
    grant_role,
    list_accounts,
    revoke_role,
    set_disabled,
    set_password,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"])


class RoleForm(BaseModel):
    """A role in a municipality."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    municipality_id: UUID | None = Field(
        default=None, description="Null: everywhere; only who administers everywhere may."
    )


class AccountForm(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "айгүл", "full_name": "Айгүл А."}})

    name: str = Field(description="By which it signs in.", max_length=4 * LONGEST_NAME)
    full_name: StorableText = Field(default="", max_length=200, description="For administrators; never public.")
    password: SecretStr | None = Field(default=None, max_length=4 * MOST_LENGTH)
    roles: list[RoleForm] = Field(default_factory=list, max_length=50)


class NewPassword(BaseModel):
    """A new password."""

    model_config = ConfigDict(extra="forbid")

    password: SecretStr = Field(max_length=4 * MOST_LENGTH)


class State(BaseModel):
    """Whether an account is shut."""

    model_config = ConfigDict(extra="forbid")

    disabled: bool


class Grant(BaseModel):
    """A role that an account has."""

    id: UUID
    role: Role
    municipality_id: UUID | None
    municipality: str = Field(description="Its name; empty for everywhere.")


class AccountAnswer(BaseModel):
    """An account with the roles that who asks may know of."""

    id: UUID
    name: str
    full_name: str
    disabled_at: datetime | None
    has_password: bool
    roles: list[Grant]


def _administrator(request: Request, actor: Who) -> Actor:
    if actor.municipalities(Action.READ, Subject.ACCOUNTS) == frozenset():
        if actor.is_public and actor.account_id is None:
            raise NotSignedIn("sign_in.needed")
        raise Forbidden("access.not_allowed")
    if request.method != "GET" and "authorization" in request.headers:
        raise Forbidden("token.not_by_token")
    return actor


Administrator = Annotated[Actor, Depends(_administrator)]


@router.get("", summary="The accounts that I administer")
def read_accounts(store: Store, actor: Administrator, language: Reader) -> list[AccountAnswer]:
    """List accounts with a role in my municipalities, and my own, by name."""
    with store.read() as session:
        return [_answer(one, language) for one in list_accounts(session, actor)]


@router.post("", status_code=201, summary="Make an account")
def post_account(store: Store, actor: Administrator, language: Reader, form: AccountForm) -> AccountAnswer:
    """Make an account with its first roles, all within my municipalities."""
    password = None if form.password is None else form.password.get_secret_value()
    with store.write(actor=actor.ledger_name) as session:
        made = add_account(
            session,
            actor,
            name=form.name,
            full_name=form.full_name,
            password=password,
            roles=[(one.role, one.municipality_id) for one in form.roles],
        )
        return _answer(account_view(session, made, actor), language)


@router.get("/{account_id}", summary="One account")
def read_account(account_id: UUID, store: Store, actor: Administrator, language: Reader) -> AccountAnswer:
    """Read an account with the roles that I administer."""
    with store.read() as session:
        return _answer(account_view(session, account_id, actor), language)


@router.post("/{account_id}/roles", status_code=201, summary="Give a role")
def post_role(account_id: UUID, store: Store, actor: Administrator, language: Reader, form: RoleForm) -> AccountAnswer:
    """Give a role in one of my municipalities to an account, whoever made it."""
    with store.write(actor=actor.ledger_name) as session:
        grant_role(session, actor, account_id, form.role, form.municipality_id)
        return _answer(account_view(session, account_id, actor), language)


@router.delete("/{account_id}/roles/{grant_id}", status_code=204, summary="Take a role back")
def delete_role(account_id: UUID, grant_id: UUID, store: Store, actor: Administrator) -> None:
    """Take a role in one of my municipalities back; it holds no longer from the next request on."""
    with store.write(actor=actor.ledger_name) as session:
        revoke_role(session, actor, account_id, grant_id)


@router.put("/{account_id}/password", status_code=204, summary="Give a new password")
def put_password(account_id: UUID, store: Store, actor: Administrator, form: NewPassword) -> None:
    """Give an account all of whose roles I administer a new password, and sign it out everywhere."""
    with store.write(actor=actor.ledger_name) as session:
        set_password(session, actor, account_id, form.password.get_secret_value())


@router.put("/{account_id}/state", status_code=204, summary="Shut an account or open it again")
def put_state(account_id: UUID, store: Store, actor: Administrator, form: State) -> None:
    """Shut an account all of whose roles I administer, with its pages and keys, or open it again."""
    with store.write(actor=actor.ledger_name) as session:
        set_disabled(session, actor, account_id, disabled=form.disabled)


def _answer(view: AccountView, language: Language) -> AccountAnswer:
    return AccountAnswer(
        id=view.id,
        name=view.name,
        full_name=view.full_name,
        disabled_at=view.disabled_at,
        has_password=view.has_password,
        roles=[
            Grant(
                id=one.id,
                role=one.role,
                municipality_id=one.municipality_id,
                municipality=one.municipality.best(language),
            )
            for one in view.grants
        ],
    )
