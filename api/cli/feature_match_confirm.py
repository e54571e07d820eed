"""``ayilmap feature match confirm``: these drawings show one object."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.match_lines import match_values, object_name
from api.cli.shift_lines import metres
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.match_status import MatchStatus
from geo.domain.vocabulary import Condition, Kind
from geo.i18n import text

__all__ = ["confirm"]


def confirm(
    match_id: Annotated[
        UUID, typer.Argument(help="Id of the proposal; see “ayilmap feature match list”.", metavar="ID")
    ],
    *,
    canonical: Annotated[
        UUID | None, typer.Option("--canonical", help="The drawing whose place and shape the object takes.")
    ] = None,
    mean: Annotated[
        bool, typer.Option("--mean", help="Put it in the middle of its drawings, weighed by their position errors.")
    ] = False,
    without: Annotated[
        list[UUID] | None, typer.Option("--without", help="A drawing of another object; may be given several times.")
    ] = None,
    name_ky: Annotated[str, typer.Option("--name-ky", help="Its name in Kyrgyz, where that is not as proposed.")] = "",
    name_ru: Annotated[str, typer.Option("--name-ru", help="In Russian.")] = "",
    name_en: Annotated[str, typer.Option("--name-en", help="In English.")] = "",
    kind: Annotated[Kind | None, typer.Option("--kind", help="What it is, where that is not as proposed.")] = None,
    condition: Annotated[Condition | None, typer.Option("--condition", help="What it is like.")] = None,
    comment: Annotated[str, typer.Option("--comment", help="For those who look at it later.")] = "",
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if it no longer has this version.")] = None,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Confirm that the drawings of a proposal show one object; they stay as they are.

    Example: ayilmap feature match confirm 01a20004-b16b-71b2-bc71-6bcda59b6452 --mean --name-ky "№1 мектеп"
    """
    from geo.services.feature_matches import confirm
    from geo.snapshots import Names

    reader = language(lang)
    with open_settings().workspace.write(actor=by.strip() or "ayilmap feature match confirm") as session:
        decided = confirm(
            session,
            match_id,
            version=seen,
            canonical=canonical,
            mean=mean,
            without=without or (),
            names=Names(name_ky, name_ru, name_en),
            kind=kind,
            condition=condition,
            comment=comment,
        )
    said = {
        "name": object_name(decided.kind, decided.names, reader),
        "drawings": sum(one.status is MatchStatus.CONFIRMED for one in decided.drawings),
        "error": metres(decided.position_error_m),
    }
    report(match_values(decided), as_json=as_json, lines=[text("match.was_confirmed", reader, id=match_id, **said)])
