"""The catalogue is whole: three languages, same keys and placeholders, every key and code in words."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

import geo.domain
import geo.errors
from geo.domain.forms import DocumentFormat
from geo.domain.georeference import Method
from geo.domain.labels import LABELLED, label_key, label_text, label_texts
from geo.domain.vocabulary import Supply
from geo.i18n import LANGUAGES, Language, Text, Texts, keys, placeholders, text
from tests.geo.vocabulary_page import PAGE, SECTIONS, page

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("geo", "sketch_import", "maps", "api", "migrations")
LOCALES = ROOT / "geo" / "i18n" / "locales"

CHECKED_CALLS = {name for name, value in vars(geo.errors).items() if inspect.isclass(value)} | {
    "text",
    "say",
    "note",
    "Text",
}
SPEAKING_MODULES = ("geo.errors", "geo.i18n", "api.cli.terminal")
TEMPLATE_KEY = re.compile(r"""\bsay\(\s*["']([a-z0-9_.]+)["']""")

SAME_IN_KYRGYZ_AND_RUSSIAN = {
    "kind.clinic",
    "kind.first_aid_post",
    "kind.sawmill",
    "kind.sluice",
    "kind.transformer",
    "layer.infrastructure",
    "territory.mayors_office",
    "territory.municipality",
    "territory.quarter",
    "territory.rayon",
}


@dataclass(frozen=True)
class Use:
    """A message key in the code; `given` is None where the call passes parameters that cannot be read off."""

    where: str
    key: str
    is_prefix: bool
    given: frozenset[str] | None


def _words(language: Language) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language.value):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


@cache
def uses() -> tuple[Use, ...]:
    return tuple(
        use
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for use in _uses_in(ast.parse(path.read_text("utf-8")), str(path.relative_to(ROOT)))
    )


def _uses_in(tree: ast.Module, where: str) -> Iterator[Use]:
    spoken = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(SPEAKING_MODULES)
        for alias in node.names
        if alias.name in CHECKED_CALLS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name) and node.func.id in spoken:
            for key, is_prefix in _literals(node.args[0]):
                yield Use(f"{where}:{node.lineno}", key, is_prefix, _given(spoken[node.func.id], node))


def _literals(first: ast.expr) -> Iterator[tuple[str, bool]]:
    if isinstance(first, ast.IfExp):
        yield from _literals(first.body)
        yield from _literals(first.orelse)
    elif isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value, False
    elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
        yield str(first.values[0].value), True


def _given(name: str, call: ast.Call) -> frozenset[str] | None:
    if name == "Text":
        values = call.args[1] if len(call.args) > 1 else None
        if not isinstance(values, ast.Dict):
            return None
        names = [key.value if isinstance(key, ast.Constant) else None for key in values.keys]
        return None if None in names else frozenset(str(one) for one in names)
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(str(one) for one in names)


def enums() -> list[type[Enum]]:
    modules = [importlib.import_module(f"geo.domain.{one.name}") for one in pkgutil.iter_modules(geo.domain.__path__)]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Enum) and value.__module__ == module.__name__
    }
    return sorted(found, key=lambda one: one.__name__)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_keys(language: Language) -> None:
    assert keys(language) == keys(Language.KY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_placeholders(language: Language) -> None:
    different = {key for key in keys(Language.KY) if placeholders(key, language) != placeholders(key, Language.KY)}
    assert not different


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_and_every_plural_form_is_there(language: Language) -> None:
    # "other" of Russian is for fractions; whole numbers need the rest.
    tags = Locale(language.value).plural_form.tags | {"other"}
    wanted = len(tags) - 1 if language is Language.RU else len(tags)
    for key, forms in _words(language).items():
        assert all(form.strip() == form and form for form in forms), key
        assert len(forms) == 1 or len(forms) >= wanted, f"{key} has {len(forms)} plural forms of {wanted}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_names(language: Language) -> None:
    for key, forms in _words(language).items():
        for form in forms:
            for _, name, _, conversion in string.Formatter().parse(form):
                assert name is None or name.isidentifier(), f"{key}: {{{name}}}"
                assert conversion is None, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_file_says_its_language(language: Language) -> None:
    for path in (LOCALES / language).glob("*.po"):
        assert f"Language: {language}\\n" in path.read_text("utf-8")


def test_every_key_of_the_code_is_in_the_catalogue() -> None:
    known = keys(Language.KY)
    missing = [
        f"{use.where} {use.key}"
        for use in uses()
        if (not any(key.startswith(use.key) for key in known) if use.is_prefix else use.key not in known)
    ]
    assert len(uses()) > 50
    assert not missing


def test_every_key_of_the_templates_is_in_the_catalogue() -> None:
    known = keys(Language.KY)
    templates = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.html"))]
    said = {(path.name, key) for path in templates for key in TEMPLATE_KEY.findall(path.read_text("utf-8"))}
    assert said

    def is_known(key: str) -> bool:
        if key.endswith("."):  # the template puts a code behind it
            return any(one.startswith(key) for one in known)
        return key in known or f"map.{key}" in known  # the map's own template leaves out the first part of its keys

    assert not {(name, key) for name, key in said if not is_known(key)}


def test_every_message_is_given_what_it_asks_for() -> None:
    known = keys(Language.KY)
    lacking = [
        f"{use.where} {use.key} lacks {sorted(placeholders(use.key, Language.KY) - use.given)}"
        for use in uses()
        if not use.is_prefix and use.given is not None and use.key in known
        if not placeholders(use.key, Language.KY) <= use.given
    ]
    assert not lacking


def test_every_enum_of_the_domain_has_labels() -> None:
    assert set(enums()) == set(LABELLED)
    wanted = {label_key(member) for enum in LABELLED for member in enum}
    assert wanted <= keys(Language.KY)


def test_no_label_is_left_of_a_code_that_is_gone() -> None:
    wanted = {label_key(member) for enum in LABELLED for member in enum}
    for enum in LABELLED:
        prefix = label_key(next(iter(enum))).partition(".")[0]
        if prefix not in {"territory", "competence"}:  # these also hold messages
            assert {key for key in keys(Language.KY) if key.startswith(f"{prefix}.")} <= wanted


def test_kyrgyz_is_kyrgyz_and_not_russian() -> None:
    kyrgyz, russian = _words(Language.KY), _words(Language.RU)
    same = {key for key, forms in kyrgyz.items() if re.search("[а-я]{3}", forms[0].lower()) and forms == russian[key]}
    labels = {label_key(member) for enum in LABELLED for member in enum}
    assert same & labels == SAME_IN_KYRGYZ_AND_RUSSIAN
    assert not {key for key in same if len(kyrgyz[key][0].split()) > 3}


@pytest.mark.parametrize("language", [Language.KY, Language.RU])
def test_sentences_are_in_cyrillic(language: Language) -> None:
    for key, forms in _words(language).items():
        for form in forms:
            words = " ".join(literal for literal, *_ in string.Formatter().parse(form))
            assert len(words.split()) < 4 or re.search("[а-я]{3}", words.lower()), key


def test_the_vocabulary_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_the_vocabulary_page_has_every_enum() -> None:
    shown = page()
    for enum in enums():
        for member in enum:
            if enum.__name__ != "CompetenceLevel" or member.value != "local":
                assert f"| `{member.value}` |" in shown
    assert set(SECTIONS.values()) <= set(enums())


def test_a_word_in_a_message_is_in_the_language_of_the_message() -> None:
    error = geo.errors.Refused("transform.chosen", method=label_text(Method.TPS))
    assert text(error.key, Language.KY, **error.params) == "Тандалган ыкма: Жука пластина сплайны."
    assert text(error.key, Language.EN, **error.params) == "Chosen method: Thin plate spline."


def test_programs_read_the_code_of_a_word() -> None:
    params = {"method": label_text(Method.TPS), "allowed": label_texts(Supply), "reason": Text("transform.singular")}
    assert json.loads(json.dumps(params, default=str)) == {
        "method": "tps",
        "allowed": "enough, short, unused, running_out",
        "reason": "transform.singular",
    }


def test_an_enumeration_is_put_into_words() -> None:
    assert Texts((Text("map.yes"), Text("map.no")))(Language.RU) == "да, нет"
    # What has a comma of its own would run together with its neighbours.
    formats = label_texts([DocumentFormat.PDF, DocumentFormat.DOCX])
    assert formats(Language.KY) == "PDF, басып чыгаруу үчүн; Word (DOCX), оңдоп жазуу үчүн"
    assert str(formats) == "pdf, docx"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_thing_has_one_name(language: Language) -> None:
    """The tables that QGIS shows and the cards of the map call an answer the same."""
    same = {"condition": "condition", "supply": "supply", "trouble": "trouble_reason"}
    for column, attribute in same.items():
        assert text(f"column.{column}", language) == text(f"attribute.{attribute}", language)
    assert text("column.position_error", language).startswith(text("map.position_error", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_of_a_method_stands_in_a_sentence(language: Language) -> None:
    # "projective" is also an English word.
    codes = re.compile(r"\b(" + "|".join(method for method in Method if method is not Method.PROJECTIVE) + r")\b")
    assert not [key for key, forms in _words(language).items() if any(codes.search(form) for form in forms)]
