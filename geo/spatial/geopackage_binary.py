"""Geometries as GeoPackage binary: a header with an envelope in front of plain WKB.

Source: OGC 12-128r17, GeoPackage Encoding Standard 1.3, clause 2.1.3 (BLOB format).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["decode", "decode_many", "encode", "encode_many", "envelope", "is_empty"]

_MAGIC = b"GP"
_HEADER = struct.Struct("<2sBBi")
_ENVELOPE = struct.Struct("<4d")
_LITTLE_ENDIAN = 0b1
_ENVELOPE_XY = 0b1 << 1
_EMPTY = 0b1 << 4
_ENVELOPE_DOUBLES = (0, 4, 6, 6, 8)


def encode(geometry: BaseGeometry, *, srs_id: int) -> bytes:
    """Return the GeoPackage binary of a geometry, with an XY envelope unless it is empty.

    Parameters
    ----------
    geometry
        Any two-dimensional shapely geometry.
    srs_id
        Row of ``gpkg_spatial_ref_sys``: 4326, or -1 for plane pixel coordinates.
    """
    return encode_many([geometry], srs_id=srs_id)[0]


def encode_many(geometries: Sequence[BaseGeometry], *, srs_id: int) -> list[bytes]:
    """Return the GeoPackage binary of many geometries at once; the bulk form of `encode`."""
    array = np.asarray(geometries, dtype=object)
    flat = shapely.force_2d(array)
    bodies = shapely.to_wkb(flat, byte_order=1)
    bounds = shapely.bounds(flat)[:, [0, 2, 1, 3]].tolist()
    empty = shapely.is_empty(flat).tolist()
    bare = _HEADER.pack(_MAGIC, 0, _LITTLE_ENDIAN | _EMPTY, srs_id)
    header = _HEADER.pack(_MAGIC, 0, _LITTLE_ENDIAN | _ENVELOPE_XY, srs_id)
    return [
        bare + body if nothing else header + _ENVELOPE.pack(*box) + body
        for body, box, nothing in zip(bodies, bounds, empty, strict=True)
    ]


def _offset(blob: bytes) -> int:
    if len(blob) < _HEADER.size or blob[:2] != _MAGIC:
        raise ValueError("not a GeoPackage binary geometry")
    indicator = (blob[3] >> 1) & 0b111
    if indicator >= len(_ENVELOPE_DOUBLES):
        raise ValueError("unknown envelope in a GeoPackage binary geometry")
    return _HEADER.size + 8 * _ENVELOPE_DOUBLES[indicator]


def decode(blob: bytes) -> BaseGeometry:
    """Return the geometry of a GeoPackage binary, whoever wrote it.

    Raises
    ------
    ValueError
        The bytes are no GeoPackage binary.
    """
    return shapely.from_wkb(blob[_offset(blob) :])


def decode_many(blobs: Sequence[bytes]) -> list[BaseGeometry]:
    """Return the geometries of many GeoPackage binaries at once; the bulk form of `decode`."""
    shapes: list[BaseGeometry] = shapely.from_wkb([blob[_offset(blob) :] for blob in blobs]).tolist() if blobs else []
    return shapes


def is_empty(blob: bytes) -> bool:
    """Tell from the header alone whether a geometry is empty."""
    _offset(blob)
    return bool(blob[3] & _EMPTY)


def envelope(blob: bytes) -> tuple[float, float, float, float]:
    """Return (min x, max x, min y, max y), from the header where it has one.

    Raises
    ------
    ValueError
        The bytes are no GeoPackage binary, or the geometry is empty.
    """
    start = _offset(blob)
    order = "<" if blob[3] & _LITTLE_ENDIAN else ">"
    if start > _HEADER.size:
        low_x, high_x, low_y, high_y = struct.unpack_from(order + "4d", blob, _HEADER.size)
        return low_x, high_x, low_y, high_y
    geometry = decode(blob)
    if geometry.is_empty:
        raise ValueError("an empty geometry has no envelope")
    west, south, east, north = geometry.bounds
    return west, east, south, north
