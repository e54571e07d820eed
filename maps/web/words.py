"""Facts of an object in the words of its readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from geo.domain.labels import label
from geo.domain.provenance import FeatureSource
from geo.domain.territory import DatePrecision
from geo.domain.vocabulary import Condition, Kind, Supply, UserGroup
from geo.i18n import Language, text
from geo.snapshots import FeatureSnapshot
from maps.web.marks import ERROR
from maps.words import date_in_words, distance_in_words

__all__ = ["day_in_words", "facts_of"]


_say = cache(text)


def day_in_words(day: date, precision: DatePrecision, language: Language) -> str:
    """Write a date as exactly as it is known: the day, the month or the year.

    >>> day_in_words(date(2014, 6, 1), DatePrecision.MONTH, Language.EN)
    'June 2014'
    """
    if precision is DatePrecision.YEAR:
        return text("web_map.year_of", language, year=day.year)
    if precision is DatePrecision.MONTH:
        return format_skeleton("yMMMM", day, locale=language.value)
    return date_in_words(day, language)


def facts_of(feature: FeatureSnapshot, *, group: str, language: Language) -> tuple[tuple[str, str], ...]:
    """List what is known of a feature as pairs of heading and words, in reading order.

    Only answers that were given are listed; group, source sheet, position error and origin always are. The words of
    the position error are `ERROR`: the page has its metres and writes them itself.
    """
    sheet = feature.sheet_title or _say("map.no_sheet" if feature.sheet_id is None else "map.untitled_sheet", language)
    return (
        (_say("map.group", language), group),
        *(_answers(feature.attributes, language) if feature.attributes else ()),
        (_say("map.source_sheet", language), sheet),
        (_say("map.position_error", language), ERROR),
        (_say("map.source", language), _code(FeatureSource, feature.source, language)),
    )


def _answers(given: Mapping[str, object], language: Language) -> list[tuple[str, str]]:
    worded = (
        ("attribute.desired_kind", _code(Kind, given.get("desired_kind"), language)),
        ("attribute.condition", _code(Condition, given.get("condition"), language)),
        ("attribute.supply", _code(Supply, given.get("supply"), language)),
        ("attribute.users", _codes(UserGroup, given.get("users"), language)),
        ("attribute.decided_by", _plain(given.get("decided_by"))),
        ("attribute.common_use", _yes_or_no(given.get("common_use"), language)),
        ("map.way_now", _way(given.get("distance_m_now"), given.get("minutes_now"), language)),
        ("map.way_before", _way(given.get("distance_m_five_years_ago"), given.get("minutes_five_years_ago"), language)),
        ("attribute.causes_trouble", _yes_or_no(given.get("causes_trouble"), language)),
        ("attribute.trouble_reason", _plain(given.get("trouble_reason"))),
        ("attribute.year_built", _plain(given.get("year_built"))),
        ("attribute.crops", _list(given.get("crops"))),
    )
    return [(_say(key, language), words) for key, words in worded if words]


def _code(codes: type[StrEnum], given: object, language: Language) -> str:
    return "" if given is None or given == "" else _code_in_words(codes, str(given), language)


@lru_cache(maxsize=4096)
def _code_in_words(codes: type[StrEnum], given: str, language: Language) -> str:
    try:
        return label(codes(given), language)
    except ValueError:
        # A file of a later version may carry a code that this one does not know; the code says more than nothing.
        return given


def _codes(codes: type[StrEnum], given: object, language: Language) -> str:
    if given is None:
        return ""
    many = given if isinstance(given, list | tuple | set | frozenset) else [given]
    order = {code.value: place for place, code in enumerate(codes)}
    return ", ".join(
        _code(codes, one, language) for one in sorted(many, key=lambda one: order.get(str(one), len(order))) if one
    )


def _list(given: object) -> str:
    return ", ".join(str(one) for one in given) if isinstance(given, list | tuple) else _plain(given)


def _plain(given: object) -> str:
    return "" if given is None else str(given).strip()


def _yes_or_no(given: object, language: Language) -> str:
    return _say("map.yes" if given else "map.no", language) if isinstance(given, bool) else ""


def _way(metres: object, minutes: object, language: Language) -> str:
    parts = []
    if isinstance(metres, int | float):
        parts.append(distance_in_words(metres, language))
    if isinstance(minutes, int | float):
        parts.append(text("map.minutes", language, number=format_decimal(minutes, "#,##0.#", locale=language.value)))
    return ", ".join(parts)
