"""The styles that QGIS finds in a store."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from geo.database.layer_styles import StoredStyle, put_layer_styles

__all__ = ["StoredStyle", "write_layer_styles"]


def write_layer_styles(session: Session, styles: Mapping[str, StoredStyle]) -> int:
    """Replace our styles in a GeoPackage by those given, name of a readable layer to its style; needed after upgrades.

    Returns
    -------
    int
        How many were written; none on PostGIS, where QGIS keeps styles by database and schema.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return 0
    put_layer_styles(connection, styles)
    return len(styles)
