"""``ayilmap sheet read DIR``: a folder of photographed sheets, on the cores or on a cluster."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Cell

from api.cli.terminal import note, progress, report
from geo.errors import Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from sketch_import.batch import Answer, Batch, BatchPhoto, Row

__all__ = ["FolderOptions", "read_folder"]

_WIDTH = 140
"""Of the table where there is no terminal."""


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """How to work through a folder."""

    jobs: int | None
    scheduler: str | None
    again: bool
    recursive: bool
    time_limit: float | None


class _Stop:
    """Whether somebody has asked to stop; a second time breaks off at once."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        return self.asked

    def heed(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def read_folder(folder: Path, out: Path, options: FolderOptions, *, as_json: bool, reader: Language) -> None:
    """Read every photo of a folder and report.

    Raises
    ------
    typer.Exit
        With 1 where it was stopped; with 2 where no photo could be read.
    """
    from sketch_import.batch import list_photos, read_batch

    listing = list_photos(folder, out=out, recursive=options.recursive)
    if not listing.photos:
        raise Refused("batch.no_photos", path=str(folder))
    done = refused = 0
    title = text("batch.begin", reader, count=len(listing.photos))
    with _stopping() as stop, progress(title, total=len(listing.photos), plain=not as_json) as begin:

        def told(row: Row) -> None:
            nonlocal done, refused
            done, refused = done + 1, refused + (not row.read)
            counts = {"done": done, "count": len(listing.photos), "refused": refused}
            begin(text("batch.progress", reader, photo=row.photo, **counts))

        def read(photos: Sequence[BatchPhoto]) -> Generator[Answer | None, None, None]:
            return _answers(photos, options, reader)

        batch = read_batch(listing, out, language=reader, reader=read, again=options.again, told=told, stopped=stop)
    _report(batch, folder, out, as_json=as_json, reader=reader)
    if batch.left:
        note("batch.stopped", reader, done=len(batch.rows), count=len(listing.photos))
        raise typer.Exit(1)
    if not any(row.read for row in batch.rows):
        note("batch.none_read", reader, path=str(out / "summary.csv"))
        raise typer.Exit(2)


def _answers(
    photos: Sequence[BatchPhoto], options: FolderOptions, reader: Language
) -> Generator[Answer | None, None, None]:
    from sketch_import.batch import SECONDS, read_in_processes, read_on_cluster, workers_for

    seconds = options.time_limit or SECONDS

    if options.scheduler is not None:
        yield from read_on_cluster(photos, scheduler=options.scheduler, language=reader, seconds=seconds)
    else:
        jobs = workers_for(len(photos), jobs=options.jobs)
        yield from read_in_processes(photos, language=reader, jobs=jobs, seconds=seconds)


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Take Ctrl-C and SIGTERM as a wish to stop, so that nothing is broken off half written."""
    stop = _Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, stop.heed) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _report(batch: Batch, folder: Path, out: Path, *, as_json: bool, reader: Language) -> None:
    if not as_json:
        _show(batch.rows, reader)
    counts = batch.summary["counts"]
    numbers = {name: counts[name] for name in ("doubtful", "refused", "failed")}
    lines = [text("batch.done", reader, count=counts["pass"] + counts["doubtful"], **numbers)]
    if batch.kept:
        lines.append(text("batch.kept", reader, count=batch.kept))
    for sheet, photos in batch.summary["same_sheet"].items():
        command = " ".join(shlex.quote(str(folder / photo)) for photo in photos)
        lines.append(text("batch.same_sheet", reader, id=sheet, photos=", ".join(photos), command=command))
    if batch.summary["skipped"]:
        lines.append(text("batch.skipped", reader, files=", ".join(batch.summary["skipped"])))
    lines.append(text("batch.summary", reader, path=str(out / "summary.csv")))
    report({"out": str(out), "kept": batch.kept, **batch.summary}, as_json=as_json, lines=lines)


def _show(rows: Sequence[Row], reader: Language) -> None:
    from sketch_import.batch import verdict_text

    console = Console(file=sys.stdout)
    if not console.is_terminal:
        console = Console(file=sys.stdout, width=_WIDTH)
    table = Table(box=None, pad_edge=False)
    for key in ("photo", "verdict", "sheet", "features", "error", "seconds", "reason"):
        right = key in {"features", "error", "seconds"}
        table.add_column(text(f"batch.column.{key}", reader), justify="right" if right else "left", no_wrap=right)
    for row in rows:
        error = "" if row.error_m is None else f"± {row.error_m:.1f}"
        cells = (
            row.photo,
            verdict_text(row.verdict)(reader),
            row.sheet_id or "",
            "" if row.features is None else str(row.features),
            error,
            f"{row.seconds:.1f}",
            row.reason if row.verdict != "pass" else "",
        )
        table.add_row(*(Cell("".join(c if c.isprintable() else " " for c in cell)) for cell in cells))
    console.print(table)
