"""The look of the plan and of monitoring: stages, grades and ages of visits, and ties of institutions.

Every one is told by its drawing and by its line style as well as by its colour, so that all of them survive a printer
without colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from geo.domain.institutions import TieRelation
from geo.domain.plan_codes import ActivityStage
from maps.style.areas import AreaStyle, Hatch
from maps.style.palette import PALETTE, Role, Tone
from maps.style.strokes import Stroke

__all__ = ["STAGE_STYLES", "TIE_STROKES", "VISIT_AGE_STYLES", "StageStyle", "VisitAge", "VisitAgeStyle", "visit_age"]


@dataclass(frozen=True, slots=True)
class StageStyle:
    """How an activity of one stage looks.

    Parameters
    ----------
    role
        Colour.
    drawing
        SVG path data on a grid of 24 by 24, stroked with round ends.
    strokes
        Of lines.
    area
        Fill and outline of areas.
    filled
        Whether the sign is filled with its colour: work that is going on or over.
    dash
        Of the sign's frame: broken where nothing has begun.
    """

    role: Role
    drawing: str
    strokes: tuple[Stroke, ...]
    area: AreaStyle
    filled: bool = False
    dash: tuple[float, ...] = ()

    @property
    def tone(self) -> Tone:
        """Its colours."""
        return PALETTE[self.role]


STAGE_STYLES: Mapping[ActivityStage, StageStyle] = MappingProxyType(
    {
        ActivityStage.PLANNED: StageStyle(
            Role.STONE,
            "M7 4h10v16H7zM10 8.5h4M10 12h4M10 15.5h2",
            (Stroke(5, dash=(0.1, 9)),),
            AreaStyle(Hatch.DOTS, outline=2.5, outline_dash=(2, 5)),
            dash=(4, 3),
        ),
        ActivityStage.FUNDED: StageStyle(
            Role.APRICOT,
            "M12 3a9 9 0 0 1 0 18 9 9 0 0 1 0-18zM14.8 8.6a3.4 3.4 0 1 0 0 4.6M8.8 16.8h6.4",
            (Stroke(4, dash=(9, 6), round_ends=False),),
            AreaStyle(Hatch.FURROWS, outline=2.5, outline_dash=(9, 5)),
        ),
        ActivityStage.UNDER_WAY: StageStyle(
            Role.LAKE,
            "M13.5 4.5l6 6M16.5 7.5l-8 8M4.5 19.5c0-3 1-5 2.5-6.5l4 4c-1.5 1.5-3.5 2.5-6.5 2.5z",
            (Stroke(8), Stroke(4, paper=True), Stroke(2, dash=(8, 5), round_ends=False)),
            AreaStyle(Hatch.DIAGONAL, outline=2.5),
            filled=True,
        ),
        ActivityStage.DONE: StageStyle(
            Role.PASTURE,
            "M4.5 13l5 5L19.5 6.5",
            (Stroke(5),),
            AreaStyle(Hatch.NONE, tint=0.4, outline=3),
            filled=True,
        ),
        ActivityStage.STOPPED: StageStyle(
            Role.FELT,
            "M8.5 5v14M15.5 5v14",
            (Stroke(2), Stroke(11, dash=(2.5, 16), round_ends=False)),
            AreaStyle(Hatch.CROSSED, outline=2.5),
            filled=True,
        ),
    }
)


class VisitAge(StrEnum):
    """How long ago a place was last visited."""

    MONTH = "month"
    """Within the last 31 days."""
    QUARTER = "quarter"
    """Within the last 92 days."""
    OLDER = "older"
    NEVER = "never"


_MONTH_DAYS, _QUARTER_DAYS = 31, 92


def visit_age(days: int | None) -> VisitAge:
    """Return how old a visit is.

    Parameters
    ----------
    days
        Whole days since the last visit; None where nobody ever came.

    >>> visit_age(12).value, visit_age(None).value
    ('month', 'never')
    """
    if days is None:
        return VisitAge.NEVER
    if days <= _MONTH_DAYS:
        return VisitAge.MONTH
    return VisitAge.QUARTER if days <= _QUARTER_DAYS else VisitAge.OLDER


@dataclass(frozen=True, slots=True)
class VisitAgeStyle:
    """Colour of a sign, how many quarters of its ring are drawn, whether it is filled, and the lines of its place."""

    role: Role
    quarters: int
    strokes: tuple[Stroke, ...]
    filled: bool = False

    @property
    def tone(self) -> Tone:
        """Its colours."""
        return PALETTE[self.role]


VISIT_AGE_STYLES: Mapping[VisitAge, VisitAgeStyle] = MappingProxyType(
    {
        VisitAge.MONTH: VisitAgeStyle(Role.PASTURE, 4, (Stroke(5),), filled=True),
        VisitAge.QUARTER: VisitAgeStyle(Role.LAKE, 3, (Stroke(4, dash=(16, 5), round_ends=False),)),
        VisitAge.OLDER: VisitAgeStyle(Role.APRICOT, 2, (Stroke(4, dash=(7, 6), round_ends=False),)),
        VisitAge.NEVER: VisitAgeStyle(Role.FELT, 0, (Stroke(4, dash=(0.1, 9)),)),
    }
)

TIE_STROKES: Mapping[TieRelation, tuple[Stroke, ...]] = MappingProxyType(
    {
        TieRelation.TOUCHING: (Stroke(2.5, dash=(0.1, 7)),),
        TieRelation.PARTIAL: (Stroke(3, dash=(12, 6), round_ends=False),),
        TieRelation.FULL: (Stroke(7), Stroke(3, paper=True)),
        TieRelation.UNKNOWN: (Stroke(1, dash=(3, 6), round_ends=False),),
    }
)
"""Lines between institutions; apart is no line."""
