"""``ayilmap visit …``: monitoring visits that a phone could not send."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.i18n import text

__all__ = ["visit"]

visit = typer.Typer(help="Monitoring visits that a phone could not send.", no_args_is_help=True)

_ACTOR = "ayilmap visit import"


@visit.callback()
def _group() -> None:
    """Keep ``import`` a command of its own: a group of one command would take its place."""


@visit.command("import", epilog="Example: ayilmap visit import ayilmap-visits-2026-03-01.json")
def import_visits(
    file: Annotated[Path, typer.Argument(help="File that the field page saved.")],
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Take in the visits of a file; each is stored once, however often, and refused ones are told with the reason."""
    from api.visit_files import read_visit_file, take_in
    from geo.domain.rights import LOCAL

    chosen = language(lang)
    visits = read_visit_file(file)
    workspace = open_settings().workspace
    taken = [take_in(workspace, one, actor=LOCAL, written_by=_ACTOR) for one in visits]
    made, met = sum(one.made for one in taken), sum(one.met for one in taken)
    refused = [(one, part) for one in taken for part in one.refused]
    stored = sum(bool(one.made or one.met) for one in taken)
    lines = [text("visit_file.summary", chosen, visits=stored, made=made, met=met)]
    lines += [
        text("visit_file.refused", chosen, title=one.visit.title or str(one.visit.id), reason=part.reason(chosen))
        for one, part in refused
    ]
    values = {
        "visits": stored,
        "made": made,
        "met": met,
        "refused": [
            {"visit": one.visit.id, "part": part.kind, "id": part.id, "reason": part.reason(chosen)}
            for one, part in refused
        ],
    }
    report(values, as_json=as_json, lines=lines)
    if refused:
        raise typer.Exit(1 if stored else 2)
