"""Who has a say in a village: by its membership today; and which groups of it have not met; on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from geo.domain.identifiers import new_id
from geo.domain.rights import PUBLIC, Actor, Role
from geo.domain.territory import MunicipalityKind
from geo.errors import Forbidden
from geo.models import AppraisalEvent, Cycle, Membership, Municipality, Settlement
from geo.repositories.records import municipalities_of
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import change
from geo.services.session_review import session_review
from geo.services.workspace import Workspace


@pytest.fixture
def village(workspace: Workspace, event_id: UUID) -> str:
    with workspace.read() as session:
        return str(session.scalar(select(AppraisalEvent.settlement_id).where(AppraisalEvent.id == event_id)))


def test_administrators_change_the_village_that_is_theirs_today(workspace: Workspace, village: str) -> None:
    with workspace.write(actor="test") as session:
        before = session.scalar(select(Cycle.municipality_id))
        after = Municipality(name_ky="Жети-Өгүз айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(after)
        session.flush()
        settlement, later = UUID(village), after.id
        cycle = Cycle(municipality_id=later, year=2025)
        session.add_all(
            [cycle, Membership(settlement_id=settlement, municipality_id=later, valid_from=date(2024, 1, 1))]
        )
    assert before is not None
    boss, once = (
        Actor(name, roles={one: frozenset({Role.ADMINISTRATOR})}) for name, one in (("a", later), ("b", before))
    )
    with workspace.write(actor="test") as session:
        (row,) = session.scalars(select(Settlement)).all()
        village_row = row.id
        households = change(session, RESOURCES["settlements"], village_row, {"households": 24}, actor=boss, seen=None)
        assert households.record.version == 2
        own = change(session, RESOURCES["municipalities"], later, {"population_over": 4700}, actor=boss, seen=None)
        assert own.record.version == 2
        (year,) = session.scalars(select(Cycle.id).where(Cycle.year == 2025)).all()
        assert change(session, RESOURCES["cycles"], year, {"year": 2026}, actor=boss, seen=None).record.version == 2
        # Neither its municipality of before, nor roles that only read the territory; and nobody here moves villages.
        reader = Actor("c", roles={later: frozenset({Role.COUNCIL_MEMBER, Role.FACILITATOR})})
        (joining,) = session.scalars(select(Membership.id).where(Membership.municipality_id == later)).all()
        for actor, collection, record_id in (
            (once, "settlements", village_row),
            (once, "municipalities", later),
            (once, "cycles", year),
            (reader, "settlements", village_row),
            (reader, "municipalities", later),
            (boss, "memberships", joining),
        ):
            with pytest.raises(Forbidden):
                change(session, RESOURCES[collection], record_id, {}, actor=actor, seen=None)


def test_a_membership_of_tomorrow_gives_no_say_today(workspace: Workspace, village: str) -> None:
    with workspace.write(actor="test") as session:
        coming = Municipality(name_ky="Келечек", kind=MunicipalityKind.AIMAK)
        session.add(coming)
        session.flush()
        start = date.today() + timedelta(days=400)
        session.add(Membership(settlement_id=UUID(village), municipality_id=coming.id, valid_from=start))
        session.flush()
        now_in = session.scalar(select(Cycle.municipality_id))
        row = session.scalars(select(Settlement)).one()
        assert municipalities_of(session, row) == {now_in}
        assert now_in != coming.id


def test_which_groups_have_not_met(service: TestClient, village: str, event_id: UUID, workspace: Workspace) -> None:
    address = f"/api/v1/settlements/{village}/session-review"
    english = {"Accept-Language": "en"}
    found = service.get(address, params={"year": 2014}, headers=english).json()
    assert [(one["event_id"], one["age_from"], one["age_to"]) for one in found["sessions"]] == [(str(event_id), 18, 35)]
    assert [one["key"] for one in found["warnings"]] == ["sessions.group_missing"] * 2
    assert "36–55" in found["warnings"][0]["text"]
    assert len(service.get(address, params={"year": 2013}).json()["warnings"]) == 3
    assert service.get(address).status_code == 422
    assert service.get(f"/api/v1/settlements/{new_id()}/session-review?year=2014").status_code == 404
    with workspace.read() as session:
        here = session.scalar(select(Cycle.municipality_id))
        assert here is not None
        for actor in (PUBLIC, Actor("elsewhere", roles={new_id(): frozenset({Role.ADMINISTRATOR})})):
            with pytest.raises(Forbidden):
                session_review(session, UUID(village), 2014, actor=actor)
        monitor = Actor("monitor", roles={here: frozenset({Role.MONITOR})})
        assert len(session_review(session, UUID(village), 2014, actor=monitor).sessions) == 1
