"""How people remember the ground: turned, stretched and locally displaced, but smoothly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sketch_import.sample_sheet.hand import FloatArray

__all__ = ["Recollection", "recollect"]


@dataclass(frozen=True, slots=True, eq=False)
class Recollection:
    """Ground metres (x east, y north, from the village centre) to paper mm (x right, y down).

    A displacement field of a few long waves, then a turn and one scale for each axis.
    """

    rotation_deg: float
    scale_mm_per_m: tuple[float, float]
    centre_mm: tuple[float, float]
    waves: FloatArray
    """(n, 5): wave numbers kx, ky in 1/m, phase, and the amplitudes ax, ay in metres."""

    def displacement(self, ground: ArrayLike) -> FloatArray:
        """Return by how many metres (n, 2) a place is remembered away from where it is."""
        points = np.asarray(ground, dtype=np.float64).reshape(-1, 2)
        phase = points @ self.waves[:, :2].T + self.waves[:, 2]
        return np.asarray(np.sin(phase) @ self.waves[:, 3:])

    def to_paper(self, ground: ArrayLike) -> FloatArray:
        """Return paper positions (n, 2) in mm of ground positions (n, 2) in metres."""
        points = np.asarray(ground, dtype=np.float64).reshape(-1, 2)
        moved = points + self.displacement(points)
        turn = np.deg2rad(self.rotation_deg)
        x = moved[:, 0] * np.cos(turn) - moved[:, 1] * np.sin(turn)
        y = moved[:, 0] * np.sin(turn) + moved[:, 1] * np.cos(turn)
        return np.column_stack(
            [self.centre_mm[0] + self.scale_mm_per_m[0] * x, self.centre_mm[1] - self.scale_mm_per_m[1] * y]
        )


def recollect(
    rng: np.random.Generator,
    *,
    rotation_deg: float,
    scale_mm_per_m: tuple[float, float],
    centre_mm: tuple[float, float],
    extent_m: tuple[float, float],
    largest_m: float,
) -> Recollection:
    """Make up a memory of the ground.

    Parameters
    ----------
    rng
        Luck.
    rotation_deg
        Turn of the drawing, counter-clockwise on the paper.
    scale_mm_per_m
        Scale along the two axes of the paper.
    centre_mm
        Where the village centre is meant to be on the paper.
    extent_m
        Width and height of the village.
    largest_m
        Largest displacement inside the village.
    """
    count = 5
    length = rng.uniform(0.75, 1.6, count) * max(extent_m)
    # Directions are spread evenly, so that no seed bends the village along one axis only.
    direction = np.pi * (np.arange(count) + rng.uniform(0.0, 1.0, count)) / count
    numbers = (2 * np.pi / length)[:, None] * np.column_stack([np.cos(direction), np.sin(direction)])
    amplitudes = rng.normal(0.0, 1.0, (count, 2)) * (length / length.max())[:, None]
    waves = np.column_stack([numbers, rng.uniform(0, 2 * np.pi, count), amplitudes])
    plain = Recollection(rotation_deg, scale_mm_per_m, centre_mm, waves)
    grid = np.stack(np.meshgrid(*(np.linspace(-e / 2, e / 2, 25) for e in extent_m)), axis=-1).reshape(-1, 2)
    largest = float(np.hypot(*plain.displacement(grid).T).max())
    waves[:, 3:] *= largest_m / largest
    return Recollection(rotation_deg, scale_mm_per_m, centre_mm, waves)
