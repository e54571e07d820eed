"""Names of places: found however they are spelt, sorted as Kyrgyz sorts, homonyms told apart (DOMAIN.md section 1).

Two keys serve a search. `fold` forgives what keyboards and habits change within a script (ң/ӊ/н, ө/о, ү/у,
ё/е, hyphens, case). `latin_key` goes on to Latin letters and forgives the ways in which Kyrgyz names have been
transliterated, by way of Russian or not: Жаңы-Жол, Джанги-Джол, Jangy-Jol and Dzhangi-Dzhol share one key.
Keys only find; a place is its id and its rayon, never its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from types import MappingProxyType

from geo.i18n import Language, text

__all__ = [
    "GAPS",
    "KYRGYZ_ALPHABET",
    "LATIN",
    "LATIN_LAST",
    "OUT_OF_PLACE",
    "display_names",
    "display_with_rayon",
    "fold",
    "kyrgyz_order",
    "kyrgyz_sort_key",
    "latin_key",
    "search_keys",
    "search_text",
]

KYRGYZ_ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
_ABOVE_ALL = "\ufffd"
OUT_OF_PLACE = MappingProxyType(
    {"ё": f"е{_ABOVE_ALL}", "ң": f"н{_ABOVE_ALL}", "ө": f"о{_ABOVE_ALL}", "ү": f"у{_ABOVE_ALL}"}
)
"""Letters that Unicode has after я: each is written as the letter that it follows, and a sign above all others."""
LATIN = "abcdefghijklmnopqrstuvwxyz"
LATIN_LAST = "".join(chr(0xE000 + ord(letter)) for letter in LATIN)
"""What stands for Latin letters, which Unicode has before the Cyrillic ones."""
GAPS = r"[ \t\n\v\f\r\u00a0\u2010-\u2015-]+"
"""What parts words, as a regular expression of Python and of PostgreSQL alike."""
_IN_ORDER = str.maketrans({**OUT_OF_PLACE, **dict(zip(LATIN, LATIN_LAST, strict=True))})

_CYRILLIC = re.compile("[\u0400-\u052f]")
_FOLDED = MappingProxyType(
    {
        **dict.fromkeys("ңӊҥӈң", "н"),
        **dict.fromkeys("өӧӫ", "о"),
        **dict.fromkeys("үұӱўӯ", "у"),
        **dict.fromkeys("ёѐ", "е"),
        **dict.fromkeys("іїӏ", "и"),
        **dict.fromkeys("қҡҝ", "к"),
        **dict.fromkeys("ғӷ", "г"),
        **dict.fromkeys("ҳһ", "х"),
        **dict.fromkeys("җӂӝ", "ж"),
        "й": "й",
        "ş": "sh",
        "ç": "ch",
        "ı": "i",
    }
)
# Latin letters that look like Cyrillic ones, small and capital (H is Н, B is В), typed on the wrong keyboard.
_LOOK_ALIKE = str.maketrans("abcehikmoptxy", "авсеникмортху")

_LATIN = str.maketrans(
    {
        **dict(zip("абвгджзийклмнопрстуфхыэе", "abvgdjziiklmnoprstufhiee", strict=True)),
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "iu",
        "я": "ia",
    }
)
_SPELLINGS = MappingProxyType(
    {
        "shch": "S",
        "sh": "S",
        "ch": "C",
        "dzh": "j",
        "dj": "j",
        "zh": "j",
        "kh": "h",
        "gh": "g",
        "ng": "n",
        "ye": "e",
        "y": "i",
        "q": "k",
        "w": "v",
    }
)
_SPELLING = re.compile("|".join(_SPELLINGS))
_REPEATED = re.compile(r"(.)\1+")


def fold(name: str) -> str:
    """Reduce a name to what all its usual spellings share: small letters and digits of one script.

    Case, hyphens, spaces, apostrophes, stress marks and the Kyrgyz letters' Russian stand-ins make no
    difference, nor do Latin letters that slipped into a Cyrillic name because they look the same.
    Doubled letters stay: Суу is not Су here (it is in `latin_key`).

    >>> fold("Жаңы-Жол") == fold("жаны жол")
    True
    >>> fold("Ичке\u2011Булуң")
    'ичкебулун'
    """
    small = unicodedata.normalize("NFKC", name).casefold()
    plain = "".join(_FOLDED.get(letter) or unicodedata.normalize("NFKD", letter) for letter in small)
    plain = "".join(letter for letter in plain if letter.isalnum())
    return plain.translate(_LOOK_ALIKE) if _CYRILLIC.search(plain) else plain


def latin_key(name: str) -> str:
    """Reduce a name to the sound that its Cyrillic and Latin spellings share, roughly.

    It merges more than `fold` does (и and ы, ң and нг, single and double letters), so it is for finding
    candidates, not for telling places apart.

    >>> latin_key("Көк-Жаңгак") == latin_key("Kök Jangak") == latin_key("Kok-Dzhangak")
    True
    """
    sounds = fold(name).translate(_LATIN)
    sounds = _SPELLING.sub(lambda found: _SPELLINGS[found.group()], sounds)
    return _REPEATED.sub(r"\1", sounds).casefold()


def search_keys(query: str) -> tuple[str, ...]:
    """Return the keys under which a query may be found, the stricter first; empty where nothing is left to look for.

    >>> search_keys("Көк")
    ('кок', 'kok')
    """
    return tuple(dict.fromkeys(key for key in (fold(query), latin_key(query)) if key))


def search_text(names: Iterable[str]) -> str:
    """Join the keys of a place's names into one column to search.

    Each key has a bar on both sides: ``|key`` finds beginnings, ``|key|`` whole names, ``key`` any part.

    >>> search_text(["Липенка", "Lipenka"])
    '|липенка|lipenka|'
    """
    keys = dict.fromkeys(key for name in names for key in search_keys(name))
    return "|" + "|".join(keys) + "|" if keys else ""


def kyrgyz_order(name: str) -> str:
    """Return a text whose letters' numbers stand in the order of the Kyrgyz alphabet; a store can make it too.

    ң comes after н, ө after о, ү after у, ё after е. Word by word: a space or hyphen comes before any letter; digits
    come before letters, Latin letters after the Cyrillic ones. Capitals are small letters.

    >>> sorted(["Өзгөн", "Ош", "Пенжим"], key=kyrgyz_order)
    ['Ош', 'Өзгөн', 'Пенжим']
    """
    shown = re.sub(GAPS, " ", unicodedata.normalize("NFC", name)).strip(" ")
    return shown.lower().translate(_IN_ORDER)


def kyrgyz_sort_key(name: str) -> tuple[str, str]:
    """Return a key that sorts names in the Kyrgyz order; case decides between names that are otherwise the same."""
    return kyrgyz_order(name), name


def display_with_rayon(name: str, rayon: str, language: Language) -> str:
    """Return a name with its rayon, to tell homonyms apart; the name alone where the rayon is not known.

    >>> display_with_rayon("Арал", "Тогуз-Торо", Language.KY)
    'Арал (Тогуз-Торо району)'
    """
    return text("territory.name_in_rayon", language, name=name, rayon=rayon) if rayon else name


def display_names(places: Sequence[tuple[str, str]], language: Language) -> list[str]:
    """Return names for a list of (name, rayon), with the rayon where another place of the list has the same name.

    >>> display_names([("Арал", "Жумгал"), ("Арал", "Тогуз-Торо"), ("Липенка", "Жети-Өгүз")], Language.KY)
    ['Арал (Жумгал району)', 'Арал (Тогуз-Торо району)', 'Липенка']
    """
    alike = Counter(fold(name) for name, _ in places)
    return [display_with_rayon(name, rayon if alike[fold(name)] > 1 else "", language) for name, rayon in places]
