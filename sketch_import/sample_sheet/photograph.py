"""The sample sheet as a whole: the drawing, its photograph and the truth of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.spatial.corners import with_corners_moved
from sketch_import.sample_sheet.artist import PAPER_MM, DrawnPlace
from sketch_import.sample_sheet.camera import Camera, hold_camera
from sketch_import.sample_sheet.exposure import take_photo
from sketch_import.sample_sheet.hand import FloatArray
from sketch_import.sample_sheet.paper import Bytes, lay_out
from sketch_import.sample_sheet.sheet import Drawing, draw_sheet

__all__ = ["DEFAULT_SEED", "ClickedPoint", "SampleSheet", "make_sample_sheet"]

DEFAULT_SEED = 20141119
"""Date of the session whose minutes the village follows."""


@dataclass(frozen=True, slots=True)
class ClickedPoint:
    """A landmark as a person clicked it: pixel x, y in the upright photo (y down), and its lon lat on the ground."""

    name: str
    clicked: tuple[float, float]
    drawn: tuple[float, float]
    """Pixel where the landmark truly is on the photo."""
    lon_lat: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class SampleSheet:
    """A photographed hand drawing with its truth.

    Pixel geometry is in the upright photo: x right, y down, from the top-left corner of the top-left pixel.
    """

    seed: int
    image: Bytes
    """Upright photo (rows, columns, 3), uint8, red first."""
    drawing: Drawing
    camera: Camera
    control_points: tuple[ClickedPoint, ...]

    def pixel_geometry(self, drawn: DrawnPlace) -> BaseGeometry:
        """Return the geometry of a drawn place in photo pixels."""
        moved: BaseGeometry = with_corners_moved(drawn.paper, self.camera.to_photo)
        return moved

    def pixel_box(self, corners: FloatArray) -> Polygon:
        """Return a box of the paper (n, 2 in mm) as a polygon in photo pixels."""
        return Polygon(self.camera.to_photo(corners))

    @property
    def key_box(self) -> Polygon:
        """Frame of the key in photo pixels."""
        return self.pixel_box(self.drawing.key.frame)


def make_sample_sheet(*, seed: int = DEFAULT_SEED, size: tuple[int, int] = (4000, 3000)) -> SampleSheet:
    """Draw the sample village by hand and photograph it with a phone.

    Parameters
    ----------
    seed
        Another seed is another hand, another memory of the ground, another photo; the same seed gives the same bytes.
    size
        Width and height of the upright photo in pixels.

    Examples
    --------
    >>> sheet = make_sample_sheet(size=(400, 300))
    >>> sheet.image.shape
    (300, 400, 3)
    >>> len(sheet.control_points)
    10
    """
    drawing_rng, camera_rng, backdrop_rng, photo_rng, click_rng = np.random.default_rng(seed).spawn(5)
    drawing = draw_sheet(drawing_rng)
    camera = hold_camera(camera_rng, size=size, paper_mm=PAPER_MM)
    backdrop = lay_out(camera, paper_mm=PAPER_MM, rng=backdrop_rng)
    image = take_photo(drawing.strokes, backdrop, camera, rng=photo_rng)
    points = []
    for landmark in drawing.landmarks:
        x, y = camera.to_photo([landmark.paper])[0]
        # A finger misses by about three pixels of a 12-megapixel photo, never by more than five.
        miss = click_rng.normal(0.0, 2.0, 2)
        miss *= min(1.0, 5.0 / max(float(np.hypot(*miss)), 1e-9)) * size[0] / 4000.0
        points.append(
            ClickedPoint(
                landmark.name,
                (round(float(x + miss[0]), 2), round(float(y + miss[1]), 2)),
                (float(x), float(y)),
                landmark.lon_lat,
            )
        )
    return SampleSheet(seed, image, drawing, camera, tuple(points))
