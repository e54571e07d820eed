"""``ayilmap sheet trace``: what is drawn on a photo, in its pixels."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.page_option import PageOption
from api.cli.terminal import JsonOption, LanguageOption, keep_given, language, progress, report
from geo.domain.drawing import CandidateKind
from geo.domain.vocabulary import Kind
from geo.errors import Failed, Refused
from geo.i18n import text
from geo.storage.whole_file import write_whole

if TYPE_CHECKING:
    from sketch_import.candidate import Candidate

__all__ = ["trace"]


def trace(
    photo: Annotated[
        Path, typer.Argument(help="Photo or scan of a drawing: JPEG, PNG, TIFF, HEIC, PDF.", metavar="PHOTO")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="GeoJSON to write, in pixel coordinates.")],
    like: Annotated[
        list[str] | None,
        typer.Option(
            "--like",
            help="What a candidate is, such as c0012=main_road: what looks the same is proposed as such. Repeatable.",
            metavar="CANDIDATE=KIND",
        ),
    ] = None,
    page: PageOption = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Find areas, lines, signs and writing on a photographed drawing.

    Coordinates are pixels of the upright photo: x right, y down, from its top-left corner. The same photo gives
    candidates the same names, so that --like can name one that an earlier run found.

    Example: ayilmap sheet trace map.jpg --out candidates.geojson
    """
    # Heavy libraries: loaded only by who traces, so that other commands start quickly.
    from sketch_import.candidate import candidate_id, candidates_to_geojson
    from sketch_import.legend import add_proposals, learn, propose
    from sketch_import.photo import load_photo
    from sketch_import.tracing import trace as trace_pixels

    tongue = language(lang)
    keep_given(out, photo)
    said = [_said(wish) for wish in like or []]
    with progress(text("trace.step.load", tongue), total=3) as begin:
        begin(text("trace.step.load", tongue))
        loaded = load_photo(photo, page=page)
        begin(text("trace.step.trace", tongue))
        traced = trace_pixels(loaded.pixels)
        if not traced.candidates:
            raise Refused("trace.blank", path=str(photo))
        labelled = _labelled(said, traced.candidates)
        proposals = propose(traced.candidates, learn(traced.candidates, labelled))
        begin(text("trace.step.write", tongue))
        _write(out, add_proposals(candidates_to_geojson(traced.candidates), proposals))
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
        "proposals": [
            {
                "id": candidate_id(proposal.ordinal),
                "kind": proposal.kind.value,
                "confidence": round(proposal.confidence, 3),
                "rivals": [kind.value for kind in proposal.rivals],
            }
            for proposal in proposals
        ],
    }
    lines = [text("trace.done", tongue, path=str(out), **counts)]
    if labelled:
        lines.append(text("trace.like.proposed", tongue, count=len(proposals) - len(labelled)))
        lines += [
            text(
                "trace.like.row",
                tongue,
                candidate=candidate_id(proposal.ordinal),
                kind=" / ".join(text(f"kind.{kind}", tongue) for kind in (proposal.kind, *proposal.rivals)),
                percent=round(100 * proposal.confidence),
            )
            for proposal in proposals
            if proposal.ordinal not in labelled
        ]
    report(values, as_json=as_json, lines=lines)


def _said(wish: str) -> tuple[str, Kind]:
    """Read ``c0012=main_road``."""
    name, sign, code = wish.partition("=")
    if not sign or not name.strip():
        raise Refused("trace.like.unreadable", wish=wish)
    try:
        return name.strip(), Kind(code.strip())
    except ValueError as error:
        raise Refused("trace.like.unknown_kind", kind=code.strip()) from error


def _labelled(said: Sequence[tuple[str, Kind]], candidates: Sequence[Candidate]) -> dict[int, Kind]:
    ordinals = {candidate.id: candidate.ordinal for candidate in candidates}
    labelled: dict[int, Kind] = {}
    for name, kind in said:
        if name not in ordinals:
            raise Refused("trace.like.unknown_candidate", candidate=name)
        if labelled.setdefault(ordinals[name], kind) is not kind:
            raise Refused("trace.like.twice", candidate=name)
    return labelled


def _write(out: Path, collection: dict[str, object]) -> None:
    try:
        write_whole(out, json.dumps(collection, ensure_ascii=False).encode())
    except OSError as error:
        raise Failed("trace.cannot_write", path=str(out)) from error
