"""What was found on a sheet as it is sent: GeoJSON in pixels, put together quickly for ten thousand shapes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely

from geo.services.sheet_candidates import ShownCandidate

__all__ = ["candidate_as_feature", "candidates_as_json"]


def candidates_as_json(candidates: Sequence[ShownCandidate]) -> str:
    """Return a feature collection in pixels of the sheet, x right, y down; its id is the candidate's ordinal."""
    shapes = shapely.to_geojson([one.geometry for one in candidates]) if candidates else ()
    features = [
        f'{{"type":"Feature","id":{one.ordinal},"geometry":{shape},"properties":{_packed(_properties(one))}}}'
        for one, shape in zip(candidates, shapes, strict=True)
    ]
    told = "pixels: x right, y down, from the top-left corner of the upright image"
    return f'{{"type":"FeatureCollection","coordinates":"{told}","features":[{",".join(features)}]}}'


def candidate_as_feature(one: ShownCandidate) -> dict[str, Any]:
    """Return one candidate as in `candidates_as_json`."""
    shape = json.loads(shapely.to_geojson(one.geometry))
    return {"type": "Feature", "id": one.ordinal, "geometry": shape, "properties": _properties(one)}


def _properties(one: ShownCandidate) -> dict[str, Any]:
    return {
        "ordinal": one.ordinal,
        "kind": one.kind.value,
        "ink": one.ink.value,
        "pattern": one.pattern.value,
        "width_px": round(one.width_px, 2),
        "confidence": round(one.confidence, 3),
        "state": one.state.value,
        "neighbours": one.neighbours,
        "parts": one.parts,
        "proposed_kind": one.proposed_kind.value if one.proposed_kind else None,
        "feature_id": str(one.feature_id) if one.feature_id else None,
        "feature_kind": one.feature_kind.value if one.feature_kind else None,
        "name": one.name,
    }


def _packed(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
