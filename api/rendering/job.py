"""A rendering as long work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.rendering.asked import Asked
from api.rendering.kept import FOLDER, KeptFiles
from api.rendering.making import Tell, make
from api.rendering.reading import actor_of_plain
from geo.domain.clock import local_today
from geo.services.workspace import Workspace

__all__ = ["render"]


def render(workspace: Workspace, uploads: Path, given: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Make what a job asks for, with the rights of whoever asked for it; returns where it is to be fetched.

    Parameters
    ----------
    uploads
        Folder of uploaded files; what is made lies beside it.
    given
        Parameters of the job.
    """
    files = KeptFiles(uploads.with_name(FOLDER), given["megabytes"])
    asked = Asked.of_values(given["asked"])
    actor = actor_of_plain(given["actor"])
    kept = make(workspace, files, asked, actor=actor, today=local_today(), tell=tell)
    address = f"/api/v1/renderings/{asked.id}/file"
    return {"rendering": asked.id, "file": address, "name": kept.name, "bytes": kept.size}
