"""The style table as MapLibre layers, for maps that are worked on in a browser (MapLibre Style Specification 8).

Signs and hatches are pictures that `maps.web.map_signs` draws; layers name them, and the page fetches what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from geo.domain.vocabulary import Kind
from geo.i18n import LANGUAGES, Language
from maps.style.features import style_of
from maps.style.palette import PALETTE, Role
from maps.style.strokes import Stroke

__all__ = ["KINDS_LAYER", "feature_layers"]

KINDS_LAYER: Final = "ayilmap:kinds"
"""Key in a layer's metadata: its source layer, so that a page knows which layers to draw anew in another light."""
_UNKNOWN: Final = "#666360"
_FONT: Final = ["Noto Sans", "DejaVu Sans", "sans-serif"]
"""Fonts of the reader's machine: without an address of glyphs MapLibre draws letters itself."""
_NAMES_FROM: Final = 13.5


def feature_layers(
    source: str, *, dark: bool = False, source_layer: str = "", language: Language = Language.KY
) -> list[dict[str, Any]]:
    """Return layers that draw features by their property ``kind``: areas, lines, points with signs, names.

    Parameters
    ----------
    source
        Name of the source; the layers' ids begin with it.
    dark
        For a dark screen.
    source_layer
        Layer in the tiles, where the source has tiles.
    language
        Of names.
    """
    of = {
        "source": source,
        **({"source-layer": source_layer} if source_layer else {}),
        "metadata": {KINDS_LAYER: source_layer},
    }
    layers = [*_areas(dark=dark), *_lines(dark=dark), *_points(dark=dark), *_names(language, dark=dark)]
    return [{"id": f"{source}-{layer.pop('id')}", **of, **layer} for layer in layers]


def _drawn(shape: str, *more: Any) -> list[Any]:
    is_shape = ["==", ["geometry-type"], shape]
    return ["all", is_shape, *more] if more else is_shape


def _of(kinds: Iterable[Kind]) -> list[Any]:
    return ["in", ["get", "kind"], ["literal", [kind.value for kind in kinds]]]


def _by_kind(value: Callable[[Kind], Any], other: Any, kinds: Iterable[Kind] = Kind) -> list[Any]:
    """Return an expression that picks by kind; kinds of one value share a branch."""
    groups: dict[str, tuple[list[str], Any]] = {}
    for kind in kinds:
        found = value(kind)
        groups.setdefault(repr(found), ([], found))[0].append(kind.value)
    branches: list[Any] = []
    for names, found in groups.values():
        branches += [names, ["literal", found] if isinstance(found, list) else found]
    return ["match", ["get", "kind"], *branches, ["literal", other] if isinstance(other, list) else other]


def _colour(kind: Kind, *, dark: bool) -> str:
    tone = style_of(kind).tone
    return tone.dark if dark else tone.light


def _areas(*, dark: bool) -> list[dict[str, Any]]:
    colour = _by_kind(lambda kind: _colour(kind, dark=dark), _UNKNOWN)
    theme = "dark" if dark else "light"
    plain = [kind for kind in Kind if not style_of(kind).area.outline_dash]
    dashed = [kind for kind in Kind if style_of(kind).area.outline_dash]
    width = _by_kind(lambda kind: style_of(kind).area.outline, 1.75)
    outline = {"line-color": colour, "line-width": width}
    return [
        {
            "id": "areas",
            "type": "fill",
            "filter": _drawn("Polygon"),
            "paint": {"fill-color": colour, "fill-opacity": _by_kind(lambda kind: style_of(kind).area.tint, 0.1)},
        },
        {
            "id": "hatches",
            "type": "fill",
            "filter": _drawn("Polygon", _of(Kind)),
            "paint": {"fill-pattern": ["concat", "hatch/", ["get", "kind"], f"/{theme}"]},
        },
        {
            "id": "outlines",
            "type": "line",
            "filter": _drawn("Polygon", ["!", _of(dashed)]) if plain else _drawn("Polygon"),
            "layout": {"line-join": "round"},
            "paint": outline,
        },
        {
            "id": "outlines-dashed",
            "type": "line",
            "filter": _drawn("Polygon", _of(dashed)),
            "layout": {"line-join": "round"},
            "paint": {**outline, "line-dasharray": _by_kind(_area_dash, [1, 0], dashed)},
        },
    ]


def _area_dash(kind: Kind) -> list[float]:
    area = style_of(kind).area
    return [length / area.outline for length in area.outline_dash]


def _lines(*, dark: bool) -> list[dict[str, Any]]:
    """Return the strokes of lines, the lowest of every line before the next: crossings then run into one another."""
    paper = PALETTE[Role.PAPER].dark if dark else PALETTE[Role.PAPER].light
    layers = []
    most = max(len(style_of(kind).strokes) for kind in Kind)
    for level in range(most):
        strokes = {kind: style_of(kind).strokes[level] for kind in Kind if len(style_of(kind).strokes) > level}
        for is_round in (True, False):
            for is_dashed in (False, True):
                here = {
                    kind: stroke
                    for kind, stroke in strokes.items()
                    if stroke.round_ends is is_round and bool(stroke.dash) is is_dashed
                }
                if here:
                    layers.append(_stroke_layer(here, level, paper, dark=dark))
    return layers


def _stroke_layer(strokes: dict[Kind, Stroke], level: int, paper: str, *, dark: bool) -> dict[str, Any]:
    first = next(iter(strokes.values()))
    is_main = level == 0 and first.round_ends and not first.dash
    paint: dict[str, Any] = {
        "line-color": _by_kind(
            lambda kind: paper if strokes[kind].paper else _colour(kind, dark=dark), _UNKNOWN, strokes
        ),
        "line-width": _by_kind(lambda kind: strokes[kind].width, 2, strokes),
    }
    if first.dash:
        paint["line-dasharray"] = _by_kind(
            lambda kind: [length / strokes[kind].width for length in strokes[kind].dash], [1, 0], strokes
        )
    others = [kind for kind in Kind if kind not in strokes]
    ends = ("round" if first.round_ends else "flat") + ("-dashed" if first.dash else "")
    return {
        "id": "lines" if is_main else f"lines-{level}-{ends}",
        "type": "line",
        # Kinds of a newer program are drawn too, as plain lines.
        "filter": _drawn("LineString", ["!", _of(others)]) if is_main else _drawn("LineString", _of(strokes)),
        "layout": {"line-cap": "round" if first.round_ends else "butt", "line-join": "round"},
        "paint": paint,
    }


def _points(*, dark: bool) -> list[dict[str, Any]]:
    theme = "dark" if dark else "light"
    card = PALETTE[Role.CARD].dark if dark else PALETTE[Role.CARD].light
    rank = _by_kind(lambda kind: style_of(kind).rank, 3)
    far = ["match", rank, 1, 0.8, 2, 0.66, 0.5]
    near = ["match", rank, 1, 1, 2, 0.92, 0.8]
    return [
        {
            # Under the signs: what is seen until they are there, and where there are none.
            "id": "points",
            "type": "circle",
            "filter": _drawn("Point"),
            "paint": {
                "circle-color": card,
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 3, 16, 7],
                "circle-stroke-color": _by_kind(lambda kind: _colour(kind, dark=dark), _UNKNOWN),
                "circle-stroke-width": 2,
            },
        },
        {
            "id": "signs",
            "type": "symbol",
            "filter": _drawn("Point", _of(Kind)),
            "layout": {
                "icon-image": ["concat", "sign/", ["get", "kind"], f"/{theme}"],
                "icon-size": ["interpolate", ["linear"], ["zoom"], 12, far, 16, near],
                "icon-allow-overlap": True,
                "icon-ignore-placement": False,
                "symbol-sort-key": ["-", 3, rank],
            },
        },
    ]


def _names(language: Language, *, dark: bool) -> list[dict[str, Any]]:
    ink, paper = PALETTE[Role.INK], PALETTE[Role.PAPER]
    fields = [f"name_{language}", "name_ky", "name", *(f"name_{other}" for other in LANGUAGES if other != language)]
    name: list[Any] = ["case"]
    for field in dict.fromkeys(fields):
        name += [["to-boolean", ["get", field]], ["get", field]]
    text = {
        "text-field": [*name, ""],
        "text-font": _FONT,
        "text-size": 13,
        "text-max-width": 9,
        "text-padding": 3,
        "symbol-sort-key": _by_kind(lambda kind: style_of(kind).rank, 3),
    }
    paint = {
        "text-color": ink.dark if dark else ink.light,
        "text-halo-color": paper.dark if dark else paper.light,
        "text-halo-width": 1.75,
    }
    beside = {"text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 1.25}
    return [
        {
            "id": "names-lines",
            "type": "symbol",
            "minzoom": _NAMES_FROM,
            "filter": _drawn("LineString"),
            "layout": {**text, "symbol-placement": "line", "text-max-angle": 30},
            "paint": paint,
        },
        {
            "id": "names-areas",
            "type": "symbol",
            "minzoom": _NAMES_FROM,
            "filter": _drawn("Polygon"),
            "layout": text,
            "paint": paint,
        },
        {
            "id": "names",
            "type": "symbol",
            "minzoom": _NAMES_FROM,
            "filter": _drawn("Point"),
            "layout": {**text, **beside},
            "paint": paint,
        },
    ]
