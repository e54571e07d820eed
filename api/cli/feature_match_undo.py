"""``ayilmap feature match undo``: a decision is taken back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.match_lines import match_values, object_name
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.i18n import text

__all__ = ["undo"]


def undo(
    match_id: Annotated[UUID, typer.Argument(help="Id of the match; see “ayilmap feature match list”.", metavar="ID")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why, for those who look at it later.")] = "",
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if it no longer has this version.")] = None,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take back what was confirmed or rejected; the drawings stand by themselves again and can be proposed anew.

    Example: ayilmap feature match undo 01a20004-b16b-71b2-bc71-6bcda59b6452
    """
    from geo.services.feature_matches import undo

    reader = language(lang)
    with open_settings().workspace.write(actor=by.strip() or "ayilmap feature match undo") as session:
        decided = undo(session, match_id, version=seen, reason=reason)
    said = {"name": object_name(decided.kind, decided.names, reader), "settlement": decided.settlement_id}
    report(match_values(decided), as_json=as_json, lines=[text("match.was_undone", reader, **said)])
