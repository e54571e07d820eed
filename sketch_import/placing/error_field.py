"""How far off a place is: small beside the control points, larger between them, larger still beyond them.

What a drawing does wrong is a similarity (or an affine transform) with a wandering slip on top. The slip is taken as a
random field with a covariance that falls with the distance on paper, and is estimated at a place from the slips of the
control points: universal kriging (Matheron, "Le krigeage universel", 1969; Cressie, "Statistics for Spatial Data",
1993, 3.4). With the place T(x) that the chosen transform gives, the estimate K(x) and its variance V(x), ::

    error(x)² = mean over models of [ |T(x) − K(x)|² + V(x) ] + (reading · scale(x))² + accuracy(x)²

East and north are one complex number, so that both share the covariance. The models differ in reach and in the share
of slips that neighbours do not share; each weighs as much as the control points make it likely (restricted
likelihood, Patterson & Thompson, 1971). No pure residual enters: a spline that meets every point has T = K there, and V
keeps the slip that neighbours do not share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.georeference import ControlPointSource, Method
from sketch_import.control_points import ControlPoint
from sketch_import.transforms import FloatArray, Transform

__all__ = ["ErrorField", "accuracy_of", "error_field"]

READING = 1e-3
"""A person points at a place of a photo to about this part of its longer side: less than the width of a pen stroke."""

_CLICKED_M = 3.0
"""Clicked on a map or a picture from above: about what a handheld GPS with a free sky or good imagery gives."""
_GPS_M = 5.0
"""Of a phone under a free sky (van Diggelen & Enge, "The World's first GPS MOOC", ION GNSS+ 2015: 4.9 m)."""

_REACHES = (0.15, 0.3, 0.6, 1.2)
"""Of the slip, in lengths of the diagonal of the control points."""
_OWN_SHARES = (0.05, 0.35)
"""Share of the slip that belongs to one place alone, however near its neighbours are."""
_NEGLIGIBLE = 0.02
_BLOCK = 20_000
_SAMPLES = 12

ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """One covariance with its share of belief, ready to be asked."""

    belief: float
    reach: float
    shared: float
    variance: float
    bordered: ComplexArray
    estimate: ComplexArray


@dataclass(frozen=True, slots=True, eq=False)
class ErrorField:
    """The expected position error (root mean square, metres) of every place of a sheet.

    Of places, about 63 % are off by less than it and 95 % by less than 1.73 times it, as far as slips are normal
    (Rayleigh distribution of their length).
    """

    transform: Transform
    reading_px: float
    accuracies_m: FloatArray
    _knots: ComplexArray
    _centre: complex
    _affine: bool
    _unit: float
    _models: tuple[_Model, ...]

    def at(self, pixels: npt.ArrayLike) -> FloatArray:
        """Return the position error at pixels, x right, y down, shape (n, 2): metres, shape (n,).

        NaN where the transform does not arrive.
        """
        xy = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
        parts = [self._at(xy[start : start + _BLOCK]) for start in range(0, len(xy), _BLOCK)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def of(self, geometries: Sequence[BaseGeometry]) -> FloatArray:
        """Return the position error of geometries in pixels, metres, shape (n,): the root mean square along them."""
        samples = [_samples(geometry) for geometry in geometries]
        counts = np.array([len(sample) for sample in samples], dtype=np.intp)
        result = np.full(len(samples), np.nan)
        filled = counts > 0
        if filled.any():
            squared = self.at(np.concatenate([sample for sample in samples if len(sample)])) ** 2
            starts = np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
            result[filled] = np.sqrt(np.add.reduceat(squared, starts) / counts[filled])
        return result

    def _at(self, xy: FloatArray) -> FloatArray:
        place = _complex(self.transform.forward(xy))
        z = _complex(xy, flip=True)
        distance = np.abs(z[:, None] - self._knots[None])
        trend = _trend((z - self._knots.mean()) / self._unit, affine=self._affine)
        squared = np.zeros(len(xy))
        for model in self._models:
            near = np.concatenate([model.shared * _correlation(distance, model.reach), trend], axis=1)
            known = np.einsum("ni,ij,nj->n", near.conj(), model.bordered, near, optimize=True).real
            spread = np.maximum(1.0 - known, 1.0 - model.shared) * model.variance
            squared += model.belief * (np.abs(place - self._centre - near @ model.estimate) ** 2 + spread)
        scale = np.sqrt(np.abs(np.linalg.det(self.transform.jacobian(xy))))
        weights = 1.0 / np.maximum(distance, 1e-3 * self._unit) ** 2
        accuracy = (weights * self.accuracies_m**2).sum(axis=1) / weights.sum(axis=1)
        result: FloatArray = np.sqrt(squared + (self.reading_px * scale) ** 2 + accuracy)
        return result


def accuracy_of(point: ControlPoint) -> float:
    """Return how well the place of a control point is known on the ground, metres."""
    if point.accuracy_m is not None:
        return point.accuracy_m
    if point.source is ControlPointSource.FIDUCIAL:
        return 0.0  # a printed mark lies where the sheet's frame says, by definition
    return _GPS_M if point.source is ControlPointSource.GPS else _CLICKED_M


def error_field(
    transform: Transform, points: Sequence[ControlPoint], *, image_size: tuple[int, int]
) -> ErrorField | None:
    """Build the error field of a transform from the control points it was solved from.

    Parameters
    ----------
    transform
        Pixels to metres.
    points
        Its control points, in order.
    image_size
        Width and height of the upright image, pixels.

    Returns
    -------
    ErrorField or None
        None where the points are too few to tell (no more of them than the trend has unknowns).
    """
    knots = _complex(transform.pixels, flip=True)
    places = _complex(transform.ground)
    centre = complex(places.mean())
    places = places - centre
    count = len(knots)
    affine = transform.method is not Method.HELMERT and count > 4
    if count <= (3 if affine else 2):
        return None
    unit = float(np.hypot(*np.ptp(transform.pixels, axis=0)))
    accuracies = np.array([accuracy_of(point) for point in points])
    trend = _trend((knots - knots.mean()) / unit, affine=affine)
    distance = np.abs(knots[:, None] - knots[None])
    slips = places - trend @ np.linalg.lstsq(trend, places, rcond=None)[0]
    overall = float((np.abs(slips) ** 2).sum()) / (count - trend.shape[1])
    measured = np.array([point.accuracy_m or 0.0 for point in points])
    # What a receiver is known to be off by says nothing about the drawing.
    own = np.minimum(measured**2 / max(overall, 1e-12), 10.0)
    covariances = [(0.0, 1.0)] + [(1.0 - own_share, reach * unit) for own_share in _OWN_SHARES for reach in _REACHES]
    solved = [
        _solved(shared, reach, distance=distance, trend=trend, places=places, own=own) for shared, reach in covariances
    ]
    best = max(likelihood for likelihood, _ in solved)
    beliefs = np.exp(np.array([likelihood for likelihood, _ in solved]) - best)
    beliefs[beliefs < _NEGLIGIBLE * beliefs.sum()] = 0.0
    beliefs /= beliefs.sum()
    models = tuple(
        _Model(
            belief=float(belief),
            reach=model.reach,
            shared=model.shared,
            variance=model.variance,
            bordered=model.bordered,
            estimate=model.estimate,
        )
        for belief, (_, model) in zip(beliefs, solved, strict=True)
        if belief > 0
    )
    return ErrorField(
        transform=transform,
        reading_px=READING * max(image_size),
        accuracies_m=accuracies,
        _knots=knots,
        _centre=centre,
        _affine=affine,
        _unit=unit,
        _models=models,
    )


def _solved(
    shared: float, reach: float, *, distance: FloatArray, trend: ComplexArray, places: ComplexArray, own: FloatArray
) -> tuple[float, _Model]:
    """Return the logarithm of the restricted likelihood of one covariance, and the model."""
    count, unknowns = trend.shape
    covariance = shared * _correlation(distance, reach) + np.diag(1.0 - shared + own)
    bordered = np.zeros((count + unknowns, count + unknowns), dtype=np.complex128)
    bordered[:count, :count] = covariance
    bordered[:count, count:] = trend.conj()
    bordered[count:, :count] = trend.T
    inverse: ComplexArray = np.linalg.inv(bordered).astype(np.complex128)
    free = count - unknowns
    # The system answers for rows (near, trend of the place), hence its transpose on the side of the places.
    estimate = inverse.T[:, :count] @ places
    whitened = np.linalg.inv(covariance)
    inner = trend.conj().T @ whitened @ trend
    fitted = np.linalg.solve(inner, trend.conj().T @ whitened @ places)
    missed = places - trend @ fitted
    variance = max(float((missed.conj() @ whitened @ missed).real) / free, 1e-12)
    likelihood = -free * np.log(variance) - np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(inner)[1]
    # The variance itself is only known from a few slips: its share of what is to be expected (Student's t).
    widened = variance * (1.0 + 1.0 / free)
    model = _Model(belief=0.0, reach=reach, shared=shared, variance=widened, bordered=inverse, estimate=estimate)
    return float(likelihood), model


def _correlation(distance: FloatArray, reach: float) -> FloatArray:
    """Matérn correlation of smoothness 3/2 (Rasmussen & Williams, "Gaussian Processes", 2006, 4.17)."""
    ratio = np.sqrt(3.0) * distance / reach
    result: FloatArray = (1.0 + ratio) * np.exp(-ratio)
    return result


def _trend(z: ComplexArray, *, affine: bool) -> ComplexArray:
    columns = [np.ones_like(z), z] + ([z.conj()] if affine else [])
    return np.stack(columns, axis=1)


def _complex(xy: FloatArray, *, flip: bool = False) -> ComplexArray:
    result: ComplexArray = xy[:, 0] + (-1j if flip else 1j) * xy[:, 1]
    return result


def _samples(geometry: BaseGeometry) -> FloatArray:
    if geometry.is_empty or geometry.length == 0:
        return shapely.get_coordinates(geometry)
    # An object drawn in pieces may be an area and a stroke.
    outlines = [part.boundary if part.geom_type == "Polygon" else part for part in shapely.get_parts(geometry)]
    longest = max(shapely.get_parts(outlines), key=shapely.length)
    steps = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    return shapely.get_coordinates(shapely.line_interpolate_point(longest, steps, normalized=True))
