"""Small scans of printed sheets, and work that goes wrong on purpose; both are sent to other processes."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import cv2

from geo.errors import Failed
from geo.i18n import Language
from geo.sheet_layout import PaperSize
from sketch_import.batch import BatchPhoto, ReadBytes
from sketch_import.batch.program import program_mark
from tests.support.printed_sheets import print_sheet, sheet_layout

__all__ = ["odd_work", "photos_of", "scan"]

PX_PER_MM = 5.0


def scan(sheet_id: str = "K7M29QXD", *, line_mm: float = 60) -> bytes:
    """Return an A4 sheet with one black line, as PNG."""
    flat = print_sheet(sheet_layout(PaperSize.A4, sheet_id=sheet_id), px_per_mm=PX_PER_MM)
    start, end = (round(80 * PX_PER_MM), 500), (round((80 + line_mm) * PX_PER_MM), 560)
    cv2.line(flat, start, end, (20, 20, 22), 10, cv2.LINE_AA)
    return bytes(cv2.imencode(".png", flat[..., ::-1])[1].tobytes())


def photos_of(folder: Path, **contents: bytes) -> list[BatchPhoto]:
    """Write files and return them as photos."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [BatchPhoto(folder / name, name, name) for name in contents]


def odd_work(name: str, data: bytes, language: Language) -> ReadBytes:
    """Do what the name of the photo says; ``die_once`` finds in its data where to remember that it died."""
    if name.startswith("die_once"):
        flag = Path(data.decode())
        if not flag.exists():
            flag.touch()
            os._exit(9)
    elif name.startswith("die"):
        os._exit(9)
    elif name.startswith("sleep"):
        time.sleep(60)
    elif name.startswith("fault"):
        raise ZeroDivisionError("a fault of ours")
    elif name.startswith("disk"):
        raise Failed("placing.cannot_write", path=name)
    quality = {"verdict": "refused", "reason": f"{name} {language}", "pid": os.getpid(), "threads": cv2.getNumThreads()}
    return ReadBytes(quality, {}, hashlib.sha256(data).hexdigest(), 0.1, program_mark())
