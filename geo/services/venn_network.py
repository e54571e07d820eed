"""The network of an event's diagram: measures, comparison, stakeholder matrix, lines on the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from uuid import UUID

from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from geo.domain.institutions import Diagram, StakeholderRole, TieOrigin, TieRelation
from geo.domain.labels import label_text
from geo.domain.rights import Actor, Subject
from geo.domain.venn.comparison import DiagramComparison, compare_diagrams
from geo.domain.venn.diagram import Circle, Tie, pair_of
from geo.domain.venn.network import Network, make_network
from geo.domain.venn.stakeholders import stakeholder_role
from geo.errors import NotFound
from geo.models import AppraisalEvent, InstitutionCircle, InstitutionTie, MapFeature
from geo.repositories.boxes import Bounds
from geo.repositories.institutions import InstitutionRepository, parts_of
from geo.repositories.records import RecordRepository
from geo.repositories.visibility import visible
from geo.snapshots import Names

__all__ = ["TieLine", "VennView", "compare_event_diagrams", "event_venn", "institution_tie_lines"]

_BATCH = 500


@dataclass(frozen=True, slots=True)
class VennView:
    """A diagram with its network."""

    event_id: UUID
    diagram: Diagram
    network: Network
    names: dict[UUID, Names]
    places: dict[UUID, Point]
    """Where institutions are; those without a place are not in it."""
    roles: dict[UUID, StakeholderRole]
    derived: tuple[Tie, ...]
    """What the drawing shows, also where an entered tie says otherwise."""

    @property
    def without_place(self) -> tuple[UUID, ...]:
        """Institutions that cannot be drawn on the map."""
        return tuple(circle.id for circle in self.network.circles if circle.id not in self.places)


@dataclass(frozen=True, slots=True)
class TieLine:
    """A tie as a line between the places of two institutions, lon lat."""

    fid: int
    id: UUID
    event_id: UUID
    municipality_id: UUID
    diagram: Diagram
    relation: TieRelation
    origin: TieOrigin
    weak: bool
    first_id: UUID
    second_id: UUID
    first: Names
    second: Names
    geometry: LineString


def event_venn(session: Session, event_id: UUID, *, diagram: Diagram, actor: Actor) -> VennView:
    """Return the network of a diagram, as far as an actor may see it.

    Raises
    ------
    NotFound
        There is no such event, it may not be seen, or the diagram has no circles.
    """
    _require_event(session, event_id, actor)
    repository = InstitutionRepository(session)
    circles = repository.circles(event_id, diagram, _seen(InstitutionCircle, actor))
    if not circles:
        raise NotFound("venn.nothing", event=event_id, diagram=label_text(diagram))
    ties = [_tie(tie) for tie in repository.ties(event_id, diagram, _seen(InstitutionTie, actor))]
    places = _points(repository, circles, actor)
    network = make_network([_circle(circle, places.get(circle.id)) for circle in circles], ties)
    return VennView(
        event_id=event_id,
        diagram=diagram,
        network=network,
        names={circle.id: _names(circle) for circle in circles},
        places=places,
        roles={circle.id: stakeholder_role(circle.influence, circle.stakeholder_importance) for circle in circles},
        derived=tuple(tie for tie in ties if tie.origin is TieOrigin.DERIVED),
    )


def compare_event_diagrams(
    session: Session,
    event_id: UUID,
    *,
    first: Diagram,
    second: Diagram,
    actor: Actor,
    other_event_id: UUID | None = None,
) -> DiagramComparison:
    """Compare two diagrams of an event, or a diagram of one with one of another.

    Raises
    ------
    NotFound
        An event is not there or may not be seen, or a diagram has no circles.
    """
    sides = []
    for one, diagram in ((event_id, first), (other_event_id or event_id, second)):
        _require_event(session, one, actor)
        repository = InstitutionRepository(session)
        circles = [_circle(circle) for circle in repository.circles(one, diagram, _seen(InstitutionCircle, actor))]
        if not circles:
            raise NotFound("venn.nothing", event=one, diagram=label_text(diagram))
        sides.append((circles, [_tie(tie) for tie in repository.ties(one, diagram, _seen(InstitutionTie, actor))]))
    (ours, our_ties), (theirs, their_ties) = sides
    return compare_diagrams(ours, our_ties, theirs, their_ties)


def institution_tie_lines(
    session: Session,
    *,
    actor: Actor,
    event_id: UUID | None = None,
    municipality_id: UUID | None = None,
    diagram: Diagram | None = None,
    relation: TieRelation | None = None,
    bounds: Bounds | None = None,
    after: int | None = None,
    limit: int = 100,
) -> tuple[TieLine, ...]:
    """Return ties as lines on the map, a page in the order in which they were made.

    Only what is an edge: touching, partial, full. A derived tie that an entered one overrules is left out, so is one
    whose ends have no place, the same place, or a place that the actor may not see.

    Parameters
    ----------
    bounds
        Box that the line itself meets, degrees.
    after
        `TieLine.fid` after which the page begins.
    limit
        Most lines.
    """
    conditions = _conditions(actor, event_id, municipality_id, diagram, relation)
    pages = _pages(InstitutionRepository(session), conditions, bounds, after)
    lines = chain.from_iterable(_lines_of(session, actor, page, bounds) for page in pages)
    return tuple(islice(lines, limit))


def _pages(
    repository: InstitutionRepository,
    conditions: Sequence[ColumnElement[bool]],
    bounds: Bounds | None,
    after: int | None,
) -> Iterator[Sequence[InstitutionTie]]:
    ties = repository.tie_page(*conditions, bounds=bounds, after=after, limit=_BATCH)
    while ties:
        yield ties
        if len(ties) < _BATCH:
            return
        ties = repository.tie_page(*conditions, bounds=bounds, after=ties[-1].fid, limit=_BATCH)


def _lines_of(
    session: Session, actor: Actor, ties: Sequence[InstitutionTie], bounds: Bounds | None
) -> Iterator[TieLine]:
    repository = InstitutionRepository(session)
    ends = {end for tie in ties for end in (tie.first_id, tie.second_id)}
    circles = repository.by_id(ends, _seen(InstitutionCircle, actor))
    places = _points(repository, list(circles.values()), actor)
    overruled = _overruled(repository, ties)
    for tie in ties:
        if tie.first_id not in places or tie.second_id not in places or tie.id in overruled:
            continue
        start, end = places[tie.first_id], places[tie.second_id]
        line = LineString([start, end])
        if not start.equals(end) and (bounds is None or any(line.intersects(box(*one)) for one in parts_of(bounds))):
            yield _line(tie, circles, line)


def _line(tie: InstitutionTie, circles: dict[UUID, InstitutionCircle], line: LineString) -> TieLine:
    return TieLine(
        fid=tie.fid,
        id=tie.id,
        event_id=tie.event_id,
        municipality_id=tie.municipality_id,
        diagram=tie.diagram,
        relation=tie.relation,
        origin=tie.origin,
        weak=tie.weak,
        first_id=tie.first_id,
        second_id=tie.second_id,
        first=_names(circles[tie.first_id]),
        second=_names(circles[tie.second_id]),
        geometry=line,
    )


def _conditions(
    actor: Actor,
    event_id: UUID | None,
    municipality_id: UUID | None,
    diagram: Diagram | None,
    relation: TieRelation | None,
) -> list[ColumnElement[bool]]:
    edges = [relation] if relation is not None else list(TieRelation)
    found = [
        _seen(InstitutionTie, actor),
        InstitutionTie.relation.in_([one for one in edges if one.is_tie]),
    ]
    if event_id is not None:
        found.append(InstitutionTie.event_id == event_id)
    if municipality_id is not None:
        found.append(InstitutionTie.municipality_id == municipality_id)
    if diagram is not None:
        found.append(InstitutionTie.diagram == diagram)
    return found


def _overruled(repository: InstitutionRepository, ties: Sequence[InstitutionTie]) -> set[UUID]:
    derived = [tie for tie in ties if tie.origin is TieOrigin.DERIVED]
    entered = {
        pair_of(tie.first_id, tie.second_id)
        for tie in repository.entered_between({end for tie in derived for end in (tie.first_id, tie.second_id)})
    }
    return {tie.id for tie in derived if pair_of(tie.first_id, tie.second_id) in entered}


def _require_event(session: Session, event_id: UUID, actor: Actor) -> AppraisalEvent:
    return RecordRepository(session, AppraisalEvent).one(event_id, visible(AppraisalEvent, actor, Subject.EVENTS))


def _seen(model: type[InstitutionCircle | InstitutionTie], actor: Actor) -> ColumnElement[bool]:
    return visible(model, actor, Subject.INSTITUTIONS)


def _points(repository: InstitutionRepository, circles: Sequence[InstitutionCircle], actor: Actor) -> dict[UUID, Point]:
    places = repository.places(circles, visible(MapFeature, actor, Subject.FEATURES))
    return {one: _point(place) for one, place in places.items()}


def _point(place: BaseGeometry) -> Point:
    return place if isinstance(place, Point) else place.representative_point()


def _names(circle: InstitutionCircle) -> Names:
    return Names(circle.name_ky, circle.name_ru, circle.name_en)


def _circle(circle: InstitutionCircle, place: Point | None = None) -> Circle:
    return Circle(
        id=circle.id,
        names=tuple(filter(None, (circle.name_ky, circle.name_ru, circle.name_en))),
        importance=circle.importance,
        kind=circle.kind,
        ranking=circle.ranking,
        satisfaction=circle.satisfaction,
        influence=circle.influence,
        stakeholder_importance=circle.stakeholder_importance,
        local_government=circle.is_local_government,
        lonlat=None if place is None else (place.x, place.y),
        needs=frozenset(UUID(one) for one in circle.needs or ()),
    )


def _tie(tie: InstitutionTie) -> Tie:
    return Tie(tie.first_id, tie.second_id, tie.relation, tie.origin, tie.weak)
