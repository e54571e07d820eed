"""Decode in a process of its own, with bounded memory and time.

The libraries behind PDF, TIFF and HEIC are large, print their own words on standard error, and can be kept busy
or filled up by a file made for it. There no check of headers is enough; the operating system keeps the bounds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from geo.errors import Refused
from sketch_import.photo.decoding import Decoded, decode
from sketch_import.photo.headers import Container
from sketch_import.photo.limits import MAX_MEMORY_BYTES, MAX_SECONDS
from sketch_import.photo.photo import ExifFacts

__all__ = ["answer", "decode_apart"]

# Isolated from the current folder, whose files must not pass for modules; then the same modules as here.
_PROGRAM = (
    "import json, sys\n"
    "asked = json.loads(sys.argv[1])\n"
    "sys.path[:] = asked.pop('modules')\n"
    "from sketch_import.photo.apart import answer\n"
    "answer(**asked)\n"
)
_OUT_OF_BOUNDS = {
    -int(getattr(signal, name))
    for name in ("SIGKILL", "SIGXCPU", "SIGABRT", "SIGTRAP", "SIGILL")
    if hasattr(signal, name)
}
"""How a process ends whose time is up, or whose library gives up for want of memory."""
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "GDAL_PAM_ENABLED": "NO"}


def decode_apart(file: BinaryIO, container: Container, *, page: int | None, name: str) -> Decoded:
    """Decode one picture of a file in a new process.

    Parameters
    ----------
    file
        A file of the operating system.
    container, page, name
        As in `decode`; here a PDF is taken too.

    Raises
    ------
    geo.errors.Refused
        ``image.too_heavy`` where memory or time do not suffice, and what `decode` and `decode_pdf` raise.
    """
    asked = {
        "modules": sys.path,
        "container": container.value,
        "page": page,
        "megabytes": MAX_MEMORY_BYTES // 1_000_000,
        "seconds": MAX_SECONDS,
    }
    file.seek(0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _PROGRAM, json.dumps(asked)],
        stdin=file.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | _ONE_THREAD,
    )
    # Seconds of the clock as well: a process may wait without using any of its own.
    clock = threading.Timer(MAX_SECONDS * 1.5, process.kill)
    clock.start()
    try:
        assert process.stdout is not None
        with process.stdout as stream:
            found, pixels = _received(stream)
        ended = process.wait()
    finally:
        clock.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
    if found is None or (pixels is None and "refused" not in found):
        key = "image.too_heavy" if ended in _OUT_OF_BOUNDS else "image.unreadable"
        raise Refused(key, path=name)
    if pixels is None:
        raise Refused(found["refused"], **(found["params"] | {"path": name}))
    exif = ExifFacts(**found["exif"])
    taken_at = datetime.fromisoformat(found["taken_at"]) if found["taken_at"] else None
    return Decoded(
        pixels=pixels,
        format=found["format"],
        exif=replace(exif, taken_at=taken_at),
        page=found["page"],
        pages=found["pages"],
    )


def _received(stream: Any) -> tuple[dict[str, Any] | None, NDArray[np.uint8] | None]:
    line = stream.readline(65_536)
    if not line.endswith(b"\n"):
        return None, None
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:  # a library's own words on standard output
        return None, None
    if "refused" in found:
        return found, None
    pixels: NDArray[np.uint8] = np.empty((found["height"], found["width"], 3), np.uint8)
    left = pixels.reshape(-1).data
    while left:
        count = stream.readinto(left)
        if not count:
            return found, None
        left = left[count:]
    return found, pixels


def answer(*, container: str, page: int | None, megabytes: int, seconds: int) -> None:
    """Be the process: decode standard input, write one line of JSON and the pixels to standard output."""
    _keep_bounds(megabytes=megabytes, seconds=seconds)
    file = os.fdopen(0, "rb")
    try:
        kind = Container(container)
        if kind is Container.PDF:
            from sketch_import.photo.pdf import decode_pdf  # noqa: PLC0415 -- by whoever reads PDF

            decoded = decode_pdf(file, page=page, name="")
        else:
            decoded = decode(file, kind, page=page, name="")
    except Refused as refusal:
        _send({"refused": refusal.key, "params": refusal.params})
    except (MemoryError, RecursionError):
        _send({"refused": "image.too_heavy", "params": {}})
    except Exception:  # whatever else a damaged file makes a library do
        _send({"refused": "image.unreadable", "params": {}})
    else:
        height, width, _ = decoded.pixels.shape
        facts = asdict(replace(decoded.exif, taken_at=None))
        taken = decoded.exif.taken_at
        _send(
            {
                "width": width,
                "height": height,
                "format": decoded.format,
                "page": decoded.page,
                "pages": decoded.pages,
                "exif": facts,
                "taken_at": taken.isoformat() if taken else None,
            }
        )
        sys.stdout.buffer.write(decoded.pixels.reshape(-1).data)
        sys.stdout.buffer.flush()
    # At once: a library whose file was damaged may not survive its own tidying up.
    os._exit(0)


def _send(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def _keep_bounds(*, megabytes: int, seconds: int) -> None:
    try:
        import resource  # noqa: PLC0415 -- not everywhere
    except ImportError:  # Windows: the clock of the parent alone
        return
    # On top of what interpreter and libraries have mapped by now.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    try:
        with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123
            own = int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        own *= 4
    resource.setrlimit(resource.RLIMIT_AS, (own + megabytes * 1_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
