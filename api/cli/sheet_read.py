"""``ayilmap sheet read``: a photographed sheet of ours becomes features on the ground."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.page_option import PageOption
from api.cli.sheet_read_folder import FolderOptions, read_folder
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.errors import Refused
from geo.i18n import text

if TYPE_CHECKING:
    from sketch_import.reading import ReadSheet

__all__ = ["read"]


def read(
    photos: Annotated[
        list[Path],
        typer.Argument(
            help="Photo of a printed sheet, several of parts of one, or a folder of photos.", metavar="PHOTO…"
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for features.geojson, sheet.tif and quality.json.")],
    printed: Annotated[
        Path | None,
        typer.Option(
            "--printed", help="What was printed on it (….printed.geojson), where another computer printed the sheet."
        ),
    ] = None,
    page: PageOption = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Of a folder: photos at once.")] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Of a folder: Dask scheduler such as tcp://host:8786.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Of a folder: read also what was read before.")] = False,
    recursive: Annotated[bool, typer.Option("--recursive", help="Of a folder: its subfolders too.")] = False,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=1, help="Of a folder: seconds for a photo; else 300.")
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Read a photographed Ayilmap sheet: it says itself where it lies.

    A photo that is no sheet of ours, or too bad, is refused with what to do; quality.json holds the reason.

    On a sheet that “sheet print --second-meeting” made, corrections are read as changes: changes.geojson proposes what
    was added, crossed out or drawn anew. Nothing is applied.

    Of a folder every photo is read by itself, and summary.csv tells what became of each; the same command goes on
    where it was stopped.

    Example: ayilmap sheet read photo.jpg --out sheet/
    """
    from sketch_import.reading import Verdict, read_sheet_files

    reader = language(lang)
    options = FolderOptions(jobs, scheduler, again=again, recursive=recursive, time_limit=time_limit)
    folders = [photo for photo in photos if photo.is_dir()]
    if folders:
        if len(photos) > 1:
            raise Refused("batch.one_folder", path=str(folders[0]))
        if page is not None:
            raise Refused("reading.page_of_folder", path=str(folders[0]))
        read_folder(folders[0], out, options, as_json=as_json, reader=reader)
        return
    if jobs or scheduler or again or recursive or time_limit:
        raise Refused("batch.not_a_folder", path=str(photos[0]))
    with progress(text("reading.step.load", reader), total=5) as begin:
        outcome = read_sheet_files(
            photos,
            out,
            language=reader,
            page=page,
            changes_of=_changes_by(printed),
            begin=lambda step: begin(text(step, reader)),
        )
    if outcome.verdict is Verdict.REFUSED and outcome.problem is not None:
        raise Refused(outcome.problem.key, **outcome.problem.params)
    count = outcome.quality["features"]["count"]
    done = text("reading.done", reader, path=str(out), count=count, id=outcome.quality["sheet_id"])
    lines = [done, outcome.reason]
    if "changes" in outcome.quality:
        counts = {kind: outcome.quality["changes"].get(kind, 0) for kind in ("added", "removed", "changed")}
        lines.append(text("second_meeting.read", reader, path=str(out / "changes.geojson"), **counts))
    report({"out": str(out), **outcome.quality}, as_json=as_json, lines=lines)


def _changes_by(path: Path | None) -> Callable[[ReadSheet], dict[str, Any] | None]:
    """Return who says what was corrected, by the file given or by what is in the folder of the store."""
    from api.second_meetings import changes_on, read_printed_objects

    data = open_settings().data
    given = read_printed_objects(path) if path is not None else None
    return lambda sheet: changes_on(sheet, data, given)
