"""What routes ask for: the workspace and the reader's language."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.errors import reader_language
from geo.i18n import Language
from geo.services.workspace import Workspace

__all__ = ["Reader", "Store"]


def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.settings.workspace
    return workspace


Store = Annotated[Workspace, Depends(_workspace)]
Reader = Annotated[Language, Depends(reader_language)]
