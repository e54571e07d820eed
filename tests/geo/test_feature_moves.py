"""A feature let follow its sheet again while somebody else places the sheet otherwise."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from uuid import UUID

import pytest
from shapely.geometry import Point
from sqlalchemy import select

from geo.domain.vocabulary import Kind
from geo.drafts import NewSheet, PlacementChange
from geo.errors import Conflict
from geo.models import SketchSheet
from geo.placements import PlacementRequest, ShiftReport, Solve, SolvedPlacement
from geo.services.feature_moves import move_feature, release_feature
from geo.services.sheet_replay import plan_revision, store_revision
from geo.services.workspace import Workspace
from tests.geo.test_sheet_versions import EAST, drawn, of_kind, points, sheet_id, solve

__all__ = ["drawn", "sheet_id", "solve"]


def test_a_release_and_a_new_version_wait_for_each_other(
    workspace: Workspace, sheet_id: UUID, drawn: NewSheet, solve: Solve
) -> None:
    well = of_kind(workspace, Kind.WELL)
    with workspace.write(actor="t") as session:
        move_feature(session, well.id, Point(78.24, 42.496))
    with workspace.read() as session:
        plan = plan_revision(session, sheet_id, PlacementChange(control_points=points(east=EAST)), solve)

    def store() -> ShiftReport:
        with workspace.write(actor="Бакыт") as session:
            return store_revision(session, workspace.pictures, plan)

    storing: list[Future[ShiftReport]] = []
    with ThreadPoolExecutor(1) as pool:

        def solve_meanwhile(request: PlacementRequest) -> SolvedPlacement:
            storing.append(pool.submit(store))
            wait(storing, timeout=1)
            return solve(request)

        with workspace.write(actor="Айгүл") as session:
            release_feature(session, well.id, solve_meanwhile)
        with pytest.raises(Conflict, match=r"versions\.features_changed"):
            storing[0].result(timeout=20)
    follows = of_kind(workspace, Kind.WELL)
    with workspace.read() as session:
        current = session.scalars(select(SketchSheet.georeference_version)).one()
    assert (follows.moved_by_hand, follows.georeference_version, current) == (False, 1, 1)
