"""Which names mean one institution: spellings, languages, full names and abbreviations (DOMAIN.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from geo.domain.names import fold

__all__ = ["institution_key", "is_local_government"]

_SAME: dict[str, tuple[str, ...]] = {
    "aiyl_okmotu": (
        "айыл өкмөтү",
        "АӨ",
        "айыл окмоту",
        "АО",
        "айылный окмоту",
        "мэрия",
        "aiyl okmotu",
        "aiyl okmotu office",
        "mayor's office",
        "жергиликтүү өз алдынча башкаруу",
        "местное самоуправление",
        "local government",
    ),
    "aiyl_kenesh": (
        "айылдык кеңеш",
        "айыл кеңеш",
        "АК",
        "айылный кенеш",
        "айыл кенеш",
        "жергиликтүү кеңеш",
        "местный кенеш",
        "шаардык кеңеш",
        "городской кенеш",
        "aiyl kenesh",
        "local council",
    ),
    "school": ("мектеп", "орто мектеп", "школа", "средняя школа", "school"),
    "kindergarten": ("бала бакча", "балдар бакчасы", "детский сад", "детсад", "kindergarten"),
    "first_aid_post": (
        "ФАП",
        "фельдшердик-акушердик пункт",
        "фельдшерско-акушерский пункт",
        "first-aid post",
        "feldsher post",
    ),
    "club": (
        "клуб",
        "айылдык клуб",
        "маданият үйү",
        "клуб/маданият үйү",
        "дом культуры",
        "сельский клуб",
        "ДК",
        "club",
        "house of culture",
    ),
    "library": ("китепкана", "библиотека", "library"),
    "sports_hall": ("спорт залы", "спортзал", "спортивный зал", "sports hall"),
    "mosque": ("мечит", "мечеть", "mosque"),
    "drinking_water_users": (
        "ТСПАКБ",
        "СООППВ",
        "таза суу пайдалануучулардын айылдык коомдук бирикмеси",
        "сельское общественное объединение потребителей питьевой воды",
        "drinking-water users' union",
    ),
    "irrigation_water_users": (
        "СПА",
        "АВП",
        "суу пайдалануучулар ассоциациясы",
        "ассоциация водопользователей",
        "water users' association",
        "WUA",
    ),
    "pasture_committee": ("жайыт комитети", "пастбищный комитет", "жайыткомитет", "жайытком", "pasture committee"),
    "elders_court": ("аксакалдар соту", "суд аксакалов", "elders' court", "court of elders"),
    "health_committee": (
        "ЭСК",
        "айылдык ден соолук комитети",
        "АДК",
        "СКЗ",
        "сельский комитет здоровья",
        "village health committee",
    ),
    "youth_committee": (
        "жаштар комитети",
        "комитет молодёжи",
        "молодёжный комитет",
        "комитет по делам молодёжи",
        "youth committee",
    ),
    "womens_council": ("аялдар кеңеши", "женсовет", "совет женщин", "женский совет", "women's council"),
    "veterinary_service": (
        "ветеринардык кызмат",
        "ветеринардык тейлөө кызматы",
        "ветеринарная служба",
        "ветслужба",
        "veterinary service",
    ),
    "sawmill": ("пилорама", "sawmill"),
    "information_centre": ("маалымат борбору", "информационный центр", "инфоцентр", "information centre"),
}
_KEYS = MappingProxyType({fold(name): f"={key}" for key, names in _SAME.items() for name in names})
_LOCAL_GOVERNMENT = frozenset({"=aiyl_okmotu", "=aiyl_kenesh"})


def institution_key(names: Iterable[str]) -> str:
    """Return what all usual names of an institution share: a word of the list of common ones, or the folded name.

    >>> institution_key(["Маданият үйү"]) == institution_key(["Дом культуры"]) == institution_key(["клуб"])
    True
    >>> institution_key(["Жаңы-Жол фонду"])
    'жаныжолфонду'
    """
    folded = [fold(name) for name in names if name.strip()]
    known = next((_KEYS[name] for name in folded if name in _KEYS), "")
    return known or (folded[0] if folded else "")


def is_local_government(names: Iterable[str]) -> bool:
    """Return whether a name means the municipality's executive or its council."""
    return institution_key(names) in _LOCAL_GOVERNMENT
