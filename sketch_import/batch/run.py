"""Work through a folder: what is there already is kept, the rest is read, each result is written as it comes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from geo.errors import Failed, Refused
from geo.i18n import Language
from sketch_import.batch.answer import Answer
from sketch_import.batch.listing import BatchPhoto, Listing
from sketch_import.batch.results import earlier_quality, write_answer
from sketch_import.batch.summary import Row, row_of, write_summary

__all__ = ["Batch", "Reader", "read_batch"]


class Reader(Protocol):
    """Whoever reads photos: `read_in_processes` or `read_on_cluster`, told how."""

    def __call__(self, photos: Sequence[BatchPhoto]) -> Generator[Answer | None, None, None]:
        """Yield what comes of each photo, and None now and then."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a folder."""

    rows: tuple[Row, ...]
    """In the order of the photos; without those that were not reached."""
    kept: int
    """How many were there from an earlier run."""
    left: int
    """How many were not reached."""
    summary: dict[str, Any]
    """The content of ``summary.json``."""


def read_batch(
    listing: Listing,
    out: Path,
    *,
    language: Language,
    reader: Reader,
    again: bool = False,
    told: Callable[[Row], None] = lambda row: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Batch:
    """Read all photos of a folder, or go on where an earlier run stopped.

    Parameters
    ----------
    listing
        The photos.
    out
        Folder of all results: one folder a photo, ``summary.csv`` and ``summary.json``, written anew after each.
    language
        Of the sentences; results in another language are made again.
    reader
        Who reads.
    again
        Read also what an earlier run has read.
    told
        Told of each photo that is done.
    stopped
        Asked a few times a second; once it is true, what is being read is dropped and what is done stays.

    Raises
    ------
    Refused
        ``placing.out_is_file``; and what the reader refuses.
    Failed
        ``placing.cannot_write``; and what the reader fails at. What is done stays.
    """
    for folder in (out, *(out / photo.folder for photo in listing.photos)):
        if folder.exists() and not folder.is_dir():
            raise Refused("placing.out_is_file", path=str(folder))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failed("placing.cannot_write", path=str(out)) from error
    rows: dict[str, Row] = {}
    for photo in listing.photos if not again else ():
        quality = earlier_quality(photo.path, out / photo.folder, language=language)
        if quality is not None:
            rows[photo.name] = row_of(photo, quality)
            told(rows[photo.name])
        if stopped():
            break
    kept = len(rows)

    def write() -> Batch:
        done = tuple(rows[photo.name] for photo in listing.photos if photo.name in rows)
        left = len(listing.photos) - len(done)
        return Batch(done, kept, left, write_summary(done, out, skipped=listing.skipped, left=left))

    batch = write()
    waiting = [photo for photo in listing.photos if photo.name not in rows]
    if not waiting or stopped():
        return batch
    with closing(reader(waiting)) as answers:
        for answer in answers:
            if answer is not None:
                row = row_of(answer.photo, write_answer(answer, out, language=language))
                rows[row.photo] = row
                batch = write()
                told(row)
            if stopped():
                break
    return batch
