"""The ``--paper`` options of the commands that print; apart from the layout, so that ``--help`` stays quick."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.sheet_layout import PaperSize

__all__ = ["PaperOption"]


class PaperOption(StrEnum):
    """Paper of the ISO 216 A series."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"

    @property
    def size(self) -> PaperSize:
        """The size of paper."""
        from geo.sheet_layout import PaperSize

        return PaperSize(self.value)
