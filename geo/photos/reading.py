"""Reading a photograph that somebody handed in: looked at here, decoded in a process of its own."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
from datetime import datetime
from typing import Any, BinaryIO

from geo.domain.monitoring_codes import PhotoTime
from geo.errors import Refused, TooLarge
from geo.photos.kinds import HEAD_BYTES, PictureKind, kind_of
from geo.photos.photograph import CameraFacts, Photograph, PhotoLimits

__all__ = ["read_photograph"]

# Isolated from the current folder, whose files must not pass for modules; then the same modules as here.
_PROGRAM = (
    "import json, sys\n"
    "asked = json.loads(sys.argv[1])\n"
    "sys.path[:] = asked.pop('modules')\n"
    "from geo.photos.decoding import answer\n"
    "answer(**asked)\n"
)
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_MOST_COPY_BYTES = 20_000_000
_at_once = threading.BoundedSemaphore(2)
"""More pictures at a time would take more memory than a small machine has."""


def read_photograph(file: BinaryIO, *, limits: PhotoLimits | None = None) -> Photograph:
    """Read a photograph.

    Parameters
    ----------
    file
        Seekable; read from its beginning. A file of the operating system is handed on as it is.
    limits
        How much it may ask for.

    Raises
    ------
    TooLarge
        It has more bytes than it may.
    Refused
        It is empty, none of JPEG, PNG, WebP and HEIC by its content, damaged, or takes more time or memory
        than it may.
    """
    limits = limits or PhotoLimits()
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise Refused("visit_photo.empty")
    if size > limits.megabytes * 1_000_000:
        raise TooLarge("visit_photo.too_many_bytes", limit=limits.megabytes)
    kind = kind_of(file.read(HEAD_BYTES))
    file.seek(0)
    if kind is None:
        raise Refused("visit_photo.kind")
    with _at_once, tempfile.TemporaryFile() as plain:
        while chunk := file.read(1 << 20):
            plain.write(chunk)
        plain.flush()
        os.lseek(plain.fileno(), 0, os.SEEK_SET)
        return _decoded_apart(plain, kind, limits)


def _decoded_apart(file: Any, kind: PictureKind, limits: PhotoLimits) -> Photograph:
    asked = {
        "modules": sys.path,
        "kind": kind.value,
        "megapixels": limits.megapixels,
        "memory_mb": limits.memory_mb,
        "seconds": limits.seconds,
    }
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _PROGRAM, json.dumps(asked)],
        stdin=file.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | _ENVIRONMENT,
    )
    # Seconds of the clock as well: a process may wait without using any of its own.
    clock = threading.Timer(limits.seconds * 2, process.kill)
    clock.start()
    try:
        assert process.stdout is not None
        with process.stdout as stream:
            photo = _received(stream, kind, limits)
        ended = process.wait()
    finally:
        clock.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
    if photo is None:
        raise Refused("visit_photo.too_heavy" if ended < 0 else "visit_photo.unreadable")
    return photo


def _received(stream: Any, kind: PictureKind, limits: PhotoLimits) -> Photograph | None:
    """Return what the process sent; nothing it says is taken on trust, for the file may have taken it over."""
    line = stream.readline(65_536)
    try:
        found = json.loads(line)
        refused = found.get("refused")
        if refused == "too_large":
            raise Refused("visit_photo.too_many_pixels", limit=limits.megapixels)
        if refused == "too_heavy":
            raise Refused("visit_photo.too_heavy")
        if refused is not None:
            return None
        lengths = int(found["large"]), int(found["small"])
        if not all(0 < length <= _MOST_COPY_BYTES for length in lengths):
            return None
        large, small = (stream.read(length) for length in lengths)
        if (len(large), len(small)) != lengths or not all(kind_of(one) is PictureKind.JPEG for one in (large, small)):
            return None
        taken, source = found["taken_at"], found["time_source"]
        facts = CameraFacts(
            taken_at=datetime.fromisoformat(taken) if taken else None,
            time_source=PhotoTime(source) if source else None,
            lon=_finite(found["lon"]),
            lat=_finite(found["lat"]),
            accuracy_m=_finite(found["accuracy_m"]),
        )
        return Photograph(kind.value, int(found["width"]), int(found["height"]), facts, large, small)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _finite(value: Any) -> float | None:
    number = None if value is None else float(value)
    if number is not None and not math.isfinite(number):
        raise ValueError
    return number
