"""Which passwords are good enough: long, and not among the first that anybody would try.

No signs of any kind are asked for and no password runs out: both make people write weaker ones (NIST SP 800-63B,
section 3.1.1).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from geo.errors import Refused

__all__ = ["LEAST_LENGTH", "MOST_LENGTH", "check_password", "fold_password"]

LEAST_LENGTH: Final = 10
MOST_LENGTH: Final = 256
"""More would only keep the machine busy."""
_LEAST_SCORE: Final = 3
"""Of zxcvbn, 0 to 4: below, a hundred million guesses find it."""

_KEYS_RU = "йцукенгшщзхъфывапролджэячсмитьбюё"
_KEYS_EN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_TYPED = str.maketrans(_KEYS_RU + "өүң", _KEYS_EN + "jey")
"""Cyrillic letters as the Latin ones on the same keys."""
_SPELT = str.maketrans("абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүң", "abvgdeejziyklmnoprstufhccss'y'euaoun")

_WORDS = (
    *(
        "ayilmap",
        "ayylmap",
        "kyrgyzstan",
        "kyrgyz",
        "kirgizia",
        "bishkek",
        "karakol",
        "issykkul",
        "parol",
        "salam",
        "zhashyl",
    ),
    *("administrator", "facilitator", "monitoring", "municipality", "password", "qwerty", "okmotu", "kenesh"),
)
"""What a person thinks of first before this program; ky, ru and en in Latin letters."""


def fold_password(value: str) -> str:
    """Return a password as it is hashed: the same whatever keyboard composed its letters."""
    return unicodedata.normalize("NFKC", value)


def check_password(password: str, about: Iterable[str] = ()) -> str:
    """Return a password as it is to be hashed.

    Parameters
    ----------
    password
        As typed.
    about
        Words that others know of the person, such as the account's name.

    Raises
    ------
    Refused
        Shorter than 10 or longer than 256 signs, or easy to guess: a common one, a row of keys, repeated signs, or the
        person's own name, also when typed or spelt in Cyrillic.
    """
    folded = fold_password(password)
    if len(folded) < LEAST_LENGTH:
        raise Refused("password.short", least=LEAST_LENGTH)
    if len(folded) > MOST_LENGTH:
        raise Refused("password.long", most=MOST_LENGTH)
    if min(map(_scorer(about), _readings(folded))) < _LEAST_SCORE:
        raise Refused("password.common")
    return folded


def _readings(password: str) -> set[str]:
    lowered = password.casefold()
    spelt = lowered.translate(_SPELT)
    return {password, lowered.translate(_TYPED), spelt, spelt.replace("y", "i")}


def _scorer(about: Iterable[str]) -> Callable[[str], int]:
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- its word lists are read at import, and few commands need them

    own = [part for word in about for reading in _readings(word) for part in (reading, *reading.split("."))]
    known = [*_WORDS, *(word for word in own if len(word) > 2)]

    def score(reading: str) -> int:
        # It weighs 72 signs; what is longer and good so far is good.
        found: int = zxcvbn(reading[:72], user_inputs=known)["score"]
        return found

    return score
