"""A folder of photographed sheets: on the cores of this computer or on a cluster, stopped and resumed at will."""

from sketch_import.batch.answer import Answer, Trouble
from sketch_import.batch.capacity import workers_for
from sketch_import.batch.cluster import read_on_cluster
from sketch_import.batch.listing import BatchPhoto, Listing, list_photos
from sketch_import.batch.processes import SECONDS, read_in_processes
from sketch_import.batch.run import Batch, Reader, read_batch
from sketch_import.batch.summary import Row, same_sheets, verdict_text
from sketch_import.batch.unit import ReadBytes, read_sheet_bytes

__all__ = [
    "SECONDS",
    "Answer",
    "Batch",
    "BatchPhoto",
    "Listing",
    "ReadBytes",
    "Reader",
    "Row",
    "Trouble",
    "list_photos",
    "read_batch",
    "read_in_processes",
    "read_on_cluster",
    "read_sheet_bytes",
    "same_sheets",
    "verdict_text",
    "workers_for",
]
