"""What the tracing proposes: a shape in the pixels of a photo that a person accepts, rejects or names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink, Pattern

__all__ = ["Candidate", "candidate_id", "candidates_to_geojson"]


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
    pattern: Pattern = Pattern.SOLID
    neighbours: tuple[int, ...] = ()
    """Ordinals of the candidates that it touches or crosses, ascending."""
    parts: tuple[int, ...] = ()
    """Ordinals of the candidates that it offers as one object: the two sides of a road, the strokes of a hatching."""
    junctions: tuple[int | None, int | None] = (None, None)
    """Of a line, the junctions of the stroke graph at its first and its last point: lines that meet share the
    number. None where it ends freely."""

    @property
    def id(self) -> str:
        """Name of the candidate within its photo.

        >>> from shapely import Point
        >>> Candidate(7, CandidateKind.POINT, Point(3.5, 8.5), Ink.RED, 4.0, 0.9).id
        'c0007'
        """
        return candidate_id(self.ordinal)


def candidate_id(ordinal: int) -> str:
    """Return the name of a candidate within its photo.

    >>> candidate_id(7)
    'c0007'
    """
    return f"c{ordinal:04d}"


def candidates_to_geojson(candidates: Iterable[Candidate]) -> dict[str, object]:
    """Write candidates as a GeoJSON-shaped collection in pixel coordinates.

    It has the form of RFC 7946 but not its longitudes and latitudes: x right, y down, in pixels of
    the upright photo, which the member ``coordinates`` says. Coordinates are rounded to 0.1 pixel.

    Returns
    -------
    dict
        A FeatureCollection; properties ``id``, ``kind``, ``ink``, ``confidence``, ``width_px``, ``pattern``,
        ``neighbours`` and ``parts`` (ids), ``junctions``.
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
                "pattern": candidate.pattern.value,
                "neighbours": [candidate_id(ordinal) for ordinal in candidate.neighbours],
                "parts": [candidate_id(ordinal) for ordinal in candidate.parts],
                "junctions": list(candidate.junctions),
            },
        }
        for candidate in candidates
    ]
    return {
        "type": "FeatureCollection",
        "coordinates": "pixels: x right, y down, from the top-left corner of the upright image",
        "features": features,
    }
