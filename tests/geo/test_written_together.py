"""Several people write on one list, village or activity at the same time, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.events import EventKind
from geo.domain.institutions import Diagram, Importance, TieRelation
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind
from geo.errors import Conflict, Refused
from geo.models import (
    Activity,
    AppraisalEvent,
    Cycle,
    Membership,
    Microproject,
    Municipality,
    Participant,
    Settlement,
)
from geo.services.workspace import Workspace
from tests.api.any_record import AnyRecord
from tests.geo.plan_records import make
from tests.geo.test_gallery_together import both

AT_ONCE = 5


def _each(work: Callable[[int], Callable[[Session], object]]) -> list[Callable[[Session], object]]:
    return [work(place) for place in range(AT_ONCE)]


def test_no_two_people_get_one_number_on_a_list(workspace: Workspace, event_id: UUID) -> None:
    write = _each(lambda place: lambda session: make(session, "participants", event_id=event_id, name=f"Киши {place}"))
    assert both(workspace, *write) == []
    with workspace.read() as session:
        assert sorted(session.scalars(select(Participant.number))) == list(range(1, AT_ONCE + 1))


def test_a_number_that_several_ask_for_is_given_once(workspace: Workspace, event_id: UUID) -> None:
    write = _each(
        lambda place: lambda session: make(session, "participants", event_id=event_id, name=f"Киши {place}", number=7)
    )
    refused = both(workspace, *write)
    assert [one.key for one in refused] == ["participant.number_taken"] * (AT_ONCE - 1)


def test_a_village_belongs_to_one_municipality_at_a_time(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        village = Settlement(name_ky="Айыл", search_name="айыл", geometry=Point(78.2, 42.5))
        owners = [Municipality(name_ky=f"Аймак {place}", kind=MunicipalityKind.AIMAK) for place in range(AT_ONCE)]
        session.add_all([village, *owners])
        session.flush()
        village_id, ids = village.id, [one.id for one in owners]
    refused = both(
        workspace,
        *_each(
            lambda place: (
                lambda session: make(
                    session,
                    "memberships",
                    settlement_id=village_id,
                    municipality_id=ids[place],
                    valid_from="2014-01-01",
                )
            )
        ),
    )
    assert len(refused) == AT_ONCE - 1
    assert all(isinstance(one, Refused) for one in refused)
    with workspace.read() as session:
        assert len(session.scalars(select(Membership).where(Membership.settlement_id == village_id)).all()) == 1


def test_an_activity_has_one_microproject(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        cycle = session.scalars(select(Cycle).where(Cycle.id == event.cycle_id)).one()
        known = {"municipality": cycle.municipality_id, "settlement": event.settlement_id, "cycle": cycle.id}
        activity_id = AnyRecord(session, known).make(Activity).id
    write = _each(lambda place: lambda session: make(session, "microprojects", activity_id=activity_id))
    refused = both(workspace, *write)
    assert [type(one) for one in refused] == [Conflict] * (AT_ONCE - 1)
    with workspace.read() as session:
        assert len(session.scalars(select(Microproject)).all()) == 1


def test_an_institution_is_put_on_a_diagram_once_and_tied_once(workspace: Workspace, event_id: UUID) -> None:
    circle = {
        "event_id": event_id,
        "diagram": Diagram.WOMEN,
        "kind": Kind.LOCAL_INSTITUTION,
        "importance": Importance.LARGE,
    }
    with workspace.write(actor="test") as session:
        ends = [make(session, "institution-circles", name_ky=name, **circle) for name in ("Мектеп", "Клуб")]
    put = _each(lambda _: lambda session: make(session, "institution-circles", name_ky="Китепкана", **circle))
    assert [one.key for one in both(workspace, *put)] == ["venn.exists"] * (AT_ONCE - 1)
    tie = {"first_id": ends[0], "second_id": ends[1], "relation": TieRelation.TOUCHING}
    refused = both(workspace, *_each(lambda _: lambda session: make(session, "institution-ties", **tie)))
    assert [one.key for one in refused] == ["venn.tie_exists"] * (AT_ONCE - 1)


def test_an_event_is_written_down_once_and_a_year_begins_once(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        village_id = session.scalars(select(AppraisalEvent.settlement_id).where(AppraisalEvent.id == event_id)).one()
    event = {"settlement_id": village_id, "kind": EventKind.FOCUS_GROUP, "held_on": "2019-03-01"}
    refused = both(workspace, *_each(lambda _: lambda session: make(session, "events", **event)))
    assert [one.key for one in refused] == ["event.exists"] * (AT_ONCE - 1)
    with workspace.read() as session:
        assert len(session.scalars(select(Cycle).where(Cycle.year == 2019)).all()) == 1
