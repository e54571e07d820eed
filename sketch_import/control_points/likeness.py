"""How much two places are called alike: by name however it is spelt, or by kind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz

from geo.domain.labels import label
from geo.domain.names import fold, latin_key
from geo.domain.vocabulary import Kind
from geo.i18n import LANGUAGES

__all__ = ["kind_code", "names_alike", "own_names"]

_SAME_SOUND = 0.93
"""The same sound in another alphabet or spelling, not the same letters."""
_LEAST = 0.82
"""Below this two names are two names: Ак-Суу and Кара-Суу reach 0.77."""


def kind_code(word: str) -> str:
    """Return one code for a kind, whether given as a code or as its label in a language of the house.

    >>> kind_code("Мектеп"), kind_code("school"), kind_code("Borehole ")
    ('school', 'school', 'borehole')
    """
    return _kinds().get(fold(word), fold(word))


@cache
def _kinds() -> dict[str, str]:
    codes = {fold(kind.value): kind.value for kind in Kind}
    return codes | {fold(label(kind, language)): kind.value for language in LANGUAGES for kind in Kind}


def own_names(names: Iterable[str], kind: str) -> tuple[str, ...]:
    """Return the names that say more than the kind: not “school” of a school, nor “school 2”.

    >>> own_names(["Мектеп", "school1", "Токтогул мектеби"], "school")
    ('Токтогул мектеби',)
    """
    kept = []
    for name in names:
        plain = fold("".join(letter for letter in name if not letter.isdigit() and letter not in "№#"))
        if plain and kind_code(plain) != kind and not (kind and plain == fold(kind)):
            kept.append(name)
    return tuple(kept)


def names_alike(first: Iterable[str], second: Iterable[str]) -> float:
    """Return how alike the most alike of two places' names are, 0–1; 0 where none are alike enough.

    ң/н, ө/о, ү/у, ё/е, case and hyphens make no difference, and little that of Cyrillic and Latin.

    >>> names_alike(["Көк-Жар"], ["кок жар"]), names_alike(["Көк-Жар"], ["Kok-Jar"])
    (1.0, 0.93)
    >>> names_alike(["Ак-Суу"], ["Кара-Суу"])
    0.0
    """
    others = [(fold(name), latin_key(name)) for name in second]
    best = 0.0
    for name in first:
        letters, sound = fold(name), latin_key(name)
        for other_letters, other_sound in others:
            if not (letters and other_letters):
                continue
            if letters == other_letters:
                return 1.0
            alike = _SAME_SOUND if sound and sound == other_sound else 0.0
            # Of short names one letter is half the name.
            if min(len(sound), len(other_sound)) >= 5:
                alike = max(alike, min(fuzz.ratio(sound, other_sound) / 100, _SAME_SOUND))
            best = max(best, alike)
    return best if best >= _LEAST else 0.0
