"""The placed sheet as a GeoTIFF and as an overlay: where pixels land, what is transparent, what is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
from PIL import Image
from pyproj import Transformer

from geo.domain.georeference import Method
from geo.errors import Failed, Refused
from sketch_import.control_points import ControlPoint
from sketch_import.placing import LocalMetres, Placement, place
from sketch_import.warping import ink_opacity, overlay_png, write_geotiff
from sketch_import.warping.lookup import Raster, build_lookup
from sketch_import.warping.resampling import right_way_up

WIDTH, HEIGHT = 1200, 900
ZONE = LocalMetres(epsg=32643)
DOTS = np.array([[200.0, 150.0], [1000.0, 200.0], [610.0, 455.0], [180.0, 760.0], [1040.0, 700.0]])


def placement_of(method: Method | None, *, bend: float = 12.0) -> Placement:
    spots = np.array([[x, y] for x in np.linspace(60, 1140, 4) for y in np.linspace(60, 840, 4)])
    turn = np.deg2rad(-30)
    metres = spots @ (2 * np.array([[np.cos(turn), np.sin(turn)], [np.sin(turn), -np.cos(turn)]])).T
    metres += [470_000, 4_700_000] + bend * np.sin(spots / 250)[:, ::-1]
    points = [
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), row=number)
        for number, ((x, y), (lon, lat)) in enumerate(zip(spots, ZONE.to_lonlat(metres), strict=True), start=1)
    ]
    return place(points, (WIDTH, HEIGHT), method)


@pytest.fixture(scope="module")
def bent() -> Placement:
    return placement_of(Method.TPS)


def dotted() -> np.ndarray:
    """Paper with five blue dots of 13 pixels, centred on `DOTS`."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    picture = np.full((HEIGHT, WIDTH, 3), 235, dtype=np.uint8)
    for dot_x, dot_y in DOTS:
        picture[np.hypot(x - dot_x, y - dot_y) <= 6.5] = (20, 30, 160)
    return picture


def centres(mask: np.ndarray) -> np.ndarray:
    """Centres of the patches of a mask, from the corner of the first pixel."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    return np.array([np.argwhere(labels == index).mean(axis=0)[::-1] + 0.5 for index in range(1, count)])


@pytest.mark.parametrize("epsg", [None, 4326])
def test_dots_land_where_the_transform_says(bent: Placement, tmp_path: Path, epsg: int | None) -> None:
    path = tmp_path / "sheet.tif"
    lookup = write_geotiff(dotted(), bent, path, epsg=epsg)
    assert lookup.error_px <= 0.1
    with rasterio.open(path) as dataset:
        assert dataset.crs.to_epsg() == (epsg or 32643)
        picture = dataset.read()
        found = centres((picture[0] < 120) & (picture[3] > 0))
        corner, step = np.array([dataset.transform.c, dataset.transform.f]), dataset.transform.a
        places = corner + found * [step, -step]
    assert len(places) == len(DOTS)
    metres = ZONE.from_lonlat(places) if epsg else places
    expected = bent.transform.forward(DOTS)
    misses = np.hypot(*(metres[:, None] - expected[None]).transpose(2, 0, 1)).min(axis=1)
    assert misses.max() < 0.35 * 2  # a third of a pixel of 2 m: the raster's own rounding of a small disc


def test_file_is_a_cloud_optimised_geotiff_with_opacity(bent: Placement, tmp_path: Path) -> None:
    path = tmp_path / "sheet.tif"
    write_geotiff(dotted(), bent, path)
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.overviews(1) and dataset.profile["tiled"]
        assert dataset.colorinterp[3].name == "alpha"
        opacity = dataset.read(4)
        overview = dataset.read(4, out_shape=(dataset.height // 2, dataset.width // 2))
        assert dataset.transform.a == pytest.approx(2.0, rel=0.05)
    assert set(np.unique(opacity)) == {0, 255}
    assert opacity[0, 0] == opacity[-1, -1] == 0
    # The turned sheet covers its own pixels and no others.
    assert (opacity > 0).sum() == pytest.approx(WIDTH * HEIGHT, rel=0.08)
    assert abs((overview > 127).mean() - (opacity > 0).mean()) < 0.01


@pytest.mark.parametrize("method", list(Method))
def test_grid_is_within_a_tenth_of_a_pixel_of_the_exact_answer(method: Method) -> None:
    placement = placement_of(method, bend=12.0 if method is not Method.POLYNOMIAL3 else 4.0)
    _, metres = right_way_up(placement)
    west, south = metres.min(axis=0)
    east, north = metres.max(axis=0)
    raster = Raster(
        west=west, north=north, resolution=2.0, width=int((east - west) / 2), height=int((north - south) / 2)
    )
    lookup = build_lookup(raster, placement.transform.inverse)
    rng = np.random.default_rng(2)
    first, last = 64, 128
    rows = lookup.rows(first, last)
    column, row = rng.integers(0, raster.width, 500), rng.integers(first, last, 500)
    exact = placement.transform.inverse(raster.ground(np.column_stack([column + 0.5, row + 0.5])))
    inside = ((exact > 0) & (exact < [WIDTH, HEIGHT])).all(axis=1)
    assert inside.sum() > 50
    assert np.abs(rows[row - first, column] - exact)[inside].max() < 0.1


def test_a_strong_bend_gets_a_finer_grid() -> None:
    raster = Raster(west=0.0, north=0.0, resolution=1.0, width=640, height=320)
    gentle = build_lookup(raster, lambda ground: ground * [1.0, -1.0])
    strong = build_lookup(raster, lambda ground: ground * [1.0, -1.0] + 3 * np.sin(ground / 12))
    assert gentle.step == 16 and gentle.error_px < 1e-9
    assert strong.step < 16 and strong.error_px <= 0.1


def test_where_the_sheet_folds_nothing_is_drawn(tmp_path: Path) -> None:
    spots = np.array([[x, y] for x in (50, 150, 300, 450) for y in (50, 400, 850)], dtype=float)
    metres = np.column_stack([470_000 + 3 * spots[:, 0] - spots[:, 0] ** 2 / 400, 4_700_000 - 2 * spots[:, 1]])
    points = [
        ControlPoint(pixel=(float(x), float(y)), lonlat=(float(lon), float(lat)), row=number)
        for number, ((x, y), (lon, lat)) in enumerate(zip(spots, ZONE.to_lonlat(metres), strict=True), start=1)
    ]
    placement = place(points, (WIDTH, HEIGHT), Method.POLYNOMIAL2)
    picture = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    picture[:, :600] = 200  # beyond x = 600 the parabola turns back
    write_geotiff(picture, placement, tmp_path / "sheet.tif")
    with rasterio.open(tmp_path / "sheet.tif") as dataset:
        red, opacity = dataset.read([1, 4])
    assert (red[opacity > 0] > 150).mean() > 0.99


def test_an_unwritable_path_leaves_nothing(bent: Placement, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot_write"):
        write_geotiff(dotted(), bent, tmp_path / "missing" / "sheet.tif")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="EPSG"):
        write_geotiff(dotted(), bent, tmp_path / "sheet.tif", epsg=3857)


def test_a_sheet_that_is_folded_everywhere_is_refused(bent: Placement, tmp_path: Path) -> None:
    back = bent.transform.mapping
    mirrored = replace(bent, transform=replace(bent.transform, mapping=_Mirrored(back)))
    with pytest.raises(Refused, match="nothing_upright"):
        write_geotiff(dotted(), mirrored, tmp_path / "sheet.tif")
    with pytest.raises(Refused, match="nothing_upright"):
        overlay_png(dotted(), mirrored)


class _Mirrored:
    """The same mapping seen in a mirror."""

    def __init__(self, mapping: object) -> None:
        self.mapping = mapping

    def forward(self, points: np.ndarray) -> np.ndarray:
        return self.mapping.forward(points) * [-1, 1]  # type: ignore[attr-defined]

    def jacobian(self, points: np.ndarray) -> np.ndarray:
        return self.mapping.jacobian(points) * np.array([-1, 1])[:, None]  # type: ignore[attr-defined]

    def inverse(self, points: np.ndarray) -> np.ndarray:
        return self.mapping.inverse(points * [-1, 1])  # type: ignore[attr-defined]


def photographed() -> tuple[np.ndarray, np.ndarray]:
    """A sheet on a dark wooden table in uneven light, with three strokes; and the mask of the strokes."""
    rng = np.random.default_rng(6)
    table = 60 + 12 * np.sin(np.arange(WIDTH) / 7)[None, :, None] + rng.normal(0, 4, (HEIGHT, WIDTH, 3))
    picture = table * [1.0, 0.8, 0.6]
    light = np.linspace(1.0, 0.6, WIDTH)[None, :, None]
    paper = np.array([236, 226, 205]) * light + rng.normal(0, 2.5, (HEIGHT, WIDTH, 3))
    picture[80:820, 110:1090] = paper[80:820, 110:1090]
    strokes = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    cv2.line(strokes, (200, 200), (1000, 240), 255, 5)
    cv2.circle(strokes, (600, 500), 150, 255, 5)
    cv2.line(strokes, (300, 300), (320, 740), 255, 5)
    picture[strokes > 0] = (np.array([40, 40, 45]) * light[0])[np.nonzero(strokes)[1]]
    return np.clip(picture, 0, 255).astype(np.uint8), strokes


def test_ink_stays_and_paper_and_table_vanish() -> None:
    picture, strokes = photographed()
    opacity = ink_opacity(picture)
    assert opacity.shape == (HEIGHT, WIDTH) and opacity.dtype == np.uint8
    assert (opacity[strokes > 0] > 128).mean() > 0.97
    near = cv2.dilate(strokes, np.ones((5, 5), np.uint8)) > 0
    paper = np.zeros((HEIGHT, WIDTH), dtype=bool)
    paper[100:800, 130:1070] = True
    assert (opacity[paper & ~near] > 40).mean() < 0.002
    table = np.ones((HEIGHT, WIDTH), dtype=bool)
    table[70:830, 100:1100] = False
    assert (opacity[table] > 0).mean() < 0.002


@pytest.mark.parametrize("softness", [60, 1], ids=["soft", "hard"])
def test_ink_in_a_shadow_stays(softness: int) -> None:
    light = np.interp(np.arange(WIDTH), [370, 370 + softness], [0.75, 1.0])[None, :, None]
    picture = np.full((HEIGHT, WIDTH, 3), 225.0) * light
    picture[20:24] *= 30 / 225
    assert (ink_opacity(picture.astype(np.uint8))[20:24] > 128).mean() > 0.95


def test_overlay_lies_where_the_sheet_lies(bent: Placement) -> None:
    png, (west, south, east, north) = overlay_png(dotted(), bent, max_side=1000)
    image = Image.open(io.BytesIO(png))
    assert image.mode == "P" and max(image.size) == 1000
    rgba = np.asarray(image.convert("RGBA"))
    found = centres(rgba[..., 3] > 128)
    assert len(found) == len(DOTS)
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    (left, right), (bottom, top) = to_mercator.transform([west, east], [south, north])
    mercator = np.column_stack(
        [
            left + found[:, 0] * (right - left) / image.width,
            top - found[:, 1] * (top - bottom) / image.height,
        ]
    )
    lonlat = np.column_stack(to_mercator.transform(*mercator.T, direction="INVERSE"))
    misses = np.hypot(*(bent.to_pixel(lonlat)[:, None] - DOTS[None]).transpose(2, 0, 1)).min(axis=1)
    assert misses.max() < 1.5
    blue = rgba[rgba[..., 3] > 200]
    assert np.abs(blue[:, :3].mean(axis=0) - [20, 30, 160]).max() < 15
    assert (rgba[..., 3] == 0).mean() > 0.95


def test_overlay_takes_a_mask_and_stays_small(bent: Placement) -> None:
    noise = np.random.default_rng(9).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    everything = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    png, _ = overlay_png(noise, bent, ink_mask=everything)
    assert len(png) <= 600_000
    assert max(Image.open(io.BytesIO(png)).size) < 1600
    nothing, _ = overlay_png(noise, bent, ink_mask=np.zeros((HEIGHT, WIDTH), dtype=np.uint8))
    assert np.asarray(Image.open(io.BytesIO(nothing)).convert("RGBA"))[..., 3].max() == 0


def test_overlay_of_a_real_flipchart_is_small(shared_data: Path) -> None:
    from sketch_import.control_points import read_control_points
    from sketch_import.photo import load_photo

    photo = load_photo(shared_data / "freehand" / "village_map_photo.jpg")
    points = read_control_points(Path(__file__).parent / "data" / "kajiado_landmarks.csv")
    png, _ = overlay_png(photo.pixels, place(points, (photo.width, photo.height)), max_side=1600)
    assert len(png) <= 600_000
    opacity = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))[..., 3]
    assert 0.02 < (opacity > 0).mean() < 0.2
