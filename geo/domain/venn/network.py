"""The institutions as a network: who is in the middle, what falls apart, who has no contact (networkx)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from geo.domain.institutions import TieRelation
from geo.domain.venn.diagram import Circle, Tie, pair_of, standing_ties

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["CircleMeasures", "Network", "make_network"]


@dataclass(frozen=True, slots=True)
class CircleMeasures:
    """Where a circle stands in the network.

    Attributes
    ----------
    degree
        Number of ties.
    betweenness
        Share of the shortest ways between all other pairs that lead over it, 0 to 1 (Freeman 1977).
    component
        Number of the part of the network that it is in, the largest first, from 1.
    """

    id: UUID
    degree: int
    betweenness: float
    component: int


@dataclass(frozen=True, slots=True)
class Network:
    """A diagram's network and what it tells.

    Attributes
    ----------
    circles
        In order of ranking, then as given.
    ties
        Edges: touching, partial or full.
    measures
        One for each circle, in the order of the circles.
    components
        Parts that hang together, the largest first; a circle without ties is a part of its own.
    local_government
        Circles of the executive and the council.
    without_local_government
        Circles that no tie joins to any of these; empty where the diagram has no local government at all.
    local_government_unknown
        Those of them of which the participants could not say.
    needed_without_tie
        Pairs where the first needs the second and no tie joins them.
    """

    circles: tuple[Circle, ...]
    ties: tuple[Tie, ...]
    measures: tuple[CircleMeasures, ...]
    components: tuple[tuple[UUID, ...], ...]
    local_government: tuple[UUID, ...]
    without_local_government: tuple[UUID, ...]
    local_government_unknown: tuple[UUID, ...]
    needed_without_tie: tuple[tuple[UUID, UUID], ...]

    def graph(self) -> nx.Graph[UUID]:
        """Return the network for further measures: nodes are ids, edges have ``relation`` and ``weak``."""
        graph = _empty_graph()
        graph.add_nodes_from(circle.id for circle in self.circles)
        for tie in self.ties:
            graph.add_edge(tie.first, tie.second, relation=tie.relation.value, weak=tie.weak)
        return graph


def _empty_graph() -> nx.Graph[UUID]:
    # Brought in at first use: it would make the service slow to start, and most requests ask for no network.
    import networkx  # noqa: PLC0415

    return networkx.Graph()


def make_network(circles: Sequence[Circle], ties: Iterable[Tie]) -> Network:
    """Measure one diagram.

    Parameters
    ----------
    circles
        Of one diagram of one event.
    ties
        Entered and derived; see `geo.domain.venn.diagram.standing_ties`.
    """
    ordered = tuple(sorted(circles, key=lambda one: (one.ranking is None, one.ranking or 0)))
    standing = standing_ties(ordered, ties)
    edges = tuple(tie for tie in standing.values() if tie.relation.is_tie)
    import networkx as nx  # noqa: PLC0415 - see `_empty_graph`

    graph = _empty_graph()
    graph.add_nodes_from(circle.id for circle in ordered)
    graph.add_edges_from(tie.pair for tie in edges)
    place = {circle.id: number for number, circle in enumerate(ordered)}
    parts = [sorted(part, key=place.__getitem__) for part in nx.connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), place[part[0]]))
    component = {one: number for number, part in enumerate(parts, start=1) for one in part}
    between = nx.betweenness_centrality(graph)
    governments = tuple(circle.id for circle in ordered if circle.is_local_government)
    without = tuple(
        circle.id
        for circle in ordered
        if governments
        and circle.id not in governments
        and not any(graph.has_edge(circle.id, one) for one in governments)
    )
    unknown = tuple(one for one in without if any(_is_unknown(standing, one, other) for other in governments))
    return Network(
        circles=ordered,
        ties=edges,
        measures=tuple(
            CircleMeasures(one.id, graph.degree[one.id], between[one.id], component[one.id]) for one in ordered
        ),
        components=tuple(map(tuple, parts)),
        local_government=governments,
        without_local_government=without,
        local_government_unknown=unknown,
        needed_without_tie=tuple(
            (one.id, needed)
            for one in ordered
            for needed in sorted(one.needs & place.keys(), key=place.__getitem__)
            if not graph.has_edge(one.id, needed)
        ),
    )


def _is_unknown(standing: dict[tuple[UUID, UUID], Tie], first: UUID, second: UUID) -> bool:
    tie = standing.get(pair_of(first, second))
    return tie is not None and tie.relation is TieRelation.UNKNOWN
