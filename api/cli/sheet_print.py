"""``ayilmap sheet print``: a sheet to draw on, as PDF."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.day_option import DAY, read_day
from api.cli.paper_option import PaperOption
from api.cli.terminal import JsonOption, LanguageOption, keep_given, language, open_settings, progress, report
from geo.domain.vocabulary import Kind
from geo.errors import Failed, Refused
from geo.i18n import Language, text

if TYPE_CHECKING:
    from api.known_places import KnownPlace
    from geo.sheet_layout import PrintedObjects
    from geo.snapshots import FeatureSnapshot
    from maps.sheets import Extent

__all__ = ["print_sheet"]


def print_sheet(
    *,
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.")],
    paper: Annotated[PaperOption, typer.Option("--paper", help="Size of the paper.")] = PaperOption.A1,
    bbox: Annotated[
        str,
        typer.Option(
            "--bbox", metavar="W,S,E,N", help="What must be on the sheet, in degrees; with or without a scale."
        ),
    ] = "",
    center: Annotated[
        str, typer.Option("--center", metavar="LON,LAT", help="Middle of the sheet, in degrees; with a scale.")
    ] = "",
    event_id: Annotated[
        UUID | None, typer.Option("--event", help="Event: its village is the middle; names, day and key come from it.")
    ] = None,
    settlement_id: Annotated[
        UUID | None, typer.Option("--settlement", help="Village in the middle; see “ayilmap settlement find”.")
    ] = None,
    scale: Annotated[int | None, typer.Option("--scale", help="5000 for 1:5000; without, as the bbox allows.")] = None,
    landscape: Annotated[
        bool | None, typer.Option("--landscape/--portrait", help="Lying or upright; without, as the bbox wants it.")
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option("--base", help="Pale map under it: GeoTIFF, MBTiles, PMTiles, GeoPackage, GeoJSON, shapefile."),
    ] = None,
    grid: Annotated[bool, typer.Option("--grid/--no-grid", help="Pale lines at round metres.")] = True,
    title: Annotated[str, typer.Option(help="Heading; without, “Map of the village”.")] = "",
    village: Annotated[str, typer.Option(help="Name of the village; without, a line to write it on.")] = "",
    event_name: Annotated[str, typer.Option("--event-name", help="Such as “Session, 18–35”.")] = "",
    day: Annotated[str, typer.Option("--date", metavar=DAY, help="Day; without, a line to write it on.")] = "",
    key: Annotated[
        str,
        typer.Option(
            "--key", metavar="KIND,…", help="Kinds for the key, such as main_road,school; see docs/vocabulary.md."
        ),
    ] = "",
    second_meeting: Annotated[
        bool,
        typer.Option("--second-meeting", help="Print the event's objects pale, to be corrected by hand; with --event."),
    ] = False,
    tiles: Annotated[bool, typer.Option("--tiles", help="Over A4 pages, to be glued.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Print a sheet to draw on, with marks by which a photo of it finds its place.

    Example: ayilmap sheet print --bbox 78.36,42.47,78.40,42.49 --paper A1 --scale 5000 --title "Жолдор" --out S.pdf
    """
    from api.printing import SheetOrder, draw_sheet
    from geo.sheet_layout import Orientation
    from geo.storage.whole_file import write_whole
    from maps.sheets import SheetFace

    reader = language(lang)
    if out.suffix.lower() != ".pdf":
        raise Refused("printing.not_pdf", path=out)
    extent = _extent(bbox) if bbox else None
    centre = _pair(center) if center else None
    kinds = _kinds(key)
    held_on = read_day(day) if day else None
    known = _known(event_id, settlement_id, reader)
    objects = _objects(event_id, reader) if second_meeting else ()
    if objects and extent is None and centre is None and scale is None:
        from api.second_meetings import extent_of

        extent = extent_of(objects)
    if base is not None:
        _refuse_store(base)
        keep_given(out, base)
    order = SheetOrder(
        face=SheetFace(
            language=reader,
            title=title.strip(),
            village=village.strip() or (known.village if known else ""),
            event=event_name.strip() or (known.event if known else ""),
            held_on=held_on or (known.held_on if known else None),
            key=kinds,
        ),
        paper=paper.size,
        extent=extent,
        centre=centre or (known.centre if known else None),
        scale=scale,
        orientation=None if landscape is None else Orientation.LANDSCAPE if landscape else Orientation.PORTRAIT,
        grid=grid,
        base=base,
        tiles=tiles,
        usual_kinds=known.kinds if known else (),
        objects=objects,
        event_id=event_id,
    )
    with progress(text("printing.step.lay", reader), total=4 if base else 3) as begin:
        drawn = draw_sheet(order, begin=lambda step: begin(text(step, reader)))
        try:
            write_whole(out, drawn.pdf.content)
        except OSError as error:
            raise Failed("printing.cannot_write", path=out) from error
        kept = _keep(drawn.printed, out)
    facts = drawn.facts()
    line = text(
        "printing.done",
        reader,
        path=out,
        id=facts["sheet_id"],
        paper=paper.value,
        scale=facts["scale"],
        count=drawn.pdf.pages,
    )
    said = [warning(reader) for warning in drawn.warnings]
    lines = [line, *said]
    if kept is not None:
        lines.append(text("second_meeting.kept", reader, path=kept, count=facts["objects"]))
        facts["printed"] = str(kept)
    report({"path": str(out), **facts, "warnings": said}, as_json=as_json, lines=lines)


def _objects(event_id: UUID | None, reader: Language) -> tuple[FeatureSnapshot, ...]:
    if event_id is None:
        raise Refused("second_meeting.no_event")
    from api.second_meetings import objects_of_event

    workspace = open_settings().workspace
    with workspace.read() as session:
        return objects_of_event(session, workspace.pictures, event_id, reader)


def _keep(printed: PrintedObjects | None, pdf: Path) -> Path | None:
    if printed is None:
        return None
    from api.second_meetings import keep_printed

    return keep_printed(open_settings().data, printed, pdf)


def _known(event_id: UUID | None, settlement_id: UUID | None, reader: Language) -> KnownPlace | None:
    if event_id is None and settlement_id is None:
        return None
    from api.known_places import place_of_event, place_of_settlement

    workspace = open_settings().workspace
    with workspace.read() as session:
        if event_id is not None:
            return place_of_event(session, workspace.pictures, event_id, reader)
        return place_of_settlement(session, settlement_id, reader) if settlement_id else None


def _refuse_store(base: Path) -> None:
    # GDAL brings its own copy of SQLite, and two copies in one process break each other's locks on a file.
    from geo.database.engine import database_url

    address = database_url(open_settings().store)
    store = Path(address.database or "")
    if address.get_backend_name() == "sqlite" and base.exists() and store.exists() and base.samefile(store):
        raise Refused("printing.base_is_store", path=base)


def _numbers(words: str, count: int) -> list[float] | None:
    try:
        numbers = [float(word) for word in words.split(",")]
    except ValueError:
        return None
    return numbers if len(numbers) == count else None


def _extent(words: str) -> Extent:
    from maps.sheets import Extent

    numbers = _numbers(words, 4)
    if numbers is None:
        raise Refused("printing.bbox_range", bbox=words[:80])
    return Extent(*numbers)


def _pair(words: str) -> tuple[float, float]:
    numbers = _numbers(words, 2)
    if numbers is None:
        raise Refused("printing.centre_words", centre=words[:80])
    return numbers[0], numbers[1]


def _kinds(words: str) -> tuple[Kind, ...]:
    kinds = []
    for word in filter(None, (part.strip() for part in words.split(","))):
        try:
            kinds.append(Kind(word))
        except ValueError as error:
            near = difflib.get_close_matches(word, list(Kind), n=3, cutoff=0.4) or list(Kind)[:3]
            raise Refused("printing.unknown_kind", kind=word[:40], near=", ".join(near)) from error
    return tuple(kinds)
