"""Villages and boundaries as marks: what other marks of a municipality stand at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.domain.events import EventKind
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, SettlementSnapshot
from maps.style import PALETTE, Role, Stroke
from maps.web.chains import unpublished_in_words
from maps.web.cycle_signs import village_sign
from maps.web.marks import LegendRow, LegendSection, Look, Mark
from maps.web.signs import line_sample

__all__ = [
    "TERRITORY_LOOKS",
    "boundary_marks",
    "centre_of",
    "cycle_facts",
    "is_sample",
    "territory_section",
    "village_mark",
]

_BOUNDARY = (Stroke(2, dash=(10, 4, 2, 4), round_ends=False),)

TERRITORY_LOOKS = {
    "village": Look(row="village", tone=PALETTE[Role.INK], sign=village_sign(), rank=1, size=34),
    "boundary": Look(row="boundary", tone=PALETTE[Role.FAINT_INK], rank=3, strokes=_BOUNDARY),
}


def village_mark(
    settlement: SettlementSnapshot,
    cycle: CycleSnapshot,
    language: Language,
    *,
    facts: Sequence[tuple[str, str]] = (),
    tags: tuple[int, ...] = (),
) -> Mark:
    """Return the mark of a village: its people, its sessions, and what else is said of it."""
    sessions = sum(
        1 for event in cycle.events if event.settlement_id == settlement.id and event.kind is EventKind.SESSION
    )
    told = []
    if settlement.population is not None:
        people = text("web_map.people", language, number=settlement.population)
        told.append((text("web_map.population", language), people))
    if settlement.households is not None:
        told.append((text("web_map.households", language), str(settlement.households)))
    held = " · ".join((str(sessions), *unpublished_in_words(settlement.id, cycle, language)))
    told.append((text("web_map.sessions_held", language), held))
    return Mark(
        name=settlement.names.best(language),
        kind=text("web_map.village", language),
        look="village",
        geometry=settlement.point,
        tags=tags,
        facts=(*told, *facts),
    )


def boundary_marks(cycle: CycleSnapshot, language: Language, *, tags: tuple[int, ...] = ()) -> Iterator[Mark]:
    """Return the boundaries that are known, as lines: what lies inside stays free to be chosen."""
    known = [("boundary", cycle.municipality.names, cycle.municipality.boundary)]
    known += [("settlement_boundary", one.names, one.boundary) for one in cycle.municipality.settlements]
    for kind, names, boundary in known:
        if boundary is not None and not boundary.is_empty:
            yield Mark(
                name=names.best(language),
                kind=text(f"web_map.{kind}", language),
                look="boundary",
                geometry=boundary.boundary if boundary.area else boundary,
                tags=tags,
                background=True,
                quiet=True,
            )


def territory_section(marks: Sequence[Mark], language: Language) -> tuple[LegendSection, ...]:
    """Return the legend of villages and boundaries that are on the map."""
    drawn = {mark.look for mark in marks}
    rows = []
    if "village" in drawn:
        rows.append(LegendRow("village", text("web_map.village", language), (village_sign(),)))
    if "boundary" in drawn:
        sample = line_sample(_BOUNDARY, PALETTE[Role.FAINT_INK])
        rows.append(LegendRow("boundary", text("web_map.boundary", language), (sample,)))
    return (LegendSection(text("web_map.villages", language), tuple(rows)),) if rows else ()


def cycle_facts(cycle: CycleSnapshot, language: Language) -> tuple[str, ...]:
    """Return what stands under the heading of a municipality's map."""
    return tuple(
        words
        for words in (
            cycle.municipality.rayon.best(language),
            cycle.municipality.oblast.best(language),
            text("web_map.year_of", language, year=cycle.year),
        )
        if words
    )


def centre_of(cycle: CycleSnapshot) -> tuple[float, float]:
    """Return lon lat of the middle of a municipality: of its villages, else of its boundary."""
    points = [one.point for one in cycle.municipality.settlements]
    if points:
        return sum(point.x for point in points) / len(points), sum(point.y for point in points) / len(points)
    if cycle.municipality.boundary is not None:
        middle = cycle.municipality.boundary.centroid
        return middle.x, middle.y
    return _KYRGYZSTAN


_KYRGYZSTAN = (74.6, 41.5)


def is_sample(cycle: CycleSnapshot) -> bool:
    """Return whether the villages are no real ones."""
    return any(one.is_sample for one in cycle.municipality.settlements)
