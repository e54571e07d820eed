"""Every cell of the table of rights, written by hand, holds; and what it does not name is denied."""

from __future__ import annotations

from uuid import UUID

import pytest

from geo.domain.rights import LOCAL, PUBLIC, Action, Actor, Role, Subject, is_allowed, is_public_subject
from tests.api.rights_table import ACTORS, CELLS, LETTERS

HERE, THERE, SOMEBODY = UUID(int=1), UUID(int=2), UUID(int=3)
EVERYTHING = frozenset(Role)


def in_role(*roles: Role, where: UUID = HERE, read_only: bool = False) -> Actor:
    return Actor("somebody", SOMEBODY, roles={where: frozenset(roles)}, read_only=read_only)


AT_WORK = {
    "public": PUBLIC,
    "no_role": Actor("somebody", SOMEBODY),
    **{role.value: in_role(role) for role in Role},
    "elsewhere": in_role(*EVERYTHING, where=THERE),
    "reads_only": in_role(Role.ADMINISTRATOR, read_only=True),
    "limited": in_role(Role.ADMINISTRATOR, where=THERE),
    "everywhere": Actor("somebody", SOMEBODY, everywhere=frozenset({Role.ADMINISTRATOR})),
    "local": LOCAL,
}


def test_the_table_is_whole() -> None:
    assert set(ACTORS) == set(AT_WORK)
    assert set(CELLS) == {(subject, who) for subject in Subject for who in AT_WORK}
    assert len(CELLS) == 17 * 12
    for cell in CELLS.values():
        assert set(cell) <= {*LETTERS, "o", "a"} or cell == "-", cell


@pytest.mark.parametrize(("subject", "who"), sorted(CELLS), ids="-".join)
def test_cell(subject: Subject, who: str) -> None:
    cell = CELLS[subject, who]
    for letter, action in LETTERS.items():
        assert is_allowed(action, subject, AT_WORK[who], HERE) is (letter in cell), f"{who} {action} {subject}"


@pytest.mark.parametrize("who", sorted(AT_WORK))
def test_without_a_municipality_only_everywhere_counts(who: str) -> None:
    for subject in Subject:
        for letter, action in LETTERS.items():
            expected = who in {"everywhere", "local"} and letter in CELLS[subject, who]
            assert is_allowed(action, subject, AT_WORK[who], None) is expected


def test_what_the_public_may_see_is_what_the_table_opens() -> None:
    for subject in Subject:
        assert is_public_subject(subject) is (CELLS[subject, "public"] in {"o", "a"})


def test_a_token_that_only_reads_takes_away_everywhere_too() -> None:
    actor = Actor("program", SOMEBODY, everywhere=frozenset({Role.ADMINISTRATOR}), read_only=True)
    for subject in Subject:
        assert is_allowed(Action.READ, subject, actor, HERE)
        assert not any(is_allowed(action, subject, actor, HERE) for action in set(Action) - {Action.READ})
