"""``ayilmap chart``: where a drawing says more than a table."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.rendering_options import of_event_or_place
from api.rendering.kinds import Chart, RenderingKind

__all__ = ["draw_chart"]


@of_event_or_place
def draw_chart(
    chart: Annotated[Chart, typer.Argument(metavar="OF", help="; ".join(Chart))],
) -> tuple[RenderingKind, dict[str, Any]]:
    """Draw a chart as .svg: votes by group, the two loaves, money by source, or how the plan went on.

    Example: ayilmap chart money --municipality Липенка --year 2014 --out money.svg
    """
    return RenderingKind.CHART, {"chart": chart}
