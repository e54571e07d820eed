"""Flipchart paper on a table, in the light of a room: everything in the photo but the ink.

All fields are made on a coarse grid and enlarged, for light is smooth; fine grain is added at full size by `exposure`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sketch_import.sample_sheet.camera import Camera
from sketch_import.sample_sheet.hand import FloatArray

__all__ = ["Backdrop", "Bytes", "Floats", "lay_out"]

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_COARSE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """The scene without ink.

    `sheet` is how much of each pixel is paper (0..255, full size), `table` the colour of the table (full size),
    `shine` the light that falls on the paper and `shade` the light that falls on the table (coarse grids of factors
    with three channels, red first), `paper` the colour of the sheet, `tape` strips of adhesive tape over it (0..255).
    """

    sheet: Bytes
    table: Bytes
    shine: Floats
    shade: Floats
    paper: tuple[float, float, float]
    tape: Bytes
    crease: Floats
    """Light and dark of the folds, a factor on a half-size grid."""


def _coarse_paper(camera: Camera) -> FloatArray:
    """Return the paper position in mm of the middle of every coarse cell (rows, columns, 2)."""
    width, height = camera.size
    columns, rows = -(-width // _COARSE), -(-height // _COARSE)
    x, y = np.meshgrid((np.arange(columns) + 0.5) * _COARSE, (np.arange(rows) + 0.5) * _COARSE)
    return camera.to_paper(np.column_stack([x.ravel(), y.ravel()])).reshape(rows, columns, 2)


def _clouds(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[int, int]) -> Floats:
    """Return smooth noise of unit deviation with about so many bumps down and across."""
    coarse = rng.standard_normal((cells[0] + 3, cells[1] + 3)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _boards(rng: np.random.Generator, size: tuple[int, int]) -> Bytes:
    """Return a table of varnished boards, red first."""
    # Half size is enough for what the lens leaves out of focus.
    width, height = -(-size[0] // 2), -(-size[1] // 2)
    # Boards run across the photo; their grain is long and thin.
    grain = _clouds(rng, (height, width), (max(2, height // 3), max(2, width // 210)))
    broad = _clouds(rng, (height, width), (max(2, height // 30), 2))
    tone = 1.0 + 0.05 * grain + 0.07 * broad
    board = height / 4.6
    edge = (np.arange(height) + rng.uniform(0, board)) % board
    seams = 1.0 - 0.55 * np.exp(-((edge / (0.0016 * height)) ** 2))
    steps = 1.0 + 0.06 * rng.standard_normal(8)[((np.arange(height) + board) // board).astype(int) % 8]
    tone *= (seams * steps)[:, None].astype(np.float32)
    colour = np.array([134.0, 96.0, 64.0], dtype=np.float32) * rng.uniform(0.85, 1.1)
    table = np.clip(tone[..., None] * colour, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(table, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _outline(camera: Camera, paper_mm: tuple[float, float], rng: np.random.Generator) -> FloatArray:
    """Return the edge of the sheet in pixels: straight on the paper, faintly torn along the perforation at the top."""
    w, h = paper_mm
    t = np.linspace(0.0, 1.0, 160)[:-1]
    sides = [
        np.column_stack([t * w, rng.normal(0.0, 0.35, t.size)]),
        np.column_stack([np.full(t.size, w), t * h]),
        np.column_stack([(1 - t) * w, np.full(t.size, h)]),
        np.column_stack([np.zeros(t.size), (1 - t) * h]),
    ]
    return camera.to_photo(np.vstack(sides))


def _filled(shape: tuple[int, int], polygon: FloatArray) -> Bytes:
    mask = np.zeros(shape, dtype=np.uint8)
    # Pixel centres are at .5 in our coordinates and at whole numbers in OpenCV's.
    cv2.fillPoly(mask, [np.round((polygon - 0.5) * 16).astype(np.int32)], 255, lineType=cv2.LINE_AA, shift=4)
    return mask


def _hand_shadow(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return the soft shadow of two hands with a phone, reaching in from the near edge."""
    rows, columns = shape
    x = columns * rng.uniform(0.60, 0.78)
    unit = columns
    phone = np.array(
        [[-0.13, -0.16], [0.16, -0.19], [0.17, -0.05], [0.26, 0.03], [0.34, 0.20], [-0.26, 0.20], [-0.20, 0.02]]
    )
    corners = phone * unit + [x, rows * 0.99]
    mask = np.zeros(shape, dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 255)
    soft = cv2.GaussianBlur(mask.astype(np.float32) / 255.0, (0, 0), 0.024 * columns)
    return np.asarray(1.0 - float(rng.uniform(0.20, 0.28)) * soft, dtype=np.float32)


def _creases(camera: Camera, paper_mm: tuple[float, float], rng: np.random.Generator) -> Floats:
    """Return light and dark along the two folds of a sheet that was carried folded in four."""
    width, height = camera.size
    rows, columns = -(-height // 2), -(-width // 2)
    field = np.zeros((rows, columns), dtype=np.float32)
    w, h = paper_mm
    bend = rng.uniform(-4, 4, 2)
    folds = (
        (np.column_stack([np.full(60, w / 2 + bend[0]), np.linspace(0, h, 60)]), (1.0, 0.0), 1.0),
        (np.column_stack([np.linspace(0, w, 60), np.full(60, h / 2 + bend[1])]), (0.0, 1.0), 0.7),
    )
    for line, across, strength in folds:
        for shift, width_mm, value in ((-1.6, 3.2, 0.030), (1.4, 2.8, -0.050), (0.0, 0.7, -0.055)):
            mark = camera.to_photo(line + np.multiply(across, shift)) / 2.0
            thick = max(1, round(width_mm * float(camera.pixels_per_mm(line[30:31])[0]) / 2.0))
            stroke = np.zeros_like(field)
            cv2.polylines(stroke, [np.round((mark - 0.5) * 16).astype(np.int32)], False, 1.0, thick, cv2.LINE_AA, 4)
            field += strength * value * cv2.GaussianBlur(stroke, (0, 0), max(0.6, 0.45 * thick))
    return np.asarray(1.0 + field, dtype=np.float32)


def _tape(camera: Camera, paper_mm: tuple[float, float], rng: np.random.Generator) -> Bytes:
    """Return strips of masking tape across the four corners."""
    mask = np.zeros(camera.size[::-1], dtype=np.uint8)
    w, h = paper_mm
    for x, y, lean in ((0, 0, -45), (w, 0, 45), (w, h, -45), (0, h, 45)):
        turn = np.deg2rad(lean + rng.uniform(-9, 9))
        along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        middle = np.array([x, y]) + np.array([w / 2 - x, h / 2 - y]) * 0.011 + rng.uniform(-2, 2, 2)
        half, ragged = float(rng.uniform(26, 34)), rng.uniform(-1.2, 1.2, 6)
        torn = np.linspace(-9.5, 9.5, 6)[:, None] * across + ragged[:, None] * along
        strip = np.vstack([middle + half * along + torn, middle - half * along + torn[::-1]])
        mask = np.maximum(mask, _filled(camera.size[::-1], camera.to_photo(strip)))
    return mask


def lay_out(camera: Camera, *, paper_mm: tuple[float, float], rng: np.random.Generator) -> Backdrop:
    """Lay the sheet on a table in the warm light of a window.

    Parameters
    ----------
    camera
        Where the phone is.
    paper_mm
        Width and height of the sheet.
    rng
        Luck of the day: light, boards, folds, curl.
    """
    width, height = camera.size
    position = _coarse_paper(camera)
    rows, columns = position.shape[:2]
    v = np.linspace(0.0, 1.0, rows, dtype=np.float32)[:, None]
    u = np.linspace(0.0, 1.0, columns, dtype=np.float32)[None, :]
    turn = rng.uniform(np.pi * 1.05, np.pi * 1.45)
    window = 1.0 + 0.17 * (np.cos(turn) * (u - 0.5) + np.sin(turn) * (v - 0.5))
    vignette = 1.0 - 0.13 * ((u - 0.5) ** 2 + (v - 0.5) ** 2) * 2.0
    light = window * vignette * _hand_shadow(rng, (rows, columns))
    warm = np.array([1.0, 0.972, 0.91], dtype=np.float32) ** float(rng.uniform(0.8, 1.25))
    waves = 0.013 * _clouds(rng, (rows, columns), (5, 7)) + 0.006 * _clouds(rng, (rows, columns), (22, 30))
    # The sheet was rolled: it lifts a little towards its left and right edges and turns from the light.
    across = (position[..., 0] / paper_mm[0] - 0.5).astype(np.float32)
    roll = 1.0 - 0.10 * np.clip(np.abs(across) * 2.0 - 0.72, 0.0, 0.3) * np.sign(across)
    shine = (light * (1.0 + waves) * roll)[..., None] * warm
    sheet = _filled((height, width), _outline(camera, paper_mm, rng))
    # The sheet does not lie flat everywhere, so it throws a soft shadow on the table.
    small = cv2.resize(sheet, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    move = np.array([[1, 0, 0.006 * columns], [0, 1, 0.008 * rows]], dtype=np.float32)
    cast_shadow = cv2.GaussianBlur(cv2.warpAffine(small, move, (columns, rows)), (0, 0), 0.006 * columns)
    shade = (light * (1.0 - 0.45 * cast_shadow))[..., None] * warm
    tint = rng.uniform(-0.008, 0.008, 3)
    return Backdrop(
        sheet=sheet,
        table=_boards(rng, camera.size),
        shine=shine.astype(np.float32),
        shade=shade.astype(np.float32),
        paper=(231 * (1 + tint[0]), 228 * (1 + tint[1]), 219 * (1 + tint[2])),
        tape=_tape(camera, paper_mm, rng),
        crease=_creases(camera, paper_mm, rng),
    )
