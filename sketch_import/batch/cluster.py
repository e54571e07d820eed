"""Read photos on a Dask cluster: the same unit of work; bytes go out and come back, no disk is shared."""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

from geo.errors import Failed, Refused
from geo.i18n import Language, Text
from sketch_import.batch.answer import Answer, Trouble, photo_bytes
from sketch_import.batch.listing import BatchPhoto
from sketch_import.batch.processes import SECONDS, TICK
from sketch_import.batch.program import program_mark
from sketch_import.batch.unit import ReadBytes, Work, read_in_worker, read_sheet_bytes

__all__ = ["PATIENCE", "read_on_cluster"]

# The library is an extra, and hardly typed.
Client: TypeAlias = Any
Future: TypeAlias = Any

PATIENCE = 20.0
"""Seconds for a scheduler to answer, or for a worker to turn up."""
_LOOK = 5.0
"""Seconds between looks at who works."""


def read_on_cluster(
    photos: Sequence[BatchPhoto],
    *,
    scheduler: str,
    language: Language,
    seconds: float = SECONDS,
    patience: float = PATIENCE,
    work: Work = read_sheet_bytes,
) -> Iterator[Answer | None]:
    """Read photos on the workers of a Dask scheduler, as many at once as these have threads.

    Photos are sent and results come back as bytes: workers need this program, but no disk of ours. Where a worker
    dies, Dask gives its photo to another; where a photo takes too long, its worker is begun anew.

    Parameters
    ----------
    photos
        In the order to begin them.
    scheduler
        Such as ``tcp://192.168.1.20:8786``.
    language
        Of the sentences in the results.
    seconds
        For one photo, from when it is sent.
    patience
        Seconds to wait for the scheduler and its workers.
    work
        What to do with a photo; a function of a module that workers have too.

    Yields
    ------
    Answer or None
        As they come; None a few times a second, so that whoever waits may stop.

    Raises
    ------
    Refused
        ``batch.cluster_not_installed``, ``batch.scheduler_address``, ``batch.no_scheduler``, ``batch.no_workers``,
        ``batch.other_program``.
    Failed
        ``batch.scheduler_lost``, ``batch.workers_lost``.
    """
    if not re.fullmatch(r"(tcp|tls)://\S+:\d{1,5}", scheduler):
        raise Refused("batch.scheduler_address", address=scheduler)
    try:
        import dask  # noqa: PLC0415 -- an extra that a single computer does without
        import distributed  # noqa: PLC0415
    except ImportError as error:
        raise Refused("batch.cluster_not_installed") from error
    # Photos travel inside their tasks, so that another worker can take them over: the advice against it is not for us.
    with _unheard_words(), dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}):
        client = _connect(distributed, scheduler, patience)
        try:
            _meet_workers(client, scheduler, patience)
            yield from _Cluster(client, _Asked(scheduler, language, seconds, patience, work)).read(photos)
        finally:
            client.close(timeout=TICK * 8)


@contextmanager
def _unheard_words() -> Iterator[None]:
    """Keep the library's own words from the terminal: what they report is said in ours."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _connect(distributed: Any, scheduler: str, patience: float) -> Client:
    try:
        with warnings.catch_warnings():
            # Other versions of Dask get on with each other; other versions of ours are refused below.
            warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
            return distributed.Client(scheduler, timeout=patience, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise Refused("batch.no_scheduler", address=scheduler) from error


def _meet_workers(client: Client, scheduler: str, patience: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        raise Refused("batch.no_workers", address=scheduler, seconds=round(patience)) from error
    marks: dict[str, object] = client.run(program_mark, on_error="return")
    for worker, mark in marks.items():
        if mark != _ours():
            theirs = mark if isinstance(mark, str) else type(mark).__name__
            raise Refused("batch.other_program", worker=worker, theirs=theirs, ours=_ours())


def _ours() -> str:
    return program_mark()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `read_on_cluster` was asked for."""

    scheduler: str
    language: Language
    seconds: float
    patience: float
    work: Work


@dataclass(frozen=True, slots=True)
class _Sent:
    photo: BatchPhoto
    begun: float


class _Cluster:
    """A run over the photos; the client belongs to who made it."""

    def __init__(self, client: Client, asked: _Asked) -> None:
        self._client, self._asked = client, asked
        self._sent: dict[Future, _Sent] = {}
        self._done: SimpleQueue[Future] = SimpleQueue()
        self._seen = self._looked = time.monotonic()
        self._threads = sum(client.nthreads().values())
        self._stuck = 0
        """Threads that hang and can't be got rid of."""

    def read(self, photos: Sequence[BatchPhoto]) -> Iterator[Answer | None]:
        waiting = deque(photos)
        while waiting or self._sent:
            while waiting and len(self._sent) < self._threads - self._stuck:
                photo = waiting.popleft()
                data = photo_bytes(photo)
                if isinstance(data, Trouble):
                    yield Answer(photo, data)
                else:
                    self._send(photo, data)
            try:
                future = self._done.get(timeout=TICK)
            except Empty:
                yield None
                self._look()
                yield from self._give_up_slow_ones()
                continue
            if future in self._sent:  # else it was given up
                yield self._received(future)

    def _send(self, photo: BatchPhoto, data: bytes) -> None:
        future = self._client.submit(
            read_in_worker, self._asked.work, photo.name, data, self._asked.language, pure=False
        )
        self._sent[future] = _Sent(photo, time.monotonic())
        future.add_done_callback(self._done.put)

    def _received(self, future: Future) -> Answer:
        if future.status not in {"finished", "error"}:
            raise Failed("batch.scheduler_lost", address=self._asked.scheduler)
        sent = self._sent.pop(future)
        spent = time.monotonic() - sent.begun
        try:
            result: ReadBytes | Text = future.result(timeout=self._asked.seconds)
        except Exception as error:
            if self._client.status != "running":
                raise Failed("batch.scheduler_lost", address=self._asked.scheduler) from error
            # Several workers in a row died of this photo, or its result could not be brought here.
            return Answer(sent.photo, Trouble(Text("batch.worker_died", {"path": sent.photo.name}), spent))
        if isinstance(result, Text):
            return Answer(sent.photo, Trouble(result, spent))
        if result.program != _ours():  # of a worker that came later
            theirs = {"worker": "–", "theirs": result.program, "ours": _ours()}
            return Answer(sent.photo, Trouble(Text("batch.other_program", theirs), spent))
        return Answer(sent.photo, result)

    def _look(self) -> None:
        """See whether scheduler and workers are still there, and whether more have come."""
        now = time.monotonic()
        if now - self._looked < _LOOK and self._client.status == "running":
            return
        self._looked = now
        try:
            self._threads = sum(self._client.nthreads().values()) if self._client.status == "running" else 0
        except (OSError, TimeoutError):
            self._threads = 0
        if self._threads > self._stuck:
            self._seen = now
        elif now - self._seen > self._asked.patience:
            key = "batch.workers_lost" if self._client.status == "running" else "batch.scheduler_lost"
            raise Failed(key, address=self._asked.scheduler)

    def _give_up_slow_ones(self) -> Iterator[Answer]:
        for future, sent in list(self._sent.items()):
            spent = time.monotonic() - sent.begun
            if spent < self._asked.seconds or self._client.status != "running":
                continue
            busy = [worker for worker, keys in self._client.processing().items() if future.key in keys]
            del self._sent[future]
            future.cancel()
            # A thread can't be ended from outside, a worker can; what else it was doing goes to another.
            try:
                self._client.restart_workers(busy, timeout=self._asked.patience, raise_for_error=False)
            except ValueError:  # it was begun without the nanny that would begin it anew
                self._stuck += len(busy)
            params = {"path": sent.photo.name, "seconds": round(self._asked.seconds)}
            yield Answer(sent.photo, Trouble(Text("batch.too_slow", params), spent))
