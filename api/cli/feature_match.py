"""``ayilmap feature match``: the same object drawn by several groups."""

from __future__ import annotations

import typer

from api.cli.feature_match_confirm import confirm
from api.cli.feature_match_differences import differences
from api.cli.feature_match_list import list_matches
from api.cli.feature_match_propose import propose
from api.cli.feature_match_reject import reject
from api.cli.feature_match_undo import undo

__all__ = ["match"]

match = typer.Typer(help="The same object drawn by several groups.", no_args_is_help=True, rich_markup_mode=None)
match.command()(propose)
match.command("list")(list_matches)
match.command()(confirm)
match.command()(reject)
match.command()(undo)
match.command()(differences)
