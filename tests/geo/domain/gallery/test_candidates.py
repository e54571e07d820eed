"""The bound by words leaves out no pair that the exact comparison would find, and most of those that it would not."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.domain.gallery.candidates import candidates
from geo.domain.gallery.likeness import likeness
from tests.geo.domain.gallery import wordings

WORDINGS = sorted(
    wording for groups in (wordings.LOOKED_AT, wordings.LOOKED_AT_LATER) for group in groups for wording in group
)
STREETS = ("", "Ынтымак", "Панфилов көчөсүндө", "на улице Тынчтык", "Кара-Суу")


def alike(said: list[list[str]], least: float) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one, other in combinations(range(len(said)), 2)
        if likeness(said[one], said[other]).score >= least
    ]


@given(
    st.lists(
        st.lists(st.sampled_from(WORDINGS) | st.text(alphabet="абкорсу жү", max_size=20), min_size=1, max_size=3),
        max_size=12,
    ),
    st.floats(0.05, 1),
)
def test_no_pair_is_left_out(said: list[list[str]], least: float) -> None:
    found = candidates(said, least=least)
    assert set(alike(said, least)) <= set(found)
    assert found == sorted(set(found))


@pytest.mark.parametrize("seed", [1, 2])
def test_of_a_municipality_only_what_may_be_alike_is_compared(seed: int) -> None:
    chance = random.Random(seed)
    said = [[f"{chance.choice(WORDINGS)} {chance.choice(STREETS)}"] for _ in range(120)]
    found = candidates(said, least=0.45)
    true = alike(said, 0.45)
    assert set(true) <= set(found)
    assert len(found) <= 1.1 * len(true), "the exact comparison is the costly one"
    assert len(found) < len(said) * (len(said) - 1) / 2 / 5
