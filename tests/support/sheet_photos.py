"""Phone photographs of printed sheets, with the truth: seeded, from a flat raster of the paper.

The paper is a surface in space (rolled, folded, wavy) seen by a pinhole camera with a little lens distortion; then
come light, shadow, glare, blur, grain and JPEG. Nothing here is shared with the reader of sheets.

Difficulties
------------
easy
    A careful photograph: tilt to 12 degrees, even light, 12 megapixels, all corners in the picture.
medium
    Tilt to 30 degrees, any rotation, a shadow, a yellow lamp, slight blur, paper that was rolled or folded, a thumb
    over a mark, perhaps a corner cut off.
hard
    Tilt to 45 degrees, 5 to 8 megapixels, strong shadow, glare, blur of two pixels and more, curl, creases, corners cut
    off, marks drawn over.
hopeless
    So blurred, so dark or so little of the sheet that nothing should be delivered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

__all__ = ["Difficulty", "SheetPhoto", "photograph"]

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

FOCAL = 0.78
"""Focal length over the long side of the sensor: the main camera of most phones."""
MESH_MM = 6.0
STEP_PX = 12
TABLE = np.array([122, 96, 74])


class Difficulty(StrEnum):
    """How careless the photographer was."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    HOPELESS = "hopeless"


@dataclass(frozen=True, slots=True)
class Luck:
    """Largest values that a difficulty draws from."""

    tilt: float
    curl: float
    folds: int
    wave_mm: float
    blur: tuple[float, float]
    noise: float
    shadow: float
    glare: float
    warm: float
    quality: tuple[int, int]
    megapixels: tuple[float, float]
    fill: tuple[float, float]
    thumbs: int


LUCK = {
    Difficulty.EASY: Luck(12, 0.0, 0, 0.4, (0.5, 0.8), 2.0, 0.0, 0.0, 0.06, (88, 95), (11.5, 12.2), (0.86, 0.95), 0),
    Difficulty.MEDIUM: Luck(30, 0.25, 1, 1.0, (0.6, 1.2), 4.0, 0.35, 0.3, 0.2, (75, 92), (9, 12.2), (0.84, 1.0), 1),
    Difficulty.HARD: Luck(45, 0.5, 2, 2.5, (1.2, 2.6), 8.0, 0.6, 0.9, 0.35, (55, 85), (5, 8), (0.8, 1.1), 3),
    Difficulty.HOPELESS: Luck(50, 0.6, 2, 3.0, (9, 16), 12.0, 0.8, 1.0, 0.4, (30, 60), (1, 4), (0.5, 1.2), 4),
}


@dataclass(frozen=True, slots=True, eq=False)
class SheetPhoto:
    """A photograph and what is true of it."""

    pixels: Bytes
    """RGB, (h, w, 3), already through JPEG."""
    jpeg: bytes
    to_photo: Callable[[Floats], Floats]
    """Paper mm, (n, 2), to pixels of the photo, corner origin."""
    tilt: float
    """Degrees between the optical axis and the normal of the paper."""
    blur: float
    """Standard deviation in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class _Surface:
    """The paper in space: millimetres from its middle, z towards the camera."""

    radius: float
    axis: float
    folds: tuple[tuple[float, float, float], ...]
    """Direction, distance from the middle, angle."""
    wave: tuple[float, float, float, float]

    def __call__(self, mm: Floats) -> Floats:
        x, y = mm.T
        z = np.zeros_like(x)
        for direction, distance, angle in self.folds:
            across = x * math.cos(direction) + y * math.sin(direction) - distance
            beyond = np.maximum(across, 0.0)
            x = x - beyond * (1 - math.cos(angle)) * math.cos(direction)
            y = y - beyond * (1 - math.cos(angle)) * math.sin(direction)
            z = z + beyond * math.sin(angle)
        if math.isfinite(self.radius):
            along = x * math.cos(self.axis) + y * math.sin(self.axis)
            aside = -x * math.sin(self.axis) + y * math.cos(self.axis)
            z = z + self.radius * (1 - np.cos(along / self.radius))
            along = self.radius * np.sin(along / self.radius)
            x = along * math.cos(self.axis) - aside * math.sin(self.axis)
            y = along * math.sin(self.axis) + aside * math.cos(self.axis)
        height, wx, wy, phase = self.wave
        return np.column_stack([x, y, z + height * np.sin(x * wx + y * wy + phase)])


@dataclass(frozen=True, slots=True, eq=False)
class _Phone:
    turn: Floats
    shift: Floats
    focal: float
    size: tuple[int, int]
    middle: Floats
    k1: float

    def __call__(self, space: Floats) -> Floats:
        seen = space @ self.turn.T + self.shift
        plane = seen[:, :2] / seen[:, 2:]
        r2 = (plane**2).sum(axis=1, keepdims=True)
        return np.asarray(self.middle + self.focal * plane * (1 + self.k1 * r2), np.float64)


def photograph(
    flat: Bytes, *, paper_mm: tuple[float, float], difficulty: Difficulty, seed: int, mirrored: bool = False
) -> SheetPhoto:
    """Photograph a sheet.

    Parameters
    ----------
    flat
        The paper from straight above, RGB, the whole paper, any resolution.
    paper_mm
        Its width and height.
    difficulty
        How careless the photographer was.
    seed
        The same seed gives the same photograph.
    mirrored
        As a front camera shows it.
    """
    rng = np.random.default_rng(seed)
    luck = LUCK[difficulty]
    width_mm, height_mm = paper_mm
    surface = _surface(rng, luck, paper_mm)
    tilt = float(rng.uniform(0.2, 1.0) * luck.tilt)
    phone = _hold(rng, luck, surface, paper_mm, tilt)

    def to_photo(mm: Floats) -> Floats:
        return phone(surface(np.asarray(mm, np.float64) - [width_mm / 2, height_mm / 2]))

    lookup = _inverse(to_photo, paper_mm, phone.size)
    blur = float(rng.uniform(*luck.blur))
    pixels = _expose(_soil(rng, flat, luck), lookup, paper_mm, rng, luck, blur)
    if mirrored:
        pixels = np.ascontiguousarray(pixels[:, ::-1])
    quality = int(rng.integers(*luck.quality))
    jpeg = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    decoded = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8)
    return SheetPhoto(pixels=decoded, jpeg=jpeg, to_photo=to_photo, tilt=tilt, blur=blur)


def _surface(rng: np.random.Generator, luck: Luck, paper_mm: tuple[float, float]) -> _Surface:
    long_side = max(paper_mm)
    bend = float(rng.uniform(0, luck.curl))
    """Angle in radians over which the long side is bent."""
    folds = tuple(
        (
            float(rng.choice([0.0, math.pi / 2]) + rng.normal(0, 0.03)),
            float(rng.uniform(-0.25, 0.25) * long_side),
            float(rng.uniform(0.01, 0.06)),
        )
        for _ in range(int(rng.integers(0, luck.folds + 1)))
    )
    wave = rng.uniform(0, luck.wave_mm), *(rng.uniform(-1, 1, 2) * 2 * math.pi / (0.6 * long_side)), rng.uniform(0, 6.3)
    axis = float(rng.choice([0.0, math.pi / 2]) + rng.normal(0, 0.1))
    return _Surface(long_side / bend if bend > 0.02 else math.inf, axis, folds, wave)


def _hold(
    rng: np.random.Generator, luck: Luck, surface: _Surface, paper_mm: tuple[float, float], tilt: float
) -> _Phone:
    long_px = math.sqrt(rng.uniform(*luck.megapixels) * 1e6 * 4 / 3)
    upright = rng.random() < 0.5
    size = (round(long_px), round(long_px * 0.75)) if upright else (round(long_px * 0.75), round(long_px))
    middle = np.array(size) / 2
    # Paper y runs down and z towards the camera; the camera looks along its own z.
    front = np.diag([1.0, 1.0, -1.0])
    direction = rng.uniform(0, 2 * math.pi)
    lean = cv2.Rodrigues(np.array([math.cos(direction), math.sin(direction), 0.0]) * math.radians(tilt))[0]
    # A phone is turned so that the sheet fits, give or take; and the sheet may lie any way up.
    fits = 0.0 if (paper_mm[0] > paper_mm[1]) == (size[0] > size[1]) else math.pi / 2
    roll = fits + rng.choice([0.0, math.pi]) + rng.normal(0, 0.12 if luck.tilt <= 12 else 0.35)
    turn = np.asarray(cv2.Rodrigues(np.array([0.0, 0.0, roll]))[0] @ lean @ front, np.float64)
    width, height = paper_mm
    rim = np.array([[x, y] for x in (-width / 2, 0, width / 2) for y in (-height / 2, 0, height / 2)])
    space = surface(rim)
    focal = FOCAL * max(size)
    fill = float(rng.uniform(*luck.fill))
    near, far = 0.3 * max(paper_mm), 12.0 * max(paper_mm)
    for _ in range(40):
        distance = (near + far) / 2
        phone = _Phone(turn, np.array([0.0, 0.0, distance]), focal, size, middle, 0.0)
        seen = phone(space)
        extent = np.ptp(seen, axis=0) / size
        near, far = (distance, far) if extent.max() > fill else (near, distance)
    seen = phone(space)
    # Aim at the middle of what is seen, and a little beside it.
    aim = (seen.min(axis=0) + seen.max(axis=0)) / 2 - middle
    slack = max(0.0, 1 - fill) / 2 + (0.03 if fill > 1 else 0.0)
    aim += rng.uniform(-1, 1, 2) * slack * np.array(size)
    return _Phone(turn, phone.shift, focal, size, middle - aim, float(rng.uniform(-0.03, 0.02)))


def _inverse(
    to_photo: Callable[[Floats], Floats], paper_mm: tuple[float, float], size: tuple[int, int]
) -> NDArray[np.float32]:
    """Paper mm of every pixel, (h, w, 2); NaN on the table."""
    # Beyond the edge of the paper the surface goes on, so that its edge is sharp.
    beyond = 3 * MESH_MM
    xs = np.arange(-beyond, paper_mm[0] + beyond + MESH_MM, MESH_MM)
    ys = np.arange(-beyond, paper_mm[1] + beyond + MESH_MM, MESH_MM)
    mesh = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    columns, rows = -(-size[0] // STEP_PX) + 1, -(-size[1] // STEP_PX) + 1
    nodes = np.stack(np.meshgrid((np.arange(columns) - 0.5) * STEP_PX, (np.arange(rows) - 0.5) * STEP_PX), axis=-1)
    found = LinearNDInterpolator(to_photo(mesh), mesh)(nodes.reshape(-1, 2)).reshape(rows, columns, 2)
    fine = cv2.resize(found.astype(np.float32), (columns * STEP_PX, rows * STEP_PX), interpolation=cv2.INTER_LINEAR)
    # Node k stands at (k - 1/2) steps; enlarging puts the middle of its block there once a whole step is cut.
    return np.ascontiguousarray(fine[STEP_PX : STEP_PX + size[1], STEP_PX : STEP_PX + size[0]])


def _soil(rng: np.random.Generator, flat: Bytes, luck: Luck) -> Bytes:
    """Scribble over the margin, as happens."""
    soiled = flat.copy()
    high, wide = flat.shape[:2]
    for _ in range(int(rng.integers(0, luck.thumbs + 1))):
        along = rng.uniform(0.05, 0.95)
        depth = 0.02 * min(high, wide)
        spot = [
            (along * wide, depth),
            (along * wide, high - depth),
            (depth, along * high),
            (wide - depth, along * high),
        ]
        x, y = spot[int(rng.integers(4))]
        radius = rng.uniform(0.015, 0.03) * min(high, wide)
        colour = tuple(int(value) for value in rng.choice([[205, 160, 130], [40, 60, 150], [250, 250, 250]]))
        cv2.ellipse(soiled, (round(x), round(y)), (round(radius), round(radius * 1.4)), 0, 0, 360, colour, -1)
    return soiled


def _expose(
    flat: Bytes, lookup: NDArray[np.float32], paper_mm: tuple[float, float], rng: np.random.Generator, luck: Luck,
    blur: float,
) -> Bytes:  # fmt: skip
    high, wide = lookup.shape[:2]
    per_mm = flat.shape[1] / paper_mm[0]
    # Where the photo is coarser than the raster, average first.
    scale = math.sqrt(float(np.nanmedian(np.abs(np.gradient(lookup[::50, ::50, 0])[1] / 50)) ** 2) + 1e-12) * per_mm
    source = cv2.GaussianBlur(flat, (0, 0), 0.4 * scale) if scale > 1.2 else flat
    x, y = lookup[..., 0] * per_mm - 0.5, lookup[..., 1] * per_mm - 0.5
    outside = ~np.isfinite(x)
    x, y = np.where(outside, -1e4, x), np.where(outside, -1e4, y)
    grain = cv2.resize(rng.normal(0, 10, (high // 6, wide // 90)).astype(np.float32), (wide, high))
    scene = np.asarray(TABLE + grain[..., None] + np.zeros((high, wide, 3)), np.float32)
    seen = cv2.remap(source, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=(0, 0, 0))
    full = np.full(flat.shape[:2], 255, np.uint8)
    share = cv2.remap(full, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    scene += (seen * np.float32(0.93) + 6 - scene) * (share[..., None] / np.float32(255))
    scene *= _light(rng, luck, (high, wide))
    if luck.glare:
        scene += _glare(rng, luck, (high, wide))
    scene = np.clip(scene, 0, 255)
    cv2.GaussianBlur(scene, (0, 0), blur, dst=scene)
    scene += rng.uniform(0.4, 1.0) * luck.noise * rng.standard_normal((high, wide, 1), np.float32)
    return np.asarray(np.clip(scene + 0.5, 0, 255), np.uint8)


def _light(rng: np.random.Generator, luck: Luck, size: tuple[int, int]) -> NDArray[np.float32]:
    high, wide = 60, 80
    y, x = np.mgrid[0:1:60j, 0:1:80j]
    direction = rng.uniform(0, 2 * math.pi)
    fall = 1 + rng.uniform(0, 0.45) * ((x - 0.5) * math.cos(direction) + (y - 0.5) * math.sin(direction))
    if luck.shadow:
        angle, place = rng.uniform(0, 2 * math.pi), rng.uniform(-0.3, 0.3)
        across = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle) - place
        dark = rng.uniform(0.3, 1.0) * luck.shadow
        fall = fall * (1 - dark / (1 + np.exp(-across / rng.uniform(0.01, 0.08))))
    warm = rng.uniform(0, luck.warm)
    colour = np.array([1.0, 1 - 0.35 * warm, 1 - warm])
    light = (fall * rng.uniform(0.75, 1.0))[..., None] * colour
    assert light.shape == (high, wide, 3)
    return np.asarray(cv2.resize(light.astype(np.float32), size[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def _glare(rng: np.random.Generator, luck: Luck, size: tuple[int, int]) -> NDArray[np.float32]:
    y, x = np.mgrid[0:1:60j, 0:1:80j]
    cx, cy, sx, sy = *rng.uniform(0.1, 0.9, 2), *rng.uniform(0.03, 0.1, 2)
    spot = np.exp(-(((x - cx) / sx) ** 2) - ((y - cy) / sy) ** 2) * rng.uniform(0.0, 260) * luck.glare
    return np.asarray(cv2.resize(spot.astype(np.float32), size[::-1])[..., None], np.float32)
