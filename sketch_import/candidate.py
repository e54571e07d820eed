"""What the tracing proposes: a shape in the pixels of a photo that a person accepts, rejects or names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink

__all__ = ["Candidate", "candidates_to_geojson"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One shape found on a drawing.

    Pixel coordinates of the upright photo: x right, y down, origin at the top-left corner of the
    top-left pixel, whose centre is (0.5, 0.5).
    """

    ordinal: int
    """1, 2, 3 … in reading order of the photo; the same photo gives the same numbers."""
    kind: CandidateKind
    geometry: BaseGeometry
    """Polygon (also for text: its box), line string or point."""
    ink: Ink
    width_px: float
    """Width of the stroke, or of the solid mark, in pixels of the photo."""
    confidence: float
    """0 to 1: how sure it is that somebody drew this as one object."""

    @property
    def id(self) -> str:
        """Name of the candidate within its photo.

        >>> from shapely import Point
        >>> Candidate(7, CandidateKind.POINT, Point(3.5, 8.5), Ink.RED, 4.0, 0.9).id
        'c0007'
        """
        return f"c{self.ordinal:04d}"


def candidates_to_geojson(candidates: Iterable[Candidate]) -> dict[str, object]:
    """Write candidates as a GeoJSON-shaped collection in pixel coordinates.

    It has the form of RFC 7946 but not its longitudes and latitudes: x right, y down, in pixels of
    the upright photo, which the member ``coordinates`` says. Coordinates are rounded to 0.1 pixel.

    Returns
    -------
    dict
        A FeatureCollection; properties ``id``, ``kind``, ``ink``, ``confidence``, ``width_px``.
    """
    features = [
        {
            "type": "Feature",
            "id": candidate.id,
            "geometry": mapping(shapely.transform(candidate.geometry, lambda xy: xy.round(1))),
            "properties": {
                "id": candidate.id,
                "kind": candidate.kind.value,
                "ink": candidate.ink.value,
                "confidence": round(candidate.confidence, 3),
                "width_px": round(candidate.width_px, 2),
            },
        }
        for candidate in candidates
    ]
    return {
        "type": "FeatureCollection",
        "coordinates": "pixels: x right, y down, from the top-left corner of the upright image",
        "features": features,
    }
