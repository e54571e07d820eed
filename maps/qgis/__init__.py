"""The style tables as QGIS understands them: drawings, symbols, layer styles and whole projects.

Written as QGIS 3 itself writes them; no library does that without an installed QGIS.
"""

from maps.qgis.layers import MIXED_STYLE_NAME, Shape, ViewLayer, layer_style
from maps.qgis.project import ProjectView, write_project
from maps.qgis.sources import DatabaseStore, FileStore, Store

__all__ = [
    "MIXED_STYLE_NAME",
    "DatabaseStore",
    "FileStore",
    "ProjectView",
    "Shape",
    "Store",
    "ViewLayer",
    "layer_style",
    "write_project",
]
