"""``ayilmap sheet store``: a photographed drawing goes into an event of the store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.method_option import MethodOption
from api.cli.page_option import PageOption
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, progress, report
from geo.domain.labels import label
from geo.errors import Conflict, Failed, Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.domain.georeference import Method
    from geo.drafts import NewSheet
    from geo.i18n import Text
    from geo.services.workspace import Workspace
    from sketch_import.labelling import Label, Labelling

__all__ = ["store"]


def store(
    photos: Annotated[
        list[Path],
        typer.Argument(
            metavar="PHOTO...",
            help="Photo of the drawing (JPEG, PNG, HEIC, TIFF, PDF); several of a large printed sheet.",
        ),
    ],
    *,
    points: Annotated[
        Path | None,
        typer.Option("--points", help="Control points: QGIS .points, CSV or JSON; a printed sheet needs none."),
    ] = None,
    gps: Annotated[
        Path | None, typer.Option("--gps", help="GPS readings (CSV or GPX) of the landmarks that --points labels.")
    ] = None,
    anchors: Annotated[
        Path | None,
        typer.Option("--anchors", help="GeoJSON: real lines and areas, with the “candidate” drawn for each."),
    ] = None,
    event_id: Annotated[UUID, typer.Option("--event", help="Id of the event; see “ayilmap event list”.")],
    labels: Annotated[Path | None, typer.Option("--labels", help="JSON that says what is where on the photo.")] = None,
    title: Annotated[str, typer.Option(help="What the sheet is called on maps; without: the photo's name.")] = "",
    method: Annotated[MethodOption, typer.Option("--method", help="Transform; auto chooses.")] = MethodOption.AUTO,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = 0.0,
    page: PageOption = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Trace and place a sheet, and store it with what the labels name.

    A freehand sheet is placed by its control points, a printed one by its marks.

    Example: ayilmap sheet store map.jpg --points map.points --event 01a20004-b16b-71b2-bc71-6bcda59b6452
    --labels map.json
    """
    from geo.services.sheets import store_sheet
    from sketch_import.label_file import read_labels

    reader = language(lang)
    workspace = open_settings().workspace
    said: Sequence[Label] = read_labels(labels) if labels is not None else ()
    _refuse_what_does_not_fit(photos, points, said, gps=gps, anchors=anchors)
    with progress(text("placing.step.load", reader), total=5) as begin:
        images = _new_images(workspace, photos, event_id, page=page)
        name, told = title.strip() or photos[0].stem, _in(begin, reader)
        if points is None:
            draft, labelling, doubts = _printed(photos, said, title=name, images=images, page=page, begin=told)
        else:
            draft, labelling, doubts = _freehand(
                photos[0],
                points,
                said,
                title=name,
                image=images[0],
                gps=gps,
                anchors=anchors,
                method=method.method,
                crs=crs,
                smoothing=smoothing,
                page=page,
                begin=told,
            )
        begin(text("command.storing_sheet", reader))
        with workspace.write(actor="ayilmap sheet store") as session:
            sheet_id = store_sheet(session, workspace.pictures, event_id, draft)
    warnings = [doubt(reader) for doubt in doubts]
    warnings += [_not_found(one, reader) for one in labelling.unmatched]
    sys.stderr.writelines(line + "\n" for line in warnings)
    numbers = {"candidates": len(draft.candidates), "accepted": len(draft.features)}
    values = {
        "sheet": sheet_id,
        "event": event_id,
        **numbers,
        "photos": len(photos),
        "anchors": len(draft.georeference.get("anchors", ())),
        "unmatched": [one.id for one in labelling.unmatched],
        "method": draft.method.value,
        "position_error_m": draft.position_error_m,
        "warnings": warnings,
    }
    lines = [
        text("command.sheet_stored", reader, title=name, count=len(draft.features)),
        text("command.sheet_numbers", reader, id=sheet_id, **numbers),
    ]
    report(values, as_json=as_json, lines=lines)


def _refuse_what_does_not_fit(
    photos: Sequence[Path], points: Path | None, said: Sequence[Label], *, gps: Path | None, anchors: Path | None
) -> None:
    if points is None and (gps is not None or anchors is not None):
        raise Refused("sheet.only_with_points")
    if points is not None and len(photos) > 1:
        raise Refused("sheet.one_photo", count=len(photos))
    for one in said:
        if one.photo > len(photos):
            raise Refused("labels.unknown_photo", label=one.id, photo=one.photo, count=len(photos))


def _printed(
    photos: Sequence[Path],
    said: Sequence[Label],
    *,
    title: str,
    images: Sequence[bytes],
    page: int | None,
    begin: Callable[[str], None],
) -> tuple[NewSheet, Labelling, tuple[Text, ...]]:
    from api.printed_sheets import draft_printed, read_printed

    read = read_printed(photos, page=page, begin=begin)
    if not read.features:
        raise Refused("trace.blank", path=", ".join(map(str, photos)))
    drafted = draft_printed(read, said, title=title, images=images)
    return drafted.sheet, drafted.labelling, drafted.warnings


def _freehand(
    photo: Path,
    points: Path,
    said: Sequence[Label],
    *,
    title: str,
    image: bytes,
    gps: Path | None,
    anchors: Path | None,
    method: Method | None,
    crs: str | None,
    smoothing: float,
    page: int | None,
    begin: Callable[[str], None],
) -> tuple[NewSheet, Labelling, tuple[Text, ...]]:
    from api.digitising import draft_sheet, label_sheet, read_and_place
    from sketch_import.neighbourhood.report import kept_in_words

    placed = read_and_place(
        photo,
        points,
        method=method,
        crs=crs,
        smoothing=smoothing,
        page=page,
        gps=gps,
        anchors=anchors,
        begin=begin,
    )
    if not placed.features:
        raise Refused("trace.blank", path=str(photo))
    labelling = label_sheet(placed, said)
    doubts = placed.placement.warnings
    if placed.keeping is not None:
        doubts += (kept_in_words(placed.keeping),)
    return draft_sheet(placed, labelling, title=title, image=image), labelling, doubts


def _in(begin: Callable[[str], None], reader: Language) -> Callable[[str], None]:
    return lambda step: begin(text(step, reader))


def _new_images(workspace: Workspace, photos: Sequence[Path], event_id: UUID, *, page: int | None) -> list[bytes]:
    """Return the bytes of photos that the event does not have yet: said before the long work, not after it."""
    from geo.services.events import require_event
    from geo.services.sheets import find_sheet
    from sketch_import.photo import load_photo

    images: list[bytes] = []
    for photo in photos:
        loaded = load_photo(photo, page=page)  # whatever is no photo is refused here, whatever its size
        try:
            image = photo.read_bytes()
        except OSError as error:
            raise Failed("image.no_access", path=str(photo)) from error
        if image in images:
            raise Refused("sheet.photo_twice", path=str(photo))
        with workspace.read() as session:
            require_event(session, event_id)
            stored = find_sheet(session, event_id, image, page=loaded.page if loaded.pages > 1 else None)
        if stored is not None:
            raise Conflict("sheet.stored_before", path=str(photo), id=stored)
        images.append(image)
    return images


def _not_found(one: Label, reader: Language) -> str:
    name = one.names.best(reader) or label(one.kind, reader)
    return text("command.label_unmatched", reader, label=one.id, name=name)
