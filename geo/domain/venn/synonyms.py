"""Which names mean one institution: spellings, languages, full names and abbreviations (DOMAIN.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from geo.domain.names import fold
from geo.i18n import Language

__all__ = ["common_institutions", "institution_key", "is_local_government"]

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
_COMMON: dict[str, tuple[str, str, str]] = {
    "aiyl_okmotu": ("Айыл өкмөтү", "Айыл окмоту", "Aiyl okmotu"),
    "aiyl_kenesh": ("Айылдык кеңеш", "Айылный кенеш", "Local council"),
    "school": ("Мектеп", "Школа", "School"),
    "kindergarten": ("Бала бакча", "Детский сад", "Kindergarten"),
    "first_aid_post": ("ФАП", "ФАП", "First-aid post"),
    "club": ("Маданият үйү", "Дом культуры", "House of culture"),
    "library": ("Китепкана", "Библиотека", "Library"),
    "sports_hall": ("Спорт залы", "Спортивный зал", "Sports hall"),
    "mosque": ("Мечит", "Мечеть", "Mosque"),
    "drinking_water_users": ("ТСПАКБ", "СООППВ", "Drinking-water users' union"),
    "irrigation_water_users": ("СПА", "АВП", "Water users' association"),
    "pasture_committee": ("Жайыт комитети", "Пастбищный комитет", "Pasture committee"),
    "elders_court": ("Аксакалдар соту", "Суд аксакалов", "Elders' court"),
    "health_committee": ("Айылдык ден соолук комитети", "Сельский комитет здоровья", "Village health committee"),
    "youth_committee": ("Жаштар комитети", "Комитет молодёжи", "Youth committee"),
    "womens_council": ("Аялдар кеңеши", "Совет женщин", "Women's council"),
    "veterinary_service": ("Ветеринардык кызмат", "Ветеринарная служба", "Veterinary service"),
    "sawmill": ("Пилорама", "Пилорама", "Sawmill"),
    "information_centre": ("Маалымат борбору", "Информационный центр", "Information centre"),
}
"""What the common ones are called in Kyrgyz, Russian and English; every name leads back to its key."""
_KEYS = MappingProxyType({fold(name): f"={key}" for key, names in _SAME.items() for name in names})
_LOCAL_GOVERNMENT = frozenset({"=aiyl_okmotu", "=aiyl_kenesh"})


def common_institutions() -> dict[str, dict[Language, str]]:
    """Return the institutions that most villages have, by key, with their names.

    >>> common_institutions()["library"][Language.KY]
    'Китепкана'
    """
    return {
        key: dict(zip((Language.KY, Language.RU, Language.EN), names, strict=True)) for key, names in _COMMON.items()
    }


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
