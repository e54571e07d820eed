"""What is written on a sheet, apart from what follows from its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Language
from geo.sheet_layout import SheetLayout

__all__ = ["SheetFace"]


@dataclass(frozen=True, slots=True)
class SheetFace:
    """The words of a sheet."""

    language: Language
    title: str = ""
    """Empty: “Map of the village”."""
    village: str = ""
    """Empty: a line to write it on."""
    event: str = ""
    """Such as “Session, 18–35, school”; empty: nothing."""
    held_on: date | None = None
    """None: a line to write the date on."""
    key: tuple[Kind, ...] = ()
    """Kinds named under the boxes of the key; empty: boxes with a line to write on."""
    hint: str = ""
    """Beside the last box of a key with kinds; empty: how to use the key."""

    def require_room(self, layout: SheetLayout) -> None:
        """Make sure that every kind of the key has its box.

        Raises
        ------
        Refused
            There are more kinds than boxes, or one stands twice.
        """
        twice = next((kind for kind in self.key if self.key.count(kind) > 1), None)
        if twice:
            raise Refused("printing.kind_twice", kind=twice.value)
        if len(self.key) > len(layout.key_boxes):
            raise Refused(
                "printing.too_many_kinds",
                count=len(self.key),
                most=len(layout.key_boxes),
                paper=layout.code.paper.value,
            )
