"""Read labels from a JSON file: what was said of a drawing, written down beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

from geo.domain.attributes import FeatureAttributes
from geo.domain.drawing import Ink
from geo.domain.vocabulary import Kind
from geo.errors import NotFound, Refused
from geo.snapshots import Names
from sketch_import.labelling import Form, Label
from sketch_import.text_file import text_of

__all__ = ["read_labels"]

_MAX_BYTES = 8_000_000


def read_labels(path: Path) -> tuple[Label, ...]:
    """Read the labels of a drawing.

    The file is a JSON object with a list ``objects``. Each has an ``id``, ``positions`` ([[x, y], …] in pixels of the
    upright photo, x right, y down) and a ``kind``; it may have ``names`` (ky, ru, en), ``attributes``, ``ink`` and
    ``form``; where a sheet has several photos, ``photo`` says which one, counted from 1. Other members are left alone.

    Raises
    ------
    NotFound
        ``labels.file_missing``.
    Refused
        ``labels.unreadable``, ``labels.bad_row`` (names the label, counted from 1, and its field),
        ``labels.duplicate``; for attributes the errors of `FeatureAttributes.from_json`.
    """
    missing, unreadable = NotFound("labels.file_missing", path=str(path)), Refused("labels.unreadable", path=str(path))
    content = text_of(path, most_bytes=_MAX_BYTES, missing=missing, unreadable=unreadable)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise unreadable from error
    rows = document.get("objects") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise unreadable
    labels: dict[str, Label] = {}
    for number, row in enumerate(rows, start=1):
        label = _label(row, path=path, number=number)
        if label.id in labels:
            raise Refused("labels.duplicate", path=str(path), label=label.id)
        labels[label.id] = label
    return tuple(labels.values())


def _label(row: object, *, path: Path, number: int) -> Label:
    field = "id"
    try:
        if not isinstance(row, Mapping):
            raise TypeError
        name = row["id"]
        if not isinstance(name, str) or not name:
            raise ValueError
        field = "kind"
        kind = Kind(row["kind"])
        field = "positions"
        positions = tuple((float(x), float(y)) for x, y in row["positions"])
        if not positions or not all(map(math.isfinite, (value for position in positions for value in position))):
            raise ValueError
        field = "names"
        names = Names(**{language: str(words) for language, words in dict(row.get("names", {})).items()})
        field = "ink"
        ink = Ink(row["ink"]) if row.get("ink") is not None else None
        field = "form"
        form = Form(row["form"]) if row.get("form") is not None else None
        field = "photo"
        photo = row.get("photo", 1)
        if not isinstance(photo, int) or isinstance(photo, bool) or photo < 1:
            raise ValueError
        field = "attributes"
        attributes = dict(row.get("attributes", {}))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("labels.bad_row", path=str(path), row=number, field=field) from error
    return Label(name, positions, kind, names, FeatureAttributes.from_json(attributes), ink, form, photo)
