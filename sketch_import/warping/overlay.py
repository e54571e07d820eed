"""The drawn sheet as a picture with transparent paper, to lie over a web map."""

from __future__ import annotations

import io

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from pyproj import Transformer

from geo.domain.labels import label_text
from geo.errors import Refused
from sketch_import.placing import Placement
from sketch_import.transforms import FloatArray, determinants
from sketch_import.warping.ink_opacity import ink_opacity
from sketch_import.warping.lookup import build_lookup
from sketch_import.warping.resampling import raster_of, resample, right_way_up

__all__ = ["overlay_png"]

_MERCATOR = 3857
_INKS = 24
_OPACITIES = 5
_MAX_BYTES = 600_000
_SMALLEST_SIDE = 400


def overlay_png(
    pixels: npt.NDArray[np.uint8],
    placement: Placement,
    *,
    ink_mask: npt.NDArray[np.uint8] | None = None,
    max_side: int = 1600,
    quick: bool = False,
) -> tuple[bytes, tuple[float, float, float, float]]:
    """Resample the ink of the sheet onto a Web Mercator grid.

    Parameters
    ----------
    pixels
        The upright image, RGB, shape (height, width, 3); also a smaller copy of it.
    placement
        Where it lies.
    ink_mask
        Opacity of ink, 0 to 255, shape (height, width); worked out from the picture where not given.
    max_side
        Largest number of columns or rows.
    quick
        Make it in a tenth of the time and twice the bytes: full colours, packed loosely.

    Returns
    -------
    tuple
        A PNG with a palette, its rows and columns in EPSG:3857, at most about 600 KB; and west, south, east,
        north in degrees.

    Raises
    ------
    geo.errors.Refused
        ``warp.nothing_upright``: the sheet is folded everywhere.
    """
    sheet, metres = right_way_up(placement)
    if not len(sheet):
        raise Refused("warp.nothing_upright", method=label_text(placement.method))
    to_mercator = Transformer.from_crs(placement.metres.epsg, _MERCATOR, always_xy=True)
    places = np.column_stack(to_mercator.transform(metres[:, 0], metres[:, 1]))
    stretch = float(np.sqrt(np.ptp(places, axis=0).prod() / np.ptp(metres, axis=0).prod()))
    detail = stretch * float(np.sqrt(np.median(np.abs(determinants(placement.transform.jacobian(sheet))))))
    inked = _inked(pixels, ink_opacity(pixels) if ink_mask is None else ink_mask)
    width, height = placement.image_size
    copied = np.array([pixels.shape[1] / width, pixels.shape[0] / height])

    side = max_side
    while True:
        resolution = float(np.ptp(places, axis=0).max()) / side
        raster = raster_of(places, sheet_area_px=np.inf, resolution=resolution, max_side=side)
        # Reduced first: a stroke of two pixels must not fall between the pixels of a coarse grid.
        reduced, scale = _reduced(inked, min(1.0, detail / resolution / float(copied.max())))

        def sheet_pixels(ground: FloatArray, scale: FloatArray = scale * copied) -> FloatArray:
            east, north = to_mercator.transform(ground[:, 0], ground[:, 1], direction="INVERSE")
            found = placement.transform.inverse(np.column_stack([east, north]))
            found[~(placement.transform.orientation(found) > 0)] = np.nan
            return found * scale

        planes = resample(reduced, build_lookup(raster, sheet_pixels))
        png = _loosely_packed(planes) if quick else _paletted(planes)
        if quick or len(png) <= _MAX_BYTES or side <= _SMALLEST_SIDE:
            break
        side = int(side * 0.8)
    west, south, east, north = raster.bounds
    lon, lat = Transformer.from_crs(_MERCATOR, 4326, always_xy=True).transform([west, east], [south, north])
    return png, (lon[0], lat[0], lon[1], lat[1])


def _inked(pixels: npt.NDArray[np.uint8], opacity: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return colour times opacity, and opacity: in this form paper never bleeds into ink when mixed."""
    colour = cv2.multiply(pixels, cv2.merge([opacity] * 3), scale=1 / 255)
    return np.dstack([colour, opacity]).astype(np.uint8)


def _reduced(inked: npt.NDArray[np.uint8], factor: float) -> tuple[npt.NDArray[np.uint8], FloatArray]:
    height, width = inked.shape[:2]
    if factor > 0.95:
        return inked, np.ones(2)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    reduced = cv2.resize(inked, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return reduced, np.array([size[0] / width, size[1] / height])


def _loosely_packed(planes: npt.NDArray[np.uint8]) -> bytes:
    """Return a PNG of planes as `_paletted` takes them, in full colours."""
    opacity = np.where(planes[4] > 0, planes[3], 0).astype(np.uint8)
    share = np.maximum(opacity, 1)
    colours = [cv2.divide(plane, share, scale=255) for plane in planes[:3]]
    ink = (opacity > 0).astype(np.uint8)
    bgra = cv2.merge([*(cv2.multiply(plane, ink) for plane in reversed(colours)), opacity])
    return cv2.imencode(".png", bgra, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


def _paletted(planes: npt.NDArray[np.uint8]) -> bytes:
    """Return a PNG of planes red, green, blue (times opacity), opacity, and sheet or not.

    The palette is a few colours of ink, each in a few steps of opacity, and one transparent entry.
    """
    opacity = np.where(planes[4] > 0, planes[3], 0)
    step = (opacity.astype(np.uint16) * _OPACITIES + 127) // 255
    inked = step > 0
    indexes = np.zeros(opacity.shape, dtype=np.uint8)
    palette = np.zeros((1, 3), dtype=np.uint8)
    if inked.any():
        share = opacity[inked].astype(np.uint16)
        colours = np.minimum(planes[:3, inked].astype(np.uint16) * 255 // share, 255).astype(np.uint8)
        inks = Image.fromarray(np.ascontiguousarray(colours.T[None])).quantize(_INKS, method=Image.Quantize.MEDIANCUT)
        chosen = np.asarray(inks)[0].astype(np.uint16)
        table = np.array(inks.getpalette(), dtype=np.uint8).reshape(-1, 3)
        palette = np.concatenate([palette, np.repeat(table, _OPACITIES, axis=0)])
        indexes[inked] = 1 + chosen * _OPACITIES + step[inked] - 1
    image = Image.fromarray(indexes)
    image.putpalette(palette.tobytes())
    steps = [round(255 * level / _OPACITIES) for level in range(1, _OPACITIES + 1)]
    transparency = bytes([0, *(steps * (len(palette) // _OPACITIES))])
    written = io.BytesIO()
    image.save(written, format="PNG", optimize=True, transparency=transparency)
    return written.getvalue()
