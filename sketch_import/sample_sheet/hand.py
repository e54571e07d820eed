"""A hand with a felt marker: strokes that wobble, press, overshoot, leave gaps and make dashes.

Everything is in millimetres on the paper, x right, y down, origin at the top-left corner of the sheet.
A seeded `numpy.random.Generator` decides every accident, so a drawing can be made again exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter1d

from geo.domain.drawing import Ink

__all__ = ["FloatArray", "Hand", "Stroke", "dashes", "dot", "draw", "draw_loop", "offset", "pick_hand", "resample"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hand:
    """How one person holds the marker."""

    width_mm: float = 2.3
    """Width of an ordinary stroke."""
    wobble_mm: float = 0.9
    """Slow drift of a long stroke from where it was meant to go (standard deviation)."""
    tremor_mm: float = 0.16
    """Quick shake (standard deviation)."""
    pressure: float = 0.12
    """Relative change of the width along a stroke (standard deviation)."""
    overshoot_mm: float = 1.4
    """How far a closed loop runs past its start, at most; as far it may stop short of it."""
    slant: float = 0.08
    """Lean of the letters, as the tangent of the angle from upright."""
    corner_mm: float = 0.6
    """How much a corner is rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One pull of the marker: centre line (n, 2) in mm, width (n,) in mm, ink and its density 0..1."""

    points: FloatArray
    widths: FloatArray
    ink: Ink
    density: float


def pick_hand(rng: np.random.Generator) -> Hand:
    """Return the hand of somebody, steady or shaky, light or heavy."""
    return Hand(
        width_mm=float(rng.uniform(2.0, 2.6)),
        wobble_mm=float(rng.uniform(0.6, 1.2)),
        tremor_mm=float(rng.uniform(0.10, 0.20)),
        pressure=float(rng.uniform(0.08, 0.15)),
        overshoot_mm=float(rng.uniform(0.8, 1.8)),
        slant=float(rng.uniform(-0.04, 0.16)),
        corner_mm=float(rng.uniform(0.4, 0.9)),
    )


def resample(points: ArrayLike, step_mm: float) -> FloatArray:
    """Return the polyline with points about `step_mm` apart; its ends stay where they are."""
    line = np.asarray(points, dtype=np.float64)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    if lengths[-1] == 0.0:
        return line[:1].repeat(2, axis=0)
    at = np.linspace(0.0, lengths[-1], max(2, round(lengths[-1] / step_mm) + 1))
    return np.column_stack([np.interp(at, lengths, line[:, 0]), np.interp(at, lengths, line[:, 1])])


def offset(points: ArrayLike, distance_mm: float) -> FloatArray:
    """Return the polyline moved sideways; positive is to the right of its direction as seen on the paper."""
    line = np.asarray(points, dtype=np.float64)
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    return line + distance_mm * np.column_stack([-along[:, 1], along[:, 0]])


def _drift(rng: np.random.Generator, count: int, correlation: float) -> FloatArray:
    """Return smooth noise (count, 2) of unit standard deviation, correlated over so many samples."""
    pad = int(4 * correlation) + 1
    raw = rng.standard_normal((count + 2 * pad, 2))
    smooth = gaussian_filter1d(raw, correlation, axis=0)[pad : pad + count]
    return np.asarray(smooth * np.sqrt(2.0 * np.sqrt(np.pi) * correlation))


def _shaken(line: FloatArray, hand: Hand, rng: np.random.Generator, step: float) -> FloatArray:
    length = step * (len(line) - 1)
    # A short stroke stays under the eye, so it drifts less than a long one.
    wobble = hand.wobble_mm * min(1.0, length / 120.0)
    tremor = hand.tremor_mm * min(1.0, length / 12.0)
    rounded = gaussian_filter1d(line, hand.corner_mm * min(1.0, length / 30.0) / step, axis=0, mode="nearest")
    slow = _drift(rng, len(line), max(1.0, min(22.0, length / 3.0) / step))
    quick = _drift(rng, len(line), max(0.8, 2.4 / step))
    return np.asarray(rounded + wobble * slow + tremor * quick)


def _pressed(
    points: FloatArray, hand: Hand, rng: np.random.Generator, *, width_mm: float, step: float, ink: Ink
) -> Stroke:
    swing = _drift(rng, len(points), max(1.0, 6.0 / step))[:, 0]
    widths = width_mm * np.clip(1.0 + hand.pressure * swing, 0.6, 1.45)
    # A felt tip rests a moment where it is set down and lifted: the ink spreads there.
    along = step * np.arange(len(points))
    from_end = np.minimum(along, along[::-1])
    widths = widths * (1.0 + 0.16 * np.exp(-from_end / (0.5 * width_mm)))
    return Stroke(points, widths, ink, float(np.clip(rng.normal(0.88, 0.06), 0.7, 0.99)))


def draw(points: ArrayLike, *, hand: Hand, rng: np.random.Generator, ink: Ink, width_mm: float | None = None) -> Stroke:
    """Draw an open line.

    Parameters
    ----------
    points
        Where the line is meant to go, (n, 2) in mm.
    hand, rng
        Whose hand, and its luck.
    ink
        Marker in the hand.
    width_mm
        Width of the stroke; the hand's usual width if None.
    """
    width = hand.width_mm if width_mm is None else width_mm
    step = float(np.clip(width / 3.0, 0.3, 1.0))
    return _pressed(_shaken(resample(points, step), hand, rng, step), hand, rng, width_mm=width, step=step, ink=ink)


def draw_loop(
    points: ArrayLike,
    *,
    hand: Hand,
    rng: np.random.Generator,
    ink: Ink,
    width_mm: float | None = None,
) -> Stroke:
    """Draw a closed loop as a person does: it runs a little past its start, or stops a little short of it.

    The corner points are given once each; the last joins the first.
    """
    ring = np.asarray(points, dtype=np.float64)
    width = hand.width_mm if width_mm is None else width_mm
    step = float(np.clip(width / 3.0, 0.3, 1.0))
    line = resample(np.vstack([ring, ring[:1]]), step)
    shaken = _shaken(line, hand, rng, step)
    # Aim back at the start, as the eye does.
    miss = shaken[0] - shaken[-1]
    shaken = shaken + miss * np.linspace(0.0, 1.0, len(shaken))[:, None] ** 2
    extra = float(rng.uniform(-0.6, 1.0)) * hand.overshoot_mm
    count = round(abs(extra) / step)
    if extra > 0:
        beyond = shaken[1 : count + 1] + rng.normal(0.0, 0.35, 2)
        shaken = np.vstack([shaken, beyond])
    elif 0 < count < len(shaken) // 8:
        shaken = shaken[:-count]
    return _pressed(shaken, hand, rng, width_mm=width, step=step, ink=ink)


def dashes(
    points: ArrayLike,
    *,
    hand: Hand,
    rng: np.random.Generator,
    ink: Ink,
    dash_mm: float = 8.0,
    gap_mm: float = 4.5,
    width_mm: float | None = None,
) -> tuple[Stroke, ...]:
    """Draw a dashed line; no two dashes are the same."""
    line = resample(points, 0.5)
    at, strokes = 0, []
    while at < len(line) - 4:
        end = at + max(4, round(2 * dash_mm * rng.uniform(0.75, 1.25)))
        strokes.append(draw(line[at : min(end, len(line))], hand=hand, rng=rng, ink=ink, width_mm=width_mm))
        at = end + max(3, round(2 * gap_mm * rng.uniform(0.75, 1.3)))
    return tuple(strokes)


def dot(centre: ArrayLike, radius_mm: float, *, hand: Hand, rng: np.random.Generator, ink: Ink) -> Stroke:
    """Press a filled dot: a tiny swirl of a wide stroke."""
    x, y = np.asarray(centre, dtype=np.float64)
    turn = rng.uniform(0, 2 * np.pi) + np.linspace(0, 1.6 * np.pi, 9)
    swirl = np.column_stack([x + 0.4 * radius_mm * np.cos(turn), y + 0.4 * radius_mm * np.sin(turn)])
    stroke = draw(swirl, hand=replace(hand, pressure=0.05), rng=rng, ink=ink, width_mm=1.2 * radius_mm)
    return replace(stroke, density=max(stroke.density, 0.92))
