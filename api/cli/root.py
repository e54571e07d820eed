"""The root of ``ayilmap`` and its groups of commands."""

from __future__ import annotations

import sys

import typer

from api.cli.sheet import sheet
from api.cli.terminal import run
from api.cli.transform import transform

__all__ = ["app", "main"]

app = typer.Typer(
    name="ayilmap",
    help="From a village map drawn on a flipchart to a living map a municipality plans on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def root() -> None:
    """Keep groups of commands apart even while there is only one."""


app.add_typer(sheet, name="sheet")
app.command()(transform)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(app))
