"""Read photos in processes of this computer: one may die or hang, and only its photo suffers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias

from geo.errors import Failed
from geo.i18n import Language, Text
from sketch_import.batch.answer import Answer, Trouble, photo_bytes
from sketch_import.batch.listing import BatchPhoto
from sketch_import.batch.unit import ReadBytes, Work, read_in_worker, read_sheet_bytes

__all__ = ["SECONDS", "TICK", "read_in_processes"]

SECONDS = 300.0
"""For one photo; a phone's takes a few, a scan of A0 some twenty."""
TICK = 0.25
_START_SECONDS = 60.0
"""Until a process is ready; it takes a few where the disk is slow."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_READY = "ready"
_Line: TypeAlias = "Connection[Any, Any]"


def read_in_processes(
    photos: Sequence[BatchPhoto],
    *,
    language: Language,
    jobs: int,
    seconds: float = SECONDS,
    work: Work = read_sheet_bytes,
) -> Iterator[Answer | None]:
    """Read photos, each in whichever process is free.

    A process that dies takes no other photo with it; its photo is tried once more, alone, after all others. One that
    takes too long is ended. Closing the iterator ends all processes.

    Parameters
    ----------
    photos
        In the order to begin them.
    language
        Of the sentences in the results.
    jobs
        How many processes.
    seconds
        For one photo.
    work
        What to do with a photo; a function of a module.

    Yields
    ------
    Answer or None
        As they come; None a few times a second, so that whoever waits may stop.

    Raises
    ------
    Failed
        ``batch.no_process``: not even an idle process stays alive, or one is not ready in a minute.
    """
    waiting, again = deque(photos), deque[BatchPhoto]()
    workers: list[_Worker] = []
    try:
        for _ in range(min(jobs, len(photos))):
            workers.append(_Worker(work))
        while waiting or again or any(worker.photo for worker in workers):
            for worker in workers:
                alone = not waiting and not any(other.photo for other in workers)
                queue = waiting or (again if alone else None)
                if worker.idle and queue:
                    photo = queue.popleft()
                    data = photo_bytes(photo)
                    if isinstance(data, Trouble):
                        yield Answer(photo, data)
                    else:
                        worker.begin(photo, data, language, second=queue is again)
            heard = wait([worker.line for worker in workers], timeout=TICK)
            yield None
            for position, worker in enumerate(workers):
                answer = worker.hear() if worker.line in heard else worker.end_after(seconds)
                if answer is not None:
                    yield answer
                if not worker.alive:
                    if worker.photo is not None:  # it died of this photo, or something else did it to death
                        again.append(worker.photo)
                    workers[position] = _Worker(work)
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """One process and the line to it."""

    def __init__(self, work: Work) -> None:
        context = multiprocessing.get_context("spawn")  # the same everywhere, and no threads are copied
        self.line, theirs = context.Pipe()
        self.photo: BatchPhoto | None = None
        self.alive = True
        self._ready = self._second = False
        self._begun = time.monotonic()
        self._process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        try:
            with _quiet_start():
                self._process.start()
        except OSError as error:
            raise Failed("batch.no_process") from error
        finally:
            theirs.close()

    @property
    def idle(self) -> bool:
        return self.alive and self._ready and self.photo is None

    @property
    def _spent(self) -> float:
        return time.monotonic() - self._begun

    def begin(self, photo: BatchPhoto, data: bytes, language: Language, *, second: bool) -> None:
        self.photo, self._second, self._begun = photo, second, time.monotonic()
        with suppress(OSError):  # it is dead, and `hear` will tell
            self.line.send((photo.name, data, language))

    def hear(self) -> Answer | None:
        """Take what the process says; where it is dead, its photo stays with it, unless this was its last chance."""
        try:
            said: ReadBytes | Text | str = self.line.recv()
        except (EOFError, OSError):
            if not self._ready:
                raise Failed("batch.no_process") from None
            self.end()
            return self._answer(Text("batch.worker_died", self._named)) if self._second else None
        if isinstance(said, str):
            self._ready = True
            return None
        return self._answer(said)

    def end_after(self, seconds: float) -> Answer | None:
        # It may have said so since anyone listened.
        if not self._ready and self._spent > _START_SECONDS and not self.line.poll():
            raise Failed("batch.no_process")
        if self.photo is None or self._spent < seconds:
            return None
        self.end()
        return self._answer(Text("batch.too_slow", {**self._named, "seconds": round(seconds)}))

    def end(self) -> None:
        if self.alive:
            self.alive = False
            self._process.kill()
            self._process.join()
            self._process.close()
            self.line.close()

    @property
    def _named(self) -> dict[str, object]:
        return {"path": self.photo.name if self.photo else ""}

    def _answer(self, said: ReadBytes | Text) -> Answer | None:
        photo, self.photo = self.photo, None
        if photo is None:
            return None
        return Answer(photo, Trouble(said, self._spent) if isinstance(said, Text) else said)


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Let a process be born with one thread, and deaf to Ctrl-C: it is ended by who began it."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    main = threading.current_thread() is threading.main_thread()
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        yield
    finally:
        if main:
            signal.signal(signal.SIGINT, heeded)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(line: _Line, work: Work) -> None:
    """Be the process: read what comes down the line, until it is cut."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        line.send(_READY)
        while True:
            name, data, language = line.recv()
            line.send(read_in_worker(work, name, data, language))
    except (EOFError, OSError):  # whoever asked is gone
        return
