"""QGIS's own table of styles in a GeoPackage: a layer opened from the store looks as its default style says.

The table is QGIS's convention and not part of the standard, so it is registered as plain attributes. Columns and types
are those QGIS writes; texts have no lengths, as elsewhere in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.database import geopackage
from geo.i18n import Language
from geo.i18n import text as words

__all__ = ["LAYER_STYLES_TABLE", "StoredStyle", "create_layer_styles", "drop_layer_styles", "put_layer_styles"]

LAYER_STYLES_TABLE = "layer_styles"
_OWNER = "ayilmap"
"""Whose styles are replaced; those that people saved from QGIS are theirs."""
_CREATE = f"""CREATE TABLE IF NOT EXISTS {LAYER_STYLES_TABLE} (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "f_table_catalog" TEXT,
    "f_table_schema" TEXT,
    "f_table_name" TEXT,
    "f_geometry_column" TEXT,
    "styleName" TEXT,
    "styleQML" TEXT,
    "styleSLD" TEXT,
    "useAsDefault" BOOLEAN,
    "description" TEXT,
    "owner" TEXT,
    "ui" TEXT,
    "update_time" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
_REGISTERED = text("SELECT count(*) FROM gpkg_contents WHERE table_name = :table")
_REMOVE = text(f"DELETE FROM {LAYER_STYLES_TABLE} WHERE owner = :owner")
_PUT = text(
    f"INSERT INTO {LAYER_STYLES_TABLE} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
    "styleName, styleQML, useAsDefault, description, owner) VALUES ('', '', :layer, 'geometry', :name, :qml, "
    f"NOT EXISTS (SELECT 1 FROM {LAYER_STYLES_TABLE} WHERE f_table_name = :layer AND useAsDefault), :about, :owner)"
)


@dataclass(frozen=True, slots=True)
class StoredStyle:
    """A style of a layer as the store keeps it."""

    name: str
    qml: str
    about: str = ""


def create_layer_styles(connection: Connection) -> None:
    """Make the table, where QGIS has not made it already, and register it."""
    connection.exec_driver_sql(_CREATE)
    if not connection.execute(_REGISTERED, {"table": LAYER_STYLES_TABLE}).scalar_one():
        geopackage.register_attributes(connection, {LAYER_STYLES_TABLE: words("table.layer_styles", Language.KY)})


def drop_layer_styles(connection: Connection) -> None:
    """Drop the table with all its styles."""
    geopackage.unregister(connection, LAYER_STYLES_TABLE)
    connection.exec_driver_sql(f"DROP TABLE {LAYER_STYLES_TABLE}")


def put_layer_styles(connection: Connection, styles: Mapping[str, StoredStyle]) -> None:
    """Replace our styles by others, name of a layer to its style.

    A layer for which somebody saved a default style from QGIS keeps that one as its default.
    """
    connection.execute(_REMOVE, {"owner": _OWNER})
    for layer, style in styles.items():
        row = {"layer": layer, "name": style.name, "qml": style.qml, "about": style.about, "owner": _OWNER}
        connection.execute(_PUT, row)
    geopackage_time = text(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = :table"
    )
    connection.execute(geopackage_time, {"table": LAYER_STYLES_TABLE})
