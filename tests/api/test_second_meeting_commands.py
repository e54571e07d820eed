"""``sheet print --second-meeting`` and ``sheet read``: printed, corrected, photographed, read as proposals."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest
import shapely
from shapely import LineString, Point
from sqlalchemy import select

from geo.domain.provenance import FeatureSource
from geo.domain.vocabulary import Kind, layer_of
from geo.models import AppraisalEvent, MapFeature
from geo.services.workspace import Workspace
from geo.sheet_layout import PrintedObjects, SheetLayout, parse_sheet_code
from tests.api.conftest import Command
from tests.support.pdf_pages import page_pixels
from tests.support.sheet_photos import Difficulty, photograph

PX_PER_MM = 4.0


@pytest.fixture
def database_url(geopackage_url: str) -> str:
    """What was printed is kept in files: one engine is enough."""
    return geopackage_url


OBJECTS = (
    (Kind.SCHOOL, Point(78.2385, 42.495), False),
    (Kind.MAIN_ROAD, LineString([(78.232, 42.4935), (78.246, 42.494)]), False),
    (Kind.HOUSE, Point(78.241, 42.4968), True),
)
"""Kind, place, and whether it is the place of a vulnerable household."""


def draw_objects(workspace: Workspace, event_id: UUID) -> None:
    with workspace.write(actor="test") as session:
        event = session.scalars(select(AppraisalEvent).where(AppraisalEvent.id == event_id)).one()
        for kind, place, sensitive in OBJECTS:
            session.add(
                MapFeature(
                    settlement_id=event.settlement_id,
                    event_id=event_id,
                    layer=layer_of(kind),
                    kind=kind,
                    attributes={},
                    source=FeatureSource.DRAWN,
                    geometry=place,
                    is_sensitive=sensitive,
                )
            )


def test_a_corrected_sheet_comes_back_as_proposals(
    ayilmap: Command, workspace: Workspace, event_id: UUID, tmp_path: Path
) -> None:
    draw_objects(workspace, event_id)
    out = tmp_path / "S.pdf"
    options = ("--event", event_id, "--second-meeting", "--paper", "A2", "--no-grid", "--out", out)
    code, said, error = ayilmap("sheet", "print", *options, "--json")
    assert code == 0, error
    facts = json.loads(said)
    layout = SheetLayout(parse_sheet_code(facts["code"]))
    kept = tmp_path / "S.printed.geojson"
    printed = PrintedObjects.from_json(kept.read_bytes(), path=kept)
    assert facts["printed"] == str(kept)
    # The house of a vulnerable household is not handed round.
    assert {one.kind for one in printed.objects} == {Kind.SCHOOL, Kind.MAIN_ROAD}
    assert facts["objects"] == 2
    assert (printed.sheet_id, printed.event_id) == (layout.sheet_id, event_id)

    flat = np.minimum(page_pixels(out.read_bytes(), px_per_mm=PX_PER_MM), 240).astype(np.uint8)
    gone = next(one for one in printed.objects if one.sign_mm)
    x, y = layout.from_lonlat(shapely.get_coordinates(gone.geometry))[0] * PX_PER_MM
    for turn in (1, -1):
        ends = np.array([(x - 28, y - turn * 28), (x + 28, y + turn * 28)]).round().astype(int).tolist()
        cv2.line(flat, ends[0], ends[1], (150, 25, 30), 8, cv2.LINE_AA)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(photograph(flat, paper_mm=layout.paper_mm, difficulty=Difficulty.EASY, seed=7).jpeg)

    # By the file beside the PDF, as on another computer, and by the folder of the store.
    for number, more in enumerate((("--printed", kept), ())):
        folder = tmp_path / f"read{number}"
        code, said, error = ayilmap("sheet", "read", photo, "--out", folder, *more, "--json")
        assert code == 0, error
        assert json.loads(said)["changes"] == {"removed": 1}
        [change] = json.loads((folder / "changes.geojson").read_text())["features"]
        assert change["properties"]["feature_id"] == str(gone.feature_id)
        assert change["properties"]["proof"] == "cross"

    other = PrintedObjects("ZZZZZZZZ", None, printed.objects)
    kept.write_bytes(other.to_json())
    code, _, error = ayilmap("sheet", "read", photo, "--out", tmp_path / "no", "--printed", kept, "--lang", "en")
    assert code == 2
    assert "ZZZZZZZZ" in error


def test_it_is_printed_of_an_event_that_has_objects(ayilmap: Command, workspace: Workspace, tmp_path: Path) -> None:
    code, _, error = ayilmap("sheet", "print", "--second-meeting", "--out", tmp_path / "S.pdf", "--lang", "en")
    assert code == 2
    assert "--event" in error
    assert not list(tmp_path.glob("S.*"))
