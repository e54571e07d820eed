"""Two people at one gallery at the same time, on both engines: the second is told, and no vote is counted twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL
from geo.errors import AyilmapError, Conflict, Refused
from geo.repositories.gallery import GalleryRepository
from geo.services.gallery_merging import list_merges, merge_problems, undo_merge
from geo.services.gallery_reading import event_gallery, settlement_priorities
from geo.services.workspace import Workspace
from tests.geo.gallery_walls import problem_of, say


def both(workspace: Workspace, *works: Callable[[Session], object]) -> list[AyilmapError]:
    """Run pieces of work at the same time, each in its transaction; returns what was refused."""
    start = Barrier(len(works))

    def run(work: Callable[[Session], object], name: str) -> AyilmapError | None:
        start.wait(timeout=30)
        try:
            with workspace.write(actor=name) as session:
                work(session)
        except AyilmapError as error:
            return error
        return None

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(run, work, f"person {place}") for place, work in enumerate(works)]
        found = [one.result(timeout=60) for one in running]
    return [error for error in found if error is not None]


@pytest.fixture
def three(workspace: Workspace, event_id: UUID) -> tuple[UUID, UUID, UUID]:
    with workspace.write(actor="test") as session:
        a, b, c = (problem_of(say(session, event_id, word, 2)) for word in ("Жол", "Көчө", "Көпүрө"))
        return a, b, c


def listed(workspace: Workspace, problem: UUID) -> dict[UUID, int]:
    with workspace.read() as session:
        village = GalleryRepository(session).problem(problem).settlement_id
        assert village is not None
        found = settlement_priorities(session, village, LOCAL)
        assert found.votes == 6
        return {line.problem_id: line.votes for line in found.lines}


def test_two_merge_the_same_problem(workspace: Workspace, three: tuple[UUID, UUID, UUID]) -> None:
    a, b, c = three
    (refused,) = both(
        workspace,
        lambda session: merge_problems(session, [a], into_id=b, reason="бирдей"),
        lambda session: merge_problems(session, [a], into_id=c, reason="бирдей"),
    )
    assert isinstance(refused, Conflict)
    assert refused.key == "merge.merged_already"
    assert str(refused.params["by"]).startswith("person")
    assert sorted(listed(workspace, a).values()) == [2, 4]


def test_two_merge_each_into_the_other(workspace: Workspace, three: tuple[UUID, UUID, UUID]) -> None:
    a, b, c = three
    (refused,) = both(
        workspace,
        lambda session: merge_problems(session, [a], into_id=b, reason="бирдей"),
        lambda session: merge_problems(session, [b], into_id=a, reason="бирдей"),
    )
    assert isinstance(refused, Conflict)
    assert sorted(listed(workspace, c).values()) == [2, 4]


def test_three_merge_in_a_ring(workspace: Workspace, three: tuple[UUID, UUID, UUID]) -> None:
    a, b, c = three
    refused = both(
        workspace,
        lambda session: merge_problems(session, [a], into_id=b, reason="бирдей"),
        lambda session: merge_problems(session, [b], into_id=c, reason="бирдей"),
        lambda session: merge_problems(session, [c], into_id=a, reason="бирдей"),
    )
    assert refused
    assert all(isinstance(one, Conflict) for one in refused)
    # Whoever came first, the problems are never merged in a ring that no list shows.
    assert 1 <= len(listed(workspace, a)) <= 2


def test_two_undo_the_same_merge(workspace: Workspace, three: tuple[UUID, UUID, UUID]) -> None:
    a, b, _ = three
    with workspace.write(actor="test") as session:
        merged = merge_problems(session, [a], into_id=b, reason="бирдей")
    (refused,) = both(workspace, *[lambda session: undo_merge(session, merged.id)] * 2)
    assert isinstance(refused, Conflict)
    assert refused.key == "merge.undone_already"
    assert listed(workspace, a) == dict.fromkeys(three, 2)
    with workspace.read() as session:
        (kept,) = list_merges(session, GalleryRepository(session).problem(a).cycle_id)
        assert kept.undone_by.startswith("person")


def test_two_who_count_notes_cannot_pass_the_limit_together(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        GalleryRepository(session).hold_event(event_id).participants = 2
    (refused,) = both(
        workspace,
        lambda session: say(session, event_id, "Жол", 6),
        lambda session: say(session, event_id, "Суу", 6),
    )
    assert isinstance(refused, Refused)
    assert refused.key == "gallery.too_many_votes"
    with workspace.read() as session:
        assert event_gallery(session, event_id, LOCAL).votes == 6
