"""``ayilmap user …``: who may come in, from the command line of the computer that has the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.password_option import PasswordStdinOption, ask_password
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.clock import local_day
from geo.domain.rights import LOCAL, Role
from geo.errors import Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geo.services.accounts import AccountView, GrantView

__all__ = ["user"]

user = typer.Typer(help="Accounts: who signs in, with which roles, and the keys of programs.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="By which the account signs in.")]
RoleOption = Annotated[Role, typer.Option(help="What the person does there.")]
MunicipalityOption = Annotated[str, typer.Option(help="Whole name, or id, of the municipality where the role holds.")]
RayonOption = Annotated[str, typer.Option(help="Its rayon in Kyrgyz, where the name repeats.")]
EverywhereOption = Annotated[bool, typer.Option("--everywhere", help="The role holds in every municipality.")]


@user.command("add")
def add_user(
    name: NameArgument,
    *,
    full_name: Annotated[str, typer.Option(help="For administrators; never public.")] = "",
    role: Annotated[Role | None, typer.Option(help="First role; more by “ayilmap user grant”.")] = None,
    municipality: MunicipalityOption = "",
    rayon: RayonOption = "",
    everywhere: EverywhereOption = False,
    password_stdin: PasswordStdinOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Make an account; its password is asked for on the terminal, or read from standard input.

    Example: ayilmap user add айгүл --role facilitator --municipality "Липенка айылдык аймагы"
    """
    from geo.services.accounts import add_account

    chosen = language(lang)
    password = ask_password(chosen, from_stdin=password_stdin)
    with open_settings().workspace.write(actor="ayilmap user add") as session:
        roles = [(role, _place(session, municipality, rayon, everywhere=everywhere))] if role else []
        made = add_account(session, LOCAL, name=name, full_name=full_name, password=password, roles=roles)
    report(
        {"account": made, "name": name},
        as_json=as_json,
        lines=[text("account_command.added", chosen, name=name, id=made)],
    )


@user.command("list")
def list_users(as_json: JsonOption = False, lang: LanguageOption = None) -> None:
    """List the accounts with their roles.

    Example: ayilmap user list
    """
    from geo.services.accounts import list_accounts

    chosen = language(lang)
    with open_settings().workspace.read() as session:
        found = list_accounts(session, LOCAL)
    values = [
        {
            "id": one.id,
            "name": one.name,
            "full_name": one.full_name,
            "disabled": one.disabled_at is not None,
            "roles": [
                {"role": grant.role.value, "municipality": grant.municipality_id, "name": _where(grant, chosen)}
                for grant in one.grants
            ],
        }
        for one in found
    ]
    lines = [_line(one, chosen) for one in found] or [text("account_command.none", chosen)]
    report({"accounts": values}, as_json=as_json, lines=lines)


@user.command("password")
def change_password(
    name: NameArgument,
    *,
    password_stdin: PasswordStdinOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Give an account a new password and sign its pages out.

    Example: ayilmap user password айгүл
    """
    from geo.services.accounts import find_account, set_password

    chosen = language(lang)
    workspace = open_settings().workspace
    with workspace.read() as session:
        account_id = find_account(session, name)
    password = ask_password(chosen, from_stdin=password_stdin)
    with workspace.write(actor="ayilmap user password") as session:
        set_password(session, LOCAL, account_id, password)
    report({"account": account_id}, as_json=as_json, lines=[text("account_command.password_set", chosen, name=name)])


@user.command("grant")
def grant(
    name: NameArgument,
    *,
    role: RoleOption,
    municipality: MunicipalityOption = "",
    rayon: RayonOption = "",
    everywhere: EverywhereOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Give an account a role in a municipality, or everywhere.

    Example: ayilmap user grant айгүл --role planner --municipality "Липенка айылдык аймагы"
    """
    from geo.services.accounts import account_view, find_account, grant_role

    chosen = language(lang)
    with open_settings().workspace.write(actor="ayilmap user grant") as session:
        account_id = find_account(session, name)
        made = grant_role(session, LOCAL, account_id, role, _place(session, municipality, rayon, everywhere=everywhere))
        shown = next(one for one in account_view(session, account_id, LOCAL).grants if one.id == made)
    line = text("account_command.granted", chosen, name=name, role=_role(role, chosen), place=_where(shown, chosen))
    report({"account": account_id, "role": made}, as_json=as_json, lines=[line])


@user.command("revoke")
def revoke(
    name: NameArgument,
    *,
    role: RoleOption,
    municipality: MunicipalityOption = "",
    rayon: RayonOption = "",
    everywhere: EverywhereOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take a role back; it holds no longer from the next request on.

    Example: ayilmap user revoke айгүл --role planner --municipality "Липенка айылдык аймагы"
    """
    from geo.services.accounts import account_view, find_account, revoke_role

    chosen = language(lang)
    with open_settings().workspace.write(actor="ayilmap user revoke") as session:
        account_id = find_account(session, name)
        place = _place(session, municipality, rayon, everywhere=everywhere)
        held = account_view(session, account_id, LOCAL).grants
        meant = next((one for one in held if one.role is role and one.municipality_id == place), None)
        if meant is None:
            raise Refused("account_command.role_not_held", name=name)
        revoke_role(session, LOCAL, account_id, meant.id)
    line = text("account_command.revoked", chosen, name=name, role=_role(role, chosen), place=_where(meant, chosen))
    report({"account": account_id, "role": meant.id}, as_json=as_json, lines=[line])


@user.command("token")
def token(
    name: NameArgument,
    *,
    purpose: Annotated[str, typer.Option("--for", help="What the key is for, such as a program's name.")] = "",
    days: Annotated[int, typer.Option(min=1, help="How long it holds.")] = 365,
    read_only: Annotated[bool, typer.Option("--read-only", help="The program only reads.")] = False,
    municipality: Annotated[str, typer.Option(help="Whole name, or id, of the only municipality it reaches.")] = "",
    rayon: RayonOption = "",
    listed: Annotated[bool, typer.Option("--list", help="List the account's keys instead.")] = False,
    revoked: Annotated[UUID | None, typer.Option("--revoke", help="End the key of this id instead.")] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Make a key with which a program works in the name of an account; list or revoke its keys.

    Example: ayilmap user token айгүл --for QGIS --read-only
    """
    from datetime import UTC, datetime, timedelta

    from geo.services.access_tokens import list_tokens, make_token, revoke_token
    from geo.services.accounts import find_account
    from geo.services.territory import choose_municipality
    from geo.snapshots import Names

    chosen, now = language(lang), datetime.now(UTC)
    workspace = open_settings().workspace
    if listed:
        with workspace.read() as session:
            found = list_tokens(session, find_account(session, name))
        ended = [one.revoked_at is not None or one.expires_at <= now for one in found]
        lines = [
            f"{one.id}  {one.name}  {local_day(one.expires_at)}"
            + (f"  {text('account_command.token_read_only', chosen)}" if one.read_only else "")
            + (f"  {text('account_command.token_ended', chosen)}" if over else "")
            for one, over in zip(found, ended, strict=True)
        ]
        values = [
            {"id": one.id, "name": one.name, "expires_at": one.expires_at, "read_only": one.read_only, "ended": over}
            for one, over in zip(found, ended, strict=True)
        ]
        report(
            {"tokens": values}, as_json=as_json, lines=lines or [text("account_command.no_tokens", chosen, name=name)]
        )
        return
    if revoked is not None:
        with workspace.write(actor="ayilmap user token") as session:
            revoke_token(session, find_account(session, name), revoked, now=now)
        report({"revoked": revoked}, as_json=as_json, lines=[text("account_command.token_revoked", chosen)])
        return
    if not purpose:
        raise Refused("account_command.token_name_missing")
    with workspace.write(actor="ayilmap user token") as session:
        place = choose_municipality(session, municipality, rayon=Names(ky=rayon)) if municipality else None
        made = make_token(
            session,
            find_account(session, name),
            name=purpose,
            now=now,
            lifetime=timedelta(days=days),
            read_only=read_only,
            municipality_id=place,
        )
    until = f"{local_day(made.token.expires_at)}"
    report(
        {"token": made.token.id, "key": made.key, "expires_at": made.token.expires_at},
        as_json=as_json,
        lines=[text("account_command.token_made", chosen, token=made.token.name, until=until), made.key],
    )


@user.command("disable")
def disable(
    name: NameArgument,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Open it again.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Shut an account, with its pages and keys; what it did stays in the ledger.

    Example: ayilmap user disable айгүл
    """
    from geo.services.accounts import find_account, set_disabled

    chosen = language(lang)
    with open_settings().workspace.write(actor="ayilmap user disable") as session:
        account_id = find_account(session, name)
        set_disabled(session, LOCAL, account_id, disabled=not undo)
    key = "account_command.enabled" if undo else "account_command.disabled"
    report({"account": account_id, "disabled": not undo}, as_json=as_json, lines=[text(key, chosen, name=name)])


def _place(session: Session, municipality: str, rayon: str, *, everywhere: bool) -> UUID | None:
    from geo.services.territory import choose_municipality
    from geo.snapshots import Names

    if bool(municipality.strip()) == everywhere:
        raise Refused("account_command.where_missing")
    return None if everywhere else choose_municipality(session, municipality, rayon=Names(ky=rayon))


def _line(account: AccountView, chosen: Language) -> str:
    roles = [f"{_role(one.role, chosen)} ({_where(one, chosen)})" for one in account.grants]
    state = [] if account.disabled_at is None else [text("account_command.shut", chosen)]
    told = ", ".join([*state, *roles]) or text("account_command.no_roles", chosen)
    return f"{account.name}  {told}"


def _where(one: GrantView, chosen: Language) -> str:
    return text("account_command.everywhere", chosen) if one.municipality_id is None else one.municipality.best(chosen)


def _role(role: Role, chosen: Language) -> str:
    return text(f"role.{role.value}", chosen)
