"""Files that jobs were given: kept until the job is over, and no longer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from geo.errors import AyilmapError, Failed
from geo.repositories.jobs import JobRepository
from geo.services.workspace import Workspace

__all__ = ["forget_upload", "kept_file", "name_as_given", "sweep_uploads"]

_STILL_COMING_S: Final = 3600.0
"""A file written to more recently may still be on its way, its job not asked for yet."""


def kept_file(uploads: Path, name: str) -> Path:
    """Return an uploaded file by the name under which it is kept.

    Raises
    ------
    Failed
        It is gone.
    """
    path = uploads / Path(name).name
    if not path.is_file():
        raise Failed("job.upload_gone", name=name)
    return path


def forget_upload(uploads: Path, parameters: Mapping[str, Any]) -> None:
    """Remove the file of a job that is over; one without a file has none."""
    if name := parameters.get("upload"):
        (uploads / Path(name).name).unlink(missing_ok=True)


def name_as_given(error: AyilmapError, uploads: Path, parameters: Mapping[str, Any]) -> None:
    """Let an error speak of a file by the name that its owner gave it, and not by where it is kept."""
    kept, name = parameters.get("upload"), parameters.get("name")
    if kept and name:
        places = {str(kept), str(uploads / str(kept))}
        error.params = {key: name if str(value) in places else value for key, value in error.params.items()}


def sweep_uploads(workspace: Workspace, uploads: Path) -> int:
    """Remove files that no open job needs, left by a crash or a job that nobody could finish; returns how many."""
    if not uploads.is_dir():
        return 0
    before = time.time() - _STILL_COMING_S
    with workspace.read() as session:
        needed = JobRepository(session).open_uploads()
    swept = 0
    for path in uploads.iterdir():
        with suppress(OSError):  # in use, or swept by another process meanwhile
            if path.name not in needed and path.is_file() and path.stat().st_mtime < before:
                path.unlink()
                swept += 1
    return swept
