"""Sheets to draw on, printed with marks that say which sheet it is and where it lies."""

from maps.print.base_file import BASE_FORMATS, read_base
from maps.print.base_map import BaseMap
from maps.sheets.face import SheetFace
from maps.sheets.fitting import LARGEST_SCALE, Extent, around_place, over_extent, shown_share
from maps.sheets.printing import SheetPdf, print_sheet
from maps.sheets.second_meeting import objects_map, objects_on

__all__ = [
    "BASE_FORMATS",
    "LARGEST_SCALE",
    "BaseMap",
    "Extent",
    "SheetFace",
    "SheetPdf",
    "around_place",
    "objects_map",
    "objects_on",
    "over_extent",
    "print_sheet",
    "read_base",
    "shown_share",
]
