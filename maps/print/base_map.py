"""What a base map gives to a paper: a pale picture that fills the frame, or pale lines and areas in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from geo.i18n import Text

__all__ = ["BaseMap", "BaseName", "BaseShape", "pale_picture"]

_DARKEST = 191.0
"""Nothing is printed darker than a quarter of black: who reads the sheet tells ink from print by that."""
_COLOUR = 0.16
"""What is left of a colour's distance from grey."""


@dataclass(frozen=True, slots=True)
class BaseShape:
    """A line or an area, in millimetres on the paper: x right, y down, from its top-left corner."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    filled: bool


@dataclass(frozen=True, slots=True)
class BaseName:
    """A name beside what it names; x, y of the top-left corner of its first letter, in millimetres."""

    x: float
    y: float
    text: str
    size: float = 7.0
    """Of the type, in points."""


@dataclass(frozen=True, slots=True, eq=False)
class BaseMap:
    """A base map made for one frame."""

    picture: bytes | None = None
    """JPEG that fills the frame exactly."""
    shapes: tuple[BaseShape, ...] = ()
    names: tuple[BaseName, ...] = ()
    drawing: str = ""
    """SVG of the whole paper, laid over picture and shapes; in pale colours, as everything here."""
    warnings: tuple[Text, ...] = ()


def pale_picture(rgb: npt.NDArray[np.uint8], covered: npt.NDArray[np.uint8]) -> bytes:
    """Return a picture as pale print.

    Parameters
    ----------
    rgb
        Shape (h, w, 3), red first.
    covered
        Shape (h, w), 0 where the map has nothing; paper stays white there.

    Returns
    -------
    bytes
        A JPEG of the same size: lightness between a quarter of black and white, colours faded.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    light = cv2.LUT(grey, np.linspace(_DARKEST + 2, 255, 256).astype(np.uint8))
    # Colour as an offset from grey, small enough that no channel becomes much darker than the lightness.
    offset = cv2.addWeighted(rgb, _COLOUR, cv2.merge([grey] * 3), -_COLOUR, 128.0)
    pale = cv2.addWeighted(cv2.merge([light] * 3), 1.0, offset, 1.0, -128.0)
    pale = np.maximum(pale, int(_DARKEST))
    pale[covered == 0] = 255
    written, jpeg = cv2.imencode(".jpg", cv2.cvtColor(pale, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    if not written:
        raise ValueError("the picture could not be encoded")
    return jpeg.tobytes()
