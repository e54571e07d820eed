"""How far the sample's year is, as the store tells it, on each engine; and finding places in a store of thousands."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import select

from geo.domain.names import search_text
from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.domain.stages import Stage
from geo.i18n import Language
from geo.models import AppraisalEvent, MapFeature, Municipality, Settlement
from geo.services.places import find_places, has_places, map_lines, municipality_places, recent_villages
from geo.services.stage_progress import village_progress
from geo.services.village_year import village_year
from geo.services.workplace import workplace
from geo.services.workspace import Workspace
from tests.support.statements import counted

TODAY = date(2026, 11, 22)


def test_one_session_with_a_map_is_a_third_of_the_first_stage(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        meeting = session.scalars(select(AppraisalEvent)).one()
        session.add(
            MapFeature(
                event_id=event_id,
                settlement_id=meeting.settlement_id,
                kind="school",
                layer="infrastructure",
                source="gps",
                geometry=Point(78.2386, 42.4951),
            )
        )
    with workspace.read() as session:
        meeting = session.scalars(select(AppraisalEvent)).one()
        place = workplace(session, meeting.settlement_id, 2014)
        for actor, done in ((LOCAL, 1), (PUBLIC, 0)):
            found = village_progress(session, place.settlement_id, place.cycle_id, Language.KY, actor=actor)
            stages = {one.stage: one for one in found}
            assert (stages[Stage.MAP].done, stages[Stage.MAP].of) == (done, 3)
        assert village_year(session, place, actor=LOCAL).event_ids == (event_id,)
        assert village_year(session, place, actor=PUBLIC).event_ids == ()


def test_the_progress_takes_a_fixed_number_of_statements(workspace: Workspace, event_id: UUID) -> None:
    with workspace.read() as session:
        meeting = session.scalars(select(AppraisalEvent)).one()
        place = workplace(session, meeting.settlement_id, 2014)
        with counted(session) as said:
            village_progress(session, place.settlement_id, place.cycle_id, Language.KY, actor=LOCAL)
        assert len(said) == 8


def test_places_are_found_by_a_few_letters_in_any_spelling(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        assert not has_places(session)
        for name in ("Көк-Жар", "Ак-Көк", "Кызыл-Суу"):
            session.add(Settlement(name_ky=name, search_name=search_text([name]), geometry=Point(74, 42)))
        session.add(Municipality(name_ky="Көк-Ой айыл аймагы", kind="aimak"))
    with workspace.read() as session:
        assert has_places(session)
        for letters in ("кок", "Kök", "көк"):
            municipalities, villages = find_places(session, letters, Language.KY, today=TODAY)
            assert [one.shown for one in villages] == ["Көк-Жар", "Ак-Көк"]
            assert [one.name for one in municipalities] == ["Көк-Ой айыл аймагы"]
        assert find_places(session, "%", Language.KY, today=TODAY) == ((), ())


def test_everybody_is_shown_the_places_of_their_own_work(workspace: Workspace, event_id: UUID) -> None:
    with workspace.read() as session:
        (own,) = session.scalars(select(Municipality)).all()
        village = session.scalar(select(Settlement.id))
        assert village is not None
        monitor = Actor("a", roles={own.id: frozenset({Role.MONITOR})})
        elsewhere = Actor("b", roles={event_id: frozenset({Role.MONITOR})})
        for actor, expected in ((LOCAL, [own.id]), (monitor, [own.id]), (elsewhere, []), (PUBLIC, [])):
            found = municipality_places(session, Language.KY, actor=actor, today=TODAY)
            assert [one.id for one in found] == expected
        (found_again,) = municipality_places(session, Language.KY, actor=LOCAL, today=TODAY)
        assert [(one.id, one.year, one.has_events) for one in found_again.villages] == [(village, 2014, True)]
        assert found_again.is_sample
        (recent,) = recent_villages(session, [(event_id, 2013), (village, 2012)], Language.KY, today=TODAY)
        assert (recent.id, recent.year) == (village, 2012)
        assert map_lines(session, Language.KY, actor=LOCAL) == ()
