"""``ayilmap sheet propose-points``: control points by names and kinds that are known on the ground."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from api.cli.terminal import JsonOption, LanguageOption, keep_given, language, open_settings, report
from geo.errors import Failed, Refused
from geo.i18n import Language, text
from geo.storage.whole_file import write_whole

if TYPE_CHECKING:
    from sketch_import.control_points.matching import DrawnPlace, KnownPlace, Proposals

__all__ = ["propose_points"]


def propose_points(
    *,
    labels: Annotated[Path, typer.Option("--labels", help="JSON that says what is where on the photo.")],
    out: Annotated[Path, typer.Option("--out", help="CSV of control points to write; all switched off.")],
    known: Annotated[
        list[Path] | None,
        typer.Option("--known", help="Known places, GeoJSON or CSV (lon, lat); may be repeated."),
    ] = None,
    event_id: Annotated[
        UUID | None, typer.Option("--event", help="Known places of the store: this event's village and around.")
    ] = None,
    accept: Annotated[
        float | None, typer.Option("--accept", min=0.0, max=1.0, help="Switch on those of at least this score.")
    ] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Propose control points for a freehand sheet; a person confirms them.

    What is named on the sheet is looked for among known places by name and kind, and kept where it lies in the same
    arrangement. Points are written switched off: look at each, and write 1 under “enable”.

    Example: ayilmap sheet propose-points --labels map.json --known village.geojson --out proposed.csv
    """
    from sketch_import.control_points.matching import propose_points as propose
    from sketch_import.control_points.writing import proposed_points

    reader = language(lang)
    keep_given(out, labels, *(known or []))
    places = _known(known or [], event_id)
    proposals = propose(_drawn(labels), places)
    if not proposals.points:
        raise Refused("matching.nothing_agrees", path=labels.name, known=len(places))
    try:
        write_whole(out, proposed_points(proposals, accept=accept).encode())
    except OSError as error:
        raise Failed("matching.cannot_write", path=str(out)) from error
    switched_on = sum(accept is not None and one.score >= accept for one in proposals.points)
    lines = [text("matching.written", reader, path=str(out), count=len(proposals.points), enabled=switched_on)]
    lines += _told(proposals, reader)
    report(_values(proposals, out, switched_on), as_json=as_json, lines=lines)


def _drawn(path: Path) -> list[DrawnPlace]:
    from sketch_import.control_points.matching import DrawnPlace
    from sketch_import.label_file import read_labels

    drawn = []
    for label in read_labels(path):
        x, y = (sum(values) / len(values) for values in zip(*label.positions, strict=True))
        names = tuple(name for name in (label.names.ky, label.names.ru, label.names.en) if name)
        drawn.append(DrawnPlace(id=label.id, pixel=(x, y), names=names, kind=label.kind.value))
    return drawn


def _known(files: list[Path], event_id: UUID | None) -> list[KnownPlace]:
    from sketch_import.control_points.known_places import read_known_places
    from sketch_import.control_points.matching import KnownPlace

    if not files and event_id is None:
        raise Refused("matching.known_where")
    places = [place for file in files for place in read_known_places(file)]
    if event_id is not None:
        from geo.services.known_places import known_places

        with open_settings().workspace.read() as session:
            places += [
                KnownPlace(str(one.id), one.lonlat, one.names, one.kind, one.error_m)
                for one in known_places(session, event_id)
            ]
    return places


def _told(proposals: Proposals, reader: Language) -> list[str]:
    told = [
        text(
            "matching.point",
            reader,
            label=one.point.label,
            known=next(iter(one.known.names), one.known.id),
            score=f"{one.score:.2f}",
            miss_m=f"{one.miss_m:.0f}",
        )
        for one in proposals.points
    ]
    for left in proposals.left_out:
        called = next(iter(left.drawn.names), left.drawn.id)
        place = next(iter(left.known.names), left.known.id) if left.known else "–"
        miss = "?" if left.miss_m is None else f"{left.miss_m:.0f}"
        told.append(text(f"matching.left_out.{left.reason.value}", reader, label=called, known=place, miss_m=miss))
    if proposals.is_ambiguous:
        told.append(text("matching.ambiguous", reader))
    if proposals.looks_mirrored:
        told.append(text("matching.mirrored", reader))
    return told


def _values(proposals: Proposals, out: Path, switched_on: int) -> dict[str, object]:
    return {
        "out": str(out),
        "enabled": switched_on,
        "points": [
            {
                "id": one.drawn.id,
                "known": one.known.id,
                "pixel": list(one.point.pixel),
                "lonlat": list(one.point.lonlat),
                "label": one.point.label,
                "score": one.score,
                "miss_m": round(one.miss_m, 1),
            }
            for one in proposals.points
        ],
        "left_out": [
            {
                "id": left.drawn.id,
                "reason": left.reason.value,
                "known": left.known.id if left.known else None,
                "miss_m": None if left.miss_m is None else round(left.miss_m, 1),
            }
            for left in proposals.left_out
        ],
        "metres_per_pixel": proposals.metres_per_pixel,
        "turn_degrees": proposals.turn_degrees,
        "is_ambiguous": proposals.is_ambiguous,
        "looks_mirrored": proposals.looks_mirrored,
    }
