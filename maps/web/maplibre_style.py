"""The style table as MapLibre layers, for maps that are worked on in a browser (MapLibre Style Specification 8)."""

from __future__ import annotations

from typing import Any

from geo.domain.vocabulary import Kind
from maps.style.features import style_of

__all__ = ["feature_layers"]


def feature_layers(source: str, *, dark: bool = False, source_layer: str = "") -> list[dict[str, Any]]:
    """Return layers that draw features by their property ``kind``.

    Parameters
    ----------
    source
        Name of the source.
    dark
        For a dark screen.
    source_layer
        Layer in the tiles, where the source has tiles.
    """
    colour: list[Any] = ["match", ["get", "kind"]]
    width: list[Any] = ["match", ["get", "kind"]]
    for kind in Kind:
        style = style_of(kind)
        colour += [kind.value, style.tone.dark if dark else style.tone.light]
        width += [kind.value, max(stroke.width for stroke in style.strokes)]
    colour.append("#666360")
    width.append(2)
    of: dict[str, Any] = {"source": source, **({"source-layer": source_layer} if source_layer else {})}

    def drawn(shape: str) -> list[Any]:
        return ["==", ["geometry-type"], shape]

    return [
        {
            "id": f"{source}-areas",
            "type": "fill",
            **of,
            "filter": drawn("Polygon"),
            "paint": {"fill-color": colour, "fill-opacity": 0.14},
        },
        {
            "id": f"{source}-outlines",
            "type": "line",
            **of,
            "filter": drawn("Polygon"),
            "paint": {"line-color": colour, "line-width": 1.75},
        },
        {
            "id": f"{source}-lines",
            "type": "line",
            **of,
            "filter": drawn("LineString"),
            "layout": {"line-cap": "round", "line-join": "round"},
            "paint": {"line-color": colour, "line-width": width},
        },
        {
            "id": f"{source}-points",
            "type": "circle",
            **of,
            "filter": drawn("Point"),
            "paint": {
                "circle-color": "#26231F" if dark else "#FFFDF9",
                "circle-radius": 8,
                "circle-stroke-color": colour,
                "circle-stroke-width": 2.5,
            },
        },
    ]
