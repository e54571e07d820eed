"""``ayilmap sheet``: drawings on paper become features on a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.method_option import MethodOption
from api.cli.sheet_export import export
from api.cli.sheet_list import list_sheets
from api.cli.sheet_print import print_sheet
from api.cli.sheet_propose_points import propose_points
from api.cli.sheet_read import read
from api.cli.sheet_register import register
from api.cli.sheet_restore import restore
from api.cli.sheet_revise import revise
from api.cli.sheet_store import store
from api.cli.sheet_trace import trace
from api.cli.sheet_versions import versions
from api.cli.terminal import JsonOption, LanguageOption, language, progress, report
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.i18n import text

__all__ = ["sheet"]

sheet = typer.Typer(help="Read, trace, place and store drawn sheets.", no_args_is_help=True, rich_markup_mode=None)
sheet.command("print")(print_sheet)
sheet.command()(trace)
sheet.command()(read)
sheet.command()(register)


@sheet.command()
def place(
    photo: Annotated[Path, typer.Argument(help="Photo of the drawing (JPEG, PNG, HEIC, TIFF).")],
    *,
    points: Annotated[Path, typer.Option("--points", help="Control points: QGIS .points, CSV or JSON.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for features.geojson, sheet.tif and quality.json.")],
    method: Annotated[MethodOption, typer.Option("--method", help="Transform; auto chooses.")] = MethodOption.AUTO,
    crs: Annotated[str | None, typer.Option("--crs", help="System of the map coordinates, such as EPSG:32643.")] = None,
    smoothing: Annotated[float, typer.Option("--smoothing", min=0.0, help="Of the thin plate spline.")] = 0.0,
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
            method=method.method,
            crs=crs,
            smoothing=smoothing,
            begin=lambda step: begin(text(step, reader)),
        )
        if not placed.features:
            raise Refused("trace.blank", path=str(photo))
        begin(text("placing.step.write", reader))
        quality = write_placed_sheet(placed, out, language=reader)
    error = placed.placement.position_error_m
    shown = {"path": str(out), "count": len(placed.features), "method": label_text(placed.placement.method)}
    written = text("placing.written", reader, error_m="?" if error is None else f"{error:.1f}", **shown)
    report({"out": str(out), **quality}, as_json=as_json, lines=[written, quality["reason"]])


sheet.command()(store)
sheet.command("list")(list_sheets)
sheet.command()(versions)
sheet.command()(revise)
sheet.command()(restore)
sheet.command()(export)
sheet.command("propose-points")(propose_points)
