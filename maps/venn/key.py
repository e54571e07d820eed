"""The key of a diagram: only what is on it, each with a sample, and what the drawing could not show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from geo.domain.institutions import Importance, Satisfaction, TieRelation
from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import Language, text
from geo.snapshots import InstitutionSnapshot
from maps.vector import Box, Disc, Look, Outline, Sign, Words
from maps.vector.drawing import Anchor, Item
from maps.vector.flow import Block, grouped, heading, paragraph, sampled
from maps.venn.layout import TieLine, VennLayout, circle_of
from maps.venn.looks import FAINT, INK, KIND_LOOKS, circle_items, face, look_of

__all__ = ["LINE_LOOKS", "SMALL", "Key", "in_sentence", "mark_items"]

SMALL: Final = 3.4
"""Size of the type of the key, in millimetres."""
_ROOM: Final = Box(0, 0, 19, 8)
_SIZES: Final = {Importance.SMALL: 2.0, Importance.MEDIUM: 3.0, Importance.LARGE: 4.2}
LINE_LOOKS: Final[Mapping[TieRelation, Look]] = {
    TieRelation.TOUCHING: Look(stroke=INK, width=0.6, dash=(0.1, 1.6), round_ends=True),
    TieRelation.PARTIAL: Look(stroke=INK, width=0.7, dash=(3.0, 1.4)),
    TieRelation.FULL: Look(stroke=INK, width=1.1),
    TieRelation.UNKNOWN: Look(stroke=FAINT, width=0.4, dash=(0.8, 1.2)),
}
Sample = Callable[[float, float], list[Item]]


def mark_items(words: str, x: float, y: float, *, colour: str = FAINT, role: str = "mark") -> list[Item]:
    """Return a small disc with a letter in it."""
    return [
        Disc(x, y, 2.1, Look(fill="#FFFFFF", stroke=colour, width=0.35), role=role),
        Words(x, y + 1.1, words, 3.1, bold=True, anchor=Anchor.MIDDLE, colour=colour, role=role),
    ]


@dataclass(frozen=True, slots=True)
class Key:
    """What explains a drawing, in one size of type (millimetres) and one language."""

    language: Language
    size: float = SMALL

    def blocks(self, institutions: Iterable[InstitutionSnapshot], layouts: Iterable[VennLayout]) -> list[Block]:
        """Return the key of what the diagrams show, a block for each of its parts."""
        shown, layouts = list(institutions), list(layouts)
        if not shown:
            return []
        parts = [self._kinds(shown), self._sizes(shown), self._ties(layouts), self._opinions(shown)]
        return [grouped(part) for part in parts if part]

    def _kinds(self, shown: Sequence[InstitutionSnapshot]) -> list[Block]:
        blocks = [self.heading("venn_drawing.key_kinds")]
        kinds = {one.kind for one in shown}
        for kind in sorted(kinds, key=lambda one: (one not in KIND_LOOKS, list(Kind).index(one))):
            blocks.append(self._sampled(_circle_sample(kind), label(kind, self.language)))
        if any(circle_of(one).is_local_government for one in shown):
            sample = _circle_sample(Kind.LOCAL_INSTITUTION, government=True)
            blocks.append(self._sampled(sample, text("venn_drawing.government", self.language)))
        return blocks

    def _sizes(self, shown: Sequence[InstitutionSnapshot]) -> list[Block]:
        sizes = {one.importance for one in shown if one.importance is not None}
        ranked = any(one.ranking for one in shown)
        if not (sizes or ranked):
            return []
        blocks = [self.heading("venn_drawing.key_sizes")]
        for one in reversed(Importance):
            if one in sizes:
                blocks.append(self._sampled(_plain_circle(_SIZES[one]), label(one, self.language)))
        if not sizes:
            blocks.append(self._sampled(_ranked, text("venn_drawing.by_ranking", self.language)))
        return blocks

    def _ties(self, layouts: Sequence[VennLayout]) -> list[Block]:
        blocks = [self.heading("venn_drawing.key_ties")]
        relations = {tie.relation for one in layouts for tie in one.shown} | {TieRelation.APART}
        for relation in TieRelation:
            if relation in relations:
                blocks.append(self._sampled(_tie_sample(relation), label(relation, self.language)))
        if any(tie.weak for one in layouts for tie in (*one.shown, *(line.tie for line in one.lines))):
            sample = lambda x, y: mark_items("~", x, y)  # noqa: E731
            blocks.append(self._sampled(sample, text("venn_drawing.weak", self.language)))
        if any(one.unknown for one in layouts):
            sample = _line_sample(TieRelation.UNKNOWN)
            blocks.append(self._sampled(sample, label(TieRelation.UNKNOWN, self.language)))
        return blocks

    def _opinions(self, shown: Sequence[InstitutionSnapshot]) -> list[Block]:
        said = {one.satisfaction for one in shown}
        blocks = [self._sampled(_face_sample(one), label(one, self.language)) for one in Satisfaction if one in said]
        return [self.heading("venn_drawing.key_content"), *blocks] if blocks else []

    def lines(self, lines: Iterable[TieLine], names: Mapping[UUID, str]) -> list[Block]:
        """Return which ties are lines instead, and why."""
        listed = list(lines)
        blocks = [self.heading("venn_drawing.key_lines")] if listed else []
        for line in listed:
            tie = line.tie
            said = {
                "first": names[tie.first],
                "second": names[tie.second],
                "relation": in_sentence(label(tie.relation, self.language)),
            }
            if line.because is not None and line.because != tie.pair:
                one, other = line.because
                words = text(
                    "venn_drawing.line_contradiction", self.language, **said, one=names[one], other=names[other]
                )
            else:
                words = text("venn_drawing.line_no_room", self.language, **said)
            blocks.append(self._sampled(_line_sample(tie.relation), words, role="tie-line-words"))
        return blocks

    def numbers(self, numbered: Iterable[tuple[int, str]]) -> list[Block]:
        """Return the names for which numbers stand."""
        blocks = [
            paragraph(f"{number}. {name}", size=self.size * 0.95, colour=INK, role="listed")
            for number, name in numbered
        ]
        return [self.heading("venn_drawing.key_numbers"), *blocks] if blocks else []

    def heading(self, key: str) -> Block:
        """Return the heading of a part."""
        return heading(text(key, self.language), size=self.size, colour=FAINT)

    def _sampled(self, sample: Sample, words: str, *, role: str = "") -> Block:
        return sampled(sample, words, size=self.size, colour=INK, room=_ROOM, role=role)


def in_sentence(words: str) -> str:
    """Return words as they stand within a sentence."""
    return words[:1].lower() + words[1:]


def _ranked(x: float, y: float) -> list[Item]:
    look = Look(stroke=INK, width=0.45)
    return [Disc(x - 4.6, y, 3.8, look), Disc(x + 2.4, y, 2.6, look), Disc(x + 7.4, y, 1.7, look)]


def _face_sample(satisfaction: Satisfaction) -> Sample:
    return lambda x, y: face(satisfaction, x, y, 2.8)


def _plain_circle(radius: float) -> Sample:
    return lambda x, y: [Disc(x, y, radius, Look(stroke=INK, width=0.45))]


def _circle_sample(kind: Kind, *, government: bool = False) -> Sample:
    def draw(x: float, y: float) -> list[Item]:
        inside, outline = circle_items(x - 4.6, y, 4.0, kind, government=government)
        # The parts of a sample are no circles of the diagram.
        plain: list[Item] = [Disc(one.x, one.y, one.radius, one.look) for one in outline if isinstance(one, Disc)]
        return [*inside, *plain, Sign(kind, x + 1.4, y - 3.4, 6.8, look_of(kind).colour)]

    return draw


def _tie_sample(relation: TieRelation) -> Sample:
    offset, second = {
        TieRelation.APART: (4.2, 2.6),
        TieRelation.TOUCHING: (2.7, 2.6),
        TieRelation.PARTIAL: (1.7, 2.6),
    }.get(relation, (0.5, 1.9))
    first = 3.6 if relation is TieRelation.FULL else 2.6

    def draw(x: float, y: float) -> list[Item]:
        violet = look_of(Kind.LOCAL_INSTITUTION).colour
        look = Look(fill=violet, opacity=0.18, stroke=violet, width=0.5)
        return [Disc(x - offset, y, first, look), Disc(x + offset, y, second, look)]

    return draw


def _line_sample(relation: TieRelation) -> Sample:
    def draw(x: float, y: float) -> list[Item]:
        line: list[Item] = [Outline(f"M{x - 8:.3f} {y:.3f}L{x + 8:.3f} {y:.3f}", LINE_LOOKS[relation])]
        return line + (mark_items("?", x, y) if relation is TieRelation.UNKNOWN else [])

    return draw
