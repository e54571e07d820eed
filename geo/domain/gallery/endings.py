"""Words without their endings, in Kyrgyz, Russian and English, as far as it helps to see that two wordings are alike.

Russian and English go through the Snowball stemmers. No kept library strips Kyrgyz endings offline, so that is done
here: endings are laid on in a fixed order (stem, plural, possessive, case; or an adjective's -луу, -сыз, -дагы), and
are taken off from outside to inside, each once, while a word of three letters is left. Letters are folded first
(`geo.domain.names.fold`: ң/н, ө/о, ү/у), for notes are written on all sorts of keyboards, so the vowels of an ending
are а е о and ы и у. A stem is a key to compare by, not a word of the dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

from geo.domain.names import fold
from geo.i18n import Language

__all__ = ["kyrgyz_stem", "language_of", "stem", "words_of"]

_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_HYPHEN = re.compile("[-\u2010\u2011]")
_KYRGYZ_FORM = re.compile(
    "аа|оо|уу|ыы|...(лар|лер|лор|быз|биз|буз|[гк][аео]н|[бпм][аео]й(т|м)?|[ндт][ыиу]н|[ыиу]п|сы|луу|дагы|деги)$"
)
"""Long vowels and endings that Russian does not have."""
_KYRGYZ_LETTER = re.compile("[ңӊөүҮӨҢ]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_COMMON = (
    "жок жана учун начар жетишпейт жетишсиз жетпейт керек айыл айылда суу жол жолдор кочо менен эмес аз мектеп бала "
    "бакча жарык эч бузук эски таза абалы шарт шарттар клубдун чатыры жаштар ички сугат"
)
_KYRGYZ_WORDS = frozenset(_COMMON.split())

_LEAST = 3
"""Letters that a stem keeps at least."""
_ADJECTIVE = ("дагы", "деги", "доги", "дого", "тагы", "теги", "догу", "тогу", "суз", "сыз", "сиз", "луу", "дуу", "туу")
_ADJECTIVE_MORE = ("лыы", "лии", "дыы", "тыы")
_CASES = (
    *("нын", "нин", "нун", "дын", "дин", "дун", "тын", "тин", "тун"),
    *("дан", "ден", "дон", "тан", "тен", "тон"),
    *("га", "ге", "го", "ка", "ке", "ко", "да", "де", "до", "та", "те", "то"),
    *("ны", "ни", "ну", "ды", "ди", "ду", "ты", "ти", "ту"),
)
_CASES_AFTER_POSSESSIVE = ("нда", "нде", "ндо", "нан", "нен", "нон", "на", "не", "но")
_POSSESSIVES = (
    *("ыбыз", "ибиз", "убуз", "быз", "биз", "буз", "ыныз", "иниз", "унуз", "ныз", "низ", "нуз"),
    *("сы", "си", "су", "ым", "им", "ум", "ы", "и", "у"),
)
_PLURALS = ("лар", "лер", "лор", "дар", "дер", "дор", "тар", "тер", "тор")
_WHOLE = (
    "таштанды",
    "китепкана",
    "коргоо",
    "билим",
    "турмуш",
    "жумуш",
    "орун",
    "арык",
    "кудук",
    "чарба",
    "калк",
    "корустон",
)
"""Words whose own end looks like an ending."""
_SOFT = str.maketrans({"б": "п", "г": "к"})


def words_of(wording: str) -> tuple[str, ...]:
    """Return the words of a wording in small letters, in order; a name such as Кара-Суу is one word.

    >>> words_of("Бала-бакча жок!")
    ('бала', 'бакча', 'жок')
    """
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", wording)):
        parts = [part for part in _HYPHEN.split(word) if part]
        is_name = any(part[0].isupper() for part in parts[1:])
        found += ["".join(parts)] if is_name else parts
    return tuple(word.casefold() for word in found)


def language_of(wording: str) -> Language:
    """Guess the language of a wording by its letters and its commonest words.

    >>> language_of("Кочодо жарык жок"), language_of("Нет света на улице"), language_of("No light")
    (<Language.KY: 'ky'>, <Language.RU: 'ru'>, <Language.EN: 'en'>)
    """
    if not _CYRILLIC.search(wording):
        return Language.EN
    if _KYRGYZ_LETTER.search(wording) or any(fold(word) in _KYRGYZ_WORDS for word in words_of(wording)):
        return Language.KY
    # A name in capitals says nothing about the language of the sentence, except at its beginning.
    plain = [word for place, word in enumerate(wording.split()) if place == 0 or word[0].islower()]
    return Language.KY if any(_KYRGYZ_FORM.search(fold(word)) for word in plain) else Language.RU


@lru_cache(maxsize=4096)
def stem(word: str, language: Language) -> str:
    """Return a word without its endings, in folded letters.

    >>> stem("жолдорубуздун", Language.KY), stem("дорогами", Language.RU), stem("roads", Language.EN)
    ('жол', 'дорог', 'road')
    """
    if language is Language.KY:
        return kyrgyz_stem(word)
    kind = "russian" if language is Language.RU else "english"
    return fold(_snowball(kind).stemWord(word.casefold().replace("ё", "е")))


@cache
def _snowball(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


def kyrgyz_stem(word: str) -> str:
    """Return a Kyrgyz noun or adjective without its endings, in folded letters; its last letter is unvoiced.

    >>> kyrgyz_stem("мектебибизде"), kyrgyz_stem("көчөлөрдөгү"), kyrgyz_stem("суусу")
    ('мектеп', 'кочо', 'суу')
    """
    rest = fold(word)
    for whole in _WHOLE:
        if rest.startswith(whole[:-1]) and rest[len(whole) - 1 : len(whole)] in (whole[-1], _voiced(whole[-1])):
            return whole
    rest = _off(rest, ("догу", *_ADJECTIVE, *_ADJECTIVE_MORE))
    rest = _off_case(rest)
    rest = _off(rest, _POSSESSIVES)
    rest = _off(rest, _PLURALS)
    return rest[:-1] + rest[-1:].translate(_SOFT)


def _voiced(letter: str) -> str:
    return {"к": "г", "п": "б"}.get(letter, letter)


def _off_case(word: str) -> str:
    # Some are laid on a possessive of the third person only, which ends in a vowel.
    for ending in _CASES_AFTER_POSSESSIVE:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) > _LEAST and rest[-1] in "ыиу" and rest[-2:] != "уу":
            return rest
    rest = _off(word, _CASES)
    if rest == word and len(word) > _LEAST + 1 and word[-1] == "н" and word[-2] in "ыиу":
        return word[:-1]
    return rest


def _off(word: str, endings: tuple[str, ...]) -> str:
    for ending in sorted(endings, key=len, reverse=True):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= _LEAST and _is_syllable(rest):
            return rest
    return word


def _is_syllable(rest: str) -> bool:
    return any(letter in "аеёиоуыэюя" for letter in rest)
