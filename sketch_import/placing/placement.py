"""Place a sheet on the ground by its control points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import Method
from geo.domain.labels import label_text
from geo.errors import Refused
from geo.i18n import Text
from sketch_import.control_points import ControlPoint, ground_array, named, pixel_array, shortened
from sketch_import.placing.advice import (
    doubts_about,
    hints_about,
    refusal_of_fold,
    refuse_contradiction,
    refuse_mirrored,
)
from sketch_import.placing.comparison import MethodReport, choose, compare
from sketch_import.placing.error_field import ErrorField, error_field
from sketch_import.placing.folding import region_of_points
from sketch_import.placing.geometry import place_geometry
from sketch_import.placing.local_metres import LocalMetres
from sketch_import.placing.suspects import Suspects, suspects
from sketch_import.transforms import FloatArray, Transform

__all__ = ["Placement", "Verdict", "place"]


class Verdict(StrEnum):
    """What a person may do with a placement."""

    PASS = "pass"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """A sheet tied to the ground.

    Pixels are x right, y down of the upright image; places are lon lat, EPSG:4326.

    Attributes
    ----------
    image_size
        Width and height of the upright image in pixels.
    control_points
        The points it was solved from.
    metres
        The UTM zone in which the transform was solved.
    transform
        Pixels to metres of that zone.
    report
        Quality of the method that was taken.
    reports
        All methods side by side.
    position_error_m
        How far, by leave-one-out, a place is off that is not a control point (root mean square); None where
        the points are too few to know. Never the residual: a spline has none, however wrong it is.
    doubts
        Why the verdict is doubtful, as sentences still to be put into words; empty where it passes.
    hints
        What else a person should know.
    smoothing
        Of the thin plate spline, needed to solve it again.
    errors
        The position error of every place; None where the points are too few to know.
    suspects
        Control points that do not belong.
    """

    image_size: tuple[int, int]
    control_points: tuple[ControlPoint, ...]
    metres: LocalMetres
    transform: Transform
    report: MethodReport
    reports: tuple[MethodReport, ...]
    position_error_m: float | None
    doubts: tuple[Text, ...]
    hints: tuple[Text, ...]
    smoothing: float = 0.0
    errors: ErrorField | None = None
    suspects: Suspects = field(default_factory=Suspects)

    @property
    def method(self) -> Method:
        """The method that was taken."""
        return self.transform.method

    @property
    def warnings(self) -> tuple[Text, ...]:
        """Doubts and hints together."""
        return self.doubts + self.hints

    @property
    def verdict(self) -> Verdict:
        """Pass, or doubtful where there is a doubt."""
        return Verdict.DOUBTFUL if self.doubts else Verdict.PASS

    def to_lonlat(self, xy: npt.ArrayLike) -> FloatArray:
        """Return lon lat of pixels, shape (n, 2) or (2,)."""
        return self.metres.to_lonlat(self.transform.forward(xy))

    def to_pixel(self, lonlat: npt.ArrayLike) -> FloatArray:
        """Return pixels of lon lat, shape (n, 2) or (2,); NaN where the sheet never arrives."""
        return self.transform.inverse(self.metres.from_lonlat(lonlat))

    def place_geometry(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in pixels as lon lat; long segments are bent where the method bends."""
        return place_geometry(geometry, transform=self.transform, metres=self.metres)

    def error_at(self, pixels: npt.ArrayLike) -> FloatArray:
        """Return the position error to be expected at pixels, shape (n, 2): metres (root mean square), shape (n,).

        Small near control points, but never zero, and larger far from them; see `ErrorField`. NaN where the
        points are too few to know.
        """
        xy = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
        return np.full(len(xy), np.nan) if self.errors is None else self.errors.at(xy)

    def errors_of(self, geometries: Sequence[BaseGeometry]) -> tuple[float | None, ...]:
        """Return the position error of geometries in pixels, metres: the root mean square along each.

        None where the points are too few to know, or the method does not reach the geometry.
        """
        if self.errors is None or not geometries:
            return (None,) * len(geometries)
        return tuple(float(error) if np.isfinite(error) else None for error in self.errors.of(geometries))

    def error_of(self, geometry: BaseGeometry) -> float | None:
        """Return the position error of one geometry in pixels; see `errors_of`."""
        return self.errors_of([geometry])[0]

    def footprint(self) -> shapely.Polygon:
        """Return the outline of the image on the ground, lon lat."""
        width, height = self.image_size
        placed = self.place_geometry(shapely.box(0, 0, width, height))
        if isinstance(placed, shapely.Polygon):
            return placed
        # Where the transform folds far from the drawing, the outline crosses itself.
        hull = placed.convex_hull
        return hull if isinstance(hull, shapely.Polygon) else shapely.Polygon()


_SAME_PLACE_M = 0.01


def _refuse_same_place(points: Sequence[ControlPoint], ground: FloatArray) -> None:
    # Degrees do not show it: at a pole every longitude is one place, and so are 180 and -180.
    pairs = sorted(KDTree(ground).query_pairs(_SAME_PLACE_M))
    if pairs:
        names = [named([replace(point, row=point.row or number)]) for number, point in enumerate(points, start=1)]
        same = [f"{names[first]} = {names[second]}" for first, second in pairs]
        raise Refused("transform.coincident_points", points=shortened(same))


def place(
    control_points: Sequence[ControlPoint],
    image_size: tuple[int, int],
    method: Method | None = None,
    *,
    drawing_extent: BaseGeometry | None = None,
    smoothing: float = 0.0,
) -> Placement:
    """Place a sheet by control points.

    The points are projected to the UTM zone of their centre, and the transform is solved there in metres.

    Parameters
    ----------
    control_points
        At least as many as the method needs.
    image_size
        Width and height of the upright image in pixels.
    method
        The transform; None takes the one with the smallest leave-one-out error, the simplest of those
        that do nearly as well, and never one that folds over.
    drawing_extent
        Where something is drawn, in pixels (its convex hull counts); without it the hull of the control
        points with a margin.
    smoothing
        For the thin plate spline; 0 meets every point.

    Raises
    ------
    geo.errors.Refused
        ``transform.*`` where the points cannot carry the method, ``placing.folds``,
        ``placing.folds_always``, ``placing.mirrored`` or ``placing.contradiction``.
    """
    points = tuple(control_points)
    needed = (method or Method.HELMERT).minimum_points
    if len(points) < needed:
        name = label_text(method or Method.HELMERT)
        raise Refused("transform.too_few_points", method=name, needed=needed, found=len(points))
    pixels, lonlat = pixel_array(points), ground_array(points)
    metres = LocalMetres.around(lonlat)
    ground = metres.from_lonlat(lonlat)
    _refuse_same_place(points, ground)
    region = region_of_points(pixels)
    if drawing_extent is not None and not drawing_extent.is_empty:
        region = shapely.union(drawing_extent, shapely.MultiPoint(pixels)).convex_hull
    reports = compare(points, pixels, ground, region=region, smoothing=smoothing)
    report = choose(reports) if method is None else next(report for report in reports if report.method is method)
    found = suspects(pixels, ground, side_px=max(image_size))
    if report is None:
        raise refusal_of_fold(reports[0], reports, points, found=found)
    if report.transform is None:
        raise report.refusal or Refused("transform.singular")
    refuse_mirrored(report, reports)
    if not report.usable:
        raise refusal_of_fold(report, reports, points, found=found)
    refuse_contradiction(reports, ground, points=points, found=found)
    doubts = doubts_about(report, reports, points, ground, found=found)
    hints = hints_about(report, reports, points, image_size=image_size, region=region, found=found)
    known = report.loo_rmse_m is not None
    return Placement(
        image_size=image_size,
        control_points=points,
        metres=metres,
        transform=report.transform,
        report=report,
        reports=reports,
        position_error_m=report.loo_rmse_m,
        doubts=doubts,
        hints=hints,
        smoothing=smoothing,
        errors=error_field(report.transform, points, image_size=image_size) if known else None,
        suspects=found,
    )
