"""Long work: what there is, and in which states it can be."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["FINISHED", "MOST_ATTEMPTS", "JobKind", "JobState"]


class JobKind(StrEnum):
    """Work that takes longer than a person waits for an answer."""

    IMPORT_FILE = "import_file"
    """The objects of a GeoJSON or GeoPackage file go into an event."""
    READ_SHEET = "read_sheet"
    """A photographed printed sheet goes into an event, its drawings as proposals."""
    TAKE_PHOTO = "take_photo"
    """A photo of any drawing goes into an event: a printed sheet is placed by its marks, another one by people."""
    PROPOSE_MATCHES = "propose_matches"
    """What several groups drew of a village is compared."""
    RENDER = "render"
    """A map, drawing or paper is made."""


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """What it was given cannot be used; the reason says what to do."""
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED: Final = frozenset({JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED})
MOST_ATTEMPTS: Final = 3
"""A job whose worker died this often is not begun again: it may be what kills the worker."""
