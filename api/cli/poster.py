"""``ayilmap poster``: what hangs on the notice board."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.rendering_options import MunicipalityOption, OutOption, SettlementOption, YearOption, make_file
from api.cli.terminal import JsonOption, LanguageOption
from api.rendering.kinds import PosterPaper, RenderingKind

__all__ = ["draw_poster"]


def draw_poster(
    *,
    out: OutOption,
    municipality: MunicipalityOption = None,
    settlement: SettlementOption = None,
    year: YearOption = None,
    paper: Annotated[PosterPaper, typer.Option(help="Size of the paper.")] = PosterPaper.A1,
    landscape: Annotated[
        bool | None, typer.Option("--landscape/--portrait", help="Without, whichever way shows the village larger.")
    ] = None,
    tiled: Annotated[bool, typer.Option("--tiled", help="Cut over A4 pages to be glued.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Draw the notice-board poster as PDF, as everybody may see it: only what is published is on it.

    Example: ayilmap poster --settlement Төрт-Күл --year 2014 --paper A1 --out poster.pdf --lang ky
    """
    make_file(
        RenderingKind.POSTER,
        out,
        municipality=municipality,
        settlement=settlement,
        public=True,
        as_json=as_json,
        lang=lang,
        year=year,
        paper=paper.value,
        orientation=None if landscape is None else "landscape" if landscape else "portrait",
        tiled=tiled or None,
    )
