"""A problem is a lack for people, not a missing remedy: "rubbish is not taken away", not "there is no tractor".

The hint (DOMAIN.md section 6) is given where the thing that is said to be missing or needed is a machine, a material,
money or a project, or where something is to be built or bought. It is only a hint: a missing kindergarten, bridge or
light is a lack for people and passes. A thing that is merely named ("no water: the pump is broken") passes as well.
"""

from __future__ import annotations

import re

from geo.domain.gallery.endings import kyrgyz_stem, stem, words_of
from geo.domain.names import fold
from geo.i18n import Language, Text

__all__ = ["missing_remedy", "review_wording"]

_THINGS_KY = (
    "трактор экскаватор грейдер бульдозер камаз автокран кран машина техника насос трансформатор контейнер урна "
    "компьютер принтер проектор генератор котел цемент лампа лампочка прожектор тутук труба жабдуу шайман акча каражат "
    "каржы долбоор смета кум шагыл"
)
_THINGS_RU = (
    "трактор экскаватор грейдер бульдозер камаз автокран кран машина машины спецмашина техника спецтехника насос "
    "трансформатор контейнер урна компьютер принтер проектор генератор котел цемент лампа лампочка лампочки "
    "прожектор труба трубы оборудование деньги денег средство средства финансирование проект смета песок гравий"
)
_THINGS_EN = (
    "tractor excavator grader bulldozer truck lorry crane vehicle machine machinery pump transformer container bin "
    "computer printer projector generator boiler cement lamp bulb pipe equipment money fund "
    "funding finance project gravel sand"
)
_KY = frozenset(kyrgyz_stem(word) for word in _THINGS_KY.split())
_RU = frozenset(stem(word, Language.RU) for word in _THINGS_RU.split())
_EN = frozenset(stem(word, Language.EN) for word in _THINGS_EN.split())

_KY_LACK = frozenset({"жок", "жетишпейт", "жетишпей", "жетишсиз", "жетпейт", "керек", "зарыл", "аз", "жоктугу"})
_KY_BUILD = frozenset({"куруу", "салуу", "алуу", "орнотуу", "тургузуу", "куруш", "салыш", "алыш", "орнотуш", "ондоо"})
_KY_NEED = frozenset({"керек", "зарыл"})
_RU_LACKING = (
    "нет нету отсутствует отсутствуют отсутствие нужен нужна нужно нужны требуется требуются необходим необходима "
    "необходимо необходимы хватает достаточно недостаточно нехватка недостаток мало"
)
_RU_LACK = frozenset(_RU_LACKING.split())
_RU_NEED = frozenset({"нужно", "надо", "необходимо", "требуется", "следует"})
_RU_BUILDING = "построить купить закупить приобрести установить поставить провести отремонтировать сделать поменять"
_RU_BUILD = frozenset(_RU_BUILDING.split())
_RU_ADJECTIVE = re.compile(r"(ого|его|ей|ых|их|ый|ий|ой|ая|яя|ое|ее|ые|ие)$")
_RU_ADJECTIVES_MOST = 2
_EN_LACK = frozenset({"no", "need", "needs", "needed", "lack", "lacks", "lacking", "enough", "without"})
_EN_BUILD = frozenset({"build", "buy", "install", "purchase", "construct", "repair", "replace"})
_EN_AFTER = frozenset({"for", "in", "to", "on", "at", "near", "and", "or", "here", "of", "is", "are", "that", "which"})
_CLAUSE = re.compile(r"[,.;:()!?–—]|\s-\s")


def review_wording(wording: str) -> tuple[Text, ...]:
    """Return the hint to the facilitator where a problem is stated as a missing remedy; empty where it is not."""
    words = missing_remedy(wording)
    return (Text("gallery.stated_as_remedy", {"words": words}),) if words else ()


def missing_remedy(wording: str) -> str:
    """Return the words that name a missing remedy, as they were written; empty where there are none.

    >>> missing_remedy("Таштанды ташыганга трактор жок"), missing_remedy("Нет воды из-за старого насоса")
    ('трактор жок', '')
    """
    for clause in _CLAUSE.split(wording):
        words = words_of(clause)
        found = _in_kyrgyz(words) or _in_russian(words) or _in_english(words)
        if found:
            return found
    return ""


def _in_kyrgyz(words: tuple[str, ...]) -> str:
    folded = [fold(word) for word in words]
    for place, word in enumerate(folded[1:], start=1):
        if word in _KY_LACK and kyrgyz_stem(words[place - 1]) in _KY:
            return " ".join(words[place - 1 : place + 1])
        if word in _KY_NEED and folded[place - 1] in _KY_BUILD:
            return " ".join(words[max(place - 2, 0) : place + 1])
    return ""


def _in_russian(words: tuple[str, ...]) -> str:
    for place, word in enumerate(words):
        if word not in _RU_LACK and word not in _RU_NEED:
            continue
        after = place + 1
        if word in _RU_NEED and after < len(words) and words[after] in _RU_BUILD:
            return " ".join(words[place : after + 3])
        while after - place <= _RU_ADJECTIVES_MOST and after < len(words) and _RU_ADJECTIVE.search(words[after]):
            after += 1
        if word in _RU_LACK and after < len(words) and stem(words[after], Language.RU) in _RU:
            return _said(words, place, after)
        before = place - 1 - (place > 0 and words[place - 1] == "не")
        if word in _RU_LACK and before >= 0 and stem(words[before], Language.RU) in _RU:
            return " ".join(words[before : place + 1])
    return ""


def _in_english(words: tuple[str, ...]) -> str:
    for place, word in enumerate(words):
        if word not in _EN_LACK:
            continue
        if word.startswith("need") and {*words[place + 1 : place + 3]} & _EN_BUILD:
            return " ".join(words[place : place + 5])
        for after in range(place + 1, min(place + 4, len(words))):
            follows = words[after + 1] if after + 1 < len(words) else ""
            if stem(words[after], Language.EN) in _EN and (not follows or follows in _EN_AFTER):
                return _said(words, place, after)
            if words[after] in _EN_AFTER - {"of"} or words[after] in {"because", "from", "since"}:
                break
    return ""


def _said(words: tuple[str, ...], first: int, last: int) -> str:
    if first and words[first - 1] in {"не", "not"}:
        first -= 1
    return " ".join(words[first : last + 1])
