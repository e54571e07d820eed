"""The summary table: one row a photo, as CSV for people and as JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from geo.domain.spreadsheet_cells import inert
from geo.errors import Failed
from geo.i18n import Text
from geo.storage.whole_file import whole_files
from sketch_import.batch.listing import BatchPhoto
from sketch_import.batch.program import program_mark

__all__ = ["Row", "row_of", "same_sheets", "summary_values", "verdict_text", "write_summary"]

_VERDICTS = ("pass", "doubtful", "refused", "failed")


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one photo."""

    photo: str
    folder: str
    sha256: str | None
    verdict: str
    """pass, doubtful, refused or failed."""
    reason: str
    sheet_id: str | None
    features: int | None
    error_mm: float | None
    """Expected error of a position on paper, median over the frame."""
    error_m: float | None
    """The same on the ground."""
    seconds: float

    @property
    def read(self) -> bool:
        """Whether there are features, be they doubtful."""
        return self.verdict in {"pass", "doubtful"}


def row_of(photo: BatchPhoto, quality: dict[str, Any]) -> Row:
    """Return the row of a photo, from its ``quality.json``."""
    reading = quality["reading"]
    error = quality.get("expected_error", {})
    return Row(
        photo=photo.name,
        folder=photo.folder,
        sha256=reading["sha256"],
        verdict=quality["verdict"],
        reason=quality["reason"],
        sheet_id=quality.get("sheet_id"),
        features=quality.get("features", {}).get("count"),
        error_mm=error.get("median_mm"),
        error_m=error.get("median_m"),
        seconds=reading["seconds"],
    )


def verdict_text(verdict: str) -> Text:
    """Return a verdict as a word for people."""
    return Text(f"batch.verdict.{verdict}", code=verdict)


def same_sheets(rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Return the sheets that several different photos show, with their photos: parts of one, or one taken twice."""
    found: dict[str, dict[str | None, str]] = defaultdict(dict)
    for row in rows:
        if row.sheet_id:
            found[row.sheet_id].setdefault(row.sha256, row.photo)
    return {sheet: tuple(photos.values()) for sheet, photos in found.items() if len(photos) > 1}


def summary_values(rows: Sequence[Row], *, skipped: Sequence[str], left: int) -> dict[str, Any]:
    """Return the content of ``summary.json``."""
    counts = Counter(row.verdict for row in rows)
    return {
        "program": program_mark(),
        "finished": left == 0,
        "counts": {"photos": len(rows) + left, **{verdict: counts[verdict] for verdict in _VERDICTS}, "left": left},
        "photos": [asdict(row) for row in rows],
        "same_sheet": {sheet: list(photos) for sheet, photos in same_sheets(rows).items()},
        "skipped": list(skipped),
    }


def write_summary(rows: Sequence[Row], out: Path, *, skipped: Sequence[str], left: int) -> dict[str, Any]:
    """Write ``summary.csv`` and ``summary.json``, each whole.

    The CSV is UTF-8 with a byte order mark, by which spreadsheets know the letters ң ө ү.

    Parameters
    ----------
    rows
        Of the photos that are done.
    out
        Folder of all results.
    skipped
        Files that were no photos.
    left
        How many photos are still to be read.

    Returns
    -------
    dict
        The content of ``summary.json``.

    Raises
    ------
    Failed
        ``placing.cannot_write``.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow([field.name for field in fields(Row)])
    writer.writerows([inert(value) for value in asdict(row).values()] for row in rows)
    values = summary_values(rows, skipped=skipped, left=left)
    try:
        with whole_files(out) as draft:
            (draft / "summary.csv").write_bytes(table.getvalue().encode("utf-8-sig", "backslashreplace"))
            text = json.dumps(values, ensure_ascii=False, indent=1)
            (draft / "summary.json").write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise Failed("placing.cannot_write", path=str(out)) from error
    return values
