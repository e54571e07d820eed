"""The ``--by`` option of the commands that change what others made."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["ByOption"]

ByOption = Annotated[str, typer.Option("--by", help="Who does it, for the ledger; without: the command itself.")]
