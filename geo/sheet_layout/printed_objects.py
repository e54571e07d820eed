"""What was printed on a sheet for the second meeting: numbered objects, for who reads the corrections drawn on it.

It travels as GeoJSON (RFC 7946) with the members ``sheet_id`` and ``event_id``: beside the PDF, and in the folder of
the store. A sheet of paper outlives the records that it was printed from, so that the geometries themselves are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Kind
from geo.errors import Refused

__all__ = ["PrintedObject", "PrintedObjects"]

_DECIMALS = 8
"""Of a degree: about a millimetre."""


@dataclass(frozen=True, slots=True)
class PrintedObject:
    """An object as it was printed."""

    number: int
    """Beside it on the sheet."""
    feature_id: UUID
    kind: Kind
    name: str
    geometry: BaseGeometry
    """Lon lat, EPSG:4326."""
    sign_mm: float = 0.0
    """Width of the sign of a point; 0 for lines and areas."""


@dataclass(frozen=True, slots=True)
class PrintedObjects:
    """Everything that was printed on one sheet."""

    sheet_id: str
    event_id: UUID | None
    objects: tuple[PrintedObject, ...]

    def to_json(self) -> bytes:
        """Return it as GeoJSON."""
        features = [
            {
                "type": "Feature",
                "id": str(one.feature_id),
                "geometry": mapping(shapely.transform(one.geometry, lambda lonlat: lonlat.round(_DECIMALS))),
                "properties": {"number": one.number, "kind": one.kind.value, "name": one.name, "sign_mm": one.sign_mm},
            }
            for one in self.objects
        ]
        head = {"sheet_id": self.sheet_id, "event_id": str(self.event_id) if self.event_id else None}
        return json.dumps({"type": "FeatureCollection", **head, "features": features}, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, content: bytes, *, path: object) -> PrintedObjects:
        """Undo `to_json`.

        Parameters
        ----------
        content
            The file.
        path
            What messages call it.

        Raises
        ------
        Refused
            ``second_meeting.not_printed``: it is no such file.
        """
        try:
            kept = json.loads(content)
            event = kept["event_id"]
            return cls(
                sheet_id=str(kept["sheet_id"]),
                event_id=UUID(event) if event else None,
                objects=tuple(_object(one) for one in kept["features"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.GEOSException) as error:
            raise Refused("second_meeting.not_printed", path=str(path)) from error


def _object(kept: Mapping[str, Any]) -> PrintedObject:
    said = kept["properties"]
    geometry = shape(kept["geometry"])
    if geometry.is_empty:
        raise ValueError("an object without a place")
    return PrintedObject(
        int(said["number"]), UUID(kept["id"]), Kind(said["kind"]), str(said["name"]), geometry, float(said["sign_mm"])
    )
