"""The map of a poster alone, as a picture for other papers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from geo.i18n import Language
from geo.sheet_layout import PaperSize, Rect
from geo.snapshots import CycleSnapshot
from maps.posters.contents import poster_contents
from maps.posters.edges import draw_scaling, scaling_place
from maps.posters.ground_map import draw_map
from maps.posters.key import key_of
from maps.posters.pins import Wanted, activity_pin, problem_pin
from maps.posters.scene import scene_of
from maps.posters.sizes import sizes_of
from maps.print.canvas import Canvas
from maps.style import PALETTE, Role
from maps.vector import Box, Drawing, Look, to_svg

__all__ = ["overview_map"]

_MAP_MM = (250.0, 150.0)
"""Drawn larger than it stands on a page, with the type of a small poster: names find room."""
_RIM_MM = 12.0
_NONE: Mapping[UUID, str] = MappingProxyType({})


def overview_map(
    cycle: CycleSnapshot,
    language: Language,
    settlement_id: UUID | None,
    *,
    activity_numbers: Mapping[UUID, str] = _NONE,
    problem_numbers: Mapping[UUID, str] = _NONE,
) -> bytes | None:
    """Draw the map of a village, or of the municipality with its plan, as SVG with its key under it.

    Parameters
    ----------
    cycle
        As those who get the paper may see it; names of people are on no map.
    language
        Of the names and the key.
    settlement_id
        The village; None for the municipality.
    activity_numbers, problem_numbers
        As the paper that the map stands in numbers them; what has no number there is not pinned.

    Returns
    -------
    bytes or None
        None where nothing is drawn yet.
    """
    contents = poster_contents(cycle, language, settlement_id=settlement_id)
    pins = _numbered(cycle, activity_numbers, problem_numbers)
    places = [one.geometry for one in pins if one.geometry is not None]
    scene = scene_of(cycle, places, language, settlement_id=settlement_id)
    if not scene.shown and not places:
        return None
    sizes = sizes_of(PaperSize.A3)
    width, height = _MAP_MM
    place = Box(0.0, 0.0, width, height)
    window = scene.window(Rect(0.0, 0.0, width, height), places, rim_mm=_RIM_MM)
    canvas = Canvas()
    corner = scaling_place(place, window, language, sizes)
    done = draw_map(
        canvas,
        scene,
        window,
        sizes,
        pins=pins,
        base=None,
        taken=[corner],
    )
    draw_scaling(canvas, corner, window, language, sizes)
    canvas.box(place, Look(stroke=PALETTE[Role.STONE].light, width=0.5 * sizes.unit), role="frame")
    key = key_of(
        scene,
        language,
        sizes,
        width=width,
        problem=next((one.words for one in pins if one.is_problem and one.geometry is not None), ""),
        activity=next((one.words for one in pins if not one.is_problem and one.geometry is not None), ""),
    )
    gap = 4.0
    key.draw(canvas, 0.0, height + gap, has_boundary=done.has_boundary)
    drawing = Drawing(
        width, height + gap + key.height, tuple(canvas.items), language, contents.title, contents.subtitle, paper=""
    )
    return to_svg(drawing, prefix="map").encode()


def _numbered(
    cycle: CycleSnapshot, activity_numbers: Mapping[UUID, str], problem_numbers: Mapping[UUID, str]
) -> list[Wanted]:
    """Return pins in the order of the paper, problems first."""
    problems = {one.id: one for one in (*cycle.problems, *cycle.municipality_problems)}
    activities = {one.id: one for one in (cycle.plan.activities if cycle.plan else ())}
    pins = [problem_pin(words, problems[key].geometry) for key, words in problem_numbers.items() if key in problems]
    return pins + [
        activity_pin(words, activities[key].geometry, activities[key].status)
        for key, words in activity_numbers.items()
        if key in activities
    ]
