"""Who asks, its password and the keys of its programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.rest.texts import StorableText
from api.routes.access import Account, Person, Store, Who, client_address, csrf_token, page_key, serving
from geo.domain.passwords import MOST_LENGTH
from geo.domain.rights import Action, Actor, Role, Subject
from geo.domain.sign_in_limits import LONGEST_TOKEN, USUAL_TOKEN
from geo.services.access_tokens import TokenView, list_tokens, make_token, revoke_token
from geo.services.accounts import change_own_password
from geo.services.password_hashing import hash_key
from geo.services.sign_in import confirm_password

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/me", tags=["sign-in"])


class Me(BaseModel):
    """Who asks, and what it may do."""

    name: str
    account_id: UUID | None = Field(description="Null for the public and for this laptop's user.")
    is_public: bool
    read_only: bool
    everywhere: list[Role] = Field(description="Roles held in every municipality.")
    roles: dict[UUID, list[Role]] = Field(description="Roles by municipality, earlier ones of the same villages too.")
    rights: dict[Subject, list[Action]] = Field(description="What is allowed in at least one municipality.")
    csrf_token: str = Field(description="For the header X-CSRF-Token; empty where no page is signed in.")


class PasswordForm(BaseModel):
    """A new password, and the one so far."""

    model_config = ConfigDict(extra="forbid")

    earlier: SecretStr = Field(max_length=4 * MOST_LENGTH)
    password: SecretStr = Field(max_length=4 * MOST_LENGTH)


class TokenForm(BaseModel):
    """A key for a program."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "QGIS", "read_only": True}})

    name: StorableText = Field(description="What it is for.", max_length=100)
    days: int = Field(default=USUAL_TOKEN.days, ge=1, le=LONGEST_TOKEN.days, description="How long it holds.")
    read_only: bool = Field(default=False, description="Whether it only reads.")
    municipality_id: UUID | None = Field(default=None, description="The only municipality it reaches.")


class Token(BaseModel):
    """A key of a program, without the key."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    read_only: bool
    municipality_id: UUID | None
    expires_at: datetime
    revoked_at: datetime | None


class TokenMade(Token):
    """A key of a program with the key, which is shown this once."""

    key: str


@router.get("", summary="Who am I, and what may I do")
def read_me(request: Request, actor: Who) -> Me:
    """Tell who asks; the public too."""
    rights = {
        subject: [action for action in Action if actor.municipalities(action, subject) != frozenset()]
        for subject in Subject
    }
    return Me(
        name=actor.name,
        account_id=actor.account_id,
        is_public=actor.is_public,
        read_only=actor.read_only,
        everywhere=sorted(actor.everywhere),
        roles={one: sorted(roles) for one, roles in actor.roles.items()},
        rights={subject: actions for subject, actions in rights.items() if actions},
        csrf_token=csrf_token(request) if actor.account_id and "authorization" not in request.headers else "",
    )


@router.post("/password", status_code=204, summary="Change my password")
def post_password(request: Request, store: Store, actor: Person, form: PasswordForm) -> None:
    """Store a new password and sign my other pages out; the keys of programs stay."""
    confirm_password(
        store,
        actor,
        password=form.earlier.get_secret_value(),
        address=client_address(request),
        secret=serving(request).secret.get_secret_value(),
        now=datetime.now(UTC),
    )
    with store.write(actor=actor.ledger_name) as session:
        change_own_password(session, actor, form.password.get_secret_value(), but_session=hash_key(page_key(request)))


@router.get("/tokens", summary="The keys of my programs")
def read_tokens(store: Store, actor: Account) -> list[Token]:
    """List them, newest first, revoked and expired ones too."""
    with store.read() as session:
        return [_token(one) for one in list_tokens(session, _id(actor))]


@router.post("/tokens", status_code=201, summary="Make a key for a program")
def post_token(store: Store, actor: Person, form: TokenForm) -> TokenMade:
    """Make a key; it is in this answer and never shown again. Send it as ``Authorization: Bearer …``."""
    with store.write(actor=actor.ledger_name) as session:
        made = make_token(
            session,
            _id(actor),
            name=form.name,
            now=datetime.now(UTC),
            lifetime=timedelta(days=form.days),
            read_only=form.read_only,
            municipality_id=form.municipality_id,
        )
    return TokenMade(**_token(made.token).model_dump(), key=made.key)


@router.delete("/tokens/{token_id}", status_code=204, summary="Revoke a key at once")
def delete_token(token_id: UUID, store: Store, actor: Person) -> None:
    """Revoke one of my keys."""
    with store.write(actor=actor.ledger_name) as session:
        revoke_token(session, _id(actor), token_id, now=datetime.now(UTC))


def _token(view: TokenView) -> Token:
    return Token.model_validate(view)


def _id(actor: Actor) -> UUID:
    assert actor.account_id is not None  # `Account` lets nobody else through
    return actor.account_id
