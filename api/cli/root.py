"""The root of ``ayilmap`` and its groups of commands."""

from __future__ import annotations

import sys

import typer

from api.cli import (
    chart,
    demo,
    event,
    feature,
    map,
    paper,
    plan,
    poster,
    sample,
    serve,
    sheet,
    store,
    territory,
    transform,
    user,
    venn,
    visit,
)
from api.cli.terminal import run

__all__ = ["app", "main"]

app = typer.Typer(
    name="ayilmap",
    help="From a village map drawn on a flipchart to a living map a municipality plans on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(sheet.sheet, name="sheet")
app.command()(transform.transform)
app.command("import")(store.import_file)
app.command("export")(store.export_file)
app.command("map")(map.draw_map)
app.command("poster")(poster.draw_poster)
app.command("venn")(venn.draw_venn)
app.command("chart")(chart.draw_chart)
app.command("report")(paper.write_report)
app.command("form")(paper.write_form)
app.add_typer(territory.settlement, name="settlement")
app.add_typer(event.event, name="event")
app.add_typer(feature.feature, name="feature")
app.add_typer(plan.plan, name="plan")
app.add_typer(visit.visit, name="visit")
app.add_typer(store.database, name="db")
app.add_typer(user.user, name="user")
app.command()(serve.serve)
app.add_typer(sample.sample, name="sample")
app.command()(demo.demo)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(app))
