"""The sheet for the second meeting: what the first one drew, printed pale and numbered, to be corrected by hand.

Everything is as pale as a base map: who reads the sheet takes it away and keeps what was drawn over it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geo.errors import Refused
from geo.i18n import Language
from geo.sheet_layout import PrintedObject, PrintedObjects, SheetLayout
from geo.snapshots import FeatureSnapshot
from maps.print.base_map import BaseMap, BaseName
from maps.print.canvas import Canvas, words_width
from maps.print.letters import POINT_MM, printable
from maps.print.objects import draw_area, draw_line, sign_at, sign_side
from maps.print.on_paper import line_path, on_paper, parts_of, ring_path
from maps.print.places import Room, beside
from maps.style import style_of
from maps.vector import Box, Drawing, to_svg

__all__ = ["objects_map", "objects_on"]

_PALE = "#BFBFBF"
"""A quarter of black: as dark as print may be (`maps.print.base_map`)."""
_PIXEL_MM = 0.3
"""Millimetres of a pixel of the style table on A1 and larger."""
_LEAST_PIXEL_MM = 0.18
_NAME_PT = 20.0
_LEAST_NAME_PT = 11.0
_LONGEST = 28
"""Letters of a name; the rest is cut."""
_ROW_MM = 40.0
"""Numbers run in rows of this height, left to right, so that they are found."""
_MOST_OBJECTS = 400


def objects_on(
    layout: SheetLayout, features: Iterable[FeatureSnapshot], language: Language, *, event_id: UUID | None = None
) -> PrintedObjects:
    """Choose and number what is printed on a sheet: the objects that lie in its frame, row by row.

    Raises
    ------
    Refused
        ``second_meeting.nothing``: none does; ``second_meeting.too_many``.
    """
    found = []
    for one in features:
        shape = on_paper(one.geometry, layout)
        if not shape.is_empty:
            at = shape.representative_point()
            found.append(((int(at.y // _ROW_MM), at.x), one))
    if not found:
        raise Refused("second_meeting.nothing")
    if len(found) > _MOST_OBJECTS:
        raise Refused("second_meeting.too_many", count=len(found), most=_MOST_OBJECTS)
    found.sort(key=lambda pair: pair[0])
    pixel = _pixel_mm(layout)
    return PrintedObjects(
        sheet_id=layout.sheet_id,
        event_id=event_id,
        objects=tuple(_numbered(number, one, language, pixel) for number, (_, one) in enumerate(found, 1)),
    )


def _numbered(number: int, one: FeatureSnapshot, language: Language, pixel_mm: float) -> PrintedObject:
    is_point = one.geometry.geom_type.removeprefix("Multi") == "Point"
    return PrintedObject(
        number=number,
        feature_id=one.id,
        kind=one.kind,
        name=printable(one.names.best(language)),
        geometry=shapely.force_2d(one.geometry),
        sign_mm=round(sign_side(style_of(one.kind), pixel_mm), 2) if is_point else 0.0,
    )


def objects_map(layout: SheetLayout, printed: PrintedObjects, *, under: BaseMap | None = None) -> BaseMap:
    """Draw the objects of a sheet pale, with numbers and short names.

    Parameters
    ----------
    layout
        The sheet.
    printed
        What is on it.
    under
        A base map beneath them.
    """
    pixel = _pixel_mm(layout)
    canvas, frame = Canvas(), layout.frame
    room = Room(Box(frame.x, frame.y, frame.width, frame.height).grown(-1.0))
    pieces = [(one, on_paper(one.geometry, layout)) for one in printed.objects]
    for one, shape in sorted(pieces, key=lambda pair: -pair[1].area):
        style = style_of(one.kind)
        draw_area(canvas, style, ring_path(shape), pixel, colour=_PALE)
        draw_line(canvas, style, line_path(shape), pixel, colour=_PALE)
    for one, shape in pieces:
        style = style_of(one.kind)
        side = sign_side(style, pixel)
        for part in parts_of(shape):
            if isinstance(part, Point):
                room.take(Box(part.x - side / 2, part.y - side / 2, side, side))
                canvas.items.extend(sign_at(style, (part.x, part.y), side, colour=_PALE))
    drawing = Drawing(*layout.paper_mm, tuple(canvas.items), Language.KY, "", paper="")
    names = tuple(_named(pieces, room, pixel, size=max(_LEAST_NAME_PT, _NAME_PT * _unit(layout))))
    below = under or BaseMap()
    return BaseMap(
        picture=below.picture,
        shapes=below.shapes,
        # Names of the base map could be taken for names of the objects.
        names=names,
        drawing=to_svg(drawing, with_words=False),
        warnings=below.warnings,
    )


def _unit(layout: SheetLayout) -> float:
    """Return how much smaller signs and type are than on A1: half as much as the paper."""
    return min(1.0, math.sqrt(max(layout.paper_mm) / 841.0))


def _pixel_mm(layout: SheetLayout) -> float:
    return max(_LEAST_PIXEL_MM, _PIXEL_MM * _unit(layout))


def _named(
    pieces: Sequence[tuple[PrintedObject, BaseGeometry]], room: Room, pixel: float, *, size: float
) -> Iterator[BaseName]:
    """Yield numbers with names, or numbers alone where there is no room for more."""
    high = size * POINT_MM * 1.2
    for one, shape in sorted(pieces, key=lambda pair: style_of(pair[0].kind).rank):
        name = one.name if len(one.name) <= _LONGEST else one.name[: _LONGEST - 1].rstrip() + "…"
        for words in dict.fromkeys((f"{one.number} {name}".rstrip(), str(one.number))):
            wide = words_width(words, size) + 0.5
            place = room.first_free(_places(one, shape, wide, high, pixel))
            if place is not None:
                yield BaseName(round(place.x, 2), round(place.y, 2), words, size)
                break


def _places(one: PrintedObject, shape: BaseGeometry, wide: float, high: float, pixel: float) -> Iterator[Box]:
    for part in sorted(parts_of(shape), key=lambda part: (-part.area, -part.length)):
        if isinstance(part, Point):
            reach = sign_side(style_of(one.kind), pixel) / 2
            yield from beside(part.x, part.y, wide, high, gap=reach + 0.8)
            yield from beside(part.x, part.y, wide, high, gap=reach + 4.0)
        elif part.geom_type == "Polygon":
            at = part.representative_point()
            yield from (Box(at.x - wide / 2, at.y + (down - 0.5) * high, wide, high) for down in (0, -1.2, 1.2, 2.4))
        else:
            for share in (0.5, 0.3, 0.7, 0.15, 0.85):
                at = part.interpolate(share, normalized=True)
                around = [*list(beside(at.x, at.y, wide, high, gap=2.0))[2:], *beside(at.x, at.y, wide, high, gap=4.0)]
                yield from (
                    box for box in around if not part.intersects(shapely.box(box.x, box.y, box.right, box.bottom))
                )
