"""Events, lists, circles, notes and the territory as records: refused, warned about, withdrawn; on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely.geometry import Point, box
from sqlalchemy import select

from geo.domain.rights import LOCAL, PUBLIC, Actor, Role
from geo.errors import AyilmapError, Conflict, Forbidden, NotFound, Refused
from geo.models import (
    AppraisalEvent,
    Cycle,
    InstitutionCircle,
    InstitutionTie,
    MapFeature,
    Participant,
    ProblemStatement,
    Settlement,
)
from geo.repositories.records import ListQuery
from geo.services.event_contents import publish_event
from geo.services.participation import participations
from geo.services.records.reading import list_records, read_record
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import Written, change, create, withdraw
from geo.services.workspace import Workspace

YOUNG = {"group_age_from": 18, "group_age_to": 35}


@pytest.fixture
def village_id(workspace: Workspace, event_id: UUID) -> UUID:
    with workspace.read() as session:
        return session.scalars(select(Settlement.id)).one()


def make(workspace: Workspace, name: str, /, **fields: Any) -> Written:
    resource = RESOURCES[name]
    with workspace.write(actor="test") as session:
        written = create(session, resource, resource.form.model_validate(fields), actor=LOCAL)
        session.expunge(written.record)
        return written


def alter(workspace: Workspace, name: str, record_id: UUID, **fields: Any) -> Written:
    with workspace.write(actor="test") as session:
        written = change(session, RESOURCES[name], record_id, fields, actor=LOCAL, seen=None)
        session.expunge(written.record)
        return written


def remove(workspace: Workspace, name: str, record_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        withdraw(session, RESOURCES[name], record_id, actor=LOCAL, seen=None, reason="entered twice")


def keys(written: Written) -> list[str]:
    return [warning.key for warning in written.warnings]


def refused(error: type[AyilmapError], key: str, workspace: Workspace, name: str, /, **fields: Any) -> None:
    with pytest.raises(error) as refusal:
        make(workspace, name, **fields)
    assert refusal.value.key == key


def session_fields(village_id: UUID, **more: Any) -> Mapping[str, Any]:
    return {"settlement_id": village_id, "kind": "session", "held_on": date(2014, 11, 20), **YOUNG, **more}


def test_an_event_makes_its_cycle_and_is_compared_with_the_method(workspace: Workspace, village_id: UUID) -> None:
    written = make(
        workspace, "events", **session_fields(village_id, held_on=date(2015, 3, 1), participants=12, women=0)
    )
    assert keys(written) == ["event.few_participants", "event.no_women"]
    with workspace.read() as session:
        assert sorted(session.scalars(select(Cycle.year))) == [2014, 2015]
    again = alter(workspace, "events", written.record.id, participants=24, women=13, facilitators=1)
    assert keys(again) == ["event.few_facilitators"]
    focus = make(workspace, "events", settlement_id=village_id, kind="focus_group", held_on=date(2015, 3, 3))
    assert keys(focus) == ["focus_group.date_unusual"]


def test_impossible_events_are_refused(workspace: Workspace, village_id: UUID) -> None:
    for key, fields in {
        "event.more_women": {"participants": 5, "women": 6},
        "group.reason_missing": {"group_age_from": 20},
        "programme.bad_time": {"programme": [{"starts": "ten", "title": {"ky": "Саламдашуу"}}]},
        "programme.order": {
            "programme": [{"starts": at, "title": {"ky": "Саламдашуу"}} for at in ("11:00", "10:00")],
        },
        "event.no_municipality": {"held_on": date(2025, 1, 1)},
        "geometry.wrong_type": {"geometry": box(78.2, 42.4, 78.3, 42.5)},
    }.items():
        refused(Refused, key, workspace, "events", **{**session_fields(village_id), **fields})
    refused(NotFound, "settlement.unknown", workspace, "events", **session_fields(uuid4()))
    refused(Conflict, "event.exists", workspace, "events", **session_fields(village_id, held_on=date(2014, 11, 19)))
    with workspace.read() as session:
        assert len(session.scalars(select(AppraisalEvent)).all()) == 1


def test_people_cannot_become_fewer_than_their_votes_allow(workspace: Workspace, event_id: UUID) -> None:
    alter(workspace, "events", event_id, participants=20)
    make(workspace, "problem-statements", event_id=event_id, wording="Ичүүчү суу жетишсиз", votes=100)
    with pytest.raises(Refused):
        alter(workspace, "events", event_id, participants=19)


def test_a_participant_list_is_numbered_and_seen_by_no_stranger(workspace: Workspace, event_id: UUID) -> None:
    alter(workspace, "events", event_id, participants=1, women=0)
    first = make(workspace, "participants", event_id=event_id, name="Асанова Айгүл", sex="female", age=17)
    assert (first.record.number, keys(first)) == (1, ["participant.minor", "participant.more_women_names"])
    second = make(workspace, "participants", event_id=event_id, name="Бакиров Нурлан", sex="male")
    assert (second.record.number, "participant.more_names" in keys(second)) == (2, True)
    refused(Conflict, "participant.number_taken", workspace, "participants", event_id=event_id, name="В", number=2)
    refused(Refused, "participant.nameless", workspace, "participants", event_id=event_id, name=" ")
    with workspace.write(actor="test") as session:
        publish_event(session, event_id, actor=LOCAL)
        for person in session.scalars(select(Participant)):
            assert person.published_at is None
        assert list_records(session, RESOURCES["participants"], ListQuery(), actor=PUBLIC).items == ()


def circle(workspace: Workspace, event_id: UUID, name: str, /, **more: Any) -> UUID:
    fields = {"event_id": event_id, "name_ky": name, "kind": "local_institution", "importance": "medium", **more}
    return make(workspace, "institution-circles", **fields).record.id


def drawn(x: float) -> dict[str, float]:
    return {"pixel_x": x, "pixel_y": 0.0, "pixel_radius": 100.0}


def relations(workspace: Workspace) -> list[tuple[str, str]]:
    with workspace.read() as session:
        ties = session.scalars(select(InstitutionTie).order_by(InstitutionTie.fid))
        return [(tie.relation.value, tie.origin.value) for tie in ties]


def test_drawn_circles_get_ties_that_follow_the_drawing(workspace: Workspace, event_id: UUID) -> None:
    first = circle(workspace, event_id, "Айыл өкмөтү", **drawn(0))
    second = circle(workspace, event_id, "Мектеп", **drawn(150))
    assert relations(workspace) == [("partial", "derived")]
    alter(workspace, "institution-circles", second, pixel_x=200.0)
    assert relations(workspace) == [("touching", "derived")]
    make(workspace, "institution-ties", first_id=second, second_id=first, relation="apart")
    assert relations(workspace) == [("touching", "derived"), ("apart", "entered")]
    refused(
        Conflict, "venn.tie_exists", workspace, "institution-ties", first_id=first, second_id=second, relation="full"
    )
    alter(workspace, "institution-circles", second, pixel_x=900.0)
    assert relations(workspace) == [("apart", "entered")]
    alter(workspace, "institution-circles", second, pixel_x=150.0)
    remove(workspace, "institution-circles", first)
    assert relations(workspace) == []


def test_a_derived_tie_is_not_changed_by_hand(workspace: Workspace, event_id: UUID) -> None:
    circle(workspace, event_id, "Айыл өкмөтү", **drawn(0))
    circle(workspace, event_id, "Мектеп", **drawn(150))
    with workspace.read() as session:
        tie_id = session.scalars(select(InstitutionTie.id)).one()
    with pytest.raises(Refused) as refusal:
        alter(workspace, "institution-ties", tie_id, relation="full")
    assert refusal.value.key == "venn.tie_derived"


def test_meaningless_circles_and_ties_are_refused(workspace: Workspace, event_id: UUID) -> None:
    first = circle(workspace, event_id, "Клуб", ranking=1)
    others = circle(workspace, event_id, "Клуб", diagram="women")
    for key, fields in {
        "venn.nameless": {"name_ky": ""},
        "venn.kind": {"kind": "school"},
        "venn.exists": {"name_ky": "Маданият үйү"},
        "venn.ranking": {"ranking": 0},
        "venn.women_reason": {"women_take_part": True, "women_why_not": "убакыт жок"},
        "venn.circle_unfinished": {"pixel_x": 1.0},
        "venn.circle_impossible": {"pixel_x": 1.0, "pixel_y": 1.0, "pixel_radius": 0.0},
        "venn.needs_unknown": {"needs": [str(others)]},
    }.items():
        with pytest.raises(Refused) as refusal:
            circle(workspace, event_id, "Мектеп", **fields)
        assert refusal.value.key == key
    for key, ends in {"venn.itself": (first, first), "venn.other_diagram": (first, others)}.items():
        tie = {"first_id": ends[0], "second_id": ends[1], "relation": "full"}
        refused(Refused, key, workspace, "institution-ties", **tie)
    again = make(
        workspace, "institution-circles", event_id=event_id, name_ky="Мечит", kind="local_institution", ranking=1
    )
    assert keys(again) == ["venn.ranking_taken"]


def test_an_event_leaves_with_what_was_recorded_in_it(workspace: Workspace, event_id: UUID, village_id: UUID) -> None:
    common = {"settlement_id": village_id, "kind": "well", "source": "gps", "geometry": Point(78.239, 42.495)}
    make(workspace, "map-features", event_id=event_id, **common)
    kept = make(workspace, "map-features", **common).record.id
    circle(workspace, event_id, "Мектеп")
    make(workspace, "problem-statements", event_id=event_id, wording="Ичүүчү суу жетишсиз", votes=10)
    make(workspace, "village-notes", settlement_id=village_id, event_id=event_id, topic="history", title="1928-жыл")
    remove(workspace, "events", event_id)
    with workspace.read() as session:
        assert session.scalars(select(MapFeature.id)).all() == [kept]
        for model in (AppraisalEvent, InstitutionCircle, ProblemStatement):
            assert session.scalars(select(model)).all() == []
            gone = session.scalars(select(model).execution_options(with_withdrawn=True)).one()
            assert (gone.withdrawn_by, bool(gone.withdrawn_reason)) == ("test", True)


def test_an_event_stays_while_something_rests_on_it(workspace: Workspace, event_id: UUID, village_id: UUID) -> None:
    common = {"settlement_id": village_id, "kind": "well", "source": "gps", "geometry": Point(78.239, 42.495)}
    well = make(workspace, "map-features", event_id=event_id, **common).record.id
    note = make(workspace, "village-notes", settlement_id=village_id, topic="needs", title="Кудук", feature_id=well)
    with pytest.raises(Refused) as refusal:
        remove(workspace, "events", event_id)
    assert (refusal.value.key, str(refusal.value.params["kept"])) == ("event.needed", "village_note: 1")
    remove(workspace, "village-notes", note.record.id)
    remove(workspace, "events", event_id)


def test_only_a_facilitator_of_the_municipality_publishes(workspace: Workspace, event_id: UUID) -> None:
    with workspace.read() as session:
        municipality_id = session.scalars(select(Cycle.municipality_id)).one()
    planner = Actor("planner", roles={municipality_id: frozenset({Role.PLANNER})})
    facilitator = Actor("facilitator", roles={municipality_id: frozenset({Role.FACILITATOR})})
    with workspace.write(actor="test") as session:
        with pytest.raises(Forbidden):
            publish_event(session, event_id, actor=planner)
        with pytest.raises(NotFound):
            publish_event(session, event_id, actor=PUBLIC)
        assert publish_event(session, event_id, actor=facilitator).published_at is not None


def test_the_public_is_not_told_few_people(workspace: Workspace, event_id: UUID, village_id: UUID) -> None:
    alter(workspace, "events", event_id, participants=22, women=12, signatures=["Асанова А."])
    few = make(workspace, "events", **session_fields(village_id, participants=21, women=3)).record.id
    with workspace.write(actor="test") as session:
        for one in (event_id, few):
            publish_event(session, one, actor=LOCAL)
    with workspace.read() as session:
        told = read_record(session, RESOURCES["events"], few, actor=PUBLIC)
        assert (told["participants"], told["women"], told["suppressed"]) == (21, None, ["women"])
        assert "signatures" not in read_record(session, RESOURCES["events"], event_id, actor=PUBLIC)
        public = participations(session, actor=PUBLIC)
        assert [(row.events, row.counted, row.women) for row in public.together.rows] == [(2, 1, 12)]
        own = participations(session, actor=LOCAL, cycle_id=public.cycles[0].cycle_id)
        assert [(row.participants, row.women) for row in own.cycles[0].table.rows] == [(43, 15)]
        assert own.cycles[0].year == 2014


def test_notes_and_features_belong_to_their_village(workspace: Workspace, event_id: UUID, village_id: UUID) -> None:
    other = make(workspace, "settlements", name_ky="Төрт-Күл", rayon_ky="Тоң", geometry=Point(76.9, 42.2)).record.id
    well = {"settlement_id": village_id, "kind": "well", "geometry": Point(78.239, 42.495)}
    note = {"topic": "history", "title": "Айылдын башталышы"}
    refused(NotFound, "profile.no_municipality", workspace, "village-notes", settlement_id=other, **note)
    refused(
        Refused, "profile.other_village", workspace, "village-notes", settlement_id=other, event_id=event_id, **note
    )
    for key, fields in {
        "feature.sheet_source": {"source": "candidate"},
        "feature.error_negative": {"position_error_m": -1.0},
        "feature.other_village": {"settlement_id": other, "event_id": event_id, "geometry": Point(76.9, 42.2)},
        "attributes.not_here": {"attributes": {"crops": ["буудай"]}},
        "versions.moved_far_away": {"geometry": Point(36.8, -1.3)},
    }.items():
        refused(Refused, key, workspace, "map-features", **{**well, **fields})
    made = make(workspace, "map-features", **well, event_id=event_id)
    assert made.record.layer == "infrastructure"


def test_the_territory_keeps_its_rules(workspace: Workspace, event_id: UUID, village_id: UUID) -> None:
    with workspace.read() as session:
        municipality_id = session.scalars(select(Cycle.municipality_id)).one()
    refused(Conflict, "cycle.exists", workspace, "cycles", municipality_id=municipality_id, year=2014)
    refused(Refused, "cycle.year", workspace, "cycles", municipality_id=municipality_id, year=14)
    joining = {"settlement_id": village_id, "municipality_id": municipality_id}
    refused(Refused, "membership.overlap", workspace, "memberships", **joining, valid_from=date(2023, 1, 1))
    make(workspace, "memberships", **joining, valid_from=date(2024, 1, 1))
    area = box(78.2, 42.4, 78.3, 42.5)
    refused(
        Refused,
        "boundary.date_missing",
        workspace,
        "settlement-boundaries",
        settlement_id=village_id,
        status="approved",
        geometry=area,
    )
    make(workspace, "settlement-boundaries", settlement_id=village_id, status="proposed", geometry=area)
    village = make(workspace, "settlements", name_ky="Жаңы-Жол", rayon_ky="Аксы", geometry=Point(71.9, 41.5)).record
    assert village.search_name == "|жаныжол|janijol|"
    refused(Refused, "settlement.nameless", workspace, "settlements", geometry=Point(71.9, 41.5))
    with workspace.read() as session:
        assert len(list_records(session, RESOURCES["settlements"], ListQuery(), actor=PUBLIC).items) == 2
