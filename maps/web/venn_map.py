"""A Venn diagram laid on the map: institutions at their places, their ties as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import atan2, cos, hypot, pi, radians, sin
from uuid import UUID

from shapely.geometry import LineString, Point

from geo.domain.institutions import Diagram, Importance, TieRelation
from geo.domain.labels import label
from geo.domain.venn.diagram import Pair, Tie
from geo.domain.vocabulary import Kind
from geo.errors import NotFound
from geo.i18n import Language, text
from geo.snapshots import CycleSnapshot, HeldEvent, InstitutionSnapshot, VennSnapshot
from maps.style import PALETTE, TIE_STROKES, Role, Stroke, style_of
from maps.web.map_page import render_map_page
from maps.web.marks import LegendRow, LegendSection, Look, MapContents, Mark, Option, PanelItem, PanelList, Switch
from maps.web.places import Slots
from maps.web.signs import definitions, line_sample, sign
from maps.words import date_in_words

__all__ = ["render_venn_map"]

_SIZES = {Importance.SMALL: 32, Importance.MEDIUM: 44, Importance.LARGE: 58}
_PLAIN_SIZE = 38
"""Where the minutes have no sizes."""
_RELATIONS = (TieRelation.FULL, TieRelation.PARTIAL, TieRelation.TOUCHING)
_LEAST_RING_M = 250.0
_RING = 1.35
"""Radius of the ring of those without a place, in radii of the others."""
_METRES_PER_DEGREE = 111_132.0
_WEAK_WIDTH = 0.55
"""A weak contact is drawn thinner by this."""


def render_venn_map(cycle: CycleSnapshot, event_id: UUID, diagram: Diagram, language: Language) -> str:
    """Draw a Venn diagram as a network on the map.

    Institutions stand at their places, larger where they are more important. One whose place nobody has said stands on
    a ring around the others, near those it is tied to, in a broken frame, and is named in a list beside the map. Pairs
    that are apart have no line.

    Parameters
    ----------
    cycle
        The municipality's year as the reader may see it.
    event_id, diagram
        Which event's diagram, and whose.
    language
        Language of every word on the page; names fall back to another language where they have none in it.

    Raises
    ------
    NotFound
        The cycle has no such event, or the event no such diagram.
    Failed
        The browser libraries are not installed.
    """
    event = next((one for one in cycle.events if one.id == event_id), None)
    if event is None:
        raise NotFound("web_map.no_event", id=str(event_id), year=cycle.year)
    venn = next((one for one in event.venns if one.diagram is diagram), None)
    if venn is None:
        raise NotFound("web_map.no_diagram", diagram=label(diagram, language), group=event.group.label(language))
    settlement = cycle.settlement(event.settlement_id)
    centre = (settlement.point.x, settlement.point.y) if settlement else (0.0, 0.0)
    ties = [tie for tie in venn.ties if tie.relation in TIE_STROKES]
    places = _places(venn.institutions, ties, centre)
    kinds = [kind for kind in Kind if any(one.kind is kind for one in venn.institutions)]
    marks = [*_institutions(venn, places, ties, kinds, language), *_ties(venn, places, ties, language)]
    return render_map_page(
        MapContents(
            heading=settlement.names.best(language) if settlement else cycle.municipality.names.best(language),
            title=text("web_map.venn_title", language),
            marks=marks,
            looks=_looks(venn, ties),
            centres=(centre,),
            empty=text("web_map.venn_empty", language),
            facts=_facts(cycle, event, diagram, language),
            date=date_in_words(event.held_on, language),
            iso_date=event.held_on.isoformat(),
            is_sample=bool(settlement and settlement.is_sample),
            switches=_switches(venn, ties, kinds, language),
            legend=_legend(venn, ties, kinds, language),
            lists=_lists(venn, language),
            credits=cycle.credits,
            definitions=definitions(kinds, ()),
        ),
        language,
    )


def _facts(cycle: CycleSnapshot, event: HeldEvent, diagram: Diagram, language: Language) -> tuple[str, ...]:
    return (
        label(diagram, language),
        cycle.municipality.names.best(language),
        date_in_words(event.held_on, language),
        f"{text('map.group', language)}: {event.group.label(language)}",
    )


def _places(
    institutions: Sequence[InstitutionSnapshot], ties: Sequence[Tie], centre: tuple[float, float]
) -> Mapping[UUID, tuple[float, float]]:
    """Return lon lat of every institution: its own place, or one on the ring, each as near its partners as may be."""
    known = {one.id: one.lonlat for one in institutions if one.lonlat is not None}
    homeless = [one.id for one in institutions if one.lonlat is None]
    if not homeless:
        return known
    if known:
        lons, lats = zip(*known.values(), strict=True)
        centre = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    across = cos(radians(centre[1]))

    def offset(place: tuple[float, float]) -> tuple[float, float]:
        return (place[0] - centre[0]) * across * _METRES_PER_DEGREE, (place[1] - centre[1]) * _METRES_PER_DEGREE

    reach = max((hypot(*offset(place)) for place in known.values()), default=0.0)
    radius = max(reach * _RING, _LEAST_RING_M)
    wanted = {}
    for number, one in enumerate(homeless):
        partners = [known[other] for tie in ties for other in _others(tie, one) if other in known]
        east = sum(offset(place)[0] for place in partners)
        north = sum(offset(place)[1] for place in partners)
        wanted[one] = atan2(north, east) if hypot(east, north) > 1 else 2 * pi * number / len(homeless)
    placed = dict(known)
    order = sorted(homeless, key=lambda one: (wanted[one], str(one)))
    # The places of the ring are evenly apart; the ring is turned so that the first stands where it wants to.
    for number, one in enumerate(order):
        angle = wanted[order[0]] + 2 * pi * number / len(order)
        east, north = radius * cos(angle), radius * sin(angle)
        placed[one] = (centre[0] + east / (across * _METRES_PER_DEGREE), centre[1] + north / _METRES_PER_DEGREE)
    return placed


def _others(tie: Tie, one: UUID) -> Iterator[UUID]:
    if tie.first == one:
        yield tie.second
    if tie.second == one:
        yield tie.first


def _institutions(
    venn: VennSnapshot,
    places: Mapping[UUID, tuple[float, float]],
    ties: Sequence[Tie],
    kinds: Sequence[Kind],
    language: Language,
) -> Iterator[Mark]:
    slots = Slots()
    names = {one.id: one.names.best(language) for one in venn.institutions}
    for one in venn.institutions:
        at = Point(places[one.id])
        yield Mark(
            name=names[one.id],
            kind=label(one.kind, language),
            look=_look_key(one),
            geometry=at,
            tags=(kinds.index(one.kind), -1),
            above=label(one.importance, language) if one.importance else "",
            facts=tuple(_told(one, ties, names, language)),
            shift=slots.shift(at),
        )


def _told(
    one: InstitutionSnapshot, ties: Sequence[Tie], names: Mapping[UUID, str], language: Language
) -> Iterator[tuple[str, str]]:
    satisfaction = label(one.satisfaction, language) if one.satisfaction else ""
    if one.satisfaction_reason:
        satisfaction = f"{satisfaction}: {one.satisfaction_reason}" if satisfaction else one.satisfaction_reason
    tied = [
        f"{names[other]} ({_relation(tie, language)})"
        for tie in ties
        for other in _others(tie, one.id)
        if other in names
    ]
    women = "" if one.women_take_part is None else text("map.yes" if one.women_take_part else "map.no", language)
    worded = (
        ("institution_ties", "; ".join(tied)),
        ("ranking", "" if one.ranking is None else str(one.ranking)),
        ("satisfaction", satisfaction),
        ("serves", one.serves),
        ("women_take_part", women),
        ("government_role", one.local_government_role),
        ("influence", label(one.influence, language) if one.influence else ""),
        ("place_of", text("web_map.problem_no_place", language) if one.lonlat is None else ""),
    )
    return ((text(f"web_map.{key}", language), words) for key, words in worded if words)


def _relation(tie: Tie, language: Language) -> str:
    relation = label(tie.relation, language)
    return text("web_map.tie_weak", language, relation=relation) if tie.weak else relation


def _ties(
    venn: VennSnapshot, places: Mapping[UUID, tuple[float, float]], ties: Sequence[Tie], language: Language
) -> Iterator[Mark]:
    names = {one.id: one.names.best(language) for one in venn.institutions}
    relations = _relations(ties)
    for tie in ties:
        ends: Pair = tie.pair
        if not all(end in places for end in ends) or places[ends[0]] == places[ends[1]]:
            continue
        yield Mark(
            name=text("web_map.tie_between", language, first=names[tie.first], second=names[tie.second]),
            kind=_relation(tie, language),
            above=text("web_map.tie", language),
            look=f"tie.{tie.relation.value}.{tie.weak}",
            geometry=LineString([places[end] for end in ends]),
            tags=(-1, relations.index(tie.relation)),
            quiet=True,
        )


def _relations(ties: Sequence[Tie]) -> list[TieRelation]:
    drawn = {tie.relation for tie in ties}
    return [relation for relation in (*_RELATIONS, TieRelation.UNKNOWN) if relation in drawn]


def _look_key(one: InstitutionSnapshot) -> str:
    return f"{one.kind.value}.{one.importance.value if one.importance else ''}.{one.lonlat is None}"


def _looks(venn: VennSnapshot, ties: Sequence[Tie]) -> dict[str, Look]:
    looks = {}
    for one in venn.institutions:
        style = style_of(one.kind)
        looks[_look_key(one)] = Look(
            row=one.kind.value,
            tone=style.tone,
            sign=sign(style, broken=one.lonlat is None),
            rank=1,
            size=_SIZES[one.importance] if one.importance else _PLAIN_SIZE,
        )
    for tie in ties:
        looks[f"tie.{tie.relation.value}.{tie.weak}"] = Look(
            row=f"tie-{tie.relation.value}-{tie.weak}",
            tone=PALETTE[Role.INK],
            rank=3,
            strokes=_strokes(tie.relation, weak=tie.weak),
        )
    return looks


def _strokes(relation: TieRelation, *, weak: bool) -> tuple[Stroke, ...]:
    strokes = TIE_STROKES[relation]
    if not weak:
        return strokes
    return tuple(Stroke(one.width * _WEAK_WIDTH, one.dash, one.round_ends, one.paper) for one in strokes)


def _switches(venn: VennSnapshot, ties: Sequence[Tie], kinds: Sequence[Kind], language: Language) -> tuple[Switch, ...]:
    if not venn.institutions:
        return ()
    of_kinds = Counter(one.kind for one in venn.institutions)
    relations = _relations(ties)
    of_relations = Counter(tie.relation for tie in ties)
    return (
        Switch(
            "kind",
            text("layer.institution", language),
            tuple(Option(kind.value, label(kind, language), of_kinds[kind], sign(style_of(kind))) for kind in kinds),
        ),
        Switch(
            "relation",
            text("web_map.tie_kinds", language),
            tuple(Option(one.value, label(one, language), of_relations[one]) for one in relations),
        ),
    )


def _legend(
    venn: VennSnapshot, ties: Sequence[Tie], kinds: Sequence[Kind], language: Language
) -> tuple[LegendSection, ...]:
    if not venn.institutions:
        return ()
    rows = [LegendRow(kind.value, label(kind, language), (sign(style_of(kind)),)) for kind in kinds]
    if any(one.importance for one in venn.institutions):
        rows.append(LegendRow("always-importance", text("web_map.importance_row", language), ()))
    if any(one.lonlat is None for one in venn.institutions):
        broken = sign(style_of(kinds[0]), broken=True)
        rows.append(LegendRow("always-ring", text("web_map.ring_row", language), (broken,)))
    drawn = {(tie.relation, tie.weak): tie for tie in ties}
    lines = [
        LegendRow(
            f"tie-{relation.value}-{weak}",
            _relation(drawn[relation, weak], language),
            (line_sample(_strokes(relation, weak=weak), PALETTE[Role.INK]),),
        )
        for relation in _relations(ties)
        for weak in (False, True)
        if (relation, weak) in drawn
    ]
    sections = [LegendSection(text("layer.institution", language), tuple(rows))]
    if lines:
        sections.append(LegendSection(text("web_map.tie_kinds", language), tuple(lines)))
    return tuple(sections)


def _lists(venn: VennSnapshot, language: Language) -> tuple[PanelList, ...]:
    numbered = sorted(enumerate(venn.institutions), key=lambda one: (one[1].ranking or 10_000, one[0]))

    def item(number: int, one: InstitutionSnapshot) -> PanelItem:
        rank = "" if one.ranking is None else str(one.ranking)
        size = label(one.importance, language) if one.importance else ""
        note = " · ".join(filter(None, (label(one.kind, language), size)))
        own = sign(style_of(one.kind), broken=one.lonlat is None)
        return PanelItem(one.names.best(language), number=rank, note=note, mark=number, sign=own)

    homeless = tuple(item(number, one) for number, one in numbered if one.lonlat is None)
    every = tuple(item(number, one) for number, one in numbered if one.lonlat is not None)
    lists = []
    if every:
        lists.append(PanelList(text("layer.institution", language), every, "institutions"))
    if homeless:
        lists.append(PanelList(text("web_map.without_place", language), homeless, "without_place"))
    return tuple(lists)
