"""No count of 1 to 4 people can be read, or reckoned from what can be."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from geo.domain.disclosure import LEAST_SHOWN, suppress_counts, suppress_parts, suppress_table, told_sum


def small(count: int) -> bool:
    return 0 < count < LEAST_SHOWN


def test_women_and_men() -> None:
    for participants, women in product(range(40), range(40)):
        if women > participants:
            continue
        told = suppress_counts({"participants": participants, "women": women})
        shown = told.values
        for name, count in (("participants", participants), ("women", women)):
            assert shown[name] in {None, count}
            assert (shown[name] is None) is (name in told.suppressed)
            assert not (small(count) and shown[name] is not None)
        if shown["participants"] is not None and shown["women"] is not None:
            assert not small(participants - women)
        if not small(participants) and not small(women) and not small(participants - women):
            assert told.suppressed == ()


def test_not_known_is_not_withheld() -> None:
    told = suppress_counts({"participants": 24, "women": None, "households": 3})
    assert (told.values, told.suppressed) == (
        {"participants": 24, "women": None, "households": None},
        ("households",),
    )


def possible(shown: list[int | None], total: int) -> list[set[int]]:
    """What each withheld part can be, for who knows that at least one of them is small."""
    gone = [index for index, count in enumerate(shown) if count is None]
    rest = total - sum(count or 0 for count in shown)
    found: list[set[int]] = [set() for _ in gone]
    for values in product(range(rest + 1), repeat=len(gone) - 1):
        last = rest - sum(values)
        if last < 0 or not any(small(one) for one in (*values, last)):
            continue
        for index, value in enumerate((*values, last)):
            found[index].add(value)
    return found


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_a_part_cannot_be_reckoned_from_a_total(counts: list[int]) -> None:
    told = suppress_parts(dict(enumerate(counts)), sum(counts))
    shown = [told.values[index] for index in range(len(counts))]
    assert not any(small(count) for count in shown if count is not None)
    if not told.suppressed:
        return
    others = [count for index, count in enumerate(counts) if index not in told.suppressed]
    if any(others):  # with nothing left to withhold, a small village is a small village
        assert all(len(values) > 1 for values in possible(shown, sum(counts)))


def test_a_total_that_is_not_shown_gives_nothing_away() -> None:
    assert suppress_parts({"18-35": 2, "36-55": 9}, None).suppressed == ("18-35",)


def test_one_and_one_take_a_third_with_them() -> None:
    assert suppress_parts({"a": 1, "b": 1, "c": 9, "d": 20}, 31).suppressed == ("a", "b", "c")


def test_what_is_withheld_is_no_small_count_together() -> None:
    assert suppress_parts({"a": 1, "b": 2, "c": 8, "d": 20}, 31).suppressed == ("a", "b", "c"), "else 3 of a or b"


def test_a_sum_is_told_without_what_is_withheld() -> None:
    assert told_sum([1000, 4, 20], for_public=True) == 1020
    assert told_sum([1000, 4, 20], for_public=False) == 1024
    assert told_sum([4, 3], for_public=True) is None
    assert told_sum([None, 0], for_public=True) == told_sum([], for_public=True) == 0


def test_rows_with_sums() -> None:
    rows = [{"participants": 24, "women": 2}, {"participants": 21, "women": 9}, {"participants": 30, "women": 14}]
    first, second, third = suppress_table(rows)
    assert first.suppressed == ("women",)
    assert second.suppressed == ("women",), "else the sum of women less the others is 2"
    assert third.suppressed == ()
