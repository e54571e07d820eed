"""Base maps under a sheet: in their place, pale, and refused in words where they cannot be used."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer
from rasterio.transform import from_bounds
from rasterio.warp import transform_bounds
from shapely.geometry import LineString, Point, Polygon, box

from geo.errors import NotFound, Refused
from geo.i18n import Language
from geo.sheet_layout import Orientation, PaperSize, SheetCode, SheetLayout, Template
from maps.sheets import BaseMap, SheetFace, print_sheet, read_base
from tests.support.pdf_pages import page_pixels, page_text

# rasterio multiplies transforms in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

LON, LAT = 78.38, 42.48
PX_PER_MM = 4.0
DARKEST = 185
"""A quarter of black, and a little for the JPEG."""
Pixels = npt.NDArray[np.uint8]


@pytest.fixture
def layout() -> SheetLayout:
    centre = round(LON * 1e6), round(LAT * 1e6)
    return SheetLayout(SheetCode("K7M29QXD", PaperSize.A4, Orientation.LANDSCAPE, Template.BASE, 5000, *centre))


def around(layout: SheetLayout, by: float = 1.3) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the frame and some more, in degrees."""
    corners = np.array(layout.frame_lonlat)
    middle, half = (corners.max(axis=0) + corners.min(axis=0)) / 2, np.ptp(corners, axis=0) / 2 * by
    return (*(middle - half), *(middle + half))


def write_tif(path: Path, bounds: tuple[float, ...], pixels: npt.NDArray[np.generic], **profile: object) -> Path:
    bands, height, width = pixels.shape
    facts = {"crs": "EPSG:4326", "transform": from_bounds(*bounds, width, height)} | profile
    with rasterio.open(
        path, "w", driver="GTiff", count=bands, height=height, width=width, dtype=pixels.dtype, **facts
    ) as target:
        target.write(pixels)
    return path


def spot(layout: SheetLayout, bounds: tuple[float, ...], at: tuple[float, float], size: int = 900) -> Pixels:
    """Return a white picture of the bounds with a black disc of 25 m at a place, shape (3, size, size)."""
    rows, columns = np.indices((size, size))
    lon = bounds[0] + (columns + 0.5) / size * (bounds[2] - bounds[0])
    lat = bounds[3] - (rows + 0.5) / size * (bounds[3] - bounds[1])
    mm = layout.from_lonlat(np.stack([lon, lat], axis=-1).reshape(-1, 2))
    near = np.hypot(*(mm - layout.from_lonlat([at])[0]).T) < 5
    return np.broadcast_to(np.where(near.reshape(size, size), 0, 255).astype(np.uint8), (3, size, size)).copy()


def drawn(layout: SheetLayout, base: BaseMap) -> Pixels:
    """Return the inside of the frame as printed."""
    frame = layout.frame
    page = page_pixels(print_sheet(layout, SheetFace(Language.EN), base=base).content, px_per_mm=PX_PER_MM)
    top, bottom = round((frame.y + 0.5) * PX_PER_MM), round((frame.bottom - 0.5) * PX_PER_MM)
    return page[top:bottom, round((frame.x + 0.5) * PX_PER_MM) : round((frame.right - 0.5) * PX_PER_MM)]


def middle_of_dark(layout: SheetLayout, inside: Pixels) -> tuple[float, float]:
    """Return the middle of what is darkest, in millimetres on the paper."""
    rows, columns = np.nonzero(inside.min(axis=2) < 215)
    frame = layout.frame
    return frame.x + 0.5 + (columns.mean() + 0.5) / PX_PER_MM, frame.y + 0.5 + (rows.mean() + 0.5) / PX_PER_MM


PLACE = (LON + 0.003, LAT + 0.002)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32644", "EPSG:32643"])
def test_a_picture_lies_where_it_belongs(tmp_path: Path, layout: SheetLayout, crs: str) -> None:
    bounds = around(layout, 1.4)
    wgs = write_tif(tmp_path / "wgs.tif", bounds, spot(layout, bounds, PLACE))
    path = tmp_path / "base.tif"
    if crs == "EPSG:4326":
        path = wgs
    else:
        from rasterio.vrt import WarpedVRT

        with rasterio.open(wgs) as source, WarpedVRT(source, crs=crs) as turned:
            write_tif(path, (0, 0, 1, 1), turned.read(), crs=crs, transform=turned.transform)
    inside = drawn(layout, read_base(path, layout, Language.KY))
    assert middle_of_dark(layout, inside) == pytest.approx(layout.from_lonlat([PLACE])[0], abs=0.25)
    assert inside.min() >= DARKEST


def loud(size: int = 400) -> Pixels:
    """Return stripes of black, white and the loudest colours, shape (3, size, size)."""
    colours = np.array(
        [(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255), (255, 255, 255)]
    )
    stripes = colours[np.arange(size) * len(colours) // size].astype(np.uint8)
    return np.broadcast_to(stripes.T[:, None, :], (3, size, size)).copy()


def test_a_loud_picture_becomes_pale(tmp_path: Path, layout: SheetLayout) -> None:
    base = read_base(write_tif(tmp_path / "loud.tif", around(layout), loud()), layout, Language.KY)
    inside = drawn(layout, base).astype(int)
    assert inside.min() >= DARKEST, "no print darker than a quarter of black"
    assert np.ptp(inside, axis=2).max() <= 50, "no loud colours"
    assert inside.mean(axis=2).std() > 8, "and yet there is something to see"
    assert base.warnings == ()


@pytest.mark.parametrize("dtype", ["uint16", "float32", "int16"])
def test_heights_and_sixteen_bits_are_stretched(tmp_path: Path, layout: SheetLayout, dtype: str) -> None:
    ramp = np.linspace(600, 3000, 300 * 300).reshape(1, 300, 300).astype(dtype)
    base = read_base(write_tif(tmp_path / "dem.tif", around(layout), ramp), layout, Language.KY)
    inside = drawn(layout, base)
    assert inside.min() >= DARKEST
    assert inside[:20].mean() + 15 < inside[-20:].mean()


def test_a_palette_is_read_in_its_colours(tmp_path: Path, layout: SheetLayout) -> None:
    pixels = np.zeros((1, 100, 100), np.uint8)
    pixels[:, :, 50:] = 7
    path = write_tif(tmp_path / "palette.tif", around(layout), pixels, photometric="palette")
    with rasterio.open(path, "r+") as target:
        target.write_colormap(1, {0: (255, 255, 255, 255), 7: (0, 0, 0, 255)})
    inside = drawn(layout, read_base(path, layout, Language.KY))
    assert inside[:, :100].min() > 245
    assert inside[:, -100:].max() < 205


def test_a_picture_of_a_part_is_drawn_and_said(tmp_path: Path, layout: SheetLayout) -> None:
    west, south, _, north = around(layout, 1.2)
    pixels = np.zeros((3, 100, 100), np.uint8)
    base = read_base(write_tif(tmp_path / "half.tif", (west, south, LON, north), pixels), layout, Language.KY)
    assert [warning.key for warning in base.warnings] == ["printing.base_partial"]
    assert 48 <= int(str(base.warnings[0].params["percent"])) <= 51
    inside = drawn(layout, base)
    assert inside[:, -100:].min() == 255, "paper stays white where there is no map"
    assert inside[:, :100].max() < 205


def png(pixels: Pixels, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form)
    return file.getvalue()


HALF_WORLD = 20037508.342789244


def tile_places(layout: SheetLayout, zoom: int) -> list[tuple[int, int, int]]:
    """Return zoom, column and row of the web map tiles over the frame."""
    left, bottom, right, top = transform_bounds("EPSG:4326", "EPSG:3857", *around(layout, 1.5))
    side = 2 * HALF_WORLD / 2**zoom
    columns = range(int((left + HALF_WORLD) // side), int((right + HALF_WORLD) // side) + 1)
    rows = range(int((HALF_WORLD - top) // side), int((HALF_WORLD - bottom) // side) + 1)
    return [(zoom, column, row) for column in columns for row in rows]


def web_tiles(layout: SheetLayout, zoom: int, form: str) -> dict[tuple[int, int, int], bytes]:
    """Cut the spot into web map tiles over the frame."""
    side = 2 * HALF_WORLD / 2**zoom
    tiles = {}
    back = Transformer.from_crs(3857, 4326, always_xy=True)
    spot_mm = layout.from_lonlat([PLACE])[0]
    for _, column, row in tile_places(layout, zoom):
        rows, columns = np.indices((256, 256))
        x = column * side - HALF_WORLD + (columns + 0.5) * side / 256
        y = HALF_WORLD - row * side - (rows + 0.5) * side / 256
        lon, lat = back.transform(x.ravel(), y.ravel())
        near = np.hypot(*(layout.from_lonlat(np.column_stack([lon, lat])) - spot_mm).T) < 5
        grey = np.where(near.reshape(256, 256), 0, 255).astype(np.uint8)
        tiles[zoom, column, row] = png(np.stack([grey] * 3, axis=-1), form)
    return tiles


def write_mbtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], form: str) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        connection.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
        rows = [(zoom, column, 2**zoom - 1 - row, data) for (zoom, column, row), data in tiles.items()]
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return path


def write_pmtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], kind: TileType) -> Path:
    zooms = [zoom for zoom, _, _ in tiles]
    with path.open("wb") as file:
        writer = Writer(file)
        for place in sorted(tiles, key=lambda one: zxy_to_tileid(*one)):
            writer.write_tile(zxy_to_tileid(*place), tiles[place])
        header = {
            "tile_type": kind,
            "tile_compression": Compression.NONE,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
            "min_lon_e7": -1800000000,
            "min_lat_e7": -850000000,
            "max_lon_e7": 1800000000,
            "max_lat_e7": 850000000,
            "center_zoom": 0,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(header, {})
    return path


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("container", ["mbtiles", "pmtiles"])
def test_tiles_lie_where_they_belong(tmp_path: Path, layout: SheetLayout, container: str, form: str) -> None:
    tiles = web_tiles(layout, 16, form)
    path = tmp_path / f"base.{container}"
    if container == "mbtiles":
        write_mbtiles(path, tiles, form.lower())
    else:
        write_pmtiles(path, tiles, {"PNG": TileType.PNG, "JPEG": TileType.JPEG, "WEBP": TileType.WEBP}[form])
    inside = drawn(layout, read_base(path, layout, Language.KY))
    assert middle_of_dark(layout, inside) == pytest.approx(layout.from_lonlat([PLACE])[0], abs=0.4)
    assert inside.min() >= DARKEST


def test_the_zoom_suits_the_scale(tmp_path: Path, layout: SheetLayout) -> None:
    """A level that is finer than print is not taken where a coarser one is at hand."""
    tiles = web_tiles(layout, 16, "PNG") | dict.fromkeys(tile_places(layout, 19), b"never looked at")
    path = write_mbtiles(tmp_path / "base.mbtiles", tiles, "png")
    far = SheetLayout(
        SheetCode("K7M29QXD", PaperSize.A4, Orientation.LANDSCAPE, Template.BASE, 20_000, 78380000, 42480000)
    )
    assert read_base(path, far, Language.KY).picture


@pytest.mark.parametrize("container", ["mbtiles", "pmtiles"])
def test_vector_tiles_are_refused(tmp_path: Path, layout: SheetLayout, container: str) -> None:
    tiles = dict.fromkeys(tile_places(layout, 14), b"\x1a\x00")
    path = tmp_path / f"base.{container}"
    if container == "mbtiles":
        write_mbtiles(path, tiles, "pbf")
    else:
        write_pmtiles(path, tiles, TileType.MVT)
    with pytest.raises(Refused, match=r"printing\.base_vector_tiles"):
        read_base(path, layout, Language.KY)


def village(layout: SheetLayout) -> geopandas.GeoDataFrame:
    west, _, east, north = around(layout, 1.5)
    return geopandas.GeoDataFrame(
        {
            "name": ["Ынтымак көчөсү", "Көл", None, "Чет"],
            "geometry": [
                LineString([(west, LAT), (east, LAT)]),
                Polygon(
                    box(LON, LAT + 0.001, LON + 0.004, LAT + 0.003).exterior,
                    [box(LON + 0.001, LAT + 0.0015, LON + 0.002, LAT + 0.002).exterior],
                ),
                Point(LON - 0.002, LAT - 0.002),
                Point(east + 1, north),
            ],
        },
        crs=4326,
    )


@pytest.mark.parametrize(("name", "crs"), [("v.gpkg", 32644), ("v.geojson", 4326), ("v.shp", 3857)])
def test_lines_areas_and_names_are_drawn_pale(tmp_path: Path, layout: SheetLayout, name: str, crs: int) -> None:
    path, objects = tmp_path / name, village(layout).to_crs(crs)
    if name.endswith(".shp"):  # a shapefile has one kind of geometry
        objects = objects.iloc[:1]
    objects.to_file(path)
    base = read_base(path, layout, Language.KY)
    inside = drawn(layout, base)
    assert inside.min() >= DARKEST
    y = layout.from_lonlat([(LON + 0.002, LAT)])[0, 1] - layout.frame.y - 0.5
    column = inside[:, round((layout.from_lonlat([(LON + 0.002, LAT)])[0, 0] - layout.frame.x - 0.5) * PX_PER_MM), 0]
    near = slice(round((y - 0.5) * PX_PER_MM), round((y + 0.5) * PX_PER_MM))
    assert column[near].min() < 230, "the road is where it belongs"
    words = page_text(print_sheet(layout, SheetFace(Language.EN), base=base).content)
    assert "Ынтымак көчөсү" in words
    assert "Чет" not in words


def test_every_layer_of_a_geopackage_is_drawn(tmp_path: Path, layout: SheetLayout) -> None:
    path, objects = tmp_path / "v.gpkg", village(layout)
    objects.iloc[:1].to_file(path, layer="roads")
    objects.iloc[1:2].to_file(path, layer="water")
    assert {name.text for name in read_base(path, layout, Language.KY).names} == {"Ынтымак көчөсү", "Көл"}


def elsewhere_tif(folder: Path, layout: SheetLayout) -> Path:
    return write_tif(folder / "far.tif", (10, 50, 11, 51), np.zeros((3, 10, 10), np.uint8))


def tif_without_crs(folder: Path, layout: SheetLayout) -> Path:
    path = folder / "plain.tif"
    Image.fromarray(np.zeros((10, 10, 3), np.uint8)).save(path)
    return path


def broken(name: str, content: bytes) -> Callable[[Path, SheetLayout], Path]:
    def write(folder: Path, layout: SheetLayout) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def elsewhere_vector(folder: Path, layout: SheetLayout) -> Path:
    path = folder / "far.geojson"
    geopandas.GeoDataFrame(geometry=[Point(10, 50)], crs=4326).to_file(path)
    return path


def shapefile_without_crs(folder: Path, layout: SheetLayout) -> Path:
    path = folder / "v.shp"
    village(layout).iloc[:1].to_file(path)
    (folder / "v.prj").unlink()
    return path


def elsewhere_tiles(folder: Path, layout: SheetLayout) -> Path:
    return write_mbtiles(folder / "far.mbtiles", {(3, 0, 0): png(np.zeros((256, 256, 3), np.uint8))}, "png")


def broken_tiles(folder: Path, layout: SheetLayout) -> Path:
    return write_mbtiles(folder / "b.mbtiles", dict.fromkeys(tile_places(layout, 15), b"no picture"), "png")


@pytest.mark.parametrize(
    ("write", "key"),
    [
        (elsewhere_tif, "printing.base_elsewhere"),
        (elsewhere_vector, "printing.base_elsewhere"),
        (elsewhere_tiles, "printing.base_elsewhere"),
        (tif_without_crs, "printing.base_no_crs"),
        (shapefile_without_crs, "printing.base_no_crs"),
        (broken("x.tif", b"II*\0nothing"), "printing.base_unreadable"),
        (broken("x.gpkg", b"nothing"), "printing.base_unreadable"),
        (broken("x.geojson", b"{"), "printing.base_unreadable"),
        (broken("x.mbtiles", b"nothing"), "printing.base_unreadable"),
        (broken("x.mbtiles", b""), "printing.base_unreadable"),
        (broken("x.pmtiles", b"nothing"), "printing.base_unreadable"),
        (broken("x.pmtiles", b""), "printing.base_unreadable"),
        (broken_tiles, "printing.base_unreadable"),
        (broken("x.docx", b"nothing"), "printing.base_format"),
    ],
)
def test_a_base_map_that_cannot_be_used_is_refused(
    tmp_path: Path, layout: SheetLayout, write: Callable[[Path, SheetLayout], Path], key: str
) -> None:
    with pytest.raises(Refused) as refusal:
        read_base(write(tmp_path, layout), layout, Language.KY)
    assert refusal.value.key == key


def test_a_base_map_that_is_not_there_is_said(tmp_path: Path, layout: SheetLayout) -> None:
    with pytest.raises(NotFound, match=r"printing\.base_missing"):
        read_base(tmp_path / "none.tif", layout, Language.KY)
