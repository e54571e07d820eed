"""Names by which people sign in."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from geo.errors import Refused

__all__ = ["LONGEST_NAME", "account_name", "fold_account_name"]

LONGEST_NAME: Final = 64
_NAME = re.compile(r"[\w][\w.@+-]{1,63}")
_RESERVED = frozenset({"local", "public", "ayilmap"})
"""Names by which the ledger knows who is no account."""


def fold_account_name(value: str) -> str:
    """Return a name as it is compared: one spelling whatever the keyboard, no case, no blanks around it.

    >>> fold_account_name(" Gülnara ")
    'gülnara'
    """
    return unicodedata.normalize("NFKC", value).strip().casefold()


def account_name(value: str) -> str:
    """Return a name as it is stored.

    >>> account_name("Айгүл.Асанова")
    'айгүл.асанова'

    Raises
    ------
    Refused
        Shorter than 2 or longer than 64 signs, or with others than letters, digits and ``. @ + - _``; or it would stand
        for somebody else in the ledger.
    """
    name = fold_account_name(value)
    if not _NAME.fullmatch(name):
        raise Refused("account.name_unfit", name=value[:LONGEST_NAME], longest=LONGEST_NAME)
    if name in _RESERVED:
        raise Refused("account.name_reserved", name=name)
    return name
