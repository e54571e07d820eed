"""Pieces and wholes of what was found on a sheet: joined, cut along a line, exchanged for each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import shapely
import shapely.ops
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.domain.drawing import CandidateKind, CandidateState
from geo.domain.identifiers import new_id
from geo.errors import Refused
from geo.models import Candidate

__all__ = ["cut", "make_up", "whole_of"]

_MOST_PIECES: Final = 50
_LOST: Final = 0.01
"""Share of a shape that pieces may lack of it by rounding."""
_BY_DIMENSION = (CandidateKind.POINT, CandidateKind.LINE, CandidateKind.POLYGON)


def whole_of(pieces: Sequence[Candidate], geometry: BaseGeometry, *, ordinal: int) -> Candidate:
    """Return a new candidate that stands for pieces; its ink and pattern are those of the largest."""
    largest = max(pieces, key=lambda one: (one.geometry.area, one.geometry.length))
    own = {one.ordinal for one in pieces}
    neighbours = sorted({near for one in pieces for near in one.neighbours or ()} - own)
    return _like(
        largest,
        ordinal=ordinal,
        kind=_BY_DIMENSION[int(shapely.get_dimensions(geometry))],
        width_px=sum(one.width_px for one in pieces) / len(pieces),
        confidence=min(one.confidence for one in pieces),
        neighbours=neighbours or None,
        parts=[one.ordinal for one in pieces],
        geometry=geometry,
    )


def cut(candidate: Candidate, knife: BaseGeometry, *, after: int) -> list[Candidate]:
    """Return new candidates for the pieces into which a line cuts one, numbered on.

    Raises
    ------
    Refused
        A point or writing, a line that is none, one that does not cut it, or cuts it into shreds.
    """
    if candidate.kind not in {CandidateKind.LINE, CandidateKind.POLYGON}:
        raise Refused("decisions.cannot_split", ordinal=candidate.ordinal)
    try:
        whole = candidate.geometry if candidate.geometry.is_valid else shapely.make_valid(candidate.geometry)
        pieces = [one for one in shapely.ops.split(whole, knife).geoms if one.length]
    except (GEOSException, ShapelyError, ValueError) as error:
        raise Refused("decisions.line_misses", ordinal=candidate.ordinal) from error
    if len(pieces) < 2:
        raise Refused("decisions.line_misses", ordinal=candidate.ordinal)
    if len(pieces) > _MOST_PIECES:
        raise Refused("decisions.too_many_pieces", ordinal=candidate.ordinal, pieces=len(pieces), most=_MOST_PIECES)
    return [
        _like(
            candidate,
            ordinal=after + number,
            kind=candidate.kind,
            width_px=candidate.width_px,
            confidence=candidate.confidence,
            neighbours=list(candidate.neighbours) if candidate.neighbours else None,
            parts=[candidate.ordinal],
            geometry=piece,
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def make_up(some: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """Return whether one candidate and others are a whole and all its pieces, either way round."""
    if len(others) > 1:
        some, others = others, some
    if len(others) != 1 or len(some) < 1:
        return False
    (one,) = others
    many = {piece.ordinal for piece in some}
    if set(one.parts or ()) == many:
        return True
    if any(piece.parts != [one.ordinal] for piece in some):
        return False
    whole, found = _size(one.geometry), sum(_size(piece.geometry) for piece in some)
    return abs(whole - found) <= _LOST * whole


def _size(geometry: BaseGeometry) -> float:
    return float(geometry.area or geometry.length)


def _like(model: Candidate, **values: Any) -> Candidate:
    return Candidate(
        id=new_id(),
        sheet_id=model.sheet_id,
        ink=model.ink,
        pattern=model.pattern,
        photo_number=model.photo_number,
        state=CandidateState.PROPOSED,
        **values,
    )
