"""A phone held over the sheet: perspective and lens, as an exact map from paper to photo and back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from sketch_import.sample_sheet.hand import FloatArray

__all__ = ["Camera", "hold_camera"]


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """Paper (mm, x right, y down) to photo (pixels, x right, y down, from the top-left pixel corner).

    A homography followed by a radial lens distortion ``q (1 + k1 r² + k2 r⁴)``, where ``q`` is measured from the
    middle of the photo in half diagonals.
    """

    size: tuple[int, int]
    """Width and height of the photo in pixels."""
    homography: FloatArray
    """3 × 3, paper mm to pixels of a lens without distortion."""
    k1: float
    k2: float

    @property
    def _middle(self) -> FloatArray:
        return np.array(self.size, dtype=np.float64) / 2.0

    @property
    def _half_diagonal(self) -> float:
        return float(np.hypot(*self.size) / 2.0)

    def to_photo(self, paper: ArrayLike) -> FloatArray:
        """Return photo pixels (n, 2) of paper positions (n, 2) in mm."""
        points = np.asarray(paper, dtype=np.float64).reshape(-1, 2)
        ideal = np.column_stack([points, np.ones(len(points))]) @ self.homography.T
        q = (ideal[:, :2] / ideal[:, 2:] - self._middle) / self._half_diagonal
        r2 = np.sum(q**2, axis=1, keepdims=True)
        return np.asarray(self._middle + self._half_diagonal * q * (1.0 + self.k1 * r2 + self.k2 * r2**2))

    def to_paper(self, photo: ArrayLike) -> FloatArray:
        """Return paper positions (n, 2) in mm of photo pixels (n, 2); undoes `to_photo` to 1e-9."""
        d = (np.asarray(photo, dtype=np.float64).reshape(-1, 2) - self._middle) / self._half_diagonal
        radius = np.hypot(d[:, 0], d[:, 1])[:, None]
        r = radius.copy()
        for _ in range(12):
            value = r * (1.0 + self.k1 * r**2 + self.k2 * r**4) - radius
            r -= value / (1.0 + 3.0 * self.k1 * r**2 + 5.0 * self.k2 * r**4)
        q = d * np.where(radius > 0.0, r / np.where(radius > 0.0, radius, 1.0), 1.0)
        ideal = self._middle + self._half_diagonal * q
        back = np.column_stack([ideal, np.ones(len(ideal))]) @ np.linalg.inv(self.homography).T
        return np.asarray(back[:, :2] / back[:, 2:])

    def pixels_per_mm(self, paper: ArrayLike) -> FloatArray:
        """Return the local scale (n,) at paper positions (n, 2), the root of the area scale."""
        points = np.asarray(paper, dtype=np.float64).reshape(-1, 2)
        step = 0.5
        dx = (self.to_photo(np.add(points, [step, 0.0])) - self.to_photo(np.subtract(points, [step, 0.0]))) / (2 * step)
        dy = (self.to_photo(np.add(points, [0.0, step])) - self.to_photo(np.subtract(points, [0.0, step]))) / (2 * step)
        return np.asarray(np.sqrt(np.abs(dx[:, 0] * dy[:, 1] - dx[:, 1] * dy[:, 0])))


def hold_camera(
    rng: np.random.Generator, *, size: tuple[int, int], paper_mm: tuple[float, float], tilt: float = 1.0
) -> Camera:
    """Hold a phone over the sheet so that all of it and some of the table is in the picture.

    Parameters
    ----------
    rng
        Luck of the photographer.
    size
        Width and height of the photo in pixels.
    paper_mm
        Width and height of the sheet.
    tilt
        0 looks straight down; 1 is an ordinary careful photograph; 3 is careless.
    """
    width, height = size
    paper_w, paper_h = paper_mm
    # The far edge of the sheet is at the top of the photo, so it comes out shorter.
    lean, roll = 0.032 * tilt * rng.uniform(0.7, 1.3), 0.012 * tilt * rng.uniform(-1.0, 1.0)
    reach = min(0.965 * width / paper_w, 0.93 * height / (paper_h * (1 - 0.6 * lean)))
    half_w, half_h = reach * paper_w / (2 * width), reach * paper_h * (1 - 0.6 * lean) / (2 * height)
    corners = np.array(
        [
            [0.5 - half_w + lean, 0.5 - half_h + roll],
            [0.5 + half_w - lean, 0.5 - half_h - roll],
            [0.5 + half_w, 0.5 + half_h - roll],
            [0.5 - half_w, 0.5 + half_h + roll],
        ]
    )
    corners += rng.uniform(-0.006, 0.006, (4, 2)) * tilt
    corners = np.clip(corners, 0.008, 0.992)
    sheet = np.array([[0, 0], [paper_w, 0], [paper_w, paper_h], [0, paper_h]], dtype=np.float32)
    homography = cv2.getPerspectiveTransform(sheet, (corners * [width, height]).astype(np.float32))
    k1 = -0.014 * float(rng.uniform(0.6, 1.3))
    return Camera((width, height), np.asarray(homography, dtype=np.float64), k1, -0.15 * k1)
