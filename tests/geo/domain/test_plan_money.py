"""Sums of money as the papers write them, and how they add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.plan.money import MOST_SOM, Money, check_som, money_in_words, read_money
from geo.domain.plan.totals import Sums, add_up
from geo.domain.plan.viability import Gap, financial_gap, gap_of_all
from geo.domain.plan_codes import Viability
from geo.errors import Refused
from geo.i18n import LANGUAGES, Language

sums = st.integers(0, MOST_SOM)


@pytest.mark.parametrize(
    ("written", "som"),
    [
        ("300", 300),
        ("300 000 сом", 300_000),
        ("300\u00a0000", 300_000),
        ("300 миң сом", 300_000),
        ("300 миӊ сом", 300_000),
        ("300 тыс. сомов", 300_000),
        ("100 тысяч", 100_000),
        ("1,3 млн сом", 1_300_000),
        ("1.3 million som", 1_300_000),
        ("4,425 млн сом", 4_425_000),
        ("4.425.000", 4_425_000),
        ("4,425,000.00 KGS", 4_425_000),
        ("4.425.000,00", 4_425_000),
        ("2 млн 300 миң сом", 2_300_000),
        ("1,5 млрд сом", 1_500_000_000),
        ("0", 0),
        ("0,001 миң", 1),
    ],
)
def test_words_are_read(written: str, som: int) -> None:
    assert read_money(written) == Money(som)


@pytest.mark.parametrize("written", ["2,5 млн сомдон ашык", "свыше 2,5 млн сом", "over 2.5 million som", ">2,5 млн"])
def test_over_a_sum_is_kept(written: str) -> None:
    assert read_money(written) == Money(2_500_000, at_least=True)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("", "money.unreadable"),
        ("сом", "money.unreadable"),
        ("млн", "money.unreadable"),
        ("беш миң", "money.unreadable"),
        ("сом 300", "money.unreadable"),
        ("300 300", ""),
        ("3 30", "money.unreadable"),
        ("300 миң 2 млн", "money.unreadable"),
        ("300 сом 5", "money.unreadable"),
        ("1e5", "money.unreadable"),
        ("1,2.3", "money.unreadable"),
        ("1,300", "money.ambiguous"),
        ("12.500 сом", "money.ambiguous"),
        ("12,5", "money.part_of_som"),
        ("0,0001 миң", "money.part_of_som"),
        ("1,00000000000000000000000000000000001 млн", "money.part_of_som"),
        ("-300", "money.negative"),
        ("− 300 миң", "money.negative"),
        ("1001 млрд", "money.too_much"),
        ("9" * 60, "money.too_much"),
    ],
)
def test_what_is_no_sum_is_refused(written: str, key: str) -> None:
    if not key:
        assert read_money(written).som == 300_300
        return
    with pytest.raises(Refused) as refused:
        read_money(written)
    assert refused.value.key == key


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), Decimal("0.5"), -1])
def test_numbers_that_are_no_sum_are_refused(number: int | Decimal) -> None:
    with pytest.raises(Refused):
        read_money(number)


def test_the_greatest_sum_is_a_sum() -> None:
    assert check_som(MOST_SOM) == MOST_SOM
    with pytest.raises(Refused):
        check_som(MOST_SOM + 1)


@given(sums, st.sampled_from(LANGUAGES), st.booleans())
def test_what_is_written_is_read_back(som: int, language: Language, at_least: bool) -> None:
    assert read_money(money_in_words(som, language, at_least=at_least)) == Money(som, at_least)


@given(st.integers(0, MOST_SOM), st.sampled_from([("миң", 1_000), ("млн", 1_000_000), ("млрд", 1_000_000_000)]))
def test_decimals_lose_nothing(som: int, unit: tuple[str, int]) -> None:
    word, size = unit
    written = f"{Decimal(som) / size:f}".replace(".", ",")
    assert read_money(f"{written} {word} сом").som == som


@given(st.lists(st.builds(Sums, *(st.integers(0, 10**12) for _ in range(3)), st.booleans(), st.integers(0, 9))))
def test_sums_add_up_in_any_order(parts: list[Sums]) -> None:
    assert add_up(parts) == add_up(reversed(parts))
    assert add_up(parts).total == sum(part.promised for part in parts) + sum(part.unpromised for part in parts)


def test_half_of_the_need_is_viable_and_one_som_more_is_not() -> None:
    assert Gap(2_000_000, 1_000_000).viability is Viability.VIABLE
    assert Gap(2_000_000, 999_999).viability is Viability.NOT_VIABLE
    assert Gap(3, 1).viability is Viability.NOT_VIABLE
    assert Gap(3, 2).viability is Viability.VIABLE
    assert Gap(0, 0).viability is Viability.VIABLE
    assert Gap(None, 5).viability is Gap(5, None).viability is Viability.UNKNOWN


@given(st.integers(1, MOST_SOM), st.integers(0, MOST_SOM))
def test_viability_is_exact_for_every_sum(need: int, capacity: int) -> None:
    viable = Decimal(need - capacity) / Decimal(need) <= Decimal("0.5")
    assert (Gap(need, capacity).viability is Viability.VIABLE) is viable


def test_what_is_promised_counts_where_no_capacity_is_entered() -> None:
    assert financial_gap(100, None, contributed_som=60).gap_som == 40
    assert financial_gap(100, 10, contributed_som=60).gap_som == 90
    assert financial_gap(100, 0, contributed_som=60).gap_som == 100
    assert financial_gap(100, None).viability is Viability.UNKNOWN


def test_the_gap_of_a_plan_leaves_out_what_is_not_known() -> None:
    assert gap_of_all([Gap(100, 40), Gap(100, 60), Gap(1000, None), Gap(None, 5)]) == Gap(200, 100)
    assert gap_of_all([Gap(None, 1)]) == Gap(None, None)
