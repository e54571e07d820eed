"""Colours by role, for paper and for a dark screen.

The six colours of the layers keep a difference of at least 11 (CIEDE2000) between any two of them, also for a
reader with protanopia, deuteranopia or tritanopia; tests/maps/test_palette.py measures it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["PALETTE", "Role", "Tone"]


class Role(StrEnum):
    """What a colour stands for."""

    PAPER = "paper"
    CARD = "card"
    RULE = "rule"
    INK = "ink"
    FAINT_INK = "faint_ink"
    STONE = "stone"
    LAKE = "lake"
    PASTURE = "pasture"
    VIOLET = "violet"
    FELT = "felt"
    APRICOT = "apricot"


@dataclass(frozen=True, slots=True)
class Tone:
    """One colour as ``#RRGGBB``: on paper and on a dark screen, for shapes and for small text."""

    light: str
    dark: str
    light_text: str
    dark_text: str


def _tone(light: str, dark: str, *, light_text: str = "", dark_text: str = "") -> Tone:
    return Tone(light, dark, light_text or light, dark_text or dark)


PALETTE: Mapping[Role, Tone] = MappingProxyType(
    {
        Role.PAPER: _tone("#FBF8F2", "#1C1A17"),
        Role.CARD: _tone("#FFFDF9", "#26231F"),
        Role.RULE: _tone("#DED5C4", "#4A443B"),
        Role.INK: _tone("#26221C", "#EFE9DD"),
        Role.FAINT_INK: _tone("#625A4E", "#B8AFA0"),
        Role.STONE: _tone("#666360", "#A8A499"),
        Role.LAKE: _tone("#0E6FC2", "#5CBAFF"),
        Role.PASTURE: _tone("#587A45", "#9DCA89"),
        Role.VIOLET: _tone("#5F3D82", "#B58FBF"),
        Role.FELT: _tone("#991714", "#DE675E"),
        # Apricot is light enough to tell from felt red and pasture green, and so too light for small text on paper.
        Role.APRICOT: _tone("#CB7917", "#F4A539", light_text="#8F5208"),
    }
)
