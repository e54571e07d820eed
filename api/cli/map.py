"""``ayilmap map``: maps as one file each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.rendering_options import (
    AnyEventOption,
    MunicipalityOption,
    PublicOption,
    SettlementOption,
    YearOption,
    make_file,
)
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from api.rendering.kinds import OFFERS, RenderingFormat, RenderingKind
from geo.domain.institutions import Diagram
from geo.errors import Refused
from geo.i18n import Language, text

__all__ = ["draw_map"]

_MAPS = tuple(kind for kind, offer in OFFERS.items() if RenderingFormat.HTML in offer.formats)
_SHORT = {kind.value.removesuffix("_map"): kind for kind in _MAPS}


def draw_map(
    *,
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    event_id: AnyEventOption = None,
    kind: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(_SHORT)}; without: of the event, the village or the municipality."),
    ] = None,
    municipality: MunicipalityOption = None,
    settlement: SettlementOption = None,
    year: YearOption = None,
    other_event_id: Annotated[
        UUID | None, typer.Option("--other-event", help="Event that groups_compared puts beside.")
    ] = None,
    other_year: Annotated[int | None, typer.Option(help="Year that years_compared puts beside.")] = None,
    diagram: Annotated[Diagram | None, typer.Option(help="Diagram that the Venn map shows.")] = None,
    public: PublicOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Draw a map as one HTML file that opens without internet.

    Example: ayilmap map --event 01a20004-b16b-71b2-bc71-6bcda59b6452 --out map.html --lang ky

    Example: ayilmap map --kind plan --municipality Липенка --year 2014 --out plan.html
    """
    alone = (kind, municipality, settlement, year, other_event_id, other_year, diagram) == (None,) * 7
    if event_id is not None and alone and not public:
        _draw_session_map(event_id, out, as_json=as_json, chosen=language(lang))
        return
    make_file(
        _kind(kind, event_id=event_id, settlement=settlement),
        out,
        municipality=municipality,
        settlement=settlement,
        public=public,
        as_json=as_json,
        lang=lang,
        event_id=event_id,
        other_event_id=other_event_id,
        year=year,
        other_year=other_year,
        diagram=diagram,
    )


def _kind(name: str | None, *, event_id: UUID | None, settlement: str | None) -> RenderingKind:
    if name is None:
        usual = "session" if event_id is not None else "village" if settlement else "municipality"
        return _SHORT.get(usual, RenderingKind.SESSION_MAP)
    found = _SHORT.get(name.removesuffix("_map"))
    if found is None:
        raise Refused("rendering.kind_not_a_map", kind=name[:60], known=", ".join(_SHORT))
    return found


def _draw_session_map(event_id: UUID, out: Path, *, as_json: bool, chosen: Language) -> None:
    from geo.services.event_map import event_snapshot
    from maps.web.session_map import write_session_map

    workspace = open_settings().workspace
    with workspace.read() as session:
        snapshot = event_snapshot(session, workspace.pictures, event_id, chosen)
    write_session_map(snapshot, chosen, out)
    # The village's other groups come along, switched off; what is told is of the event, as in the list of events.
    features = next(len(group.features) for group in snapshot.groups if group.id == event_id)
    line = text("command.map_written", chosen, path=out, count=features)
    report({"path": str(out), "features": features, "bytes": out.stat().st_size}, as_json=as_json, lines=[line])
