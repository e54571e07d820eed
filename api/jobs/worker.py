"""The worker of a service: a thread that does one job after the other, and gives signs of life meanwhile."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from api.jobs.kinds import KINDS
from api.jobs.uploads import forget_upload, name_as_given, sweep_uploads
from geo.domain.identifiers import new_id
from geo.errors import AyilmapError, Unavailable
from geo.services.jobs import Cancelled, Claim, claim, give_up, let_go, note_progress
from geo.services.workspace import Workspace

__all__ = ["Worker"]

_log = logging.getLogger("ayilmap.jobs")
_LOOK_S = 2.0
"""How often to look for new work: a job may be asked for through another process."""
_BEAT_S = 10.0
_STOP_S = 5.0
_SWEEP_S = 3600.0


class Worker:
    """Does the jobs of a store.

    Parameters
    ----------
    workspace
        The store.
    uploads
        Folder of the files that jobs were given.
    """

    def __init__(self, workspace: Workspace, uploads: Path) -> None:
        self.workspace = workspace
        self.uploads = uploads
        self.name = f"worker {socket.gethostname()} {os.getpid()} {new_id()}"
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._at_work: _AtWork | None = None

    def start(self) -> None:
        """Begin to look for work."""
        self._thread.start()

    def wake(self) -> None:
        """Look for work now."""
        self._wanted.set()

    def stop(self) -> None:
        """Stop; a job that is being done goes back to the others, as it was."""
        self._stopping.set()
        self._wanted.set()
        if self._at_work is not None:
            self._at_work.interrupt()
        if self._thread.ident is not None:
            self._thread.join(_STOP_S)

    def work_once(self) -> bool:
        """Do one job, if there is one; returns whether there was."""
        held = claim(self.workspace, self.name)
        if held is None:
            return False
        self._at_work = at_work = _AtWork(self.workspace, held)
        try:
            with at_work:
                KINDS[held.kind](self.workspace, self.uploads, held, at_work.tell)
        except Exception as error:
            if self._stopping.is_set() and isinstance(error, Cancelled):
                let_go(self.workspace, held)
                return False
            if isinstance(error, AyilmapError):
                name_as_given(error, self.uploads, held.parameters)
            elif not isinstance(error, Cancelled):
                _log.exception("job %s (%s) failed", held.id, held.kind, exc_info=error)
            if not give_up(self.workspace, held, error):
                return True  # another worker has it by now, and needs its file
        finally:
            self._at_work = None
        forget_upload(self.uploads, held.parameters)
        return True

    def _run(self) -> None:
        swept = -_SWEEP_S
        while not self._stopping.is_set():
            worked = False
            try:
                worked = self.work_once()
                if time.monotonic() - swept > _SWEEP_S:
                    sweep_uploads(self.workspace, self.uploads)
                    swept = time.monotonic()
            except AyilmapError as error:  # the store is away, or not set up yet
                _log.debug("no work: %s", error)
            except Exception:
                _log.exception("the worker goes on")
            if not worked:
                self._wanted.wait(_LOOK_S)
                self._wanted.clear()


class _AtWork:
    """Signs of life of one job, while it is being done."""

    def __init__(self, workspace: Workspace, held: Claim) -> None:
        self._workspace, self._held = workspace, held
        self._progress, self._step = 0.0, ""
        self._over, self._cancelled = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name="signs of life", daemon=True)

    def tell(self, progress: float, step: str) -> None:
        """Tell how far the job is; raises `Cancelled` where it is to stop."""
        if self._cancelled.is_set():
            raise Cancelled
        self._progress, self._step = progress, step
        with suppress(Unavailable):  # another writer is at it; the next sign will do
            note_progress(self._workspace, self._held, progress, step)

    def interrupt(self) -> None:
        """Let the job stop at its next step."""
        self._cancelled.set()

    def __enter__(self) -> _AtWork:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(_BEAT_S):
            try:
                note_progress(self._workspace, self._held, self._progress, self._step)
            except Cancelled:
                self._cancelled.set()
                return
            except AyilmapError as error:
                _log.debug("no sign of life: %s", error)
