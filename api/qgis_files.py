"""What QGIS finds: the words and styles in a store, and the project beside it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy import URL
from sqlalchemy.orm import Session

from geo.database.engine import geopackage_path
from geo.database.layer_views import VIEWS
from geo.database.objects_view import OBJECTS_VIEW
from geo.domain.vocabulary import Layer
from geo.errors import Refused
from geo.i18n import Language, text
from geo.services.layer_styles import StoredStyle, write_layer_styles
from geo.services.store_extent import schema_of_store, store_extent
from geo.services.vocabulary import write_vocabulary
from geo.services.workspace import Workspace
from maps.qgis import (
    MIXED_STYLE_NAME,
    DatabaseStore,
    FileStore,
    ProjectView,
    Store,
    ViewLayer,
    layer_style,
    write_project,
)

__all__ = ["make_readable", "write_qgis_project"]

_TOP_DOWN = (Layer.PROBLEM, Layer.DESIRED, Layer.INSTITUTION, Layer.INFRASTRUCTURE, Layer.WATER, Layer.LAND)
"""What people look for lies above what fills the ground."""


def make_readable(session: Session, language: Language = Language.KY) -> None:
    """Write into a store what other programs read it by: the vocabulary, and in a GeoPackage the styles for QGIS.

    Needed after each upgrade. The views' columns are in Kyrgyz, and so are their legends unless told otherwise.
    """
    write_vocabulary(session)
    about = text("qgis.style_about", language)
    styles = {
        view.name: StoredStyle(MIXED_STYLE_NAME, layer_style(view, language), about)
        for view in (*_views(), ViewLayer(OBJECTS_VIEW, None, _name_column()))
    }
    write_layer_styles(session, styles)


def write_qgis_project(
    workspace: Workspace, out: Path, language: Language, *, settlement_id: UUID | None = None, service: str = ""
) -> tuple[int, int]:
    """Write a QGIS project that shows the live store; returns its EPSG code and the number of its layers.

    Parameters
    ----------
    settlement_id
        Village to show first; without, all that is there.
    service
        Name of a PostgreSQL service on the readers' computers, in place of the address of the database.

    Raises
    ------
    Refused
        A service is named for a store that is a file (``qgis.file_has_no_service``).
    """
    with workspace.read() as session:
        store = _store(session, workspace.database.url, service)
        bounds = store_extent(session, settlement_id) or store_extent(session)
    views = [
        ProjectView(view, text(f"layer.{layer.value}", language))
        for layer, view in zip(_TOP_DOWN, _views(), strict=True)
    ]
    title = text("qgis.project_title", language)
    epsg = write_project(out, store, views, language, title=title, bounds=bounds)
    return epsg, 3 * len(views)


def _store(session: Session, url: URL, service: str) -> Store:
    path = geopackage_path(url)
    if path is not None:
        if service:
            raise Refused("qgis.file_has_no_service")
        return FileStore(path)
    # Who the service itself signs in as stays out of a file that goes from hand to hand.
    host = url.host or str(url.query.get("host", ""))
    return DatabaseStore(
        name=url.database or "", host=host, port=url.port, schema=schema_of_store(session), service=service
    )


def _views() -> list[ViewLayer]:
    return [ViewLayer(VIEWS[layer], layer, _name_column()) for layer in _TOP_DOWN]


def _name_column() -> str:
    # The titles of the columns are fixed when the views are made, in Kyrgyz.
    return text("column.name", Language.KY)
