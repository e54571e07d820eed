"""What comes in: plain values that a service checks and stores, free of sessions and image libraries.

The counterpart of `geo.snapshots`. Ground geometries are EPSG:4326, lon lat; pixel geometries are those of
the upright photo, x right, y down, from the top-left corner of the top-left pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, CandidateState, Ink, Pattern
from geo.domain.georeference import ControlPointSource, Method
from geo.domain.identifiers import new_id
from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import Kind, layer_of
from geo.snapshots import AnchorSnapshot, Names

__all__ = [
    "NewCandidate",
    "NewControlPoint",
    "NewFeature",
    "NewFlat",
    "NewPhoto",
    "NewSheet",
    "NewUnplacedSheet",
    "PlacementChange",
]


@dataclass(frozen=True, slots=True)
class NewControlPoint:
    """A place on the sheet and on the ground."""

    pixel: tuple[float, float]
    lonlat: tuple[float, float]
    label: str = ""
    enabled: bool = True
    source: ControlPointSource = ControlPointSource.CLICKED
    accuracy_m: float | None = None
    """How well the place is known on the ground, as a receiver says; None where nobody says."""


@dataclass(frozen=True, slots=True)
class NewCandidate:
    """Something traced; ``ordinal`` numbers the candidates of a sheet."""

    ordinal: int
    kind: CandidateKind
    ink: Ink
    width_px: float
    confidence: float
    geometry: BaseGeometry
    state: CandidateState = CandidateState.PROPOSED
    pattern: Pattern = Pattern.SOLID
    neighbours: tuple[int, ...] = ()
    """Ordinals of those it touches."""
    parts: tuple[int, ...] = ()
    """Ordinals of those it offers as one object."""


@dataclass(frozen=True, slots=True)
class NewFeature:
    """An object for the map. Its layer follows from its kind."""

    kind: Kind
    geometry: BaseGeometry
    names: Names = field(default_factory=Names)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    position_error_m: float | None = None
    source: FeatureSource = FeatureSource.IMPORT
    candidate: int | None = None
    """Ordinal of the candidate it was made from, on the sheet stored with it."""
    ink: Ink | None = None
    drawing: BaseGeometry | None = None
    """What was drawn, in pixels; without it, the shape of the candidate."""
    id: UUID = field(default_factory=new_id)

    @property
    def layer(self) -> str:
        """Code of the layer."""
        return layer_of(self.kind).value


@dataclass(frozen=True, slots=True)
class NewFlat:
    """The picture in whose pixels a sheet is measured, where that is not a photo as it came.

    Of a printed sheet its photos, laid flat by the marks; of a file with several pages the one page.
    """

    image: bytes
    image_format: str
    photo_size: tuple[int, int]
    """Width and height of the upright photo as it came."""


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A photographed sheet with its placement, candidates and the features a person accepted."""

    title: str
    image: bytes
    image_format: str
    size: tuple[int, int]
    """Width and height of the upright photo in pixels; of the flat picture where there is one."""
    method: Method
    georeference: Mapping[str, Any]
    position_error_m: float | None
    quality: Mapping[str, Any]
    footprint: Polygon
    control_points: tuple[NewControlPoint, ...]
    candidates: tuple[NewCandidate, ...]
    features: tuple[NewFeature, ...]
    overlay_png: bytes
    overlay_bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    exif: Mapping[str, Any] = field(default_factory=dict)
    paper: str = ""
    layout_id: str | None = None
    """Id of the printed sheet; None for a freehand one."""
    layout_code: str | None = None
    """What the marks of the printed sheet say."""
    flat: NewFlat | None = None
    """Where it is not measured in the photo as it came; then all pixels are those of that picture."""
    further: tuple[NewPhoto, ...] = ()
    """Photos of its other parts, from which the flat picture was joined; ``to_known`` leads to that picture."""


@dataclass(frozen=True, slots=True)
class NewUnplacedSheet:
    """A photographed drawing that nobody has placed yet, with what was found on it."""

    title: str
    image: bytes
    image_format: str
    size: tuple[int, int]
    """Width and height of the upright picture in pixels."""
    candidates: tuple[NewCandidate, ...]
    quality: Mapping[str, Any]
    """Verdict on the picture, and why."""
    exif: Mapping[str, Any] = field(default_factory=dict)
    flat: NewFlat | None = None
    """Of a file with several pages, the one page; pixels are then those of that picture."""


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A further photograph of a sheet that is stored already.

    Attributes
    ----------
    image, image_format, exif
        The bytes as they came, and what they say of themselves.
    size
        Width and height of the upright photo in pixels; of the flat picture where there is one.
    to_known
        Homography, 3 × 3: pixels of this photo, or of its flat picture, to pixels of a photo that the sheet has.
    known
        Number of that photo.
    quality
        How surely it was recognised, such as the number of inliers.
    """

    image: bytes
    image_format: str
    size: tuple[int, int]
    to_known: tuple[tuple[float, ...], ...]
    known: int = 1
    exif: Mapping[str, Any] = field(default_factory=dict)
    quality: Mapping[str, Any] = field(default_factory=dict)
    flat: NewFlat | None = None


@dataclass(frozen=True, slots=True)
class PlacementChange:
    """What is to be different about a placement; None leaves a thing as it is.

    Attributes
    ----------
    control_points
        All points, in pixels of the sheet's first photo.
    method
        The transform.
    choose_method
        Take the transform anew by leave-one-out error.
    smoothing
        Of the thin plate spline.
    photo
        Number of the photo that is shown from now on.
    anchors
        All real lines and areas that drawings keep to; none at all lets go of those there were.
    reason
        Why, in a person's words.
    """

    control_points: tuple[NewControlPoint, ...] | None = None
    method: Method | None = None
    choose_method: bool = False
    smoothing: float | None = None
    photo: int | None = None
    reason: str = ""
    anchors: tuple[AnchorSnapshot, ...] | None = None
