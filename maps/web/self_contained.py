"""Keep a folium page in one file: nothing it draws with may be loaded from anywhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from branca.element import Element

from maps.web.assets import leaflet_script, leaflet_style

__all__ = ["addresses_in", "inline_libraries"]

_SCRIPTS: Mapping[str, Callable[[], str]] = MappingProxyType({"leaflet": leaflet_script})
_STYLES: Mapping[str, Callable[[], str]] = MappingProxyType({"leaflet_css": leaflet_style})
_NOT_USED = frozenset(
    {
        # folium's map asks for these on behalf of its own markers, icons and controls; the pages of this project draw
        # their signs themselves.
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
        "glyphicons_css",
    }
)
_ADDRESS = re.compile(r"""(?ix) \b(?:https?|ftp|wss?):// | (?:src|href|srcset|action)\s*=\s*["']?\s*//
    | (?<![\w.$]) url\(\s*["']?(?!data:|\#|["'\s]) | @import""")


def inline_libraries(root: Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take every library link off the elements of a page and return the libraries' text instead.

    Links are taken off the instances, not off folium's classes, so other pages of the same process keep theirs.

    Returns
    -------
    (scripts, styles)
        Texts in the order in which the elements ask for them, each once.

    Raises
    ------
    LookupError
        An element asks for a library that this project does not carry: a fault of ours, caught by the tests.
    """
    scripts: dict[str, str] = {}
    styles: dict[str, str] = {}
    for element in _elements(root):
        _take(element, "default_js", _SCRIPTS, scripts)
        _take(element, "default_css", _STYLES, styles)
    return tuple(scripts.values()), tuple(styles.values())


def _take(element: Element, attribute: str, local: Mapping[str, Callable[[], str]], taken: dict[str, str]) -> None:
    for name, address in getattr(element, attribute, ()):
        if name in local:
            taken.setdefault(name, local[name]())
        elif name not in _NOT_USED:
            raise LookupError(f"{type(element).__name__} asks for {name} from {address}, which is not carried here")
    if hasattr(element, attribute):
        setattr(element, attribute, [])


def _elements(root: Element) -> Iterator[Element]:
    yield root
    for child in root._children.values():
        yield from _elements(child)


def addresses_in(page: str) -> tuple[str, ...]:
    """Return every place of a page that would make a browser leave the file, with what follows it.

    >>> addresses_in('<img src="data:image/png;base64,AAAA">')
    ()
    >>> addresses_in('<script src="//example.org/a.js">')
    ('src="//example.org/a.js">',)
    """
    return tuple(page[found.start() : found.start() + 60] for found in _ADDRESS.finditer(page))
