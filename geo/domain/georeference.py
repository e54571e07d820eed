"""How a sheet is tied to the ground: methods and the origin of control points."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ControlPointSource", "Method"]


class Method(StrEnum):
    """Transform from sheet pixels to the ground, by the names QGIS and GDAL users know."""

    HELMERT = "helmert"
    AFFINE = "affine"
    POLYNOMIAL1 = "polynomial1"
    POLYNOMIAL2 = "polynomial2"
    POLYNOMIAL3 = "polynomial3"
    PROJECTIVE = "projective"
    TPS = "tps"

    @property
    def minimum_points(self) -> int:
        """Fewest control points that determine the transform."""
        return _MINIMUM_POINTS[self]


_MINIMUM_POINTS = {
    Method.HELMERT: 2,
    Method.AFFINE: 3,
    Method.POLYNOMIAL1: 3,
    Method.POLYNOMIAL2: 6,
    Method.POLYNOMIAL3: 10,
    Method.PROJECTIVE: 4,
    Method.TPS: 3,
}


class ControlPointSource(StrEnum):
    """Where a control point comes from."""

    FIDUCIAL = "fiducial"
    CLICKED = "clicked"
    GPS = "gps"
    MATCHED = "matched"
