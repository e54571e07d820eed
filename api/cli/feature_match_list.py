"""``ayilmap feature match list``: proposals and decisions of a village."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.match_lines import match_lines, match_values
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.match_status import MatchStatus
from geo.i18n import text

__all__ = ["list_matches"]


def list_matches(
    *,
    settlement_id: Annotated[
        UUID, typer.Option("--settlement", help="Id of the village; see “ayilmap settlement find”.")
    ],
    status: Annotated[
        list[MatchStatus] | None, typer.Option("--status", help="Of this status only; may be given several times.")
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the matches of a village with their drawings, the surest first.

    Example: ayilmap feature match list --settlement 01a20004-b16b-71b2-bc71-6bcda59b6452 --status proposed
    """
    from geo.services.feature_matches import list_matches

    reader = language(lang)
    with open_settings().workspace.read() as session:
        found = list_matches(session, settlement_id, statuses=status or ())
    lines = [line for one in found for line in match_lines(one, reader)]
    values = {"settlement": settlement_id, "matches": [match_values(one) for one in found]}
    report(values, as_json=as_json, lines=lines or [text("match.none", reader)])
