"""Numbers and geometries come out of their short text as they went in."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.web.encoding import DIGITS, MOST_LATITUDE, encode_geometries, encode_numbers, encode_signed


def decoded(written: str) -> list[int]:
    numbers, number, place = [], 0, 0
    for letter in written:
        digit = DIGITS.index(letter)
        number += (digit & 31) << place
        place += 5
        if digit < 32:
            numbers.append(number)
            number, place = 0, 0
    assert place == 0
    return numbers


def positions(written: str) -> list[tuple[float, float]]:
    steps = [-(one + 1) // 2 if one % 2 else one // 2 for one in decoded(written)]
    whole = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 1e6
    return [tuple(row) for row in whole.tolist()]


def test_numbers_of_every_length_come_back() -> None:
    numbers = [0, 1, 31, 32, 1023, 1024, 10**6, 2**31, 2**40, 5]
    assert decoded(encode_numbers(numbers)) == numbers
    assert encode_numbers([]) == ""


def test_signs_come_back() -> None:
    values = np.array([0, -1, 1, -16, 16, -(10**8), 10**8])
    assert [-(one + 1) // 2 if one % 2 else one // 2 for one in decoded(encode_signed(values))] == values.tolist()


def test_shapes_say_how_many_parts_of_what_kind() -> None:
    pierced = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    geometries: list[BaseGeometry | None] = [
        Point(78.2, 42.5),
        None,
        LineString([(78, 42), (78.1, 42.1), (78.2, 42)]),
        pierced,
        MultiPolygon([pierced]),
        Point(),
        GeometryCollection([Point(1, 2, 3), GeometryCollection([MultiPoint([(3, 4), (5, 6)])]), Polygon()]),
    ]
    written = encode_geometries(geometries)
    ring = [2 + 3 * 2, 4, 3]
    assert decoded(written.shapes) == [1, 0, 0, 1, 1 + 3 * 3, 1, *ring, 1, *ring, 0, 3, 0, 0, 0]
    assert written.drawn == [True, False, True, True, True, False, True]
    found = positions(written.coordinates)
    assert found[0] == (78.2, 42.5)
    assert found[1:4] == [(78.0, 42.0), (78.1, 42.1), (78.2, 42.0)]
    assert found[4:11] == [(0, 0), (4, 0), (4, 4), (0, 4), (1, 1), (2, 1), (2, 2)]
    assert found[-3:] == [(1, 2), (3, 4), (5, 6)]


@pytest.mark.parametrize("nowhere", [Point(float("nan"), 1), LineString([(0, 0), (float("inf"), 1)])])
def test_what_is_no_place_on_the_globe_is_left_out(nowhere: BaseGeometry) -> None:
    written = encode_geometries([nowhere, Point(1, 1)])
    assert written.drawn == [False, True]
    assert positions(written.coordinates) == [(1, 1)]


def test_the_poles_are_drawn_where_the_map_ends() -> None:
    assert positions(encode_geometries([Point(10, 90)]).coordinates) == [(10, round(MOST_LATITUDE, 6))]
