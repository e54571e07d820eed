"""``ayilmap sheet register``: how a new photograph of a sheet lies on the one that is known already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.page_option import PageOption
from api.cli.terminal import JsonOption, LanguageOption, keep_given, language, progress, report
from geo.errors import Failed, Refused
from geo.i18n import text
from geo.storage.whole_file import write_whole

__all__ = ["register"]


def register(
    new: Annotated[Path, typer.Argument(help="The new photo of the sheet.", metavar="NEW")],
    *,
    to: Annotated[Path, typer.Option("--to", help="The photo of the same sheet that is known already.")],
    out: Annotated[Path, typer.Option("--out", help="JSON file for the homography and its quality.")],
    page: PageOption = None,
    to_page: Annotated[int | None, typer.Option("--to-page", help="The same of the photo that is known.")] = None,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Register a re-photograph of a sheet to the earlier photo, or refuse it.

    The homography leads from pixels of NEW to pixels of the earlier photo: x right, y down, of the upright photos,
    from their top-left corners. A photo of another sheet is refused with exit code 2; the file then says so and holds
    no homography.

    Example: ayilmap sheet register again.jpg --to first.jpg --out registered.json
    """
    from sketch_import.photo import load_photo
    from sketch_import.registering import Verdict
    from sketch_import.registering import register as register_pixels

    reader = language(lang)
    keep_given(out, new, to)
    with progress(text("register.step.load", reader), total=3) as begin:
        begin(text("register.step.load", reader))
        later, earlier = load_photo(new, page=page), load_photo(to, page=to_page)
        begin(text("register.step.match", reader))
        found = register_pixels(later.pixels, earlier.pixels)
        begin(text("register.step.write", reader))
        reason = f"register.reason.{found.reason.value}"
        values: dict[str, object] = {
            "verdict": found.verdict.value,
            "reason": text(reason, reader),
            "reason_code": found.reason.value,
            "homography": None if found.homography is None else found.homography.tolist(),
            "inliers": found.inliers,
            "inlier_ratio": round(found.inlier_ratio, 4),
            "spread": round(found.spread, 4),
            "reprojection_px": None if found.reprojection_px is None else round(found.reprojection_px, 3),
            "kept_ink": round(found.kept_ink, 4),
            "lost_strokes": found.lost_strokes,
            "new": {"photo": str(new), "sha256": later.sha256, "width": later.width, "height": later.height},
            "old": {"photo": str(to), "sha256": earlier.sha256, "width": earlier.width, "height": earlier.height},
        }
        _write(out, values)
    done = text("register.done", reader, new=str(new), old=str(to), path=str(out), inliers=found.inliers)
    if found.verdict is Verdict.REFUSED:
        if as_json:
            report(values, as_json=True, lines=[])
        raise Refused(reason, new=str(new), old=str(to))
    report(values, as_json=as_json, lines=[done] if found.verdict is Verdict.PASS else [done, str(values["reason"])])


def _write(out: Path, values: dict[str, object]) -> None:
    try:
        write_whole(out, json.dumps(values, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise Failed("register.cannot_write", path=str(out)) from error
