"""``ayilmap sheet``: drawings on paper become features on a map."""

from __future__ import annotations

import typer

from api.cli.sheet_export import export
from api.cli.sheet_list import list_sheets
from api.cli.sheet_place import place
from api.cli.sheet_print import print_sheet
from api.cli.sheet_propose_points import propose_points
from api.cli.sheet_read import read
from api.cli.sheet_register import register
from api.cli.sheet_restore import restore
from api.cli.sheet_revise import revise
from api.cli.sheet_store import store
from api.cli.sheet_trace import trace
from api.cli.sheet_versions import versions

__all__ = ["sheet"]

sheet = typer.Typer(help="Read, trace, place and store drawn sheets.", no_args_is_help=True, rich_markup_mode=None)
sheet.command("print")(print_sheet)
sheet.command()(trace)
sheet.command()(read)
sheet.command()(register)
sheet.command()(place)
sheet.command()(store)
sheet.command("list")(list_sheets)
sheet.command()(versions)
sheet.command()(revise)
sheet.command()(restore)
sheet.command()(export)
sheet.command("propose-points")(propose_points)
