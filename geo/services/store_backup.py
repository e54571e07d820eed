"""A whole store with its pictures as one file, and back (DESIGN.md section 8).

The file is a ZIP: `manifest.json` with the SHA-256 of every other part, the store (`store.gpkg`, or `store.dump` of
``pg_dump``), and `pictures/ab/abcdef…` by their SHA-256. The store is copied first: a picture is kept before the row
that names it, and never changes, so every picture that the copy names is there.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from geo.database import copying
from geo.database.engine import database_url, geopackage_path
from geo.database.schema import is_known_revision
from geo.errors import Failed, Refused
from geo.storage import FolderStore
from geo.storage.whole_file import whole_files

__all__ = ["BackedUp", "Restored", "back_up", "restore"]

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_STORES: Final = {"geopackage": "store.gpkg", "postgis": "store.dump"}
_PICTURE = re.compile(r"pictures/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_NAME = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1 << 20
_MOST_MANIFEST: Final = 256 << 20

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read again to the last byte."""

    path: Path
    engine: str
    schema: str | None
    pictures: int
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A store that was put back; ``before`` is where the replaced GeoPackage lies."""

    engine: str
    schema: str | None
    pictures: int
    made_at: str
    before: Path | None


def back_up(store: str, pictures: FolderStore, out: Path, *, step: Step = lambda _: None) -> BackedUp:
    """Write a store and its pictures into one file, while the service may be running.

    Parameters
    ----------
    store
        Address of the store.
    out
        The file; it must not be there yet.
    step
        Told what is being done.

    Raises
    ------
    Refused
        The file is there already, or there is no store.
    Failed
        The store is damaged, the disk is full, or ``pg_dump`` is missing or fails.
    """
    if out.exists():
        raise Refused("backup.exists", path=out)
    address = database_url(store)
    live = geopackage_path(address)
    engine = "postgis" if live is None else "geopackage"
    with _disk_told(out), whole_files(out.parent) as draft, tempfile.TemporaryDirectory(dir=draft.parent) as between:
        copy = Path(between) / _STORES[engine]
        step(_STORES[engine])
        schema = copying.dump_postgis(address, copy) if live is None else copying.copy_geopackage(live, copy)
        names = sorted(one.name for one in pictures.folder.glob("??/*") if _NAME.fullmatch(one.name))
        parts: dict[str, dict[str, Any]] = {}
        with zipfile.ZipFile(draft / out.name, "w") as archive:
            parts[copy.name] = _add(archive, copy, copy.name, zipfile.ZIP_DEFLATED)
            step("pictures")
            for name in names:
                inside = f"pictures/{name[:2]}/{name}"
                # Photographs are packed already.
                parts[inside] = _add(archive, pictures.folder / name[:2] / name, inside, zipfile.ZIP_STORED)
                if parts[inside]["sha256"] != name:
                    raise Failed("backup.picture_damaged", sha256=name)
            manifest = {
                "format": _FORMAT,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "engine": engine,
                "schema": schema,
                "parts": parts,
            }
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1), zipfile.ZIP_DEFLATED)
        step(_MANIFEST)
        with zipfile.ZipFile(draft / out.name) as archive:
            _verify(archive, out)
        size = (draft / out.name).stat().st_size
    return BackedUp(out, engine, schema, len(names), size)


def restore(
    store: str, pictures: FolderStore, source: Path, *, replace: bool = False, step: Step = lambda _: None
) -> Restored:
    """Put a backup in the place of a store: all of it, or nothing is changed.

    Pictures are added; none is ever taken away or overwritten.

    Parameters
    ----------
    replace
        Whether a store that is there may be replaced.

    Raises
    ------
    Refused
        The file is no backup, damaged, of another engine or of a newer program; or a store is there already and shall
        not be replaced, or is in use.
    Failed
        The disk is full, or a program of PostgreSQL is missing or fails.
    """
    address = database_url(store)
    live = geopackage_path(address)
    engine = "postgis" if live is None else "geopackage"
    with _opened(source) as archive:
        step(_MANIFEST)
        manifest = _verify(archive, source)
        if manifest["engine"] != engine:
            raise Refused("restore.other_engine", path=source, engine=manifest["engine"], wanted=engine)
        if not is_known_revision(manifest["schema"]):
            raise Refused("restore.newer", path=source)
        there = not copying.is_empty_postgis(address) if live is None else live.exists() and live.stat().st_size > 0
        if there and not replace:
            raise Refused("restore.exists")
        target = pictures.folder.parent if live is None else live.parent
        target.mkdir(parents=True, exist_ok=True)
        names = [name for name in manifest["parts"] if name.startswith("pictures/")]
        with _disk_told(target), tempfile.TemporaryDirectory(dir=target) as between:
            step("pictures")
            for name in names:
                pictures.put(archive.read(name))
            step(_STORES[engine])
            copy = Path(between) / _STORES[engine]
            with archive.open(_STORES[engine]) as packed, copy.open("wb") as file:
                shutil.copyfileobj(packed, file, _PIECE)
            if live is None:
                copying.load_postgis(address, copy, Path(between))
                before = None
            else:
                before = copying.put_geopackage(copy, live)
    return Restored(engine, manifest["schema"], len(names), manifest["made_at"], before)


def _add(archive: zipfile.ZipFile, path: Path, name: str, packing: int) -> dict[str, Any]:
    part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    part.compress_type = packing
    part.file_size = path.stat().st_size
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file, archive.open(part, "w") as inside:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            inside.write(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _verify(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """Return the manifest of a backup whose parts are all there, and are what it says of them."""
    try:
        names = archive.namelist()
        if _MANIFEST not in names or archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
            raise Refused("restore.no_backup", path=path)
        manifest = json.loads(archive.read(_MANIFEST))
        parts = manifest["parts"]
        engine, store = manifest["engine"], _STORES[manifest["engine"]]
        if manifest["format"] != _FORMAT or not isinstance(parts, dict) or engine not in _STORES:
            raise Refused("restore.no_backup", path=path)
        # Names are never used as paths unless they are one of these.
        odd = [name for name in parts if name != store and not _PICTURE.fullmatch(name)]
        if odd or store not in parts or sorted(names) != sorted([_MANIFEST, *parts]):
            raise Refused("restore.damaged", path=path)
        for name, said in parts.items():
            with archive.open(name) as part:
                digest, size = _digest(part)
            if (digest, size) != (said["sha256"], said["bytes"]) or (name != store and digest != name[-64:]):
                raise Refused("restore.damaged", path=path)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused("restore.no_backup", path=path) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused("restore.damaged", path=path) from error
    return dict(manifest)


def _digest(part: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := part.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise Refused("restore.missing", path=source) from error
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("restore.no_backup", path=source) from error
    with archive:
        yield archive


@contextmanager
def _disk_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failed("backup.disk", path=path, reason=error.strerror or str(error)) from error
