"""Mapbox Vector Tiles: layers of points, lines and areas in a tile's own units, as bytes.

Source: Mapbox Vector Tile Specification 2.1, clause 4 and its ``vector_tile.proto``; Protocol Buffers' wire format.
Coordinates are written for all features at once: a tile has thousands of them, and one by one they take too long.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, repeat
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
    # A tag is a key's number and a value's number (clause 4.4), a column at a time: most have few values.
    numbers: dict[tuple[type, Property], bytes] = {}
    cells = [_tags(_varint(number), column, numbers) for number, column in enumerate(properties.values())]
    tags: Iterable[bytes] = map(b"".join, zip(*cells, strict=True)) if cells else repeat(b"", len(array))
    parts = [b"\x78\x02", _text(b"\x0a", name)]
    for number, told, geometry in zip(ids, tags, _geometries(array), strict=True):
        head = b"\x12" if number is None else b"\x08" + _varint(number) + b"\x12"
        body = head + _varint(len(told)) + told + geometry
        parts += (b"\x12", _varint(len(body)), body)
    parts.extend(_text(b"\x1a", key) for key in properties)
    for _, value in numbers:
        written = _value(value)
        parts += (b"\x22", _varint(len(written)), written)
    parts.append(b"\x28" + _varint(EXTENT))
    return b"\x1a" + _sized(b"".join(parts))


def _tags(key: bytes, column: Sequence[Property], numbers: dict[tuple[type, Property], bytes]) -> Iterator[bytes]:
    """Return the tag of each value, nothing for None; values that no column before has had are numbered."""
    tags: dict[Property, bytes] = {None: b""}
    for value in dict.fromkeys(column):
        if value is not None:
            known = (value.__class__, value)  # 1 and 1.0 are one key otherwise
            number = numbers.get(known)
            if number is None:
                number = numbers[known] = _varint(len(numbers))
            tags[value] = key + number
    return map(tags.__getitem__, column)


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
    return _SHORT[number] if number < _SHORTER else _written(number)


def _written(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


_SHORTER = 1 << 13
_SHORT = tuple(map(_written, range(_SHORTER)))
"""Lengths and numbers of values, made once."""


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
