"""The network for other programs: GraphML, GeoJSON lines, tables of nodes and edges."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from geo.domain.spreadsheet_cells import inert
from geo.domain.venn.diagram import Circle
from geo.domain.venn.network import Network

__all__ = ["edges_csv", "geojson_lines", "graphml", "nodes_csv"]


def graphml(network: Network) -> str:
    """Return the network as GraphML; what was not said of an institution is left out: GraphML has no empty value."""
    import networkx as nx  # noqa: PLC0415 - see `geo.domain.venn.network`

    graph: nx.Graph[str] = nx.Graph()
    for circle, values in zip(network.circles, _nodes(network), strict=True):
        graph.add_node(str(circle.id), **{name: value for name, value in values.items() if value not in (None, "")})
    for tie in network.ties:
        graph.add_edge(
            str(tie.first), str(tie.second), relation=tie.relation.value, origin=tie.origin.value, weak=tie.weak
        )
    return "\n".join(nx.generate_graphml(graph)) + "\n"


def nodes_csv(network: Network) -> str:
    """Return the institutions with their measures as CSV (RFC 4180), UTF-8 text."""
    return _csv(_nodes(network), ("id", *_NODE_COLUMNS))


def edges_csv(network: Network) -> str:
    """Return the ties as CSV (RFC 4180), UTF-8 text."""
    names = {circle.id: circle.name for circle in network.circles}
    rows = [
        {
            "first_id": str(tie.first),
            "second_id": str(tie.second),
            "first": names[tie.first],
            "second": names[tie.second],
            "relation": tie.relation.value,
            "origin": tie.origin.value,
            "weak": tie.weak,
        }
        for tie in network.ties
    ]
    return _csv(rows, ("first_id", "second_id", "first", "second", "relation", "origin", "weak"))


def geojson_lines(network: Network) -> dict[str, Any]:
    """Return the ties as GeoJSON lines between the places of institutions, lon lat.

    Ties of institutions without a place, or with one and the same, cannot be drawn; institutions without a place are
    listed under ``without_place``.
    """
    circles = {circle.id: circle for circle in network.circles}
    features = []
    for tie in network.ties:
        first, second = circles[tie.first], circles[tie.second]
        if first.lonlat is None or second.lonlat is None or first.lonlat == second.lonlat:
            continue
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": [list(first.lonlat), list(second.lonlat)]},
                "properties": {
                    "first_id": str(first.id),
                    "second_id": str(second.id),
                    "first": first.name,
                    "second": second.name,
                    "relation": tie.relation.value,
                    "origin": tie.origin.value,
                    "weak": tie.weak,
                },
            }
        )
    without = [{"id": str(one.id), "name": one.name} for one in network.circles if one.lonlat is None]
    return {"type": "FeatureCollection", "features": features, "without_place": without}


_NODE_COLUMNS = (
    *("name", "kind", "importance", "ranking", "satisfaction", "influence", "stakeholder_importance"),
    *("local_government", "degree", "betweenness", "component", "lon", "lat"),
)


def _nodes(network: Network) -> list[dict[str, Any]]:
    return [
        {"id": str(circle.id), **_said(circle), "degree": one.degree, "betweenness": round(one.betweenness, 6)}
        | {"component": one.component, **_place(circle)}
        for circle, one in zip(network.circles, network.measures, strict=True)
    ]


def _said(circle: Circle) -> dict[str, Any]:
    codes = {
        "kind": circle.kind,
        "importance": circle.importance,
        "satisfaction": circle.satisfaction,
        "influence": circle.influence,
        "stakeholder_importance": circle.stakeholder_importance,
    }
    return {
        "name": circle.name,
        "ranking": circle.ranking,
        "local_government": circle.is_local_government,
        **{name: None if code is None else code.value for name, code in codes.items()},
    }


def _place(circle: Circle) -> dict[str, Any]:
    lon, lat = circle.lonlat or (None, None)
    return {"lon": lon, "lat": lat}


def _csv(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(row.get(name)) for name in columns})
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(value)
