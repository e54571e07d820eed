"""Which renderer draws which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from api.rendering.asked import Asked
from api.rendering.kinds import Chart, PosterPaper, RenderingKind
from api.rendering.reading import Read
from api.rendering.showing import bread_of, diagram_of, event_of, village_of
from geo.domain.forms import DocumentFormat
from geo.domain.institutions import Diagram
from geo.snapshots import CycleSnapshot, EventSnapshot

__all__ = ["DRAWERS", "draw"]

# What a kind needs is brought in where it is drawn: each brings libraries of its own.
# ruff: noqa: PLC0415


def draw(asked: Asked, read: Read) -> bytes:
    """Draw what was read.

    Raises
    ------
    Refused, NotFound
        What it is about is not there, or not for this audience.
    Failed
        A font or library is not installed; the message names the package.
    """
    return DRAWERS[asked.kind](asked, read)


def _cycle(read: Read) -> CycleSnapshot:
    assert read.cycle is not None, "read for this kind"
    return read.cycle


def _session_map(asked: Asked, read: Read) -> bytes:
    from maps.web.session_map import render_session_map

    assert isinstance(read.event, EventSnapshot)
    return render_session_map(read.event, asked.language).encode()


def _village_map(asked: Asked, read: Read) -> bytes:
    from maps.web.village_map import render_village_map

    assert asked.parameters.settlement_id is not None
    return render_village_map(_cycle(read), asked.parameters.settlement_id, asked.language).encode()


def _municipality_map(asked: Asked, read: Read) -> bytes:
    from maps.web.municipality_map import render_municipality_map

    return render_municipality_map(_cycle(read), asked.language).encode()


def _plan_map(asked: Asked, read: Read) -> bytes:
    from maps.web.plan_map import render_plan_map

    return render_plan_map(_cycle(read), asked.language).encode()


def _monitoring_map(asked: Asked, read: Read) -> bytes:
    from maps.web.monitoring_map import render_monitoring_map

    return render_monitoring_map(_cycle(read), asked.language).encode()


def _poster(asked: Asked, read: Read) -> bytes:
    from maps.posters.poster import render_poster

    given = asked.parameters
    return render_poster(
        _cycle(read),
        asked.language,
        settlement_id=given.settlement_id,
        paper=given.paper or PosterPaper.A1,
        orientation=given.orientation,
        tiled_a4=bool(given.tiled),
    )


def _venn_map(asked: Asked, read: Read) -> bytes:
    from maps.web.venn_map import render_venn_map

    cycle = _cycle(read)
    event = event_of(cycle, asked.parameters.event_id)
    diagram = diagram_of(event, asked.parameters.diagram or Diagram.EVERYBODY).diagram
    return render_venn_map(cycle, event.id, diagram, asked.language).encode()


def _groups_compared(asked: Asked, read: Read) -> bytes:
    from maps.web.comparison import ComparedMap, render_comparison

    left = _cycle(read)
    right = read.other or left
    one, other = event_of(left, asked.parameters.event_id), event_of(right, asked.parameters.other_event_id)
    sides = ComparedMap(left, one.settlement_id, one.id), ComparedMap(right, other.settlement_id, other.id)
    return render_comparison(*sides, asked.language).encode()


def _years_compared(asked: Asked, read: Read) -> bytes:
    from maps.web.comparison import ComparedMap, render_comparison

    village = asked.parameters.settlement_id
    assert village is not None
    assert read.other is not None
    earlier, later = sorted((_cycle(read), read.other), key=lambda one: one.year)
    return render_comparison(ComparedMap(earlier, village), ComparedMap(later, village), asked.language).encode()


def _chart(asked: Asked, read: Read) -> bytes:
    from maps.charts import bread_chart, money_by_source_chart, status_over_time_chart, votes_by_group_chart

    cycle, language = _cycle(read), asked.language
    match asked.parameters.chart:
        case Chart.BREAD:
            return bread_chart(bread_of(cycle, asked.parameters.event_id), language).encode()
        case Chart.MONEY:
            return money_by_source_chart(cycle.plan, language).encode()
        case Chart.STATUS:
            return status_over_time_chart(cycle.plan, cycle.as_of, language).encode()
        case _:
            village = village_of(cycle, asked.parameters.settlement_id, asked.parameters.event_id)
            problems = [one for one in cycle.problems if one.settlement_id == village]
            return votes_by_group_chart(cycle, problems, language).encode()


def _venn(asked: Asked, read: Read) -> bytes:
    from maps.venn import occasion_of, render_venn

    cycle = _cycle(read)
    event = event_of(cycle, asked.parameters.event_id)
    wanted = asked.parameters.diagram or Diagram.EVERYBODY
    venn = diagram_of(event, wanted)
    return render_venn(venn, asked.language, format=asked.format.value, occasion=occasion_of(cycle, event.id))


def _venn_pair(asked: Asked, read: Read) -> bytes:
    from maps.venn import occasion_of, render_venn_pair

    cycle = _cycle(read)
    event = event_of(cycle, asked.parameters.event_id)
    women, men = diagram_of(event, Diagram.WOMEN), diagram_of(event, Diagram.MEN)
    occasion = occasion_of(cycle, event.id)
    return render_venn_pair(women, men, asked.language, format=asked.format.value, occasion=occasion)


def _form(asked: Asked, read: Read) -> bytes:
    from maps.documents.rendering import render_form

    given = asked.parameters
    assert given.form is not None
    return render_form(
        given.form,
        read.cycle,
        asked.language,
        format=DocumentFormat(asked.format.value),
        event_id=given.event_id,
        settlement_id=given.settlement_id,
        blank=bool(given.blank),
    )


DRAWERS: Mapping[RenderingKind, Callable[[Asked, Read], bytes]] = MappingProxyType(
    {
        RenderingKind.SESSION_MAP: _session_map,
        RenderingKind.VILLAGE_MAP: _village_map,
        RenderingKind.MUNICIPALITY_MAP: _municipality_map,
        RenderingKind.PLAN_MAP: _plan_map,
        RenderingKind.MONITORING_MAP: _monitoring_map,
        RenderingKind.VENN_MAP: _venn_map,
        RenderingKind.GROUPS_COMPARED: _groups_compared,
        RenderingKind.YEARS_COMPARED: _years_compared,
        RenderingKind.CHART: _chart,
        RenderingKind.VENN: _venn,
        RenderingKind.VENN_PAIR: _venn_pair,
        RenderingKind.POSTER: _poster,
        RenderingKind.FORM: _form,
    }
)
