"""Names are found however they are spelt, sorted as Kyrgyz sorts, and told apart by rayon."""

from __future__ import annotations

import csv
import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.names import (
    KYRGYZ_ALPHABET,
    display_names,
    display_with_rayon,
    fold,
    kyrgyz_sort_key,
    latin_key,
    search_keys,
    search_text,
)
from geo.i18n import Language
from tests.conftest import SHARED_DATA

LETTERS = KYRGYZ_ALPHABET + KYRGYZ_ALPHABET.upper() + "ӊӉabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAMES = st.text(LETTERS + " -'’ʼ0123456789", max_size=30)


@pytest.mark.parametrize(
    "spellings",
    [
        ["Жаңы-Жол", "Жаӊы-Жол", "Жаны-Жол", "ЖАҢЫ ЖОЛ", "жаңы  жол", "Жаңы\u2011Жол", "Жаңыжол"],
        ["Көк-Таш", "Кок-Таш", "Kөк-Tаш", "көк таш", "Көк'Таш", "Ко\u0301к-Таш"],
        ["Үч-Эмчек", "Уч-Эмчек", "Ӱч-Эмчек"],
        ["Орёл", "Орел", "ОРЁЛ", "Оре\u0308л"],
        ["Ак-Суу", "Ак-Cyy", "AK-Суу"],
        ["Kök-Irim", "Kok Irim", "KÖK-IRIM"],
        ["Hookaт", "Ноокат", "НООКАТ"],
    ],
)
def test_spellings_of_one_name_fold_alike(spellings: list[str]) -> None:
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}
    assert fold(spellings[0])


@pytest.mark.parametrize(
    "names", [["Арал", "Орол"], ["Ак-Суу", "Ак-Сай"], ["Жаны", "Жоны"], ["Суу", "Су"], ["Кызыл", "Кизил"]]
)
def test_other_names_do_not_fold_alike(names: list[str]) -> None:
    assert fold(names[0]) != fold(names[1])


@pytest.mark.parametrize(
    "spellings",
    [
        ["Көк", "Кок", "Kök", "Kok", "KOK"],
        ["Жаңы-Жол", "Джанги-Джол", "Jangy-Jol", "Dzhangi-Dzhol", "Jañy Jol", "Zhany-Zhol"],
        ["Жети-Өгүз", "Jeti-Oguz", "Jeti-Ögüz", "Джети-Огуз"],
        ["Ичке-Суу", "Ичкесу", "Ichke-Suu", "Içke-Suu"],
        ["Зеленый Гай", "Зелёный Гай", "Zelenyy Gay"],
        ["Ысык", "Issyk", "Ысык"],
        ["Хан", "Khan"],
        ["Шапак", "Şapak", "Shapak"],
    ],
)
def test_cyrillic_and_latin_spellings_share_a_key(spellings: list[str]) -> None:
    assert {latin_key(spelling) for spelling in spellings} == {latin_key(spellings[0])}


@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(max_size=20))
def test_any_text_folds_to_letters_and_digits(name: str) -> None:
    assert all(letter.isalnum() for letter in fold(name))


@given(NAMES)
def test_case_and_separators_make_no_difference(name: str) -> None:
    assert fold(name) == fold(name.upper()) == fold(name.lower()) == fold(f"  {name.replace(' ', ' - ')} ")
    assert latin_key(name) == latin_key(name.upper())


@given(NAMES, NAMES)
def test_what_folds_alike_sounds_alike(name: str, other: str) -> None:
    russian = name.translate(str.maketrans("ңөүёҢӨҮЁ", "ноуеНОУЕ"))
    assert fold(russian) == fold(name)
    assert latin_key(russian) == latin_key(name)
    if fold(name) == fold(other):
        assert latin_key(name) == latin_key(other)


@given(st.text("абгдеиклмноөпрстуүңыё", min_size=1, max_size=12))
def test_a_name_is_found_in_its_search_text(name: str) -> None:
    column = search_text([name, "Lipenka"])
    assert all(f"|{key}|" in column for key in search_keys(name))


def test_the_search_text_holds_each_key_once() -> None:
    assert search_text(["Көк", "Кок", "Kok"]) == "|кок|kok|"
    assert search_text(["", " - "]) == ""
    assert search_keys("—") == ()


def test_kyrgyz_letters_sort_in_their_places() -> None:
    names = ["Уста", "Үзүм", "Фрунзе", "Тоң", "Ой", "Өй", "Пай", "Най", "Ңай", "Мал"]
    assert sorted(names, key=kyrgyz_sort_key) == [
        "Мал", "Най", "Ңай", "Ой", "Өй", "Пай", "Тоң", "Уста", "Үзүм", "Фрунзе",
    ]  # fmt: skip


def test_words_sort_before_longer_words_digits_first_other_letters_last() -> None:
    names = ["Акбулак", "Ак-Суу", "Ак Булак", "ак", "Ак", "Zarya", "1-Май", "Ак-Суу 2", "Ак-Суу 1"]
    assert sorted(names, key=kyrgyz_sort_key) == [
        "1-Май", "Ак", "ак", "Ак Булак", "Ак-Суу", "Ак-Суу 1", "Ак-Суу 2", "Акбулак", "Zarya",
    ]  # fmt: skip


@given(st.lists(st.text(KYRGYZ_ALPHABET, min_size=1, max_size=6), max_size=8))
def test_sorting_follows_the_alphabet(names: list[str]) -> None:
    ordered = sorted(names, key=kyrgyz_sort_key)
    places = [[KYRGYZ_ALPHABET.index(letter) for letter in name] for name in ordered]
    assert places == sorted(places)


def test_homonyms_are_told_apart_by_rayon() -> None:
    places = [("Жаңы-Жол", "Аксы"), ("Жаны Жол", "Токтогул"), ("Липенка", "Жети-Өгүз"), ("Арал", "")]
    assert display_names(places, Language.EN) == [
        "Жаңы-Жол (Аксы rayon)",
        "Жаны Жол (Токтогул rayon)",
        "Липенка",
        "Арал",
    ]
    assert display_with_rayon("Арал", "Жумгальский", Language.RU) == "Арал (Жумгальский район)"
    assert display_with_rayon("Арал", "", Language.RU) == "Арал"


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the gazetteer lies in ../shared/data, which is not here")
def test_the_country_gazetteer_is_found_by_its_latin_names() -> None:
    """Rows of the gazetteer (Who's On First / GeoNames, CC BY 4.0) with a Latin and a Cyrillic name."""
    asked = found = 0
    with (SHARED_DATA / "kyrgyzstan" / "villages.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cyrillic = [name for name in f"{row['name_ky']}|{row['name_ru']}".split("|") if re.search("[а-я]", name)]
            if cyrillic and not re.search("[а-яА-Я]", row["name"]):
                asked += 1
                found += latin_key(row["name"]) in {latin_key(name) for name in cyrillic}
    assert asked > 2_000
    assert found / asked > 0.93


def test_the_villages_of_the_sample_keep_apart() -> None:
    names = ["Липенка", "Богатыровка", "Ичке-Булуң", "Зеленый Гай", "Х айылы (үлгү)"]
    assert all(latin_key(one) != latin_key(other) for one, other in combinations(names, 2))
