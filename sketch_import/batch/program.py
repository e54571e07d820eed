"""Which program reads: its version, and its very lines, so that a result says what made it."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cv2
import numpy as np

import geo.sheet_layout
import sketch_import

__all__ = ["READING_ROOMS", "program_mark"]

READING_ROOMS = (
    *("candidate.py", "control_points", "legend", "photo", "placing", "reading"),
    *("text_file.py", "tracing", "transforms", "warping"),
)
"""Of `sketch_import`: all that `reading` stands on."""


@cache
def program_mark() -> str:
    """Return the mark of this program, such as ``0.1.0+3f09ac41d2e7``.

    After the version stands a digest of the code that reads sheets and of the versions of NumPy and OpenCV: two
    programs of one mark give the same result, so a reading need not be repeated, and may be done elsewhere.
    """
    digest = hashlib.sha256(f"{platform.python_version_tuple()[:2]} {np.__version__} {cv2.__version__}".encode())
    root = Path(str(sketch_import.__file__)).parent
    for room in (*(root / name for name in READING_ROOMS), Path(str(geo.sheet_layout.__file__)).parent):
        for path in sorted(room.rglob("*.py")) if room.is_dir() else [room]:
            digest.update(path.relative_to(room.parent).as_posix().encode() + path.read_bytes())
    try:
        release = version("ayilmap")
    except PackageNotFoundError:  # run from a folder that was not installed
        release = "0"
    return f"{release}+{digest.hexdigest()[:12]}"
