"""Originals of pictures in a folder, named by the SHA-256 of their bytes; never changed, never twice."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol

from geo.errors import AyilmapError, Failed, NotFound
from geo.storage.whole_file import write_whole

__all__ = ["FolderStore", "PictureStore"]


_one_at_a_time = threading.Lock()
_block: ContextVar[object | None] = ContextVar("block", default=None)
_made_by: dict[Path, tuple[object | None, int]] = {}
"""Pictures newly kept by blocks that are still open: by which, and the file's time then (nanoseconds)."""


class PictureStore(Protocol):
    """Where pictures are kept. A cloud bucket can stand in for a folder by offering the same three verbs."""

    def put(self, content: bytes) -> str:
        """Keep bytes and return their SHA-256; the same bytes are kept once."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return kept bytes."""
        ...

    def undone_on_failure(self) -> AbstractContextManager[None]:
        """Take back what was newly kept inside the block if the block fails."""
        ...


class FolderStore:
    """A folder of pictures.

    Parameters
    ----------
    folder
        Made at the first picture. A picture lies under ``ab/abcdef…``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes under their SHA-256; a crash leaves the whole picture or nothing.

        Raises
        ------
        Failed
            The disk is full or the folder cannot be written to.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        with _one_at_a_time:
            try:
                if not path.exists():
                    write_whole(path, content)
                    if _block.get() is not None:
                        _made_by[path] = (_block.get(), path.stat().st_mtime_ns)
                elif path not in _made_by or _made_by[path][0] is not _block.get():
                    # Somebody else counts on it now, so nobody may take it back: not here, nor in another process.
                    _made_by.pop(path, None)
                    os.utime(path, ns=(time.time_ns(),) * 2)
            except OSError as error:
                raise _in_words(error, self.folder) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return kept bytes.

        Raises
        ------
        NotFound
            The store has no such picture.
        """
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("storage.missing", sha256=sha256) from error
        except OSError as error:
            raise Failed("storage.cannot_read", path=self.folder) from error

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Remove what was newly kept inside the block if the block fails.

        Blocks of other threads and processes have their own account: a picture that another one has met meanwhile
        bears a newer time, and stays.
        """
        mine = object()
        token = _block.set(mine)
        try:
            yield
        except BaseException:
            with _one_at_a_time:
                for path, (maker, time_then) in _made_by.items():
                    with suppress(FileNotFoundError):
                        if maker is mine and path.stat().st_mtime_ns == time_then:
                            path.unlink()
            raise
        finally:
            _block.reset(token)
            with _one_at_a_time:
                for path in [path for path, (maker, _) in _made_by.items() if maker is mine]:
                    del _made_by[path]

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def _in_words(error: OSError, folder: Path) -> AyilmapError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return Failed("storage.disk_full")
    return Failed("storage.cannot_write", path=folder)
