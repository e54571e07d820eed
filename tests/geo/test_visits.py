"""Visits: chains that are only added to, phones that send twice, checklists, agreements; on both engines."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely.geometry import Point

from geo.domain.identifiers import new_id
from geo.domain.monitoring_codes import FollowUpState, Severity, VisitMethod, VisitTopic
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.errors import Conflict, Forbidden, NotFound, Refused
from geo.models import AuditEvent, Finding, MonitoringVisit
from geo.repositories.records import ListQuery
from geo.services.records.reading import list_records
from geo.services.records.writing import change, create, publish, withdraw
from geo.services.resources.monitoring import (
    FINDINGS,
    FOLLOW_UPS,
    SCORES,
    VISITS,
    ChecklistScoreForm,
    FindingForm,
    FollowUpForm,
)
from geo.services.visit_recording import Recorded, record_once
from geo.services.visit_reports import (
    agreements_of_visit,
    checklist_of_visit,
    visit_chain,
    visits_of_activity,
)
from geo.services.workspace import Workspace
from tests.geo.monitored import VISITED_AT, Monitored, monitored

__all__ = ["monitored"]


def record(workspace: Workspace, village: Monitored, visit_id: UUID | None = None, **changed: Any) -> Recorded:
    with workspace.write(actor="test") as session:
        return record_once(session, VISITS, visit_id or new_id(), village.visit(**changed), actor=village.monitor)


def test_a_visit_is_stored_with_what_was_said_of_it(workspace: Workspace, monitored: Monitored) -> None:
    stored = record(workspace, monitored)
    assert stored.is_new
    assert stored.warnings == ()
    with workspace.read() as session:
        visit = session.query(MonitoringVisit).one()
        assert visit.municipality_id == monitored.municipality_id
        assert (visit.chain_id, visit.number, visit.corrects_id) == (visit.id, 1, None)
        assert visit.visited_at == VISITED_AT
        assert visit.geometry is not None
        assert visit.geometry.equals(Point(78.2385, 42.495))
        assert (visit.members, visit.member_count) == (["Айгүл", "Бакыт", "Чынар"], 3)


def test_sent_twice_it_is_stored_once(workspace: Workspace, monitored: Monitored) -> None:
    visit_id = new_id()
    # A phone knows microseconds, the store milliseconds.
    moment = VISITED_AT + timedelta(microseconds=123_456)
    first = record(workspace, monitored, visit_id, visited_at=moment)
    again = record(workspace, monitored, visit_id, visited_at=moment)
    assert (first.is_new, again.is_new) == (True, False)
    with workspace.read() as session:
        assert session.query(MonitoringVisit).count() == 1
        assert session.query(AuditEvent).filter_by(record_id=visit_id).count() == 1
    with pytest.raises(Conflict) as caught:
        record(workspace, monitored, visit_id, summary="Башка сөз")
    assert caught.value.key == "visit.other_content"


def test_only_ids_that_sort_by_time_are_taken_from_phones(workspace: Workspace, monitored: Monitored) -> None:
    with pytest.raises(Refused) as caught:
        record(workspace, monitored, uuid4())
    assert caught.value.key == "visit.id_of_other_kind"


def test_every_visit_of_an_activity_is_told(workspace: Workspace, monitored: Monitored) -> None:
    with workspace.write(actor="test") as session:
        for number in range(501):
            row = MonitoringVisit(
                id=(identity := new_id()),
                chain_id=identity,
                municipality_id=monitored.municipality_id,
                settlement_id=monitored.settlement_id,
                activity_id=monitored.activity_id,
                topic=VisitTopic.ACTIVITY,
                method=VisitMethod.OBSERVATION,
                visited_at=VISITED_AT + timedelta(hours=number),
            )
            session.add(row)
    with workspace.read() as session:
        assert len(visits_of_activity(session, monitored.activity_id, actor=LOCAL)) == 501


def test_a_visit_is_never_changed(workspace: Workspace, monitored: Monitored) -> None:
    visit_id = record(workspace, monitored).record.id
    with pytest.raises(Refused) as caught, workspace.write(actor="test") as session:
        change(session, VISITS, visit_id, {"summary": "жакшы"}, actor=LOCAL, seen=1)
    assert caught.value.key == "record.never_changed"


def test_a_correction_is_a_new_entry_and_lists_show_the_latest(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    second = record(workspace, monitored, corrects_id=first, actual_quantity=18).record.id
    third = record(workspace, monitored, corrects_id=second, actual_quantity=19).record.id
    other = record(workspace, monitored, visited_at=VISITED_AT + timedelta(days=30)).record.id
    with workspace.read() as session:
        for asked in (first, second, third):
            chain = visit_chain(session, asked, actor=monitored.monitor)
            assert [entry["actual_quantity"] for entry in chain.entries] == [17, 18, 19]
            assert [entry["is_latest"] for entry in chain.entries] == [False, False, True]
            assert chain.latest_id == third
        listed = visits_of_activity(session, monitored.activity_id, actor=monitored.monitor)
        assert [row["id"] for row in listed] == [str(other), str(third)]
        assert listed[1]["differences"]["quantity"] == -1
        assert listed[1]["differences"]["quantity_percent"] == 95.0


def test_a_list_may_show_visits_as_they_stand(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    second = record(workspace, monitored, corrects_id=first, actual_quantity=18).record.id
    with workspace.write(actor="test") as session:
        publish(session, VISITS, first, actor=LOCAL, seen=None, shown=True)
    with workspace.read() as session:

        def listed(actor: Actor, *, standing: bool) -> list[str]:
            query = ListQuery(standing=standing)
            return [one["id"] for one in list_records(session, VISITS, query, actor=actor).items]

        assert listed(LOCAL, standing=False) == [str(first), str(second)]
        assert listed(LOCAL, standing=True) == [str(second)]
        assert listed(PUBLIC, standing=True) == [str(first)]  # the correction is not out yet


def test_corrected_twice_the_second_is_told_which_entry_stands(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    second = record(workspace, monitored, corrects_id=first).record.id
    with pytest.raises(Conflict) as caught:
        record(workspace, monitored, corrects_id=first, summary="мен да оңдодум")
    assert caught.value.key == "visit.corrected_meanwhile"
    assert caught.value.params["id"] == second


def test_corrected_in_parallel_one_wins(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    at_once = threading.Barrier(4)
    ended: list[str] = []

    def correct(words: str) -> None:
        at_once.wait(20)
        try:
            record(workspace, monitored, corrects_id=first, summary=words)
            ended.append("stored")
        except Conflict:
            ended.append("told")

    threads = [threading.Thread(target=correct, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ended) == ["stored", "told", "told", "told"]
    with workspace.read() as session:
        assert session.query(MonitoringVisit).count() == 2


def test_a_withdrawn_correction_gives_the_floor_back(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    wrong = record(workspace, monitored, corrects_id=first, actual_quantity=1).record.id
    with workspace.write(actor="test") as session:
        withdraw(session, VISITS, wrong, actor=monitored.monitor, seen=1, reason="башка айылдыкы")
    with workspace.read() as session:
        chain = visit_chain(session, first, actor=monitored.monitor)
        assert chain.latest_id == first
        assert [entry["withdrawn_reason"] for entry in chain.entries] == ["", "башка айылдыкы"]
    third = record(workspace, monitored, corrects_id=first, actual_quantity=18).record.id
    with workspace.read() as session:
        assert visit_chain(session, third, actor=monitored.monitor).latest_id == third


def test_with_the_last_entry_goes_what_hung_on_the_visit(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    second = record(workspace, monitored, corrects_id=first).record.id
    with workspace.write(actor="test") as session:
        form = FindingForm(visit_id=first, severity=Severity.MAJOR, words="Суу акпайт")
        create(session, FINDINGS, form, actor=monitored.monitor)
    for visit_id, left in ((second, 1), (first, 0)):
        with workspace.write(actor="test") as session:
            withdraw(session, VISITS, visit_id, actor=monitored.monitor, seen=None)
        with workspace.read() as session:
            assert session.query(Finding).count() == left


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"activity_id": None}, "visit.activity_missing"),
        ({"topic": VisitTopic.SERVICE, "activity_id": None}, "visit.service_missing"),
        ({"members": ["Айгүл", "айгүл"]}, "visit.member_twice"),
        ({"quantity_unit": ""}, "visit.unit_missing"),
        ({"accuracy_m": -1}, "visit.accuracy_impossible"),
        ({"visited_at": VISITED_AT.replace(year=2200)}, "visit.in_future"),
        (
            {"visited_at": VISITED_AT.replace(year=2025), "activity_id": None, "topic": VisitTopic.SOCIAL_PROBLEM},
            "visit.settlement_without_municipality",
        ),
        ({"activity_id": new_id()}, "record.unknown"),
        ({"settlement_id": new_id()}, "record.unknown"),
        ({"corrects_id": new_id()}, "visit.unknown"),
        ({"group_id": new_id()}, "record.unknown"),
    ],
)
def test_nothing_is_stored_of_what_is_refused(
    workspace: Workspace, monitored: Monitored, changed: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refused) as caught:
        record(workspace, monitored, **changed)
    assert caught.value.key == key
    with workspace.read() as session:
        assert session.query(MonitoringVisit).count() == 0


def test_another_villages_group_is_warned_of(workspace: Workspace, monitored: Monitored) -> None:
    stored = record(workspace, monitored, group_id=monitored.other_group_id)
    assert [said.key for said in stored.warnings] == ["visit.other_village"]


def test_rights(workspace: Workspace, monitored: Monitored) -> None:
    visit_id = new_id()
    council = Actor("council", roles={monitored.municipality_id: frozenset({Role.COUNCIL_MEMBER})})
    stranger = Actor("stranger", roles={new_id(): frozenset({Role.MONITOR})})
    for actor in (PUBLIC, council, stranger):
        with pytest.raises(Forbidden), workspace.write(actor="test") as session:
            record_once(session, VISITS, visit_id, monitored.visit(), actor=actor)
    record(workspace, monitored, visit_id)
    for actor in (PUBLIC, stranger):
        with pytest.raises(Forbidden), workspace.write(actor="test") as session:
            record_once(session, VISITS, visit_id, monitored.visit(), actor=actor)
        with pytest.raises(NotFound), workspace.read() as session:
            visit_chain(session, visit_id, actor=actor)
        with workspace.read() as session:
            assert visits_of_activity(session, monitored.activity_id, actor=actor) == []
    with workspace.read() as session:
        told, known = (visit_chain(session, visit_id, actor=who).entries[0] for who in (council, LOCAL))
    assert "members" not in told  # who reads the visit is not therefore told who people are
    assert known["members"] == ["Айгүл", "Бакыт", "Чынар"]


def test_the_public_sees_published_entries_without_names(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    with workspace.write(actor="test") as session:
        publish(session, VISITS, first, actor=LOCAL, seen=None, shown=True)
    record(workspace, monitored, corrects_id=first)
    with workspace.read() as session:
        chain = visit_chain(session, first, actor=PUBLIC)
        assert [entry["id"] for entry in chain.entries] == [str(first)]
        assert "members" not in chain.entries[0]
        assert chain.entries[0]["member_count"] == 3
        assert not chain.entries[0]["is_latest"]  # there is a correction, though it is not out yet
        listed = visits_of_activity(session, monitored.activity_id, actor=PUBLIC)
        assert [row["id"] for row in listed] == [str(first)]


def score(workspace: Workspace, village: Monitored, visit_id: UUID, item: int, points: int) -> None:
    with workspace.write(actor="test") as session:
        form = ChecklistScoreForm(visit_id=visit_id, item=item, score=points, comment="көрдүк")
        create(session, SCORES, form, actor=village.monitor)


def test_checklists_are_added_up_and_compared(workspace: Workspace, monitored: Monitored) -> None:
    earlier = record(workspace, monitored).record.id
    later = record(workspace, monitored, visited_at=VISITED_AT + timedelta(days=180)).record.id
    for item, points in ((1, 1), (6, 0), (13, 2)):
        score(workspace, monitored, earlier, item, points)
    score(workspace, monitored, later, 1, 2)
    score(workspace, monitored, later, 6, 0)
    corrected = record(workspace, monitored, corrects_id=later, visited_at=VISITED_AT + timedelta(days=180)).record.id
    score(workspace, monitored, corrected, 6, 1)
    with workspace.read() as session:
        report = checklist_of_visit(session, corrected, actor=monitored.monitor)
        assert (report.totals.points, report.totals.most, report.totals.is_partial) == (3, 4, True)
        assert [line.points for line in report.items if line.points is not None] == [2, 1]
        (before,) = report.earlier
        assert before.visit_id == earlier
        assert (before.totals.points, before.change) == (3, 2)
        assert [one.item for one in before.common] == [1, 6]
        assert checklist_of_visit(session, earlier, actor=monitored.monitor).earlier == ()


@pytest.mark.parametrize(
    ("item", "points", "comment", "key"),
    [
        (19, 0, "а", "checklist_score.no_such_item"),
        (0, 0, "а", "checklist_score.no_such_item"),
        (1, 3, "а", "checklist_score.out_of_scale"),
        (2, 2, "а", "checklist_score.out_of_scale"),
        (1, -1, "а", "checklist_score.out_of_scale"),
        (1, 2, " ", "checklist_score.comment_missing"),
    ],
)
def test_scores_off_the_scale_are_refused(
    workspace: Workspace, monitored: Monitored, item: int, points: int, comment: str, key: str
) -> None:
    visit_id = record(workspace, monitored).record.id
    score(workspace, monitored, visit_id, 5, 2)
    with pytest.raises(Refused) as caught, workspace.write(actor="test") as session:
        form = ChecklistScoreForm(visit_id=visit_id, item=item, score=points, comment=comment)
        create(session, SCORES, form, actor=monitored.monitor)
    assert caught.value.key == key


def test_of_two_who_score_an_item_at_once_the_second_is_told(workspace: Workspace, monitored: Monitored) -> None:
    visit_id = record(workspace, monitored).record.id
    at_once = threading.Barrier(4)
    ended: list[str] = []

    def give(points: int) -> None:
        at_once.wait(20)
        try:
            score(workspace, monitored, visit_id, 5, points)
            ended.append("stored")
        except Conflict as error:
            ended.append(error.key)

    threads = [threading.Thread(target=give, args=(number % 3,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ended) == [*["checklist_score.twice"] * 3, "stored"]


def follow(workspace: Workspace, village: Monitored, **fields: Any) -> UUID:
    with workspace.write(actor="test") as session:
        return create(session, FOLLOW_UPS, FollowUpForm(**fields), actor=village.monitor).record.id


def test_agreements_are_followed_over_the_chain(workspace: Workspace, monitored: Monitored) -> None:
    first = record(workspace, monitored).record.id
    agreed = follow(workspace, monitored, visit_id=first, words="Оңдоо", due_on=date(2014, 12, 1))
    second = record(workspace, monitored, corrects_id=first).record.id
    follow(workspace, monitored, visit_id=second, follows_id=agreed, due_on=date(2015, 1, 10))
    with workspace.read() as session:
        (open_one,) = agreements_of_visit(session, second, actor=monitored.monitor, today=date(2015, 1, 11))
        assert open_one.standing.state is FollowUpState.OVERDUE
    follow(workspace, monitored, visit_id=second, follows_id=agreed, done_on=date(2015, 1, 9), done_by="Бакыт")
    with workspace.read() as session:
        (done,) = agreements_of_visit(session, first, actor=monitored.monitor, today=date(2015, 2, 1))
        assert (done.id, done.standing.state, done.standing.times_postponed) == (agreed, FollowUpState.DONE, 1)


def test_entries_go_to_the_first_agreement_of_the_same_visit(workspace: Workspace, monitored: Monitored) -> None:
    visit_id, other = (record(workspace, monitored).record.id for _ in range(2))
    agreed = follow(workspace, monitored, visit_id=visit_id, words="Оңдоо")
    entry = follow(workspace, monitored, visit_id=visit_id, follows_id=agreed, due_on=date(2015, 1, 1))
    for fields, key in (
        ({"visit_id": visit_id, "follows_id": entry, "words": "а"}, "follow_up.not_first"),
        ({"visit_id": other, "follows_id": agreed, "words": "а"}, "follow_up.of_other_visit"),
        ({"visit_id": visit_id, "follows_id": new_id(), "words": "а"}, "follow_up.unknown"),
        ({"visit_id": visit_id, "due_on": date(2015, 1, 1)}, "follow_up.words_missing"),
    ):
        with pytest.raises(Refused) as caught:
            follow(workspace, monitored, **fields)
        assert caught.value.key == key
