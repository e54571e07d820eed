"""What the words of a note say: endings, the hint at a missing remedy, and what might be the same problem."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.gallery.endings import kyrgyz_stem, language_of, stem
from geo.domain.gallery.likeness import ENOUGH, likeness, word_likeness
from geo.domain.gallery.remedies import missing_remedy, review_wording
from geo.domain.gallery.subjects import subjects_of
from geo.i18n import LANGUAGES, Language
from geo.sample import load_sample
from geo.sample.kok_irim import load_kok_irim
from tests.geo.domain.gallery.wordings import HELD_OUT, LOOKED_AT, LOOKED_AT_LATER


@pytest.mark.parametrize(
    ("root", "forms"),
    [
        ("жол", "жол жолдор жолдун жолго жолду жолдо жолдон жолу жолубуз жолдорубуздун жолдорго"),
        ("мектеп", "мектеп мектептин мектепке мектеби мектебинде мектебибиз мектептер мектебинен"),
        ("суу", "суу суунун сууга сууну суусу суубуз суулар суусун"),
        ("кочо", "көчө көчөнүн көчөлөр көчөлөрдө көчөлөрдөгү көчөсү кочого"),
        ("китепкана", "китепкана китепкананын китепканада китепканасы"),
        ("таштанды", "таштанды таштандыны таштандылар таштандынын"),
        ("клуп", "клуб клубдун клубу клубунда клубдагы"),
        ("чатыр", "чатыр чатыры чатырынан чатырлар"),
        ("арык", "арык арыктар арыгы арыктын арыгынан"),
        ("айыл", "айыл айылдын айылыбыз айылыбыздын айылында айылдар"),
    ],
)
def test_kyrgyz_words_without_their_endings(root: str, forms: str) -> None:
    assert {kyrgyz_stem(form) for form in forms.split()} == {root}


@given(st.text(alphabet="абвгдеёжзийклмнңоөпрстуүфхцчшыэюя", min_size=1, max_size=20))
def test_a_stem_begins_its_word_and_is_never_empty(word: str) -> None:
    for language in (Language.KY, Language.RU):
        assert stem(word, language)
    assert len(kyrgyz_stem(word)) >= min(len(word), 3)


@pytest.mark.parametrize(
    ("wording", "language"),
    [
        ("Айылыбыздын жолдору бузулган", Language.KY),
        ("Балдарга орун жетпейт", Language.KY),
        ("Мост через реку Кара-Суу опасен", Language.RU),
        ("Не хватает питьевой воды", Language.RU),
        ("No kindergarten", Language.EN),
    ],
)
def test_the_language_of_a_note(wording: str, language: Language) -> None:
    assert language_of(wording) is language


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("Трактор жок", "трактор жок"),
        ("Тракторубуз жок", "тракторубуз жок"),
        ("Таштанды чыгарганга техника жетишпейт", "техника жетишпейт"),
        ("Насос керек", "насос керек"),
        ("Түтүктөр жок", "түтүктөр жок"),
        ("Каражаттын жоктугу", "каражаттын жоктугу"),
        ("Көпүрө куруу керек", "көпүрө куруу керек"),
        ("Жаңы трансформатор сатып алуу керек", "сатып алуу керек"),
        ("Нет трактора", "нет трактора"),
        ("Нет своей техники для вывоза мусора", "нет своей техники"),
        ("Не хватает мусорных контейнеров", "не хватает мусорных контейнеров"),
        ("Нужно построить детский сад", "нужно построить детский сад"),
        ("Денег нет", "денег нет"),
        ("Техники не хватает", "техники не хватает"),
        ("There is no tractor", "no tractor"),
        ("We need a new pump", "need a new pump"),
        ("Not enough garbage containers", "not enough garbage containers"),
        ("Lack of funding", "lack of funding"),
        ("Need to build a bridge", "need to build a bridge"),
        ("No money for repairs", "no money"),
    ],
)
def test_a_missing_remedy_is_hinted_at(wording: str, named: str) -> None:
    assert missing_remedy(wording) == named
    (hint,) = review_wording(wording)
    assert all(named in hint(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "wording",
    [
        "Таштанды чыгарылбайт",
        "Суу жок, анткени насос иштебейт",
        "Насос иштебегендиктен суу жок",
        "Компьютер классы жок",
        "Мусор не вывозят",
        "Нет воды из-за старых труб",
        "Нет доступа к технике безопасности",
        "Rubbish is not taken away",
        "No water because the pump is broken",
        "No computer classes",
        "",
    ],
)
def test_a_lack_for_people_passes(wording: str) -> None:
    assert missing_remedy(wording) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_problem_of_the_handbook_gets_the_hint(language: Language) -> None:
    said = [one.wording for one in load_sample().problems] + [one.title for one in load_kok_irim().problems]
    assert not [words for words in (getattr(one, language.value) for one in said) if missing_remedy(words)]


def measured(groups: tuple[tuple[str, ...], ...]) -> tuple[float, float]:
    """Precision and recall of what is put before people."""
    items = [(place, wording) for place, wordings in enumerate(groups) for wording in wordings]
    named = {(a, b) for a, b in combinations(items, 2) if word_likeness(a[1], b[1])[0] >= ENOUGH}
    same = {(a, b) for a, b in combinations(items, 2) if a[0] == b[0]}
    return len(named & same) / len(named), len(named & same) / len(same)


@pytest.mark.parametrize(
    ("groups", "precision", "recall"),
    [(LOOKED_AT, 0.88, 1.0), (LOOKED_AT_LATER, 0.87, 0.82), (HELD_OUT, 0.94, 0.70)],
)
def test_how_often_suggestions_are_right_and_how_many_are_found(
    groups: tuple[tuple[str, ...], ...], precision: float, recall: float
) -> None:
    found_precision, found_recall = measured(groups)
    assert found_precision >= precision
    assert found_recall >= recall


def test_drinking_and_irrigation_water_are_not_alike() -> None:
    assert word_likeness("Ичүүчү суу жетишсиз", "Сугат суу жетишсиз") == (0.0, 0)
    assert word_likeness("Мектептин абалы начар", "Бала бакчанын абалы начар")[0] < ENOUGH
    # A wording with both is alike with either.
    assert word_likeness("Ичүүчү жана сугат суу жетишсиз", "Сугат суу жетишсиз")[0] >= ENOUGH


def test_culture_and_information_for_the_young_are_not_proposed() -> None:
    """The handbook warns against merging them (DOMAIN.md section 6)."""
    culture, young = (load_kok_irim().problems[place].title for place in (1, 6))
    for language in LANGUAGES:
        assert not likeness([getattr(culture, language.value)], [getattr(young, language.value)]).is_enough


def test_the_same_problem_in_three_languages() -> None:
    for one in load_kok_irim().problems:
        for first, second in combinations((one.title.ky, one.title.ru, one.title.en), 2):
            assert word_likeness(first, second)[0] >= ENOUGH, (first, second)


def test_place_and_competence_add_to_words_and_never_stand_for_them() -> None:
    first, second = ["Ынтымак көчөсүнүн жолу начар"], ["Көчөнүн жолу бузук"]
    alone = likeness(first, second)
    near = likeness(first, second, distance_m=120.0, competences=("6", "6"))
    far = likeness(first, second, distance_m=5000.0, competences=("6", "outside"))
    assert far.score < alone.score < near.score
    assert [reason.key for reason in near.reasons] == ["alike.words", "alike.near", "alike.competence"]
    assert [reason.key for reason in far.reasons] == ["alike.words", "alike.far", "alike.other_competence"]
    assert likeness(["Көпүрө жок"], ["Мончо жок"], distance_m=0.0, competences=("6", "6")).score == 0.0
    assert likeness([], ["Мончо жок"]).score == 0.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    score, shared = word_likeness(one, other)
    assert 0.0 <= score <= 1.0
    assert (score > 0) == (shared > 0)
    assert word_likeness(other, one) == (score, shared)
    assert word_likeness(one, one)[0] in (0.0, 1.0)
    assert isinstance(subjects_of(one), tuple)
    missing_remedy(one)
