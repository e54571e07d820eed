"""``ayilmap plan …``: a plan from a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.i18n import text

__all__ = ["plan"]

plan = typer.Typer(help="Joint action plans.", no_args_is_help=True)


@plan.command("import", epilog="Example: ayilmap plan import plan.xlsx --plan ID --dry-run")
def import_plan(
    *,
    file: Annotated[Path, typer.Argument(help="XLSX, of ours or with the columns of a joint action plan.")],
    plan_id: Annotated[UUID, typer.Option("--plan", help="Id of the plan.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    leave_out: Annotated[bool, typer.Option("--leave-out-unreadable", help="Pass over rows nobody can read.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take a workbook into a plan: all that can be read, or nothing."""
    from geo.domain.rights import LOCAL
    from geo.errors import Refused
    from geo.services.plan_import import import_workbook
    from geo.services.plan_intake import RowState, read_workbook

    chosen = language(lang)
    if not file.is_file():
        raise Refused("workbook.no_file", path=str(file))
    workspace = open_settings().workspace
    with file.open("rb") as opened:
        with workspace.read() as session:
            reading = read_workbook(session, plan_id, opened, actor=LOCAL)
        if not dry_run:
            with workspace.write(actor="ayilmap plan import") as session:
                import_workbook(
                    session,
                    plan_id,
                    opened,
                    fingerprint=reading.fingerprint,
                    leave_out_unreadable=leave_out,
                    actor=LOCAL,
                )
    counts = {state.value: reading.count(state) for state in RowState}
    unreadable = [one for one in reading.rows if one.state is RowState.UNREADABLE]
    lines = [text("workbook.summary", chosen, **counts)]
    lines += [
        f"{text('workbook.row', chosen, row=one.number)}: {one.title} — {one.reason(chosen) if one.reason else ''}"
        for one in unreadable
    ]
    rows = [{"row": one.number, "state": one.state.value, "title": one.title} for one in reading.rows]
    report({**counts, "stored": not dry_run, "rows": rows}, as_json=as_json, lines=lines)
