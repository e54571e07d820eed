"""``ayilmap demo``: the main job once through, with the sample municipality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.i18n import LANGUAGES, Language, text

if TYPE_CHECKING:
    from api.settings import Settings
    from geo.services.whole_sample import WholeSample
    from geo.services.workspace import Workspace
    from sketch_import.sample_sheet import SampleFiles

__all__ = ["demo"]

_ACTOR = "ayilmap demo"
_STEPS = 6


@dataclass(frozen=True, slots=True)
class _Digitised:
    """What became of the sample sheet."""

    labels: int
    accepted: int
    method: str
    error_m: float | None


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the sample sheet, what it gives, and the map.")] = Path(
        "var/demo"
    ),
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Load the sample municipality with its whole year, digitise the sample sheet and draw its map.

    What is there already is not made again.

    Example: ayilmap demo --out var/demo
    """
    from sketch_import.sample_sheet import SampleFiles, write_sample_sheet

    chosen = language(lang)
    settings = open_settings()
    workspace = settings.workspace
    with progress(text("demo.step_store", chosen), total=_STEPS, plain=not as_json) as begin:
        begin(text("demo.step_store", chosen))
        event_id = _prepare(settings, lambda: begin(text("demo.step_sample", chosen)))
        begin(text("demo.step_draw", chosen))
        files = SampleFiles(*(out / f"sample_sheet.{extension}" for extension in ("jpg", "points", "json")))
        if not all(path.exists() for path in (files.photo, files.points, files.truth)):
            files = write_sample_sheet(out)
        begin(text("demo.step_digitise", chosen))
        digitised = _digitise(workspace, event_id, files, out / "sheet", chosen)
        begin(text("sample.step_year", chosen))
        whole = _complete(workspace)
        begin(text("demo.step_map", chosen))
        maps = _draw(workspace, event_id, out)
    lines = [
        text("demo.store", chosen, path=settings.store_shown),
        text("demo.sheet", chosen, path=files.photo),
        *_told(digitised, out / "sheet", chosen),
        text("demo.map", chosen, path=maps[0]),
    ]
    values = {
        "event": event_id,
        "municipality": whole.municipality_id,
        "years": [whole.year, whole.earlier_year],
        "store": settings.store_shown,
        "maps": maps,
        "accepted": digitised and digitised.accepted,
        "labels": digitised and digitised.labels,
        "position_error_m": digitised and digitised.error_m,
    }
    report(values, as_json=as_json, lines=lines)


def _prepare(settings: Settings, begin_sample: Callable[[], None]) -> UUID:
    from api.qgis_files import make_readable
    from geo.database.schema import upgrade
    from geo.services.sample import store_sample

    upgrade(settings.store)
    begin_sample()
    with settings.workspace.write(actor=_ACTOR) as session:
        make_readable(session)
        return store_sample(session)


def _complete(workspace: Workspace) -> WholeSample:
    """Add what the sources of the sample do not tell, after the sheet: its objects are those of session X."""
    from geo.services.whole_sample import store_whole_sample

    return store_whole_sample(workspace, actor=_ACTOR)


def _digitise(
    workspace: Workspace, event_id: UUID, files: SampleFiles, folder: Path, chosen: Language
) -> _Digitised | None:
    """Store the sheet with what the labels name; None where it is stored already."""
    from api.digitising import draft_sheet, label_sheet, read_and_place
    from geo.services.sheets import find_sheet, store_sheet
    from sketch_import.label_file import read_labels
    from sketch_import.placed_sheet import write_placed_sheet

    image = files.photo.read_bytes()
    with workspace.read() as session:
        if find_sheet(session, event_id, image) is not None and folder.exists():
            return None
    placed = read_and_place(files.photo, files.points)
    write_placed_sheet(placed, folder, language=chosen)
    labels = read_labels(files.truth)
    labelling = label_sheet(placed, labels)
    draft = draft_sheet(placed, labelling, title=text("demo.sheet_title", Language.KY), image=image)
    with workspace.write(actor=_ACTOR) as session:
        if find_sheet(session, event_id, image) is None:
            store_sheet(session, workspace.pictures, event_id, draft)
    return _Digitised(len(labels), len(labelling.accepted), draft.method.value, draft.position_error_m)


def _draw(workspace: Workspace, event_id: UUID, out: Path) -> list[Path]:
    from geo.services.event_map import event_snapshot
    from maps.web.session_map import write_session_map

    written = []
    for reader in LANGUAGES:
        path = out / ("session_map.html" if reader is LANGUAGES[0] else f"session_map.{reader}.html")
        with workspace.read() as session:
            snapshot = event_snapshot(session, workspace.pictures, event_id, reader)
        write_session_map(snapshot, reader, path)
        written.append(path)
    return written


def _told(digitised: _Digitised | None, folder: Path, chosen: Language) -> list[str]:
    if digitised is None:
        return [text("demo.unchanged", chosen)]
    error = "?" if digitised.error_m is None else f"{digitised.error_m:.0f}"
    return [
        text("demo.placed", chosen, method=text(f"method.{digitised.method}", chosen), error=error, path=folder),
        text("demo.accepted", chosen, labels=digitised.labels, count=digitised.accepted),
    ]
