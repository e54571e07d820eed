"""Which of many problems can be alike at all: a bound by their words for all pairs at once, before any is compared.

What two wordings share (`geo.domain.gallery.likeness.word_likeness`) is at most the weight of those words of each that
have a like word in the other. That is reckoned for all pairs as products of matrices; only pairs whose bound reaches
what is asked are worth the exact comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from geo.domain.gallery.likeness import ALIKE_ENOUGH, weight_of
from geo.domain.gallery.subjects import subjects_of

__all__ = ["candidates"]

_ROUNDING = 1e-3
"""Likenesses are rounded, and products of many small numbers err."""
_ROWS = 2_000
"""Wordings compared with all others at once: the bounds of 2 000 with 20 000 take 320 MB."""


def candidates(said: Sequence[Sequence[str]], *, least: float) -> list[tuple[int, int]]:
    """Return the pairs of problems whose words may be alike by a score, each pair once and in order.

    No pair whose `word_likeness` reaches the score is left out; some that do not reach it are in.

    Parameters
    ----------
    said
        The wordings of each problem.
    least
        Above 0.

    >>> candidates([["Ички жолдор начар"], ["Плохие внутренние дороги"], ["Мектеп эски"]], least=0.5)
    [(0, 1)]
    """
    owners = np.array([one for one, wordings in enumerate(said) for _ in wordings], dtype=np.int64)
    subjects = [subjects_of(wording) for wordings in said for wording in wordings]
    words = sorted({word for some in subjects for word in some})
    if not words:
        return []
    place = {word: at for at, word in enumerate(words)}
    has = np.zeros((len(subjects), len(words)), dtype=np.float32)
    for row, some in enumerate(subjects):
        has[row, [place[word] for word in some]] = 1
    weights = has * np.array([weight_of(word) for word in words], dtype=np.float32)
    totals = weights.sum(axis=1)
    met = (has @ _alike(words) > 0).astype(np.float32)  # wording × word: whether a like word is in it
    found: set[tuple[int, int]] = set()
    for begin in range(0, len(subjects), _ROWS):
        rows_here = slice(begin, begin + _ROWS)
        shared = weights[rows_here] @ met.T + met[rows_here] @ weights.T
        both = totals[rows_here, None] + totals[None, :]
        rows, columns = np.nonzero((shared > 0) & (shared >= (least - _ROUNDING) * both))
        pairs = np.stack([owners[rows + begin], owners[columns]], axis=1)
        found.update(map(tuple, np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0).tolist()))
    return sorted(found)


def _alike(words: Sequence[str]) -> NDArray[np.float32]:
    """Return which words are like which: themselves, and, where they are no subjects, those spelt nearly so."""
    alike = np.eye(len(words), dtype=np.float32)
    plain = [at for at, word in enumerate(words) if not word.startswith("[")]
    spelt = [words[at] for at in plain]
    near = cdist(spelt, spelt, scorer=JaroWinkler.similarity, score_cutoff=ALIKE_ENOUGH - _ROUNDING, dtype=np.float32)
    alike[np.ix_(plain, plain)] = np.maximum(alike[np.ix_(plain, plain)], near > 0)
    return alike
