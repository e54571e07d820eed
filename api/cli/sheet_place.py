"""``ayilmap sheet place``: a freehand drawing finds its place by control points or GPS readings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.method_option import MethodOption
from api.cli.page_option import PageOption
from api.cli.terminal import JsonOption, LanguageOption, language, progress, report
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.i18n import text

__all__ = ["place"]


def place(
    photo: Annotated[Path, typer.Argument(help="Photo or scan of the drawing (JPEG, PNG, HEIC, TIFF, PDF).")],
    *,
    points: Annotated[Path, typer.Option("--points", help="Control points: QGIS .points, CSV or JSON.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for features.geojson, sheet.tif and quality.json.")],
    gps: Annotated[
        Path | None, typer.Option("--gps", help="GPS readings (CSV or GPX) of the landmarks that --points labels.")
    ] = None,
    anchors: Annotated[
        Path | None,
        typer.Option("--anchors", help="GeoJSON: real lines and areas, with the “candidate” drawn for each."),
    ] = None,
    method: Annotated[MethodOption, typer.Option("--method", help="Transform; auto chooses.")] = MethodOption.AUTO,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = 0.0,
    page: PageOption = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Trace a freehand sheet and place it by control points.

    Example: ayilmap sheet place map.jpg --points map.points --method auto --out placed/
    """
    from api.digitising import read_and_place
    from sketch_import.placed_sheet import write_placed_sheet

    reader = language(lang)
    with progress(text("placing.step.load", reader), total=4) as begin:
        placed = read_and_place(
            photo,
            points,
            gps=gps,
            anchors=anchors,
            method=method.method,
            crs=crs,
            smoothing=smoothing,
            page=page,
            begin=lambda step: begin(text(step, reader)),
        )
        if not placed.features:
            raise Refused("trace.blank", path=str(photo))
        begin(text("placing.step.write", reader))
        quality = write_placed_sheet(placed, out, language=reader)
    error = placed.placement.position_error_m
    shown = {"path": str(out), "count": len(placed.features), "method": label_text(placed.placement.method)}
    written = text("placing.written", reader, error_m="?" if error is None else f"{error:.1f}", **shown)
    lines = [written, quality["reason"]]
    if "neighbourhood" in quality:
        lines.append(quality["neighbourhood"]["reason"])
    report({"out": str(out), **quality}, as_json=as_json, lines=lines)
