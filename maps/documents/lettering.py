"""Letters: what may stand in a file at all, which font has it, and where a word too long for its place may break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import typst
from fontTools.ttLib import TTFont, TTLibError

from maps.print.letters import font_file, has_letter, width_mm

__all__ = ["FONT", "Lettering", "breakable", "lettering_for", "plain"]

FONT = "Noto Sans"
_VOWELS = "аеёиоөуүыэюяaeiouy"
_SHORTEST_PIECE = 3
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad") | {chr(code) for code in range(0xFE00, 0xFE10)}
# Overrides of direction could show a name as another; letters that run right to left do so by themselves.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Lettering:
    """Fonts for a text: the house's, and where it lacks a letter, all of this machine.

    Parameters
    ----------
    missing
        Letters that no font of this machine has.
    packages
        Which packages have them.
    """

    fonts: typst.Fonts
    missing: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


def plain(words: str) -> str:
    r"""Return words without characters that files may not hold or that turn the direction of others.

    >>> plain("Арал\x00\u202e")
    'Арал'
    """
    kept = words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        one
        for one in kept
        if one == "\n" or (unicodedata.category(one) not in ("Cc", "Cs", "Cn") and one not in _OVERRIDES)
    )


def breakable(words: str, room_mm: float, size_pt: float, *, bold: bool = False) -> str:
    r"""Put soft hyphens into words that are too wide for their place, between syllables where there are any.

    >>> breakable("узун жоопкерчиликтүүлүктү", 20, 9).replace("\u00ad", "·")
    'узун жооп·кер·чи·лик·түү·лүк·тү'
    """

    def broken(found: re.Match[str]) -> str:
        wide = width_mm(found[0], size_pt, bold=bold)
        if wide <= room_mm:
            return found[0]
        return _syllables(found[0], max(_SHORTEST_PIECE, int(0.7 * len(found[0]) * room_mm / wide)))

    return re.sub(r"[^\s\u00ad–—/-]{4,}", broken, words)


def _syllables(word: str, most: int) -> str:
    # A break stands before a consonant with its vowel: "мек-теп", "кы-зы-л".
    small = word.lower()
    breaks = [
        at
        for at in range(2, len(word) - 1)
        if small[at] not in _VOWELS
        and small[at].isalpha()
        and small[at + 1] in _VOWELS
        and any(one in _VOWELS for one in small[:at])
    ]
    pieces: list[str] = []
    last = 0
    for at in [*breaks, len(word)]:
        piece = word[last:at]
        if at != len(word) and len(piece) < 2:
            continue
        # A row of letters without any syllable breaks wherever the line is full.
        pieces += [piece[start : start + most] for start in range(0, len(piece), most)]
        last = at
    return "\u00ad".join(pieces)


def lettering_for(words: Iterable[str]) -> Lettering:
    """Choose fonts for a text.

    The house's font has all letters of Kyrgyz, Russian and English. Others are sought among the fonts of this machine.

    Raises
    ------
    Failed
        The house's font is not installed; the message names the package.
    """
    wanted = {one for text in words for one in text if not (one.isspace() or one in _INVISIBLE or has_letter(one))}
    if not wanted:
        return Lettering(_house_fonts())
    for path, index in _machine_fonts():
        wanted -= _letters_in(path, index)
    missing = tuple(sorted(wanted))
    return Lettering(_every_font(), missing, tuple(sorted({_package_of(one) for one in missing})))


@cache
def _house_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)])


@cache
def _every_font() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(font_file().parent)])


@cache
def _machine_fonts() -> tuple[tuple[str, int], ...]:
    return tuple(sorted({(font.path, font.index) for font in _every_font().fonts() if font.path}))


@cache
def _letters_in(path: str, index: int) -> frozenset[str]:
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(map(chr, font.getBestCmap() or ()))
    except (TTLibError, OSError, KeyError):
        return frozenset()  # a broken font of the machine has no letters for us


def _package_of(letter: str) -> str:
    code = ord(letter)
    if code >= 0x1F000 or unicodedata.category(letter) == "So":
        return "fonts-noto-color-emoji"
    if 0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF:
        return "fonts-noto-cjk"
    return "fonts-noto-core"
