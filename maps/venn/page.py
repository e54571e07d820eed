"""A diagram, or women's and men's side by side, on a sheet for the wall: A3 lying, with key and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from geo.domain.events import SessionGroup
from geo.domain.institutions import TieRelation
from geo.domain.labels import label
from geo.domain.venn.comparison import DiagramComparison, compare_diagrams
from geo.domain.venn.diagram import Circle
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, Names, VennSnapshot
from maps.print.letters import printable
from maps.vector import Anchor, Box, Drawing, Look, Outline, Words, wrap
from maps.vector.drawing import Item
from maps.vector.flow import Block, flow, heading, lines_of, paragraph
from maps.venn.fitting import placing_of, upright_turn
from maps.venn.key import SMALL, Key, in_sentence
from maps.venn.layout import VennLayout, circle_of, layout_venn
from maps.venn.looks import FAINT, INK
from maps.venn.panel import Panel, draw_panel, shown_name

__all__ = ["Occasion", "draw_venn", "draw_venn_pair", "occasion_of"]

_WIDTH, _HEIGHT = 420.0, 297.0
_MARGIN: Final = 12.0
_KEY_WIDTH: Final = 92.0
_GAP: Final = 9.0
_TITLE: Final = 9.6
_UNDER_TITLE: Final = 5.0
_ROOMS: Final = (2.0, 17.0, 32.0)
"""Free edges around the circles, in millimetres: the more names stand beside them, the wider."""
_KEY_SIZES: Final = (4.4, 4.0, 3.7, SMALL)
"""Of the type of the key; the largest in which it stands beside the drawing."""
_FELT: Final = "#991714"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where a diagram was made; what is not known is left out."""

    settlement: Names = field(default_factory=Names)
    held_on: date | None = None
    group: SessionGroup | None = None
    place: Names = field(default_factory=Names)

    def words(self, language: Language) -> str:
        """Return it as one line."""
        from maps.words import date_in_words  # noqa: PLC0415 - Babel is slow to load

        parts = [
            printable(self.settlement.best(language)),
            date_in_words(self.held_on, language) if self.held_on else "",
            self.group.label(language) if self.group else "",
            printable(self.place.best(language)),
        ]
        return " · ".join(filter(None, parts))


def occasion_of(cycle: CycleSnapshot, event_id: UUID) -> Occasion:
    """Return the occasion of an event of a cycle; an empty one where the cycle does not have it."""
    event = next((one for one in cycle.events if one.id == event_id), None)
    if event is None:
        return Occasion()
    settlement = cycle.settlement(event.settlement_id)
    return Occasion(settlement.names if settlement else Names(), event.held_on, event.group, event.place)


def draw_venn(venn: VennSnapshot, language: Language, *, occasion: Occasion | None = None) -> Drawing:
    """Draw one diagram; the paper is A3, and longer where a long list of names needs it."""
    layout = layout_venn(venn)
    title = f"{text('venn_drawing.title', language)}: {in_sentence(label(venn.diagram, language))}"
    items, top = _head(title, occasion, language)
    area = Box(_MARGIN, top, _WIDTH - 2 * _MARGIN - _KEY_WIDTH - _GAP, _HEIGHT - _MARGIN - top)
    panel = _fitted(venn, layout, area, language)
    items += panel.items
    if not venn.institutions:
        items += _empty(area, language)
    names = {one.id: shown_name(one, language) for one in venn.institutions}
    for size in _KEY_SIZES:
        key = Key(language, size)
        blocks = [
            *key.blocks(venn.institutions, [layout]),
            *key.lines(layout.lines, names),
            *key.numbers(panel.numbered),
            _made(layout, language, size),
        ]
        drawn, end = flow(blocks, Box(area.right + _GAP, top, _KEY_WIDTH, area.height))
        if end <= area.bottom:
            break
    items += drawn
    about = _about(venn, layout, language)
    return Drawing(_WIDTH, max(_HEIGHT, end + _MARGIN), tuple(items), language, title, about)


def draw_venn_pair(
    women: VennSnapshot, men: VennSnapshot, language: Language, *, occasion: Occasion | None = None
) -> Drawing:
    """Draw women's and men's diagram side by side; who is on both lies at the same place, as far as the ties let it.

    Both are drawn to one scale. What differs bears a red mark, and is said in words below.
    """
    layouts = _both(women, men)
    items, top = _head(text("venn_drawing.pair_title", language), occasion, language)
    width = (_WIDTH - 2 * _MARGIN - _GAP) / 2
    areas = [Box(_MARGIN + at * (width + _GAP), top + 11, width, 158.0) for at in range(2)]
    found = compare_diagrams(
        list(map(circle_of, women.institutions)), women.ties, list(map(circle_of, men.institutions)), men.ties
    )
    differences = _Differences(found, women, men, language)
    turn = upright_turn(layouts, areas[0])
    numbered: list[tuple[int, str]] = []
    for side, (venn, layout, area) in enumerate(zip((women, men), layouts, areas, strict=True)):
        items += lines_of([label(venn.diagram, language)], area.x, area.y - 9.5, 6.0, bold=True, role="side")
        items.append(_frame(area))
        room = area.grown(-3)
        panel = _roomy(
            venn, layout, room, language, turn=turn, beside=layouts, marked=differences.marked[side],
            contacts=differences.contacts[side],
        )  # fmt: skip
        items += panel.items
        if not venn.institutions:
            items += _empty(area, language)
        numbered += [one for one in panel.numbered if one not in numbered]
    both = (*women.institutions, *men.institutions)
    names = {one.id: shown_name(one, language) for one in both}
    key = Key(language)
    blocks = [
        *differences.blocks(),
        *key.blocks(both, layouts),
        *key.lines([line for one in layouts for line in one.lines], names),
        *key.numbers(numbered),
        _made(max(layouts, key=lambda one: len(one.lines)), language, key.size),
    ]
    drawn, end = flow(blocks, Box(_MARGIN, areas[0].bottom + 5, _WIDTH - 2 * _MARGIN, 1.0), columns=4)
    items += drawn
    about = " ".join(_about(venn, layout, language) for venn, layout in zip((women, men), layouts, strict=True))
    title = text("venn_drawing.pair_title", language)
    return Drawing(_WIDTH, max(_HEIGHT, end + _MARGIN), tuple(items), language, title, about)


def _both(women: VennSnapshot, men: VennSnapshot) -> tuple[VennLayout, VennLayout]:
    """Lay out the larger diagram, and the other one beginning from it."""
    first, second = (women, men) if len(women.institutions) >= len(men.institutions) else (men, women)
    layout = layout_venn(first)
    near = {circle_of(one).key: (layout.by_id[one.id].x, layout.by_id[one.id].y) for one in first.institutions}
    other = layout_venn(second, near=near)
    return (layout, other) if first is women else (other, layout)


def _fitted(venn: VennSnapshot, layout: VennLayout, area: Box, language: Language) -> Panel:
    """Draw as large as the names allow: where they need room beside the circles, the circles are drawn smaller."""
    best: Panel | None = None
    drawn = any(one.drawn is not None for one in venn.institutions)
    for room in _ROOMS:
        inner = Box(area.x + room, area.y + room * 0.6, area.width - 2 * room, area.height - 1.2 * room)
        turn = 0.0 if drawn else upright_turn([layout], inner)
        panel = draw_panel(venn, layout, placing_of(layout, inner, turn=turn), area, language)
        if best is None or len(panel.numbered) < len(best.numbered):
            best = panel
        if not panel.numbered:
            return panel
    if best is None:
        raise AssertionError("there is a first room")
    return best


def _roomy(
    venn: VennSnapshot,
    layout: VennLayout,
    area: Box,
    language: Language,
    *,
    turn: float,
    beside: Sequence[VennLayout],
    marked: dict[UUID, str],
    contacts: Sequence[tuple[UUID, UUID, str]],
) -> Panel:
    inner = Box(area.x + 10, area.y + 5, area.width - 20, area.height - 10)
    unit = min((placing_of(one, inner, turn=turn).unit for one in beside if one.circles), default=1.0)
    placing = placing_of(layout, inner, turn=turn, unit=unit)
    return draw_panel(venn, layout, placing, area, language, marked=marked, contacts=contacts)


class _Differences:
    """What differs in two diagrams, as marks on both and in words."""

    def __init__(self, found: DiagramComparison, women: VennSnapshot, men: VennSnapshot, language: Language) -> None:
        self.language = language
        self.marked: tuple[dict[UUID, str], dict[UUID, str]] = ({}, {})
        self.contacts: tuple[list[tuple[UUID, UUID, str]], list[tuple[UUID, UUID, str]]] = ([], [])
        self.words: list[tuple[str, str]] = []
        ours = {one.id: shown_name(one, language) for one in (*women.institutions, *men.institutions)}
        theirs = {circle_of(one).key: one.id for one in reversed(men.institutions)}

        def name(circle: Circle) -> str:
            return ours.get(circle.id, circle.name)

        for side, alone in enumerate((found.only_first, found.only_second)):
            key = ("venn_drawing.only_women", "venn_drawing.only_men")[side]
            for circle in alone:
                self.marked[side][circle.id] = "+"
                self.words.append(("+", text(key, language, name=name(circle))))
        for size in found.other_sizes:
            # Each side bears the arrow of its own circle: larger here, or smaller.
            here, there = ("↓", "↑") if size.steps > 0 else ("↑", "↓")
            self.marked[0][size.circle.id] = here
            self.marked[1][theirs[size.circle.key]] = there
            said = {
                "first": in_sentence(label(size.first, language)),
                "second": in_sentence(label(size.second, language)),
            }
            words = text("venn_drawing.other_size", language, name=name(size.circle), **said)
            self.words.append(("↑↓", words))
        for number, tie in enumerate(found.other_ties, start=1):
            self.contacts[0].append((tie.one.id, tie.other.id, str(number)))
            self.contacts[1].append((theirs[tie.one.key], theirs[tie.other.key], str(number)))
            said = {
                "first": in_sentence(label(tie.first, language)),
                "second": in_sentence(label(tie.second, language)),
            }
            words = text("venn_drawing.other_tie", language, one=name(tie.one), other=name(tie.other), **said)
            self.words.append((str(number), words))

    def blocks(self) -> list[Block]:
        head = heading(text("venn_drawing.differences", self.language), size=SMALL * 1.1, colour=_FELT)
        if not self.words:
            return [head, paragraph(text("venn_drawing.no_differences", self.language), size=SMALL, colour=INK)]
        return [head, *(_marked_line(mark, words) for mark, words in self.words)]


def _marked_line(mark: str, words: str) -> Block:
    def draw(x: float, y: float, width: float) -> tuple[list[Item], float]:
        lines = wrap(words, SMALL, width - 7.5)
        first = Words(x, y + SMALL * 0.95, mark, SMALL, bold=True, colour=_FELT)
        return [first, *lines_of(lines, x + 7.5, y, SMALL, role="difference-words")], 1.28 * SMALL * len(lines)

    return draw


def _head(title: str, occasion: Occasion | None, language: Language) -> tuple[list[Item], float]:
    width = _WIDTH - 2 * _MARGIN
    lines = wrap(title, _TITLE, width, bold=True, lines=1)
    items = lines_of(lines, _MARGIN, _MARGIN - 2, _TITLE, bold=True, role="title")
    said = occasion.words(language) if occasion else ""
    if said:
        lines = wrap(said, _UNDER_TITLE, width, lines=1)
        items += lines_of(lines, _MARGIN, _MARGIN + _TITLE * 1.1, _UNDER_TITLE, colour=FAINT, role="occasion")
    return items, _MARGIN + _TITLE * 1.1 + (_UNDER_TITLE * 1.8 if said else 2.0)


def _frame(area: Box) -> Outline:
    path = f"M{area.x} {area.y}H{area.right}V{area.bottom}H{area.x}z"
    return Outline(path, Look(fill="#FFFDF9", stroke="#DED5C4", width=0.3))


def _empty(area: Box, language: Language) -> list[Item]:
    x, y = area.middle
    lines = wrap(text("venn_drawing.nobody", language), 6.0, area.width * 0.8)
    return [
        Words(x, y + 7.8 * at, line, 6.0, anchor=Anchor.MIDDLE, colour=FAINT, role="empty")
        for at, line in enumerate(lines)
    ]


def _made(layout: VennLayout, language: Language, size: float) -> Block:
    key = "venn_drawing.made_partly" if layout.lines else "venn_drawing.made"
    return paragraph(text(key, language), size=size * 0.92, colour=FAINT, role="made")


def _about(venn: VennSnapshot, layout: VennLayout, language: Language) -> str:
    """Return the diagram in words."""
    names = {one.id: shown_name(one, language) for one in venn.institutions}
    ties = (*layout.shown, *(line.tie for line in layout.lines))
    said = [
        f"{names[tie.first]} – {names[tie.second]}: {in_sentence(label(tie.relation, language))}"
        for tie in ties
        if tie.relation is not TieRelation.APART
    ]
    return f"{label(venn.diagram, language)}. {', '.join(names.values())}. {'; '.join(said)}".strip()
