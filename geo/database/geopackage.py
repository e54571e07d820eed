"""What makes an SQLite file a GeoPackage: application id, metadata tables, registered tables, R-trees.

Source: OGC 12-128r17, GeoPackage Encoding Standard 1.3, clauses 1.1 and 2.1, annexes D and F.3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from geo.database.driver_errors import translate
from geo.errors import Failed, Refused
from geo.models.types import PIXELS, WGS84_SRS

__all__ = [
    "APPLICATION_ID",
    "VERSION_TABLE",
    "check_is_ours",
    "create_metadata",
    "drop_metadata",
    "insert_trigger_off",
    "read_only",
    "register_attributes",
    "register_features",
    "register_view",
    "spatial_index_name",
    "unregister",
]

APPLICATION_ID = 0x47504B47
"""ASCII "GPKG"."""
_SPEC_VERSION = 10300
_FILE_HEADER = b"SQLite format 3\x00"
VERSION_TABLE = "schema_version"

_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4326"]]'
)

_METADATA = (
    """CREATE TABLE gpkg_spatial_ref_sys (
        srs_name TEXT NOT NULL,
        srs_id INTEGER PRIMARY KEY,
        organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL,
        definition TEXT NOT NULL,
        description TEXT)""",
    """CREATE TABLE gpkg_contents (
        table_name TEXT NOT NULL PRIMARY KEY,
        data_type TEXT NOT NULL,
        identifier TEXT UNIQUE,
        description TEXT DEFAULT '',
        last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
        srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (
        table_name TEXT NOT NULL,
        column_name TEXT NOT NULL,
        geometry_type_name TEXT NOT NULL,
        srs_id INTEGER NOT NULL,
        z TINYINT NOT NULL,
        m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    """CREATE TABLE gpkg_extensions (
        table_name TEXT,
        column_name TEXT,
        extension_name TEXT NOT NULL,
        definition TEXT NOT NULL,
        scope TEXT NOT NULL,
        CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
)

_SYSTEMS = (
    ("WGS 84 geodetic", WGS84_SRS, "EPSG", WGS84_SRS, _WGS84_WKT, "longitude/latitude in decimal degrees"),
    ("Undefined Cartesian SRS", PIXELS, "NONE", PIXELS, "undefined", "sheet pixels, x right, y down"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
)


def create_metadata(connection: Connection) -> None:
    """Make an empty SQLite database a GeoPackage 1.3."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {_SPEC_VERSION}")
    for statement in _METADATA:
        connection.exec_driver_sql(statement)
    for row in _SYSTEMS:
        connection.exec_driver_sql("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", row)


def drop_metadata(connection: Connection) -> None:
    """Drop what `create_metadata` made."""
    for table in ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents", "gpkg_spatial_ref_sys"):
        connection.exec_driver_sql(f"DROP TABLE {table}")


def spatial_index_name(table: str, column: str = "geometry") -> str:
    """Return the name of a table's R-tree as annex F.3 wants it."""
    return f"rtree_{table}_{column}"


def register_attributes(connection: Connection, tables: Mapping[str, str]) -> None:
    """Register tables without geometry, name to title."""
    for table, title in tables.items():
        connection.execute(
            text("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (:table, 'attributes', :title)"),
            {"table": table, "title": title},
        )


def register_features(
    connection: Connection, table: str, title: str, *, geometry_type: str = "GEOMETRY", srs_id: int = WGS84_SRS
) -> None:
    """Register a table with geometry and give it its R-tree, kept up by triggers."""
    _register_geometry(connection, table, title, geometry_type=geometry_type, srs_id=srs_id)
    for statement in _rtree(table, "geometry"):
        connection.exec_driver_sql(statement)
    connection.execute(
        text(
            "INSERT INTO gpkg_extensions VALUES (:table, 'geometry', 'gpkg_rtree_index', "
            "'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')"
        ),
        {"table": table},
    )


def register_view(connection: Connection, view: str, title: str) -> None:
    """Register a view as features; its first column must be an integer key named OGC_FID."""
    _register_geometry(connection, view, title, geometry_type="GEOMETRY", srs_id=WGS84_SRS)


def _register_geometry(connection: Connection, table: str, title: str, *, geometry_type: str, srs_id: int) -> None:
    row = {"table": table, "title": title, "type": geometry_type, "srs": srs_id}
    connection.execute(
        text(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES (:table, 'features', :title, :srs)"
        ),
        row,
    )
    connection.execute(text("INSERT INTO gpkg_geometry_columns VALUES (:table, 'geometry', :type, :srs, 0, 0)"), row)


def unregister(connection: Connection, *tables: str) -> None:
    """Take tables or views and their R-trees out of the register; the tables themselves stay."""
    for table in tables:
        row = {"table": table}
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{spatial_index_name(table)}"')
        for registry in ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"):
            connection.execute(text(f"DELETE FROM {registry} WHERE table_name = :table"), row)


@contextmanager
def insert_trigger_off(connection: Connection, table: str) -> Iterator[None]:
    """Leave the R-tree to the caller while rows are loaded in bulk, within the caller's transaction.

    Row by row, in no order, an R-tree takes several times as long as the rows themselves.
    """
    trigger = f"{spatial_index_name(table)}_insert"
    made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": trigger}).scalar_one()
    connection.exec_driver_sql(f'DROP TRIGGER "{trigger}"')
    try:
        yield
    finally:
        # A full disk ends the whole transaction, and the trigger is back already; after any other error
        # somebody may still catch it and commit.
        driver = connection.connection.driver_connection
        if driver is not None and driver.in_transaction:
            connection.exec_driver_sql(made)


def _rtree(table: str, column: str) -> Iterator[str]:
    index = spatial_index_name(table, column)
    corners = f'ST_MinX(NEW."{column}"), ST_MaxX(NEW."{column}"), ST_MinY(NEW."{column}"), ST_MaxY(NEW."{column}")'
    put = f'INSERT OR REPLACE INTO "{index}" VALUES (NEW.fid, {corners});'
    full = f'(NEW."{column}" NOTNULL AND NOT ST_IsEmpty(NEW."{column}"))'
    bare = f'(NEW."{column}" ISNULL OR ST_IsEmpty(NEW."{column}"))'
    yield f'CREATE VIRTUAL TABLE "{index}" USING rtree(id, minx, maxx, miny, maxy)'
    yield f'CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" WHEN {full} BEGIN {put} END'
    yield (
        f'CREATE TRIGGER "{index}_update1" AFTER UPDATE OF "{column}" ON "{table}" '
        f"WHEN OLD.fid = NEW.fid AND {full} BEGIN {put} END"
    )
    yield (
        f'CREATE TRIGGER "{index}_update2" AFTER UPDATE OF "{column}" ON "{table}" '
        f'WHEN OLD.fid = NEW.fid AND {bare} BEGIN DELETE FROM "{index}" WHERE id = OLD.fid; END'
    )
    yield (
        f'CREATE TRIGGER "{index}_update3" AFTER UPDATE ON "{table}" WHEN OLD.fid != NEW.fid AND {full} '
        f'BEGIN DELETE FROM "{index}" WHERE id = OLD.fid; {put} END'
    )
    yield (
        f'CREATE TRIGGER "{index}_update4" AFTER UPDATE ON "{table}" WHEN OLD.fid != NEW.fid AND {bare} '
        f'BEGIN DELETE FROM "{index}" WHERE id IN (OLD.fid, NEW.fid); END'
    )
    yield (
        f'CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" WHEN OLD."{column}" NOT NULL '
        f'BEGIN DELETE FROM "{index}" WHERE id = OLD.fid; END'
    )


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file without being able to change it."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def check_is_ours(path: Path) -> None:
    """Make sure that a file may be used as the village's store; read only, it stays as it is to the byte.

    An absent or empty file is fine: it will be made.

    Raises
    ------
    Refused
        No GeoPackage, or one that another program made.
    Failed
        The file cannot be read, or is damaged.
    """
    try:
        if path.is_dir():
            raise Refused("database.is_folder", path=path)
        if not path.exists():
            return
        if not path.is_file():  # to open a pipe is to wait for who fills it
            raise Refused("database.not_geopackage", path=path)
        if path.stat().st_size == 0:
            return
        with path.open("rb") as file:
            if file.read(len(_FILE_HEADER)) != _FILE_HEADER:
                raise Refused("database.not_geopackage", path=path)
        with read_only(path) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except OSError as error:
        raise Failed("database.cannot_open") from error
    except sqlite3.Error as error:
        raise translate(error) or Failed("database.damaged") from error
    if tables <= {VERSION_TABLE, "sqlite_sequence"}:
        return  # taken down to nothing by a downgrade
    if application != APPLICATION_ID or "gpkg_contents" not in tables:
        raise Refused("database.not_geopackage", path=path)
    if not {VERSION_TABLE, "map_feature"} <= tables:
        raise Refused("database.foreign_geopackage", path=path)
