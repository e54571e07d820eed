"""The project's own sample sheet: a village drawn by hand on a flipchart and photographed with a phone."""

from sketch_import.sample_sheet.photograph import DEFAULT_SEED, ClickedPoint, SampleSheet, make_sample_sheet
from sketch_import.sample_sheet.writing import SampleFiles, truth, write_sample_sheet

__all__ = [
    "DEFAULT_SEED",
    "ClickedPoint",
    "SampleFiles",
    "SampleSheet",
    "make_sample_sheet",
    "truth",
    "write_sample_sheet",
]
