"""Every kind of web map of a cycle, by name, so that one test can ask all of them the same thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.domain.institutions import Diagram
from geo.i18n import Language
from geo.snapshots import CycleSnapshot
from maps.web.comparison import ComparedMap, render_comparison
from maps.web.monitoring_map import render_monitoring_map
from maps.web.municipality_map import render_municipality_map
from maps.web.plan_map import render_plan_map
from maps.web.venn_map import render_venn_map
from maps.web.village_map import render_village_map
from tests.maps.municipality import FIRST, ids, year_before

__all__ = ["EVERY_MAP"]


def _groups(cycle: CycleSnapshot, language: Language) -> str:
    young, grown = (ComparedMap(cycle, FIRST.id, ids("event", key)) for key in ("18–35", "36–55"))
    return render_comparison(young, grown, language)


def _years(cycle: CycleSnapshot, language: Language) -> str:
    return render_comparison(ComparedMap(year_before(cycle), FIRST.id), ComparedMap(cycle, FIRST.id), language)


EVERY_MAP: Mapping[str, Callable[[CycleSnapshot, Language], str]] = {
    "village": lambda cycle, language: render_village_map(cycle, FIRST.id, language),
    "municipality": render_municipality_map,
    "plan": render_plan_map,
    "monitoring": render_monitoring_map,
    "venn": lambda cycle, language: render_venn_map(cycle, ids("event", "36–55"), Diagram.WOMEN, language),
    "groups": _groups,
    "years": _years,
}
