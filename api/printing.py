"""Sheets to draw on: from what is asked for, and what the record knows of the village, to a PDF.

The only place where printed sheets and the record meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Language, Text
from geo.repositories.territory import TerritoryRepository
from geo.services.event_map import event_snapshot, names_of
from geo.sheet_layout import Orientation, PaperSize, SheetLayout, Template
from geo.storage import PictureStore
from maps.sheets import (
    Extent,
    SheetFace,
    SheetPdf,
    around_place,
    over_extent,
    print_sheet,
    read_base,
)

__all__ = ["DrawnSheet", "KnownPlace", "SheetOrder", "draw_sheet", "place_of_event", "place_of_settlement"]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What the record knows of where and when people will draw."""

    centre: tuple[float, float]
    """Lon lat of the village."""
    village: str
    event: str = ""
    held_on: date | None = None
    kinds: tuple[Kind, ...] = ()
    """Kinds already on the event's maps, the most frequent first."""


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """What is to be printed."""

    face: SheetFace
    paper: PaperSize = PaperSize.A1
    extent: Extent | None = None
    """What must be inside the frame; else the centre counts."""
    centre: tuple[float, float] | None = None
    """Lon lat of the middle of the frame."""
    scale: int | None = None
    """Denominator; may be left out where there is an extent."""
    orientation: Orientation | None = None
    """None: as the shape of the extent wants it; lying, where there is none."""
    grid: bool = True
    base: Path | None = None
    tiles: bool = False
    usual_kinds: tuple[Kind, ...] = ()
    """For the key, as many as there is room for, where the face names none."""


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A sheet ready to be written or sent."""

    layout: SheetLayout
    pdf: SheetPdf
    warnings: tuple[Text, ...]

    def facts(self) -> dict[str, Any]:
        """Return what scripts want to know; corners go top left, top right, bottom right, bottom left."""
        layout = self.layout
        return {
            "sheet_id": layout.sheet_id,
            "paper": layout.code.paper.value,
            "orientation": layout.code.orientation.value,
            "paper_mm": list(layout.paper_mm),
            "frame_mm": [list(corner) for corner in layout.frame.corners],
            "frame_lonlat": [[round(lon, 8), round(lat, 8)] for lon, lat in layout.frame_lonlat],
            "scale": layout.code.scale,
            "epsg": layout.epsg,
            "template": layout.code.template.value,
            "pages": self.pdf.pages,
            "code": layout.code.text(),
        }


def draw_sheet(order: SheetOrder, *, begin: Callable[[str], None] = lambda step: None) -> DrawnSheet:
    """Draw a sheet.

    Parameters
    ----------
    order
        What is to be printed.
    begin
        Called with the message key of each step as it begins.

    Raises
    ------
    Refused
        The place, the scale, the base map or the key cannot be used; or the place does not fit the paper.
    """
    begin("printing.step.lay")
    layout = _lay(order)
    face, said = order.face, []
    if not face.key and order.usual_kinds:
        room = len(layout.key_boxes)
        face = replace(face, key=order.usual_kinds[:room])
        if len(order.usual_kinds) > room:
            said.append(Text("printing.key_cut", {"count": len(order.usual_kinds), "most": room}))
    face.require_room(layout)
    base = None
    if order.base:
        begin("printing.step.base")
        base = read_base(order.base, layout, face.language)
    begin("printing.step.draw")
    pdf = print_sheet(layout, face, base=base, tiles=order.tiles)
    return DrawnSheet(layout, pdf, (*said, *pdf.warnings))


def place_of_event(session: Session, pictures: PictureStore, event_id: UUID, language: Language) -> KnownPlace:
    """Return what the record knows of an event.

    Raises
    ------
    NotFound
        There is no such event.
    """
    snapshot = event_snapshot(session, pictures, event_id, language)
    drawn = Counter(feature.kind for group in snapshot.groups for feature in group.features)
    order = list(Kind)
    return KnownPlace(
        centre=snapshot.centre,
        village=snapshot.settlement.best(language),
        event=" · ".join(filter(None, (snapshot.groups[0].label, snapshot.place))),
        held_on=snapshot.held_on,
        kinds=tuple(sorted(drawn, key=lambda kind: (-drawn[kind], order.index(kind)))),
    )


def place_of_settlement(session: Session, settlement_id: UUID, language: Language) -> KnownPlace:
    """Return what the record knows of a village.

    Raises
    ------
    NotFound
        There is no such settlement.
    """
    village = TerritoryRepository(session).settlement(settlement_id)
    return KnownPlace(centre=(village.geometry.x, village.geometry.y), village=names_of(village).best(language))


def _lay(order: SheetOrder) -> SheetLayout:
    if order.base:
        template = Template.BASE_GRID if order.grid else Template.BASE
    else:
        template = Template.GRID if order.grid else Template.BLANK
    if order.extent:
        return over_extent(
            order.extent, paper=order.paper, template=template, scale=order.scale, orientation=order.orientation
        )
    if order.centre is None:
        raise Refused("printing.no_place")
    if order.scale is None:
        raise Refused("printing.no_scale")
    return around_place(
        order.centre,
        paper=order.paper,
        template=template,
        scale=order.scale,
        orientation=order.orientation or Orientation.LANDSCAPE,
    )
