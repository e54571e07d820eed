"""A placed sheet for other programs says the same place there."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image

from geo.domain.georeference import Method
from geo.errors import Failed, Refused
from geo.i18n import LANGUAGES, text
from sketch_import.control_points import ControlPoint, read_control_points
from sketch_import.exports import Exported, ExportFormat, export_sheet, georeference_annotation, world_file
from sketch_import.photo import Photo, load_photo, load_photo_bytes
from sketch_import.placing import LocalMetres, Placement, place

ZONE = LocalMetres(epsg=32643)
SIZE = (400, 300)


def control_points(*, bend: float = 0.0) -> list[ControlPoint]:
    """Sixteen points, 2 m to the pixel, turned by 20°; ``bend`` metres out of straight in the middle."""
    rng = np.random.default_rng(6)
    spots = np.array([(x, y) for x in (40, 150, 260, 370) for y in (30, 110, 190, 270)]) + rng.uniform(-9, 9, (16, 2))
    turn = np.radians(20)
    east = 470_000 + 2 * (np.cos(turn) * spots[:, 0] + np.sin(turn) * spots[:, 1])
    north = 4_700_000 + 2 * (np.sin(turn) * spots[:, 0] - np.cos(turn) * spots[:, 1])
    north += bend * np.sin(np.pi * spots[:, 0] / SIZE[0])
    lonlat = ZONE.to_lonlat(np.column_stack([east, north]))
    return [
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), label=f"p{number}", row=number)
        for number, ((x, y), (lon, lat)) in enumerate(zip(spots, lonlat, strict=True), start=1)
    ]


def placed(method: Method, *, bend: float = 0.0, smoothing: float = 0.0) -> Placement:
    return place(control_points(bend=bend), SIZE, method, smoothing=smoothing)


def picture() -> np.ndarray:
    rng = np.random.default_rng(8)
    return np.repeat(np.repeat(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8), 10, axis=0), 10, axis=1)


def stored(format: str, *, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    rows = picture() if orientation == 1 else np.rot90(picture(), -1)  # orientation 8, EXIF 2.32 section 4.6.4
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rows)).save(file, format, exif=exif, quality=95)
    return file.getvalue()


@pytest.fixture
def photo() -> Photo:
    return load_photo_bytes(stored("JPEG"), name="photo.jpg")


PROBES = np.array([[0.5, 0.5], [200.0, 150.0], [399.5, 0.5], [123.25, 287.75]])


@pytest.mark.parametrize("method", [Method.HELMERT, Method.AFFINE, Method.POLYNOMIAL1])
@pytest.mark.parametrize("suffix", [".jgw", ".pgw", ".tfw"])
def test_gdal_reads_the_world_file_as_we_placed_it(method: Method, suffix: str, photo: Photo, tmp_path: Path) -> None:
    placement = placed(method, bend=5)
    done = export_sheet(photo, placement, tmp_path / "out" / f"village{suffix}")
    assert done.format is ExportFormat.WORLD_FILE
    assert (done.rms_m, done.crs) == (None, "EPSG:32643")
    assert sorted(file.name for file in done.files) == sorted(path.name for path in (tmp_path / "out").iterdir())
    image = next(file for file in done.files if file.suffix in {".jpg", ".png", ".tif"})
    with rasterio.open(image) as dataset:
        # GDAL's transform starts at the corner of the first pixel, as our pixels do.
        to_ground = np.array(dataset.transform).reshape(3, 3)
        east, north, _ = to_ground @ np.column_stack([PROBES, np.ones(len(PROBES))]).T
        assert (dataset.width, dataset.height) == SIZE
        assert dataset.crs.to_epsg() == 32643
        assert np.abs(dataset.read().transpose(1, 2, 0).astype(int) - picture()).mean() < 12
    assert np.abs(np.column_stack([east, north]) - placement.transform.forward(PROBES)).max() < 1e-6
    assert "WGS_1984_UTM_Zone_43N" in (tmp_path / "out" / "village.prj").read_text()


@pytest.mark.parametrize("method", [Method.PROJECTIVE, Method.POLYNOMIAL2, Method.POLYNOMIAL3, Method.TPS])
def test_a_method_that_bends_is_said_to_bend(method: Method, photo: Photo, tmp_path: Path) -> None:
    placement = placed(method, bend=30)
    with pytest.raises(Refused) as caught:
        export_sheet(photo, placement, tmp_path / "v.jgw")
    assert caught.value.key == "sheet_export.bends"
    for language in LANGUAGES:
        assert "--approximate" in text(caught.value.key, language, **caught.value.params)
    assert not list(tmp_path.iterdir())


def test_the_nearest_straight_one_states_its_error(photo: Photo, tmp_path: Path) -> None:
    placement = placed(Method.TPS, bend=30)
    done = export_sheet(photo, placement, tmp_path / "v.jgw", approximate=True)
    assert done.rms_m is not None and done.worst_m is not None
    # Half a sine wave of 30 m: the best straight line through it misses by 9.2 m (root mean square, flat part in
    # the middle 18.9 % above, ends below), the tilted one no less; the ends by up to 30 · 2/π.
    assert done.rms_m == pytest.approx(30 * np.sqrt(0.5 - 4 / np.pi**2), rel=0.25)
    assert done.rms_m < done.worst_m < 30
    laid = world_file(placement, approximate=True)
    columns, rows = np.array([[200.0, 150.0], [60.0, 40.0], [350.0, 250.0]]).T
    east, north = (
        laid.a * (columns - 0.5) + laid.b * (rows - 0.5) + laid.c,
        laid.d * (columns - 0.5) + laid.e * (rows - 0.5) + laid.f,
    )
    off = np.hypot(*(np.column_stack([east, north]) - placement.transform.forward(np.column_stack([columns, rows]))).T)
    assert off.max() <= done.worst_m + 0.01


def test_approximate_leaves_a_straight_method_exact() -> None:
    exact, asked = (world_file(placed(Method.AFFINE), approximate=approximate) for approximate in (False, True))
    assert exact == asked
    assert asked.rms_m == 0


def test_qgis_points_come_back_as_they_were(photo: Photo, tmp_path: Path) -> None:
    placement = placed(Method.HELMERT, bend=5)
    path = tmp_path / "village.points"
    done = export_sheet(photo, placement, path)
    assert done.files == (path,)
    lines = path.read_text().splitlines()
    assert lines[:2] == ["#CRS: EPSG:32643", "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual"]
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines[2:]])
    assert (rows[:, 3] < 0).all() and (rows[:, 4] == 1).all()
    # dX, dY: where the fit puts the ground point, less where it was clicked; both axes as in sourceX, sourceY.
    back = placement.transform.inverse(rows[:, :2])
    assert np.abs(rows[:, 5:7] - (back * [1, -1] - rows[:, 2:4])).max() < 1e-4
    assert np.abs(rows[:, 7] - np.hypot(rows[:, 5], rows[:, 6])).max() < 1e-4
    again = read_control_points(path)
    for before, after in zip(placement.control_points, again, strict=True):
        assert after.pixel == pytest.approx(before.pixel, abs=1e-9)
        assert after.lonlat == pytest.approx(before.lonlat, abs=1e-11)
    assert (
        np.abs(place(again, SIZE, Method.HELMERT).transform.forward(PROBES) - placement.transform.forward(PROBES)).max()
        < 1e-4
    )


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", ["village.points", "village.jpg.points"])
def test_a_turned_photo_goes_along_upright(name: str, tmp_path: Path) -> None:
    original = tmp_path / "phone.jpg"
    original.write_bytes(stored("JPEG", orientation=8))
    photo = load_photo(original)
    assert photo.exif.orientation == 8
    done = export_sheet(photo, placed(Method.AFFINE), tmp_path / name, original=original)
    assert [file.name for file in done.files] == [name, "village.jpg"]
    with rasterio.open(tmp_path / "village.jpg") as dataset:  # what QGIS will see: rows as stored
        assert (dataset.width, dataset.height) == SIZE
        assert np.abs(dataset.read().transpose(1, 2, 0).astype(int) - picture()).mean() < 12


def test_the_original_is_never_written_over(tmp_path: Path) -> None:
    turned = tmp_path / "phone.jpg"
    turned.write_bytes(stored("JPEG", orientation=8))
    photo = load_photo(turned)
    with pytest.raises(Refused) as caught:
        export_sheet(photo, placed(Method.AFFINE), tmp_path / "phone.jgw", original=turned)
    assert caught.value.key == "sheet_export.picture_in_the_way"
    assert turned.read_bytes() == stored("JPEG", orientation=8)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["phone.jpg"]


def test_an_upright_original_is_used_as_it_is(tmp_path: Path) -> None:
    original = tmp_path / "photo.jpg"
    original.write_bytes(stored("JPEG"))
    photo = load_photo(original)
    beside = export_sheet(photo, placed(Method.AFFINE), tmp_path / "photo.jgw", original=original)
    assert sorted(file.name for file in beside.files) == ["photo.jgw", "photo.jpg.aux.xml", "photo.prj"]
    elsewhere = export_sheet(photo, placed(Method.AFFINE), tmp_path / "out" / "map.jgw", original=original)
    assert (tmp_path / "out" / "map.jpg") in elsewhere.files
    assert (tmp_path / "out" / "map.jpg").read_bytes() == original.read_bytes()
    # A second time: the same picture is no other picture.
    assert export_sheet(photo, placed(Method.AFFINE), tmp_path / "out" / "map.jgw", original=original) == elsewhere


# Section 3.3.2 of the extension, and what @allmaps/annotation 1.0.0-beta.36 takes as a polygon.
SVG = re.compile(r'<svg width="400" height="300"><polygon points="((\d+,\d+ ){3}\d+,\d+)" /></svg>')


@pytest.mark.parametrize(
    ("method", "transformation"),
    [
        (Method.HELMERT, {"type": "helmert"}),
        (Method.AFFINE, {"type": "polynomial", "options": {"order": 1}}),
        (Method.POLYNOMIAL1, {"type": "polynomial", "options": {"order": 1}}),
        (Method.POLYNOMIAL2, {"type": "polynomial", "options": {"order": 2}}),
        (Method.POLYNOMIAL3, {"type": "polynomial", "options": {"order": 3}}),
        (Method.PROJECTIVE, {"type": "projective"}),
        (Method.TPS, {"type": "thinPlateSpline"}),
    ],
)
def test_the_annotation_is_as_the_extension_says(
    method: Method, transformation: dict[str, object], photo: Photo, tmp_path: Path
) -> None:
    placement = placed(method)
    address = "https://iiif.example.org/3/village"
    done = export_sheet(photo, placement, tmp_path / "village.json", image_id=address)
    assert (done.crs, done.files) == ("EPSG:4326", (tmp_path / "village.json",))
    annotation = json.loads((tmp_path / "village.json").read_text())
    assert annotation["@context"] == [
        "http://iiif.io/api/extension/georef/1/context.json",
        "http://iiif.io/api/presentation/3/context.json",
    ]
    assert (annotation["type"], annotation["motivation"]) == ("Annotation", "georeferencing")
    target = annotation["target"]
    assert target["source"] == {"id": address, "type": "ImageService3", "height": 300, "width": 400}
    assert target["selector"]["type"] == "SvgSelector"
    outline = SVG.fullmatch(target["selector"]["value"])
    assert outline is not None and outline[1] == "0,0 400,0 400,300 0,300"
    body = annotation["body"]
    assert (body["type"], body["transformation"]) == ("FeatureCollection", transformation)
    for feature, point in zip(body["features"], placement.control_points, strict=True):
        assert feature["type"] == "Feature" and feature["geometry"]["type"] == "Point"
        assert feature["properties"]["resourceCoords"] == pytest.approx(point.pixel, abs=1e-4)
        assert feature["geometry"]["coordinates"] == pytest.approx(point.lonlat, abs=1e-9)


def test_without_an_address_the_hash_names_the_picture(photo: Photo, tmp_path: Path) -> None:
    export_sheet(photo, placed(Method.AFFINE), tmp_path / "v.json")
    annotation = json.loads((tmp_path / "v.json").read_text())
    assert annotation["target"]["source"]["id"] == f"urn:sha256:{photo.sha256}"


@pytest.mark.parametrize("given", ["village", "C:\\maps", "https://", "http://a b", ""])
def test_what_is_no_address(given: str) -> None:
    with pytest.raises(Refused) as caught:
        georeference_annotation(placed(Method.AFFINE), image_id=given)
    assert caught.value.key == "sheet_export.image_id"


def test_the_annotation_cannot_say_smoothing() -> None:
    with pytest.raises(Refused) as caught:
        georeference_annotation(placed(Method.TPS, bend=9, smoothing=5.0), image_id="https://example.org/i")
    assert caught.value.key == "sheet_export.smoothing"


def test_the_geotiff_is_cloud_optimised(photo: Photo, tmp_path: Path) -> None:
    placement = placed(Method.TPS, bend=20)
    done = export_sheet(photo, placement, tmp_path / "village.tif")
    assert done == Exported(ExportFormat.GEOTIFF, (tmp_path / "village.tif",), "EPSG:32643")
    with rasterio.open(tmp_path / "village.tif") as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.crs.to_epsg() == 32643
        # The colour of a square of the drawing, where the placement puts its middle.
        ((east, north),) = placement.transform.forward([[205.0, 155.0]])
        (found,) = dataset.sample([(east, north)])
    assert np.abs(found[:3].astype(int) - picture()[155, 205]).max() < 25


def test_other_extensions_and_full_disks(photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as caught:
        export_sheet(photo, placed(Method.AFFINE), tmp_path / "v.xyz")
    assert caught.value.key == "sheet_export.unknown_extension"

    def full(self: Path, data: object, **options: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(Failed) as failed:
        export_sheet(photo, placed(Method.AFFINE), tmp_path / "v.jgw")
    assert failed.value.key == "sheet_export.cannot_write"
    assert not list(tmp_path.iterdir())
