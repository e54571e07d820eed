"""Ranks, merges and what they do to votes: pure arithmetic, with properties that hold for any sequence."""

from __future__ import annotations

import random
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.domain.gallery.book import Book, BookProblem, BookStatement
from geo.domain.gallery.counting import count_priorities
from geo.domain.gallery.notes import check_votes
from geo.domain.gallery.ranking import rank, top
from geo.domain.gallery.stability import What, rank_stability
from geo.domain.problems import ProblemLevel
from geo.errors import Conflict, NotFound, Refused

VILLAGE, OVER = ProblemLevel.SETTLEMENT, ProblemLevel.MUNICIPALITY
CYCLE = UUID(int=1)


def key(number: int) -> UUID:
    return UUID(int=number)


def book_of(votes: list[tuple[int, int, int]], *, made: int = 0) -> Book:
    """A statement with its problem for each (village, event, votes); and empty problems of the municipality."""
    problems = {
        key(100 + place): BookProblem(key(100 + place), VILLAGE, CYCLE, key(village))
        for place, (village, _, _) in enumerate(votes)
    }
    problems |= {key(200 + place): BookProblem(key(200 + place), OVER, CYCLE) for place in range(made)}
    statements = tuple(
        BookStatement(key(300 + place), key(100 + place), key(event), key(village), count)
        for place, (village, event, count) in enumerate(votes)
    )
    return Book(problems, statements)


def test_ties_share_a_rank_and_the_next_one_is_passed_over() -> None:
    ranked = rank({"roads": 12, "roof": 12, "water": 10, "school": 10, "irrigation": 9, "light": 6, "nobody": 0})
    assert [(one.rank, one.is_tied) for one in ranked] == [
        (1, True), (1, True), (3, True), (3, True), (5, False), (6, False), (7, False)
    ]  # fmt: skip
    assert [one.key for one in top(ranked)] == ["roads", "roof", "water", "school", "irrigation"]


def test_the_fifth_place_is_shared_by_all_who_have_it() -> None:
    ranked = rank(dict(zip("abcdefg", (9, 8, 7, 6, 5, 5, 5), strict=True)))
    assert len(top(ranked)) == 7
    assert [one.rank for one in top(ranked)][4:] == [5, 5, 5]
    assert not top(rank({"a": 0}))
    assert not rank({})


@given(st.dictionaries(st.integers(), st.integers(0, 50), max_size=30))
def test_a_rank_is_one_more_than_those_with_more_votes(votes: dict[int, int]) -> None:
    for one in rank(votes):
        assert one.rank == 1 + sum(other > one.votes for other in votes.values())
        assert one.is_tied == (list(votes.values()).count(one.votes) > 1)
    first = {one.key for one in top(rank(votes))}
    assert all(votes[a] > votes[b] for a in first for b in votes.keys() - first)


def test_session_of_village_x_has_its_two_ties() -> None:
    votes = [12, 12, 10, 10, 9, 6, 6, 5, 5]
    assert [one.rank for one in rank(dict(enumerate(votes)))] == [1, 1, 3, 3, 5, 6, 6, 8, 8]


@pytest.mark.parametrize("votes", [0, 99, 100])
def test_five_votes_for_each_are_accepted(votes: int) -> None:
    check_votes(votes, 20)


def test_more_than_five_for_each_are_refused_and_an_unknown_number_is_not_checked() -> None:
    with pytest.raises(Refused, match=r"gallery\.too_many_votes"):
        check_votes(101, 20)
    with pytest.raises(Refused):
        check_votes(1, 0)
    check_votes(101, None)


Moves = st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 40)), max_size=40)
Votes = st.lists(st.tuples(st.integers(1, 3), st.integers(11, 14), st.integers(0, 60)), min_size=1, max_size=12)


@given(Votes, Moves)
def test_no_vote_is_lost_by_any_sequence_of_merges_and_undos(votes: list[tuple[int, int, int]], moves: object) -> None:
    book = start = book_of(votes, made=4)
    total = sum(count for _, _, count in votes)
    ids = list(book.problems)
    assert isinstance(moves, list)
    for is_merge, part, into in moves:
        first, second = ids[part % len(ids)], ids[into % len(ids)]
        try:
            book = book.merged([first], second) if is_merge else book.undone([first])
        except Refused:
            continue
        assert sum(book.tally(OVER).values()) == total
        for village in (1, 2, 3):
            own = book.tally(VILLAGE, settlement=key(village))
            assert sum(own.values()) == sum(count for place, _, count in votes if place == village)
            assert all(book.problems[one].settlement == key(village) for one in own)
        for problem in ids:
            assert sum(one.votes for one in book.under(problem)) <= total
    assert book.undone(ids).tally(OVER) == start.tally(OVER)
    assert book.statements == start.statements


@given(Votes, Moves, st.randoms(use_true_random=False))
def test_the_order_of_undoing_makes_no_difference(
    votes: list[tuple[int, int, int]], moves: object, chance: random.Random
) -> None:
    book = book_of(votes, made=3)
    ids = list(book.problems)
    assert isinstance(moves, list)
    for _, part, into in moves:
        try:
            book = book.merged([ids[part % len(ids)]], ids[into % len(ids)])
        except Refused:
            continue
    merged = [one for one in ids if book.problems[one].into is not None]
    undone = merged[: len(merged) // 2 + 1]
    straight = book.undone(undone)
    chance.shuffle(undone)
    one_by_one = book
    for one in undone:
        one_by_one = one_by_one.undone([one])
    assert one_by_one == straight
    # What was not undone stands as it stood.
    assert all(straight.problems[one].into == book.problems[one].into for one in merged if one not in undone)


def test_undoing_an_early_merge_leaves_the_later_one_standing() -> None:
    book = book_of([(1, 11, 1), (1, 11, 2), (1, 11, 4)])
    a, b, c = (key(100 + place) for place in range(3))
    merged = book.merged([b], a).merged([a], c)
    assert merged.tally(VILLAGE) == {c: 7}
    assert merged.undone([b]).tally(VILLAGE) == {c: 5, b: 2}


def test_what_cannot_be_merged() -> None:
    book = book_of([(1, 11, 1), (1, 11, 2), (2, 12, 4)], made=2)
    a, b, c = (key(100 + place) for place in range(3))
    over, other = key(200), key(201)
    for parts, into, key_said, kind in (
        ([], a, "merge.too_few", Refused),
        ([a], a, "merge.too_few", Refused),
        ([c], a, "merge.other_village", Refused),
        ([over], a, "merge.level_reversed", Refused),
        ([key(999)], a, "problem.unknown", NotFound),
    ):
        with pytest.raises(kind, match=key_said):
            book.check_merge(parts, into)
    merged = book.merged([a, c], over)
    with pytest.raises(Conflict, match=r"merge\.merged_already"):
        merged.check_merge([a], other)
    # A village may still put another problem into one that the municipality merged.
    assert merged.merged([b], a).tally(OVER) == {over: 7}
    with pytest.raises(Conflict):
        merged.merged([over], other).check_merge([b], over)


def test_leaving_one_out_says_what_would_change() -> None:
    votes = [(1, 11, 45), (1, 11, 9), (2, 12, 21), (2, 12, 63), (1, 11, 40), (1, 11, 36), (2, 12, 36), (1, 11, 32)]
    book = book_of(votes)
    book = Book({**book.problems, key(200): BookProblem(key(200), OVER, CYCLE)}, book.statements)
    culture, young, younger, preschool, roads, water, light, sport = (key(100 + place) for place in range(8))
    merged = book.merged([culture, young, younger], key(200))
    found = rank_stability(merged, OVER, merges={key(7): [culture, young, younger]})
    assert [one.votes for one in found.top] == [75, 63, 40, 36, 36]
    by_id = {one.id: one for one in found.removals}
    without = by_id[key(7)]
    assert without.what is What.MERGE
    assert (without.entered, set(without.left)) == ((), {young, younger})
    assert {(one.problem, one.before, one.after) for one in without.moved} == {(culture, 1, 2), (preschool, 2, 1)}
    assert without.changes_priorities
    assert without.changes_order
    first = by_id[key(11)]
    assert set(first.left) == {roads, water}
    assert [one.key for one in first.top] == [preschool, light, key(200)]
    second = by_id[key(12)]
    assert set(second.left) == {preschool, light}
    assert second.entered == (sport,)
    assert not found.is_stable


def test_a_list_that_holds() -> None:
    book = book_of([(1, 11, 5), (1, 12, 5), (1, 11, 3), (1, 12, 3)])
    a, b, c, d = (key(100 + place) for place in range(4))
    merged = book.merged([b], a).merged([d], c)
    found = rank_stability(merged, VILLAGE, merges={key(7): [b]}, settlement=key(1))
    assert found.is_stable
    # Alone, the two halves are still among the first, tied.
    assert [one.rank for one in found.removals[0].top] == [1, 2, 2]
    assert not rank_stability(merged, VILLAGE, merges={key(8): [c]}, settlement=key(2)).top


@settings(max_examples=50)
@given(Votes)
def test_a_list_without_merges_changes_by_its_events_only(votes: list[tuple[int, int, int]]) -> None:
    found = rank_stability(book_of(votes), OVER, merges={})
    assert {one.what for one in found.removals} == {What.EVENT}
    assert len(found.removals) == len({event for _, event, _ in votes})
    for one in found.removals:
        assert not {*one.entered} & {*one.left}
        assert {*one.entered} <= {line.key for line in one.top}


def test_thirteen_municipalities() -> None:
    """The table of DOMAIN.md section 6: in how many of thirteen a problem was a priority."""
    table = {
        "drinking water": 13, "roads": 13, "budget information": 12, "schools": 10, "preschool": 9, "irrigation": 7,
        "sport and youth": 6, "rubbish": 5, "recreation places": 5, "street lighting": 5, "ecology": 4,
        "electricity": 4, "bridges": 3, "drainage": 3, "medical services": 3, "household": 3, "business": 2,
        "pasture committees": 1, "farm machinery": 1, "mill": 1, "market": 1, "unemployment": 1,
    }  # fmt: skip
    lists: dict[int, list[str]] = {place: [] for place in range(13)}
    for matter, places in table.items():
        for place in range(places):
            lists[(place * 5) % 13] += [matter, matter]
    counted = count_priorities(lists)
    assert {one.key: one.votes for one in counted} == table
    assert [one.rank for one in counted[:7]] == [1, 1, 3, 4, 5, 6, 7]
    assert [one.rank for one in counted[7:10]] == [8, 8, 8]


def test_merges_commute() -> None:
    book = book_of([(1, 11, 1), (1, 11, 2), (1, 11, 4), (1, 11, 8)])
    a, b, c, d = (key(100 + place) for place in range(4))
    tallies = set()
    for order in permutations([([b], a), ([c], a), ([d], a)]):
        merged = book
        for parts, into in order:
            merged = merged.merged(parts, into)
        tallies.add(tuple(merged.tally(VILLAGE).items()))
    assert tallies == {((a, 15),)}
