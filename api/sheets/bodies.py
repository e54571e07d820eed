"""What is sent to place a sheet."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from api.rest.texts import StorableText
from geo.domain.drawing import CandidateKind, Ink, Pattern
from geo.domain.georeference import ControlPointSource, Method
from geo.domain.vocabulary import Kind
from geo.drafts import NewControlPoint
from geo.services.deciding.decisions import MOST_DECISIONS, Decision

__all__ = [
    "MOST_POINTS",
    "ControlPointBody",
    "DecisionsBody",
    "LegendBody",
    "LegendRead",
    "PlacementBody",
    "ReadingBody",
    "RestoreBody",
    "SaidMethod",
    "said_method",
]

MOST_POINTS: Final = 400
_FURTHEST: Final = 1e6
"""Pixels; no picture is as large."""


class SaidMethod(StrEnum):
    """A transform by the names of this interface, and by those that QGIS and GDAL users know."""

    SIMILARITY = "similarity"
    AFFINE = "affine"
    PROJECTIVE = "projective"
    POLYNOMIAL1 = "polynomial1"
    POLYNOMIAL2 = "polynomial2"
    POLYNOMIAL3 = "polynomial3"
    THIN_PLATE_SPLINE = "thin_plate_spline"
    HELMERT = "helmert"
    TPS = "tps"

    @property
    def method(self) -> Method:
        """The transform."""
        return {SaidMethod.SIMILARITY: Method.HELMERT, SaidMethod.THIN_PLATE_SPLINE: Method.TPS}.get(self) or Method(
            self.value
        )


def said_method(method: Method) -> str:
    """Return what this interface calls a transform."""
    return {Method.HELMERT: SaidMethod.SIMILARITY, Method.TPS: SaidMethod.THIN_PLATE_SPLINE}.get(
        method, SaidMethod(method.value)
    ).value


Pixel = Annotated[float, Field(ge=-_FURTHEST, le=_FURTHEST)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ControlPointBody(_Strict):
    """A place known both on the sheet and on the ground."""

    pixel: tuple[Pixel, Pixel] = Field(description="x right, y down, in pixels of the sheet's picture.")
    lonlat: tuple[Longitude, Latitude] = Field(description="Longitude and latitude in degrees.")
    label: StorableText = Field(default="", max_length=200)
    enabled: bool = True
    source: ControlPointSource = ControlPointSource.CLICKED
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)

    def point(self) -> NewControlPoint:
        """Return the point as the services take it."""
        return NewControlPoint(
            pixel=self.pixel,
            lonlat=self.lonlat,
            label=self.label.strip(),
            enabled=self.enabled,
            source=self.source,
            accuracy_m=self.accuracy_m,
        )


class PlacementBody(_Strict):
    """Control points and how to place by them."""

    control_points: list[ControlPointBody] = Field(max_length=MOST_POINTS)
    method: SaidMethod | None = Field(default=None, description="Without: the one that predicts unseen points best.")
    smoothing: float = Field(default=0.0, ge=0, le=1e6, description="Of the thin plate spline.")
    reason: StorableText = Field(
        default="", max_length=2_000, description="Why, for those who look at the versions later."
    )

    def points(self) -> tuple[NewControlPoint, ...]:
        """Return the points as the services take them."""
        return tuple(one.point() for one in self.control_points)

    @property
    def wanted(self) -> Method | None:
        """The transform asked for; None leaves the choice to the program."""
        return None if self.method is None else self.method.method


class RestoreBody(_Strict):
    """Why an old placement is to hold again."""

    reason: StorableText = Field(default="", max_length=2_000)


class ReadingBody(_Strict):
    """Control points as a person pastes them."""

    text: str = Field(max_length=1_000_000)
    crs: str | None = Field(default=None, max_length=200, description="Such as EPSG:32643; without: degrees.")


class DecisionsBody(_Strict):
    """Decisions about the drawings of a sheet; all take effect or none."""

    decisions: list[Decision] = Field(min_length=1, max_length=MOST_DECISIONS)


class LegendEntryBody(_Strict):
    """What a look stands for."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    ink: Ink
    pattern: Pattern
    shape: CandidateKind
    kind: Kind


class LegendBody(_Strict):
    """What inks and strokes mean."""

    entries: list[LegendEntryBody] = Field(max_length=200)


class LegendRead(BaseModel):
    """What inks and strokes mean on the sheets of an event."""

    model_config = ConfigDict(from_attributes=True)

    entries: list[LegendEntryBody]
    is_proposed: bool = Field(description="Whether it was said of another event of the village, and not yet of this.")
    version: int = Field(description="Of what was said of this event, as in the ETag; 0 where nothing was.")
