"""The catalogue: gettext ``.po`` files whose msgid is a message key.

One folder a language, one file a room of the house (``locales/ky/geo.po``), so that translators can
use any gettext editor. Keys look like ``image.empty``; placeholders are Python braces ``{path}``.
Plural forms follow the language's own rule from the CLDR (Babel).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.core import negotiate_locale
from babel.messages.pofile import read_po

__all__ = ["LANGUAGES", "Language", "Text", "Texts", "best_language", "keys", "phrases", "placeholders", "text"]

_LOCALES = Path(__file__).parent / "locales"


class Language(StrEnum):
    """Languages of the house, Kyrgyz first."""

    KY = "ky"
    RU = "ru"
    EN = "en"


LANGUAGES: tuple[Language, ...] = tuple(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence, or a word in one, still to be put into words.

    Attributes
    ----------
    key
        Message key.
    params
        Values of its placeholders.
    code
        What programs know the word by; ``str`` returns it, or the key of what has no code.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    code: str = ""

    def __call__(self, language: Language) -> str:
        """Return the words in the given language."""
        return text(self.key, language, **self.params)

    def __str__(self) -> str:
        return self.code or self.key


@dataclass(frozen=True, slots=True)
class Texts:
    """An enumeration still to be put into words; ``str`` returns the codes."""

    items: tuple[Text, ...]

    def __call__(self, language: Language) -> str:
        """Return the words in the given language, with commas between them, or semicolons where one has a comma."""
        words = [item(language) for item in self.items]
        return ("; " if any("," in one for one in words) else ", ").join(words)

    def __str__(self) -> str:
        return ", ".join(str(item) for item in self.items)


@cache
def _messages(language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((_LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language.value):
                key = message.id if isinstance(message.id, str) else message.id[0]
                if not key:
                    continue
                if key in found:
                    raise ValueError(f"{path.name}: message key {key!r} is defined twice")
                words = message.string or ""
                forms = (words,) if isinstance(words, str) else tuple(words)
                found[key] = forms
    return found


def keys(language: Language) -> frozenset[str]:
    """Return every message key of a language."""
    return frozenset(_messages(language))


def phrases(prefixes: Collection[str], language: Language) -> dict[str, tuple[str, ...]]:
    """Return the messages whose keys begin in one of the given ways, each with its plural forms, for pages' scripts."""
    return {key: forms for key, forms in _messages(language).items() if key.startswith(tuple(prefixes))}


def placeholders(key: str, language: Language) -> frozenset[str]:
    """Return the placeholder names that a message uses in a language."""
    forms = _messages(language)[key]
    return frozenset(name for form in forms for _, name, _, _ in Formatter().parse(form) if name)


def text(key: str, language: Language = Language.KY, /, **params: object) -> str:
    """Put a message key into words.

    Parameters
    ----------
    key
        Message key, such as ``"image.empty"``.
    language
        Language of the reader.
    params
        Values of the placeholders; a `Text` or `Texts` is put into words of the same language. ``count`` also picks
        the plural form, or without it the first whole number that the message names.

    Raises
    ------
    KeyError
        The catalogue has no such key: a fault of ours, caught by the tests.
    """
    forms = _messages(language)[key]
    count = _counted(forms[0], params) if len(forms) > 1 else None
    if count is not None:
        tags = sorted(Locale(language.value).plural_form.tags | {"other"}, key=_CLDR_ORDER.index)
        form = forms[min(tags.index(Locale(language.value).plural_form(count)), len(forms) - 1)]
    else:
        form = forms[0]
    return form.format(**{name: _in_words(value, language) for name, value in params.items()})


def _counted(form: str, params: Mapping[str, object]) -> int | None:
    """Return the number whose noun a message with plural forms has."""
    named = (name for _, name, _, _ in Formatter().parse(form) if name)
    return next((value for name in ("count", *named) if isinstance(value := params.get(name), int)), None)


def _in_words(value: object, language: Language) -> object:
    return value(language) if isinstance(value, Text | Texts) else value


_CLDR_ORDER = ["zero", "one", "two", "few", "many", "other"]


def best_language(accepted: str | None, default: Language = Language.KY) -> Language:
    """Choose the language for an ``Accept-Language`` header or a ``LANG`` value.

    >>> best_language("ru-RU,ru;q=0.9,en;q=0.8")
    <Language.RU: 'ru'>
    >>> best_language("en_GB.UTF-8")
    <Language.EN: 'en'>
    >>> best_language("fr")
    <Language.KY: 'ky'>

    Letters are alike large and small, and a weight of 0 means not this one (RFC 9110, clauses 12.4.2 and 12.5.4).

    >>> best_language("EN-us")
    <Language.EN: 'en'>
    >>> best_language("ky; q=0, ru; q=0.2, en; q=0.1")
    <Language.RU: 'ru'>
    """
    if not accepted:
        return default
    wishes: list[tuple[float, int, str]] = []
    for part in accepted.split(","):
        tag, _, quality = "".join(part.lower().split()).partition(";q=")
        weight = float(quality) if re.fullmatch(r"[01](\.[0-9]{0,3})?", quality) else 1.0
        if weight:
            wishes.append((-weight, len(wishes), tag.split(".")[0].replace("-", "_")))
    chosen = negotiate_locale([tag for _, _, tag in sorted(wishes)], [language.value for language in LANGUAGES])
    return Language(chosen) if chosen else default
