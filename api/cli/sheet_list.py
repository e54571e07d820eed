"""``ayilmap sheet list``: the sheets of the store with their ids."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.shift_lines import metres
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.i18n import text

__all__ = ["list_sheets"]


def list_sheets(
    *,
    event_id: Annotated[UUID | None, typer.Option("--event", help="Sheets of this event only.")] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the sheets with their ids and the version of their placement.

    Example: ayilmap sheet list --json
    """
    from geo.services.sheet_versions import listed_sheets

    reader = language(lang)
    with open_settings().workspace.read() as session:
        found = listed_sheets(session, event_id)
    rows = [
        {
            "id": str(one.id),
            "event": str(one.event_id),
            "title": one.title,
            "version": one.version,
            "method": one.method.value if one.method else None,
            "position_error_m": one.position_error_m,
            "features": one.features,
            "layout_id": one.layout_id,
        }
        for one in found
    ]
    lines = [
        text(
            "versions.sheet_line",
            reader,
            id=one.id,
            title=one.title,
            number=one.version,
            error=metres(one.position_error_m),
            features=one.features,
        )
        for one in found
    ]
    report({"sheets": rows}, as_json=as_json, lines=lines or [text("versions.none", reader)])
