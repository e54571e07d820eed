"""Colours can be read on paper and on a dark screen, and told apart by people who see fewer colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

from geo.domain.drawing import Ink
from geo.domain.vocabulary import Kind, Layer
from maps.style import INK_STYLES, KIND_STYLES, LAYER_STYLES, PALETTE, Role

Array = NDArray[np.float64]

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE Trans. Visualization and Computer Graphics 15(6), 2009: matrices of severity 1.0, for linear RGB.
DEFICIENCIES = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
LEAST_DIFFERENCE = 11.0
"""CIEDE2000; about 2 is just visible side by side, above 10 is plain at a glance."""


def linear(colour: str) -> Array:
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def as_lab(colour: str, matrix: Array) -> Array:
    seen = np.clip(matrix @ linear(colour), 0, 1)
    srgb = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    lab: Array = rgb2lab(srgb[None, None])[0, 0]
    return lab


def contrast(a: str, b: str) -> float:
    """Contrast ratio of WCAG 2.2, "relative luminance"."""
    darker, lighter = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (a, b))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails AA


DRAWN = sorted({style.role for style in KIND_STYLES.values()} | {style.role for style in LAYER_STYLES.values()})
GROUNDS = (Role.PAPER, Role.CARD)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", DRAWN)
def test_shapes_reach_aa_on_both_grounds(role: Role, ground: Role) -> None:
    # WCAG 2.2, 1.4.11: graphical objects 3:1.
    assert contrast(PALETTE[role].light, PALETTE[ground].light) >= 3
    assert contrast(PALETTE[role].dark, PALETTE[ground].dark) >= 3


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", [*DRAWN, Role.INK, Role.FAINT_INK])
def test_text_reaches_aa_on_both_grounds(role: Role, ground: Role) -> None:
    # WCAG 2.2, 1.4.3: text 4.5:1.
    assert contrast(PALETTE[role].light_text, PALETTE[ground].light) >= 4.5
    assert contrast(PALETTE[role].dark_text, PALETTE[ground].dark) >= 4.5


@pytest.mark.parametrize("ink", Ink)
def test_inks_reach_aa(ink: Ink) -> None:
    assert contrast(INK_STYLES[ink].light, PALETTE[Role.PAPER].light) >= 3
    assert contrast(INK_STYLES[ink].dark, PALETTE[Role.PAPER].dark) >= 3


@pytest.mark.parametrize("screen", ["light", "dark"])
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_layers_are_told_apart_by_everyone(deficiency: str, screen: str) -> None:
    matrix = DEFICIENCIES[deficiency]
    seen = {layer: as_lab(getattr(PALETTE[LAYER_STYLES[layer].role], screen), matrix) for layer in Layer}
    differences = {(a.value, b.value): float(deltaE_ciede2000(seen[a], seen[b])) for a, b in combinations(Layer, 2)}
    closest = min(differences, key=differences.__getitem__)
    assert differences[closest] >= LEAST_DIFFERENCE, f"{closest}: {differences[closest]:.1f}"


def test_every_kind_wears_a_colour_of_a_layer() -> None:
    layer_roles = {style.role for style in LAYER_STYLES.values()}
    assert {KIND_STYLES[kind].role for kind in Kind} <= layer_roles
