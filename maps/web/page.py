"""folium's figure and map, laid out as a page of this project instead of folium's own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure
from folium.template import Template
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maps.web.self_contained import inline_libraries

__all__ = ["Page", "PaperMap"]

_HERE = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


class PaperMap(folium.Map):
    """A folium map without tiles; its element, ``map_0`` or ``map_1``, its size and its head are the page's."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}{% endmacro %}

        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} });
        {% endmacro %}
        """
    )

    def __init__(self, *, centre: tuple[float, float], number: int = 0, **options: Any) -> None:
        lon, lat = centre
        super().__init__(location=(lat, lon), tiles=None, attribution_control=False, **options)
        self._id = str(number)  # folium's ids are random; the same event shall give the same file


class Page(Figure):
    """One self-contained HTML file: folium's elements inside a Jinja template beside this module.

    Parameters
    ----------
    template
        File name of the template.
    context
        Values for the template; strings are escaped.
    scripts, styles
        File names of the page's own scripts and style sheets, in order.
    """

    def __init__(
        self, template: str, *, context: Mapping[str, object], scripts: Iterable[str], styles: Iterable[str]
    ) -> None:
        super().__init__()
        self.template = _TEMPLATES.get_template(template)
        self.context = dict(context)
        self.scripts = tuple(scripts)
        self.styles = tuple(styles)

    def render(self, **kwargs: Any) -> str:
        """Return the whole page."""
        libraries, library_styles = inline_libraries(self)
        self.header._children.clear()
        for child in list(self._children.values()):
            child.render(**kwargs)
        own = [(_HERE / name).read_text(encoding="utf-8") for name in self.scripts]
        scripts = [_inside_script(script) for script in (*libraries, *own, self.script.render(**kwargs))]
        styles = [*library_styles, *((_HERE / name).read_text(encoding="utf-8") for name in self.styles)]
        return self.template.render(
            **self.context,
            policy=_policy(scripts),
            styles=[Markup(style) for style in styles],
            scripts=[Markup(script) for script in scripts],
        )


def _inside_script(script: str) -> str:
    """Make sure that a script cannot end its element early."""
    return re.sub(r"</(script)", r"<\\/\1", script, flags=re.IGNORECASE)


def _policy(scripts: Iterable[str]) -> str:
    """Allow exactly these scripts, and pictures inside the file; the browser blocks every request and any other script.

    Evaluating strings is left allowed for tools that look into the page from outside; its own scripts never do it.
    """
    allowed = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-eval' {allowed}"
