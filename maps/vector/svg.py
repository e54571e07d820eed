"""A drawing as SVG text: shapes, hatches and real letters, sized in millimetres."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from fontTools import subset
from fontTools.ttLib import TTFont

from maps.print.letters import font_file
from maps.style import Hatch, symbol_markup
from maps.vector.drawing import Anchor, Disc, Drawing, Item, Look, Outline, Sign, Words

__all__ = ["to_svg"]

_SVG = "http://www.w3.org/2000/svg"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHORS = {Anchor.START: "start", Anchor.MIDDLE: "middle", Anchor.END: "end"}


def to_svg(drawing: Drawing, *, prefix: str = "d", with_words: bool = True, with_font: bool = False) -> str:
    """Write a drawing as SVG.

    Parameters
    ----------
    drawing
        What is drawn.
    prefix
        Begins every id, so that several drawings stand in one page of HTML.
    with_words
        Without words it is what a PDF lays its own words over.
    with_font
        Bring the letters along (a part of the font with what is written), for a file that is opened by itself.
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": _SVG,
            "width": f"{_n(drawing.width)}mm",
            "height": f"{_n(drawing.height)}mm",
            "viewBox": f"0 0 {_n(drawing.width)} {_n(drawing.height)}",
            "role": "img",
            "lang": drawing.language.value,
            "font-family": "'Noto Sans', sans-serif",
        },
    )
    ET.SubElement(root, "title").text = _clean(drawing.title)
    if drawing.about:
        ET.SubElement(root, "desc").text = _clean(drawing.about)
    if with_font and with_words:
        ET.SubElement(root, "style").text = _font_face("".join(one.text for one in drawing.words()))
    hatches = {name: number for number, name in enumerate(dict.fromkeys(_hatches(drawing.items)))}
    if hatches:
        definitions = ET.SubElement(root, "defs")
        for key, number in hatches.items():
            _pattern(definitions, f"{prefix}-hatch-{number}", *key)
    if drawing.paper:
        size = {"width": _n(drawing.width), "height": _n(drawing.height)}
        ET.SubElement(root, "rect", {"class": "paper", **size, "fill": drawing.paper})
    for item in drawing.items:
        match item:
            case Words():
                if with_words:
                    _words(root, item)
            case Sign():
                _sign(root, item)
            case _:
                _shape(root, item, hatches, prefix)
    return ET.tostring(root, encoding="unicode")


def _n(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def _clean(words: str) -> str:
    return _NOT_XML.sub("", words)


def _hatches(items: Iterable[Item]) -> Iterator[tuple[Hatch, str, float]]:
    for item in items:
        if isinstance(item, Disc | Outline) and item.look.hatch is not Hatch.NONE:
            yield item.look.hatch, item.look.hatch_colour, item.look.hatch_scale


def _pattern(parent: ET.Element, name: str, hatch: Hatch, colour: str, scale: float) -> None:
    tile = _n(hatch.tile)
    pattern = ET.SubElement(
        parent,
        "pattern",
        {"id": name, "width": tile, "height": tile, "patternUnits": "userSpaceOnUse"}
        | {"patternTransform": f"scale({_n(scale)})"},
    )
    width = "2.6" if hatch in (Hatch.DOTS, Hatch.STONES) else "1.3"
    look = {"fill": "none", "stroke": colour, "stroke-width": width, "stroke-linecap": "round"}
    ET.SubElement(pattern, "path", {"d": hatch.path, **look})


def _shape(root: ET.Element, item: Disc | Outline, hatches: dict[tuple[Hatch, str, float], int], prefix: str) -> None:
    look = item.look
    if isinstance(item, Disc):
        tag, form = "circle", {"cx": _n(item.x), "cy": _n(item.y), "r": _n(item.radius)}
    else:
        tag, form = "path", {"d": item.path, "fill-rule": "evenodd"}
    named = {"class": item.role} if item.role else {}
    filled = {"fill": look.fill or "none"} | ({"fill-opacity": _n(look.opacity)} if look.opacity < 1 else {})
    if look.hatch is Hatch.NONE:
        element = ET.SubElement(root, tag, named | form | filled | _stroke(look))
    else:
        # Colour first and hatch over it; the outline goes with the hatch, so that it lies on top.
        if look.fill:
            ET.SubElement(root, tag, form | filled)
        pattern = hatches[look.hatch, look.hatch_colour, look.hatch_scale]
        element = ET.SubElement(root, tag, named | form | {"fill": f"url(#{prefix}-hatch-{pattern})"} | _stroke(look))
    if item.about:
        ET.SubElement(element, "title").text = _clean(item.about)


def _stroke(look: Look) -> dict[str, str]:
    if not look.stroke:
        return {}
    dash = {"stroke-dasharray": " ".join(map(_n, look.dash))} if look.dash else {}
    ends = {"stroke-linecap": "round", "stroke-linejoin": "round"} if look.round_ends else {}
    return {"stroke": look.stroke, "stroke-width": _n(look.width)} | dash | ends


def _sign(root: ET.Element, sign: Sign) -> None:
    # The symbols are our own drawings; nothing that people typed is read as markup here.
    look = {"fill": "none", "stroke": sign.colour, "color": sign.colour, "stroke-width": "1.75"}
    ends = {"stroke-linecap": "round", "stroke-linejoin": "round"}
    place = {"transform": f"translate({_n(sign.x)} {_n(sign.y)}) scale({_n(sign.side / 24)})"}
    group = ET.SubElement(root, "g", {"class": f"sign {sign.kind.value}"} | look | ends | place)
    group.extend(ET.fromstring(f"<g>{symbol_markup(sign.kind)}</g>"))


def _words(root: ET.Element, words: Words) -> None:
    weight = {"font-weight": "700"} if words.bold else {}
    named = {"class": words.role} if words.role else {}
    anchor = {} if words.anchor is Anchor.START else {"text-anchor": _ANCHORS[words.anchor]}
    place = {"x": _n(words.x), "y": _n(words.y), "font-size": _n(words.size), "fill": words.colour}
    ET.SubElement(root, "text", named | place | anchor | weight).text = _clean(words.text)


def _font_face(letters: str) -> str:
    """Return the style sheet with the part of the font that holds these letters, in all weights."""
    options = subset.Options(flavor="woff", layout_features=["*"], notdef_outline=True, name_IDs=[1, 2, 13, 14])
    with TTFont(font_file(), lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters + " ")
        cutter.subset(font)
        font.flavor = "woff"
        buffer = io.BytesIO()
        font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return (
        "@font-face{font-family:'Noto Sans';font-weight:100 900;"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )
