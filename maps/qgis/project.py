"""A QGIS project that shows the live store as our maps do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from pyproj import CRS, Transformer

from geo.i18n import Language, text
from geo.spatial.measuring import utm_epsg
from geo.storage.whole_file import write_whole
from maps.qgis.layers import Shape, ViewLayer, add_style
from maps.qgis.sources import Store
from maps.style import PALETTE, Role

__all__ = ["ProjectView", "write_project"]

_VERSION = "3.22.0"
_DATA = 4326
_WEB = 3857
_MARGIN = 0.06
"""Of the extent, on each side."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A layer of the project: a readable layer of the store and its title."""

    view: ViewLayer
    title: str
    bounds: Bounds | None = None
    """What it holds, None where nothing is known."""


def write_project(
    out: Path, store: Store, views: Sequence[ProjectView], language: Language, *, title: str, bounds: Bounds | None
) -> int:
    """Write a project file; it is there whole or not at all.

    Parameters
    ----------
    out
        The ``.qgz`` file.
    store
        Where its layers are read from.
    views
        Layers from top to bottom.
    language
        Of layers and legends.
    title
        Title of the project.
    bounds
        What to show first.

    Returns
    -------
    int
        EPSG code of the project: the UTM zone of the middle of the bounds, where they lie in it or next to it, else
        Web Mercator; always in metres.
    """
    epsg = _project_epsg(bounds)
    root = Element("qgis", {"version": _VERSION, "projectname": title})
    SubElement(root, "homePath", {"path": ""})
    SubElement(root, "title").text = title
    projection = SubElement(root, "projectCrs")
    projection.append(_system(epsg))
    tree, layers, order = Element("layer-tree-group"), Element("projectlayers"), Element("layerorder")
    for one in views:
        group = SubElement(tree, "layer-tree-group", {"name": one.title, "checked": "Qt::Checked", "expanded": "1"})
        for shape in Shape:
            name = f"{one.title} · {text(f'qgis.shape.{shape.name.lower()}', language)}"
            source = store.source(one.view.name, shape, project=out)
            layer = _layer(one.view, shape, name, source, provider=store.provider)
            add_style(layer, one.view, language, shape=shape)
            layers.append(layer)
            layer_id = layer.findtext("id") or ""
            leaf = {"id": layer_id, "name": name, "source": source, "providerKey": store.provider}
            SubElement(group, "layer-tree-layer", {**leaf, "checked": "Qt::Checked", "expanded": "0"})
            SubElement(order, "layer", {"id": layer_id})
    root.extend([tree, _canvas(bounds, epsg), layers, order, _properties()])
    document = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        # Without the time of day, so that the same project is the same file.
        archive.writestr(zipfile.ZipInfo(f"{out.stem}.qgs", _ZIP_EPOCH), document.encode())
    write_whole(out, content.getvalue())
    return epsg


def _layer(view: ViewLayer, shape: Shape, name: str, source: str, *, provider: str) -> Element:
    layer = Element(
        "maplayer",
        {
            "type": "vector",
            "geometry": "Line" if shape is Shape.LINE else shape.value,
            "wkbType": shape.in_source,
            "labelsEnabled": "1",
            "hasScaleBasedVisibilityFlag": "0",
            "styleCategories": "AllStyleCategories",
            "readOnly": "0",
        },
    )
    code = uuid5(NAMESPACE_URL, f"ayilmap:qgis:{view.name}").hex[:8]
    SubElement(layer, "id").text = f"{view.name}_{shape.name.lower()}_{code}"
    SubElement(layer, "datasource").text = source
    SubElement(layer, "layername").text = name
    SubElement(layer, "srs").append(_system(_DATA))
    SubElement(layer, "provider", {"encoding": "UTF-8"}).text = provider
    SubElement(layer, "layerOpacity").text = "1"
    SubElement(layer, "previewExpression").text = f'"{view.name_column}"'
    return layer


def _project_epsg(bounds: Bounds | None) -> int:
    if bounds is None:
        return _WEB
    west, south, east, north = bounds
    if east - west > 12 or abs(north) > 80 or abs(south) > 80:  # wider than a zone and its neighbours, or polar
        return _WEB
    return utm_epsg((west + east) / 2, (south + north) / 2)


@cache
def _system(epsg: int) -> Element:
    crs = CRS.from_epsg(epsg)
    system = Element("spatialrefsys")
    values = {
        "wkt": crs.to_wkt("WKT2_2019"),
        "srid": str(epsg),
        "authid": f"EPSG:{epsg}",
        "description": crs.name,
        "ellipsoidacronym": "EPSG:7030",
        "geographicflag": "true" if crs.is_geographic else "false",
    }
    for name, value in values.items():
        SubElement(system, name).text = value
    return system


def _canvas(bounds: Bounds | None, epsg: int) -> Element:
    canvas = Element("mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "meters"
    if bounds is not None:
        turned = Transformer.from_crs(_DATA, epsg, always_xy=True).transform_bounds(*bounds, densify_pts=21)
        west, south, east, north = turned
        margin = max(_MARGIN * (east - west), _MARGIN * (north - south), 50.0)
        extent = SubElement(canvas, "extent")
        for name, value in zip(
            ("xmin", "ymin", "xmax", "ymax"),
            (west - margin, south - margin, east + margin, north + margin),
            strict=True,
        ):
            SubElement(extent, name).text = f"{value:.2f}"
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(_system(epsg))
    return canvas


def _properties() -> Element:
    properties = Element("properties")
    gui = SubElement(properties, "Gui")
    paper = PALETTE[Role.PAPER].light
    for name, start in (("Red", 1), ("Green", 3), ("Blue", 5)):
        part = SubElement(gui, f"CanvasColor{name}Part", {"type": "int"})
        part.text = str(int(paper[start : start + 2], 16))
    paths = SubElement(properties, "Paths")
    SubElement(paths, "Absolute", {"type": "bool"}).text = "false"
    systems = SubElement(properties, "SpatialRefSys")
    SubElement(systems, "ProjectionsEnabled", {"type": "int"}).text = "1"  # without it QGIS reads no CRS
    measuring = SubElement(properties, "Measurement")
    SubElement(measuring, "DistanceUnits", {"type": "QString"}).text = "meters"
    SubElement(measuring, "AreaUnits", {"type": "QString"}).text = "ha"
    return properties
