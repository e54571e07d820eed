"""How much of each pixel is ink: paper vanishes, strokes stay, what lies around the paper vanishes too."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from sketch_import.tracing.light import even_out
from sketch_import.tracing.paper import find_paper

__all__ = ["ink_opacity"]

_FAINT, _SOLID = 24.0, 76.0
"""Share of the paper's light that is missing (of 255), from which ink begins to show and is full."""


def ink_opacity(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the opacity of ink, shape (height, width), 0 to 255.

    A pixel counts as ink by how much of the light that the bare paper would send back there is missing, in the
    channel where most is; so shadows and yellow light leave with the paper. The sheet and its light
    are found as for the tracing; table and wall around the sheet are left out.

    Parameters
    ----------
    pixels
        The upright image, RGB, shape (height, width, 3).
    """
    height, width = pixels.shape[:2]
    paper = find_paper(pixels)
    missing = even_out(pixels, inside=paper.inside).missing.max(axis=2).astype(np.float32)
    opacity = np.clip((missing - _FAINT) / (_SOLID - _FAINT), 0.0, 1.0)
    inside = cv2.resize(paper.inside.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    result: npt.NDArray[np.uint8] = np.where(inside > 0, np.rint(opacity * 255), 0).astype(np.uint8)
    return result
