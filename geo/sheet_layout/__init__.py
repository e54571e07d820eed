"""Printed sheets: paper, marks, code and ground frame, agreed on by who prints and who reads."""

from geo.sheet_layout.key_code import KEY_CODE_LARGEST_VERSION, KeyCode, parse_key_code
from geo.sheet_layout.layout import KeyBox, SheetLayout, grid_spacing_m
from geo.sheet_layout.marks import MARKER_DICTIONARY, Mark, Rect
from geo.sheet_layout.paper import Orientation, PaperSize
from geo.sheet_layout.printed_objects import PrintedObject, PrintedObjects
from geo.sheet_layout.sheet_code import (
    CODE_CORRECTION,
    CODE_VERSION,
    ForeignCodeError,
    SheetCode,
    SheetCodeError,
    Template,
    new_sheet_id,
    parse_sheet_code,
)
from geo.sheet_layout.symbol import CODE_MODULES, code_modules

__all__ = [
    "CODE_CORRECTION",
    "CODE_MODULES",
    "CODE_VERSION",
    "KEY_CODE_LARGEST_VERSION",
    "MARKER_DICTIONARY",
    "ForeignCodeError",
    "KeyBox",
    "KeyCode",
    "Mark",
    "Orientation",
    "PaperSize",
    "PrintedObject",
    "PrintedObjects",
    "Rect",
    "SheetCode",
    "SheetCodeError",
    "SheetLayout",
    "Template",
    "code_modules",
    "grid_spacing_m",
    "new_sheet_id",
    "parse_key_code",
    "parse_sheet_code",
]
