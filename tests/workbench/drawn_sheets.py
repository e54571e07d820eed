"""Sheets to be digitised in tests: small drawings whose every stroke is known, and one with ten thousand."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageDraw
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from api.digitising import draft_sheet, new_candidate
from geo.domain.drawing import CandidateKind, Ink, Pattern
from geo.drafts import NewUnplacedSheet
from geo.models import AppraisalEvent, Settlement
from geo.services.sheets import store_sheet
from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.workspace import Workspace
from sketch_import.candidate import Candidate
from sketch_import.control_points import ControlPoint
from sketch_import.labelling import Labelling
from sketch_import.photo import load_photo
from sketch_import.placed_sheet import place_sheet

__all__ = [
    "BRIDGE",
    "FIELDS",
    "HOUSES",
    "ROADS",
    "SIZE",
    "STREET",
    "WELLS",
    "WORDS",
    "Drawn",
    "candidates",
    "many_candidates",
    "store_drawn",
]

SIZE = (1600, 1200)
HOUSES = tuple(range(1, 7))
"""Black squares in a row, 120 pixels apart, the first with its middle at (200, 200)."""
FIELDS = (7, 8)
"""Green hatched areas of 300 by 200, the first from (200, 800)."""
WELLS = (9, 10, 11)
"""Blue dots at (1200, 300), (1300, 300) and (1400, 300)."""
STREET = 12
"""A black double line from (100, 500) to (1500, 500); it offers its two sides."""
ROADS = (13, 14)
"""The sides of the street."""
BRIDGE = 15
"""A red line across the street, from (900, 400) to (900, 700)."""
WORDS = (16, 17)
"""Writing beside the first house, and beside the first field."""
_YEAR = 2014
"""Of the sample's sessions that are digitised."""
_COLOURS = {Ink.BLACK: "#222222", Ink.GREEN: "#2d7a2d", Ink.BLUE: "#2050b0", Ink.RED: "#c02020"}


@dataclass(frozen=True)
class Drawn:
    """A sheet in the store."""

    id: UUID
    path: str
    """Of the page where it is digitised."""


def candidates() -> list[Candidate]:
    """Return what was found on the small drawing."""

    def found(
        ordinal: int, kind: CandidateKind, shape: BaseGeometry, ink: Ink, pattern: Pattern, parts: tuple[int, ...] = ()
    ) -> Candidate:
        return Candidate(ordinal, kind, shape, ink, 5.0, 0.9, pattern, (), parts)

    area, line, point, text = (
        CandidateKind.POLYGON,
        CandidateKind.LINE,
        CandidateKind.POINT,
        CandidateKind.TEXT,
    )
    houses = [
        found(one, area, box(180 + 120 * at, 180, 220 + 120 * at, 220), Ink.BLACK, Pattern.SOLID)
        for at, one in enumerate(HOUSES)
    ]
    fields = [
        found(one, area, box(200 + 400 * at, 800, 500 + 400 * at, 1000), Ink.GREEN, Pattern.HATCHED)
        for at, one in enumerate(FIELDS)
    ]
    wells = [found(one, point, Point(1200 + 100 * at, 300), Ink.BLUE, Pattern.FILLED) for at, one in enumerate(WELLS)]
    return [
        *(*houses, *fields, *wells),
        found(STREET, line, LineString([(100, 500), (800, 500), (1500, 500)]), Ink.BLACK, Pattern.DOUBLE, ROADS),
        found(ROADS[0], line, LineString([(100, 490), (1500, 490)]), Ink.BLACK, Pattern.SOLID),
        found(ROADS[1], line, LineString([(100, 510), (1500, 510)]), Ink.BLACK, Pattern.SOLID),
        found(BRIDGE, line, LineString([(900, 400), (900, 700)]), Ink.RED, Pattern.SOLID),
        found(WORDS[0], text, box(160, 240, 260, 270), Ink.BLACK, Pattern.SOLID),
        found(WORDS[1], text, box(280, 760, 420, 790), Ink.BLACK, Pattern.SOLID),
    ]


def many_candidates(number: int) -> list[Candidate]:
    """Return so many houses, in rows."""
    across = 125
    return [
        Candidate(
            at + 1,
            CandidateKind.POLYGON,
            box(x := 10 + 12 * (at % across), y := 10 + 12 * (at // across), x + 8, y + 8),
            Ink.BLACK if at % 2 else Ink.RED,
            1.5,
            0.9,
        )
        for at in range(number)
    ]


def _picture(drawn: list[Candidate], mark: int) -> bytes:
    picture = Image.new("RGB", SIZE, "#f3ecd8")
    pen = ImageDraw.Draw(picture)
    for one in drawn:
        if isinstance(one.geometry, Polygon):
            pen.polygon(list(one.geometry.exterior.coords), outline=_COLOURS[one.ink], width=3)
        elif isinstance(one.geometry, LineString):
            pen.line(list(one.geometry.coords), fill=_COLOURS[one.ink], width=3)
        else:
            x, y = one.geometry.coords[0]
            pen.ellipse((x - 6, y - 6, x + 6, y + 6), fill=_COLOURS[one.ink])
    picture.putpixel((0, 0), (mark % 256, 0, 0))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def store_drawn(
    workspace: Workspace,
    folder: Path,
    settlement_id: UUID,
    *,
    drawn: list[Candidate] | None = None,
    title: str = "Барак 1",
    is_placed: bool = True,
) -> Drawn:
    """Store a drawing in a session of a village in 2014, with nothing decided."""
    found = candidates() if drawn is None else drawn
    image = _picture(found, len(found))
    photo_path = folder / f"drawn-{len(found)}-{is_placed}.png"
    photo_path.write_bytes(image)
    with workspace.write(actor="test") as session:
        query = select(AppraisalEvent).where(AppraisalEvent.settlement_id == settlement_id).order_by(AppraisalEvent.fid)
        event = next((one for one in session.scalars(query) if one.held_on and one.held_on.year == _YEAR), None)
        village = session.scalars(select(Settlement).where(Settlement.id == settlement_id)).one()
        assert event is not None
        if not is_placed:
            new = NewUnplacedSheet(
                title=title,
                image=image,
                image_format="PNG",
                size=SIZE,
                quality={},
                candidates=tuple(map(new_candidate, found)),
            )
            return _at(settlement_id, store_unplaced_sheet(session, workspace.pictures, event.id, new))
        west, north = village.geometry.x - 0.008, village.geometry.y + 0.005
        points = [
            ControlPoint((x, y), (west + x * 1e-5, north - y * 0.74e-5), f"{x} {y}")
            for x, y in ((50.0, 50.0), (1550.0, 60.0), (1540.0, 1150.0), (60.0, 1140.0), (800.0, 600.0))
        ]
        placed = place_sheet(load_photo(photo_path), points, found)
        sheet = draft_sheet(placed, Labelling((), (), tuple(found)), title=title, image=image)
        return _at(settlement_id, store_sheet(session, workspace.pictures, event.id, sheet))


def _at(settlement_id: UUID, sheet_id: UUID) -> Drawn:
    return Drawn(sheet_id, f"/work/{settlement_id}/{_YEAR}/sheets/{sheet_id}/draw")
