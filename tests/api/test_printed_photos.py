"""More photos of a printed sheet: another day's, of other paper, of parts of a large sheet; pages of one file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
import shapely
from PIL import Image
from sqlalchemy import select

from api.settings import Settings
from geo.models import Candidate, MapFeature, SheetPhoto, SketchSheet
from geo.sheet_layout import PaperSize, SheetLayout
from geo.spatial.measuring import distance_m
from sketch_import.photo import load_photo
from sketch_import.sample_sheet import SampleFiles
from tests.api.conftest import Command
from tests.api.test_village_commands import Village, done, event, files, refused, rows, settlement
from tests.support.drawn_sheets import DrawnObject, draw_on
from tests.support.printed_sheets import print_sheet, sheet_layout
from tests.support.sheet_photos import Difficulty, photograph
from tests.support.sheet_photos import SheetPhoto as Photographed

__all__ = ["files", "rows"]

LAYOUT = sheet_layout(PaperSize.A3, scale=5000)
PER_MM = 8.0
POND_MM = (9.0, 6.0)


@cache
def paper() -> tuple[np.ndarray, tuple[DrawnObject, ...]]:
    return draw_on(print_sheet(LAYOUT, px_per_mm=PER_MM), LAYOUT, seed=5)


@cache
def pond() -> shapely.Polygon:
    """An oval in the emptiest part of the frame, paper mm."""
    frame = LAYOUT.frame
    taken = shapely.union_all([one.geometry for one in paper()[1]])
    xs, ys = np.meshgrid(
        np.linspace(frame.x + 15, frame.right - 15, 40), np.linspace(frame.y + 15, frame.bottom - 15, 40)
    )
    spots = np.column_stack([xs.ravel(), ys.ravel()])
    x, y = spots[np.argmax(shapely.distance(shapely.points(spots), taken))]
    return shapely.affinity.scale(shapely.Point(x, y).buffer(1.0), *POND_MM)


def shot(flat: np.ndarray, *, seed: int, layout: SheetLayout = LAYOUT) -> Photographed:
    return photograph(flat, paper_mm=layout.paper_mm, difficulty=Difficulty.EASY, seed=seed)


@cache
def first_photo() -> Photographed:
    return shot(paper()[0], seed=2)


@cache
def later_photo() -> Photographed:
    """The same sheet on another day, from elsewhere, with a pond in blue."""
    flat = paper()[0].copy()
    ring = np.round((shapely.get_coordinates(pond().exterior) * PER_MM - 0.5) * 16).astype(np.int32)
    cv2.polylines(flat, [ring.reshape(-1, 1, 2)], True, (30, 60, 165), round(1.0 * PER_MM), cv2.LINE_AA, 4)
    return shot(flat, seed=7)


@pytest.fixture
def village(ayilmap: Command, rows: object) -> Village:
    """A village where the sheet was printed for."""
    entered = done(ayilmap(*settlement(lon=78.39, lat=42.49), "--new-municipality"))
    held = done(ayilmap(*event(entered["settlement"])))
    return Village(str(entered["settlement"]), str(entered["municipality"]), str(held["event"]))


def largest_area(drawn: tuple[DrawnObject, ...]) -> shapely.Polygon:
    areas = [one.geometry for one in drawn if isinstance(one.geometry, shapely.Polygon)]
    return max(areas, key=lambda one: one.area)


def pointed_at(photo: Photographed, mm: shapely.Point) -> list[float]:
    (place,) = photo.to_photo(np.array([[mm.x, mm.y]])).tolist()
    return [float(value) for value in place]


@pytest.fixture
def stored(ayilmap: Command, village: Village, tmp_path: Path) -> str:
    """Id of the sheet, stored by its first photo with its largest field."""
    photo, labels = tmp_path / "first.jpg", tmp_path / "labels.json"
    photo.write_bytes(first_photo().jpeg)
    place = pointed_at(first_photo(), largest_area(paper()[1]).centroid)
    labels.write_text(json.dumps({"objects": [{"id": "a", "kind": "arable", "positions": [place]}]}))
    told = done(ayilmap("sheet", "store", photo, "--event", village.event, "--labels", labels, "--json"))
    return str(told["sheet"])


def test_a_new_photo_is_laid_on_the_sheet_by_the_paper(
    ayilmap: Command, stored: str, tmp_path: Path, database_url: str
) -> None:
    settings = Settings(data=tmp_path, database_url=database_url)
    again = tmp_path / "again.jpg"
    again.write_bytes(later_photo().jpeg)
    told = done(ayilmap("sheet", "revise", stored, "--photo", again, "--dry-run", "--json"))
    assert told["stored"] is False
    revised = done(ayilmap("sheet", "revise", stored, "--photo", again, "--json"))
    photo = revised["photo"]
    assert isinstance(photo, dict)
    assert photo["marks"] >= 8
    assert (photo["number"], photo["verdict"], revised["max_shift_m"]) == (2, "pass", 0.0)
    assert 1 <= photo["candidates"] <= 3
    with settings.workspace.read() as session:
        sheet = session.scalars(select(SketchSheet)).one()
        first, second = session.scalars(select(SheetPhoto).order_by(SheetPhoto.number)).all()
        loaded = load_photo(again)
        assert (second.width_px, second.height_px) == (loaded.width, loaded.height)
        assert settings.workspace.pictures.get(second.image_sha256) == later_photo().jpeg
        assert second.flat_sha256 is not None and second.flat_sha256 != first.flat_sha256
        # Where the paper lies flat in both, one lies on the other by a mere change of size.
        matrix = np.array(second.to_first)
        assert np.allclose(matrix, np.diag([matrix[0, 0], matrix[0, 0], 1.0]))
        # What is new lies in the sheet's pixels where it was drawn, to a millimetre on paper.
        per_mm = sheet.width_px / LAYOUT.frame.width
        fresh = session.scalars(select(Candidate).where(Candidate.photo_number == 2)).all()
        mm = [
            shapely.transform(one.geometry, lambda xy: xy / per_mm + [LAYOUT.frame.x, LAYOUT.frame.y]) for one in fresh
        ]
        nearest = min(mm, key=lambda one: one.centroid.distance(pond().centroid))
        assert nearest.centroid.distance(pond().centroid) < 1.0
    # Shown again by an older version, and compared, without complaint.
    assert done(ayilmap("sheet", "restore", stored, "--number", 1, "--json"))["max_shift_m"] == 0.0
    refused(ayilmap("sheet", "revise", stored, "--photo", again, "--json"), "versions.photo_stored")
    assert done(ayilmap("db", "check", "--json"))["well"] is True


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_points_of_a_new_photo_are_carried_through_its_marks(ayilmap: Command, stored: str, tmp_path: Path) -> None:
    again, table = tmp_path / "again.jpg", tmp_path / "points.json"
    again.write_bytes(later_photo().jpeg)
    frame = LAYOUT.frame
    shares = [(0.2, 0.2), (0.8, 0.25), (0.75, 0.8), (0.3, 0.75), (0.5, 0.5)]
    mm = np.array([(frame.x + a * frame.width, frame.y + b * frame.height) for a, b in shares])
    pairs = zip(later_photo().to_photo(mm).tolist(), LAYOUT.to_lonlat(mm).tolist(), strict=True)
    table.write_text(json.dumps({"points": [{"pixel": pixel, "map": place} for pixel, place in pairs]}))
    told = done(ayilmap("sheet", "revise", stored, "--photo", again, "--points", table, "--dry-run", "--json"))
    assert told["max_shift_m"] < 0.001 * LAYOUT.code.scale  # type: ignore[operator]  # a millimetre on paper


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_other_paper_is_refused_and_what_shows_no_marks_goes_by_its_ink(
    ayilmap: Command, stored: str, tmp_path: Path
) -> None:
    other = sheet_layout(PaperSize.A3, scale=5000, sheet_id="22222222")
    flat, _ = draw_on(print_sheet(other, px_per_mm=PER_MM), other, seed=5)  # the very same drawing
    (tmp_path / "other.jpg").write_bytes(shot(flat, seed=3, layout=other).jpeg)
    wrong = ("sheet", "revise", stored, "--photo", tmp_path / "other.jpg", "--json")
    refused(ayilmap(*wrong), "register.reason.other_sheet")
    # Two copies of one print are drawn on.
    copy, _ = draw_on(print_sheet(LAYOUT, px_per_mm=PER_MM), LAYOUT, seed=6)
    (tmp_path / "copy.jpg").write_bytes(shot(copy, seed=3).jpeg)
    refused(
        ayilmap("sheet", "revise", stored, "--photo", tmp_path / "copy.jpg", "--json"), "register.reason.other_drawing"
    )
    frame, drawn = LAYOUT.frame, paper()[0]
    rows_, columns = (
        slice(round(a * PER_MM), round(b * PER_MM)) for a, b in ((frame.y, frame.bottom), (frame.x, frame.right))
    )
    Image.fromarray(drawn[rows_, columns][::2, ::2]).save(tmp_path / "scan.png")
    told = done(ayilmap("sheet", "revise", stored, "--photo", tmp_path / "scan.png", "--dry-run", "--json"))
    assert told["photo"]["inliers"] > 40 and "marks" not in told["photo"]  # type: ignore[index,operator]


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_a_stored_printed_sheet_is_exported_where_it_lies(ayilmap: Command, stored: str, tmp_path: Path) -> None:
    picture = tmp_path / "sheet.tif"
    told = done(ayilmap("sheet", "export", "--sheet", stored, "--to", picture, "--to", tmp_path / "s.points", "--json"))
    assert told["method"] == "helmert"
    outline = shapely.transform(largest_area(paper()[1]), LAYOUT.to_grid)
    with rasterio.open(picture) as opened:
        assert opened.crs.to_epsg() == LAYOUT.epsg
        west, north = LAYOUT.to_grid(np.array([LAYOUT.frame.corners[0]]))[0]
        east, south = LAYOUT.to_grid(np.array([LAYOUT.frame.corners[2]]))[0]
        assert np.allclose(opened.bounds, (west, south, east, north), atol=0.002 * LAYOUT.code.scale)
        along = [
            point.coords[0]
            for point in shapely.line_interpolate_point(outline.exterior, np.linspace(0, 1, 200), normalized=True)
        ]
        inside = [
            point.coords[0]
            for point in shapely.line_interpolate_point(
                outline.buffer(-20).exterior, np.linspace(0, 1, 200), normalized=True
            )
        ]
        ink, bare = (np.array(list(opened.sample(places)))[:, 0].astype(float) for places in (along, inside))
    # The pen went along the outline: red light is missing there and nowhere else.
    assert np.median(ink) < 0.5 * np.median(bare)


def test_photos_of_parts_become_one_sheet(
    ayilmap: Command, village: Village, tmp_path: Path, database_url: str
) -> None:
    settings = Settings(data=tmp_path, database_url=database_url)
    layout, per_mm = sheet_layout(PaperSize.A1), 4.0
    flat, drawn = draw_on(print_sheet(layout, px_per_mm=per_mm), layout, seed=5)
    middle, overlap = flat.shape[1] // 2, round(60 * per_mm)
    table = np.full((flat.shape[0], 60, 3), 110, np.uint8)
    halves = np.hstack([table, flat[:, : middle + overlap]]), np.hstack([flat[:, middle - overlap :], table])
    photos = [tmp_path / "left.jpg", tmp_path / "right.jpg"]
    for path, half in zip(photos, halves, strict=True):
        Image.fromarray(half).save(path, quality=92)
    areas = sorted(
        (one.geometry for one in drawn if isinstance(one.geometry, shapely.Polygon) and one.geometry.area > 600),
        key=lambda one: one.centroid.x,
    )
    # One on each half, told in pixels of the photo that shows it.
    left, right = areas[0], areas[-1]
    assert left.bounds[2] * per_mm < middle - overlap and right.bounds[0] * per_mm > middle + overlap
    places = {
        "l": (1, left, [left.centroid.x * per_mm + 60, left.centroid.y * per_mm]),
        "r": (2, right, [right.centroid.x * per_mm - (middle - overlap), right.centroid.y * per_mm]),
    }
    labels = tmp_path / "labels.json"
    objects = [
        {"id": name, "kind": "arable", "positions": [place], "photo": photo, "names": {"ky": name}}
        for name, (photo, _, place) in places.items()
    ]
    labels.write_text(json.dumps({"objects": objects}))
    told = done(ayilmap("sheet", "store", *photos, "--event", village.event, "--labels", labels, "--json"))
    assert (told["photos"], told["unmatched"], told["accepted"]) == (2, [], 2)
    with settings.workspace.read() as session:
        kept = session.scalars(select(SheetPhoto).order_by(SheetPhoto.number)).all()
        assert [settings.workspace.pictures.get(one.image_sha256) for one in kept] == [
            one.read_bytes() for one in photos
        ]
        sheet = session.scalars(select(SketchSheet)).one()
        assert sheet.image_sha256 == kept[0].flat_sha256 and kept[1].flat_sha256 is None
        for one in session.scalars(select(MapFeature)):
            truth = shapely.transform(places[one.name_ky][1], layout.to_lonlat)
            assert distance_m(one.geometry.centroid, truth.centroid) < 0.0015 * layout.code.scale
        # Where the second part lies in the sheet's pixels: the paper is flat here, so to a millimetre.
        matrix = np.array(kept[1].to_first)
        seen = matrix @ [*places["r"][2], 1.0]
        per_px = sheet.width_px / layout.frame.width
        mm = seen[:2] / seen[2] / per_px + [layout.frame.x, layout.frame.y]
        assert np.hypot(*(mm - [right.centroid.x, right.centroid.y])) < 1.0
    for photo in photos:
        refused(ayilmap("sheet", "store", photo, "--event", village.event, "--json"), "sheet.stored_before")
    assert done(ayilmap("sheet", "revise", told["sheet"], "--method", "affine", "--json"))["max_shift_m"] < 0.01  # type: ignore[operator]
    objects[0]["photo"] = 3
    labels.write_text(json.dumps({"objects": objects}))
    third = ("sheet", "store", *photos, "--event", village.event, "--labels", labels, "--json")
    refused(ayilmap(*third), "labels.unknown_photo")
    assert done(ayilmap("db", "check", "--json"))["well"] is True


def test_each_page_of_a_file_is_a_sheet(
    ayilmap: Command, rows: object, files: SampleFiles, tmp_path: Path, database_url: str
) -> None:
    entered = done(ayilmap(*settlement(), "--new-municipality"))
    held = str(done(ayilmap(*event(entered["settlement"])))["event"])
    scan = tmp_path / "scan.pdf"
    page = Image.open(files.photo).convert("RGB")
    page.save(scan, save_all=True, append_images=[page.rotate(180)], quality=92)
    store = ("sheet", "store", scan, "--points", files.points, "--method", "helmert", "--event", held, "--json")
    first = done(ayilmap(*store, "--page", 1))
    second = done(ayilmap(*store, "--page", 2))
    refused(ayilmap(*store, "--page", 2), "sheet.stored_before")
    settings = Settings(data=tmp_path, database_url=database_url)
    with settings.workspace.read() as session:
        kept = session.scalars(select(SheetPhoto)).all()
        assert len({one.image_sha256 for one in kept}) == 1 and len({one.flat_sha256 for one in kept}) == 2
        assert sorted(one.exif["page"] for one in kept if one.exif) == [1, 2]
    for told in (first, second):
        assert done(ayilmap("sheet", "revise", told["sheet"], "--method", "affine", "--json"))["after"] == 2
    assert done(ayilmap("db", "check", "--json"))["well"] is True
