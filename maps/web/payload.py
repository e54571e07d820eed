"""What the page's scripts get: features, styles and words as plain JSON values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

from markupsafe import Markup
from shapely import force_2d
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.i18n import Language, text
from geo.snapshots import EventSnapshot, FeatureSnapshot
from maps.style import FeatureStyle, style_of
from maps.web.signs import hatch_reference, sign
from maps.web.words import facts_of

__all__ = ["as_script_json", "desired_kind_of", "event_payload", "parts_of"]

_DECIMALS = 6
"""A millionth of a degree is about 0.1 m on the ground, far below any position error."""


def desired_kind_of(feature: FeatureSnapshot) -> Kind | None:
    """Return what a wish is a wish for, where that was said."""
    given = feature.attributes.get("desired_kind")
    return Kind(str(given)) if given in {kind.value for kind in Kind} else None


def event_payload(snapshot: EventSnapshot, language: Language) -> dict[str, Any]:
    """Turn an event into what the page's scripts draw.

    Points are ``[lat, lon]`` in degrees, as Leaflet has them; position errors are in metres.
    """
    styles: dict[str, dict[str, Any]] = {}
    features = []
    for place, group in enumerate(snapshot.groups):
        for feature in group.features:
            desired = desired_kind_of(feature)
            look = f"{feature.kind.value}.{feature.layer.value}.{desired.value if desired else ''}"
            if look not in styles:
                styles[look] = _look(
                    feature.kind, style_of(feature.kind, layer=feature.layer, desired_kind=desired), language
                )
            features.append(_feature(feature, look, place, group.label, language))
    return {
        "features": [feature for feature in features if feature["points"] or feature["lines"] or feature["areas"]],
        "styles": styles,
        "words": {
            name: text(f"map.{name}", language)
            for name in ("close", "zoom_in", "zoom_out", "whole_map", "not_known", "position_error")
        }
        | {
            "shown": text("map.shown", language, shown="{shown}", total="{total}"),
            "metres": text("map.metres", language, number="{number}"),
            "kilometres": text("map.kilometres", language, number="{number}"),
        },
    }


def _feature(feature: FeatureSnapshot, look: str, place: int, group: str, language: Language) -> dict[str, Any]:
    parts = list(parts_of(feature.geometry))
    return {
        "id": str(feature.id),
        "name": feature.names.best(language),
        "kind": label(feature.kind, language),
        "layer": feature.layer.value,
        "layerLabel": label(feature.layer, language),
        "group": place,
        "look": look,
        "error": feature.position_error_m if feature.position_error_m and isfinite(feature.position_error_m) else None,
        "facts": facts_of(feature, group=group, language=language),
        "points": [_position(part) for part in parts if isinstance(part, Point)],
        "lines": [_path(part) for part in parts if isinstance(part, LineString)],
        "areas": [_rings(part) for part in parts if isinstance(part, Polygon)],
        "nameAt": _name_position(parts),
    }


def _look(kind: Kind, style: FeatureStyle, language: Language) -> dict[str, Any]:
    return {
        "row": legend_row(kind, style),
        "colour": style.tone.light,
        "nameColour": style.tone.light_text,
        "rank": style.rank,
        "sign": str(sign(style)),
        "strokes": [
            {
                "width": stroke.width,
                "dash": list(stroke.dash),
                "round": stroke.round_ends,
                "paper": stroke.paper,
            }
            for stroke in style.strokes
        ],
        "fill": f"url(#{hatch_reference(kind)})",
        "outline": {"width": style.area.outline, "dash": list(style.area.outline_dash)},
    }


def legend_row(kind: Kind, style: FeatureStyle) -> str:
    """Return the key of the legend row that explains a style."""
    return kind.value if style.symbol is kind else f"{kind.value}-{style.symbol.value}"


def parts_of(geometry: BaseGeometry) -> Iterator[Point | LineString | Polygon]:
    """Take a geometry apart into the points, lines and areas it is made of; empty ones are left out."""
    if geometry.is_empty:
        return
    if hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from parts_of(part)
    else:
        flat = force_2d(geometry)
        # A LinearRing is a LineString to shapely's class tree, and is drawn as one.
        if isinstance(flat, Point | LineString | Polygon):
            yield flat


def _position(point: Point) -> list[float]:
    return [round(point.y, _DECIMALS), round(point.x, _DECIMALS)]


def _path(line: LineString) -> list[list[float]]:
    return [[round(lat, _DECIMALS), round(lon, _DECIMALS)] for lon, lat in line.coords]


def _rings(area: Polygon) -> list[list[list[float]]]:
    return [_path(ring) for ring in (area.exterior, *area.interiors)]


def _name_position(parts: list[Point | LineString | Polygon]) -> list[float] | None:
    if not parts:
        return None
    largest = max(parts, key=lambda part: (part.area, part.length))
    if isinstance(largest, LineString):
        return _position(largest.interpolate(0.5, normalized=True))
    return _position(largest.representative_point())


def as_script_json(value: object) -> Markup:
    r"""Write a value as JSON that is inert inside an HTML script element, whatever people typed.

    ``<``, ``>`` and ``&`` become ``\u`` escapes, so no tag can begin or end in it; slashes are escaped so that an
    address in a name is not taken for a link; other letters stay readable.

    >>> print(as_script_json("</script> ң http://x"))
    "\u003c\/script\u003e ң http:\/\/x"
    """
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign_, escape in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("/", "\\/"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        written = written.replace(sign_, escape)
    return Markup(written)
