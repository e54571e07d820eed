"""Words in drawings: how wide they are, and where long ones may break."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from maps.print.letters import POINT_MM, printable, width_mm

__all__ = ["break_word", "line_width", "wrap"]

_VOWELS: Final = frozenset("аеёиоөуүыэюяaeiouyАЕЁИОӨУҮЫЭЮЯAEIOUY")
_SIGNS: Final = frozenset("ьъЬЪ")
_LEAST_PIECE: Final = 2


@lru_cache(maxsize=20_000)
def _ems(words: str, bold: bool) -> float:
    return width_mm(words, 1 / POINT_MM, bold=bold)


def line_width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of words is, in the unit of the size of its type."""
    return _ems(words, bold) * size


def break_word(word: str, size: float, room: float, *, bold: bool = False) -> Iterator[str]:
    """Yield pieces of a word that fit the room, each but the last with a hyphen.

    A word breaks between syllables, as Kyrgyz and Russian break it: every piece has a vowel, and a consonant before a
    vowel goes with it. A word without such places breaks where it must.
    """
    rest = word
    while line_width(rest, size, bold=bold) > room and len(rest) > 2 * _LEAST_PIECE:
        fitting = [
            at
            for at in range(_LEAST_PIECE, len(rest) - _LEAST_PIECE + 1)
            if line_width(rest[:at] + "-", size, bold=bold) <= room
        ]
        if not fitting:
            break
        at = max((at for at in fitting if _may_break(rest, at)), default=fitting[-1])
        yield rest[:at] + ("" if rest[at - 1] == "-" else "-")
        rest = rest[at:]
    yield rest


def _may_break(word: str, at: int) -> bool:
    before, after = word[:at], word[at:]
    if before[-1] == "-":
        return True
    if not (_VOWELS & set(before) and _VOWELS & set(after)) or after[0] in _SIGNS | {"й", "-"}:
        return False
    # A consonant before a vowel goes with it; of several consonants only the last.
    return after[0] not in _VOWELS and after[1] in _VOWELS


def wrap(words: str, size: float, room: float, *, bold: bool = False, lines: int = 0) -> list[str]:
    """Break words into lines that fit a room.

    Parameters
    ----------
    words
        As people wrote them; spaces are joined, and what no printer prints is left out.
    size, room
        Size of the type and width of the lines, in one unit.
    bold
        Weight of the type.
    lines
        At most so many lines, the last with an ellipsis where words were left out; 0 for as many as are needed.
    """
    found: list[str] = []
    line = ""
    for word in printable(words).split(" "):
        for piece in _pieces(word, size, room, bold=bold):
            joined = f"{line} {piece}" if line else piece
            if line and (line.endswith("\u00ad") or line_width(joined, size, bold=bold) > room):
                found.append(line.rstrip("\u00ad"))
                joined = piece
            line = joined
    found.append(line.rstrip("\u00ad"))
    if lines and len(found) > lines:
        found = found[:lines]
        last = found[-1]
        while last and line_width(last + "…", size, bold=bold) > room:
            last = last[:-1].rstrip(" ,;-")
        found[-1] = last + "…"
    return found


def _pieces(word: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    pieces = list(break_word(word, size, room, bold=bold))
    # A soft hyphen at the end says: the line ends here, whatever comes next.
    yield from (piece + "\u00ad" for piece in pieces[:-1])
    yield pieces[-1]
