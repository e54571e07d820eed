"""``ayilmap sheet restore``: an earlier placement of a sheet comes back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.sheet_revise import tell_revision
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress
from geo.i18n import text

__all__ = ["restore"]


def restore(
    sheet_id: Annotated[UUID, typer.Argument(help="Id of the sheet; see “ayilmap sheet list”.", metavar="ID")],
    *,
    number: Annotated[int, typer.Option("--number", help="The version that is to come back.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if this version no longer holds.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would move.")] = False,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Make a new version that is equal to an earlier one, and place the features by it.

    Example: ayilmap sheet restore 01a20004-b16b-71b2-bc71-6bcda59b6452 --number 1
    """
    from api.replaying import solver
    from geo.services.sheet_replay import plan_restoration, store_revision

    reader = language(lang)
    workspace = open_settings().workspace
    with progress(text("versions.step_solve", reader), total=2) as begin:
        with workspace.read() as session:
            solve = solver(workspace.pictures)
            plan = plan_restoration(session, sheet_id, number, solve, reason=reason, seen=seen, draw=not dry_run)
        if not dry_run:
            begin(text("versions.step_store", reader))
            with workspace.write(actor=by.strip() or "ayilmap sheet restore") as session:
                store_revision(session, workspace.pictures, plan)
    tell_revision(plan, reader, stored=not dry_run, as_json=as_json)
