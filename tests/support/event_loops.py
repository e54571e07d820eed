"""An event loop of its own for what a test awaits."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

__all__ = ["run_awaited"]

T = TypeVar("T")
# One for the whole run: a server that a test starts in it ends with the thread that started it.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="event loop")


def run_awaited(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end what is awaited, in a thread beside.

    A browser that an earlier test of the same process opened leaves its event loop running in the main thread, where no
    other can be begun.
    """
    return _THREAD.submit(asyncio.run, work).result()
