"""Sheets to draw on: from what is asked for to a PDF. What the record knows comes from `api.known_places`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from geo.domain.vocabulary import Kind
from geo.errors import Refused
from geo.i18n import Text, text
from geo.sheet_layout import Orientation, PaperSize, PrintedObjects, SheetLayout, Template
from geo.snapshots import FeatureSnapshot
from maps.sheets import (
    Extent,
    SheetFace,
    SheetPdf,
    around_place,
    objects_map,
    objects_on,
    over_extent,
    print_sheet,
    read_base,
    shown_share,
)

__all__ = ["DrawnSheet", "SheetOrder", "draw_sheet"]

_HINT_BOXES = 3


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
    objects: tuple[FeatureSnapshot, ...] = ()
    """To be printed pale and numbered, so that corrections drawn on them are read as changes."""
    event_id: UUID | None = None
    """The event that they are of."""


@dataclass(frozen=True, slots=True)
class DrawnSheet:
    """A sheet ready to be written or sent."""

    layout: SheetLayout
    pdf: SheetPdf
    warnings: tuple[Text, ...]
    printed: PrintedObjects | None = None
    """The objects that are printed on it; who reads the sheet needs them."""

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
            **({} if self.printed is None else {"objects": len(self.printed.objects)}),
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
    printed = None
    if order.objects:
        printed = objects_on(layout, order.objects, face.language, event_id=order.event_id)
        face = replace(face, hint=text("second_meeting.hint", face.language))
        if len(printed.objects) < len(order.objects):
            beyond = len(order.objects) - len(printed.objects)
            said.append(Text("second_meeting.beyond", {"count": beyond, "shown": len(printed.objects)}))
    if order.extent and (shown := shown_share(layout, order.extent)) < 1:
        facts = {"paper": order.paper.value, "scale": layout.code.scale, "percent": f"{100 * shown:.0f}"}
        said.append(Text("printing.part_only", facts))
    if not face.key and order.usual_kinds:
        # What is said beside the key of a sheet with objects takes the room of some boxes.
        room = len(layout.key_boxes) - (min(_HINT_BOXES, len(layout.key_boxes) - 1) if printed else 0)
        face = replace(face, key=order.usual_kinds[:room])
        if len(order.usual_kinds) > room:
            said.append(Text("printing.key_cut", {"count": len(order.usual_kinds), "most": room}))
    face.require_room(layout)
    base = None
    if order.base:
        begin("printing.step.base")
        base = read_base(order.base, layout, face.language)
    if printed is not None:
        base = objects_map(layout, printed, under=base)
    begin("printing.step.draw")
    pdf = print_sheet(layout, face, base=base, tiles=order.tiles)
    return DrawnSheet(layout, pdf, (*said, *pdf.warnings), printed)


def _lay(order: SheetOrder) -> SheetLayout:
    if order.base or order.objects:
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
