"""Files that people write by hand or by a spreadsheet, as their programs save them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import NotFound, Refused
from sketch_import.control_points import read_control_points
from sketch_import.control_points.known_places import read_known_places
from sketch_import.label_file import read_labels
from sketch_import.neighbourhood import read_real_shapes
from sketch_import.placing.gps_readings import read_gps

LABELS = json.dumps(
    {"objects": [{"id": "a", "kind": "well", "positions": [[3, 4]], "names": {"ru": "Колодец"}}]}, ensure_ascii=False
)
ANCHORS = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"candidate": "c1", "name": "Канал"},
                "geometry": {"type": "LineString", "coordinates": [[78.2, 42.5], [78.21, 42.5]]},
            }
        ],
    },
    ensure_ascii=False,
)
KNOWN = "name;lon;lat\nКолодец;78,2;42,5\n"
READERS: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "labels": ("l.json", LABELS, lambda path: [label.names.ru for label in read_labels(path)]),
    "anchors": ("a.geojson", ANCHORS, lambda path: [one.candidate for one in read_real_shapes(path, {"c1"})]),
    "known": ("k.csv", KNOWN, lambda path: [place.names for place in read_known_places(path)]),
    "gps": ("g.csv", KNOWN, lambda path: [reading.name for reading in read_gps(path)]),
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("kind", READERS)
def test_windows_programs_save_them_in_their_own_ways(tmp_path: Path, kind: str, encoding: str) -> None:
    name, content, read = READERS[kind]
    (tmp_path / "plain").mkdir()
    plain, saved = tmp_path / "plain" / name, tmp_path / name
    plain.write_text(content, encoding="utf-8")
    saved.write_text(content, encoding=encoding)
    assert read(saved) == read(plain)
    assert read(plain)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("x.json", read_labels),
        ("x.geojson", read_known_places),
        ("x.json", read_control_points),
        ("x.geojson", lambda path: read_real_shapes(path, set())),
    ],
    ids=["labels", "known", "points", "anchors"],
)
def test_what_is_nested_without_end_is_refused(tmp_path: Path, name: str, read: Callable[[Path], object]) -> None:
    path = tmp_path / name
    with pytest.raises(NotFound):
        read(path)
    path.write_text("[" * 200_000)
    with pytest.raises(Refused):
        read(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(Refused):
        read(path)
