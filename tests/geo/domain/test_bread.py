"""The bread sums to a whole loaf."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.bread import BreadLine, check_bread, differences_percent
from geo.errors import Refused
from geo.sample.session_x import load_session_x


def loaf(*shares: float) -> list[BreadLine]:
    return [BreadLine(f"line {number}", share) for number, share in enumerate(shares)]


@pytest.mark.parametrize("total", [99.5, 99.9, 100.0, 100.5])
def test_a_whole_loaf_is_taken(total: float) -> None:
    assert check_bread(loaf(60.0, total - 60.0)).perceived_percent == pytest.approx(total)


@pytest.mark.parametrize("total", [0.0, 99.49, 100.51, 130.0])
def test_another_sum_is_refused(total: float) -> None:
    with pytest.raises(Refused) as refusal:
        check_bread(loaf(*(total / 4 for _ in range(4))))
    assert refusal.value.key == "bread.sum"


def test_an_incomplete_loaf_may_lack_slices_but_has_none_too_many() -> None:
    assert check_bread(loaf(40.0, 20.0), incomplete=True).perceived_percent == 60
    with pytest.raises(Refused) as refusal:
        check_bread(loaf(60.0, 60.0), incomplete=True)
    assert refusal.value.key == "bread.sum"


def test_actual_shares_are_a_loaf_of_their_own() -> None:
    with pytest.raises(Refused) as refusal:
        check_bread([BreadLine("a", 50, None, 50), BreadLine("b", 50, None, 30)])
    assert refusal.value.key == "bread.sum"


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_hundredths_that_sum_to_a_hundred_are_taken(parts: list[int]) -> None:
    shares = [100 * part / sum(parts) for part in parts]
    assert check_bread(loaf(*shares)).perceived_percent == pytest.approx(100)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (lambda: BreadLine("", 10), "bread.nameless"),
        (lambda: BreadLine("a"), "bread.empty_line"),
        (lambda: BreadLine("a", -1), "bread.share_impossible"),
        (lambda: BreadLine("a", 101), "bread.share_impossible"),
        (lambda: BreadLine("a", float("nan")), "bread.share_impossible"),
        (lambda: BreadLine("a", perceived_som=-5), "bread.money_negative"),
        (lambda: check_bread([BreadLine("Жол-оңдоо", 50), BreadLine("жол оңдоо", 50)]), "bread.repeated"),
    ],
)
def test_meaningless_lines_are_refused(line: object, key: str) -> None:
    with pytest.raises(Refused) as refusal:
        line()  # type: ignore[operator]
    assert refusal.value.key == key


def test_a_difference_needs_both_sides() -> None:
    lines = [BreadLine("a", 60, None, 48.5), BreadLine("b", 40)]
    assert differences_percent(lines) == (pytest.approx(11.5), None)


def test_som_of_every_line_make_shares() -> None:
    lines = [BreadLine("a", 60, None, None, 300_000), BreadLine("b", 40, None, None, 100_000)]
    assert differences_percent(lines) == (-15, 15)
    assert differences_percent(lines, incomplete=True) == (None, None)


def test_the_session_of_village_x_sums_to_a_hundred() -> None:
    lines = [BreadLine(one["name_ky"], one["perceived_percent"]) for one in load_session_x().bread]
    assert [line.perceived_percent for line in lines] == [30, 20, 15, 15, 5, 5, 5, 3, 2]
    assert check_bread(lines).perceived_percent == 100
