"""Score what was traced against what was drawn, class by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink
from sketch_import.candidate import Candidate
from tests.sketch_import.varied_hands import SPARE, Truth

SURE = 0.5
"""Confidence from which precision is also reported."""


@dataclass
class Tally:
    """Counts over any number of drawings; ratios are read from it at the end."""

    drawn: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    sorts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """Drawn objects by sort, and whether they were found."""
    proposed: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    sure_right: Counter[str] = field(default_factory=Counter)
    most: int = 0
    """Most candidates that match one drawn area."""
    inks: Counter[bool] = field(default_factory=Counter)
    swaps: Counter[tuple[Ink, Ink]] = field(default_factory=Counter)
    length: float = 0.0
    length_found: float = 0.0
    missed: list[tuple[str, BaseGeometry]] = field(default_factory=list)
    wrong: list[Candidate] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add the counts of other drawings."""
        for name in ("drawn", "found", "sorts", "proposed", "right", "sure", "sure_right", "inks", "swaps"):
            getattr(self, name).update(getattr(other, name))
        self.most = max(self.most, other.most)
        self.length += other.length
        self.length_found += other.length_found
        self.missed += other.missed
        self.wrong += other.wrong

    def recall(self, kind: str) -> float:
        """Share of the drawn objects of a kind, or of a sort, that were found."""
        return self.found[kind] / max(1, self.drawn[kind])

    def recall_of(self, sort: str) -> float:
        return self.sorts[sort, True] / max(1, self.sorts[sort, True] + self.sorts[sort, False])

    def precision(self, kind: str) -> float:
        return self.right[kind] / max(1, self.proposed[kind])

    def sure_precision(self, kind: str) -> float:
        return self.sure_right[kind] / max(1, self.sure[kind])

    @property
    def line_recall(self) -> float:
        """Share of the length of drawn lines within two stroke widths of a line candidate."""
        return self.length_found / max(1.0, self.length)

    @property
    def ink_share(self) -> float:
        return self.inks[True] / max(1, self.inks.total())

    @property
    def areas_per_object(self) -> float:
        """Area candidates, right or wrong, for each drawn area."""
        return self.proposed["polygon"] / max(1, self.drawn["polygon"])


def overlaps(one: BaseGeometry, others: Sequence[BaseGeometry]) -> np.ndarray:
    """Intersection over union of one area with each of the others."""
    common = shapely.area(shapely.intersection(np.array(others, dtype=object), one))
    return np.asarray(common / (shapely.area(np.array(others, dtype=object)) + one.area - common))


def add_score(tally: Tally, truths: Iterable[Truth], candidates: Sequence[Candidate], *, width: float) -> None:
    """Add one drawing. `width` is that of its pen, in pixels."""
    truths = list(truths)
    by_kind = {kind: [c for c in candidates if c.kind is kind] for kind in CandidateKind}
    right: set[int] = set()
    right |= _areas(tally, [t for t in truths if t.kind is CandidateKind.POLYGON], by_kind[CandidateKind.POLYGON])
    right |= _lines(tally, truths, by_kind[CandidateKind.LINE], width)
    right |= _points(tally, [t for t in truths if t.kind is CandidateKind.POINT], by_kind, width)
    right |= _texts(tally, [t for t in truths if t.kind is CandidateKind.TEXT], by_kind[CandidateKind.TEXT])
    for candidate in candidates:
        kind, good = candidate.kind.value, candidate.ordinal in right
        tally.proposed[kind] += 1
        tally.right[kind] += good
        if candidate.confidence >= SURE:
            tally.sure[kind] += 1
            tally.sure_right[kind] += good
        if not good:
            tally.wrong.append(candidate)


def _hit(tally: Tally, truth: Truth, found: bool, ink: Ink | None = None) -> None:
    tally.drawn[truth.kind.value] += 1
    tally.found[truth.kind.value] += found
    tally.sorts[truth.sort, found] += 1
    if not found:
        tally.missed.append((truth.sort, truth.geometry))
    if ink is not None:
        tally.inks[ink is truth.ink] += 1
        if ink is not truth.ink:
            tally.swaps[truth.ink, ink] += 1


def _areas(tally: Tally, truths: list[Truth], areas: list[Candidate]) -> set[int]:
    """IoU of at least 0.5 with the drawn area, or with what is as right (a lake with or without its island)."""
    right: set[int] = set()
    shapes = [area.geometry for area in areas]
    for truth in truths:
        best = np.zeros(len(areas))
        for shape in (truth.geometry, *truth.others):
            best = np.maximum(best, overlaps(shape, shapes)) if areas else best
        matches = np.flatnonzero(best >= 0.5)
        tally.most = max(tally.most, len(matches))
        right |= {areas[index].ordinal for index in matches}
        _hit(tally, truth, len(matches) > 0, areas[int(best.argmax())].ink if len(matches) else None)
    return right


def _lines(tally: Tally, truths: list[Truth], lines: list[Candidate], width: float) -> set[int]:
    every = [truth for truth in truths if truth.kind is CandidateKind.LINE]
    drawn = [truth for truth in every if truth.sort != SPARE]
    shapes = [line.geometry.buffer(2 * width) for line in lines]
    found = shapely.union_all(shapes)
    for truth in drawn:
        covered = truth.geometry.intersection(found).length
        tally.length += truth.geometry.length
        tally.length_found += covered
        along = [shape.intersection(truth.geometry).length for shape in shapes]
        best = lines[int(np.argmax(along))].ink if along and max(along) > 0.2 * truth.geometry.length else None
        _hit(tally, truth, covered >= 0.9 * truth.geometry.length, best)
    true = shapely.union_all([truth.geometry.buffer(2 * width) for truth in every])
    return {line.ordinal for line in lines if line.geometry.intersection(true).length >= 0.6 * line.geometry.length}


def _points(tally: Tally, truths: list[Truth], by_kind: dict[CandidateKind, list[Candidate]], width: float) -> set[int]:
    """A point within the sign; a tree offered as a small area counts as a wrong area."""
    right: set[int] = set()
    for truth in truths:
        near = [c for c in by_kind[CandidateKind.POINT] if truth.geometry.buffer(width).intersects(c.geometry)]
        right |= {c.ordinal for c in near}
        _hit(tally, truth, bool(near), near[0].ink if near else None)
    return right


def _texts(tally: Tally, truths: list[Truth], texts: list[Candidate]) -> set[int]:
    """Found if seven tenths of the words are in text boxes; a box is right if half of it is words."""
    boxes = shapely.union_all([text.geometry for text in texts])
    for truth in truths:
        _hit(tally, truth, truth.geometry.intersection(boxes).area >= 0.7 * truth.geometry.area)
    words = shapely.union_all([truth.geometry.buffer(0.25 * np.sqrt(truth.geometry.area)) for truth in truths])
    return {text.ordinal for text in texts if text.geometry.intersection(words).area >= 0.5 * text.geometry.area}
