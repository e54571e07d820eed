"""Anchors from a GeoJSON file: real lines and areas that name the candidate drawn for each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.errors import NotFound, Refused
from sketch_import.candidate import Candidate
from sketch_import.control_points import shortened
from sketch_import.neighbourhood.anchors import Anchor, anchor_of
from sketch_import.placing import Placement
from sketch_import.text_file import text_of

__all__ = ["RealShape", "anchors_of", "read_anchors", "read_real_shapes"]

_MAX_BYTES = 30_000_000
_MAX_ANCHORS = 60


@dataclass(frozen=True, slots=True)
class RealShape:
    """A real line or area, and what is drawn of it."""

    candidate: str
    """Id of the candidate, such as ``c0012``."""
    geometry: BaseGeometry
    """Lon lat, EPSG:4326."""


def read_anchors(path: Path, candidates: Sequence[Candidate], placement: Placement) -> tuple[Anchor, ...]:
    """Read anchors and match them with what is drawn; see `read_real_shapes` and `anchors_of`."""
    drawn = {candidate.id: candidate.geometry for candidate in candidates}
    return anchors_of(read_real_shapes(path, drawn.keys()), drawn, placement)


def read_real_shapes(path: Path, known: Collection[str]) -> tuple[RealShape, ...]:
    """Read real lines and areas that name what is drawn of them.

    Parameters
    ----------
    path
        GeoJSON FeatureCollection (lon lat, RFC 7946): line strings and polygons with the property ``candidate``, the id
        of what is drawn of it (as ``sheet trace`` and ``sheet place`` name it). Features without it are left
        aside. A line must be the stretch that is drawn, not the whole road.
    known
        Ids of what was found on the drawing.

    Raises
    ------
    geo.errors.Refused
        ``neighbourhood.unreadable``, ``neighbourhood.no_anchor``, ``neighbourhood.unknown_candidate``,
        ``neighbourhood.too_many`` or ``neighbourhood.not_degrees``.
    """
    features = [feature for feature in _features(path) if _named(feature)]
    if not features:
        raise Refused("neighbourhood.no_anchor", path=path.name)
    if len(features) > _MAX_ANCHORS:
        raise Refused("neighbourhood.too_many", path=path.name, count=len(features), limit=_MAX_ANCHORS)
    unknown = [_named(feature) for feature in features if _named(feature) not in known]
    if unknown:
        raise Refused("neighbourhood.unknown_candidate", path=path.name, ids=shortened(unknown))
    return tuple(RealShape(_named(feature), _geometry(feature, path)) for feature in features)


def anchors_of(
    shapes: Sequence[RealShape], drawn: Mapping[str, BaseGeometry], placement: Placement
) -> tuple[Anchor, ...]:
    """Return anchors of real shapes and what is drawn of each, by candidate, in pixels.

    Raises
    ------
    geo.errors.Refused
        ``neighbourhood.not_alike``.
    """
    return tuple(anchor_of(one.candidate, drawn[one.candidate], one.geometry, placement) for one in shapes)


def _features(path: Path) -> list[Mapping[str, object]]:
    unreadable = Refused("neighbourhood.unreadable", path=path.name)
    missing = NotFound("neighbourhood.not_found", path=str(path))
    text = text_of(path, most_bytes=_MAX_BYTES, missing=missing, unreadable=unreadable)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable from error
    listed = content.get("features") if isinstance(content, Mapping) else None
    if not isinstance(listed, list):
        raise unreadable
    return [feature for feature in listed if isinstance(feature, Mapping)]


def _named(feature: Mapping[str, object]) -> str:
    properties = feature.get("properties")
    name = properties.get("candidate") if isinstance(properties, Mapping) else None
    return name if isinstance(name, str) else ""


def _geometry(feature: Mapping[str, object], path: Path) -> BaseGeometry:
    try:
        said = feature["geometry"]
        if not isinstance(said, dict):
            raise TypeError
        geometry: BaseGeometry = shapely.force_2d(shape(said))
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise Refused("neighbourhood.unreadable", path=path.name) from error
    if geometry.geom_type == "MultiLineString":
        geometry = shapely.line_merge(geometry)
    if geometry.geom_type.startswith("Multi") and len(shapely.get_parts(geometry)) == 1:
        geometry = shapely.get_parts(geometry)[0]
    xy = shapely.get_coordinates(geometry)
    if not (np.isfinite(xy).all() and (np.abs(xy) <= [180.0, 90.0]).all()):
        raise Refused("neighbourhood.not_degrees", path=path.name, id=_named(feature))
    return geometry
