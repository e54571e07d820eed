"""Words for people: message keys and labels in Kyrgyz, Russian and English."""

from geo.i18n.catalogue import LANGUAGES, Language, Text, Texts, best_language, keys, phrases, placeholders, text

__all__ = ["LANGUAGES", "Language", "Text", "Texts", "best_language", "keys", "phrases", "placeholders", "text"]
