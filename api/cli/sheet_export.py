"""``ayilmap sheet export``: a placed sheet for QGIS, Allmaps and other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.method_option import MethodOption
from api.cli.page_option import PageOption
from api.cli.terminal import JsonOption, LanguageOption, keep_given, language, note, open_settings, progress, report
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.i18n import text

if TYPE_CHECKING:
    from sketch_import.photo import Photo
    from sketch_import.placing import Placement

__all__ = ["export"]


def export(
    photo: Annotated[Path | None, typer.Argument(help="Photo of the drawing; without it, --sheet.")] = None,
    *,
    to: Annotated[
        list[Path],
        typer.Option("--to", help="File to write: .tif, .points, .json, .jgw, .pgw, .tfw; may be repeated."),
    ],
    points: Annotated[
        Path | None, typer.Option("--points", help="Control points of the photo: QGIS .points, CSV or JSON.")
    ] = None,
    sheet_id: Annotated[UUID | None, typer.Option("--sheet", help="Id of a sheet of the store, instead.")] = None,
    method: Annotated[
        MethodOption, typer.Option("--method", help="Transform; auto chooses, or keeps that of the store.")
    ] = MethodOption.AUTO,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = 0.0,
    image: Annotated[
        str | None, typer.Option("--image", help="For .json: address of the picture on a IIIF server.")
    ] = None,
    approximate: Annotated[
        bool, typer.Option("--approximate", help="World file of a method that bends: the nearest one that does not.")
    ] = False,
    page: PageOption = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Write a placed sheet as GeoTIFF, QGIS points, Georeference Annotation or world file.

    Example: ayilmap sheet export map.jpg --points map.points --method helmert --to map.tif --to map.jgw
    """
    from api.digitising import sheet_error_m
    from sketch_import.exports import ExportFormat, export_sheet, format_of

    reader = language(lang)
    formats = [format_of(path) for path in to]  # before the long work
    chosen = "sheet" if sheet_id is not None else "photo"
    if (photo is None or points is None) if chosen == "photo" else (photo is not None or points is not None):
        raise Refused("sheet_export.which_sheet")
    of_photo = [name for name, given in (("--crs", crs), ("--smoothing", smoothing)) if given]
    if chosen == "sheet" and of_photo:
        raise Refused("sheet_export.kept_as_placed", options=", ".join(of_photo))
    for path in to:
        keep_given(path, *(given for given in (photo, points) if given is not None))
    with progress(text("placing.step.load", reader), total=2) as begin:
        begin(text("placing.step.load", reader))
        original: Path | bytes
        if sheet_id is not None:
            original, loaded, placement = _of_store(sheet_id, method, page=page)
        else:
            assert photo is not None and points is not None
            original = photo
            loaded, placement = _of_files(photo, points, method, crs=crs, smoothing=smoothing, page=page)
        begin(text("placing.step.write", reader))
        written = [
            export_sheet(loaded, placement, path, original=original, image_id=image, approximate=approximate)
            for path in to
        ]
    if ExportFormat.ANNOTATION in formats and image is None:
        note("sheet_export.nameless_picture", lang)
    for warning in placement.doubts:
        note(warning.key, lang, **warning.params)
    values = {
        "method": placement.method.value,
        "verdict": placement.verdict.value,
        "position_error_m": sheet_error_m(placement),
        "warnings": [warning(reader) for warning in placement.warnings],
        "exports": [
            {
                "format": one.format.value,
                "files": [str(file) for file in one.files],
                "crs": one.crs,
                "approximation_rms_m": one.rms_m,
                "approximation_worst_m": one.worst_m,
            }
            for one in written
        ],
    }
    lines = []
    for one in written:
        files = ", ".join(str(file) for file in one.files)
        lines.append(
            text("sheet_export.written", reader, files=files, method=label_text(placement.method), crs=one.crs)
        )
        if one.rms_m is not None and one.worst_m is not None:
            rms, worst = f"{one.rms_m:.1f}", f"{one.worst_m:.1f}"
            lines.append(text("sheet_export.approximate", reader, rms_m=rms, worst_m=worst))
    report(values, as_json=as_json, lines=lines)


def _of_files(
    photo: Path, points: Path, method: MethodOption, *, crs: str | None, smoothing: float, page: int | None
) -> tuple[Photo, Placement]:
    from sketch_import.control_points import read_control_points
    from sketch_import.photo import load_photo
    from sketch_import.placing import place

    loaded = load_photo(photo, page=page)
    size = (loaded.width, loaded.height)
    control_points = read_control_points(points, crs=crs, method=method.method, image_size=size)
    return loaded, place(control_points, size, method.method, smoothing=smoothing)


def _of_store(sheet_id: UUID, method: MethodOption, *, page: int | None) -> tuple[bytes, Photo, Placement]:
    from geo.services.sheet_points import sheet_points
    from sketch_import.control_points import ControlPoint
    from sketch_import.photo import load_photo_bytes
    from sketch_import.placing import place

    workspace = open_settings().workspace
    with workspace.read() as session:
        kept = sheet_points(session, sheet_id)
    original = workspace.pictures.get(kept.image_sha256)
    loaded = load_photo_bytes(original, name=kept.title or str(sheet_id), page=page)
    control_points = [
        ControlPoint(
            pixel=one.pixel,
            lonlat=one.lonlat,
            label=one.label,
            source=one.source,
            row=one.ordinal,
            accuracy_m=one.accuracy_m,
        )
        for one in kept.points
    ]
    wanted = method.method or kept.method
    size = (loaded.width, loaded.height)
    placement = place(control_points, size, wanted, drawing_extent=kept.drawn, smoothing=kept.smoothing)
    return original, loaded, placement
