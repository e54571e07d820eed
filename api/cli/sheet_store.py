"""``ayilmap sheet store``: a photographed drawing goes into an event of the store."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.method_option import MethodOption
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.domain.labels import label
from geo.errors import Conflict, Failed, Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.services.workspace import Workspace
    from sketch_import.labelling import Label

__all__ = ["store"]


def store(
    photo: Annotated[Path, typer.Argument(help="Photo of the drawing (JPEG, PNG, HEIC, TIFF).")],
    *,
    points: Annotated[Path, typer.Option("--points", help="Control points: QGIS .points, CSV or JSON.")],
    event_id: Annotated[UUID, typer.Option("--event", help="Id of the event; see “ayilmap event list”.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="JSON that says what is where on the photo.")] = None,
    title: Annotated[str, typer.Option(help="What the sheet is called on maps; without: the photo's name.")] = "",
    method: Annotated[MethodOption, typer.Option("--method", help="Transform; auto chooses.")] = MethodOption.AUTO,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = 0.0,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Trace and place a freehand sheet, and store it with what the labels name.

    Example: ayilmap sheet store map.jpg --points map.points --event 01a20004-b16b-71b2-bc71-6bcda59b6452
    --labels map.json
    """
    from api.digitising import draft_sheet, label_sheet, read_and_place
    from geo.services.sheets import store_sheet
    from sketch_import.label_file import read_labels

    reader = language(lang)
    workspace = open_settings().workspace
    said: Sequence[Label] = read_labels(labels) if labels is not None else ()
    with progress(text("placing.step.load", reader), total=5) as begin:
        image = _new_image(workspace, photo, event_id)
        placed = read_and_place(
            photo,
            points,
            method=method.method,
            crs=crs,
            smoothing=smoothing,
            begin=lambda step: begin(text(step, reader)),
        )
        if not placed.features:
            raise Refused("trace.blank", path=str(photo))
        labelling = label_sheet(placed, said)
        draft = draft_sheet(placed, labelling, title=title.strip() or photo.stem, image=image)
        begin(text("command.storing_sheet", reader))
        with workspace.write(actor="ayilmap sheet store") as session:
            sheet_id = store_sheet(session, workspace.pictures, event_id, draft)
    warnings = [warning(reader) for warning in placed.placement.warnings]
    warnings += [_not_found(one, reader) for one in labelling.unmatched]
    sys.stderr.writelines(line + "\n" for line in warnings)
    numbers = {"candidates": len(draft.candidates), "accepted": len(draft.features)}
    values = {
        "sheet": sheet_id,
        "event": event_id,
        **numbers,
        "unmatched": [one.id for one in labelling.unmatched],
        "method": draft.method.value,
        "position_error_m": draft.position_error_m,
        "warnings": warnings,
    }
    lines = [
        text("command.sheet_stored", reader, title=title.strip() or photo.stem, count=len(draft.features)),
        text("command.sheet_numbers", reader, id=sheet_id, **numbers),
    ]
    report(values, as_json=as_json, lines=lines)


def _new_image(workspace: Workspace, photo: Path, event_id: UUID) -> bytes:
    """Return the bytes of a photo that the event does not have yet: said before the long work, not after it."""
    from geo.services.events import require_event
    from geo.services.sheets import find_sheet
    from sketch_import.photo import load_photo

    load_photo(photo)  # whatever is no photo is refused here, whatever its size
    try:
        image = photo.read_bytes()
    except OSError as error:
        raise Failed("image.no_access", path=str(photo)) from error
    with workspace.read() as session:
        require_event(session, event_id)
        stored = find_sheet(session, event_id, image)
    if stored is not None:
        raise Conflict("sheet.stored_before", path=str(photo), id=stored)
    return image


def _not_found(one: Label, reader: Language) -> str:
    name = one.names.best(reader) or label(one.kind, reader)
    return text("command.label_unmatched", reader, label=one.id, name=name)
