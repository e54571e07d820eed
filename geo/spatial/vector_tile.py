"""Mapbox Vector Tiles: layers of points, lines and areas in a tile's own units, as bytes.

Source: Mapbox Vector Tile Specification 2.1, clause 4 and its ``vector_tile.proto``; Protocol Buffers' wire format.
Coordinates are written for all features at once: a tile has thousands of them, and one by one they take too long.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely import GeometryType

from geo.spatial.tile_grid import EXTENT

__all__ = ["Property", "encode_layer"]

Property = str | float | int | None

_POINTS = (GeometryType.POINT, GeometryType.MULTIPOINT)
_LINES = (GeometryType.LINESTRING, GeometryType.MULTILINESTRING)
_AREAS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_MOVE_TO, _LINE_TO, _CLOSE_PATH = 1, 2, 7
_LONGEST = 5
"""Bytes of a number below 2^35; commands and steps within a tile are far below."""


def encode_layer(
    name: str, shapes: Any, ids: Sequence[int | None], properties: Mapping[str, Sequence[Property]]
) -> bytes:
    """Return a layer as a part of a tile; nothing where there are no shapes.

    Parameters
    ----------
    name
        Of the layer.
    shapes
        Array of shapely points, lines and areas, also of several in one, in tile units with whole coordinates, x right,
        y down; no ring or line is without length, and outer rings go clockwise as they are seen.
    ids
        Number of each feature, None for none.
    properties
        Name to values, one for each feature; None leaves it out.
    """
    array = np.asarray(shapes, dtype=object)
    if not len(array):
        return b""
    geometries = _geometries(array)
    numbers = {key: _varint(number) for number, key in enumerate(properties)}
    values: dict[tuple[type, Property], int] = {}
    columns = [(numbers[key], column) for key, column in properties.items()]
    parts = [b"\x78\x02", _text(b"\x0a", name)]
    for index, (geometry, number) in enumerate(zip(geometries, ids, strict=True)):
        tags = bytearray()
        for key, column in columns:
            value = column[index]
            if value is not None:
                tags += key
                tags += _varint(values.setdefault((type(value), value), len(values)))
        body = (b"" if number is None else b"\x08" + _varint(number)) + b"\x12" + _sized(bytes(tags)) + geometry
        parts.append(b"\x12" + _sized(body))
    parts.extend(_text(b"\x1a", key) for key in properties)
    parts.extend(b"\x22" + _sized(_value(value)) for _, value in values)
    parts.append(b"\x28" + _varint(EXTENT))
    return b"\x1a" + _sized(b"".join(parts))


def _geometries(shapes: Any) -> list[bytes]:
    """Return type and commands of each shape (clause 4.3)."""
    written: list[bytes] = [b""] * len(shapes)
    types = shapely.get_type_id(shapes)
    for code, family in enumerate((_POINTS, _LINES, _AREAS), 1):
        chosen = np.flatnonzero(np.isin(types, family))
        if len(chosen):
            head = b"\x18" + _varint(code) + b"\x22"
            for place, commands in zip(chosen.tolist(), _commands(shapes[chosen], family), strict=True):
                written[place] = head + _sized(commands)
    return written


def _commands(shapes: Any, family: tuple[GeometryType, GeometryType]) -> list[bytes]:
    paths, shape_of = shapes, np.arange(len(shapes))
    if family is not _POINTS:
        paths, shape_of = shapely.get_parts(shapes, return_index=True)
    if family is _AREAS:
        paths, part_of = shapely.get_rings(paths, return_index=True)
        shape_of = shape_of[part_of]
    points, path_of = shapely.get_coordinates(paths, return_index=True)
    if family is _AREAS:  # ClosePath goes back to where the ring began
        inner = np.concatenate((path_of[1:] == path_of[:-1], [False]))
        points, path_of = points[inner], path_of[inner]
    count = np.bincount(path_of, minlength=len(paths))
    first = np.cumsum(count) - count
    steps = _steps(points.astype(np.int64), shape_of[path_of])
    drawn, closed = family is not _POINTS, family is _AREAS
    # MoveTo, a step, LineTo, the other steps, ClosePath; the points of a shape share one MoveTo.
    length = 1 + 2 * count + drawn + closed
    start = np.cumsum(length) - length
    words = np.zeros(int(length.sum()), dtype=np.int64)
    words[start] = ((1 if drawn else count) << 3) | _MOVE_TO
    if drawn:
        words[start + 3] = ((count - 1) << 3) | _LINE_TO
    if closed:
        words[start + length - 1] = (1 << 3) | _CLOSE_PATH
    rank = np.arange(len(points)) - first[path_of]
    place = start[path_of] + 1 + 2 * rank + (drawn * (rank > 0))
    words[place], words[place + 1] = steps[:, 0], steps[:, 1]
    stream, ends = _varints(words)
    shape_ends = np.cumsum(np.bincount(shape_of, weights=length, minlength=len(shapes)).astype(np.int64))
    cuts = [0, *ends[shape_ends - 1].tolist()]
    return [stream[low:high] for low, high in pairwise(cuts)]


def _steps(points: Any, shape_of_point: Any) -> Any:
    """Return steps from point to point, zigzag; each shape begins at the tile's corner."""
    before = np.zeros_like(points)
    before[1:] = points[:-1]
    before[1:][shape_of_point[1:] != shape_of_point[:-1]] = 0
    steps = points - before
    return (steps << 1) ^ (steps >> 63)


def _varints(numbers: Any) -> tuple[bytes, Any]:
    """Return numbers as varints in one stream, and where each ends."""
    size = 1 + sum((numbers >> (7 * more) > 0).astype(np.int64) for more in range(1, _LONGEST))
    ends = np.cumsum(size)
    stream = np.zeros(int(ends[-1]), dtype=np.uint8)
    for byte in range(_LONGEST):
        there = size > byte
        goes_on = np.where(size[there] > byte + 1, 0x80, 0)
        stream[(ends - size)[there] + byte] = (numbers[there] >> (7 * byte)) & 0x7F | goes_on
    return stream.tobytes(), ends


def _varint(number: int) -> bytes:
    if number < 0x80:
        return number.to_bytes(1, "little")
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _sized(body: bytes) -> bytes:
    return _varint(len(body)) + body


def _text(tag: bytes, value: str) -> bytes:
    return tag + _sized(value.encode())


def _value(value: Property) -> bytes:
    """Return a property's value (clause 4.4): text, a double or a count."""
    if isinstance(value, str):
        return _text(b"\x0a", value)
    if isinstance(value, float):
        return b"\x19" + struct.pack("<d", value)
    return b"\x28" + _varint(int(value or 0))
