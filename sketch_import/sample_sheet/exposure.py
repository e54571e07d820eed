"""The photograph: ink soaked into paper, light, lens and sensor."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from geo.domain.drawing import Ink
from sketch_import.sample_sheet.camera import Camera
from sketch_import.sample_sheet.hand import Stroke
from sketch_import.sample_sheet.paper import Backdrop, Bytes, Floats

__all__ = ["ink_layers", "take_photo"]

_THROUGH: dict[Ink, tuple[float, float, float]] = {
    Ink.BLACK: (0.15, 0.145, 0.16),
    Ink.BLUE: (0.10, 0.27, 0.66),
    Ink.GREEN: (0.12, 0.47, 0.23),
    Ink.RED: (0.80, 0.12, 0.14),
    Ink.BROWN: (0.46, 0.27, 0.14),
    Ink.VIOLET: (0.40, 0.18, 0.55),
    Ink.PENCIL: (0.48, 0.48, 0.49),
}
"""Share of red, green and blue light that comes back through a full layer of a marker's ink."""

_STRIP = 200
_SHIFT = 4


def _soak(layer: Bytes, stroke: Stroke, camera: Camera) -> None:
    """Add one stroke to a layer of ink, in place; where strokes cross, more ink lies."""
    pixels = camera.to_photo(stroke.points) - 0.5
    half = 0.5 * stroke.widths * camera.pixels_per_mm(stroke.points)
    height, width = layer.shape
    low = np.maximum(np.floor((pixels - half[:, None]).min(axis=0)).astype(int) - 2, 0)
    high = np.minimum(np.ceil((pixels + half[:, None]).max(axis=0)).astype(int) + 3, [width, height])
    if np.any(high <= low):
        return
    mask = np.zeros((high[1] - low[1], high[0] - low[0]), dtype=np.uint8)
    local = pixels - low
    along = np.gradient(local, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    side = half[:, None] * np.column_stack([-along[:, 1], along[:, 0]])
    one = 1 << _SHIFT
    left, right = np.round((local + side) * one).astype(np.int32), np.round((local - side) * one).astype(np.int32)
    centres, radii = np.round(local * one).astype(np.int32), np.round(half * one).astype(np.int32)
    for i in range(len(local) - 1):
        quad = np.array([left[i], left[i + 1], right[i + 1], right[i]])
        cv2.fillConvexPoly(mask, quad, 255, cv2.LINE_AA, _SHIFT)
    for (x, y), radius in zip(centres.tolist(), radii.tolist(), strict=True):
        cv2.circle(mask, (x, y), radius, 255, -1, cv2.LINE_AA, _SHIFT)
    there = layer[low[1] : high[1], low[0] : high[0]]
    dry = cv2.multiply(255 - there, 255 - cv2.convertScaleAbs(mask, alpha=0.93 * stroke.density), scale=1.0 / 255.0)
    there[...] = 255 - dry


def ink_layers(strokes: Iterable[Stroke], camera: Camera) -> dict[Ink, Bytes]:
    """Return how much ink of each colour lies on each pixel of the photo, 0..255 (rows, columns)."""
    layers: dict[Ink, Bytes] = {}
    for stroke in strokes:
        if stroke.ink not in layers:
            layers[stroke.ink] = np.zeros(camera.size[::-1], dtype=np.uint8)
        _soak(layers[stroke.ink], stroke, camera)
    return layers


def _enlarged(field: Floats, first: int, last: int, size: tuple[int, int]) -> Floats:
    """Return rows first..last of a coarse field blown up to the photo."""
    rows, columns = field.shape[:2]
    width, height = size
    scale_x, scale_y = columns / width, rows / height
    move = np.array([[scale_x, 0, 0.5 * scale_x - 0.5], [0, scale_y, (first + 0.5) * scale_y - 0.5]])
    return np.asarray(
        cv2.warpAffine(
            field,
            move,
            (width, last - first),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def take_photo(strokes: Iterable[Stroke], backdrop: Backdrop, camera: Camera, *, rng: np.random.Generator) -> Bytes:
    """Take the photograph.

    Parameters
    ----------
    strokes
        What was drawn, in mm on the paper.
    backdrop
        Paper, table and light.
    camera
        Where the phone is.
    rng
        Grain of the paper, blur and noise of the sensor.

    Returns
    -------
    numpy.ndarray
        The upright photo (rows, columns, 3), uint8, red first. The same generator state gives the same bytes.
    """
    width, height = camera.size
    layers = ink_layers(strokes, camera)
    tables = {
        ink: np.exp(np.linspace(0.0, 1.0, 256)[:, None] * np.log(_THROUGH[ink])).astype(np.float32) for ink in layers
    }
    photo = np.empty((height, width, 3), dtype=np.uint8)
    paper = np.array(backdrop.paper, dtype=np.float32)
    # A tip runs dry and is wetted again: bands of paler ink a few millimetres long.
    dry = rng.standard_normal((height // 14, width // 14), dtype=np.float32)
    tape = np.array([205.0, 186.0, 140.0], dtype=np.float32)
    for first in range(0, height, _STRIP):
        last = min(first + _STRIP, height)
        rows = slice(first, last)
        # Paper fibres drink unevenly: the grain shows in the paper faintly and in the ink more.
        grain = cv2.GaussianBlur(rng.standard_normal((last - first, width), dtype=np.float32), (0, 0), 1.1)
        dryness = _enlarged(dry, first, last, camera.size)
        scene = np.ones((last - first, width, 3), dtype=np.float32)
        flat = scene.reshape(-1, 3)
        for ink, layer in layers.items():
            amount = layer[rows].ravel()
            wet = np.flatnonzero(amount)
            soaked = amount[wet] * (0.93 + 0.2 * grain.ravel()[wet] + 0.07 * dryness.ravel()[wet])
            flat[wet] *= tables[ink][np.clip(soaked, 0, 255).astype(np.uint8)]
        scene *= paper
        scene *= (_enlarged(backdrop.crease, first, last, camera.size) * (1.0 + 0.018 * grain))[..., None]
        strip = backdrop.tape[rows, :, None].astype(np.float32) * (0.62 / 255.0)
        scene += strip * (tape - scene)
        scene *= _enlarged(backdrop.shine, first, last, camera.size)
        around = backdrop.table[rows] * _enlarged(backdrop.shade, first, last, camera.size)
        around += strip * (tape * 0.8 - around)
        share = backdrop.sheet[rows, :, None].astype(np.float32) / 255.0
        photo[rows] = np.clip(around + share * (scene - around), 0, 255)
    scale = width / 4000.0
    cv2.GaussianBlur(photo, (0, 0), max(0.45, 0.95 * scale * float(rng.uniform(0.85, 1.15))), dst=photo)
    speckle = float(rng.uniform(1.6, 2.6))
    for first in range(0, height, _STRIP):
        rows = slice(first, min(first + _STRIP, height))
        part = photo[rows].astype(np.float32)
        shape = part.shape[:2]
        part += speckle * rng.standard_normal((*shape, 1), dtype=np.float32)
        colour = rng.standard_normal((-(-shape[0] // 4), -(-shape[1] // 4), 3), dtype=np.float32)
        part += speckle * cv2.resize(colour, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
        photo[rows] = np.clip(part + 0.5, 0, 255)
    return photo
