"""``ayilmap feature match reject``: these drawings show different objects."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.match_lines import match_values, object_name
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.i18n import text

__all__ = ["reject"]


def reject(
    match_id: Annotated[
        UUID, typer.Argument(help="Id of the proposal; see “ayilmap feature match list”.", metavar="ID")
    ],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who look at it later.")],
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if it no longer has this version.")] = None,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Say that the drawings of a proposal show different objects; no two of them are proposed together again.

    Where only one does not belong, confirm the proposal without it.

    Example: ayilmap feature match reject 01a20004-b16b-71b2-bc71-6bcda59b6452 --reason "two shops side by side"
    """
    from geo.services.feature_matches import reject

    reader = language(lang)
    with open_settings().workspace.write(actor=by.strip() or "ayilmap feature match reject") as session:
        decided = reject(session, match_id, reason=reason, version=seen)
    name = object_name(decided.kind, decided.names, reader)
    report(match_values(decided), as_json=as_json, lines=[text("match.was_rejected", reader, id=match_id, name=name)])
