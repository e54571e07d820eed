"""Which files of a folder are photos, in the order people expect, and the folder each is read into."""

from __future__ import annotations

import mimetypes
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import Failed, Refused
from sketch_import.photo.headers import HEADER_BYTES, container_of

__all__ = ["BatchPhoto", "Listing", "list_photos"]

_PHOTO_NAMES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".pdf"}
)
_TAKEN = frozenset({"summary.csv", "summary.json"})


@dataclass(frozen=True, slots=True)
class BatchPhoto:
    """A photo to read."""

    path: Path
    name: str
    """Path within the folder, with forward slashes: what tables and messages call it."""
    folder: str
    """Where its results go, within the folder of results."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds."""

    photos: tuple[BatchPhoto, ...]
    skipped: tuple[str, ...]
    """Hidden files, files that are no photos, and subfolders that were not asked for (these end in a slash)."""


def list_photos(folder: Path, *, out: Path, recursive: bool = False) -> Listing:
    """Find the photos of a folder, in natural order: ``sheet 2`` before ``sheet 10``.

    A file is a photo by its extension; with none, or one nobody knows, by its first bytes. A damaged photo is one
    too, so that it is refused by name instead of being passed over.

    Parameters
    ----------
    folder
        With photos.
    out
        Folder of results; where it lies inside, it is left out.
    recursive
        Also subfolders; links to folders are not followed.

    Raises
    ------
    Refused
        ``batch.out_is_photos``.
    Failed
        ``image.no_access``: a folder may not be read.
    """
    target = out.resolve()
    if target == folder.resolve():
        raise Refused("batch.out_is_photos", path=str(folder))
    photos: list[str] = []
    skipped: list[str] = []
    for name in _names(folder, target, skipped, recursive=recursive):
        path = folder / name
        hidden = path.name.startswith(".")
        (photos if not hidden and path.is_file() and _is_photo(path) else skipped).append(name)
    photos.sort(key=_natural)
    folders = _folders(photos)
    found = tuple(BatchPhoto(folder / name, name, folders[name]) for name in photos)
    return Listing(found, tuple(sorted(skipped, key=_natural)))


def _names(folder: Path, out: Path, skipped: list[str], *, recursive: bool) -> Iterator[str]:
    def fail(error: OSError) -> None:
        raise Failed("image.no_access", path=str(error.filename)) from error

    for place, inner, files in os.walk(folder, onerror=fail):
        here = Path(place)
        kept = []
        for name in inner:
            within = (here / name).relative_to(folder).as_posix()
            if (here / name).resolve() == out:
                continue
            if recursive and not name.startswith(".") and not (here / name).is_symlink():
                kept.append(name)
            else:
                skipped.append(f"{within}/")
        inner[:] = kept
        yield from ((here / name).relative_to(folder).as_posix() for name in files)


def _is_photo(path: Path) -> bool:
    if path.suffix.lower() in _PHOTO_NAMES:
        return True
    if path.suffix and mimetypes.guess_type(path.name, strict=False)[0] is not None:
        return False
    try:
        with path.open("rb") as file:
            return container_of(file.read(HEADER_BYTES)) is not None
    except OSError:
        return False


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", unicodedata.normalize("NFC", name).casefold())
    ranked = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
    return [*ranked, (1, 0, name)]


def _folders(names: list[str]) -> dict[str, str]:
    """Name a folder for each: without the extension, unless two would then be one."""

    def alike(folder: str) -> str:
        return unicodedata.normalize("NFC", folder).casefold()

    stems = {name: Path(name).with_suffix("").as_posix() for name in names}
    counts = Counter(alike(stem) for stem in stems.values()) + Counter(_TAKEN)
    # A name given with its extension must not meet the bare name of another, as of a.jpg.png.
    counts += Counter(alike(name) for name in names if counts[alike(stems[name])] > 1)
    folders: dict[str, str] = {}
    used: set[str] = set()
    for name in names:
        wanted = stems[name] if counts[alike(stems[name])] == 1 else name
        number, folder = 2, wanted
        while alike(folder) in used:  # names that only this file system tells apart
            folder, number = f"{wanted}-{number}", number + 1
        used.add(alike(folder))
        folders[name] = folder
    return folders
