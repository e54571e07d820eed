"""Read photographed sheets of ours: which sheet it is, where on the photo, how exactly, and what is drawn on it."""

from sketch_import.reading.judging import PhotoQuality, Problem, Verdict
from sketch_import.reading.sheet import ReadFeature, ReadPhoto, ReadSheet, read_photo, read_sheet
from sketch_import.reading.work import SheetOutcome, read_sheet_file, read_sheet_files
from sketch_import.reading.writing import quality_of, write_read_sheet

__all__ = [
    "PhotoQuality",
    "Problem",
    "ReadFeature",
    "ReadPhoto",
    "ReadSheet",
    "SheetOutcome",
    "Verdict",
    "quality_of",
    "read_photo",
    "read_sheet",
    "read_sheet_file",
    "read_sheet_files",
    "write_read_sheet",
]
