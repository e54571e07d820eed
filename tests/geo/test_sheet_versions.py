"""Versions of a sheet's placement on both engines: replayed, looked at, restored, with the real transforms."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image, ImageDraw
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import inspect, select, text

from api.replaying import solver
from geo.database.engine import make_engine
from geo.database.schema import downgrade, upgrade
from geo.domain.drawing import CandidateKind, CandidateState, Ink, Pattern
from geo.domain.georeference import Method
from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import Kind
from geo.drafts import NewCandidate, NewControlPoint, NewFeature, NewPhoto, NewSheet, PlacementChange
from geo.errors import Conflict, NotFound, Refused
from geo.i18n import Language
from geo.models import AuditEvent, Candidate, ControlPoint, MapFeature, SheetPhoto, SheetPlacement, SketchSheet
from geo.placements import PlacementRequest, Solve
from geo.services.checking import check
from geo.services.event_map import event_snapshot
from geo.services.feature_moves import move_feature, move_feature_to, release_feature
from geo.services.sheet_photos import add_photograph
from geo.services.sheet_replay import (
    plan_revision,
    restore_placement,
    revise_placement,
    store_revision,
)
from geo.services.sheet_versions import compare_versions, sheet_version, sheet_versions
from geo.services.sheets import find_sheet, store_sheet
from geo.services.workspace import Workspace
from geo.snapshots import ControlPointSnapshot, Names, PhotoSnapshot
from geo.spatial.homography import carried
from geo.spatial.measuring import distance_m

SIZE = (400, 300)
FIELD = box(40, 40, 140, 120)
ROAD = LineString([(20, 250), (200, 150), (380, 40)])
WELL = Point(300, 220)
# A sheet of about 2 m a pixel at 42.495° N: 1e-5 degrees are 0.82 m east and 1.11 m north.
CORNERS = ((10.0, 10.0), (390.0, 10.0), (390.0, 290.0), (10.0, 290.0), (200.0, 150.0))


def lonlat(x: float, y: float) -> tuple[float, float]:
    return 78.235 + x * 2.43e-5, 42.498 - y * 1.8e-5


def points(*, east: float = 0.0) -> tuple[NewControlPoint, ...]:
    """Control points; all of them farther east by some degrees."""
    return tuple(
        NewControlPoint(pixel=pixel, lonlat=(lonlat(*pixel)[0] + east, lonlat(*pixel)[1]), label=f"p{number}")
        for number, pixel in enumerate(CORNERS, start=1)
    )


def picture(colour: str = "black") -> bytes:
    """A photo of the sheet with the three things on it."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle(FIELD.bounds, outline=colour, width=3)
    pen.line([(x, y) for x, y in ROAD.coords], fill=colour, width=3)
    pen.ellipse(WELL.buffer(5).bounds, fill=colour)
    written = io.BytesIO()
    image.save(written, format="PNG")
    return written.getvalue()


@pytest.fixture
def solve(workspace: Workspace) -> Solve:
    return solver(workspace.pictures)


@pytest.fixture
def drawn(solve: Solve) -> NewSheet:
    """A placed sheet with a field, a road and a well that were accepted, and a line that was not."""
    tied = tuple(ControlPointSnapshot(one.pixel, one.lonlat, one.label) for one in points())
    shown = PhotoSnapshot(1, "", "PNG", SIZE, None, None)
    solved = solve(PlacementRequest(tied, SIZE, Method.AFFINE, 0.0, None, shown))
    shapes: list[tuple[CandidateKind, BaseGeometry, Kind]] = [
        (CandidateKind.POLYGON, FIELD, Kind.ARABLE),
        (CandidateKind.LINE, ROAD, Kind.MAIN_ROAD),
        (CandidateKind.POINT, WELL, Kind.WELL),
    ]
    accepted = CandidateState.ACCEPTED
    found = [
        NewCandidate(number, kind, Ink.BLACK, 3.0, 0.9, shape, accepted, neighbours=(1,) if number == 2 else ())
        for number, (kind, shape, _) in enumerate(shapes, start=1)
    ]
    found.append(NewCandidate(4, CandidateKind.LINE, Ink.BLUE, 2.0, 0.5, ROAD.reverse(), pattern=Pattern.DASHED))
    return NewSheet(
        title="Барак 1",
        image=picture(),
        image_format="PNG",
        size=SIZE,
        method=Method.AFFINE,
        georeference=solved.georeference,
        position_error_m=solved.position_error_m,
        quality=solved.quality,
        footprint=solved.footprint(),
        control_points=points(),
        candidates=tuple(found),
        features=tuple(
            NewFeature(
                kind=kind,
                geometry=solved.place_geometry(shape),
                names=Names(ky=kind.value),
                source=FeatureSource.CANDIDATE,
                candidate=number,
            )
            for number, (_, shape, kind) in enumerate(shapes, start=1)
        ),
        overlay_png=b"an overlay",
        overlay_bounds=(78.23, 42.49, 78.25, 42.5),
        layout_id="7K3M9QXD",
        layout_code="AYM-TEST",
    )


@pytest.fixture
def sheet_id(workspace: Workspace, event_id: UUID, drawn: NewSheet) -> UUID:
    with workspace.write(actor="Чынара") as session:
        return store_sheet(session, workspace.pictures, event_id, drawn)


def of_kind(workspace: Workspace, kind: Kind) -> MapFeature:
    with workspace.read() as session:
        found = session.scalars(select(MapFeature).where(MapFeature.kind == kind)).one()
        session.expunge(found)
        return found


def places(workspace: Workspace) -> dict[Kind, tuple[str, int | None, bool]]:
    with workspace.read() as session:
        found = session.scalars(select(MapFeature)).all()
        return {one.kind: (one.geometry.wkt, one.georeference_version, one.moved_by_hand) for one in found}


EAST = 2.43e-4  # 20.0 m at 42.495° N, by the geodesic below
EAST_M = distance_m(Point(78.24, 42.495), Point(78.24 + EAST, 42.495))


def test_a_stored_sheet_has_its_first_version_photo_and_drawings(
    workspace: Workspace, sheet_id: UUID, drawn: NewSheet
) -> None:
    with workspace.read() as session:
        version = sheet_version(session, sheet_id)
        assert (version.number, version.is_current, version.made_by) == (1, True, "Чынара")
        assert (version.photo.number, version.photo.size) == (1, SIZE)
        assert workspace.pictures.get(version.photo.sha256) == drawn.image
        assert [point.label for point in version.control_points] == ["p1", "p2", "p3", "p4", "p5"]
        sheet = session.scalars(select(SketchSheet)).one()
        assert (sheet.layout_id, sheet.layout_code) == ("7K3M9QXD", "AYM-TEST")
        drawings = [one.pixel_geometry for one in session.scalars(select(MapFeature).order_by(MapFeature.fid))]
        assert drawings == [FIELD, ROAD, WELL]
        dashed = session.scalars(select(Candidate).where(Candidate.ordinal == 4)).one()
        assert (dashed.pattern, dashed.photo_number, dashed.neighbours) == (Pattern.DASHED, 1, None)
        assert session.scalars(select(Candidate.neighbours).where(Candidate.ordinal == 2)).one() == [1]


def test_new_points_replay_every_feature_and_say_how_far(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    change = PlacementChange(control_points=points(east=EAST), reason="мектеп туура эмес басылган")
    with workspace.write(actor="Бакыт") as session:
        report = revise_placement(session, workspace.pictures, sheet_id, change, solve, seen=1)
    assert (report.before, report.after, report.placed, report.kept) == (1, 2, 3, 0)
    for shift in report.shifts:
        assert shift.centroid_m == pytest.approx(EAST_M, rel=1e-3)
        assert shift.largest_m == pytest.approx(EAST_M, rel=1e-3)
    assert report.median_m == pytest.approx(EAST_M, rel=1e-3)
    well = of_kind(workspace, Kind.WELL)
    assert distance_m(well.geometry, Point(lonlat(WELL.x, WELL.y)[0] + EAST, lonlat(WELL.x, WELL.y)[1])) < 0.1
    assert (well.georeference_version, well.pixel_geometry) == (2, WELL)
    assert well.position_error_m is not None
    with workspace.read() as session:
        first, second = sheet_versions(session, sheet_id)
        assert (second.made_by, second.reason, second.is_current) == ("Бакыт", change.reason, True)
        assert not first.is_current
        assert first.control_points[0].lonlat == points()[0].lonlat
        assert second.control_points[0].lonlat == points(east=EAST)[0].lonlat
        rows = session.scalars(select(ControlPoint).order_by(ControlPoint.ordinal)).all()
        assert [(row.geometry.x, row.geometry.y) for row in rows] == [one.lonlat for one in points(east=EAST)]
        ledger = session.scalars(select(AuditEvent).where(AuditEvent.record_id == well.id)).all()
        assert [(entry.actor, entry.action.value) for entry in ledger] == [("Чынара", "created"), ("Бакыт", "changed")]
        changed = ledger[1]
        assert changed.before is not None and changed.after is not None
        assert changed.before["geometry"] != changed.after["geometry"]
        tables = set(session.scalars(select(AuditEvent.record_table).where(AuditEvent.actor == "Бакыт")))
        assert tables == {"sketch_sheet", "sheet_placement", "control_point", "map_feature"}
        sheet = session.scalars(select(SketchSheet)).one()
        assert sheet.overlay_sha256 is not None
        assert workspace.pictures.get(sheet.overlay_sha256).startswith(b"\x89PNG")
        assert check(session, workspace.pictures).is_well


def test_another_method_is_a_version_too(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    bent = (*points()[:4], replace(points()[4], lonlat=(points()[4].lonlat[0] + EAST, points()[4].lonlat[1])))
    with workspace.write(actor="t") as session:
        revise_placement(session, workspace.pictures, sheet_id, PlacementChange(control_points=bent), solve)
    with workspace.write(actor="t") as session:
        change = PlacementChange(method=Method.TPS, smoothing=0.0)
        report = revise_placement(session, workspace.pictures, sheet_id, change, solve)
    # An affine spreads the one wrong point over the sheet, the spline gives way there alone.
    shifts = {shift.kind: shift for shift in report.shifts}
    assert shifts[Kind.MAIN_ROAD].largest_m > 5
    assert shifts[Kind.MAIN_ROAD].largest_m >= shifts[Kind.MAIN_ROAD].centroid_m
    with workspace.read() as session:
        assert [version.method for version in sheet_versions(session, sheet_id)] == [
            Method.AFFINE,
            Method.AFFINE,
            Method.TPS,
        ]


def test_what_was_moved_by_hand_stays_and_is_said(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    well, road = of_kind(workspace, Kind.WELL), of_kind(workspace, Kind.MAIN_ROAD)
    with workspace.write(actor="Айгүл") as session:
        moved = move_feature(session, well.id, Point(78.24, 42.496), version=well.version, position_error_m=3.0)
        assert moved.moved_by_hand
        assert moved.centroid_m == pytest.approx(distance_m(well.geometry, Point(78.24, 42.496)), rel=1e-3)
        session.delete(session.scalars(select(MapFeature).where(MapFeature.id == road.id)).one())
    with workspace.write(actor="t") as session:
        change = PlacementChange(control_points=points(east=EAST))
        report = revise_placement(session, workspace.pictures, sheet_id, change, solve)
    assert (report.placed, report.kept) == (1, 1)  # the road is gone and nobody misses it
    (kept,) = [shift for shift in report.shifts if shift.kept]
    assert (kept.feature_id, kept.moved_by_hand, kept.centroid_m) == (well.id, True, 0.0)
    stays = of_kind(workspace, Kind.WELL)
    assert (stays.geometry, stays.georeference_version, stays.position_error_m) == (Point(78.24, 42.496), 1, 3.0)
    assert stays.pixel_geometry == WELL
    with workspace.write(actor="t") as session:
        released = release_feature(session, well.id, solve, version=stays.version)
    follows = of_kind(workspace, Kind.WELL)
    assert released.centroid_m > 10
    assert (follows.moved_by_hand, follows.georeference_version) == (False, 2)
    assert distance_m(follows.geometry, Point(lonlat(WELL.x, WELL.y)[0] + EAST, lonlat(WELL.x, WELL.y)[1])) < 0.1
    with workspace.write(actor="t") as session, pytest.raises(Refused, match=r"versions\.follows_already"):
        release_feature(session, well.id, solve)


def test_a_feature_is_moved_by_its_middle(workspace: Workspace, sheet_id: UUID) -> None:
    field = of_kind(workspace, Kind.ARABLE)
    with workspace.write(actor="t") as session:
        shift = move_feature_to(session, field.id, 78.245, 42.493)
    moved = of_kind(workspace, Kind.ARABLE)
    assert distance_m(moved.geometry.centroid, Point(78.245, 42.493)) < 0.01
    assert shift.centroid_m == pytest.approx(shift.largest_m, abs=0.1)
    assert moved.geometry.area == pytest.approx(field.geometry.area, rel=1e-3)


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        (Point(), "versions.bad_geometry"),
        (Point(200, 42), "versions.bad_geometry"),
        (Point(float("nan"), 42), "versions.bad_geometry"),
        (Point(42.495, 78.24), "versions.moved_far_away"),
        (box(78.24, 42.49, 78.25, 42.5).boundary.union(Point(78.2, 42.4)), "versions.bad_geometry"),
    ],
)
def test_a_place_that_cannot_be(workspace: Workspace, sheet_id: UUID, geometry: BaseGeometry, key: str) -> None:
    before, well = places(workspace), of_kind(workspace, Kind.WELL)
    with pytest.raises(Refused, match=key.replace(".", r"\.")), workspace.write(actor="t") as session:
        move_feature(session, well.id, geometry)
    assert places(workspace) == before


def test_versions_are_compared_and_brought_back(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    original = places(workspace)
    with workspace.write(actor="t") as session:
        revise_placement(
            session, workspace.pictures, sheet_id, PlacementChange(control_points=points(east=EAST)[:4]), solve
        )
    with workspace.read() as session:
        there, back = (compare_versions(session, sheet_id, *pair, solve) for pair in ((1, 2), (2, 1)))
        assert there.median_m == pytest.approx(EAST_M, rel=1e-3)
        assert back.median_m == pytest.approx(there.median_m, rel=1e-9)
        assert len(session.scalars(select(ControlPoint)).all()) == 4
    with workspace.write(actor="Чынара") as session:
        report = restore_placement(session, workspace.pictures, sheet_id, 1, solve)
    assert report.median_m == pytest.approx(EAST_M, rel=1e-3)
    restored = places(workspace)
    assert {kind: wkt for kind, (wkt, _, _) in restored.items()} == {
        kind: wkt for kind, (wkt, _, _) in original.items()
    }
    assert {number for _, number, _ in restored.values()} == {3}
    with workspace.read() as session:
        first, _, third = sheet_versions(session, sheet_id)
        assert (third.restored_from, third.made_by, third.control_points) == (1, "Чынара", first.control_points)
        assert third.position_error_m == first.position_error_m
        assert len(session.scalars(select(ControlPoint)).all()) == 5
        assert compare_versions(session, sheet_id, 1, 3, solve).largest_m == 0
        for number in (0, 4):
            with pytest.raises(NotFound, match=r"versions\.unknown_number"):
                sheet_version(session, sheet_id, number)
        with pytest.raises(NotFound, match=r"versions\.unknown_sheet"):
            sheet_versions(session, uuid4())


def test_what_is_refused_changes_nothing(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    before = places(workspace)
    mirrored = tuple(replace(one, lonlat=(2 * 78.24 - one.lonlat[0], one.lonlat[1])) for one in points())
    refusals = {
        r"placing\.mirrored": PlacementChange(control_points=mirrored),
        r"sheet\.far_away": PlacementChange(control_points=points(east=12.0)),
        r"transform\.too_few_points": PlacementChange(control_points=points()[:2]),
        r"versions\.nothing_changes": PlacementChange(control_points=points(), method=Method.AFFINE),
        r"versions\.unknown_photo": PlacementChange(photo=2),
    }
    for key, change in refusals.items():
        with pytest.raises(Refused, match=key), workspace.write(actor="t") as session:
            revise_placement(session, workspace.pictures, sheet_id, change, solve)
    with pytest.raises(Refused, match=r"versions\.nothing_changes"), workspace.write(actor="t") as session:
        restore_placement(session, workspace.pictures, sheet_id, 1, solve)
    assert places(workspace) == before
    with workspace.read() as session:
        assert len(session.scalars(select(SheetPlacement)).all()) == 1


def test_two_people_at_once_and_the_second_is_told(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    with workspace.read() as session:
        mine = plan_revision(session, sheet_id, PlacementChange(control_points=points(east=EAST)), solve)
        theirs = plan_revision(session, sheet_id, PlacementChange(method=Method.PROJECTIVE), solve)
    with workspace.write(actor="t") as session:
        store_revision(session, workspace.pictures, theirs)
    after = places(workspace)
    with pytest.raises(Conflict, match=r"versions\.revised_meanwhile"), workspace.write(actor="t") as session:
        store_revision(session, workspace.pictures, mine)
    with pytest.raises(Conflict, match=r"versions\.revised_meanwhile"), workspace.write(actor="t") as session:
        change = PlacementChange(control_points=points(east=EAST))
        revise_placement(session, workspace.pictures, sheet_id, change, solve, seen=1)
    with workspace.read() as session:
        again = plan_revision(session, sheet_id, PlacementChange(control_points=points(east=EAST)), solve)
    well = of_kind(workspace, Kind.WELL)
    with workspace.write(actor="t") as session:
        move_feature(session, well.id, Point(78.24, 42.496))
    with pytest.raises(Conflict, match=r"versions\.features_changed"), workspace.write(actor="t") as session:
        store_revision(session, workspace.pictures, again)
    with pytest.raises(Conflict, match=r"database\.changed_meanwhile"), workspace.write(actor="t") as session:
        move_feature(session, well.id, Point(78.241, 42.496), version=well.version)
    assert {kind: number for kind, (_, number, _) in places(workspace).items()} == {
        kind: number for kind, (_, number, _) in after.items()
    }
    with workspace.read() as session:
        assert len(session.scalars(select(SheetPlacement)).all()) == 2


def test_a_plan_alone_stores_nothing(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    before = places(workspace)
    with workspace.read() as session:
        change = PlacementChange(control_points=points(east=EAST))
        plan = plan_revision(session, sheet_id, change, solve, draw=False)
    assert plan.report.placed == 3
    assert plan.overlay is None
    assert places(workspace) == before


TO_FIRST = ((0.5, 0.02, 6.0), (-0.01, 0.52, 4.0), (1e-5, 2e-5, 1.0))


def test_a_further_photo_keeps_everything_and_proposes(
    workspace: Workspace, event_id: UUID, sheet_id: UUID, solve: Solve, drawn: NewSheet
) -> None:
    before = places(workspace)
    backwards = np.linalg.inv(np.array(TO_FIRST))
    pond = carried(box(150, 200, 190, 240), backwards)
    new = NewPhoto(picture("blue"), "PNG", (800, 600), TO_FIRST, quality={"inliers": 240})
    proposals = (
        NewCandidate(1, CandidateKind.POLYGON, Ink.BLUE, 6.0, 0.8, pond, CandidateState.ACCEPTED, neighbours=(2, 9)),
        NewCandidate(2, CandidateKind.POINT, Ink.BLUE, 6.0, 0.8, pond.centroid, parts=(1,)),
    )
    with workspace.write(actor="Бакыт") as session:
        added = add_photograph(session, workspace.pictures, sheet_id, new, proposals)
    assert (added.number, added.candidates) == (2, 2)
    assert places(workspace) == before
    with workspace.read() as session:
        first, second = session.scalars(select(SheetPhoto).order_by(SheetPhoto.number)).all()
        assert workspace.pictures.get(first.image_sha256) == drawn.image
        assert (second.width_px, second.quality) == (800, {"inliers": 240})
        found = session.scalars(select(Candidate).where(Candidate.photo_number == 2).order_by(Candidate.ordinal)).all()
        assert [(one.ordinal, one.state) for one in found] == [
            (5, CandidateState.PROPOSED),
            (6, CandidateState.PROPOSED),
        ]
        assert found[0].geometry.symmetric_difference(box(150, 200, 190, 240)).area < 1e-3
        assert found[0].width_px == pytest.approx(3.0, rel=0.05)  # a pixel of the first photo is two of the second
        assert (found[0].neighbours, found[1].parts) == ([6], [5])
        assert find_sheet(session, event_id, new.image) == sheet_id
        assert len(session.scalars(select(MapFeature)).all()) == 3
    with workspace.write(actor="Бакыт") as session:
        report = revise_placement(session, workspace.pictures, sheet_id, PlacementChange(photo=2), solve)
    assert report.largest_m == 0  # it is the same sheet
    with workspace.read() as session:
        now = sheet_version(session, sheet_id)
        assert (now.number, now.photo.number) == (2, 2)
        assert check(session, workspace.pictures).is_well
        overlays = session.scalars(select(SheetPlacement.overlay_sha256).order_by(SheetPlacement.number)).all()
        assert workspace.pictures.get(str(overlays[0])) == drawn.overlay_png
        shown = event_snapshot(session, workspace.pictures, event_id, Language.KY).groups[0].sheets[0].overlay_png
        assert shown == workspace.pictures.get(str(overlays[1]))
    third = NewPhoto(picture("green"), "PNG", (400, 300), ((1.0, 0, 0), (0, 1, 0), (0, 0, 1)), known=2)
    with workspace.write(actor="t") as session:
        assert add_photograph(session, workspace.pictures, sheet_id, third).number == 3
    with workspace.read() as session:
        through_second = session.scalars(select(SheetPhoto.to_first).where(SheetPhoto.number == 3)).one()
        assert np.allclose(np.array(through_second), np.array(TO_FIRST))


@pytest.mark.parametrize(
    "rows",
    [
        ((1, 0, 0), (0, 1, 0)),
        ((1, 0, 0), (0, float("nan"), 0), (0, 0, 1)),
        ((-1, 0, 400), (0, 1, 0), (0, 0, 1)),
        ((1, 0, 0), (2, 0, 0), (0, 0, 1)),
        ((1, 0, 0), (0, 1, 0), (-0.004, 0, 1)),
    ],
    ids=["2x3", "nan", "mirrored", "flat", "horizon"],
)
def test_a_photo_that_cannot_be_of_this_sheet(
    workspace: Workspace, sheet_id: UUID, rows: tuple[tuple[float, ...], ...]
) -> None:
    new = NewPhoto(picture("blue"), "PNG", SIZE, rows)
    with pytest.raises(Refused, match=r"versions\.bad_homography"), workspace.write(actor="t") as session:
        add_photograph(session, workspace.pictures, sheet_id, new)
    with workspace.read() as session:
        assert len(session.scalars(select(SheetPhoto)).all()) == 1


def test_the_same_photo_is_not_taken_twice(workspace: Workspace, sheet_id: UUID, drawn: NewSheet) -> None:
    same = NewPhoto(drawn.image, "PNG", SIZE, ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    with pytest.raises(Conflict, match=r"versions\.photo_stored"), workspace.write(actor="t") as session:
        add_photograph(session, workspace.pictures, sheet_id, same)
    unknown = replace(same, image=picture("red"), known=7)
    with pytest.raises(NotFound, match=r"versions\.unknown_photo"), workspace.write(actor="t") as session:
        add_photograph(session, workspace.pictures, sheet_id, unknown)


def test_a_store_of_the_first_schema_keeps_its_sheets(workspace: Workspace, sheet_id: UUID, drawn: NewSheet) -> None:
    url = workspace.database.url.render_as_string(hide_password=False)
    before = places(workspace)
    workspace.database.dispose()
    downgrade(url, "0001")
    engine = make_engine(workspace.database.url, writable=False)
    with engine.connect() as connection:
        assert "sheet_placement" not in inspect(connection).get_table_names()
        columns = {column["name"] for column in inspect(connection).get_columns("map_feature")}
        assert not columns & {"pixel_geometry", "moved_by_hand"}
        assert connection.scalar(text("SELECT count(*) FROM map_feature")) == 3
    engine.dispose()
    upgrade(url)
    assert places(workspace) == before
    with workspace.read() as session:
        (version,) = sheet_versions(session, sheet_id)
        assert (version.number, version.is_current, version.made_by) == (1, True, "Чынара")
        assert version.method is Method.AFFINE
        assert [point.lonlat for point in version.control_points] == [point.lonlat for point in drawn.control_points]
        assert [point.label for point in version.control_points] == [point.label for point in drawn.control_points]
        photo = session.scalars(select(SheetPhoto)).one()
        assert workspace.pictures.get(photo.image_sha256) == drawn.image
        drawings = [one.pixel_geometry for one in session.scalars(select(MapFeature).order_by(MapFeature.fid))]
        assert drawings == [FIELD, ROAD, WELL]
        assert set(session.scalars(select(Candidate.pattern))) == {Pattern.SOLID}  # the old schema did not know
        placed = session.scalars(select(SheetPlacement.geometry)).one()
        assert placed == drawn.footprint
        assert check(session, workspace.pictures).is_well
        if workspace.database.is_geopackage:
            extents = session.execute(
                text("SELECT min_x, max_y FROM gpkg_contents WHERE table_name IN ('sketch_sheet', 'sheet_placement')")
            ).all()
            assert len(set(extents)) == 1 and extents[0][0] == pytest.approx(drawn.footprint.bounds[0])
    with workspace.write(actor="t") as session:
        change = PlacementChange(control_points=points(east=EAST))
        report = revise_placement(session, workspace.pictures, sheet_id, change, solver(workspace.pictures))
    assert (report.after, report.placed) == (2, 3)
