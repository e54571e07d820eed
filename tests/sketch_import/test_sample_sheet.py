"""The sample sheet: same seed same bytes, its control points read well, its truth agrees with what is in the photo."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image
from pyproj import Geod
from shapely.geometry import Point, shape

from geo.domain.attributes import FeatureAttributes, check_attributes
from geo.domain.drawing import Ink
from geo.domain.georeference import Method
from geo.domain.vocabulary import Kind, Layer, layer_of
from geo.errors import Failed
from geo.i18n import LANGUAGES, text
from sketch_import.control_points import ground_array, pixel_array, read_control_points
from sketch_import.label_file import read_labels
from sketch_import.labelling import Form, form_of, label_candidates
from sketch_import.photo import load_photo
from sketch_import.sample_sheet import SampleFiles, SampleSheet, make_sample_sheet, write_sample_sheet
from sketch_import.sample_sheet.alphabet import glyph, letters
from sketch_import.sample_sheet.camera import hold_camera
from sketch_import.sample_sheet.exposure import ink_layers
from sketch_import.sample_sheet.hand import Hand, dashes, draw_loop, pick_hand
from sketch_import.sample_sheet.key import draw_key
from sketch_import.sample_sheet.lettering import text_width, write
from sketch_import.sample_sheet.recollection import recollect
from sketch_import.sample_sheet.village import CENTRE_LON_LAT, PLACES
from sketch_import.tracing import trace

SMALL = (1200, 900)


@pytest.fixture(scope="module")
def sheet() -> SampleSheet:
    return make_sample_sheet(size=SMALL)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, sheet: SampleSheet) -> SampleFiles:
    return write_sample_sheet(tmp_path_factory.mktemp("sample"), sheet=sheet)


@pytest.fixture(scope="module")
def full_size(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleSheet, SampleFiles]:
    made = make_sample_sheet()
    return made, write_sample_sheet(tmp_path_factory.mktemp("full"), sheet=made)


def test_same_seed_gives_the_same_bytes(sheet: SampleSheet) -> None:
    again = make_sample_sheet(size=SMALL)
    assert np.array_equal(again.image, sheet.image)
    assert again.control_points == sheet.control_points


def test_another_seed_is_another_hand(sheet: SampleSheet) -> None:
    other = make_sample_sheet(seed=7, size=SMALL)
    assert other.drawing.hand != sheet.drawing.hand
    assert np.abs(other.camera.to_photo([[400, 300]]) - sheet.camera.to_photo([[400, 300]])).max() > 1.0
    shift = np.abs(other.image.astype(int) - sheet.image.astype(int))
    assert np.mean(shift > 20) > 0.05


def test_written_files_are_the_same_each_time(tmp_path: Path, sheet: SampleSheet, files: SampleFiles) -> None:
    again = write_sample_sheet(tmp_path / "again", sheet=sheet)
    for one, two in ((files.photo, again.photo), (files.points, again.points), (files.truth, again.truth)):
        assert one.read_bytes() == two.read_bytes()


def test_photo_is_twelve_megapixels_and_stored_on_its_side(full_size: tuple[SampleSheet, SampleFiles]) -> None:
    made, written = full_size
    with Image.open(written.photo) as stored:
        assert stored.size == (3000, 4000)
        assert stored.getexif()[0x0112] == 6
    photo = load_photo(written.photo)
    assert (photo.width, photo.height) == (4000, 3000)
    # JPEG loses a little; a wrong turn would change nearly every pixel by much more.
    assert np.mean(np.abs(photo.pixels[::5, ::5].astype(int) - made.image[::5, ::5].astype(int))) < 4.0


def test_control_points_are_read_and_close_to_the_truth(full_size: tuple[SampleSheet, SampleFiles]) -> None:
    made, written = full_size
    points = read_control_points(written.points, image_size=(4000, 3000))
    assert len(points) == len(made.control_points) == 10
    miss = np.hypot(*(pixel_array(points) - np.array([p.drawn for p in made.control_points])).T)
    assert miss.max() <= 6.0
    assert miss.max() > 0.5, "a person's finger is never exact"
    assert np.allclose(ground_array(points), [p.lon_lat for p in made.control_points], atol=1e-9)


def test_leave_one_out_error_is_that_of_a_hand_drawing(sheet: SampleSheet) -> None:
    """An affine fit without each point in turn misses it by tens of metres: the sheet is honest about distortion."""
    pixels = np.array([p.drawn for p in sheet.control_points])
    lon_lat = np.array([p.lon_lat for p in sheet.control_points])
    metres = (lon_lat - CENTRE_LON_LAT) * [111_320 * np.cos(np.deg2rad(CENTRE_LON_LAT[1])), 111_132]
    design = np.column_stack([pixels, np.ones(len(pixels))])
    errors = []
    for left_out in range(len(pixels)):
        others = np.arange(len(pixels)) != left_out
        fit = np.linalg.lstsq(design[others], metres[others], rcond=None)[0]
        errors.append(np.hypot(*(design[left_out] @ fit - metres[left_out])))
    assert 12.0 < np.sqrt(np.mean(np.square(errors))) < 60.0


def test_content_of_the_session() -> None:
    kinds = Counter(place.kind for place in PLACES)
    assert 50 <= len(PLACES) <= 90
    assert {layer_of(kind) for kind in kinds} == set(Layer)
    assert {place.ink for place in PLACES} == {Ink.BLACK, Ink.BLUE, Ink.GREEN, Ink.RED}
    by_id = {place.id: place for place in PLACES}
    assert len(by_id) == len(PLACES)
    assert by_id["school"].attributes.year_built == 1971
    assert Kind.KINDERGARTEN not in kinds, "the village has none: it is a wish"
    assert by_id["desired-kindergarten"].kind is Kind.DESIRED
    for street in ("yntymak", "panfilov", "tynchtyk"):
        assert f"problem-{street}" in by_id
    for place in PLACES:
        check_attributes(place.attributes, place.kind)


def test_truth_lies_on_the_ink(full_size: tuple[SampleSheet, SampleFiles]) -> None:
    """Under the outline of every drawn polygon and along every single line the photo is inked in the ink stated."""
    made, _ = full_size
    layers = ink_layers(made.drawing.strokes, made.camera)
    checked = 0
    for drawn in made.drawing.places:
        if drawn.place.look.value not in {
            "line",
            "field",
            "pasture",
            "grove",
            "cemetery",
            "loop",
            "house",
            "well",
            "alarm",
        }:
            continue
        pixels = made.pixel_geometry(drawn)
        line = pixels.exterior if pixels.geom_type == "Polygon" else pixels
        at = shapely.get_coordinates(shapely.segmentize(line, 20.0)).astype(int)
        layer = layers[drawn.place.ink]
        inked = [layer[max(0, y - 6) : y + 7, max(0, x - 6) : x + 7].max() > 120 for x, y in at]
        assert np.mean(inked) > 0.9, drawn.place.id
        checked += 1
    assert checked > 50


def test_photo_is_dark_where_ink_is_and_light_where_it_is_not(full_size: tuple[SampleSheet, SampleFiles]) -> None:
    made, _ = full_size
    layers = ink_layers(made.drawing.strokes, made.camera)
    frame = (slice(500, 2600, 3), slice(500, 3500, 3))
    image = made.image[frame]
    grey, any_ink = image.mean(axis=2), np.max([layer[frame] for layer in layers.values()], axis=0)
    paper, ink = grey[any_ink == 0], grey[layers[Ink.BLACK][frame] > 200]
    assert np.percentile(ink, 90) < np.percentile(paper, 5)
    red, green, blue = image[layers[Ink.RED][frame] > 200].mean(axis=0).tolist()
    assert red > 1.8 * green
    assert red > 1.8 * blue


def test_truth_file_agrees_with_the_ground(files: SampleFiles) -> None:
    truth = json.loads(files.truth.read_text(encoding="utf-8"))
    assert truth["sample"] is True
    assert truth["size"] == list(SMALL)
    assert len(truth["objects"]) == len(PLACES)
    geod = Geod(ellps="WGS84")
    whole = shapely.box(0, 0, *SMALL)
    for row in truth["objects"]:
        assert layer_of(Kind(row["kind"])).value == row["layer"]
        pixels, ground = shape(row["pixels"]), shape(row["ground"])
        assert pixels.is_valid, row["id"]
        assert whole.contains(pixels), row["id"]
        for x, y in row["positions"]:
            assert pixels.distance(Point(x, y)) < 0.2
        _, _, distance = geod.inv(*CENTRE_LON_LAT, ground.centroid.x, ground.centroid.y)
        assert distance < 1000.0
        FeatureAttributes.from_json(row["attributes"])
    assert shape(truth["key"]["pixels"]).area > 0.03 * SMALL[0] * SMALL[1]
    assert "Шарттуу" not in {entry["words"] for entry in truth["key"]["entries"]}
    assert {"мектеп 1971", "Ынтымак", "Панфилов", "Тынчтык", "көпүрө"} <= {row["words"] for row in truth["texts"]}


def test_village_distances_are_metres_on_the_ground(files: SampleFiles) -> None:
    """The school stands 208 m west and 62 m north of the centre, as laid out, measured on the ellipsoid."""
    truth = json.loads(files.truth.read_text(encoding="utf-8"))
    school = shape(next(row for row in truth["objects"] if row["id"] == "school")["ground"]).centroid
    azimuth, _, distance = Geod(ellps="WGS84").inv(*CENTRE_LON_LAT, school.x, school.y)
    assert distance == pytest.approx(np.hypot(208, 62), abs=0.1)
    assert azimuth == pytest.approx(np.rad2deg(np.arctan2(-208, 62)), abs=0.05)


def test_every_object_of_the_truth_is_a_label(files: SampleFiles) -> None:
    labels = read_labels(files.truth)
    assert [label.id for label in labels] == [place.id for place in PLACES]
    school = next(label for label in labels if label.id == "school")
    assert (school.kind, school.names.ky, school.attributes.year_built) == (Kind.SCHOOL, "Мектеп (1971)", 1971)


def test_roads_waters_and_land_are_traced_and_named(full_size: tuple[SampleSheet, SampleFiles]) -> None:
    """From the stored photo to named lines and areas: what is large on the sheet comes out where it was drawn."""
    made, written = full_size
    found = label_candidates(
        trace(load_photo(written.photo).pixels).candidates, read_labels(written.truth), tolerance_px=25
    )
    named = {one.label.id: one for one in found.accepted}
    for drawn in made.drawing.places:
        pixels, form = made.pixel_geometry(drawn), form_of(drawn.place.kind)
        if form not in (Form.AREA, Form.LINE):
            continue
        one = named[drawn.place.id]
        assert all(candidate.ink is drawn.place.ink for candidate in one.candidates), drawn.place.id
        if form is Form.AREA:
            overlap = one.geometry.intersection(pixels).area / one.geometry.union(pixels).area
            assert overlap > 0.9, drawn.place.id
        else:
            assert one.distance_px < 25
            assert one.geometry.length > 0.4 * pixels.length, drawn.place.id


def test_camera_map_and_its_inverse() -> None:
    camera = hold_camera(np.random.default_rng(3), size=(4000, 3000), paper_mm=(841, 594), tilt=2.0)
    paper = np.random.default_rng(0).uniform([0, 0], [841, 594], (200, 2))
    photo = camera.to_photo(paper)
    assert np.abs(camera.to_paper(photo) - paper).max() < 1e-6
    assert photo.min() > 0
    assert np.all(photo < [4000, 3000])
    straight = camera.to_photo(np.column_stack([np.linspace(0, 841, 21), np.full(21, 3.0)]))
    chord = np.linspace(straight[0], straight[-1], 21)
    assert 2.0 < np.abs(straight - chord)[:, 1].max() < 60.0, "a lens bends the straight edge of a sheet a little"


@pytest.mark.parametrize("seed", range(5))
def test_memory_displaces_smoothly_and_never_folds(seed: int) -> None:
    memory = recollect(
        np.random.default_rng(seed),
        rotation_deg=8,
        scale_mm_per_m=(0.45, 0.42),
        centre_mm=(420, 300),
        extent_m=(1600, 1200),
        largest_m=52,
    )
    axis_x, axis_y = np.linspace(-800, 800, 81), np.linspace(-600, 600, 61)
    grid = np.stack(np.meshgrid(axis_x, axis_y), axis=-1)
    size = np.hypot(*memory.displacement(grid.reshape(-1, 2)).T)
    assert 40.0 < size.max() < 60.0
    paper = memory.to_paper(grid.reshape(-1, 2)).reshape(61, 81, 2)
    along, down = np.diff(paper, axis=1)[:-1], np.diff(paper, axis=0)[:, :-1]
    turn = along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0]
    assert np.all(turn < 0), "north is up on the paper everywhere"


def test_alphabet_has_every_kyrgyz_letter() -> None:
    kyrgyz = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
    assert set(kyrgyz) | set(kyrgyz.upper()) <= letters()
    outlines = {letter: np.vstack(glyph(letter).strokes).round(3).tobytes() for letter in kyrgyz.upper()}
    assert len(set(outlines.values())) == len(kyrgyz), "ң is not н, ө is not о, ү is not у"


def test_words_stand_where_they_were_put() -> None:
    hand = pick_hand(np.random.default_rng(1))
    line = write("Көпүрө жаңы", (100, 200), height_mm=10, hand=hand, rng=np.random.default_rng(2), angle_deg=30)
    ink = np.vstack([stroke.points for stroke in line.strokes])
    inside = shapely.Polygon(line.box).buffer(0.01)
    assert all(inside.contains(Point(point)) for point in ink)
    reach = text_width("Көпүрө жаңы", 10)
    end = np.array([100, 200]) + reach * np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert np.hypot(*(ink[-1] - end)) < 10
    with pytest.raises(KeyError):
        write("汉", (0, 0), height_mm=5, hand=hand, rng=np.random.default_rng(2))


def test_loops_overshoot_or_stop_short_and_dashes_leave_gaps() -> None:
    square = [(0, 0), (60, 0), (60, 60), (0, 60)]
    misses = []
    for seed in range(30):
        stroke = draw_loop(square, hand=Hand(), rng=np.random.default_rng(seed), ink=Ink.GREEN)
        misses.append(len(stroke.points))
        assert np.hypot(*(stroke.points[0] - stroke.points[-1])) < 6.0
        assert stroke.widths.std() > 0.05
    assert min(misses) < 315 < max(misses), "some run past their start, some stop short"
    parts = dashes([(0, 0), (100, 0)], hand=Hand(), rng=np.random.default_rng(0), ink=Ink.RED)
    assert len(parts) > 4
    gaps = [after.points[0, 0] - before.points[-1, 0] for before, after in pairwise(parts)]
    assert min(gaps) > 1.0


def test_key_names_each_ink() -> None:
    key = draw_key((10, 10), hand=Hand(), rng=np.random.default_rng(5))
    assert {entry.ink for entry in key.entries} == {Ink.BLACK, Ink.BLUE, Ink.GREEN, Ink.RED}
    frame = shapely.Polygon(key.frame)
    for entry in key.entries:
        assert frame.contains(shapely.Polygon(entry.words.box)), entry.words.words


def test_folder_that_cannot_be_written_is_said(tmp_path: Path, sheet: SampleSheet) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(Failed) as told:
        write_sample_sheet(taken, sheet=sheet)
    assert told.value.key == "sample_sheet.not_written"
    for language in LANGUAGES:
        assert str(taken) in text(told.value.key, language, **told.value.params)


def test_five_control_points_suffice_for_every_low_order_method(files: SampleFiles) -> None:
    for method in (Method.HELMERT, Method.AFFINE, Method.PROJECTIVE, Method.POLYNOMIAL2, Method.TPS):
        assert len(read_control_points(files.points, method=method, image_size=SMALL)) == 10
