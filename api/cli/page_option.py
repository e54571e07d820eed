"""The ``--page`` option of the commands that read a photo or a scan."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["PageOption"]

PageOption = Annotated[
    int | None, typer.Option("--page", help="Page of a PDF or TIFF, from 1; needed where there are several.")
]
