"""Sheets whose truth is known: a similarity, a smooth slip of memory on top, and slips of single places."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sketch_import.control_points import ControlPoint
from sketch_import.placing import LocalMetres

__all__ = ["SIZE", "ZONE", "Drawn", "draw", "moved"]

SIZE = (2400, 1700)
ZONE = LocalMetres(epsg=32643)
_SCALE = 1.5
_CORNER = (470_000.0, 4_700_000.0)
_WAVES = 60


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A sheet of 2400 × 1700 pixels, about 3.6 × 2.5 km: its control points, and other places with their truth."""

    points: tuple[ControlPoint, ...]
    asked: np.ndarray
    truth: np.ndarray


def draw(
    seed: int, count: int, *, reach_px: float = 500.0, bend_m: float = 40.0, slip_m: float = 5.0, stretch: float = 0.0
) -> Drawn:
    """Draw a sheet.

    Parameters
    ----------
    seed, count
        Of the draw, and how many control points it has; they lie at random, 60 pixels apart or more.
    reach_px, bend_m
        Reach and standard deviation (each axis) of the smooth slip: a sum of random waves, which tends to a normal
        field with a Gaussian covariance (Rahimi & Recht, 2007).
    slip_m
        Standard deviation (each axis) of the slip of every single place.
    stretch
        The sheet is wider by this share.
    """
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0, 2 * np.pi)
    matrix = (
        _SCALE * np.array([[np.cos(turn), np.sin(turn)], [np.sin(turn), -np.cos(turn)]]) @ np.diag([1 + stretch, 1])
    )
    waves, phases = rng.normal(0, 1 / reach_px, (_WAVES, 2)), rng.uniform(0, 2 * np.pi, (_WAVES, 2))

    def ground(pixels: np.ndarray) -> np.ndarray:
        angles = (pixels @ waves.T)[:, :, None] + phases[None]
        bend = bend_m * np.sqrt(2 / _WAVES) * np.cos(angles).sum(axis=1)
        return pixels @ matrix.T + bend + _CORNER + rng.normal(0, 1, pixels.shape) * slip_m

    spots: list[np.ndarray] = []
    while len(spots) < count:
        spot = rng.uniform([150, 120], [2250, 1580])
        if all(np.hypot(*(spot - other)) >= 60 for other in spots):
            spots.append(spot)
    pixels = np.array(spots)
    lonlat = ZONE.to_lonlat(ground(pixels))
    points = tuple(
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), label=f"p{row}", row=row)
        for row, ((x, y), (lon, lat)) in enumerate(zip(pixels, lonlat, strict=True), start=1)
    )
    asked = rng.uniform([50, 50], [2350, 1650], (200, 2))
    return Drawn(points=points, asked=asked, truth=ground(asked))


def moved(points: tuple[ControlPoint, ...], index: int, metres: np.ndarray) -> tuple[ControlPoint, ...]:
    """Return control points of which one has its place moved east and north."""
    lon, lat = ZONE.to_lonlat(ZONE.from_lonlat(points[index].lonlat) + metres)
    return (*points[:index], replace(points[index], lonlat=(float(lon), float(lat))), *points[index + 1 :])
