"""What can be found on a drawing, before anybody says what it means."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CandidateKind", "CandidateState", "Ink", "Pattern"]


class Ink(StrEnum):
    """Colour class of a pen stroke, as a person would name it."""

    BLACK = "black"
    BLUE = "blue"
    RED = "red"
    GREEN = "green"
    BROWN = "brown"
    VIOLET = "violet"
    PENCIL = "pencil"


class CandidateKind(StrEnum):
    """Geometric kind of a traced candidate."""

    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"
    TEXT = "text"


class CandidateState(StrEnum):
    """What a person decided about a candidate."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"


class Pattern(StrEnum):
    """How the stroke of a candidate runs."""

    SOLID = "solid"
    DASHED = "dashed"
    DOUBLE = "double"
    """Two parallel strokes, such as the sides of a road."""
    HATCHED = "hatched"
    """An area that parallel strokes or scribble fill."""
    FILLED = "filled"
    """An area of solid colour."""
