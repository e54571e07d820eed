"""``changes.geojson``: proposed changes for whoever decides, and for any GIS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import mapping

from geo.sheet_layout import PrintedObjects
from sketch_import.changes.proposals import ProposedChange

__all__ = ["changes_to_geojson"]

_DECIMALS = 8
"""Of a degree: about a millimetre."""


def changes_to_geojson(changes: Sequence[ProposedChange], printed: PrintedObjects) -> dict[str, Any]:
    """Return changes as GeoJSON (RFC 7946); ``feature_id`` names the object that goes or moves."""
    return {
        "type": "FeatureCollection",
        "sheet_id": printed.sheet_id,
        "event_id": str(printed.event_id) if printed.event_id else None,
        "features": [_feature(change) for change in changes],
    }


def _feature(change: ProposedChange) -> dict[str, Any]:
    old, new = change.printed, change.drawn
    return {
        "type": "Feature",
        "geometry": mapping(shapely.transform(change.geometry, lambda lonlat: lonlat.round(_DECIMALS))),
        "properties": {
            "change": change.kind.value,
            "proof": change.proof.value,
            "confidence": round(change.confidence, 3),
            "feature_id": str(old.feature_id) if old else None,
            "number": old.number if old else None,
            "kind": old.kind.value if old else new.proposal.kind.value if new and new.proposal else None,
            "name": old.name if old else "",
            "candidate": new.candidate.id if new else None,
            "ink": new.candidate.ink.value if new else None,
            "shift_m": None if change.shift_m is None else round(change.shift_m, 1),
            "position_error_m": round(new.position_error_m, 2) if new else None,
        },
    }
