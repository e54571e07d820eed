"""From the ink on a sheet to proposed changes; nothing is applied: people decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind
from geo.sheet_layout import PrintedObject, PrintedObjects, SheetLayout
from sketch_import.changes.marks import Mark, MarkLook, PaperObject, look_of, marked_object
from sketch_import.changes.pieces import ink_pieces
from sketch_import.changes.redrawing import likeness_mm
from sketch_import.reading.sheet import ReadFeature, ReadSheet

__all__ = ["ChangeKind", "Proof", "ProposedChange", "propose_changes"]

_SURE = {MarkLook.CROSS: 0.85, MarkLook.SCRIBBLE: 0.7, MarkLook.STROKE: 0.6}
_AGAIN = 0.1
"""How much surer a second mark on the same object makes."""
_SURER = 0.15
"""How much surer it is that an object was moved where its old place is crossed out."""
_RETRACED_MM = 1.2
"""Drawn over the print nearer than this, it was confirmed, not moved."""
_INK_MM = 2.5
"""What lies within this of the strokes of a mark is the mark."""
_SAME_INK = 0.7
_A1_MM = 841.0


class ChangeKind(StrEnum):
    """What is proposed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Proof(StrEnum):
    """What on the paper says so."""

    DRAWN = "drawn"
    CROSS = "cross"
    STROKE = "stroke"
    SCRIBBLE = "scribble"
    REDRAWN = "redrawn"


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change that somebody is to accept or reject."""

    kind: ChangeKind
    proof: Proof
    confidence: float
    """0 to 1."""
    printed: PrintedObject | None
    """The object that goes or moves; None for what is new."""
    drawn: ReadFeature | None
    """What was drawn; None for what goes."""
    shift_m: float | None = None
    """How far it moves on the ground, metres."""

    @property
    def geometry(self) -> BaseGeometry:
        """Lon lat: the new place, or the old one of what goes."""
        if self.drawn is not None:
            return self.drawn.geometry
        if self.printed is None:
            raise ValueError("a change of nothing")
        return self.printed.geometry


def propose_changes(sheet: ReadSheet, printed: PrintedObjects) -> tuple[ProposedChange, ...]:
    """Compare what is on a photographed sheet with what was printed on it.

    Parameters
    ----------
    sheet
        As it was read; what is printed pale is not among its features.
    printed
        Its objects.

    Returns
    -------
    tuple of ProposedChange
        What goes, what changes, what is new; writing is left aside. What was drawn exactly over the print is no change.
    """
    if sheet.flat is None:
        return ()
    layout = sheet.layout
    objects = [_on_paper(one, layout) for one in printed.objects]
    marks = [mark for mark in map(look_of, ink_pieces(sheet.flat, layout)) if mark is not None]
    crossed: dict[int, list[Mark]] = {}
    for mark in marks:
        number = marked_object(mark, objects)
        if number is not None:
            crossed.setdefault(number, []).append(mark)
    used = [mark for found in crossed.values() for mark in found]
    drawn = _drawn(sheet, used)
    redrawn = _redrawn(drawn, objects, layout)
    changes = []
    for number, found in sorted(crossed.items()):
        if number not in redrawn:
            best = max(found, key=lambda mark: _SURE[mark.look])
            sure = min(0.95, _SURE[best.look] + _AGAIN * (len(found) - 1))
            changes.append(
                ProposedChange(ChangeKind.REMOVED, Proof(best.look.value), sure, printed.objects[number], None)
            )
    metres = layout.code.scale / 1000
    for number, (feature, away) in sorted(redrawn.items()):
        if away <= _RETRACED_MM and number not in crossed:
            continue
        sure = 0.4 + 0.4 / (1 + away / 10) + (_SURER if number in crossed else 0.0)
        changes.append(
            ProposedChange(
                ChangeKind.CHANGED, Proof.REDRAWN, min(0.95, sure), printed.objects[number], feature, away * metres
            )
        )
    taken = {id(feature) for feature, _ in redrawn.values()}
    changes += [
        ProposedChange(ChangeKind.ADDED, Proof.DRAWN, feature.candidate.confidence, None, feature)
        for feature, _ in drawn
        if id(feature) not in taken
    ]
    return tuple(changes)


def _on_paper(one: PrintedObject, layout: SheetLayout) -> PaperObject:
    return PaperObject(shapely.transform(one.geometry, layout.from_lonlat), one.sign_mm)


def _drawn(sheet: ReadSheet, marks: Iterable[Mark]) -> list[tuple[ReadFeature, BaseGeometry]]:
    """Return what was drawn, with its shape on paper: no writing, no marks, no parts of what is there as a whole."""
    ink = shapely.union_all([mark.piece.strokes.buffer(_INK_MM) for mark in marks]) if marks else shapely.Polygon()
    parts = {part for feature in sheet.features for part in feature.candidate.parts}
    found = []
    for feature in sheet.features:
        if feature.candidate.kind is CandidateKind.TEXT or feature.candidate.ordinal in parts:
            continue
        shape = shapely.transform(feature.geometry, sheet.layout.from_lonlat)
        edge = shape.boundary if shape.area > 0 else shape
        within = edge.intersection(ink)
        share = within.length / edge.length if edge.length > 0 else float(not within.is_empty)
        if share < _SAME_INK:
            found.append((feature, shape))
    return found


def _redrawn(
    drawn: Sequence[tuple[ReadFeature, BaseGeometry]], objects: Sequence[PaperObject], layout: SheetLayout
) -> dict[int, tuple[ReadFeature, float]]:
    """Pair what was drawn with what was printed, the nearest first, one with one."""
    unit = max(layout.paper_mm) / _A1_MM
    pairs = []
    for place, (_, shape) in enumerate(drawn):
        for number, one in enumerate(objects):
            away = likeness_mm(shape, one.shape, sign_mm=one.sign_mm, unit=unit)
            if away is not None:
                pairs.append((away, place, number))
    found: dict[int, tuple[ReadFeature, float]] = {}
    taken: set[int] = set()
    for away, place, number in sorted(pairs):
        if place not in taken and number not in found:
            taken.add(place)
            found[number] = (drawn[place][0], away)
    return found
