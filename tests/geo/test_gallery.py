"""The gallery in the store: votes, merges and their undoing, lists and their ranks, on both engines."""

from __future__ import annotations

from uuid import UUID

import pytest
from shapely.geometry import LineString, MultiPoint, Point
from sqlalchemy.orm import Session

from geo.domain.problems import ProblemLevel
from geo.domain.rights import LOCAL, PUBLIC
from geo.errors import Conflict, NotFound, Refused
from geo.gallery import PriorityList
from geo.models import AppraisalEvent, Problem, ProblemDistinction
from geo.models.base import now
from geo.repositories.gallery import GalleryRepository
from geo.services.gallery_merging import find_merge, list_merges, merge_problems, undo_merge
from geo.services.gallery_reading import (
    event_gallery,
    list_stability,
    municipality_priorities,
    priority_counts,
    settlement_priorities,
)
from geo.services.gallery_suggestions import suggest_merges
from geo.services.gallery_votes import check_event_votes
from geo.services.records.writing import change, create, publish, restore, withdraw
from geo.services.workspace import Workspace
from tests.geo.gallery_walls import RESOURCE, Wall, new_event, problem_of, say, store_kok_irim
from tests.support.statements import counted

MUNICIPALITY = ProblemLevel.MUNICIPALITY
STATEMENTS = RESOURCE["problem-statements"]
OVER_BOTH_VILLAGES = (
    "No conditions for preschool education",
    "Poor local roads",
    "No conditions for sport",
    "Too little information for young people",
)


def keys(warnings: tuple[object, ...]) -> set[str]:
    return {str(one) for one in warnings}


def merge_over_villages(session: Session, wall: Wall) -> dict[str, UUID]:
    return {
        title: merge_problems(
            session, wall.named(title), reason="Бир эле көйгөй", title=title, level=MUNICIPALITY
        ).into_id
        for title in OVER_BOTH_VILLAGES
    }


def votes(listed: PriorityList) -> list[tuple[int, int]]:
    return [(line.rank, line.votes) for line in listed.lines]


def test_the_table_of_kok_irim(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
        heads = merge_over_villages(session, wall)
    with workspace.read() as session:
        listed = municipality_priorities(session, wall.municipality, LOCAL, year=2014)
        assert votes(listed) == [(1, 63), (2, 45), (3, 40), (4, 36), (4, 36), (6, 32), (7, 30), (8, 16), (9, 8)]
        assert [line.is_tied for line in listed.lines] == [False, False, False, True, True, False, False, False, False]
        assert [line.votes for line in listed.priorities] == [63, 45, 40, 36, 36]
        assert listed.votes == 306
        roads = next(line for line in listed.lines if line.title == "Poor local roads")
        assert list(roads.by_settlement.values()) == [17, 23]
        assert [one.wording for one in roads.statements] == ["Ички жолдор начар"] * 2
    with workspace.write(actor="test") as session:
        culture = wall.problems[(0, "No conditions for culture")]
        youth = heads["Too little information for young people"]
        merged = merge_problems(
            session,
            [culture, youth],
            reason="Экөө тең маданият үйү",
            title="Маданият",
            level=MUNICIPALITY,
        )
    with workspace.read() as session:
        listed = municipality_priorities(session, wall.municipality, LOCAL)
        assert (listed.lines[0].title, listed.lines[0].votes, listed.lines[0].rank) == ("Маданият", 75, 1)
        assert votes(listed) == [(1, 75), (2, 63), (3, 40), (4, 36), (4, 36), (6, 32), (7, 16), (8, 8)]
        assert listed.votes == 306
        # The villages' own lists know nothing of what was merged over the municipality.
        aral = settlement_priorities(session, wall.villages[0], LOCAL)
        assert [line.votes for line in aral.lines] == [45, 36, 17, 13, 11, 9, 8]
        assert [line.rank for line in aral.priorities] == [1, 2, 3, 4, 5]
    with workspace.write(actor="test") as session:
        undo_merge(session, merged.id, reason="Улуулар ансамбль, жаштар интернет-клуб каалайт")
        listed = municipality_priorities(session, wall.municipality, LOCAL)
        assert [line.votes for line in listed.lines] == [63, 45, 40, 36, 36, 32, 30, 16, 8]


def test_does_the_list_of_kok_irim_hold(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
        heads = merge_over_villages(session, wall)
        culture = wall.problems[(0, "No conditions for culture")]
        youth = heads["Too little information for young people"]
        merged = merge_problems(session, [culture, youth], reason="маданият", title="Маданият", level=MUNICIPALITY)
    with workspace.read() as session:
        found = list_stability(session, municipality_priorities(session, wall.municipality, LOCAL), LOCAL)
        removals = {one.id: one for one in found.stability.removals}
        without = removals[merged.id]
        assert [found.titles[one] for one in without.left] == ["Too little information for young people"]
        assert not without.entered
        assert {(one.before, one.after) for one in without.moved} == {(1, 2), (2, 1)}
        assert not found.stability.is_stable
        assert {found.titles[one] for one in removals[wall.events[0]].left} == {"Таза суу жок"}
        # Without Бирдик the four that are left of Арал, and sport and the budget, are the first.
        assert "Көчө жарыгы жок" in {found.titles[one] for one in removals[wall.events[1]].left}


def test_every_statement_has_a_problem_of_its_own(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        first = problem_of(say(session, event_id, "Ички жолдор начар", 12, competence="6", at=Point(78.24, 42.5)))
        second = problem_of(say(session, event_id, "Ички жолдор начар", 3))
        assert first != second
        problem = session.get_one(Problem, 1)
        assert (problem.id, problem.level, problem.title) == (first, ProblemLevel.SETTLEMENT, "Ички жолдор начар")
        assert (problem.competence, problem.geometry) == ("6", Point(78.24, 42.5))
        assert problem.settlement_id is not None
        gallery = event_gallery(session, event_id, LOCAL)
        assert [(line.statement.votes, line.rank) for line in gallery.lines] == [(12, 1), (3, 2)]
        assert (gallery.votes, gallery.most_votes) == (15, None)


def test_a_problem_follows_its_statement_until_somebody_calls_it_otherwise(
    workspace: Workspace, event_id: UUID
) -> None:
    with workspace.write(actor="test") as session:
        said = say(session, event_id, "Жолдор начар", 12)
        problem_id = problem_of(said)
        change(session, STATEMENTS, said.record.id, {"wording": "Ички жолдор начар"}, actor=LOCAL, seen=None)
        problem = GalleryRepository(session).problem(problem_id)
        assert problem.title == "Ички жолдор начар"
        change(session, RESOURCE["problems"], problem_id, {"title": "Жолдор"}, actor=LOCAL, seen=None)
        change(session, STATEMENTS, said.record.id, {"wording": "Көчөлөр начар"}, actor=LOCAL, seen=None)
        assert problem.title == "Жолдор"


def test_votes_of_an_event_are_five_for_each_participant_at_most(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        event = GalleryRepository(session).hold_event(event_id)
        assert "gallery.participants_unknown" in keys(say(session, event_id, "Суу жетишсиз", 8).warnings)
        event.participants = 20
        session.flush()
        roads = say(session, event_id, "Жолдор начар", 92)
        with pytest.raises(Refused, match=r"gallery\.too_many_votes") as refused:
            say(session, event_id, "Көпүрө жок", 1)
        assert refused.value.params["most"] == 100
        with pytest.raises(Refused, match=r"gallery\.too_many_votes"):
            change(session, STATEMENTS, roads.record.id, {"votes": 93}, actor=LOCAL, seen=None)
    with workspace.write(actor="test") as session:
        withdraw(session, STATEMENTS, roads.record.id, actor=LOCAL, seen=None)
        say(session, event_id, "Жолдор начар", 92)
        event = GalleryRepository(session).hold_event(event_id)
        check_event_votes(session, event)
        event.participants = 19
        with pytest.raises(Refused, match=r"gallery\.too_many_votes"):
            check_event_votes(session, event)


@pytest.mark.parametrize(("wording", "amount", "key"), [("  ", 1, "wording_empty"), ("Жол", -1, "votes_negative")])
def test_statements_that_mean_nothing_are_refused(
    workspace: Workspace, event_id: UUID, wording: str, amount: int, key: str
) -> None:
    with workspace.write(actor="test") as session:
        with pytest.raises(Refused, match=rf"gallery\.{key}"):
            say(session, event_id, wording, amount)
        with pytest.raises(Refused, match=r"competence\.unknown"):
            say(session, event_id, "Жол начар", 1, competence="24")
        assert "gallery.stated_as_remedy" in keys(say(session, event_id, "Трактор жок", 1).warnings)


def test_merging_needs_a_reason_and_two_problems_of_one_list(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
        elsewhere = problem_of(say(session, event_id, "Жолдор", 2))
        aral, birdik = wall.named("Poor local roads")
        sport = wall.problems[(0, "No conditions for sport")]
        for parts, options, key in (
            ([aral, birdik], {"title": "Жол", "reason": " "}, "merge.no_reason"),
            ([aral], {"title": "Жол"}, "merge.too_few"),
            ([aral, aral], {"title": "Жол"}, "merge.too_few"),
            ([aral], {"into_id": aral}, "merge.too_few"),
            ([aral, sport], {}, "merge.no_title"),
            ([aral], {"into_id": sport, "title": "Жол"}, "merge.title_and_into"),
            ([aral, birdik], {"title": "Жол"}, "merge.other_village"),
            ([aral, elsewhere], {"title": "Жол", "level": MUNICIPALITY}, "merge.other_cycle"),
        ):
            with pytest.raises(Refused, match=key):
                merge_problems(session, parts, **{"reason": "бирдей", **options})
        with pytest.raises(NotFound, match=r"problem\.unknown"):
            merge_problems(session, [aral, wall.cycle], reason="бирдей", title="Жол")
        over = merge_problems(session, [aral, birdik], reason="бирдей", title="Жол", level=MUNICIPALITY)
        with pytest.raises(Refused, match=r"merge\.level_reversed"):
            merge_problems(session, [over.into_id], into_id=sport, reason="бирдей")


def test_undoing_takes_out_what_was_put_in_and_later_merges_keep_theirs(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        a, b, c, d = (
            problem_of(say(session, event_id, word, count))
            for word, count in (("Жол", 1), ("Көчө жолу", 2), ("Ички жол", 4), ("Жолдор", 8))
        )
        village = GalleryRepository(session).problem(a).settlement_id
        assert village is not None

        def listed() -> dict[UUID, int]:
            found = settlement_priorities(session, village, LOCAL)
            assert found.votes == 15
            return {line.problem_id: line.votes for line in found.lines}

        first = merge_problems(session, [b], into_id=a, reason="1")
        made = merge_problems(session, [a, c], title="Жолдор жаман", reason="2")
        last = merge_problems(session, [made.into_id], into_id=d, reason="3")
        assert listed() == {d: 15}
        undo_merge(session, first.id)
        assert listed() == {d: 13, b: 2}
        undo_merge(session, made.id)
        # The problem made for the second merge has nothing left and stands on no list.
        assert listed() == {d: 8, b: 2, a: 1, c: 4}
        undo_merge(session, last.id)
        assert listed() == {d: 8, b: 2, a: 1, c: 4}
        cycle = GalleryRepository(session).problem(a).cycle_id
        assert len(list_merges(session, cycle)) == 3
        assert not list_merges(session, cycle, standing_only=True)
        with pytest.raises(Conflict, match=r"merge\.undone_already"):
            undo_merge(session, first.id)
        again = merge_problems(session, [b], into_id=c, reason="4")
        assert (again.decided_by, again.votes) == ("test", 6)


def test_what_was_merged_cannot_be_merged_again(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="first") as session:
        a, b, c = (problem_of(say(session, event_id, word, 1)) for word in ("Жол", "Көчө жолу", "Ички жол"))
        merge_problems(session, [b], into_id=a, reason="бирдей")
    with workspace.write(actor="second") as session:
        with pytest.raises(Conflict, match=r"merge\.merged_already") as met:
            merge_problems(session, [b], into_id=c, reason="бирдей")
        assert met.value.params["by"] == "first"
        with pytest.raises(Conflict, match=r"merge\.merged_already"):
            merge_problems(session, [c], into_id=b, reason="бирдей")
        with pytest.raises(Conflict, match=r"merge\.changed_meanwhile"):
            merge_problems(session, [c], into_id=a, reason="бирдей", versions={c: 99})


def test_a_merged_problem_is_where_its_parts_are(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        first, second = Point(78.24, 42.5), Point(78.25, 42.5)
        a = problem_of(say(session, event_id, "Жол", 1, at=first))
        told = say(session, event_id, "Көчө жолу", 1, at=second)
        merged = merge_problems(session, [a, problem_of(told)], title="Жолдор", reason="бирдей")
        problem = GalleryRepository(session).problem(merged.into_id)
        assert problem.geometry == MultiPoint([first, second])
        line = LineString([(78.24, 42.5), (78.25, 42.5)])
        change(session, STATEMENTS, told.record.id, {"geometry": line}, actor=LOCAL, seen=None)
        assert problem.geometry is not None
        assert problem.geometry.geom_type == "GeometryCollection"
        change(session, RESOURCE["problems"], problem.id, {"geometry": line}, actor=LOCAL, seen=None)
        undo_merge(session, merged.id)
        assert (problem.geometry, problem.is_placed_by_hand) == (line, True)
        change(session, RESOURCE["problems"], problem.id, {"geometry": None}, actor=LOCAL, seen=None)
        assert (problem.geometry, problem.is_placed_by_hand) == (None, False)
        withdraw(session, STATEMENTS, told.record.id, actor=LOCAL, seen=None)
        assert GalleryRepository(session).problem(problem_of(told)).geometry is None


def test_only_problems_without_votes_are_withdrawn(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        said = say(session, event_id, "Жол", 3)
        with pytest.raises(Refused, match=r"problem\.has_votes"):
            withdraw(session, RESOURCE["problems"], problem_of(said), actor=LOCAL, seen=None)
        withdraw(session, STATEMENTS, said.record.id, actor=LOCAL, seen=None)
        withdraw(session, RESOURCE["problems"], problem_of(said), actor=LOCAL, seen=None)
        assert not event_gallery(session, event_id, LOCAL).lines


def test_notes_without_votes_go_with_their_problem_and_come_back_with_it(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        said = say(session, event_id, "Жол", 0)
        withdraw(session, RESOURCE["problems"], problem_of(said), actor=LOCAL, seen=None)
        with pytest.raises(NotFound):
            change(session, STATEMENTS, said.record.id, {"wording": "Көчө"}, actor=LOCAL, seen=None)
        restore(session, RESOURCE["problems"], problem_of(said), actor=LOCAL, seen=None)
        change(session, STATEMENTS, said.record.id, {"wording": "Көчө", "votes": 2}, actor=LOCAL, seen=None)
        (line,) = event_gallery(session, event_id, LOCAL).lines
        assert (line.title, line.statement.votes) == ("Көчө", 2)


def test_a_withdrawn_event_does_not_count(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        event = GalleryRepository(session).hold_event(event_id)
        say(session, event_id, "Жол", 3)
        other = new_event(session, event.cycle_id, event.settlement_id)
        say(session, other.id, "Суу", 4)
        other.withdrawn_at = now()
        session.flush()
        assert settlement_priorities(session, event.settlement_id, LOCAL).votes == 3


def test_the_public_counts_what_is_published(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        event: AppraisalEvent = GalleryRepository(session).hold_event(event_id)
        roads, water = say(session, event_id, "Жол", 3), say(session, event_id, "Суу", 4)
        merged = merge_problems(session, [problem_of(roads), problem_of(water)], title="Ички сыр", reason="бирдей")
        publish(session, STATEMENTS, roads.record.id, actor=LOCAL, seen=None, shown=True)
        seen = settlement_priorities(session, event.settlement_id, PUBLIC)
        assert [(line.title, line.votes) for line in seen.lines] == [("Жол", 3)]
        with pytest.raises(NotFound):
            event_gallery(session, event_id, PUBLIC)
        assert find_merge(session, merged.id).votes == 7


def test_in_how_many_places_a_matter_is_a_priority(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        wall = store_kok_irim(session)
        say(session, event_id, "Жол", 3, competence="6")
        counted = {one.competence: one.places for one in priority_counts(session, LOCAL)}
        assert counted["6"] == 2
        assert counted["18"] == 1
        by_village = priority_counts(session, LOCAL, by=ProblemLevel.SETTLEMENT, municipality_id=wall.municipality)
        # Арал puts roads third and Бирдик second; both have an age group's matter among their first.
        assert {one.competence: one.places for one in by_village}["6"] == 2
        assert by_village[0].rank == 1


def test_places_are_counted_by_as_many_statements_however_many_there_are(workspace: Workspace, event_id: UUID) -> None:
    def sent() -> int:
        with workspace.read() as session, counted(session) as statements:
            priority_counts(session, LOCAL)
        return len(statements)

    with workspace.write(actor="test") as session:
        say(session, event_id, "Жол", 3, competence="6")
    few = sent()
    with workspace.write(actor="test") as session:
        store_kok_irim(session)
        store_kok_irim(session)
    assert sent() == few


def test_suggestions_say_why_and_change_nothing(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        event = GalleryRepository(session).hold_event(event_id)
        say(session, event_id, "Ичүүчү суу жетишсиз", 10, competence="4", at=Point(78.24, 42.5))
        say(session, event_id, "Не хватает питьевой воды", 5, competence="4", at=Point(78.2405, 42.5))
        say(session, event_id, "Сугат суу жетишсиз", 9, at=Point(78.2405, 42.5))
        listed = settlement_priorities(session, event.settlement_id, LOCAL)
        (found,) = suggest_merges(session, listed)
        assert {found.first_title, found.second_title} == {"Ичүүчү суу жетишсиз", "Не хватает питьевой воды"}
        assert [one.key for one in found.reasons] == ["alike.words", "alike.near", "alike.competence"]
        assert found.distance_m == pytest.approx(41.1, abs=0.5)
        assert found.level is ProblemLevel.SETTLEMENT
        assert settlement_priorities(session, event.settlement_id, LOCAL) == listed


def test_what_people_told_apart_is_suggested_no_more(workspace: Workspace, event_id: UUID) -> None:
    apart = RESOURCE["problem-distinctions"]

    def suggested() -> set[frozenset[str]]:
        with workspace.read() as session:
            listed = settlement_priorities(session, village, LOCAL)
            return {frozenset((one.first_title, one.second_title)) for one in suggest_merges(session, listed)}

    with workspace.write(actor="Айгүл") as session:
        village = GalleryRepository(session).hold_event(event_id).settlement_id
        ky, ru, en = (
            problem_of(say(session, event_id, wording, 5))
            for wording in ("Ичүүчү суу жетишсиз", "Не хватает питьевой воды", "No clean drinking water")
        )
    assert len(suggested()) == 3
    form = apart.form.model_validate({"first_id": ru, "second_id": ky, "reason": "Башка көчө"})
    with workspace.write(actor="Айгүл") as session:
        decided = create(session, apart, form, actor=LOCAL).record
        assert isinstance(decided, ProblemDistinction)
        assert (decided.first_id, decided.second_id, decided.decided_by) == (*sorted((ky, ru)), "Айгүл")
        decision = decided.id
    assert frozenset(("Ичүүчү суу жетишсиз", "Не хватает питьевой воды")) not in suggested()
    assert len(suggested()) == 2
    for wrong, key in (
        ({"first_id": ky, "second_id": ru}, "distinction.exists"),
        ({"first_id": ky, "second_id": ky}, "distinction.itself"),
    ):
        with pytest.raises((Conflict, Refused)) as refusal, workspace.write(actor="test") as session:
            create(session, apart, apart.form.model_validate(wrong), actor=LOCAL)
        assert refusal.value.key == key
    # What one of the two is merged into is not the other one either.
    with workspace.write(actor="test") as session:
        merge = merge_problems(session, [ky, en], reason="Бир эле суу", title="Таза суу жок").id
    assert suggested() == set()
    with workspace.write(actor="test") as session:
        undo_merge(session, merge)
        withdraw(session, apart, decision, actor=LOCAL, seen=None)
    assert len(suggested()) == 3
