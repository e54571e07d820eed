"""Library links are taken off folium's elements, and unknown ones are not let through."""

from __future__ import annotations

import folium
import pytest
from branca.element import Figure
from folium.plugins import MarkerCluster

from maps.web.self_contained import addresses_in, inline_libraries


def test_links_become_text_on_the_instances_only() -> None:
    figure = Figure()
    paper = folium.Map(tiles=None)
    figure.add_child(paper)
    scripts, styles = inline_libraries(figure)
    assert len(scripts) == 1 and "leaflet" in scripts[0].lower()
    assert len(styles) == 1
    assert paper.default_js == [] and paper.default_css == []
    assert folium.Map.default_js and folium.Map.default_css


def test_a_library_that_is_not_carried_is_refused() -> None:
    paper = folium.Map(tiles=None)
    MarkerCluster().add_to(paper)
    with pytest.raises(LookupError, match="MarkerCluster asks for markerclusterjs from https"):
        inline_libraries(paper.get_root())


@pytest.mark.parametrize(
    "way_out",
    [
        '<script src="https://example.org/a.js">',
        '<link href="//example.org/a.css">',
        "a { background: url(images/layers.png) }",
        "a { background: url('//example.org/x.png') }",
        '@import "other.css";',
        "fetch('http://example.org')",
        "new WebSocket('wss://example.org')",
    ],
)
def test_ways_out_of_the_file_are_found(way_out: str) -> None:
    assert addresses_in(way_out)


@pytest.mark.parametrize(
    "inside",
    [
        "a { fill: url(#hatch-arable) }",
        "a { background: url(data:image/png;base64,AAAA) }",
        '<use href="#symbol-well"/>',
    ],
)
def test_references_inside_the_file_are_no_ways_out(inside: str) -> None:
    assert addresses_in(inside) == ()
