"""Rules that were kept when a record was made stay kept when another one changes; on both engines."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from shapely.geometry import Point
from sqlalchemy import select

from geo.domain.rights import LOCAL
from geo.domain.territory import MunicipalityKind
from geo.errors import Refused
from geo.models import Membership, Municipality, Settlement
from geo.repositories.appraisal import AppraisalRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.bread import NewSlice, replace_bread
from geo.services.gallery_reading import settlement_priorities
from geo.services.records.writing import create
from geo.services.resources.monitoring import VISITS
from geo.services.workspace import Workspace
from geo.snapshots import Names
from tests.geo.monitored import Monitored, monitored
from tests.geo.test_appraisal_record import alter, make, remove

__all__ = ["monitored"]


def test_a_bread_that_is_not_whole_stays_marked_so(workspace: Workspace, event_id: UUID) -> None:
    part = [NewSlice(names=Names("Жолдор", "", ""), perceived_percent=40.0)]
    with workspace.write(actor="test") as session:
        replace_bread(session, event_id, part, actor=LOCAL, incomplete=True)
    with pytest.raises(Refused) as refusal:
        alter(workspace, "events", event_id, bread_incomplete=False)
    assert refusal.value.key == "bread.sum"
    rest = [*part, NewSlice(names=Names("Мектептер", "", ""), perceived_percent=60.0)]
    with workspace.write(actor="test") as session:
        replace_bread(session, event_id, rest, actor=LOCAL, incomplete=True)
    alter(workspace, "events", event_id, bread_incomplete=False)


def test_an_event_with_votes_keeps_its_year(workspace: Workspace, event_id: UUID) -> None:
    make(workspace, "problem-statements", event_id=event_id, wording="Ичүүчү суу жетишсиз", votes=3)
    with pytest.raises(Refused) as refusal:
        alter(workspace, "events", event_id, held_on=date(2015, 1, 20))
    assert refusal.value.key == "gallery.event_other_year"
    alter(workspace, "events", event_id, held_on=date(2014, 1, 20))
    with workspace.read() as session:
        village = session.scalars(select(Settlement.id)).one()
        assert settlement_priorities(session, village, LOCAL).votes == 3


def test_an_event_without_votes_may_move_to_another_year(workspace: Workspace, event_id: UUID) -> None:
    alter(workspace, "events", event_id, held_on=date(2015, 1, 20))
    with workspace.read() as session:
        event = AppraisalRepository(session).event(event_id)
        assert TerritoryRepository(session).cycle_by_id(event.cycle_id).year == 2015


def test_a_visited_work_is_not_withdrawn_from_under_its_visit(workspace: Workspace, monitored: Monitored) -> None:
    with workspace.write(actor="test") as session:
        visit_id = create(session, VISITS, monitored.visit(), actor=LOCAL).record.id
    with pytest.raises(Refused) as refusal:
        remove(workspace, "activities", monitored.activity_id)
    assert refusal.value.key == "plan.others_stand"
    remove(workspace, "monitoring-visits", visit_id)
    remove(workspace, "activities", monitored.activity_id)


def test_what_is_measured_stays_in_its_municipality(workspace: Workspace, monitored: Monitored) -> None:
    with workspace.write(actor="test") as session:
        other = Municipality(name_ky="Башка аймак", kind=MunicipalityKind.AIMAK)
        place = Settlement(name_ky="Алыскы айыл", geometry=Point(78.3, 42.5))
        session.add_all([other, place])
        session.flush()
        session.add(Membership(settlement_id=place.id, municipality_id=other.id))
        session.flush()
        visit = monitored.visit(
            settlement_id=place.id,
            activity_id=None,
            group_id=None,
            topic="service",
            service="Суу",
            geometry=None,
            accuracy_m=None,
            located_at=None,
        )
        elsewhere = create(session, VISITS, visit, actor=LOCAL).record.id
        here = create(session, VISITS, monitored.visit(), actor=LOCAL).record.id
        far = place.id
    fields = {
        "activity_id": monitored.activity_id,
        "title": "Суу булагына чейинки аралык",
        "kind": "impact",
        "measure": "number",
        "direction": "lower",
    }
    with pytest.raises(Refused) as refusal:
        make(workspace, "indicators", **fields, settlement_id=far)
    assert refusal.value.key == "indicator.settlement_elsewhere"
    indicator = make(workspace, "indicators", **fields, settlement_id=monitored.settlement_id).record.id
    value = {"indicator_id": indicator, "measured_on": date(2014, 11, 20), "value": 350}
    with pytest.raises(Refused) as refusal:
        make(workspace, "indicator-values", **value, visit_id=elsewhere)
    assert refusal.value.key == "indicator.visit_elsewhere"
    make(workspace, "indicator-values", **value, visit_id=here)
