"""Links proposed and decided, the chain of a problem, what is here, evidence, audit and reach, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from shapely.geometry import Point
from sqlalchemy import select, update

from geo.domain.evidence import Grade
from geo.domain.linking import FeatureRole, LinkState
from geo.domain.monitoring_codes import Direction, IndicatorKind, Measure
from geo.domain.plan_codes import ActivityStage, Purpose
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.stages import Stage
from geo.domain.vocabulary import Kind
from geo.errors import Conflict, Forbidden, NotFound, Refused
from geo.i18n import Language
from geo.models import Activity, Indicator, MapFeature, MonitoringVisit, Plan, Problem, ProblemStatement, Settlement
from geo.models.base import now
from geo.repositories.nearness import map_features
from geo.repositories.plans import PlanRepository
from geo.services.link_proposals import (
    decide_activity_link,
    decide_feature_link,
    decide_site,
    propose_activities,
    propose_features,
    propose_sites,
)
from geo.services.plan_audit import audit_plan
from geo.services.plan_votes import read_votes
from geo.services.problem_chain import problem_chain
from geo.services.service_reach import record_distance, settlement_reach
from geo.services.stage_progress import village_progress
from geo.services.visit_evidence import link_visits, visit_places
from geo.services.where import FoundPage, what_is_here
from geo.services.workspace import Workspace
from tests.geo.linked_village import VISITED_AT, LinkedVillage, build
from tests.geo.repositories.test_nearness import VILLAGE, east_of, north_of
from tests.support.statements import counted


@pytest.fixture
def village(workspace: Workspace) -> LinkedVillage:
    with workspace.write(actor="test") as session:
        return build(session)


def test_objects_near_a_problem_are_proposed_and_people_decide(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        proposed = propose_features(session, village.problems["water"], actor=LOCAL)
        found = {one.feature_id: one for one in proposed}
        assert set(found) == {village.features["standpipe"], village.features["well"]}
        standpipe = found[village.features["standpipe"]]
        assert proposed[0] is standpipe  # nearer, and short of water
        assert standpipe.role is FeatureRole.SHOWS
        assert standpipe.distance_m == pytest.approx(30, abs=0.1)
        well = found[village.features["well"]]
        with pytest.raises(Refused, match=r"link\.reason_missing"):
            decide_feature_link(session, well.id, to=LinkState.REJECTED, reason=" ", actor=LOCAL)
        decide_feature_link(session, well.id, to=LinkState.REJECTED, reason="Кургап калган", actor=LOCAL)
        link = decide_feature_link(session, standpipe.id, to=LinkState.CONFIRMED, actor=LOCAL)
        assert (link.decided_by, link.state) == ("local", LinkState.CONFIRMED)
        with pytest.raises(Conflict, match=r"link\.decided_already"):
            decide_feature_link(session, standpipe.id, to=LinkState.CONFIRMED, actor=LOCAL)
        assert propose_features(session, village.problems["water"], actor=LOCAL) == ()


def test_without_a_place_what_is_called_bad_is_proposed(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        water = session.scalars(select(Problem).where(Problem.id == village.problems["water"])).one()
        water.geometry = None
        (only,) = propose_features(session, water.id, actor=LOCAL)
        assert only.feature_id == village.features["standpipe"]
        assert only.distance_m is None
        by_people = propose_features(session, village.problems["roads"], actor=LOCAL, purpose=Purpose.SCHOOL)
        assert by_people == ()  # the school is 3 km from there


def test_activities_and_sites_are_proposed(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        (second,) = propose_activities(session, village.problems["water"], actor=LOCAL)
        assert second.activity_id == village.activities["second pipe"]  # the other one is answered by its goal
        assert second.distance_m == pytest.approx(320, abs=1)
        decide_activity_link(session, second.id, to=LinkState.CONFIRMED, actor=LOCAL)
        (lamps,) = propose_activities(session, village.problems["lighting"], actor=LOCAL)
        assert lamps.activity_id == village.activities["lamps"]
        sites = propose_sites(session, village.activities["pipe"], actor=LOCAL)
        assert {one.feature_id for one in sites} == {village.features["standpipe"], village.features["well"]}
        decide_site(session, sites[0].id, to=LinkState.CONFIRMED, actor=LOCAL)
        pipe = session.scalars(select(Activity).where(Activity.id == village.activities["pipe"])).one()
        assert pipe.site_feature_id == sites[0].feature_id
        decide_site(session, sites[0].id, to=LinkState.REJECTED, reason="Башка жер", actor=LOCAL)
        assert pipe.site_feature_id is None


def test_only_who_may_link_does(workspace: Workspace, village: LinkedVillage) -> None:
    monitor = Actor("monitor", roles={village.municipality: frozenset({Role.MONITOR})})
    with workspace.write(actor="test") as session:
        with pytest.raises(Forbidden):
            propose_features(session, village.problems["water"], actor=monitor)
        with pytest.raises(NotFound):
            propose_features(session, village.problems["water"], actor=PUBLIC)
        with pytest.raises(NotFound):
            problem_chain(session, village.problems["water"], actor=PUBLIC)


def test_the_chain_of_a_problem(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        standpipe, _ = propose_features(session, village.problems["water"], actor=LOCAL)
        decide_feature_link(session, standpipe.id, to=LinkState.CONFIRMED, actor=LOCAL)
    with workspace.read() as session, counted(session) as few:
        chain = problem_chain(session, village.problems["water"], actor=LOCAL)
    assert chain.votes == 36
    assert [one.votes for one in chain.statements] == [26, 10]
    assert [one.id for one in chain.merged] == [village.problems["pipes"]]
    assert chain.merges[0].problem_ids == (village.problems["pipes"],)
    assert chain.causes[0].causes == ("Түтүк эски",)
    assert [one.state for one in chain.features] == [LinkState.CONFIRMED, LinkState.PROPOSED]
    (pipe,) = chain.activities
    assert pipe.id == village.activities["pipe"]
    assert [one.amount_som for one in pipe.contributions] == [300_000]
    assert [one.id for one in pipe.visits] == [village.visit]
    # However much hangs on it, no statement more.
    with workspace.write(actor="test") as session:
        for number in range(30):
            part = Problem(
                municipality_id=village.municipality,
                level=session.scalars(select(Problem)).first().level,  # type: ignore[union-attr]
                cycle_id=village.cycle,
                settlement_id=village.settlement,
                title=f"{number}",
                merged_into_id=village.problems["pipes"],
            )
            session.add(part)
            session.flush()
            session.add(
                ProblemStatement(
                    municipality_id=village.municipality,
                    event_id=village.event,
                    problem_id=part.id,
                    settlement_id=village.settlement,
                    wording="суу",
                    votes=1,
                )
            )
    with workspace.read() as session, counted(session) as many:
        chain = problem_chain(session, village.problems["water"], actor=LOCAL)
    assert chain.votes == 66
    assert len(many) == len(few) <= 10


def test_what_is_here(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        standpipe, _ = propose_features(session, village.problems["water"], actor=LOCAL)
        decide_feature_link(session, standpipe.id, to=LinkState.CONFIRMED, actor=LOCAL)
    with workspace.read() as session:
        found = what_is_here(session, east_of(30), actor=LOCAL, radius_m=5).items
        by_table = {one.table: one for one in found}
        assert by_table["map_feature"].id == village.features["standpipe"]
        assert by_table["problem"].id == village.problems["water"]  # by the link
        assert by_table["problem"].distance_m is None
        assert by_table["activity"].id == village.activities["pipe"]  # its line runs here
        assert by_table["monitoring_visit"].id == village.visit  # a visit to it, 70 m away
        assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
        area = VILLAGE.buffer(0.0005)
        inside = {one.id for one in what_is_here(session, area, actor=LOCAL).items}
        assert {village.features["school"], village.problems["water"]} <= inside
        assert village.features["house far"] not in inside
        assert what_is_here(session, Point(10, 10), actor=LOCAL, radius_m=1000) == FoundPage((), None)
        assert what_is_here(session, east_of(30), actor=PUBLIC, radius_m=500) == FoundPage((), None)


def test_what_is_here_goes_on_to_the_last(
    workspace: Workspace, village: LinkedVillage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace.read() as session:
        whole = what_is_here(session, VILLAGE, actor=LOCAL, radius_m=2000)
        assert whole.cursor is None
        assert len(whole.items) > 10
        pages, cursor = [], None
        while True:
            page = what_is_here(session, VILLAGE, actor=LOCAL, radius_m=2000, most=3, cursor=cursor)
            pages.append(page.items)
            cursor = page.cursor
            if cursor is None:
                break
        assert tuple(one for page in pages for one in page) == whole.items
        assert {len(page) for page in pages[:-1]} == {3}
        for wrong in ("", "x", "bm8", "2014"):
            with pytest.raises(Refused, match=r"list\.bad_cursor"):
                what_is_here(session, VILLAGE, actor=LOCAL, cursor=wrong)
        monkeypatch.setattr("geo.services.where.MOST_AT_A_PLACE", 2)
        with pytest.raises(Refused, match=r"where\.too_much"):
            what_is_here(session, VILLAGE, actor=LOCAL, radius_m=2000)


def test_evidence_of_a_visit(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.read() as session:
        found = visit_places(session, village.visit, actor=LOCAL)
    assert found.device_to_site_m == pytest.approx(12, abs=0.2)
    (photo,) = found.photos
    assert photo.to_site_m == pytest.approx(20, abs=0.2)
    assert photo.to_device_m == pytest.approx(8, abs=0.2)
    assert photo.minutes == pytest.approx(7)
    assert found.evidence.grade is Grade.A
    with workspace.write(actor="test") as session:
        visit = session.scalars(select(MonitoringVisit).where(MonitoringVisit.id == village.visit)).one()
        visit.geometry = north_of(2000)
    with workspace.read() as session:
        assert visit_places(session, village.visit, actor=LOCAL).evidence.grade is Grade.D
        (link,) = link_visits(session, map_features(LOCAL, kinds=[Kind.WELL]), actor=LOCAL)
        assert link[2] == pytest.approx((2000**2 + 200**2) ** 0.5, rel=1e-3)


def test_audit_of_a_plan(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.read() as session:
        audit = audit_plan(session, village.plan, actor=LOCAL, at=VISITED_AT + timedelta(days=200))
    left_out = {(one.level.value, one.problem_id): one for one in audit.unanswered}
    assert ("settlement", village.problems["roads"]) in left_out
    assert ("municipality", village.problems["lighting"]) in left_out  # lamps are planned, and linked to nothing
    assert not any(problem == village.problems["water"] for _, problem in left_out)
    assert {one.activity_id for one in audit.unasked} == {
        village.activities[name] for name in ("second pipe", "park", "lamps")
    }
    (line,) = audit.by_settlement.lines
    assert (line.votes, line.som, line.beneficiaries) == (61, 490_000, 1000)
    assert line.som_per_vote == pytest.approx(490_000 / 61)
    young, old = sorted(audit.by_group.lines, key=lambda one: one.key.age_from or 0)
    # 300 000 som for 26 votes of the young and 10 of the old; all votes are 31 and 30.
    assert (young.votes, old.votes) == (31, 30)
    assert young.som == pytest.approx(300_000 * 26 / 36)
    assert audit.by_group.hoover == pytest.approx(26 / 36 - 31 / 61, abs=1e-6)
    (overlap,) = audit.overlaps
    assert {overlap.first_id, overlap.second_id} == {village.activities["pipe"], village.activities["second pipe"]}
    assert overlap.distance_m == pytest.approx(20, abs=0.2)
    assert {one.activity_id: one.last_visit for one in audit.unvisited} == {
        village.activities["pipe"]: VISITED_AT,
        village.activities["park"]: None,
    }
    assert {(one.activity_id, one.name) for one in audit.untied} == {
        (village.activities["pipe"], "ТСПАКБ"),
        (village.activities["second pipe"], "ТСПАКБ"),
    }


def test_an_activity_too_far_away_does_not_answer(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        pipe = session.scalars(select(Activity).where(Activity.id == village.activities["pipe"])).one()
        pipe.geometry = north_of(700)
        pipe.coverage = pipe.coverage.POINT
    with workspace.read() as session:
        audit = audit_plan(session, village.plan, actor=LOCAL)
        (water,) = (
            one
            for one in audit.unanswered
            if one.problem_id == village.problems["water"] and one.settlement_id is not None
        )
        assert water.has_activity
        assert water.nearest_m == pytest.approx(700, abs=1)
        wider = audit_plan(session, village.plan, actor=LOCAL, reach_m=800)
        assert not any(one.problem_id == village.problems["water"] for one in wider.unanswered)


def test_what_was_stopped_answers_nothing_and_costs_nothing(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        for name in ("pipe", "park"):
            stopped = session.scalars(select(Activity).where(Activity.id == village.activities[name])).one()
            stopped.status = ActivityStage.STOPPED
    with workspace.read() as session:
        audit = audit_plan(session, village.plan, actor=LOCAL)
        plan = session.scalars(select(Plan).where(Plan.id == village.plan)).one()
        read = read_votes(session, plan, PlanRepository(session, LOCAL).activities(village.plan), actor=LOCAL)
        progress = village_progress(session, village.settlement, village.cycle, Language.KY, actor=LOCAL)
    for found in (audit.unanswered, read.unanswered):
        assert village.problems["water"] in {one.problem_id for one in found if one.settlement_id is not None}
        assert not any(one.has_activity for one in found if one.problem_id == village.problems["water"])
    left = {village.activities["pipe"], village.activities["park"]}
    assert {one.activity_id for one in audit.unasked} == set(village.activities.values()) - left
    (line,) = audit.by_settlement.lines
    assert (line.votes, line.som) == (61, 90_000)
    assert {one.som for one in audit.by_group.lines} == {0}
    assert not {one.activity_id for one in audit.untied} & left
    (plan_stage,) = (one for one in progress if one.stage is Stage.PLAN)
    assert plan_stage.done == 0


def test_reach_of_a_service(workspace: Workspace, village: LinkedVillage) -> None:
    def reach(distance_m: float) -> tuple[int, int, int]:
        with workspace.read() as session:
            now_ = settlement_reach(
                session, village.settlement, kind=Kind.STANDPIPE, distance_m=distance_m, actor=LOCAL
            ).now
        assert now_.houses == 3
        assert now_.median_m == pytest.approx(100, abs=0.2)
        return now_.certain, now_.within, now_.possible

    # The houses are 10, 100 and 1470 m away; two errors of 10 m each leave open what lies within 20 m of the edge.
    assert reach(90) == (1, 1, 2)
    assert reach(110) == (1, 2, 2)
    assert reach(130) == (2, 2, 2)
    with workspace.read() as session:
        found = settlement_reach(session, village.settlement, kind=Kind.STANDPIPE, distance_m=110, actor=LOCAL)
        assert (found.households, found.people(2)) == (24, 10)
        assert found.after is None  # the pipe is under way
        assert found.planned is not None
        assert found.planned.within == 2
        assert found.planned.median_m == pytest.approx(0, abs=0.2)  # the new pipe passes by the middle house
        with pytest.raises(Refused, match=r"reach\.no_kind"):
            settlement_reach(session, village.settlement, kind=Kind.PROBLEM, distance_m=9, actor=LOCAL)
    with workspace.write(actor="test") as session:
        session.execute(update(Settlement).values(population_men=None))
    with workspace.read() as session:
        found = settlement_reach(session, village.settlement, kind=Kind.STANDPIPE, distance_m=110, actor=LOCAL)
        assert found.people(2) is None  # of the women alone nobody reckons how many live in a house


def test_reach_after_is_that_of_what_is_done(workspace: Workspace, village: LinkedVillage) -> None:
    def reach(stage: ActivityStage) -> tuple[int | None, int | None]:
        with workspace.write(actor="test") as session:
            for name in ("pipe", "second pipe"):
                row = session.scalars(select(Activity).where(Activity.id == village.activities[name])).one()
                row.status = stage if name == "pipe" else ActivityStage.STOPPED
            found = settlement_reach(session, village.settlement, kind=Kind.STANDPIPE, distance_m=90, actor=LOCAL)
            return tuple(one and one.within for one in (found.after, found.planned))  # type: ignore[return-value]

    assert reach(ActivityStage.PLANNED) == (None, 2)
    assert reach(ActivityStage.DONE) == (2, 2)
    assert reach(ActivityStage.STOPPED) == (None, None)


def test_the_distance_to_water_becomes_a_value(workspace: Workspace, village: LinkedVillage) -> None:
    with workspace.write(actor="test") as session:
        indicator = Indicator(
            municipality_id=village.municipality,
            settlement_id=village.settlement,
            title="Сууга чейинки аралык",
            kind=next(iter(IndicatorKind)),
            measure=next(iter(Measure)),
            direction=next(iter(Direction)),
            unit="м",
        )
        session.add(indicator)
        session.flush()
        value = record_distance(
            session,
            indicator.id,
            village.settlement,
            kind=Kind.STANDPIPE,
            measured_on=date(2015, 3, 1),
            actor=LOCAL,
        )
        assert value is not None
        assert value.value == pytest.approx(100, abs=0.2)
        standpipe = session.scalars(select(MapFeature).where(MapFeature.id == village.features["standpipe"])).one()
        standpipe.withdrawn_at = now()
        session.flush()
        nothing = record_distance(
            session, indicator.id, village.settlement, kind=Kind.STANDPIPE, measured_on=date(2015, 4, 1), actor=LOCAL
        )
        assert nothing is None
