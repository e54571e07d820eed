"""Write what was read: ``features.geojson``, ``sheet.tif`` and ``quality.json``, each file whole."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

from geo.errors import AyilmapError, Failed, Refused
from geo.i18n import Language, text
from geo.storage.whole_file import whole_files
from sketch_import.reading.judging import PhotoQuality, Verdict
from sketch_import.reading.key_facts import key_facts
from sketch_import.reading.sheet import ReadFeature, ReadPhoto, ReadSheet
from sketch_import.warping.geotiff import write_planes

__all__ = ["quality_of", "refused_quality", "set_aside", "write_read_sheet", "write_refusal"]

_DECIMALS = 8
"""Of a degree: about a millimetre."""


def quality_of(sheet: ReadSheet, *, language: Language) -> dict[str, Any]:
    """Return what ``quality.json`` says of a sheet that was read.

    Lengths end in their unit: ``_px`` pixels of the photo, ``_mm`` millimetres on paper, ``_m`` metres on the ground.

    Parameters
    ----------
    sheet
        What was read; its verdict may also be refused.
    language
        Of the sentences.
    """
    layout, code = sheet.layout, sheet.layout.code
    metres = code.scale / 1000
    worst = max(photo.quality.worst_error_mm for photo in sheet.photos)
    typical = float(np.median([photo.quality.error_mm for photo in sheet.photos]))
    seen = sheet.photos[0].quality.frame_seen
    # The flat sheet leaves out what several photos show too badly, so that its errors end at that limit: of one photo
    # they would say little of a bad one.
    if sheet.flat is not None and len(sheet.photos) > 1:
        shown = sheet.flat.error_mm[np.isfinite(sheet.flat.error_mm)]
        seen, typical = sheet.flat.seen, float(np.median(shown)) if len(shown) else typical
        worst = float(np.percentile(shown, 95)) if len(shown) else worst
    kinds = Counter(feature.candidate.kind.value for feature in sheet.features)
    quality: dict[str, Any] = {
        "verdict": sheet.verdict.value,
        "reason": _reason(sheet, language, error_m=typical * metres),
        "problems": [
            {"verdict": one.verdict.value, "key": one.text.key, "text": one.text(language)} for one in sheet.problems
        ],
        "sheet_id": layout.sheet_id,
        "paper": code.paper.value,
        "orientation": code.orientation.value,
        "template": code.template.value,
        "scale": code.scale,
        "crs": f"EPSG:{layout.epsg}",
        "frame_lonlat": [[round(value, _DECIMALS) for value in corner] for corner in layout.frame_lonlat],
        "frame_seen": round(seen, 4),
        "expected_error": {
            "median_mm": round(typical, 3),
            "p95_mm": round(worst, 3),
            "median_m": round(typical * metres, 3),
            "p95_m": round(worst * metres, 3),
        },
        **_photo(sheet.photos[0], metres=metres),
        "features": {"count": len(sheet.features), **dict(sorted(kinds.items()))},
    }
    if sheet.key is not None:
        quality["key"] = key_facts(sheet.key, language=language)
    if len(sheet.photos) > 1:
        quality["photos"] = [_photo(photo, metres=metres) for photo in sheet.photos]
    if sheet.flat is not None:
        quality["geotiff"] = {
            "crs": quality["crs"],
            "metres_per_pixel": round(sheet.flat.raster.resolution, 6),
            "px_per_mm": round(sheet.flat.px_per_mm, 3),
        }
    return quality


def refused_quality(error: AyilmapError, *, language: Language) -> dict[str, Any]:
    """Return what ``quality.json`` says where no sheet was found."""
    reason = text(error.key, language, **error.params)
    return {
        "verdict": Verdict.REFUSED.value,
        "reason": reason,
        "problems": [{"verdict": Verdict.REFUSED.value, "key": error.key, "text": reason}],
    }


def write_read_sheet(
    sheet: ReadSheet, folder: Path, *, language: Language, changes: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Write a sheet: three files, or of a refused one ``quality.json`` alone.

    Parameters
    ----------
    sheet
        What was read.
    folder
        Made where it is missing; other files of it stay.
    language
        Of the sentences in ``quality.json``.
    changes
        GeoJSON for ``changes.geojson`` (see `sketch_import.changes`); None of a sheet without printed objects.

    Returns
    -------
    dict
        The content of ``quality.json``.

    Raises
    ------
    Refused
        ``placing.out_is_file``.
    Failed
        ``placing.cannot_write``.
    """
    quality = quality_of(sheet, language=language)
    if changes is not None:
        quality["changes"] = dict(Counter(one["properties"]["change"] for one in changes["features"]))
    if sheet.flat is None or sheet.verdict is Verdict.REFUSED:
        write_refusal(quality, folder)
        return quality
    _require_folder(folder)
    try:
        with whole_files(folder) as draft:
            write_planes(sheet.flat.planes, sheet.flat.raster, draft / "sheet.tif", epsg=sheet.layout.epsg)
            _write_json(draft / "features.geojson", _geojson(sheet))
            _write_json(draft / "quality.json", quality)
            if changes is not None:
                _write_json(draft / "changes.geojson", changes)
            else:
                set_aside(folder, names=("changes.geojson",))
    except OSError as error:
        raise Failed("placing.cannot_write", path=str(folder)) from error
    return quality


def write_refusal(quality: dict[str, Any], folder: Path) -> None:
    """Write ``quality.json`` alone; features and picture of an earlier reading are kept as ``earlier_…``.

    Raises
    ------
    Refused
        ``placing.out_is_file``.
    Failed
        ``placing.cannot_write``.
    """
    _require_folder(folder)
    try:
        with whole_files(folder) as draft:
            _write_json(draft / "quality.json", quality)
            # Before the refusal has its name, or a crash between leaves it beside features that it does not speak of.
            set_aside(folder)
    except OSError as error:
        raise Failed("placing.cannot_write", path=str(folder)) from error


def set_aside(folder: Path, *, names: tuple[str, ...] = ("features.geojson", "changes.geojson", "sheet.tif")) -> None:
    """Rename features, changes and picture of an earlier reading to ``earlier_…``, where there are any.

    They may be all that is left of a day in the village, and the photo refused may be a misspelt name.

    Raises
    ------
    OSError
        One of them cannot be renamed.
    """
    for name in names:
        if (folder / name).exists():
            (folder / name).replace(folder / f"earlier_{name}")


def _require_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Refused("placing.out_is_file", path=str(folder))


def _reason(sheet: ReadSheet, language: Language, *, error_m: float) -> str:
    if sheet.problems:
        return " ".join(problem.text(language) for problem in sheet.problems)
    quality = sheet.photos[0].quality
    numbers = {"seen": len(quality.marks_seen), "expected": quality.marks_expected, "error_m": f"{error_m:.1f}"}
    return text("reading.good", language, **numbers)


def _photo(photo: ReadPhoto, *, metres: float) -> dict[str, Any]:
    quality = photo.quality
    return {
        "image": {
            "name": Path(photo.name).name,
            "sha256": photo.photo.sha256,
            "width": photo.photo.width,
            "height": photo.photo.height,
        },
        "sharpness": {
            "blur_px": round(quality.blur_px, 2),
            "blur_mm": round(quality.blur_mm, 3),
            "px_per_mm": round(quality.px_per_mm, 2),
        },
        "exposure": {
            "black": round(quality.black, 1),
            "white": round(quality.white, 1),
            "contrast": round(quality.contrast, 1),
            "overexposed": round(quality.overexposed, 4),
        },
        "fiducials": {
            "seen": len(quality.marks_seen),
            "expected": quality.marks_expected,
            "numbers": list(quality.marks_seen),
            "sides": list(quality.sides),
            "dropped": list(quality.marks_dropped),
            "codes_read": quality.codes_read,
        },
        "reprojection_error": _errors(quality, metres),
        "tilt_degrees": round(quality.tilt, 1),
        "bend_mm": round(quality.bend_mm, 2),
        "control_points": [
            {"label": point.label, "pixel": [round(v, 2) for v in point.pixel], "lonlat": list(point.lonlat)}
            for point in photo.control_points
        ],
    }


def _errors(quality: PhotoQuality, metres: float) -> dict[str, float]:
    return {
        "px": round(quality.residual_px, 3),
        "mm": round(quality.residual_mm, 4),
        "m": round(quality.residual_mm * metres, 4),
        "left_out_px": round(quality.left_out_px, 3),
        "left_out_mm": round(quality.left_out_mm, 4),
        "left_out_m": round(quality.left_out_mm * metres, 4),
    }


def _geojson(sheet: ReadSheet) -> dict[str, Any]:
    several = len(sheet.photos) > 1
    return {"type": "FeatureCollection", "features": [_feature(one, several=several) for one in sheet.features]}


def _feature(feature: ReadFeature, *, several: bool) -> dict[str, Any]:
    candidate, proposal = feature.candidate, feature.proposal
    properties: dict[str, Any] = {
        "id": candidate.id,
        "kind": candidate.kind.value,
        "ink": candidate.ink.value,
        "width_mm": round(feature.width_mm, 2),
        "width_px": round(candidate.width_px, 2),
        "confidence": round(candidate.confidence, 3),
        "position_error_m": round(feature.position_error_m, 2),
        "pattern": candidate.pattern.value,
        "neighbours": [f"c{number:04d}" for number in candidate.neighbours],
        "parts": [f"c{number:04d}" for number in candidate.parts],
        "junctions": list(candidate.junctions),
        "proposed_kind": None if proposal is None else proposal.kind.value,
        "proposed_confidence": None if proposal is None else round(proposal.confidence, 3),
        "proposed_rivals": [] if proposal is None else [kind.value for kind in proposal.rivals],
        "pixel_geometry": mapping(shapely.transform(candidate.geometry, lambda xy: xy.round(1))),
    }
    if several:
        properties["photo"] = feature.photo
    return {
        "type": "Feature",
        "id": candidate.id,
        "geometry": mapping(shapely.transform(feature.geometry, lambda xy: xy.round(_DECIMALS))),
        "properties": properties,
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
