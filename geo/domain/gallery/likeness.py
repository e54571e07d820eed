"""What might be the same problem: alike in words, near each other, under the same competence; a person decides.

Two wordings are compared by what they are about (`geo.domain.gallery.subjects`): shared subjects count twice against
all subjects of both (Dice), a word that is spelt a little differently counts by its likeness. Wordings that name
opposites (drinking and irrigation water) are not alike. Nearness and competence add to words or take from them; they
never make two problems alike by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from geo.domain.gallery.subjects import OPPOSITES, subjects_of
from geo.domain.local_matters import Competence
from geo.i18n import Text

__all__ = ["ALIKE_ENOUGH", "ENOUGH", "MOST_ADDED", "NEAR_M", "Likeness", "likeness", "weight_of", "word_likeness"]

ENOUGH = 0.6
"""Score from which two problems are put before people."""
NEAR_M = 300.0
"""Places nearer than this speak for one problem: about a street's length (metres)."""
FAR_M = 2000.0
"""Places further apart than this speak against it, a little (metres)."""

_NEAR, _FAR, _SAME_COMPETENCE, _OTHER_COMPETENCE = 0.1, -0.1, 0.05, -0.1
MOST_ADDED = _NEAR + _SAME_COMPETENCE
"""What place and competence add to the likeness of words at most."""
ALIKE_ENOUGH = 0.88
"""Words spelt as nearly the same as this are taken for the same word."""
_MODIFIERS = {"[inner]": 0.3, "[street]": 0.5, "[hall]": 0.5, "[child]": 0.5, "[education]": 0.5}
_OPPOSITES = tuple(tuple(f"[{subject}]" for subject in sorted(pair)) for pair in OPPOSITES)
_OTHER_WORD = 0.3
"""Words outside the list are mostly ways of complaining; where both have no others, they decide alone."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two problems are, 0 to 1, and why."""

    score: float
    reasons: tuple[Text, ...]

    @property
    def is_enough(self) -> bool:
        """Whether people should be asked."""
        return self.score >= ENOUGH


def likeness(
    first: Sequence[str],
    second: Sequence[str],
    *,
    distance_m: float | None = None,
    competences: tuple[str | None, str | None] = (None, None),
) -> Likeness:
    """Compare two problems.

    Parameters
    ----------
    first, second
        The wordings of each: title and statements. The two that are most alike count.
    distance_m
        Shortest distance between their places in metres; None where one has none.
    competences
        Their competence codes; None where nobody has said.
    """
    best = max(((*word_likeness(one, other), one, other) for one in first for other in second), default=None)
    if best is None:
        return Likeness(0.0, ())
    score, shared, one, other = best
    reasons = [Text("alike.words", {"percent": round(100 * score), "words": f"{one} ↔ {other}"})]
    if not shared:
        return Likeness(score, tuple(reasons))
    if distance_m is not None:
        metres = round(distance_m)
        if distance_m <= NEAR_M:
            score += _NEAR
            reasons.append(Text("alike.near", {"metres": metres}))
        elif distance_m > FAR_M:
            score += _FAR
            reasons.append(Text("alike.far", {"metres": metres}))
    mine, theirs = competences
    if mine is not None and theirs is not None:
        if mine == theirs:
            score += _SAME_COMPETENCE
            label = Text(Competence.from_code(mine).label_key, {}, code=mine)
            reasons.append(Text("alike.competence", {"competence": label}))
        else:
            score += _OTHER_COMPETENCE
            reasons.append(Text("alike.other_competence", {}))
    return Likeness(min(max(score, 0.0), 1.0), tuple(reasons))


def word_likeness(one: str, other: str) -> tuple[float, int]:
    """Return how alike two wordings are, 0 to 1, and how many subjects they share.

    >>> word_likeness("Ички жолдор начар", "Плохие внутренние дороги")
    (1.0, 2)
    """
    return _compared(subjects_of(one), subjects_of(other))


@lru_cache(maxsize=65536)
def _compared(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[float, int]:
    for first, second in _OPPOSITES:
        named = (first in mine, second in mine), (first in theirs, second in theirs)
        if any(named[0]) and any(named[1]) and named[0][0] != named[1][0] and named[0][1] != named[1][1]:
            return 0.0, 0
    # Which word goes with which depends on where one begins, so both ways are tried.
    return max(_shared(mine, theirs), _shared(theirs, mine))


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> tuple[float, int]:
    total = sum(map(weight_of, mine)) + sum(map(weight_of, theirs))
    if not total:
        return 0.0, 0
    shared, count = 0.0, 0
    left = list(theirs)
    for word in mine:
        found, alike = _most_alike(word, left)
        if found is not None and alike >= ALIKE_ENOUGH:
            shared += alike * (weight_of(word) + weight_of(found))
            count += 1
            left.remove(found)
    return round(shared / total, 4), count


def _most_alike(word: str, among: Sequence[str]) -> tuple[str | None, float]:
    if word in among:
        return word, 1.0
    if word.startswith("["):
        return None, 0.0
    spelt = [(JaroWinkler.similarity(word, one), one) for one in among if not one.startswith("[")]
    alike, found = max(spelt, key=lambda one: one[0], default=(0.0, None))
    return found, alike


def weight_of(word: str) -> float:
    """Return what a subject or a stem counts in a comparison."""
    if word.startswith("["):
        return _MODIFIERS.get(word, 1.0)
    return _OTHER_WORD
