"""``ayilmap chart``: where a drawing says more than a table."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.rendering_options import (
    AnyEventOption,
    MunicipalityOption,
    OutOption,
    PublicOption,
    SettlementOption,
    YearOption,
    make_file,
)
from api.cli.terminal import JsonOption, LanguageOption
from api.rendering.kinds import Chart, RenderingKind

__all__ = ["draw_chart"]


def draw_chart(
    chart: Annotated[Chart, typer.Argument(metavar="OF", help="; ".join(Chart))],
    *,
    out: OutOption,
    municipality: MunicipalityOption = None,
    settlement: SettlementOption = None,
    year: YearOption = None,
    event_id: AnyEventOption = None,
    public: PublicOption = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Draw a chart as .svg: votes by group, the two loaves, money by source, or how the plan went on.

    Example: ayilmap chart money --municipality Липенка --year 2014 --out money.svg
    """
    make_file(
        RenderingKind.CHART,
        out,
        municipality=municipality,
        settlement=settlement,
        public=public,
        as_json=as_json,
        lang=lang,
        chart=chart,
        year=year,
        event_id=event_id,
    )
