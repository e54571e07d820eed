"""The second meeting: which objects of an event are printed back, and where it is kept what was printed on a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL
from geo.errors import Failed, Refused
from geo.i18n import Language
from geo.models import MapFeature
from geo.repositories.features import FeatureRepository
from geo.repositories.visibility import visible
from geo.services.event_map import event_snapshot
from geo.sheet_layout import PrintedObjects
from geo.snapshots import FeatureSnapshot
from geo.storage import PictureStore
from geo.storage.whole_file import write_whole
from maps.sheets import Extent
from sketch_import.changes import changes_to_geojson, propose_changes
from sketch_import.reading import ReadSheet

__all__ = [
    "beside_pdf",
    "changes_on",
    "extent_of",
    "find_printed",
    "keep_printed",
    "objects_of_event",
    "read_printed_objects",
]

_RIM = 0.06
"""Room around the objects, as a share of their extent."""
_LEAST_DEGREES = 0.0015
"""About 150 m: a single object still has its surroundings."""


def objects_of_event(
    session: Session, pictures: PictureStore, event_id: UUID, language: Language
) -> tuple[FeatureSnapshot, ...]:
    """Return the objects that people accepted from what an event drew.

    Raises
    ------
    NotFound
        There is no such event.
    Refused
        ``second_meeting.no_objects``: it has none yet.
    """
    drawn = event_snapshot(session, pictures, event_id, language).groups[0].features
    # The sheet goes from hand to hand: exact places of vulnerable households stay off it (DOMAIN.md section 11).
    rows = FeatureRepository(session).of_event(event_id, visible(MapFeature, LOCAL))
    sensitive = {row.id for row in rows if row.is_sensitive}
    found = tuple(one for one in drawn if one.id not in sensitive)
    if not found:
        raise Refused("second_meeting.no_objects")
    return found


def extent_of(objects: tuple[FeatureSnapshot, ...]) -> Extent:
    """Return the ground of objects with a rim, in degrees."""
    west, south, east, north = shapely.total_bounds(np.array([one.geometry for one in objects], dtype=object)).tolist()
    across, down = (max(_RIM * (high - low), _LEAST_DEGREES) for low, high in ((west, east), (south, north)))
    return Extent(west - across, south - down, east + across, north + down)


def keep_printed(data: Path, printed: PrintedObjects, pdf: Path) -> Path:
    """Keep what was printed in the folder of the store, and beside the PDF for other computers.

    Returns
    -------
    Path
        The file beside the PDF.

    Raises
    ------
    Failed
        ``second_meeting.cannot_keep``.
    """
    beside = beside_pdf(pdf)
    try:
        write_whole(_kept(data, printed.sheet_id), printed.to_json())
        write_whole(beside, printed.to_json())
    except OSError as error:
        raise Failed("second_meeting.cannot_keep", path=str(beside)) from error
    return beside


def beside_pdf(pdf: Path) -> Path:
    """Return the file that says what is printed on a PDF."""
    return pdf.with_suffix(".printed.geojson")


def find_printed(data: Path, sheet_id: str) -> PrintedObjects | None:
    """Return what was printed on a sheet, where this computer printed it."""
    path = _kept(data, sheet_id)
    return read_printed_objects(path) if path.is_file() else None


def read_printed_objects(path: Path) -> PrintedObjects:
    """Read a file that says what was printed on a sheet.

    Raises
    ------
    Refused
        ``second_meeting.not_printed``: it is none.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused("second_meeting.not_printed", path=str(path)) from error
    return PrintedObjects.from_json(content, path=path)


def changes_on(sheet: ReadSheet, data: Path, given: PrintedObjects | None = None) -> dict[str, Any] | None:
    """Return what was corrected on a sheet as GeoJSON; None where nobody knows of anything printed on it.

    Parameters
    ----------
    sheet
        As it was read.
    data
        Folder of the store.
    given
        What was printed on it, where another computer printed it.

    Raises
    ------
    Refused
        ``second_meeting.of_another``: what is given was printed on another sheet.
    """
    known = sheet.layout.sheet_id
    if given is not None and given.sheet_id != known:
        raise Refused("second_meeting.of_another", id=given.sheet_id, sheet=known)
    printed = given or find_printed(data, known)
    return None if printed is None else changes_to_geojson(propose_changes(sheet, printed), printed)


def _kept(data: Path, sheet_id: str) -> Path:
    return data / "printed" / f"{sheet_id}.geojson"
