"""Candidates in the making: still in pixels of the working picture, and tied to the strokes they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, Ink, Pattern
from sketch_import.candidate import Candidate
from sketch_import.tracing.neighbours import find_neighbours
from sketch_import.tracing.network import Network

__all__ = ["Draft", "less_sure", "number_drafts"]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What will be one candidate."""

    kind: CandidateKind
    geometry: BaseGeometry
    ink: Ink
    width: float
    confidence: float
    pattern: Pattern = Pattern.SOLID
    strokes: frozenset[int] = frozenset()
    """Strokes of the network that it is made of."""
    ends: tuple[int, int] | None = None
    """Of a line: nodes of the network at its first and last point."""
    parts: tuple[int, ...] = ()
    """Places in the list of drafts of those that it offers as one object."""


def number_drafts(
    drafts: Sequence[Draft], network: Network, *, to_photo: NDArray[np.float64], height: int
) -> tuple[Candidate, ...]:
    """Scale to the photo and number in reading order: bands of a twentieth of the height, left to right.

    Parameters
    ----------
    drafts
        In pixels of the working picture.
    network
        The strokes they come from.
    to_photo
        Pixels of the photo over those of the working picture, x and y.
    height
        Height of the photo in pixels.
    """
    band = max(1.0, height / 20)
    shapes = [shapely.transform(draft.geometry, lambda xy: xy * to_photo) for draft in drafts]
    beside = find_neighbours(
        [draft.geometry for draft in drafts],
        kinds=[draft.kind for draft in drafts],
        patterns=[draft.pattern for draft in drafts],
        widths=np.array([draft.width for draft in drafts]),
        nodes=[_nodes(draft, network) for draft in drafts],
        parts=[draft.parts for draft in drafts],
    )

    def place(index: int) -> tuple[int, float, float, str]:
        left, top, _, _ = shapes[index].bounds
        return int(top // band), left, top, drafts[index].kind.value

    order = sorted(range(len(drafts)), key=place)
    ordinal = {index: number for number, index in enumerate(order, start=1)}
    junctions: dict[int, int] = {}

    def named(indices: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(ordinal[index] for index in indices))

    def junction(node: int) -> int | None:
        return junctions.setdefault(node, len(junctions) + 1) if network.degrees[node] > 1 else None

    return tuple(
        Candidate(
            ordinal=ordinal[index],
            kind=draft.kind,
            geometry=shapes[index],
            ink=draft.ink,
            width_px=float(draft.width * to_photo.mean()),
            confidence=draft.confidence,
            pattern=draft.pattern,
            neighbours=named(beside[index]),
            parts=named(draft.parts),
            junctions=(None, None) if draft.ends is None else (junction(draft.ends[0]), junction(draft.ends[1])),
        )
        for index, draft in ((index, drafts[index]) for index in order)
    )


def less_sure(draft: Draft, factor: float) -> Draft:
    """Return the same draft with its confidence lowered."""
    return replace(draft, confidence=draft.confidence * factor)


def _nodes(draft: Draft, network: Network) -> frozenset[int]:
    return frozenset(node for index in draft.strokes for node in network.strokes[index].ends)
