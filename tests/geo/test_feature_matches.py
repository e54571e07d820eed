"""Objects that several groups drew, on both engines: proposed, decided on, taken back; drawings stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from shapely.geometry import LineString, Point
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from geo.database.engine import make_engine
from geo.database.schema import downgrade, upgrade
from geo.domain.match_status import CanonicalRule, MatchStatus
from geo.domain.rights import LOCAL
from geo.domain.vocabulary import Condition, Kind, Layer
from geo.drafts import NewSheet, PlacementChange
from geo.errors import Conflict, NotFound, Refused
from geo.matches import MatchSnapshot, Proposals
from geo.models import AuditEvent, Cycle, FeatureMatch, FeatureMatchSource, MapFeature, Settlement
from geo.placements import Solve
from geo.services.checking import check
from geo.services.feature_matches import confirm, find_match, list_matches, reject, undo
from geo.services.feature_moves import move_feature
from geo.services.match_proposals import propose
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import withdraw
from geo.services.sheet_replay import revise_placement
from geo.services.sheets import store_sheet
from geo.services.vocabulary import write_vocabulary
from geo.services.workspace import Workspace
from geo.snapshots import Names
from geo.spatial.measuring import distance_m
from tests.geo.test_sheet_versions import EAST, EAST_M, drawn, points, solve
from tests.geo.three_maps import OBJECTS, ThreeMaps, draw, enter, held, on_ground
from tests.support.statements import counted

__all__ = ["drawn", "solve"]

Proposed = dict[str, MatchSnapshot]
COMMENT = "үч топ тең бир мектепти тартты"


@pytest.fixture
def maps(workspace: Workspace) -> ThreeMaps:
    with workspace.write(actor="Чынара") as session:
        write_vocabulary(session)
        return enter(session)


def search(workspace: Workspace, maps: ThreeMaps) -> Proposals:
    with workspace.write(actor="Чынара") as session:
        return propose(session, maps.settlement)


def by_key(workspace: Workspace, maps: ThreeMaps, *statuses: MatchStatus) -> Proposed:
    """Matches by what they are; the first of each."""
    key_of = {feature: key for (key, _), feature in maps.features.items()}
    with workspace.read() as session:
        found = list_matches(session, maps.settlement, statuses=statuses or [MatchStatus.PROPOSED])
    named: Proposed = {}
    for match in found:
        named.setdefault(key_of[next(one.feature_id for one in match.drawings if one.feature_id in key_of)], match)
    return named


@pytest.fixture
def proposed(workspace: Workspace, maps: ThreeMaps) -> Proposed:
    search(workspace, maps)
    return by_key(workspace, maps)


def drawings(match: MatchSnapshot, status: MatchStatus | None = None) -> set[UUID | None]:
    return {one.feature_id for one in match.drawings if status in (None, one.status)}


def delete(session: Session, feature: UUID) -> None:
    session.delete(session.scalars(select(MapFeature).where(MapFeature.id == feature)).one())


def everything(workspace: Workspace) -> list[tuple[object, ...]]:
    """The drawings as they are in the store."""
    with workspace.read() as session:
        return [
            (one.id, one.version, one.kind, one.name_ky, one.geometry.wkt, one.position_error_m)
            for one in session.scalars(select(MapFeature).order_by(MapFeature.fid))
        ]


def test_what_several_groups_drew_is_proposed(workspace: Workspace, maps: ThreeMaps) -> None:
    before = everything(workspace)
    assert search(workspace, maps) == Proposals(new=6, kept=0, withdrawn=0, confirmed=0, rejected=0)
    found = by_key(workspace, maps)
    assert {key: drawings(match) for key, match in found.items()} == {key: maps.of(key) for key in OBJECTS}
    school = found["school"]
    # Who is surest of the place gives it; what most say is its condition.
    assert school.canonical_feature_id == maps.features["school", "young"]
    assert (school.position_error_m, school.condition, school.kind) == (12.0, Condition.OLD, Kind.SCHOOL)
    assert (school.names.ky, school.canonical, school.version) == ("Мектеп № 1", CanonicalRule.SOURCE, 1)
    assert distance_m(school.geometry, on_ground(Point(20, 10))) < 0.01
    assert 0.6 < found["club"].score < found["mosque"].score <= 1
    assert found["club"].parts["distance_m"] == pytest.approx(90, abs=0.5)
    assert found["club"].parts["name"] == 1
    assert everything(workspace) == before
    with workspace.read() as session:
        assert list_matches(session, maps.elsewhere) == ()
        entered = select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.record_table == "feature_match")
        assert [(action.value, actor) for action, actor in session.execute(entered)] == [("created", "Чынара")] * 6


def test_searching_again_changes_nothing(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    assert search(workspace, maps) == Proposals(new=0, kept=6, withdrawn=0, confirmed=0, rejected=0)
    again = by_key(workspace, maps)
    assert {key: (match.id, match.version) for key, match in again.items()} == {
        key: (match.id, 1) for key, match in proposed.items()
    }


def test_another_village_is_never_matched(workspace: Workspace, maps: ThreeMaps) -> None:
    with workspace.write(actor="t") as session:
        # One event alone: there is nobody to agree with, although the village beside drew the same.
        assert propose(session, maps.elsewhere) == Proposals(0, 0, 0, 0, 0)
        assert propose(session, maps.settlement).new == 6
        villages = set(session.scalars(select(FeatureMatch.settlement_id)))
        drawn = select(MapFeature.settlement_id).join(
            FeatureMatchSource, FeatureMatchSource.feature_id == MapFeature.id
        )
        assert villages == set(session.scalars(drawn)) == {maps.settlement}
        with pytest.raises(NotFound, match=r"settlement\.unknown"):
            propose(session, uuid4())


def test_a_confirmed_object_is_shown_once_and_undone(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    before = everything(workspace)
    school = proposed["school"]
    with workspace.write(actor="Бакыт") as session:
        done = confirm(session, school.id, version=1, names=Names(ky="№ 1 орто мектеп"), comment=COMMENT)
    assert (done.status, done.decided_by, done.note) == (
        MatchStatus.CONFIRMED,
        "Бакыт",
        COMMENT,
    )
    assert done.decided_at is not None
    assert everything(workspace) == before
    shown = objects(workspace)
    assert [
        (row["Аталышы"], row["Канча топ чийген"]) for row in shown if row["Түрү"] == "Мектеп" and row["Айыл"] == "Үлгү"
    ] == [("№ 1 орто мектеп", 3)]
    assert len(shown) == len(before) - 2
    assert len({row["key"] for row in shown}) == len(shown)
    assert search(workspace, maps) == Proposals(new=0, kept=5, withdrawn=0, confirmed=1, rejected=0)
    with workspace.write(actor="Чынара") as session:
        back = undo(session, school.id, version=done.version, reason="башка мектеп экен")
    assert (back.status, back.decided_by) == (MatchStatus.UNDONE, "Чынара")
    assert everything(workspace) == before
    assert len(objects(workspace)) == len(before)
    assert search(workspace, maps) == Proposals(new=1, kept=5, withdrawn=0, confirmed=0, rejected=0)
    again = by_key(workspace, maps)["school"]
    assert again.id != school.id
    assert drawings(again) == maps.of("school")
    with workspace.read() as session:
        told = session.scalars(select(AuditEvent).where(AuditEvent.record_id == school.id).order_by(AuditEvent.fid))
        assert [(one.actor, (one.after or {}).get("status")) for one in told] == [
            ("Чынара", "proposed"),
            ("Бакыт", "confirmed"),
            ("Чынара", "undone"),
        ]
        assert check(session, workspace.pictures).is_well


def objects(workspace: Workspace) -> list[dict[str, object]]:
    """The readable layer that shows every object once."""
    key = "OGC_FID" if workspace.database.is_geopackage else "fid"
    with workspace.read() as session:
        rows = session.execute(text(f'SELECT "{key}" AS key, objects.* FROM objects')).mappings().all()
    return [dict(row) for row in rows]


def test_the_place_is_chosen(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    women = maps.features["mosque", "women"]
    with workspace.write(actor="t") as session:
        chosen = confirm(session, proposed["mosque"].id, canonical=women)
        assert distance_m(chosen.geometry, on_ground(Point(300, 0))) < 0.01
        assert (chosen.canonical_feature_id, chosen.position_error_m) == (women, 24.0)
        middle = confirm(session, proposed["shop"].id, mean=True)
        # Two errors of 10 m alike: half way between, and 10/√2.
        assert distance_m(middle.geometry, on_ground(Point(207.5, -202.5))) < 0.05
        assert middle.position_error_m == pytest.approx(7.07, abs=0.01)
        field = confirm(session, proposed["field"].id, mean=True, kind=Kind.MUNICIPAL_LAND, condition=Condition.NEW)
        # 30 m is taken where no error was stated: the weights are 1/900 and 1/400.
        assert distance_m(field.geometry.centroid, on_ground(Point(-525 + 15 * 900 / 1300, -240))) < 0.1
        assert (field.kind, field.condition) == (Kind.MUNICIPAL_LAND, Condition.NEW)
        assert session.scalars(select(FeatureMatch.layer).where(FeatureMatch.id == field.id)).one() is Layer.LAND
    refusals: dict[str, Callable[..., dict[str, object]]] = {
        r"match\.no_mean": lambda: {"mean": True},
        r"match\.not_a_drawing": lambda: {"canonical": women},
        r"match\.too_few": lambda: {"without": [maps.features["road", "young"]]},
        r"match\.kind_no_object": lambda: {"kind": Kind.PROBLEM},
    }
    for key, wish in refusals.items():
        with pytest.raises(Refused, match=key), workspace.write(actor="t") as session:
            confirm(session, proposed["road"].id, **wish())  # type: ignore[arg-type]
    road = by_key(workspace, maps)["road"]
    assert (road.version, road.status) == (1, MatchStatus.PROPOSED)


def test_one_drawing_of_another_object_is_left_out(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    elders, young = maps.features["school", "elders"], maps.features["school", "young"]
    with pytest.raises(Refused, match=r"match\.canonical_left_out"), workspace.write(actor="t") as session:
        confirm(session, proposed["school"].id, without=[young], canonical=young)
    with workspace.write(actor="t") as session:
        done = confirm(session, proposed["school"].id, without=[young])
    assert drawings(done, MatchStatus.CONFIRMED) == {maps.features["school", "women"], elders}
    assert done.canonical_feature_id == maps.features["school", "women"]  # the surest that is left
    assert search(workspace, maps) == Proposals(new=0, kept=5, withdrawn=0, confirmed=1, rejected=0)
    with workspace.write(actor="t") as session:
        undo(session, done.id)
    assert search(workspace, maps).new == 1
    assert drawings(by_key(workspace, maps)["school"]) == maps.of("school")


def test_what_was_rejected_is_not_proposed_again(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    with pytest.raises(Refused, match=r"match\.no_reason"), workspace.write(actor="t") as session:
        reject(session, proposed["shop"].id, reason="  ")
    with workspace.write(actor="t") as session:
        reject(session, proposed["shop"].id, reason="катар турган эки дүкөн", version=1)
    assert search(workspace, maps) == Proposals(new=0, kept=5, withdrawn=0, confirmed=0, rejected=1)
    with workspace.write(actor="t") as session:
        # The elders drew both shops: each finds its own.
        for east, north in ((200, -196), (217, -206)):
            draw(session, maps.settlement, maps.events["elders"], Kind.SHOP, "", Point(east, north), 10.0, "")
    assert search(workspace, maps).new == 2
    with workspace.read() as session:
        pairs = [drawings(one) for one in list_matches(session, maps.settlement) if one.kind is Kind.SHOP]
    refused = maps.of("shop")
    assert len(pairs) == 3
    assert sum(refused <= pair for pair in pairs) == 1  # the rejected one alone
    with workspace.write(actor="t") as session:
        undo(session, proposed["shop"].id)
        assert find_match(session, proposed["shop"].id).status is MatchStatus.UNDONE


def test_a_later_event_adds_its_drawing_to_a_confirmed_object(
    workspace: Workspace, maps: ThreeMaps, proposed: Proposed
) -> None:
    mosque = proposed["mosque"]
    with workspace.write(actor="t") as session:
        confirm(session, mosque.id, names=Names(ky="Борбордук мечит"))
        cycle = session.scalars(select(Cycle)).one()
        village = session.scalars(select(Settlement).where(Settlement.id == maps.settlement)).one()
        men = held(session, cycle, village, "young", 20)
        later = draw(session, maps.settlement, men, Kind.MOSQUE, "Мечит", Point(305, 5), 9.0, "new")
    assert search(workspace, maps) == Proposals(new=1, kept=5, withdrawn=0, confirmed=1, rejected=0)
    fuller = by_key(workspace, maps)["mosque"]
    assert (fuller.replaces, drawings(fuller)) == (mosque.id, maps.of("mosque") | {later})
    assert fuller.names.ky == "Борбордук мечит"  # what a person said stays
    assert search(workspace, maps).kept == 6
    with workspace.write(actor="t") as session:
        confirm(session, fuller.id, canonical=later)
    assert statuses(workspace, mosque.id, fuller.id) == [MatchStatus.REPLACED, MatchStatus.CONFIRMED]
    with pytest.raises(Conflict, match=r"match\.replaced_already"), workspace.write(actor="t") as session:
        undo(session, mosque.id)
    with workspace.write(actor="t") as session:
        undo(session, fuller.id)
    assert statuses(workspace, mosque.id, fuller.id) == [MatchStatus.CONFIRMED, MatchStatus.UNDONE]
    with workspace.read() as session:
        back = find_match(session, mosque.id)
        assert drawings(back, MatchStatus.CONFIRMED) == maps.of("mosque")
    assert search(workspace, maps).new == 1
    fuller = by_key(workspace, maps)["mosque"]
    with workspace.write(actor="t") as session:
        reject(session, fuller.id, reason="башка мечит")
    assert search(workspace, maps).new == 0
    with workspace.write(actor="t") as session:
        undo(session, mosque.id)  # its own two still belong together
    assert search(workspace, maps).new == 1
    assert drawings(by_key(workspace, maps)["mosque"]) == maps.of("mosque")


def test_an_object_with_one_drawing_left_is_not_brought_back(
    workspace: Workspace, maps: ThreeMaps, proposed: Proposed
) -> None:
    mosque = proposed["mosque"]
    with workspace.write(actor="t") as session:
        confirm(session, mosque.id, comment="бир мечит")
        cycle = session.scalars(select(Cycle)).one()
        village = session.scalars(select(Settlement).where(Settlement.id == maps.settlement)).one()
        men = held(session, cycle, village, "young", 20)
        draw(session, maps.settlement, men, Kind.MOSQUE, "Мечит", Point(305, 5), 9.0, "new")
    search(workspace, maps)
    fuller = by_key(workspace, maps)["mosque"]
    gone, *left = (one for one in maps.of("mosque"))
    assert len(left) == 1
    with workspace.write(actor="t") as session:
        confirm(session, fuller.id)
        delete(session, gone)
    with workspace.write(actor="Бакыт") as session:
        undo(session, fuller.id)
    assert statuses(workspace, mosque.id, fuller.id) == [MatchStatus.UNDONE, MatchStatus.UNDONE]
    with workspace.read() as session:
        back = find_match(session, mosque.id)
        assert {one.status for one in back.drawings} == {MatchStatus.UNDONE}
        row = session.scalars(select(FeatureMatch).where(FeatureMatch.id == mosque.id)).one()
        assert (row.decided_by, row.note) == ("Бакыт", "бир мечит")
    assert search(workspace, maps).new == 1  # the one left and the later one are free to be proposed
    with workspace.read() as session:
        assert check(session, workspace.pictures).is_well


def statuses(workspace: Workspace, *matches: UUID) -> list[MatchStatus]:
    with workspace.read() as session:
        return [find_match(session, one).status for one in matches]


def test_two_people_at_once_and_the_second_is_told(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    school, mosque = proposed["school"], proposed["mosque"]
    with workspace.write(actor="Бакыт") as session:
        confirm(session, school.id, version=1)
        reject(session, mosque.id, reason="эки башка", version=1)
    with pytest.raises(Conflict, match=r"match\.changed_meanwhile") as told, workspace.write(actor="t") as session:
        reject(session, school.id, reason="жок", version=1)
    assert told.value.params["current"] == 2
    again: list[tuple[str, Callable[..., object], dict[str, object]]] = [
        (r"match\.confirmed_already", confirm, {}),
        (r"match\.rejected_already", reject, {"reason": "ооба"}),
    ]
    for (key, act, options), match in zip(again, (school, mosque), strict=True):
        with pytest.raises(Conflict, match=key), workspace.write(actor="t") as session:
            act(session, match.id, **options)
    with pytest.raises(Refused, match=r"match\.nothing_to_undo"), workspace.write(actor="t") as session:
        undo(session, proposed["shop"].id)
    with workspace.write(actor="t") as session:
        undo(session, school.id, version=2)
    with pytest.raises(Conflict, match=r"match\.undone_already"), workspace.write(actor="t") as session:
        undo(session, school.id)
    with pytest.raises(NotFound, match=r"match\.unknown"), workspace.write(actor="t") as session:
        undo(session, uuid4())
    assert statuses(workspace, school.id, mosque.id) == [MatchStatus.UNDONE, MatchStatus.REJECTED]


def test_two_searches_at_once_propose_once(workspace: Workspace, maps: ThreeMaps) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: search(workspace, maps), range(2)))
    assert sorted((one.new, one.kept) for one in found) == [(0, 6), (6, 0)]
    with workspace.read() as session:
        assert len(list_matches(session, maps.settlement)) == 6


def test_a_feature_is_in_one_confirmed_match_only(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    with workspace.write(actor="t") as session:
        confirm(session, proposed["school"].id)
    with pytest.raises(Conflict, match=r"database\.not_consistent"), workspace.write(actor="t") as session:
        session.add(
            FeatureMatchSource(
                match_id=proposed["mosque"].id,
                feature_id=maps.features["school", "women"],
                event_id=maps.events["women"],
                status=MatchStatus.CONFIRMED,
                feature_version=1,
            )
        )


def test_a_drawing_moved_or_deleted_after_the_proposal(
    workspace: Workspace, maps: ThreeMaps, proposed: Proposed
) -> None:
    young = maps.features["school", "young"]
    with workspace.write(actor="t") as session:
        move_feature(session, young, on_ground(Point(24, 12)), position_error_m=12.0)
        delete(session, maps.features["mosque", "women"])
    # The place proposed hangs on that drawing, and follows it.
    moved = by_key(workspace, maps)["school"]
    assert distance_m(moved.geometry, on_ground(Point(24, 12))) < 0.01
    assert [one.feature_id for one in moved.drawings if one.changed] == [young]
    for key in ("school", "mosque"):
        with pytest.raises(Conflict, match=r"match\.drawings_changed"), workspace.write(actor="t") as session:
            confirm(session, proposed[key].id)
    assert search(workspace, maps) == Proposals(new=0, kept=5, withdrawn=1, confirmed=0, rejected=0)
    found = by_key(workspace, maps)
    assert "mosque" not in found
    assert found["school"].id == proposed["school"].id
    with pytest.raises(Conflict, match=r"match\.changed_meanwhile"), workspace.write(actor="t") as session:
        confirm(session, proposed["school"].id, version=1)
    with workspace.write(actor="t") as session:
        confirm(session, proposed["school"].id, version=found["school"].version)
        move_feature(session, maps.features["shop", "young"], on_ground(Point(900, 900)))
    assert search(workspace, maps) == Proposals(new=0, kept=3, withdrawn=1, confirmed=1, rejected=0)


def test_a_confirmed_object_follows_its_drawings(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    with workspace.write(actor="t") as session:
        confirm(session, proposed["school"].id)
        confirm(session, proposed["shop"].id, mean=True)
    with workspace.write(actor="Айгүл") as session:
        move_feature(session, maps.features["school", "young"], on_ground(Point(40, 10)), position_error_m=5.0)
        move_feature(session, maps.features["shop", "young"], on_ground(Point(240, -200)), position_error_m=10.0)
    with workspace.read() as session:
        school, shop = (find_match(session, proposed[key].id) for key in ("school", "shop"))
        assert distance_m(school.geometry, on_ground(Point(40, 10))) < 0.01
        assert school.position_error_m == 5.0
        assert distance_m(shop.geometry, on_ground(Point(220, -200))) < 0.05
        was = shop.geometry
        last = select(AuditEvent).where(AuditEvent.record_id == school.id).order_by(AuditEvent.fid.desc()).limit(1)
        entry = session.scalars(last).one()
        assert (entry.actor, set(entry.after or {})) == ("Айгүл", {"geometry", "position_error_m"})
        assert check(session, workspace.pictures).is_well
    with workspace.write(actor="t") as session:
        delete(session, maps.features["school", "young"])
        move_feature(session, maps.features["shop", "women"], on_ground(LineString([(200, -200), (210, -200)])))
    with workspace.read() as session:
        school = find_match(session, proposed["school"].id)
        # The drawing is gone, what was decided is not; and of a point and a line there is no mean.
        assert find_match(session, proposed["shop"].id).geometry == was
        assert (school.status, school.canonical_feature_id) == (MatchStatus.CONFIRMED, None)
        assert distance_m(school.geometry, on_ground(Point(40, 10))) < 0.01
        assert [one.kind for one in school.drawings if one.feature_id is None] == [None]
    with workspace.write(actor="t") as session:
        undo(session, school.id)
    assert search(workspace, maps).new == 1
    assert drawings(by_key(workspace, maps)["school"]) == maps.of("school") - {maps.features["school", "young"]}


def test_a_sheet_placed_otherwise_takes_its_confirmed_objects_along(
    workspace: Workspace, maps: ThreeMaps, drawn: NewSheet, solve: Solve
) -> None:
    with workspace.write(actor="t") as session:
        sheet = store_sheet(session, workspace.pictures, maps.events["women"], drawn)
        query = select(MapFeature).where(MapFeature.sheet_id == sheet, MapFeature.kind == Kind.WELL)
        well = session.scalars(query).one()
        well.position_error_m = 5.0
        place = draw(session, maps.settlement, maps.events["elders"], Kind.WELL, "well", Point(0, 0), 20.0, "")
        move_feature(session, place, well.geometry, position_error_m=20.0)
        propose(session, maps.settlement)
        (match,) = [one for one in list_matches(session, maps.settlement) if place in drawings(one)]
        confirmed = confirm(session, match.id)
        assert confirmed.canonical_feature_id == well.id
    with workspace.write(actor="Бакыт") as session:
        change = PlacementChange(control_points=points(east=EAST))
        revise_placement(session, workspace.pictures, sheet, change, solve)
    with workspace.read() as session:
        moved = find_match(session, match.id)
        assert distance_m(moved.geometry, confirmed.geometry) == pytest.approx(EAST_M, rel=1e-3)
        assert moved.status is MatchStatus.CONFIRMED
        assert [one.feature_id for one in moved.drawings if one.changed] == [well.id]
        assert check(session, workspace.pictures).is_well


def test_the_tables_go_and_come_back(workspace: Workspace, maps: ThreeMaps, proposed: Proposed) -> None:
    with workspace.write(actor="t") as session:
        confirm(session, proposed["school"].id)
    before = everything(workspace)
    url = workspace.database.url.render_as_string(hide_password=False)
    workspace.database.dispose()
    downgrade(url, "0002")
    engine = make_engine(workspace.database.url, writable=False)
    with engine.connect() as connection:
        left = {*inspect(connection).get_table_names(), *inspect(connection).get_view_names()}
        assert not left & {"feature_match", "feature_match_source", "objects"}
        assert connection.scalar(text("SELECT count(*) FROM map_feature")) == len(before)
        if workspace.database.is_geopackage:
            named = text("SELECT count(*) FROM gpkg_contents WHERE table_name IN ('objects', 'feature_match')")
            assert connection.scalar(named) == 0
    engine.dispose()
    upgrade(url)
    assert everything(workspace) == before
    assert search(workspace, maps).new == 6
    assert len(objects(workspace)) == len(before)


def test_a_list_of_matches_outlives_the_event_of_a_rejected_one(
    workspace: Workspace, maps: ThreeMaps, proposed: Proposed
) -> None:
    with workspace.write(actor="Чынара") as session:
        for match in proposed.values():
            reject(session, match.id, reason="эки башка объект")
        withdraw(session, RESOURCES["events"], maps.events["women"], actor=LOCAL, seen=None)
    with workspace.read() as session, counted(session) as sent:
        found = list_matches(session, maps.settlement)
    assert {one.id for one in found} == {one.id for one in proposed.values()}
    assert any(drawing.feature_id is None for one in found for drawing in one.drawings)
    assert (
        sum(one.startswith("SELECT") for one in sent) == 5
    )  # of the village, its matches, drawings, objects and events, however many there are
