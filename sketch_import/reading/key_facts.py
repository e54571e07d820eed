"""What ``quality.json`` says of the key of a sheet."""

from __future__ import annotations

from typing import Any

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import Language, text
from sketch_import.reading.key import BoxState, ReadBox, SheetKey

__all__ = ["key_facts"]


def key_facts(key: SheetKey, *, language: Language) -> dict[str, Any]:
    """Return the key in plain values.

    Parameters
    ----------
    key
        What was read.
    language
        Of the sentences under ``notes``.
    """
    code = key.code
    return {
        "code_read": code is not None,
        "title": None if code is None else code.title,
        "kinds": None if code is None else [None if kind is None else kind.value for kind in code.kinds],
        "boxes": [_box(box) for box in key.boxes],
        "ambiguous": [[kind.value for kind in kinds] for kinds in key.ambiguous],
        "notes": _notes(key, language),
    }


def _box(box: ReadBox) -> dict[str, Any]:
    look = box.look
    return {
        "box": box.number + 1,
        "kind": None if box.kind is None else box.kind.value,
        "state": box.state.value,
        "form": None if look is None else look.kind.value,
        "ink": None if look is None else look.ink.value,
        "pattern": None if look is None else look.pattern.value,
    }


def _notes(key: SheetKey, language: Language) -> list[str]:
    notes = []
    if key.code is None and key.boxes:
        notes.append(text("reading.key.code_unread", language))
    for kinds in key.ambiguous:
        notes.append(text("reading.key.ambiguous", language, kinds=_listed(kinds, language)))
    unread = [box.kind for box in key.boxes if box.state is BoxState.UNREAD and box.kind is not None]
    if unread:
        notes.append(text("reading.key.unread", language, kinds=_listed(unread, language)))
    if key.unnamed:
        numbers = ", ".join(str(box.number + 1) for box in key.unnamed)
        notes.append(text("reading.key.unnamed", language, boxes=numbers))
    return notes


def _listed(kinds: list[Kind] | tuple[Kind, ...], language: Language) -> str:
    return ", ".join(f"“{label(kind, language)}”" for kind in kinds)
