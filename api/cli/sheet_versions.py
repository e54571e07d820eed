"""``ayilmap sheet versions``: how a sheet was placed, now and before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from api.cli.shift_lines import metres, shift_lines, shift_values
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.domain.clock import local_time
from geo.domain.labels import label, label_text
from geo.errors import Failed
from geo.i18n import Language, text

if TYPE_CHECKING:
    from geo.snapshots import ControlPointSnapshot, PlacementSnapshot

__all__ = ["versions"]


def versions(
    sheet_id: Annotated[UUID, typer.Argument(help="Id of the sheet; see “ayilmap sheet list”.", metavar="ID")],
    *,
    number: Annotated[int | None, typer.Option("--number", help="Show this version with its control points.")] = None,
    against: Annotated[
        int | None, typer.Option("--against", help="Another version: how far features lie apart under the two.")
    ] = None,
    points_out: Annotated[
        Path | None, typer.Option("--points-out", help="Write the control points as a QGIS .points file.")
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Show the versions of a sheet's placement, one of them, or the shift between two.

    Example: ayilmap sheet versions 01a20004-b16b-71b2-bc71-6bcda59b6452 --number 2 --against 1
    """
    from api.replaying import solver
    from geo.services.sheet_versions import compare_versions, sheet_version, sheet_versions

    reader = language(lang)
    workspace = open_settings().workspace
    values: dict[str, Any] = {"sheet": str(sheet_id)}
    with workspace.read() as session:
        if number is None and against is None and points_out is None:
            found = sheet_versions(session, sheet_id)
            values["versions"] = [_values(one) for one in found]
            report(values, as_json=as_json, lines=[_line(one, reader) for one in found])
            return
        shown = sheet_version(session, sheet_id, number)
        values |= _values(shown)
        lines = _details(shown, reader)
        if against is not None:
            other = sheet_version(session, sheet_id, against)
            shifts = compare_versions(session, sheet_id, other.number, shown.number, solver(workspace.pictures))
            values["shift"] = shift_values(shifts)
            numbers = {"before": shifts.before, "after": shifts.after, "placed": shifts.placed, "kept": shifts.kept}
            lines = [text("versions.compared", reader, **numbers), *shift_lines(shifts, reader)]
    if points_out is not None:
        _write_points(shown, points_out)
        values["points_out"] = str(points_out)
        lines.append(text("versions.points_written", reader, path=str(points_out)))
    report(values, as_json=as_json, lines=lines)


def _line(version: PlacementSnapshot, reader: Language) -> str:
    line = text(
        "versions.line",
        reader,
        number=version.number,
        made=f"{local_time(version.made_at):%Y-%m-%d %H:%M}",
        method=label_text(version.method),
        points=sum(point.enabled for point in version.control_points),
        error=metres(version.position_error_m),
        by=version.made_by,
    )
    notes = []
    if version.is_current:
        notes.append(text("versions.holds_now", reader))
    if version.restored_from is not None:
        notes.append(text("versions.restored_from", reader, number=version.restored_from))
    if version.reason:
        notes.append(text("versions.reason", reader, reason=version.reason))
    return f"{line}  ({'; '.join(notes)})" if notes else line


def _details(version: PlacementSnapshot, reader: Language) -> list[str]:
    width, height = version.photo.size
    photo = {"number": version.photo.number, "width": width, "height": height, "sha256": version.photo.sha256[:12]}
    lines = [_line(version, reader), text("versions.photo", reader, **photo)]
    if version.anchors:
        names = ", ".join(f"c{anchor.candidate:04d}" for anchor in version.anchors)
        lines.append(text("versions.anchors", reader, count=len(version.anchors), names=names))
    return lines + [_point_line(place, one, reader) for place, one in enumerate(version.control_points, start=1)]


def _point_line(place: int, point: ControlPointSnapshot, reader: Language) -> str:
    source = label(point.source, reader) if point.enabled else text("versions.point_off", reader)
    return text(
        "versions.point",
        reader,
        number=place,
        label=point.label,
        x=f"{point.pixel[0]:.1f}",
        y=f"{point.pixel[1]:.1f}",
        lon=f"{point.lonlat[0]:.6f}",
        lat=f"{point.lonlat[1]:.6f}",
        source=source,
    )


def _values(version: PlacementSnapshot) -> dict[str, Any]:
    return {
        "number": version.number,
        "holds_now": version.is_current,
        "method": version.method.value,
        "smoothing": version.smoothing,
        "position_error_m": version.position_error_m,
        "verdict": version.quality.get("verdict"),
        "warnings": list(version.quality.get("warnings", ())),
        "made_by": version.made_by,
        "made_at": version.made_at.isoformat(),
        "reason": version.reason,
        "restored_from": version.restored_from,
        "photo": {"number": version.photo.number, "sha256": version.photo.sha256, "size": list(version.photo.size)},
        "anchors": [anchor.to_json() for anchor in version.anchors],
        "control_points": [point.to_json() for point in version.control_points],
    }


def _write_points(version: PlacementSnapshot, path: Path) -> None:
    from api.replaying import tie_points
    from geo.storage.whole_file import write_whole
    from sketch_import.control_points import qgis_points

    points = version.control_points
    switches = [point.enabled for point in points]
    try:
        write_whole(path, qgis_points(tie_points(points), enabled=switches).encode())
    except OSError as error:
        raise Failed("export.cannot_write", path=str(path)) from error
