"""A world file: the six numbers that lay a picture on a map without bending it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geo.domain.georeference import Method
from geo.domain.labels import label_text, label_texts
from geo.errors import Refused
from sketch_import.control_points import pixel_array
from sketch_import.placing import Placement
from sketch_import.placing.folding import region_of_points
from sketch_import.transforms import FloatArray, fit

__all__ = ["STRAIGHT_METHODS", "WorldFile", "world_file"]

STRAIGHT_METHODS = (Method.HELMERT, Method.AFFINE, Method.POLYNOMIAL1)
"""Those that keep straight lines straight and parallel ones parallel, as six numbers can."""
_GRID = 25


@dataclass(frozen=True, slots=True)
class WorldFile:
    """East and north of a pixel: ``(east, north) = (a·column + b·row + c, d·column + e·row + f)``.

    Columns and rows count pixel centres from 0, as world files do; our own pixels have their origin at the corner.

    Attributes
    ----------
    a, b, c, d, e, f
        Metres of the UTM zone ``epsg``.
    rms_m, worst_m
        How far it is from the placement itself within the control points; 0 where it is the same.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    epsg: int
    rms_m: float = 0.0
    worst_m: float = 0.0

    @property
    def text(self) -> str:
        """The six lines in the order of the format: a, d, b, e, c, f."""
        return "".join(f"{value:.12f}\n" for value in (self.a, self.d, self.b, self.e, self.c, self.f))


def world_file(placement: Placement, *, approximate: bool = False) -> WorldFile:
    """Return the world file of a placement.

    Parameters
    ----------
    placement
        Where the sheet lies.
    approximate
        For a method that bends, take the affine transform that is nearest to it within the control points.

    Raises
    ------
    geo.errors.Refused
        ``sheet_export.bends``: six numbers cannot say what the method does.
    """
    width, height = placement.image_size
    if placement.method in STRAIGHT_METHODS:
        # Over the whole picture, so that no digit is lost between neighbouring pixels.
        pixels = np.array([[0, 0], [width, 0], [0, height]], dtype=np.float64)
        return _through(pixels, placement.transform.forward(pixels), placement.metres.epsg)
    if not approximate:
        raise Refused("sheet_export.bends", method=label_text(placement.method), straight=label_texts(STRAIGHT_METHODS))
    pixels = _within_points(placement)
    ground = placement.transform.forward(pixels)
    nearest = fit(Method.AFFINE, pixels, ground)
    misses = np.hypot(*(nearest.forward(pixels) - ground).T)
    corners = np.array([[0, 0], [width, 0], [0, height]], dtype=np.float64)
    return _through(
        corners,
        nearest.forward(corners),
        placement.metres.epsg,
        rms_m=float(np.sqrt((misses**2).mean())),
        worst_m=float(misses.max()),
    )


def _through(
    pixels: FloatArray, ground: FloatArray, epsg: int, *, rms_m: float = 0.0, worst_m: float = 0.0
) -> WorldFile:
    """Return the world file through three corners: top left, top right, bottom left."""
    across = (ground[1] - ground[0]) / (pixels[1, 0] - pixels[0, 0])
    down = (ground[2] - ground[0]) / (pixels[2, 1] - pixels[0, 1])
    first = ground[0] + 0.5 * across + 0.5 * down
    (a, d), (b, e), (c, f) = (tuple(map(float, pair)) for pair in (across, down, first))
    return WorldFile(a=a, b=b, c=c, d=d, e=e, f=f, epsg=epsg, rms_m=rms_m, worst_m=worst_m)


def _within_points(placement: Placement) -> FloatArray:
    region = region_of_points(pixel_array(placement.control_points))
    left, top, right, bottom = region.bounds
    grid = np.stack(np.meshgrid(np.linspace(left, right, _GRID), np.linspace(top, bottom, _GRID)), axis=-1)
    spots = grid.reshape(-1, 2)
    return spots[shapely.contains_xy(region, spots[:, 0], spots[:, 1])]
