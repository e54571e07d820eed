"""``ayilmap feature``: single objects of the map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.by_option import ByOption
from api.cli.feature_match import match
from api.cli.shift_lines import metres, name_of
from api.cli.terminal import JsonOption, LanguageOption, language, open_settings, report
from geo.errors import Refused
from geo.i18n import text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["feature"]

feature = typer.Typer(
    help="Move single objects of the map; match what several groups drew.", no_args_is_help=True, rich_markup_mode=None
)
feature.add_typer(match, name="match")


@feature.command()
def move(
    feature_id: Annotated[UUID, typer.Argument(help="Id of the object.", metavar="ID")],
    *,
    to: Annotated[str, typer.Option("--to", help="Place of its middle as lon,lat, or a GeoJSON file with one object.")],
    error_m: Annotated[
        float | None, typer.Option("--error", min=0.0, help="How surely the place is known, in metres.")
    ] = None,
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if its row no longer has this version.")] = None,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Put an object where a person says it is; from now on it no longer follows its sheet.

    Example: ayilmap feature move 01a20004-b16b-71b2-bc71-6bcda59b6452 --to 78.2385,42.495 --error 5
    """
    from geo.services.feature_moves import move_feature, move_feature_to

    place = _place(to)
    with open_settings().workspace.write(actor=by.strip() or "ayilmap feature move") as session:
        if isinstance(place, tuple):
            shift = move_feature_to(session, feature_id, *place, version=seen, position_error_m=error_m)
        else:
            shift = move_feature(session, feature_id, place, version=seen, position_error_m=error_m)
    reader = language(lang)
    said = {"name": name_of(shift, reader), "metres": metres(shift.centroid_m), "id": feature_id}
    values = {"id": feature_id, "shift_m": shift.centroid_m, "max_shift_m": shift.largest_m, "moved_by_hand": True}
    report(values, as_json=as_json, lines=[text("versions.feature_moved", reader, **said)])


@feature.command()
def release(
    feature_id: Annotated[UUID, typer.Argument(help="Id of the object.", metavar="ID")],
    *,
    seen: Annotated[int | None, typer.Option("--seen", help="Refuse if its row no longer has this version.")] = None,
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Let an object that was moved by hand follow its sheet again.

    Example: ayilmap feature release 01a20004-b16b-71b2-bc71-6bcda59b6452
    """
    from api.replaying import solver
    from geo.services.feature_moves import release_feature

    workspace = open_settings().workspace
    with workspace.write(actor=by.strip() or "ayilmap feature release") as session:
        shift = release_feature(session, feature_id, solver(workspace.pictures), version=seen)
    reader = language(lang)
    said = {"name": name_of(shift, reader), "metres": metres(shift.centroid_m)}
    values = {"id": feature_id, "shift_m": shift.centroid_m, "max_shift_m": shift.largest_m, "moved_by_hand": False}
    report(values, as_json=as_json, lines=[text("versions.feature_released", reader, **said)])


def _place(value: str) -> tuple[float, float] | BaseGeometry:
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        lon, lat = (float(part) for part in value.split(","))
    except ValueError:
        pass
    else:
        return lon, lat
    try:
        content = json.loads(Path(value).read_text(encoding="utf-8-sig"))
        rows = content["features"] if content.get("type") == "FeatureCollection" else [content]
        (row,) = rows
        return shape(row["geometry"] if row.get("type") == "Feature" else row)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, ShapelyError) as error:
        raise Refused("versions.place_unreadable", value=value[:80]) from error
