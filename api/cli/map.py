"""``ayilmap map``: the map of an event as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.i18n import text

__all__ = ["draw_map"]


def draw_map(
    event_id: Annotated[UUID, typer.Option("--event", help="Id of the event; see “ayilmap event list”.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Draw the map of an event as one HTML file that opens without internet.

    Example: ayilmap map --event 01a20004-b16b-71b2-bc71-6bcda59b6452 --out map.html --lang ky
    """
    from geo.services.event_map import event_snapshot
    from maps.web.session_map import write_session_map

    workspace = open_settings().workspace
    chosen = language(lang)
    with workspace.read() as session:
        snapshot = event_snapshot(session, workspace.pictures, event_id, chosen)
    write_session_map(snapshot, chosen, out)
    features = sum(len(group.features) for group in snapshot.groups)
    line = text("command.map_written", chosen, path=out, count=features)
    report({"path": str(out), "features": features, "bytes": out.stat().st_size}, as_json=as_json, lines=[line])
