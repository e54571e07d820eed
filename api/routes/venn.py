"""Venn diagrams of events as networks."""

from __future__ import annotations

import json
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.routes.access import Store, Who
from geo.domain.institutions import (
    Diagram,
    Importance,
    Satisfaction,
    StakeholderRole,
    TieOrigin,
    TieRelation,
    Weight,
)
from geo.domain.venn.diagram import Circle, Tie
from geo.domain.venn.drawn import TOUCHING_TOLERANCE
from geo.domain.venn.exporting import edges_csv, geojson_lines, graphml, nodes_csv
from geo.domain.vocabulary import Kind
from geo.services.venn_network import VennView, compare_event_diagrams, event_venn

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/events/{event_id}/venn", tags=["venn"])


class Named(BaseModel):
    """An institution by id and name."""

    id: UUID
    name_ky: str
    name_ru: str
    name_en: str


class Node(Named):
    """An institution with its measures."""

    kind: Kind | None
    importance: Importance | None
    ranking: int | None
    satisfaction: Satisfaction | None
    influence: Weight | None
    stakeholder_importance: Weight | None
    stakeholder_role: StakeholderRole
    is_local_government: bool
    degree: int
    betweenness: float
    component: int
    lonlat: tuple[float, float] | None


class Edge(BaseModel):
    """A tie."""

    first_id: UUID
    second_id: UUID
    relation: TieRelation
    origin: TieOrigin
    weak: bool


class Need(BaseModel):
    """An institution that needs another without a tie to it."""

    institution: Named
    needs: Named


class Matrix(BaseModel):
    """The stakeholder matrix."""

    key: list[Named]
    secondary: list[Named]
    unplaced: list[Named]


class VennNetwork(BaseModel):
    """A diagram as a network: what holds, what the drawing shows, what follows."""

    event_id: UUID
    diagram: Diagram
    touching_tolerance: float
    institutions: list[Node]
    ties: list[Edge]
    derived_ties: list[Edge]
    components: list[list[UUID]]
    local_government: list[Named]
    without_local_government: list[Named]
    local_government_unknown: list[Named]
    needed_without_tie: list[Need]
    stakeholders: Matrix
    without_place: list[Named]


class OtherSize(BaseModel):
    """An institution that two diagrams find differently important."""

    name: str
    first: Importance
    second: Importance


class OtherTie(BaseModel):
    """Two institutions between which two diagrams see another contact."""

    names: tuple[str, str]
    first: TieRelation
    second: TieRelation


class VennComparison(BaseModel):
    """What is different in two diagrams."""

    only_first: list[str]
    only_second: list[str]
    other_sizes: list[OtherSize]
    other_ties: list[OtherTie]
    same: int


class Format(StrEnum):
    """How a network is handed out."""

    GRAPHML = "graphml"
    GEOJSON = "geojson"
    NODES = "nodes.csv"
    EDGES = "edges.csv"


_MEDIA_TYPES = {
    Format.GRAPHML: "application/graphml+xml",
    Format.GEOJSON: "application/geo+json",
    Format.NODES: "text/csv; charset=utf-8",
    Format.EDGES: "text/csv; charset=utf-8",
}


@router.get("", summary="The network of a Venn diagram with its measures")
def read_network(event_id: UUID, store: Store, who: Who, diagram: Diagram = Diagram.EVERYBODY) -> VennNetwork:
    """Return ties, degree, betweenness, components, who has no contact to local government, and the matrix."""
    with store.read() as session:
        return _network(event_venn(session, event_id, diagram=diagram, actor=who))


@router.get("/comparison", summary="Two Venn diagrams side by side")
def compare(
    event_id: UUID,
    store: Store,
    who: Who,
    *,
    first: Diagram = Diagram.WOMEN,
    second: Diagram = Diagram.MEN,
    other_event_id: UUID | None = None,
) -> VennComparison:
    """Compare two diagrams of an event, or one of it with one of another event."""
    with store.read() as session:
        found = compare_event_diagrams(
            session, event_id, first=first, second=second, actor=who, other_event_id=other_event_id
        )
    return VennComparison(
        only_first=[one.name for one in found.only_first],
        only_second=[one.name for one in found.only_second],
        other_sizes=[OtherSize(name=one.circle.name, first=one.first, second=one.second) for one in found.other_sizes],
        other_ties=[
            OtherTie(names=(one.one.name, one.other.name), first=one.first, second=one.second)
            for one in found.other_ties
        ],
        same=found.same,
    )


@router.get(
    "/export",
    summary="The network as a file",
    response_class=Response,
    responses={200: {"content": {kind.split(";")[0]: {} for kind in _MEDIA_TYPES.values()}}},
)
def export(
    event_id: UUID, store: Store, who: Who, format: Format = Format.GRAPHML, diagram: Diagram = Diagram.EVERYBODY
) -> Response:
    """Return GraphML, GeoJSON lines between places, or a table of nodes or edges."""
    with store.read() as session:
        network = event_venn(session, event_id, diagram=diagram, actor=who).network
    if format is Format.GRAPHML:
        content = graphml(network)
    elif format is Format.GEOJSON:
        content = json.dumps(geojson_lines(network), ensure_ascii=False)
    else:
        content = nodes_csv(network) if format is Format.NODES else edges_csv(network)
    name = f"venn_{event_id}_{diagram}{'.' if format in (Format.GRAPHML, Format.GEOJSON) else '_'}{format}"
    return Response(
        content, media_type=_MEDIA_TYPES[format], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _network(view: VennView) -> VennNetwork:
    network = view.network

    def named(ids: tuple[UUID, ...]) -> list[Named]:
        return [_named(view, one) for one in ids]

    by_role = {
        role: named(tuple(one.id for one in network.circles if view.roles[one.id] is role)) for role in StakeholderRole
    }
    return VennNetwork(
        event_id=view.event_id,
        diagram=view.diagram,
        touching_tolerance=TOUCHING_TOLERANCE,
        institutions=[_node(view, number, circle) for number, circle in enumerate(network.circles)],
        ties=[_edge(tie) for tie in network.ties],
        derived_ties=[_edge(tie) for tie in view.derived],
        components=[list(part) for part in network.components],
        local_government=named(network.local_government),
        without_local_government=named(network.without_local_government),
        local_government_unknown=named(network.local_government_unknown),
        needed_without_tie=[
            Need(institution=_named(view, one), needs=_named(view, other)) for one, other in network.needed_without_tie
        ],
        stakeholders=Matrix(
            key=by_role[StakeholderRole.KEY],
            secondary=by_role[StakeholderRole.SECONDARY],
            unplaced=by_role[StakeholderRole.UNPLACED],
        ),
        without_place=named(view.without_place),
    )


def _named(view: VennView, one: UUID) -> Named:
    names = view.names[one]
    return Named(id=one, name_ky=names.ky, name_ru=names.ru, name_en=names.en)


def _node(view: VennView, number: int, circle: Circle) -> Node:
    measures = view.network.measures[number]
    return Node(
        **_named(view, circle.id).model_dump(),
        kind=circle.kind,
        importance=circle.importance,
        ranking=circle.ranking,
        satisfaction=circle.satisfaction,
        influence=circle.influence,
        stakeholder_importance=circle.stakeholder_importance,
        stakeholder_role=view.roles[circle.id],
        is_local_government=circle.is_local_government,
        degree=measures.degree,
        betweenness=measures.betweenness,
        component=measures.component,
        lonlat=circle.lonlat,
    )


def _edge(tie: Tie) -> Edge:
    return Edge(first_id=tie.first, second_id=tie.second, relation=tie.relation, origin=tie.origin, weak=tie.weak)
