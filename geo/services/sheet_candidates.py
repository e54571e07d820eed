"""What was found on a sheet, for people to decide on: shapes in pixels, and what each became or may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.drawing import CandidateKind, CandidateState, Ink, Pattern
from geo.domain.vocabulary import Kind
from geo.models import SketchSheet
from geo.repositories.candidates import CandidateRepository
from geo.services.sheet_legend import read_legend

__all__ = ["Look", "ShownCandidate", "proposed_kinds", "shown_candidates"]

Look = tuple[Ink, Pattern, CandidateKind]
"""How something is drawn."""
_DECIMALS = 2
_KINDS = {one.value: one for one in CandidateKind}
_INKS = {one.value: one for one in Ink}
_PATTERNS = {one.value: one for one in Pattern}
_STATES = {one.value: one for one in CandidateState}


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate with what it became, or may be.

    The geometry is in pixels of the sheet, x right, y down, rounded to hundredths.
    """

    ordinal: int
    kind: CandidateKind
    ink: Ink
    pattern: Pattern
    width_px: float
    confidence: float
    state: CandidateState
    neighbours: tuple[int, ...]
    parts: tuple[int, ...]
    proposed_kind: Kind | None
    feature_id: UUID | None
    feature_kind: Kind | None
    name: str
    geometry: BaseGeometry


def shown_candidates(
    session: Session,
    sheet: SketchSheet,
    *,
    states: Collection[CandidateState] = (),
    ordinals: Collection[int] | None = None,
) -> list[ShownCandidate]:
    """Return candidates of a sheet by their ordinals.

    Parameters
    ----------
    session, sheet
        Where.
    states
        Only those in one of these states; none given means all.
    ordinals
        Only these; None means all.
    """
    repository = CandidateRepository(session)
    rows = repository.rows(sheet.id, states=states, ordinals=ordinals)
    features = repository.features(sheet.id)
    kinds = proposed_kinds(session, sheet.event_id)
    shapes = _rounded([row.geometry for row in rows])
    return [_shown(row, shape, features, kinds) for row, shape in zip(rows, shapes, strict=True)]


def proposed_kinds(session: Session, event_id: UUID) -> Mapping[Look, Kind]:
    """Return what a drawing may be by how it is drawn: what the legend says, else what such drawings became so far."""
    said = {(one.ink, one.pattern, one.shape): one.kind for one in read_legend(session, event_id).entries}
    return {**CandidateRepository(session).usual_kinds(event_id), **said}


def _shown(row: Any, shape: BaseGeometry, features: Mapping[UUID, Any], kinds: Mapping[Look, Kind]) -> ShownCandidate:
    feature = features.get(row.id)
    kind, ink, pattern, state = _KINDS[row.kind], _INKS[row.ink], _PATTERNS[row.pattern], _STATES[row.state]
    is_open = state is CandidateState.PROPOSED and kind is not CandidateKind.TEXT
    return ShownCandidate(
        ordinal=row.ordinal,
        kind=kind,
        ink=ink,
        pattern=pattern,
        width_px=row.width_px,
        confidence=row.confidence,
        state=state,
        neighbours=tuple(row.neighbours or ()),
        parts=tuple(row.parts or ()),
        proposed_kind=kinds.get((ink, pattern, kind)) if is_open else None,
        feature_id=feature.id if feature else None,
        feature_kind=feature.kind if feature else None,
        name=feature.name_ky if feature else "",
        geometry=shape,
    )


def _rounded(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    return [] if not shapes else list(shapely.transform(list(shapes), lambda xy: xy.round(_DECIMALS)))
