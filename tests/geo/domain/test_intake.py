"""Geometries that are refused before they cost anything."""

from __future__ import annotations

import pytest

from geo.errors import Refused
from geo.spatial import intake


def test_too_many_vertices_are_told_before_a_geometry_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_text: str) -> None:
        raise AssertionError("nothing was to be made of it")

    monkeypatch.setattr("shapely.from_geojson", never)
    ring = [[78 + number * 1e-6, 42.0] for number in range(intake.MOST_VERTICES + 2)]
    for shape in (
        {"type": "LineString", "coordinates": ring},
        {"type": "MultiPolygon", "coordinates": [[ring[:70_000]], [ring[:70_000]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "MultiPoint", "coordinates": ring}]},
    ):
        with pytest.raises(Refused, match=r"geometry\.too_many_vertices"):
            intake.take_geojson(shape)
