"""What is drawn becomes the shape of an object as the labelling of sheets has it, for the services that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import Kind
from sketch_import.labelling import Form, drawn_as, form_of

__all__ = ["Hand"]

_FINGER = 0.012
"""Width of a finger, as a part of the sheet's longer side."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How drawings are read; see `geo.services.deciding.desk.Hand`."""

    def is_line(self, kind: Kind) -> bool:
        """Return whether objects of a kind are drawn as lines."""
        return form_of(kind) is Form.LINE

    def shape(self, kind: Kind | None, shapes: Sequence[BaseGeometry], *, longest_px: int) -> BaseGeometry:
        """Return the shape of one object, in pixels; see `drawn_as`."""
        return drawn_as(kind, shapes, tolerance_px=_FINGER * longest_px)
