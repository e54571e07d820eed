"""Name the ink of each stroke as a person would: black, blue, red, green, brown, violet, pencil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.domain.drawing import Ink
from sketch_import.tracing.network import Network

__all__ = ["InkNames", "name_inks"]

_COLOURFUL = (0.11, 0.27)
"""Spread of the missing light over its largest channel from which a stroke has a colour: the lower figure
where the grey strokes of the photo are purely grey, so that a colour dulled by the camera still tells."""
_GREY_SPREADS = 3.5
_NEUTRAL = 0.14
_BLENDS = (1.0, 0.75, 0.5, 0.25, 0.0)
_PENCIL = 0.5
"""Darkest missing light of a graphite line; pens go beyond it unless they are thin and blurred."""
_SURE_BLACK = 0.6
_PENCIL_TO_PEN = 0.64
"""A grey line is pencil if it is weaker than this share of the black strokes beside it."""
_SHARP = 3.0
_THINNEST = 0.8
"""A stroke of this many pixels keeps its darkness; the thinnest keep this share of it."""
# Upper ends of the hue ranges in degrees; the last wraps round to red.
_HUES = ((17.0, Ink.RED), (62.0, Ink.BROWN), (172.0, Ink.GREEN), (252.0, Ink.BLUE), (327.0, Ink.VIOLET))
_SHORT = 6.0
"""Strokes shorter than this many widths follow their neighbours where their own colour is unsure."""


@dataclass(frozen=True, slots=True, eq=False)
class InkNames:
    """The ink of every stroke of a network, in its order."""

    inks: tuple[Ink, ...]
    certainty: NDArray[np.float64]
    """0 to 1 per stroke."""


def name_inks(network: Network, *, papers: NDArray[np.float64]) -> InkNames:
    """Name the inks from the direction of the missing light in colour space.

    On yellow paper a black *broad* stroke takes the same share of each channel, but a thin one the same
    amount of each, because cameras store colour at half the resolution: thin lines keep the tint of the
    paper. What counts as neutral is therefore a blend of the two, and the one under which most of the
    strokes are grey is taken.

    Parameters
    ----------
    network
        Strokes with their missing light.
    papers
        Colour of the bare paper beside each stroke, RGB 0–255, shape (n, 3).
    """
    strokes = network.strokes
    if not strokes:
        return InkNames(inks=(), certainty=np.zeros(0))
    colours = np.array([stroke.colour for stroke in strokes], dtype=np.float64)
    lengths = np.array([stroke.length for stroke in strokes])
    widths = np.array([stroke.width for stroke in strokes])
    balanced = _balance(colours, papers, lengths)
    spread, hue = _spread_and_hue(balanced)
    strength = balanced.max(axis=1)
    # The weaker a stroke, the more of its colour is grain.
    limit = _colour_limit(spread, lengths) + 0.015 / np.maximum(strength, 0.05)
    grey = spread < limit
    pencil = grey & _is_pencil(strength, grey, lengths, widths)
    inks = [
        (Ink.PENCIL if weak else Ink.BLACK) if plain else _of_hue(angle)
        for plain, weak, angle in zip(grey, pencil, hue, strict=True)
    ]
    certainty = np.clip(np.abs(spread - limit) / 0.15, 0.0, 1.0)
    certainty = np.where(grey, certainty, np.minimum(certainty, _hue_margin(hue)))
    return InkNames(inks=tuple(_follow_neighbours(network, inks, certainty, lengths)), certainty=certainty)


def _balance(
    colours: NDArray[np.float64], papers: NDArray[np.float64], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    taken = colours * papers
    mean = papers.mean(axis=1, keepdims=True)
    best, best_score = colours, -1.0
    for blend in _BLENDS:
        balanced = taken / (blend * papers + (1 - blend) * mean)
        spread = np.ptp(balanced, axis=1) / np.maximum(balanced.max(axis=1), 1e-3)
        score = float((lengths * np.exp(-((spread / _NEUTRAL) ** 2))).sum())
        # Dividing by the paper is the law; the blend must earn its place.
        if score > best_score * 1.05 + 0.02 * float(lengths.sum()):
            best, best_score = balanced, score
    return np.clip(best, 0.0, 1.0)


def _colour_limit(spread: NDArray[np.float64], lengths: NDArray[np.float64]) -> float:
    low, high = _COLOURFUL
    grey = spread < high * 0.75
    if lengths[grey].sum() < 0.05 * lengths.sum():
        return high
    order = np.argsort(spread[grey])
    along = np.cumsum(lengths[grey][order])
    typical = float(spread[grey][order][np.searchsorted(along, along[-1] / 2)])
    return float(np.clip(_GREY_SPREADS * typical, low, high))


def _spread_and_hue(missing: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    top = np.maximum(missing.max(axis=1), 1e-3)
    left = 1 - missing / top[:, None]
    spread = left.max(axis=1)
    red, green, blue = left.T
    safe = np.maximum(spread, 1e-6)
    hue = np.select(
        [left.argmax(axis=1) == 0, left.argmax(axis=1) == 1],
        [((green - blue) / safe) % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    return spread, 60 * hue


def _of_hue(angle: float) -> Ink:
    return next((ink for limit, ink in _HUES if angle < limit), Ink.RED)


def _hue_margin(hue: NDArray[np.float64]) -> NDArray[np.float64]:
    limits = np.array([limit for limit, _ in _HUES])
    away = np.abs(hue[:, None] - limits[None, :])
    margin: NDArray[np.float64] = np.clip(np.minimum(away, 360 - away).min(axis=1) / 12.0, 0.0, 1.0)
    return margin


def _is_pencil(
    strength: NDArray[np.float64], grey: NDArray[np.bool_], lengths: NDArray[np.float64], widths: NDArray[np.float64]
) -> NDArray[np.bool_]:
    # The thinner a line, the more of its darkness is lost to blur.
    whole = np.clip(widths / _SHARP, _THINNEST, 1.0)
    broad = strength / whole
    black = grey & (broad > _SURE_BLACK)
    limit = _PENCIL
    if lengths[black].sum() > 0.1 * lengths[grey].sum():
        limit = _PENCIL_TO_PEN * float(np.average(broad[black], weights=lengths[black]))
    return np.asarray(broad < limit)


def _follow_neighbours(
    network: Network, inks: Sequence[Ink], certainty: NDArray[np.float64], lengths: NDArray[np.float64]
) -> list[Ink]:
    """Let short or unsure strokes take the ink that most of what they touch has."""
    touching: list[list[int]] = [[] for _ in network.nodes]
    for index, stroke in enumerate(network.strokes):
        touching[stroke.ends[0]].append(index)
        touching[stroke.ends[1]].append(index)
    named = list(inks)
    weight = certainty * np.minimum(lengths, 40 * network.width)
    for index, stroke in enumerate(network.strokes):
        if certainty[index] > 0.35 and lengths[index] > _SHORT * stroke.width:
            continue
        votes: dict[Ink, float] = {inks[index]: float(weight[index]) * 1.2}
        for node in stroke.ends:
            for other in touching[node]:
                if other != index:
                    votes[inks[other]] = votes.get(inks[other], 0.0) + float(weight[other])
        named[index] = max(votes, key=lambda ink: votes[ink])
    return named
