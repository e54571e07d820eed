"""One diagram drawn into a place on the paper: circles, contacts, names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from geo.domain.labels import label
from geo.domain.venn.drawn import DrawnCircle
from geo.i18n import Language
from geo.snapshots import InstitutionSnapshot, VennSnapshot
from maps.print.letters import printable
from maps.vector import Anchor, Box, Disc, Look, Outline, Sign, Words
from maps.vector.drawing import Item
from maps.venn.fitting import Placing
from maps.venn.key import LINE_LOOKS, mark_items
from maps.venn.labels import Label, Named, Point, place_labels
from maps.venn.layout import VennLayout, circle_of
from maps.venn.lines import line_between
from maps.venn.looks import FAINT, INK, between, circle_items, face, look_of

__all__ = ["Panel", "draw_panel", "shown_name"]


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn, and what was written where."""

    items: tuple[Item, ...]
    circles: tuple[DrawnCircle, ...]
    """In millimetres."""
    labels: tuple[Label, ...]
    numbered: tuple[tuple[int, str], ...]
    """Numbers that stand for names."""


def shown_name(institution: InstitutionSnapshot, language: Language) -> str:
    """Return a name as it is written; a dash where there is none."""
    return printable(institution.names.best(language)) or "—"


def draw_panel(
    venn: VennSnapshot,
    layout: VennLayout,
    placing: Placing,
    area: Box,
    language: Language,
    *,
    marked: Mapping[UUID, str] | None = None,
    contacts: Sequence[tuple[UUID, UUID, str]] = (),
) -> Panel:
    """Draw a diagram.

    Parameters
    ----------
    venn, layout
        The diagram and its layout.
    placing
        How the layout lies on the paper.
    area
        Where names may stand.
    language
        Of the names.
    marked
        Marks of one sign at the edge of circles, for what differs from another diagram.
    contacts
        Marks between two circles, likewise.
    """
    circles = tuple(map(placing.of, layout.circles))
    by_id = {one.id: one for one in circles}
    institutions = {one.id: one for one in venn.institutions}
    inside: list[Item] = []
    outlines: list[Item] = []
    for circle in sorted(circles, key=lambda one: -one.radius):
        one = institutions[circle.id]
        about = f"{shown_name(one, language)} ({label(one.kind, language)})"
        parts = circle_items(
            circle.x,
            circle.y,
            circle.radius,
            one.kind,
            government=circle_of(one).is_local_government,
            about=about,
        )
        inside += parts[0]
        outlines += parts[1]
    lines, avoid = _lines(layout, by_id, area)
    marks, mark_points = _marks(layout, by_id, marked or {}, contacts)
    names = [_named(number, institutions[one.id], one, language) for number, one in enumerate(circles, start=1)]
    labels = place_labels(names, area, avoid=[*avoid, *mark_points])
    written: list[Item] = []
    for one_label in labels:
        written += _label_items(one_label, institutions[one_label.id])
    numbered = tuple((one.number, one.name) for one, placed in zip(names, labels, strict=True) if placed.numbered)
    return Panel((*inside, *outlines, *lines, *marks, *written), circles, labels, numbered)


def _named(number: int, one: InstitutionSnapshot, circle: DrawnCircle, language: Language) -> Named:
    return Named(
        circle.id,
        circle.x,
        circle.y,
        circle.radius,
        shown_name(one, language),
        number,
        marks=1 + (one.satisfaction is not None),
        bold=circle_of(one).is_local_government,
    )


def _lines(layout: VennLayout, circles: Mapping[UUID, DrawnCircle], area: Box) -> tuple[list[Item], list[Point]]:
    """Return lines for what the circles do not show, and points along them."""
    items: list[Item] = []
    points: list[Point] = []
    every = list(circles.values())
    for tie in (*(line.tie for line in layout.lines), *layout.unknown):
        line = line_between(circles[tie.first], circles[tie.second], every, area)
        if tie in layout.unknown:
            items.append(Outline(line.path, LINE_LOOKS[tie.relation], role="unknown-tie"))
            items += mark_items("?", *line.mark)
        else:
            items.append(Outline(line.path, Look(stroke="#FFFFFF", width=2.2)))
            items.append(Outline(line.path, LINE_LOOKS[tie.relation], role=f"tie-line {tie.relation.value}"))
            if tie.weak:
                items += mark_items("~", *line.mark)
        points += line.points
    return items, points


def _marks(
    layout: VennLayout,
    circles: Mapping[UUID, DrawnCircle],
    marked: Mapping[UUID, str],
    contacts: Iterable[tuple[UUID, UUID, str]],
) -> tuple[list[Item], list[Point]]:
    items: list[Item] = []
    points: list[Point] = []

    def put(words: str, at: Point, *, colour: str = FAINT, role: str = "mark") -> None:
        items.extend(mark_items(words, *at, colour=colour, role=role))
        points.extend((at[0] + dx, at[1] + dy) for dx in (-2.0, 0.0, 2.0) for dy in (-2.0, 0.0, 2.0))

    taken: list[Point] = []
    for first, second, words in contacts:
        one, other = circles[first], circles[second]
        at = between((one.x, one.y, one.radius), (other.x, other.y, other.radius))
        taken.append(at)
        put(words, at, colour=_DIFFERENT, role="difference")
    for tie in layout.shown:
        if tie.weak:
            one, other = circles[tie.first], circles[tie.second]
            at = between((one.x, one.y, one.radius), (other.x, other.y, other.radius))
            put("~", at if all(math.dist(at, used) > 4 for used in taken) else (at[0], at[1] + 5.0))
    for id_, words in marked.items():
        put(words, _own_edge(circles[id_], list(circles.values()), taken), colour=_DIFFERENT, role="difference")
    return items, points


_DIFFERENT: Final = "#991714"


def _own_edge(circle: DrawnCircle, circles: Sequence[DrawnCircle], taken: list[Point]) -> Point:
    """Return the point of a circle's edge that is farthest from other circles and marks."""
    best: tuple[float, Point] = (-math.inf, (circle.x, circle.y))
    for step in range(48):
        turn = -math.pi / 4 + step * math.pi / 24
        at = (circle.x + circle.radius * math.cos(turn), circle.y + circle.radius * math.sin(turn))
        free = [abs(math.dist(at, (one.x, one.y)) - one.radius) for one in circles if one.id != circle.id]
        free += [math.dist(at, used) - 2.0 for used in taken]
        clear = min(free, default=9.0)
        if min(clear, 4.0) > best[0] + 0.01:
            best = min(clear, 4.0), at
    taken.append(best[1])
    return best[1]


def _label_items(placed: Label, one: InstitutionSnapshot) -> list[Item]:
    colour = look_of(one.kind).colour
    items: list[Item] = []
    if placed.leader is not None:
        (x, y), (u, v) = placed.leader
        items.append(Outline(f"M{x:.3f} {y:.3f}L{u:.3f} {v:.3f}", Look(stroke=INK, width=0.35), role="leader"))
        items.append(Disc(x, y, 0.8, Look(fill=INK)))
    side = placed.icon
    middle = placed.box.middle[0]
    if placed.marks:
        step = side * 1.2
        left = middle - (placed.marks - 1) * step / 2
        items.append(Sign(one.kind, left - side / 2, placed.box.y, side, colour))
        if one.satisfaction is not None and placed.marks > 1:
            items += face(one.satisfaction, left + step, placed.box.y + side / 2, side * 0.42)
    role = "number" if placed.numbered else "name"
    for (x, y), line in zip(placed.baselines, placed.lines, strict=True):
        items.append(Words(x, y, line, placed.size, bold=placed.bold, anchor=Anchor.MIDDLE, colour=INK, role=role))
    return items
