"""Fingerprints: of what a picture shows, and of the program that draws it.

A read model is told by its content alone, so a file that is kept is drawn anew exactly when something on it changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import shapely
from pydantic import BaseModel
from shapely.geometry.base import BaseGeometry

import geo
import maps

__all__ = ["fingerprint", "program_version"]

_LIBRARIES: Final = ("folium", "branca", "typst", "python-docx", "openpyxl", "shapely", "pyproj", "pypdfium2", "babel")
"""What takes part in drawing beside our own code."""


def fingerprint(*values: Any) -> str:
    """Return the SHA-256 of values by their content: equal values give equal fingerprints in every process.

    Raises
    ------
    TypeError
        There is something in them whose content is not known.
    """
    digest = hashlib.sha256()
    for value in values:
        _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:  # noqa: PLR0912 - one branch a type
    # Each value with its type and length before it, so that no two different ones read alike.
    if value is None:
        digest.update(b"n;")
    elif isinstance(value, Enum):
        _bytes(digest, b"e", f"{type(value).__name__}.{value.name}".encode())
    elif isinstance(value, str):
        _bytes(digest, b"s", value.encode("utf-8", "surrogatepass"))
    elif isinstance(value, bytes):
        _bytes(digest, b"b", value)
    elif isinstance(value, bool | int | float):
        _bytes(digest, type(value).__name__.encode(), repr(value).encode())
    elif isinstance(value, UUID):
        _bytes(digest, b"u", value.bytes)
    elif isinstance(value, date | datetime):
        _bytes(digest, b"d", value.isoformat().encode())
    elif isinstance(value, BaseGeometry):
        _bytes(digest, b"g", shapely.to_wkb(value, byte_order=1))
    elif isinstance(value, BaseModel):
        _feed(digest, {name: getattr(value, name) for name in type(value).model_fields})
    elif is_dataclass(value) and not isinstance(value, type):
        _bytes(digest, b"c", type(value).__name__.encode())
        for one in fields(value):
            _feed(digest, one.name)
            _feed(digest, getattr(value, one.name))
    elif isinstance(value, Mapping):
        digest.update(b"m%d;" % len(value))
        for key in sorted(value, key=str):
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, Set):
        digest.update(b"f%d;" % len(value))
        for part in sorted(fingerprint(one) for one in value):
            _feed(digest, part)
    elif isinstance(value, tuple | list):
        digest.update(b"t%d;" % len(value))
        for one in value:
            _feed(digest, one)
    else:
        raise TypeError(f"no fingerprint of {type(value).__name__}")


def _bytes(digest: Any, kind: bytes, content: bytes) -> None:
    digest.update(b"%s%d:" % (kind, len(content)))
    digest.update(content)


@cache
def program_version() -> str:
    """Return what changes with everything that decides on the look of a file: our code and words, and the libraries."""
    digest = hashlib.sha256()
    for package in (maps, geo):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "sample" not in path.parts:
                _bytes(digest, b"p", path.relative_to(root).as_posix().encode())
                _bytes(digest, b"b", path.read_bytes())
    for library in _LIBRARIES:
        try:
            _bytes(digest, b"l", f"{library}=={version(library)}".encode())
        except PackageNotFoundError:
            _bytes(digest, b"l", library.encode())
    return digest.hexdigest()
