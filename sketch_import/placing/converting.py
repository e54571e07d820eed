"""Turn single coordinates by the control points of a file, between sheet pixels and the ground."""

from __future__ import annotations

from dataclasses import dataclass

from pyproj import CRS

from geo.domain.georeference import Method
from geo.errors import Refused
from sketch_import.control_points import (
    PointTable,
    check_points,
    control_points_of,
    ground_array,
    looks_like_degrees,
)
from sketch_import.placing.comparison import choose, compare
from sketch_import.placing.folding import Turning, examine, region_of_points
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.transforms import FloatArray, Transform, fit

__all__ = ["Converter", "converter_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Converter:
    """A transform in the coordinates that a person types.

    Attributes
    ----------
    transform
        Pixels to plane coordinates.
    metres
        The UTM zone of those coordinates where people type lon lat; None where they type plane coordinates.
    crs
        The plane system that the file names; None for lon lat and for a plane without a name.
    """

    transform: Transform
    metres: LocalMetres | None
    crs: CRS | None

    @property
    def is_nameless_plane(self) -> bool:
        """True where nobody said which plane system the coordinates belong to."""
        return self.metres is None and self.crs is None

    @property
    def keeps_upright(self) -> bool:
        """False where the sheet folds over or is mirrored among the control points."""
        region = region_of_points(self.transform.pixels)
        return examine(self.transform, region).turning is Turning.UPRIGHT

    def forward(self, pixels: FloatArray) -> FloatArray:
        """Return the ground coordinates of pixels, shape (n, 2), y down: lon lat or plane coordinates."""
        plane = self.transform.forward(pixels)
        return plane if self.metres is None else self.metres.to_lonlat(plane)

    def inverse(self, ground: FloatArray) -> FloatArray:
        """Return the pixels of ground coordinates, shape (n, 2); NaN where the sheet never arrives."""
        plane = ground if self.metres is None else self.metres.from_lonlat(ground)
        return self.transform.inverse(plane)


def converter_of(table: PointTable, *, method: Method | None = None, smoothing: float = 0.0) -> Converter:
    """Solve a converter from the control points of a file.

    Lon lat (and every geographic system) is solved in the UTM zone of the points, a projected system in
    itself. Coordinates of no named system that cannot be degrees are taken as a plane.

    Parameters
    ----------
    table
        Enabled rows.
    method
        The transform; None chooses by leave-one-out error.
    smoothing
        For the thin plate spline.

    Raises
    ------
    geo.errors.Refused
        See `check_points` and `fit`.
    """
    check_points(table, method=method)
    metres: LocalMetres | None = None
    crs = table.crs
    if (crs is None and not looks_like_degrees(table)) or (crs is not None and crs.is_projected):
        ground = table.ground
    else:
        lonlat = ground_array(control_points_of(table))
        metres, crs = LocalMetres.around(lonlat), None
        ground = metres.from_lonlat(lonlat)
    if method is None:
        transform = _chosen(table, ground, smoothing=smoothing)
    else:
        transform = fit(method, table.pixels, ground, smoothing=smoothing)
    return Converter(transform=transform, metres=metres, crs=crs)


def _chosen(table: PointTable, ground: FloatArray, *, smoothing: float) -> Transform:
    region = region_of_points(table.pixels)
    report = choose(compare(table.rows, table.pixels, ground, region=region, smoothing=smoothing))
    if report is None or report.transform is None:
        raise Refused("transform.singular")
    return report.transform
