"""``ayilmap sheet trace``: what is drawn on a photo, in its pixels."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal import JsonOption, LanguageOption, language, progress, report
from geo.domain.drawing import CandidateKind
from geo.errors import Failed, Refused
from geo.i18n import text
from geo.storage.whole_file import write_whole

__all__ = ["trace"]


def trace(
    photo: Annotated[Path, typer.Argument(help="Photo of a drawing: JPEG, PNG, TIFF, HEIC, WebP.", metavar="PHOTO")],
    out: Annotated[Path, typer.Option("--out", help="GeoJSON to write, in pixel coordinates.")],
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Find areas, lines, signs and writing on a photographed drawing.

    Coordinates are pixels of the upright photo: x right, y down, from its top-left corner.

    Example: ayilmap sheet trace map.jpg --out candidates.geojson
    """
    # Heavy libraries: loaded only by who traces, so that other commands start quickly.
    from sketch_import.candidate import candidates_to_geojson
    from sketch_import.photo import load_photo
    from sketch_import.tracing import trace as trace_pixels

    tongue = language(lang)
    with progress(text("trace.step.load", tongue), total=3) as begin:
        begin(text("trace.step.load", tongue))
        loaded = load_photo(photo)
        begin(text("trace.step.trace", tongue))
        traced = trace_pixels(loaded.pixels)
        if not traced.candidates:
            raise Refused("trace.blank", path=str(photo))
        begin(text("trace.step.write", tongue))
        _write(out, candidates_to_geojson(traced.candidates))
    found = Counter(candidate.kind for candidate in traced.candidates)
    counts = {
        "polygons": found[CandidateKind.POLYGON],
        "lines": found[CandidateKind.LINE],
        "points": found[CandidateKind.POINT],
        "texts": found[CandidateKind.TEXT],
    }
    values = {
        "photo": str(photo),
        "out": str(out),
        "sha256": loaded.sha256,
        "width": loaded.width,
        "height": loaded.height,
        **counts,
        "quality": {
            "stroke_width_px": round(traced.width_px, 2),
            "grain": round(traced.grain, 4),
            "unevenness": round(traced.unevenness, 3),
            "sheet_found": traced.sheet_found,
            "sheet_share": round(traced.sheet_share, 3),
            "ink_share": round(traced.ink_share, 4),
            "working_scale": round(traced.working_scale, 4),
        },
    }
    report(values, as_json=as_json, lines=[text("trace.done", tongue, path=str(out), **counts)])


def _write(out: Path, collection: dict[str, object]) -> None:
    try:
        write_whole(out, json.dumps(collection, ensure_ascii=False).encode())
    except OSError as error:
        raise Failed("trace.cannot_write", path=str(out)) from error
