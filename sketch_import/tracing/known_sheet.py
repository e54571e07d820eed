"""What is known of a printed sheet before it is traced: where it is drawn on, and what is print."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["KnownSheet"]


@dataclass(frozen=True, slots=True, eq=False)
class KnownSheet:
    """A rectified sheet. Both masks have the size of the image, at full resolution."""

    inside: NDArray[np.uint8]
    """1 where participants draw, shape (h, w): nothing outside is traced."""
    printed: NDArray[np.uint8]
    """1 where grid lines or other thin print may be, shape (h, w). What is as pale as print is there no ink, and a
    stroke that crosses it goes on."""
