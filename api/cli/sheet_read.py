"""``ayilmap sheet read``: a photographed sheet of ours becomes features on the ground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, progress, report
from geo.errors import Refused
from geo.i18n import text

__all__ = ["read"]


def read(
    photos: Annotated[
        list[Path], typer.Argument(help="Photo of a printed sheet, or several of parts of one.", metavar="PHOTO…")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for features.geojson, sheet.tif and quality.json.")],
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Read a photographed Ayilmap sheet: it says itself where it lies.

    A photo that is no sheet of ours, or too bad, is refused with what to do; quality.json holds the reason.

    Example: ayilmap sheet read photo.jpg --out sheet/
    """
    from sketch_import.reading import Verdict, read_sheet_files

    reader = language(lang)
    with progress(text("reading.step.load", reader), total=5) as begin:
        outcome = read_sheet_files(photos, out, language=reader, begin=lambda step: begin(text(step, reader)))
    if outcome.verdict is Verdict.REFUSED and outcome.problem is not None:
        raise Refused(outcome.problem.key, **outcome.problem.params)
    count = outcome.quality["features"]["count"]
    done = text("reading.done", reader, path=str(out), count=count, id=outcome.quality["sheet_id"])
    report({"out": str(out), **outcome.quality}, as_json=as_json, lines=[done, outcome.reason])
