"""What all charts share: shades with a hatch of their own, bars with their numbers, the key, the empty state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.domain.plan_codes import ActivityStage, ContributionSource
from geo.i18n import Language
from maps.style import PALETTE, Hatch, Role
from maps.vector import Anchor, Box, Drawing, Look, Outline, Words, line_width, to_svg, wrap
from maps.vector.drawing import Item

__all__ = ["GROUPS", "SIZE", "SOURCES", "STAGES", "Series", "bar", "empty_chart", "finished", "key", "numeral", "title"]

SIZE: Final = 3.4
"""Size of the type, in millimetres: 9.6 points."""
INK: Final = PALETTE[Role.INK].light
FAINT: Final = PALETTE[Role.FAINT_INK].light
RULE: Final = PALETTE[Role.RULE].light
CARD: Final = PALETTE[Role.CARD].light


@dataclass(frozen=True, slots=True)
class Series:
    """How one of several things is told from the others, in colour and without."""

    role: Role
    hatch: Hatch = Hatch.NONE
    fill: float = 0.24

    @property
    def colour(self) -> str:
        """Of its outline and hatch."""
        return PALETTE[self.role].light

    def look(self) -> Look:
        """Return how its parts of a chart are filled."""
        return Look(
            fill=self.colour,
            opacity=self.fill,
            stroke=self.colour,
            width=0.4,
            hatch=self.hatch,
            hatch_colour=self.colour,
            hatch_scale=0.22,
        )


GROUPS: Final = (
    Series(Role.LAKE, fill=0.45),
    Series(Role.APRICOT, Hatch.DIAGONAL),
    Series(Role.PASTURE, Hatch.DOTS),
    Series(Role.VIOLET, Hatch.CROSSED),
    Series(Role.STONE, Hatch.FURROWS),
    Series(Role.FELT, Hatch.BACK_DIAGONAL),
)
SOURCES: Final[Mapping[ContributionSource, Series]] = {
    ContributionSource.LOCAL_BUDGET: Series(Role.LAKE, fill=0.45),
    ContributionSource.COMMUNITY: Series(Role.PASTURE, Hatch.DIAGONAL),
    ContributionSource.SPONSOR: Series(Role.APRICOT, Hatch.DOTS),
    ContributionSource.INVESTOR: Series(Role.VIOLET, Hatch.CROSSED),
    ContributionSource.STATE: Series(Role.STONE, Hatch.FURROWS),
    ContributionSource.SEVERAL: Series(Role.FELT, Hatch.BACK_DIAGONAL),
}
STAGES: Final[Mapping[ActivityStage, Series]] = {
    ActivityStage.DONE: Series(Role.PASTURE, fill=0.6),
    ActivityStage.UNDER_WAY: Series(Role.LAKE, Hatch.DIAGONAL),
    ActivityStage.FUNDED: Series(Role.APRICOT, Hatch.DOTS),
    ActivityStage.PLANNED: Series(Role.STONE, fill=0.06),
    ActivityStage.STOPPED: Series(Role.FELT, Hatch.CROSSED),
}
"""From the axis upwards: what is done stands on the ground."""


def title(words: str, width: float) -> tuple[list[Item], float]:
    """Return the title of a chart and where it ends."""
    lines = wrap(words, SIZE * 1.3, width, bold=True, lines=2)
    items: list[Item] = [
        Words(0, SIZE * 1.3 * (1.25 * at + 0.95), line, SIZE * 1.3, bold=True, colour=INK, role="title")
        for at, line in enumerate(lines)
    ]
    return items, SIZE * 1.3 * 1.25 * len(lines) + 2.0


def bar(box: Box, series: Series, about: str, *, role: str = "bar") -> Outline:
    """Return a part of a bar."""
    path = f"M{box.x:.3f} {box.y:.3f}H{box.right:.3f}V{box.bottom:.3f}H{box.x:.3f}z"
    return Outline(path, series.look(), role=role, about=about)


def numeral(words: str, box: Box, *, size: float = SIZE * 0.95) -> list[Item]:
    """Return a number in the middle of a part of a bar, on a light ground; nothing where it does not fit."""
    wide = line_width(words, size, bold=True)
    if wide + 1.6 > box.width or size * 1.1 > box.height:
        return []
    x, y = box.middle
    half = wide / 2 + 0.6
    ground = f"M{x - half:.3f} {y - size * 0.56:.3f}h{2 * half:.3f}v{size * 1.12:.3f}h{-2 * half:.3f}z"
    return [
        Outline(ground, Look(fill=CARD, opacity=0.88)),
        Words(x, y + size * 0.36, words, size, bold=True, anchor=Anchor.MIDDLE, colour=INK, role="value"),
    ]


def key(entries: Sequence[tuple[str, Series]], y: float, width: float) -> tuple[list[Item], float]:
    """Return samples with their words, in rows as wide as the chart, and where they end."""
    items: list[Item] = []
    x, row, gap, swatch = 0.0, y, 6.0, 7.0
    for words, series in entries:
        lines = wrap(words, SIZE, width - swatch - 2, lines=1)
        wide = swatch + 2 + line_width(lines[0], SIZE)
        if x and x + wide > width:
            x, row = 0.0, row + SIZE * 1.7
        items.append(bar(Box(x, row, swatch, SIZE * 1.15), series, "", role="sample"))
        items.append(Words(x + swatch + 2, row + SIZE * 0.98, lines[0], SIZE, colour=INK, role="key"))
        x += wide + gap
    return items, row + (SIZE * 1.7 if entries else 0.0)


def empty_chart(heading: str, words: str, width: float, language: Language) -> str:
    """Return a chart that says that there is nothing to show yet, and what to do."""
    items, top = title(heading, width)
    lines = wrap(words, SIZE, width - 10)
    height = SIZE * 1.35 * len(lines) + 10
    frame = f"M.2 {top:.3f}H{width - 0.2:.3f}V{top + height:.3f}H.2z"
    items.append(Outline(frame, Look(stroke=RULE, width=0.4, dash=(2.0, 1.5))))
    items += [
        Words(
            width / 2, top + 5 + SIZE * (1.35 * at + 0.95), line, SIZE, anchor=Anchor.MIDDLE, colour=FAINT, role="empty"
        )
        for at, line in enumerate(lines)
    ]
    return finished("empty", heading, items, language, width=width, height=top + height + 0.4, about=words)


def finished(
    name: str, heading: str, items: Sequence[Item], language: Language, *, width: float, height: float, about: str
) -> str:
    """Return the chart as SVG; its ground is left open, so that it lies on any paper."""
    return to_svg(Drawing(width, height, tuple(items), language, heading, about, paper=""), prefix=f"chart-{name}")
