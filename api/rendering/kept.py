"""Files that were made, kept in a folder: each whole or not there, the longest unused thrown away where it is full.

Several processes may use the folder at once. Everything in it can be made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from api.rendering.kinds import RenderingFormat
from geo.errors import Failed
from geo.storage.whole_file import write_whole

__all__ = ["FOLDER", "Kept", "KeptFiles"]

FOLDER: Final = "renderings"
"""Name of the folder beside that of the uploads."""
_FILES, _NOTES = "files", "asked"
_DRAFT: Final = ".new-"
_ABANDONED_S: Final = 3_600.0
"""A draft this old belongs to a process that was killed."""
_NOTE_BYTES: Final = 4_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was made."""

    key: str
    """Of what it shows."""
    name: str
    """File name for the reader, in his language."""
    format: RenderingFormat
    sha256: str
    size: int


class KeptFiles:
    """The folder.

    Parameters
    ----------
    folder
        Made at the first file.
    megabytes
        How much it may hold.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self.limit = megabytes * 1_000_000

    def path(self, kept: Kept) -> Path:
        """Return where a file lies."""
        return self._place(_FILES, kept.key, kept.format.value)

    def content(self, kept: Kept) -> bytes | None:
        """Return a file's bytes; None where it was thrown away, or is not the one that was written."""
        try:
            found = self.path(kept).read_bytes()
        except OSError:
            return None
        return found if hashlib.sha256(found).hexdigest() == kept.sha256 else None

    def find(self, question: str) -> Kept | None:
        """Return what was made for a question, None where nothing was, or it was thrown away."""
        return self._find(_NOTES, question)

    def find_shown(self, key: str) -> Kept | None:
        """Return the file that shows something, whatever question it was made for."""
        return self._find(_FILES, key)

    def keep(self, key: str, content: bytes, *, name: str, format: RenderingFormat) -> Kept:
        """Keep a file.

        Raises
        ------
        Failed
            The disk is full, or the folder cannot be written to.
        """
        kept = Kept(key, name, format, hashlib.sha256(content).hexdigest(), len(content))
        with _told(self.folder):
            write_whole(self.path(kept), content)
            self._write(_FILES, key, kept)  # after the file: what a note tells of is there
        self._tidy(spared=frozenset({self.path(kept), self._place(_FILES, key, "json")}))
        return kept

    def note(self, question: str, kept: Kept) -> None:
        """Note that a file is what a question asks for."""
        with _told(self.folder):
            self._write(_NOTES, question, kept)

    def _find(self, part: str, key: str) -> Kept | None:
        kept = self._read(part, key)
        if kept is None:
            return None
        path = self.path(kept)
        try:
            if path.stat().st_size != kept.size:
                return None
            # Used now: what is not is thrown away first.
            for used in (path, self._place(_FILES, kept.key, "json"), self._place(part, key, "json")):
                os.utime(used)
        except OSError:
            return None
        return kept

    def _place(self, part: str, key: str, ending: str) -> Path:
        return self.folder / part / key[:2] / f"{key}.{ending}"

    def _write(self, part: str, key: str, kept: Kept) -> None:
        write_whole(self._place(part, key, "json"), json.dumps(asdict(kept), ensure_ascii=False).encode())

    def _read(self, part: str, key: str) -> Kept | None:
        try:
            values = json.loads(self._place(part, key, "json").read_bytes()[:_NOTE_BYTES])
            return Kept(
                key=str(values["key"]),
                name=str(values["name"]),
                format=RenderingFormat(values["format"]),
                sha256=str(values["sha256"]),
                size=int(values["size"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _tidy(self, *, spared: Set[Path]) -> None:
        """Throw away drafts of processes that were killed, and the longest unused files beyond the limit."""
        now = time.time()
        for draft in self.folder.glob(f"*/*/{_DRAFT}*"):
            with suppress(OSError):
                if now - draft.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(draft, ignore_errors=True)
        found = sorted(self._sizes(), key=lambda one: one[0])
        total = sum(size for _, size, _ in found)
        for _, size, path in found:
            if total <= self.limit:
                break
            if path in spared:  # asked for just now
                continue
            with suppress(OSError):
                path.unlink()
                total -= size

    def _sizes(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("*/*/*"):
            with suppress(OSError):
                found = path.stat()
                if path.is_file():
                    yield found.st_mtime, found.st_size, path


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what a disk says into words."""
    try:
        yield
    except OSError as error:
        raise Failed("rendering.cannot_keep", path=folder, reason=error.strerror or "?") from error
