"""Files each of which is there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["whole_files", "write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; a reader, and a crash, sees the old one or the whole new one, never a part.

    Parameters
    ----------
    path
        Its folder is made where it is missing.
    content
        All of the file.

    Raises
    ------
    OSError
        The old file is there, or the whole new one where the disk fails at the very end.
    """
    with whole_files(path.parent) as draft:
        (draft / path.name).write_bytes(content)


@contextmanager
def whole_files(folder: Path) -> Iterator[Path]:
    """Fill a draft folder; when the block ends well, its files take their place in the folder wanted.

    The files reach the disk before any of them gets its name; if the block or the writing fails, nothing was changed.
    Then they get their names one by one, in the order of the alphabet: each file is whole at any time, but a crash in
    between leaves new ones beside old ones. Other files of the folder stay as they are.

    Parameters
    ----------
    folder
        Made where it is missing, and taken away again if the block fails.

    Yields
    ------
    Path
        An empty folder on the same disk, for plain files.

    Raises
    ------
    OSError
        A file cannot be written, or something that is no plain file bears its name: nothing was changed. Or a file
        cannot be given its name: those before it were.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # Beside the target: a rename is whole only within one file system.
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
        try:
            yield draft
            files = sorted(draft.iterdir())
            for file in files:
                target = folder / file.name
                if target.exists() and not target.is_file():
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
                _to_disk(file)
            for file in files:
                file.replace(folder / file.name)
            _to_disk(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    finally:
        if made and not any(folder.iterdir()):
            folder.rmdir()


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
