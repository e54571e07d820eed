"""Which way to lay out a poster: the one in which the village is large and the lists are whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from geo.i18n import Language
from geo.sheet_layout import Orientation, PaperSize, Rect
from maps.posters.arrangement import LAYOUTS, Arrangement, Layout, Wishes, arrange, margin_mm, widths
from maps.posters.contents import PosterActivity, PosterContents, PosterProblem
from maps.posters.edges import draw_heading, notes_height
from maps.posters.key import Key, key_of
from maps.posters.lists import draw_plan, draw_priorities, natural_height
from maps.posters.notes import PosterNotes
from maps.posters.scene import Scene
from maps.posters.sizes import sizes_of
from maps.print.canvas import Canvas
from maps.print.ground import MapWindow
from maps.vector import Box

__all__ = ["Composed", "compose"]

_RIM_MM = 17.0
_WORTH = 1.12
"""Another layout than the usual one is taken where it is worth so many times as much."""
_MOST_ROWS = 60
"""More than any paper has room for."""
_BLANK = 0.35
"""An empty column of lists weighs as much as a village so much smaller."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A poster laid out, not yet drawn."""

    layout: Layout
    paper_mm: tuple[float, float]
    heading: Box
    places: Arrangement
    key: Key
    window: MapWindow
    problems: tuple[PosterProblem, ...]
    activities: tuple[PosterActivity, ...]
    """What of the lists there is room for."""
    shown: float
    """Share of the rows of both lists that are shown."""
    blank: float
    """How much of the room for the plan stays empty, 0 to 1."""

    @property
    def worth(self) -> float:
        """How large the village is on it, less where rows of the lists are left out or much of their room is empty."""
        return self.shown * (1 - _BLANK * self.blank) / self.window.scale


def compose(
    contents: PosterContents,
    scene: Scene,
    language: Language,
    *,
    paper: PaperSize,
    orientation: Orientation | None,
    notes: PosterNotes,
) -> Composed:
    """Lay a poster out: a tall village stands beside the lists, a wide one lies over them.

    Parameters
    ----------
    contents, scene
        What is written and what is on the map.
    language, paper, notes
        Of the poster.
    orientation
        How the paper hangs; None: whichever way shows the village larger.
    """
    wanted = [one for one in LAYOUTS if orientation in (None, one.orientation)]
    best, *others = (_composed(one, contents, scene, language, paper=paper, notes=notes) for one in wanted)
    for one in others:
        if one.worth > (_WORTH if best.layout is wanted[0] else 1.0) * best.worth:
            best = one
    return best


def _composed(
    layout: Layout, contents: PosterContents, scene: Scene, language: Language, *, paper: PaperSize, notes: PosterNotes
) -> Composed:
    sizes, paper_mm = sizes_of(paper), paper.size_mm(layout.orientation)
    margin = margin_mm(sizes)
    heading = Box(margin, margin, paper_mm[0] - 2 * margin, 0.0)
    top = draw_heading(Canvas(), heading, contents, sizes) + 4.0 * sizes.unit
    wide = widths(paper_mm, layout, sizes)
    key = key_of(
        scene,
        language,
        sizes,
        width=wide["key"],
        problem=next((one.mark for one in contents.problems if one.place is not None), ""),
        activity=next((str(one.number) for one in contents.activities if one.place is not None), ""),
    )
    # A list that no paper has room for need not be measured to its end.
    measured = replace(contents, problems=contents.problems[:_MOST_ROWS], activities=contents.activities[:_MOST_ROWS])
    priorities = partial(draw_priorities, contents=contents, sizes=sizes)
    plan = partial(draw_plan, contents=contents, sizes=sizes)
    wishes = Wishes(
        key=key.height,
        notes=notes_height(notes, language, sizes, wide["notes"]),
        priorities=natural_height(partial(priorities, contents=measured), wide["priorities"]),
        plan=natural_height(partial(plan, contents=measured), wide["plan"]),
    )
    places = arrange(paper_mm, layout, sizes, wishes, top=top)
    problems = contents.problems[: priorities(Canvas(), places.priorities).shown]
    activities = contents.activities[: plan(Canvas(), places.plan).shown]
    rows = len(contents.problems) + len(contents.activities)
    pinned = replace(contents, problems=problems, activities=activities).places
    frame = Rect(places.map.x, places.map.y, places.map.width, places.map.height)
    return Composed(
        layout=layout,
        paper_mm=paper_mm,
        heading=heading,
        places=places,
        key=key,
        window=scene.window(frame, pinned, rim_mm=_RIM_MM * sizes.unit),
        problems=problems,
        activities=activities,
        shown=(len(problems) + len(activities)) / rows if rows else 1.0,
        blank=max(0.0, 1 - wishes.plan / max(places.plan.height, 1.0)),
    )
