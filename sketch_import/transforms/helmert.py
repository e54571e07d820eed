"""Similarity of four parameters: shift, rotation, one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sketch_import.transforms.frame import FloatArray

__all__ = ["Helmert", "solve_helmert"]


@dataclass(frozen=True, slots=True, eq=False)
class Helmert:
    """``w = turn · z + shift`` with points as complex numbers."""

    turn: complex
    shift: complex

    def forward(self, points: FloatArray) -> FloatArray:
        """Map source points, shape (n, 2), to the target."""
        return _as_xy(self.turn * _as_complex(points) + self.shift)

    def jacobian(self, points: FloatArray) -> FloatArray:
        """Return the same rotation and scale everywhere, shape (n, 2, 2)."""
        a, b = self.turn.real, self.turn.imag
        return np.broadcast_to(np.array([[a, -b], [b, a]]), (len(points), 2, 2))

    def inverse(self, points: FloatArray) -> FloatArray:
        """Undo `forward` in closed form."""
        return _as_xy((_as_complex(points) - self.shift) / self.turn)


def solve_helmert(source: FloatArray, target: FloatArray) -> Helmert:
    """Solve the similarity that misses the target points least, in the sum of squares.

    Parameters
    ----------
    source, target
        Shape (n, 2), n ≥ 2, unit frames with the second axis up.
    """
    z, w = _as_complex(source), _as_complex(target)
    z_mean, w_mean = complex(z.mean()), complex(w.mean())
    turn = complex(np.vdot(z - z_mean, w - w_mean) / np.vdot(z - z_mean, z - z_mean))
    return Helmert(turn=turn, shift=w_mean - turn * z_mean)


def _as_complex(points: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.complex128]]:
    return np.ascontiguousarray(points).view(np.complex128)[:, 0]


def _as_xy(numbers: np.ndarray[tuple[int], np.dtype[np.complex128]]) -> FloatArray:
    return np.ascontiguousarray(numbers).view(np.float64).reshape(-1, 2)
