"""``ayilmap venn``: the diagram of institutions for the wall."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from api.cli.rendering_options import OutOption, PublicOption, make_file
from api.cli.terminal import JsonOption, LanguageOption
from api.rendering.kinds import RenderingKind
from geo.domain.institutions import Diagram
from geo.errors import Refused

__all__ = ["draw_venn"]


def draw_venn(
    *,
    event_id: Annotated[UUID, typer.Option("--event", help="Id of the event; see “ayilmap event list”.")],
    out: OutOption,
    diagram: Annotated[Diagram | None, typer.Option(help="Whose diagram; without: everybody's.")] = None,
    pair: Annotated[bool, typer.Option("--pair", help="Women's and men's side by side, differences marked.")] = False,
    public: PublicOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Draw the Venn diagram of an event as .svg, .pdf or .png: true circles, laid out as was recorded.

    Example: ayilmap venn --event 01a20004-b16b-71b2-bc71-6bcda59b6452 --out venn.pdf --lang ky
    """
    if pair and diagram is not None:
        raise Refused("rendering.pair_or_diagram")
    make_file(
        RenderingKind.VENN_PAIR if pair else RenderingKind.VENN,
        out,
        public=public,
        as_json=as_json,
        lang=lang,
        event_id=event_id,
        diagram=diagram,
    )
