"""In what the maps of a village's groups differ, on both engines."""

from __future__ import annotations

import pytest
from shapely.geometry import Point
from sqlalchemy import select

from geo.domain.matching import DifferenceKind, DrawnBy
from geo.domain.vocabulary import Kind
from geo.models import AppraisalEvent, Cycle, Settlement
from geo.services.feature_matches import confirm, reject
from geo.services.feature_moves import move_feature
from geo.services.match_differences import differences
from geo.services.vocabulary import write_vocabulary
from geo.services.workspace import Workspace
from tests.geo.test_feature_matches import by_key, everything, search
from tests.geo.three_maps import ThreeMaps, draw, enter, held, on_ground


@pytest.fixture
def maps(workspace: Workspace) -> ThreeMaps:
    with workspace.write(actor="Чынара") as session:
        write_vocabulary(session)
        return enter(session)


def test_the_differences_are_told_by_group(workspace: Workspace, maps: ThreeMaps) -> None:
    before = everything(workspace)
    with workspace.read() as session:
        live = differences(session, maps.settlement)
    alone = {maps.features[one]: one for one in maps.features}
    assert [(one.groups, [alone[d.feature_id][0] for d in one.drawings if d.feature_id]) for one in live.only] == [
        ((DrawnBy.WOMEN,), ["well"]),
        ((DrawnBy.YOUNG_PEOPLE,), ["gym"]),
    ]
    assert (live.events, live.agreed) == (3, 6)
    told = {
        (one.kind, alone[one.drawings[0].feature_id][0]): one for one in live.differing if one.drawings[0].feature_id
    }
    assert set(told) == {(DifferenceKind.PLACED_ELSEWHERE, "club"), (DifferenceKind.OTHER_CONDITION, "school")}
    club = told[DifferenceKind.PLACED_ELSEWHERE, "club"]
    assert club.distance_m == pytest.approx(90, abs=0.5)
    assert [one.groups for one in club.drawings] == [{DrawnBy.WOMEN}, {DrawnBy.ELDERS}]
    assert (club.match_id, club.is_confirmed) == (None, False)
    school = told[DifferenceKind.OTHER_CONDITION, "school"]
    said = dict(zip([tuple(one.groups) for one in school.drawings], school.values, strict=True))
    assert said == {(DrawnBy.WOMEN,): "old", (DrawnBy.YOUNG_PEOPLE,): "needs_repair", (DrawnBy.ELDERS,): "old"}
    search(workspace, maps)
    proposed = by_key(workspace, maps)
    with workspace.write(actor="t") as session:
        confirm(session, proposed["club"].id)
        reject(session, proposed["shop"].id, reason="эки дүкөн")
        # Farther than the rule would look: what a person confirmed is compared all the same.
        move_feature(session, maps.features["club", "women"], on_ground(Point(0, 1900)), position_error_m=15.0)
    with workspace.read() as session:
        found = differences(session, maps.settlement)
        assert differences(session, maps.elsewhere).only == ()
    (club,) = [one for one in found.differing if one.kind is DifferenceKind.PLACED_ELSEWHERE]
    assert (club.match_id, club.is_confirmed) == (proposed["club"].id, True)
    assert club.distance_m == pytest.approx(910, abs=2)
    assert [one.groups for one in found.only] == [(DrawnBy.WOMEN,)] * 2 + [(DrawnBy.YOUNG_PEOPLE,)] * 2
    assert found.agreed == 5
    assert len(everything(workspace)) == len(before)


def test_two_groups_of_women_are_women(workspace: Workspace, maps: ThreeMaps) -> None:
    with workspace.write(actor="t") as session:
        cycle = session.scalars(select(Cycle)).one()
        village = session.scalars(select(Settlement).where(Settlement.id == maps.settlement)).one()
        second = held(session, cycle, village, "women", 25)
        session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == second)).one().group_age_to = 30
        draw(session, maps.settlement, second, Kind.WELL, "Чоң кудук", Point(-195, 250), 20.0, "")
    with workspace.read() as session:
        (well,) = [one for one in differences(session, maps.settlement).only if one.drawings[0].kind is Kind.WELL]
    # One group of them is young as well; what they have in common is that they are women.
    assert (well.groups, len(well.drawings)) == ((DrawnBy.WOMEN,), 2)
