"""``ayilmap feature match propose``: which drawings of several groups are probably one object."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.match_lines import match_lines, match_values
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.match_status import MatchStatus
from geo.i18n import text

__all__ = ["propose"]


def propose(
    *,
    settlement_id: Annotated[
        UUID, typer.Option("--settlement", help="Id of the village; see “ayilmap settlement find”.")
    ],
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Look for objects that several events of a village drew, and store the proposals for a person to decide on.

    Doing it again keeps every decision, and proposals that still hold.

    Example: ayilmap feature match propose --settlement 01a20004-b16b-71b2-bc71-6bcda59b6452
    """
    from geo.services.feature_matches import list_matches
    from geo.services.match_proposals import propose

    reader = language(lang)
    with open_settings().workspace.write(actor=by.strip() or "ayilmap feature match propose") as session:
        done = propose(session, settlement_id)
        found = list_matches(session, settlement_id, statuses=[MatchStatus.PROPOSED])
    counts = {
        "new": done.new,
        "kept": done.kept,
        "withdrawn": done.withdrawn,
        "confirmed": done.confirmed,
        "rejected": done.rejected,
    }
    lines = [line for one in found for line in match_lines(one, reader)]
    values = {"settlement": settlement_id, **counts, "matches": [match_values(one) for one in found]}
    report(values, as_json=as_json, lines=[*lines, text("match.searched", reader, **counts)])
