"""How alike two names are, however they are spelt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from geo.domain.names import fold, latin_key

__all__ = ["name_key", "name_likeness"]

_WORD = re.compile(r"[\s\-\u2010-\u2015.,;:()«»\"№#]+")
_NUMBER = re.compile(r"\d+")
_OTHER_NUMBER = 0.2


def name_key(name: str) -> str:
    """Return the folded words of a name, in the order of the alphabet.

    >>> name_key("Панфилов көчөсү") == name_key("көчөсү Панфилов")
    True
    """
    return " ".join(sorted(key for word in _WORD.split(name) if (key := fold(word))))


def name_likeness(one: Sequence[str], two: Sequence[str]) -> float | None:
    """Return 0 to 1 for the two most alike names; None where either has none.

    School No. 1 is not school No. 2, however alike the words.

    >>> name_likeness(["Жаңы-Жол көчөсү"], ["жаны жол кочосу"])
    1.0
    >>> name_likeness(["Школа № 1"], ["школа №2"])
    0.2
    >>> name_likeness([], ["Мечит"]) is None
    True
    """
    pairs = [_likeness(first, second) for first in one for second in two if name_key(first) and name_key(second)]
    return max(pairs, default=None)


def _likeness(one: str, two: str) -> float:
    if (
        set(_NUMBER.findall(one))
        and set(_NUMBER.findall(two))
        and not set(_NUMBER.findall(one)) & set(_NUMBER.findall(two))
    ):
        return _OTHER_NUMBER
    folded = fuzz.token_sort_ratio(name_key(one), name_key(two))
    # One wrote “Yntymak”, the other “Ынтымак”.
    latin = fuzz.ratio(latin_key(one), latin_key(two))
    return max(folded, latin) / 100
