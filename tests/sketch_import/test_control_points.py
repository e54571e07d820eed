"""Control-point files: what is read, what is written, what is refused and with which rows."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS, Transformer

from geo.domain.georeference import ControlPointSource, Method
from geo.errors import NotFound, Refused
from geo.i18n import LANGUAGES, text
from sketch_import.control_points import (
    control_points_of,
    pixel_array,
    qgis_points,
    read_control_points,
    read_table,
    switched_off_points,
)

QGIS = """#CRS: EPSG:4326
mapX,mapY,sourceX,sourceY,enable,dX,dY,residual
75.10,42.90,100.5,-200.25,1,0,0,0
75.20,42.90,900,-210,1,0,0,0
75.20,42.80,880,-1100,1,0,0,0
75.15,42.85,500,-600,0,0,0,0
"""
CSV = "mapX,mapY,pixelX,pixelY,enable,label\n75.1,42.9,100,200,1,мектеп\n75.2,42.9,900,210,1,\n75.2,42.8,880,1100,1,\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, **options: object) -> Refused:
    with pytest.raises(Refused) as caught:
        read_control_points(path, **options)  # type: ignore[arg-type]
    for language in LANGUAGES:
        assert text(caught.value.key, language, **caught.value.params)
    return caught.value


def test_qgis_points_have_negative_y_and_disabled_rows(tmp_path: Path) -> None:
    path = write(tmp_path, "a.points", QGIS)
    points = read_control_points(path)
    assert [point.pixel for point in points] == [(100.5, 200.25), (900, 210), (880, 1100)]
    assert points[0].lonlat == (75.10, 42.90)
    assert [point.row for point in points] == [3, 4, 5]
    assert read_table(path).disabled == 1


def test_older_qgis_header_without_crs(tmp_path: Path) -> None:
    content = "mapX,mapY,pixelX,pixelY,enable\n75.1,42.9,100,-200,1\n75.2,42.8,300,-900,1\n"
    points = read_control_points(write(tmp_path, "old.points", content))
    assert [point.pixel for point in points] == [(100, 200), (300, 900)]


@pytest.mark.parametrize(
    "name", ["EPSG:32643", CRS.from_epsg(32643).to_wkt("WKT1_GDAL"), CRS.from_epsg(32643).to_wkt()]
)
def test_named_crs_is_reprojected_east_before_north(tmp_path: Path, name: str) -> None:
    to_utm = Transformer.from_crs(4326, 32643, always_xy=True)
    rows = []
    for lon, lat, x, y in ((75.1, 42.9, 10, 20), (75.2, 42.8, 300, 400)):
        east, north = to_utm.transform(lon, lat)
        rows.append(f"{east},{north},{x},{-y},1")
    content = f"#CRS: {name}\nmapX,mapY,sourceX,sourceY,enable\n" + "\n".join(rows)
    points = read_control_points(write(tmp_path, "utm.points", content))
    assert np.allclose([point.lonlat for point in points], [(75.1, 42.9), (75.2, 42.8)], atol=1e-9)


def test_geographic_crs_of_another_datum_moves_a_little(tmp_path: Path) -> None:
    # Pulkovo 1942, written north first by its authority: here still east first.
    path = write(tmp_path, "p.csv", CSV)
    lonlat = np.array([point.lonlat for point in read_control_points(path, crs="EPSG:4284")])
    plain = np.array([point.lonlat for point in read_control_points(path)])
    moved = np.abs(lonlat - plain)
    assert 1e-6 < moved.max() < 0.01


def test_crs_of_the_caller_wins(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a.points", QGIS), crs="EPSG:32643")
    assert table.crs == CRS.from_epsg(32643)


@pytest.mark.parametrize(
    "content",
    [
        CSV.replace("\n", "\r\n"),
        "\ufeff" + CSV,
        CSV.replace(",", "\t"),
        "mapX;mapY;pixelX;pixelY;enable;label\n75,1;42,9;100;200;1;мектеп\n75,2;42,9;900;210;;\n75,2;42,8;880;1100;true;\n",
        "label,enable,pixelY,pixelX,mapY,mapX\nмектеп,1,200,100,42.9,75.1\n,1,210,900,42.9,75.2\n,1,1100,880,42.8,75.2\n",
        'lon,lat,PixelX,PIXELY,name\n"75,1","42,9",100,200,мектеп\n75.2,42.9,900,210\n\n# remark\n75.2,42.8,880,1100\n',
        CSV.encode("utf-16"),
        CSV.encode("cp1251"),
    ],
    ids=["crlf", "bom", "tab", "semicolon", "order", "names", "utf-16", "cp1251"],
)
def test_csv_as_programs_write_it(tmp_path: Path, content: str | bytes) -> None:
    points = read_control_points(write(tmp_path, "p.csv", content))
    assert [point.pixel for point in points] == [(100, 200), (900, 210), (880, 1100)]
    assert [point.lonlat for point in points] == [(75.1, 42.9), (75.2, 42.9), (75.2, 42.8)]
    assert points[0].label == "мектеп"


def test_csv_without_enable_column(tmp_path: Path) -> None:
    content = "mapX,mapY,pixelX,pixelY\n75.1,42.9,1,2\n75.2,42.8,300,400\n"
    assert len(read_control_points(write(tmp_path, "p.csv", content))) == 2


def test_a_disabled_row_may_hold_anything(tmp_path: Path) -> None:
    content = CSV + "?,?,?,?,0,unsure\n75.2,42.9,900,210,0,again\n"
    assert len(read_control_points(write(tmp_path, "p.csv", content))) == 3


def test_json_schema(tmp_path: Path) -> None:
    document = {
        "points": [
            {"pixel": [100, 200], "lonlat": [75.1, 42.9], "label": "мектеп", "source": "gps"},
            {"pixel": [300, 200], "lonlat": [75.15, 42.9], "enabled": False},
            {"pixel": [900.5, 1200], "map": [75.2, 42.8]},
        ]
    }
    points = read_control_points(write(tmp_path, "p.json", json.dumps(document)))
    assert [(point.pixel, point.lonlat, point.row) for point in points] == [
        ((100, 200), (75.1, 42.9), 1),
        ((900.5, 1200), (75.2, 42.8), 3),
    ]
    assert points[0].source is ControlPointSource.GPS
    assert points[0].label == "мектеп"


def test_json_with_a_crs_takes_map_from_it_and_degrees_as_degrees(tmp_path: Path) -> None:
    east, north = Transformer.from_crs(4326, 32643, always_xy=True).transform(75.1, 42.9)
    by_map = {
        "crs": "EPSG:32643",
        "points": [{"pixel": [1, 2], "map": [east, north]}, {"pixel": [900, 2], "map": [east + 5, north]}],
    }
    assert np.allclose(read_control_points(write(tmp_path, "m.json", json.dumps(by_map)))[0].lonlat, (75.1, 42.9))
    by_degrees = {
        "crs": "EPSG:32643",
        "points": [{"pixel": [1, 2], "lonlat": [75.1, 42.9]}, {"pixel": [9, 2], "lonlat": [75.2, 42.9]}],
    }
    assert read_control_points(write(tmp_path, "d.json", json.dumps(by_degrees)))[0].lonlat == (75.1, 42.9)
    mixed = {"crs": "EPSG:32643", "points": [by_map["points"][0], by_degrees["points"][1]]}
    assert refusal(write(tmp_path, "x.json", json.dumps(mixed))).key == "points.mixed_places"


def test_geojson_and_iiif_annotation(tmp_path: Path) -> None:
    def feature(properties: dict[str, object], lon: float) -> dict[str, object]:
        return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, 42.9]}}

    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        "features": [
            feature({"pixelX": 5, "pixelY": 6, "name": "көпүрө"}, 75.1),
            feature({"resourceCoords": [50, 60]}, 75.2),
            feature({"pixel": [500, 61]}, 75.3),
        ],
    }
    for document in (collection, {"type": "Annotation", "body": collection}):
        points = read_control_points(write(tmp_path, "p.geojson", json.dumps(document)))
        assert [point.pixel for point in points] == [(5, 6), (50, 60), (500, 61)]
        assert [point.lonlat[0] for point in points] == [75.1, 75.2, 75.3]
        assert points[0].label == "көпүрө"


def test_written_points_are_read_again(tmp_path: Path) -> None:
    points = read_control_points(write(tmp_path, "p.csv", CSV))
    content = qgis_points(points, residuals=np.array([[3.0, -4.0], [0, 0], [0, 0]]))
    assert content.splitlines()[:3] == [
        "#CRS: EPSG:4326",
        "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual",
        "75.1,42.9,100,-200,1,3,4,5",
    ]
    again = read_control_points(write(tmp_path, "again.points", content))
    assert [(point.pixel, point.lonlat) for point in again] == [(point.pixel, point.lonlat) for point in points]


def test_switched_off_points_are_written_and_read_as_such(tmp_path: Path) -> None:
    points = read_control_points(write(tmp_path, "p.csv", CSV))
    table = read_table(write(tmp_path, "q.points", qgis_points(points, enabled=[True, False, True])))
    assert [point.pixel for point in control_points_of(table)] == [points[0].pixel, points[2].pixel]
    (off,) = switched_off_points(table)
    assert (off.pixel, off.lonlat, table.disabled) == (points[1].pixel, points[1].lonlat, 1)
    listed = [
        {"pixel": [1, 2], "lonlat": [75.1, 42.9]},
        {"pixel": [3, 4], "lonlat": [75.2, 42.8], "enabled": False, "label": "көпүрө"},
        {"pixel": [5, 6], "lonlat": [500, 42.8], "enabled": False},
        {"pixel": None, "enabled": False},
    ]
    table = read_table(write(tmp_path, "p.json", json.dumps(listed)))
    (off,) = switched_off_points(table)  # what can lie nowhere is nobody's concern
    assert (off.pixel, off.lonlat, off.label, table.disabled) == ((3, 4), (75.2, 42.8), "көпүрө", 3)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "p.csv", "mapX,pixelX,enable\n1,2,1\n"))
    assert (error.key, error.params["columns"]) == ("points.missing_column", "mapY, pixelY")


@pytest.mark.parametrize(
    "bad",
    [
        "75.1,42,9,100,200,1,",
        "abc,42.9,100,200,1,",
        ",42.9,100,200,1,",
        "75.1,42.9,nan,200,1,",
        "75.1,42.9,100,200,maybe,",
    ],
)
def test_rows_that_are_not_numbers_are_named(tmp_path: Path, bad: str) -> None:
    error = refusal(write(tmp_path, "p.csv", CSV + bad + "\n75.3,42.7,1,x,1,\n"))
    assert (error.key, error.params["rows"]) == ("points.not_a_number", "5, 6")


def test_duplicates_are_named(tmp_path: Path) -> None:
    same_pixel = refusal(write(tmp_path, "p.csv", CSV + "75.3,42.7,100,200,1,again\n"))
    assert (same_pixel.key, same_pixel.params["rows"]) == ("points.duplicate_pixel", "2 (мектеп) = 5 (again)")
    same_place = refusal(write(tmp_path, "p.csv", CSV + "75.1,42.9,333,200,1,\n"))
    assert (same_place.key, same_place.params["rows"]) == ("points.duplicate_place", "2 (мектеп) = 5")


def test_too_few_points_for_the_method(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "p.points", QGIS), method=Method.PROJECTIVE)
    assert error.key == "points.too_few"
    assert (error.params["needed"], error.params["found"], error.params["disabled"]) == (4, 3, 1)
    assert error.params["rows"] == "3, 4, 5"


def test_points_on_a_line_are_named_unless_a_similarity_is_asked(tmp_path: Path) -> None:
    content = "mapX,mapY,pixelX,pixelY\n75.1,42.9,0,0\n75.2,42.8,100,50\n75.25,42.9,200,100\n"
    path = write(tmp_path, "p.csv", content)
    error = refusal(path, method=Method.AFFINE)
    assert (error.key, error.params["rows"]) == ("points.collinear", "2, 3, 4")
    assert len(read_control_points(path, method=Method.HELMERT)) == 3


def test_metres_without_a_crs_and_swapped_degrees(tmp_path: Path) -> None:
    header = "mapX,mapY,pixelX,pixelY\n"
    metres = refusal(write(tmp_path, "m.csv", header + "470000,4650000,1,1\n75.1,42.9,20,20\n"))
    assert (metres.key, metres.params["rows"]) == ("points.out_of_range", "2")
    assert "CRS" in text(metres.key, LANGUAGES[0], **metres.params)
    swapped = refusal(write(tmp_path, "s.csv", header + "42.9,105.1,1,1\n42.8,105.2,20,20\n"))
    assert (swapped.key, swapped.params["rows"]) == ("points.swapped", "2, 3")


def test_points_outside_the_image_are_named(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "p.csv", CSV), image_size=(890, 1100))
    assert (error.key, error.params["rows"]) == ("points.outside_image", "3")
    assert len(read_control_points(write(tmp_path, "p.csv", CSV), image_size=(900, 1100))) == 3


def test_files_that_hold_nothing_usable(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not_found"):
        read_table(tmp_path / "none.points")
    assert refusal(write(tmp_path, "e.csv", "")).key == "points.empty"
    assert refusal(write(tmp_path, "h.csv", "mapX,mapY,pixelX,pixelY\n")).key == "points.too_few"
    assert refusal(write(tmp_path, "b.csv", b"\x89PNG\r\n\x1a\n\x00\x00")).key == "points.unreadable"
    assert refusal(write(tmp_path, "j.json", "{")).key == "points.not_json"
    assert refusal(write(tmp_path, "l.json", '{"points": 3}')).key == "points.missing_column"
    assert refusal(write(tmp_path, "0.json", '{"points": []}')).key == "points.empty"
    assert refusal(write(tmp_path, "big.csv", b"x" * 8_000_001)).key == "points.unreadable"
    assert refusal(tmp_path).key == "points.unreadable"


def test_json_points_at_fault_are_named(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "p.json", '[{"pixel": [1, 2], "lonlat": [75, 42]}, {"pixel": [1, 2]}, 5]'))
    assert error.key == "points.missing_column"
    assert "2, 3" in str(error.params["columns"])
    error = refusal(
        write(tmp_path, "q.json", '[{"pixel": [1, "a"], "lonlat": [75, 42]}, {"pixel": [1, true], "map": [1, 2]}]')
    )
    assert (error.key, error.params["rows"]) == ("points.not_a_number", "1, 2")


@pytest.mark.parametrize("name", ["EPSG:999999", "nonsense", "EPSG:5773"])
def test_unknown_crs(tmp_path: Path, name: str) -> None:
    assert refusal(write(tmp_path, "p.csv", CSV), crs=name).key == "points.bad_crs"


def test_coordinates_outside_the_crs(tmp_path: Path) -> None:
    content = "mapX,mapY,pixelX,pixelY\n1e12,1e12,1,1\n2e12,1e12,20,20\n"
    assert refusal(write(tmp_path, "p.csv", content), crs="EPSG:32643").key == "points.outside_crs"


def test_empty_table_has_empty_arrays(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "p.csv", CSV))
    assert table.pixels.shape == table.ground.shape == pixel_array(control_points_of(table)).shape == (3, 2)


def test_thousands_of_points_are_refused_and_not_listed(tmp_path: Path) -> None:
    many = "mapX,mapY,pixelX,pixelY\n" + "75.1,42.9,100,200\n" * 100_000
    refused = refusal(write(tmp_path, "many.csv", many))
    assert (refused.key, refused.params["found"]) == ("points.too_many", 100_000)
    wrong = refusal(write(tmp_path, "wrong.csv", "mapX,mapY,pixelX,pixelY\n" + "a,b,c,d\n" * 100_000))
    assert wrong.key == "points.not_a_number"
    assert str(wrong.params["rows"]).startswith("2, 3, 4, ")
    assert str(wrong.params["rows"]).endswith("… (100000)")
    assert len(str(wrong.params["rows"])) < 150


def test_field_of_a_hundred_thousand_letters(tmp_path: Path) -> None:
    refused = refusal(write(tmp_path, "long.csv", CSV + '"' + "9" * 200_000 + '",1,1,1,1\n'))
    assert (refused.key, refused.params["rows"]) == ("points.not_a_number", "5")


def test_number_beyond_everything_does_not_drown_the_others(tmp_path: Path) -> None:
    refused = refusal(write(tmp_path, "far.csv", CSV + "1e308,42.8,300,400,1,\n"))
    assert (refused.key, refused.params["rows"]) == ("points.not_a_number", "5")


@pytest.mark.parametrize(
    "crs",
    [
        "+proj=tmerc +lat_0=90 +k=1e-300",
        "+init=/dev/zero:1",
        "+proj=longlat +nadgrids=/dev/zero",
        "+proj=longlat +geoidgrids = ../grid.gtx",
    ],
)
def test_crs_that_is_no_transformation_or_opens_files(tmp_path: Path, crs: str) -> None:
    assert refusal(write(tmp_path, "crs.csv", f"#CRS: {crs}\n{CSV}")).key in {"points.bad_crs", "points.outside_crs"}


@pytest.mark.filterwarnings("error")
def test_outdated_way_to_name_a_crs_is_read_without_a_warning(tmp_path: Path) -> None:
    assert len(read_control_points(write(tmp_path, "old.csv", f"#CRS: +init=epsg:4326\n{CSV}"))) == 3


def test_pipe_and_device_are_no_files_of_points(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert refusal(pipe).key == "points.unreadable"
    assert refusal(Path("/dev/zero")).key == "points.unreadable"


def test_degrees_are_no_metres_of_a_named_system(tmp_path: Path) -> None:
    # Metres 80 east and 40 north of a zone's corner are all one place: "twice the same point" helps nobody.
    told = refusal(write(tmp_path, "p.csv", CSV), crs="EPSG:32643")
    assert (told.key, told.params["crs"]) == ("points.outside_crs", "WGS 84 / UTM zone 43N")
