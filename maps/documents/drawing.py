"""Pictures that a paper has room for, drawn from the same record: maps, Venn diagrams, charts."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from geo.domain.events import EventKind
from geo.domain.forms import FormKind
from geo.domain.institutions import Diagram
from geo.i18n import Language
from geo.sheet_layout import PaperSize, Rect
from geo.snapshots import Audience, CycleSnapshot, HeldEvent
from maps.charts import bread_chart, money_by_source_chart, status_over_time_chart, votes_by_group_chart
from maps.documents.pictures import NO_PICTURES, FormPictures
from maps.documents.request import FormRequest
from maps.posters.contents import poster_contents
from maps.posters.edges import draw_scaling, scaling_place
from maps.posters.ground_map import draw_map
from maps.posters.key import key_of
from maps.posters.scene import scene_of
from maps.posters.sizes import sizes_of
from maps.print.canvas import Canvas
from maps.style import PALETTE, Role
from maps.vector import Box, Drawing, Look, PictureFormat, to_svg
from maps.venn import render_venn, render_venn_pair

__all__ = ["draw_pictures"]

_MAP_MM = (250.0, 150.0)
"""Drawn larger than it stands on a page, with the type of a small poster: names find room."""
_RIM_MM = 12.0
_WIDE_MM = 250.0


def draw_pictures(form: FormKind, request: FormRequest) -> FormPictures:  # noqa: PLR0911 - one return a form
    """Draw what a filled paper has room for.

    Raises
    ------
    Refused
        What the paper is about is not there or not named, as `FormRequest.event` has it.
    """
    cycle, language, settlement_id = request.filled, request.language, request.settlement_id
    if form is FormKind.SESSION_MINUTES:
        event = request.event((EventKind.SESSION,) if request.event_id is None else tuple(EventKind))
        return _of_event(cycle, event, language) if event else NO_PICTURES
    if form is FormKind.SESSION_REPORT:
        village = request.settlement()
        if village is None:
            return NO_PICTURES
        own = cycle.of_settlement(village.id)
        votes = votes_by_group_chart(own, own.problems, language) if own.problems else ""
        drawn = replace(own, plan=None)
        return FormPictures(overview=_map(drawn, language, village.id), votes=votes.encode() or None)
    if form is FormKind.PLANNING_MEETING_REPORT:
        return FormPictures(overview=_map(cycle, language, None))
    if form is FormKind.JOINT_ACTION_PLAN and cycle.plan:
        money = money_by_source_chart(cycle.plan, language, width_mm=_WIDE_MM).encode()
        return FormPictures(overview=_map(cycle, language, None), money=money)
    if form is FormKind.MONITORING_REPORT and cycle.plan and cycle.plan.activities:
        progress = status_over_time_chart(cycle.plan, cycle.as_of, language, width_mm=_WIDE_MM).encode()
        return FormPictures(overview=_map(cycle, language, settlement_id), progress=progress)
    return NO_PICTURES


def _of_event(cycle: CycleSnapshot, event: HeldEvent, language: Language) -> FormPictures:
    drawn = replace(cycle, events=(event,), problems=(), municipality_problems=(), plan=None, matches=())
    by_diagram = {one.diagram: one for one in event.venns}
    women, men = by_diagram.pop(Diagram.WOMEN, None), by_diagram.pop(Diagram.MEN, None)
    both = None
    if women and men:
        both = render_venn_pair(women, men, language, format=PictureFormat.SVG)
    else:
        by_diagram |= {one.diagram: one for one in (women, men) if one}
    venns = {(event.id, name): render_venn(one, language, format=PictureFormat.SVG) for name, one in by_diagram.items()}
    return FormPictures(
        overview=_map(drawn, language, event.settlement_id) if event.features else None,
        venns=venns,
        venn_pairs={event.id: both} if both else {},
        loaves={event.id: bread_chart(event.bread, language).encode()} if event.bread and event.bread.lines else {},
    )


def _map(cycle: CycleSnapshot, language: Language, settlement_id: UUID | None) -> bytes | None:
    """Draw the map of a village, or of all with the plan, and its key under it; None where nothing is drawn yet."""
    # What hangs on a wall is for everybody, so the wording of a poster refuses anything else. Here it is a picture in a
    # paper of the same audience as the record that it is drawn from; names of people are on no map.
    cycle = replace(cycle, audience=Audience.PUBLIC)
    contents = poster_contents(cycle, language, settlement_id=settlement_id)
    scene = scene_of(cycle, contents, language, settlement_id=settlement_id)
    if not scene.shown and not contents.places:
        return None
    sizes = sizes_of(PaperSize.A3)
    width, height = _MAP_MM
    place = Box(0.0, 0.0, width, height)
    window = scene.window(Rect(0.0, 0.0, width, height), contents.places, rim_mm=_RIM_MM)
    canvas = Canvas()
    corner = scaling_place(place, window, language, sizes)
    done = draw_map(
        canvas,
        scene,
        window,
        sizes,
        problems=contents.problems,
        activities=contents.activities,
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
        problem=next((one.mark for one in contents.problems if one.place is not None), ""),
        activity=next((str(one.number) for one in contents.activities if one.place is not None), ""),
    )
    gap = 4.0
    key.draw(canvas, 0.0, height + gap, has_boundary=done.has_boundary)
    drawing = Drawing(
        width, height + gap + key.height, tuple(canvas.items), language, contents.title, contents.subtitle, paper=""
    )
    return to_svg(drawing, prefix="map").encode()
