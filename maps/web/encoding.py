"""Numbers and geometries as short text: a page of ten thousand objects stays small enough for a phone.

Numbers are written in digits of five bits, the lowest first, one letter a digit; the sixth bit of a letter says that
more digits follow. Coordinates are millionths of a degree, each as its difference to the one before, so that a house
beside a house takes a few letters. `map_reading.js` reads both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import pi

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

__all__ = ["DIGITS", "MOST_LATITUDE", "EncodedGeometries", "encode_geometries", "encode_numbers", "encode_signed"]

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""No letter that means anything in HTML, JSON or an address."""

MOST_LATITUDE = float(np.degrees(2 * np.arctan(np.exp(pi)) - pi / 2))
"""Degrees; where the square of EPSG:3857 ends. Farther north or south nothing can be drawn on a web map."""

_PER_DEGREE = 1_000_000
"""A millionth of a degree is about 0.1 m on the ground, far below any position error."""
_LETTERS = np.frombuffer(DIGITS.encode("ascii"), dtype=np.uint8)
_BITS = 5
_POINT, _LINE, _AREA = 0, 1, 2
_EMPTY = Point()


class EncodedGeometries:
    """Two texts: how many parts of what kind each geometry has, and all coordinates one after the other."""

    __slots__ = ("coordinates", "drawn", "shapes")

    def __init__(self, shapes: str, coordinates: str, drawn: list[bool]) -> None:
        self.shapes = shapes
        self.coordinates = coordinates
        self.drawn = drawn
        """Whether a geometry has anything to draw."""


def encode_numbers(values: Sequence[int] | npt.NDArray[np.int64]) -> str:
    """Write whole numbers from 0 upwards.

    >>> encode_numbers([0, 1, 31, 32])
    'ABfgB'
    """
    numbers = np.asarray(values, dtype=np.int64)
    if not numbers.size:
        return ""
    lengths = np.ones(numbers.shape, dtype=np.int64)
    top = int(numbers.max()) >> _BITS
    bits = _BITS
    while top:
        lengths += (numbers >> bits) > 0
        bits += _BITS
        top >>= _BITS
    starts = np.cumsum(lengths) - lengths
    written = np.empty(int(lengths.sum()), dtype=np.uint8)
    for place in range(int(lengths.max())):
        here = lengths > place
        digit = (numbers[here] >> (_BITS * place)) & 31
        written[starts[here] + place] = _LETTERS[digit + 32 * (lengths[here] > place + 1)]
    return written.tobytes().decode("ascii")


def encode_signed(values: npt.NDArray[np.int64]) -> str:
    """Write whole numbers of either sign: twice the number, less one where it is below nought."""
    return encode_numbers(np.where(values < 0, -2 * values - 1, 2 * values))


def encode_geometries(geometries: Iterable[BaseGeometry | None]) -> EncodedGeometries:
    """Write geometries of any type.

    Parameters
    ----------
    geometries
        EPSG:4326, lon lat; heights are left out, and so are parts that are empty or no place on the globe.

    Returns
    -------
    EncodedGeometries
        ``shapes`` has for each geometry the number of its parts; for each part its type (0 point, 1 line, 2 area) plus
        three times how many coordinates a line or rings an area has; for each ring how many coordinates. Rings are
        not closed.
    """
    given = np.array([_EMPTY if one is None else one for one in geometries], dtype=object)
    parts, owner = _parts(given)
    types = shapely.get_type_id(parts)
    is_area = types == 3
    rings, ring_owner = shapely.get_rings(parts[is_area], return_index=True)
    area_places = np.flatnonzero(is_area)
    paths = np.concatenate([parts[~is_area], rings])
    order = np.argsort(np.concatenate([np.flatnonzero(~is_area), area_places[ring_owner]]), kind="stable")
    paths = paths[order]
    is_ring = np.concatenate([np.zeros((~is_area).sum(), bool), np.ones(len(rings), bool)])[order]
    sizes = shapely.get_num_coordinates(paths)
    positions = shapely.get_coordinates(paths)
    if len(positions):
        closing = (np.cumsum(sizes) - 1)[is_ring]
        positions = np.delete(positions, closing, axis=0)
        sizes = sizes - is_ring
    positions[:, 1] = np.clip(positions[:, 1], -MOST_LATITUDE, MOST_LATITUDE)
    whole = np.rint(positions * _PER_DEGREE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return EncodedGeometries(
        encode_numbers(_shapes(len(given), owner, types, np.bincount(ring_owner, minlength=len(area_places)), sizes)),
        encode_signed(steps.reshape(-1)),
        (np.bincount(owner, minlength=len(given)) > 0).tolist(),
    )


def _parts(given: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    parts, owner = given, np.arange(len(given))
    while True:
        finite = np.isfinite(shapely.bounds(parts)).all(axis=1) if len(parts) else np.zeros(0, bool)
        parts, owner = parts[finite], owner[finite]
        if not (shapely.get_type_id(parts) > 3).any():
            return parts, owner
        parts, index = shapely.get_parts(parts, return_index=True)
        owner = owner[index]


def _shapes(
    count: int,
    owner: npt.NDArray[np.int64],
    types: npt.NDArray[np.int32],
    rings: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int32],
) -> list[int]:
    written: list[int] = []
    part_types, ring_counts, path_sizes = types.tolist(), iter(rings.tolist()), iter(sizes.tolist())
    place = 0
    for parts in np.bincount(owner, minlength=count).tolist():
        written.append(parts)
        for type_ in part_types[place : place + parts]:
            if type_ == 3:
                many = next(ring_counts)
                written.append(_AREA + 3 * many)
                written += [next(path_sizes) for _ in range(many)]
            elif type_:
                written.append(_LINE + 3 * next(path_sizes))
            else:
                written.append(_POINT)
                next(path_sizes)
        place += parts
    return written
