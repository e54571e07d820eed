"""The wall in groups: moving a note is a merge made or undone, no vote or word is lost, on both engines."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from geo.domain.problems import ProblemLevel
from geo.domain.rights import LOCAL, PUBLIC
from geo.errors import ChangedMeanwhile, Conflict, NotFound, Refused
from geo.services.gallery_merging import merge_problems
from geo.services.gallery_reading import settlement_priorities
from geo.services.gallery_wall import move_problem, session_wall
from geo.services.workspace import Workspace
from tests.geo.gallery_walls import new_event, problem_of, say, store_kok_irim

WHY = "Дубалда чогуу"


class Notes:
    """A session of one village with notes of one vote each."""

    def __init__(self, session: Session, *wordings: str) -> None:
        self.session = session
        self.wall = store_kok_irim(session)
        self.village = self.wall.villages[0]
        self.event = new_event(session, self.wall.cycle, self.village, participants=20).id
        self.ids = {one: problem_of(say(session, self.event, one, 1)) for one in wordings}

    def put(self, what: str, into: str | None, *, with_others: bool = False) -> UUID | None:
        into_id = None if into is None else self.ids[into]
        moved = move_problem(self.session, self.ids[what], into_id=into_id, reason=WHY, with_others=with_others)
        return moved.others_id

    def groups(self) -> list[set[str]]:
        found = session_wall(self.session, self.event, LOCAL)
        assert found.votes == len(self.ids)
        listed = settlement_priorities(self.session, self.village, LOCAL, cycle_id=self.wall.cycle)
        # Whatever is moved, the village's votes are those of its notes.
        assert listed.votes == 139 + len(self.ids)
        return [{note.wording for note in group.notes} for group in found.groups]


def test_notes_move_from_group_to_group(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        notes = Notes(session, "a", "b", "c", "d")
        assert notes.groups() == [{"a"}, {"b"}, {"c"}, {"d"}]
        notes.put("b", "a")
        notes.put("c", "a")
        assert notes.groups()[0] == {"a", "b", "c"}
        first = session_wall(session, notes.event, LOCAL).groups[0]
        assert (first.title, first.votes, first.rank, first.is_priority) == ("a", 3, 1, True)
        # To where it is already is no move.
        assert move_problem(session, notes.ids["b"], into_id=notes.ids["c"], reason=WHY).into_id == notes.ids["a"]
        notes.put("c", "d")
        assert notes.groups() == [{"a", "b"}, {"c", "d"}]
        # The note that names the group leaves it: the rest stays together.
        notes.put("c", "a")
        others = notes.put("a", "d")
        assert notes.groups() == [{"a", "d"}, {"b", "c"}]
        # And comes back.
        assert others is not None
        move_problem(session, notes.ids["a"], into_id=others, reason=WHY)
        assert notes.groups() == [{"a", "b", "c"}, {"d"}]
        notes.put("b", None)
        assert notes.groups() == [{"a", "c"}, {"b"}, {"d"}]


def test_a_whole_group_moves(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        notes = Notes(session, "a", "b", "c", "d")
        notes.put("b", "a")
        notes.put("d", "c")
        notes.put("a", "c", with_others=True)
        assert notes.groups() == [{"a", "b", "c", "d"}]
        # Taken out of the middle: what had been put into it stays with the rest.
        notes.put("a", None)
        assert notes.groups() == [{"b", "c", "d"}, {"a"}]


def test_merges_of_many_keep_the_others(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        notes = Notes(session, "a", "b", "c")
        merge_problems(session, list(notes.ids.values()), title="Баары бир", reason="Бир эле көйгөй")
        assert notes.groups() == [{"a", "b", "c"}]
        notes.put("b", None)
        assert notes.groups() == [{"a", "c"}, {"b"}]
        assert session_wall(session, notes.event, LOCAL).groups[0].title == "Баары бир"


def test_what_is_refused(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        notes = Notes(session, "a", "b")
        with pytest.raises(Refused, match=r"merge\.no_reason"):
            move_problem(session, notes.ids["a"], into_id=None, reason=" ")
        with pytest.raises(NotFound):
            move_problem(session, notes.ids["a"], into_id=uuid4(), reason=WHY)
        other = next(one for (village, _), one in notes.wall.problems.items() if village == 1)
        with pytest.raises(Refused, match=r"merge\.other_village"):
            move_problem(session, notes.ids["a"], into_id=other, reason=WHY)
        over = [notes.ids["a"], other]
        merge_problems(session, over, title="Эки айыл", reason="Бир", level=ProblemLevel.MUNICIPALITY)
        with pytest.raises(Conflict, match=r"wall\.merged_over_villages"):
            notes.put("a", "b")
        # Another note may join it in the village all the same.
        notes.put("b", "a")
        assert notes.groups() == [{"a", "b"}]
        with pytest.raises(NotFound):
            session_wall(session, notes.event, PUBLIC)


def test_who_moves_a_note_that_somebody_moved_is_told_where_it_is(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        notes = Notes(session, "a", "b", "c")
        move_problem(session, notes.ids["b"], into_id=notes.ids["a"], reason=WHY, seen_in=notes.ids["b"])
        with pytest.raises(ChangedMeanwhile) as told:
            move_problem(session, notes.ids["b"], into_id=notes.ids["c"], reason=WHY, seen_in=notes.ids["b"])
        assert told.value.current == {
            "problem_id": str(notes.ids["b"]),
            "into_id": str(notes.ids["a"]),
            "title": "a",
        }
        assert told.value.yours == {"from_id": str(notes.ids["b"]), "into_id": str(notes.ids["c"])}
        assert notes.groups() == [{"a", "b"}, {"c"}]
        # Both wanted it at the same place, or the answer was lost: nothing is left to do.
        again = move_problem(session, notes.ids["b"], into_id=notes.ids["a"], reason=WHY, seen_in=notes.ids["b"])
        assert again.into_id == notes.ids["a"]
        move_problem(session, notes.ids["b"], into_id=notes.ids["c"], reason=WHY, seen_in=notes.ids["a"])
        assert notes.groups() == [{"b", "c"}, {"a"}]
