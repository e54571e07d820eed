"""What the words of a note are about: the subjects that villages speak of, by their stems in three languages.

A list of this kind is what lets "Ичүүчү суу жетишсиз" and "Не хватает питьевой воды" be seen as alike. It holds the
subjects of the 23 local matters and of the mapping vocabulary (DOMAIN.md sections 3, 6 and 12). Words that only
complain (no, poor, too little) say nothing about the subject and count nothing.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from types import MappingProxyType

from geo.domain.gallery.endings import kyrgyz_stem, language_of, stem, words_of
from geo.domain.names import fold
from geo.i18n import Language

__all__ = ["OPPOSITES", "subjects_of"]

_SUBJECTS = MappingProxyType(
    {
        "water": ("суу", "вода воды водой водный водоснабжение", "water"),
        "drinking": (
            "ичүүчү ичме ичүү ичкен ичер таза",
            "питьевой питьевая пить пьют чистый чистая",
            "drinking drink clean",
        ),
        "irrigation": ("сугат сугаруу", "полив поливной орошение оросительный ирригация", "irrigation irrigate"),
        "canal": ("арык канал", "арык канал", "canal"),
        "road": ("жол", "дорога дорожный дороги", "road roads"),
        "inner": ("ички ичиндеги айылдык", "внутренний внутренние внутрисельские", "inner local internal"),
        "street": ("көчө", "улица уличный улицах", "street"),
        "lighting": ("жарык чырак жарыктандыруу", "освещение свет фонарь фонари", "lighting light lamp lamps"),
        "electricity": ("электр ток", "электричество электроэнергия электросеть", "electricity electric power"),
        "education": ("билим", "образование", "education"),
        "school": ("мектеп", "школа школьный", "school"),
        "preschool": (
            "бакча балабакча чейинки",
            "садик детсад дошкольный дошкольное",
            "kindergarten preschool nursery",
        ),
        "child": ("бала", "ребёнок дети детей детский", "child children"),
        "club": ("клуб", "клуб", "club"),
        "culture": ("маданият маданий", "культура культурный", "culture cultural"),
        "roof": ("чатыр", "крыша кровля", "roof"),
        "sport": ("спорт спорттук", "спорт спортивный физкультура", "sport sports"),
        "hall": ("зал", "зал", "hall"),
        "youth": ("жаш жаштар", "молодёжь молодёжный молодой молодые", "youth young"),
        "information": ("маалымат кабар", "информация информационный сведения", "information"),
        "budget": ("бюджет", "бюджет бюджетный", "budget"),
        "bridge": ("көпүрө", "мост мосты мостик", "bridge"),
        "rubbish": ("таштанды акыр чикир", "мусор мусорный отходы свалка", "rubbish garbage waste trash"),
        "internet": ("интернет вайфай", "интернет вайфай", "internet wifi"),
        "technology": ("технология", "технология", "technology"),
        "health": (
            "фап дарыгер медицина медициналык оорукана ден",
            "фап врач медицина медицинский больница медпункт",
            "doctor medical clinic health aid hospital",
        ),
        "bathhouse": ("мончо", "баня", "bathhouse bath"),
        "pasture": ("жайыт", "пастбище пастбищный", "pasture"),
        "transport": ("транспорт автобус маршрутка унаа", "транспорт автобус маршрутка", "transport bus"),
        "work": ("жумуш жумушсуздук", "работа безработица", "job jobs work unemployment"),
        "rest": ("эс сейил парк дем", "отдых парк досуг", "recreation rest park leisure"),
        "drainage": ("дренаж", "дренаж дренажный", "drainage drain"),
        "sewerage": ("канализация", "канализация", "sewerage sewer"),
        "greening": ("жашылдандыруу дарак көчөт", "озеленение дерево деревья", "greening tree trees"),
        "library": ("китепкана", "библиотека", "library"),
        "cemetery": ("көрүстөн", "кладбище", "cemetery"),
        "pipe": ("түтүк", "труба водопровод", "pipe pipeline"),
        "market": ("базар", "рынок сбыт", "market"),
        "fence": ("тосмо тосулган", "забор ограда огорожено", "fence"),
    }
)
_COMPLAINTS = (
    "жок начар жетишсиз жетишпейт жетпейт жетпей аз бузук эски керек болбойт иштебейт эмес шарт түзүлгөн абал абалы "
    "авариялык талкаланган жыртык агат тамчылайт өчүк кыйын көп жаман сапат канааттандырбайт чыгарылбайт ташылбайт "
    "камсыз камсыздоо жетишсиздиги начардыгы жоктугу тазаланбайт караңгы берилбейт келбейт күндө бар берүү "
    "айыл айылда айылдын калк эл эли тургундар",
    "нет нету не хватает плохой плохие плохая плохое отсутствует отсутствие недостаток нехватка мало старый "
    "условие условия условий состояние аварийное недостаточно разбитый протекает вывозят вывозится вывоз доступ "
    "доступа качество проблема проблемы обеспечение село сельский житель жители населения население",
    "no not poor bad lack lacking little too few none is are there condition conditions state broken old leaks leaking "
    "enough missing access quality taken away need problem village villagers people",
)
_SMALL_WORDS = (
    "жана менен үчүн да дагы бул ошол ал боюнча туура ар бир бардык эч ичинде өзү деген "
    "и в во на с со для по к ко у о об от до из за а но же ли это что как при через наш наши наша вся все очень "
    "the a an of for in on at to and or with by from our all very into it"
)
_EMPTY = frozenset(fold(word) for word in _SMALL_WORDS.split())
_VERB = re.compile("[бпм][аео]й(т|м|быз|т[ао]т)?$|...[гк][аео]н$|(?<=...)ат$|(?<=...)ип$")
"""Kyrgyz verbs, which say what is not done or has become of something: ташылбайт, эскирип калган, жатат."""
_LEAST_PREFIX = 5
OPPOSITES = (frozenset({"drinking", "irrigation"}), frozenset({"school", "preschool"}), frozenset({"bridge", "road"}))
"""Subjects that wordings have in place of each other: two such wordings are about different things."""


@cache
def _by_stem(language: Language) -> dict[str, str]:
    column = list(Language).index(language)
    found = {stem(word, language): subject for subject, words in _SUBJECTS.items() for word in words[column].split()}
    return {**found, **{stem(word, language): "" for word in _COMPLAINTS[column].split()}}


@cache
def _beginnings(language: Language) -> tuple[tuple[str, str], ...]:
    column = list(Language).index(language)
    found = [
        (fold(word).rstrip("аеиоуыэюяй"), subject)
        for subject, words in _SUBJECTS.items()
        for word in words[column].split()
    ]
    return tuple(sorted((one for one in found if len(one[0]) >= _LEAST_PREFIX), key=lambda one: -len(one[0])))


def _by_beginning(word: str, language: Language) -> str | None:
    """Return the subject whose word another one begins with: спортзал, сугарганга."""
    return next((subject for beginning, subject in _beginnings(language) if word.startswith(beginning)), None)


@lru_cache(maxsize=8192)
def subjects_of(wording: str) -> tuple[str, ...]:
    """Return what a wording is about: subjects in square brackets, and the stems of all other words that say something.

    >>> subjects_of("Ичүүчү суу жетишсиз"), subjects_of("Не хватает питьевой воды")
    (('[drinking]', '[water]'), ('[drinking]', '[water]'))
    """
    language = language_of(wording)
    table = _by_stem(language)
    found: list[str] = []
    for word in words_of(wording):
        if fold(word) in _EMPTY or len(word) < 2:
            continue
        root = stem(word, language)
        subject = table.get(root)
        if subject is None and language is not Language.EN:
            # A note may mix the two languages.
            other = Language.RU if language is Language.KY else Language.KY
            subject = _by_stem(other).get(stem(word, other)) or _by_beginning(fold(word), language)
        if subject is None:
            if language is not Language.KY or not _VERB.search(fold(word)):
                found.append(root)
        elif subject:
            found.append(f"[{subject}]")
    if "[child]" in found and any(root in found for root in (kyrgyz_stem("бакча"), "сад")):
        found = ["[preschool]" if one in (kyrgyz_stem("бакча"), "сад") else one for one in found]
    if "[preschool]" in found:
        # Kyrgyz says "before school" and "children's garden" for it.
        found = [one for one in found if one not in ("[child]", "[school]")]
    return tuple(dict.fromkeys(found))
