"""A name in the languages of the house."""

from __future__ import annotations

from dataclasses import dataclass

from geo.i18n import Language

__all__ = ["Names"]


@dataclass(frozen=True, slots=True)
class Names:
    """A name in up to three languages; an empty string where it is not known."""

    ky: str = ""
    ru: str = ""
    en: str = ""

    def best(self, language: Language) -> str:
        """Return the name in the language asked for, else in the next language of the house that has one."""
        own: str = getattr(self, language.value)
        return own or self.ky or self.ru or self.en
