"""How many sheets this computer can read at once."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["workers_for"]

_PHOTO_BYTES = 1_000_000_000
"""Reading a 12-megapixel photo takes less."""
_MEMORY = Path("/proc/meminfo")


def workers_for(photos: int, *, jobs: int | None = None) -> int:
    """Return how many photos to read at once, at least one.

    Parameters
    ----------
    photos
        How many there are.
    jobs
        What the person asked for; None means every core. Either is cut down to one for each free gigabyte of memory.
    """
    wanted = _cores() if jobs is None else jobs
    free = _free_memory()
    if free is not None:
        wanted = min(wanted, free // _PHOTO_BYTES)
    return max(1, min(wanted, photos))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_memory() -> int | None:
    try:
        for line in _MEMORY.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:  # not a Linux: the cores alone decide
        pass
    return None
