"""Versions of placements, further photographs, what was drawn of each feature, marks of printed sheets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from geo.database import geopackage
from geo.domain.identifiers import new_id
from geo.i18n import Language, text
from geo.models.types import PIXELS, WGS84_SRS, Id, Json, PixelShape, UtcDateTime, fid_type, geometry

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Tables as they are between these two revisions, so that later changes of the models change nothing here.
_sheet = sa.table(
    "sketch_sheet",
    *(sa.column(name, Id) for name in ("id",)),
    *(sa.column(name, sa.Text) for name in ("image_sha256", "image_format", "method", "overlay_sha256")),
    *(sa.column(name, sa.Integer) for name in ("width_px", "height_px", "georeference_version")),
    *(sa.column(name, Json) for name in ("exif", "georeference", "quality", "overlay_bounds")),
    *(sa.column(name, UtcDateTime) for name in ("created_at", "updated_at")),
    sa.column("position_error_m", sa.Double),
    sa.column("geometry", geometry("POLYGON")),
)
_point = sa.table(
    "control_point",
    sa.column("sheet_id", Id),
    sa.column("ordinal", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("label", "source")),
    sa.column("enabled", sa.Boolean),
    *(sa.column(name, sa.Double) for name in ("pixel_x", "pixel_y")),
    sa.column("geometry", geometry("POINT")),
)
_candidate = sa.table("candidate", sa.column("id", Id), sa.column("geometry", geometry(srs_id=PIXELS)))
_feature = sa.table(
    "map_feature", sa.column("id", Id), sa.column("candidate_id", Id), sa.column("pixel_geometry", PixelShape)
)
_ledger = sa.table(
    "audit_event",
    sa.column("record_id", Id),
    *(sa.column(name, sa.Text) for name in ("actor", "action", "record_table")),
)


def upgrade() -> None:
    photos, placements = _create_photos(), _create_placements()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        title = text("table.sheet_placement", Language.KY)
        geopackage.register_features(connection, "sheet_placement", title, geometry_type="POLYGON", srs_id=WGS84_SRS)
        geopackage.register_attributes(connection, {"sheet_photo": text("table.sheet_photo", Language.KY)})
    op.add_column("sketch_sheet", sa.Column("layout_code", sa.Text))
    op.add_column("control_point", sa.Column("accuracy_m", sa.Double))
    op.add_column("candidate", sa.Column("pattern", sa.Text, nullable=False, server_default="solid"))
    op.add_column("candidate", sa.Column("neighbours", Json))
    op.add_column("candidate", sa.Column("parts", Json))
    op.add_column("candidate", sa.Column("photo_number", sa.Integer, nullable=False, server_default="1"))
    op.add_column("map_feature", sa.Column("pixel_geometry", PixelShape))
    op.add_column("map_feature", sa.Column("moved_by_hand", sa.Boolean, nullable=False, server_default=sa.false()))
    for sheet in connection.execute(sa.select(_sheet)).mappings().all():
        _give_first_version(connection, sheet, photos, placements)
    _give_drawings(connection)
    if connection.dialect.name == "sqlite":
        _give_extent(connection)


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("fid", fid_type, primary_key=True, autoincrement=True),
        sa.Column("id", Id, nullable=False, unique=True),
        sa.Column("sheet_id", Id, sa.ForeignKey("sketch_sheet.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    ]


def _bookkeeping() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    ]


def _create_photos() -> sa.Table:
    made = op.create_table(
        "sheet_photo",
        *_key(),
        sa.Column("image_sha256", sa.Text, nullable=False),
        sa.Column("image_format", sa.Text, nullable=False),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
        sa.Column("exif", Json),
        sa.Column("to_first", Json),
        sa.Column("quality", Json),
        sa.Column("flat_sha256", sa.Text),
        *_bookkeeping(),
        sa.UniqueConstraint("sheet_id", "number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sheet_photo_image_sha256", "sheet_photo", ["image_sha256"])
    return made


def _create_placements() -> sa.Table:
    made = op.create_table(
        "sheet_placement",
        *_key(),
        sa.Column("photo_number", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("georeference", Json, nullable=False),
        sa.Column("control_points", Json, nullable=False),
        sa.Column("position_error_m", sa.Double),
        sa.Column("quality", Json),
        sa.Column("overlay_sha256", sa.Text),
        sa.Column("overlay_bounds", Json),
        sa.Column("restored_from", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("geometry", geometry("POLYGON")),
        *_bookkeeping(),
        sa.UniqueConstraint("sheet_id", "number"),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_sheet_placement_geometry", "sheet_placement", ["geometry"], postgresql_using="gist")
    return made


def _give_first_version(
    connection: sa.Connection, sheet: sa.RowMapping, photos: sa.Table, placements: sa.Table
) -> None:
    """Write down as a photo and as a version what a sheet has had so far."""
    shared = {name: sheet[name] for name in ("created_at", "updated_at")} | {"sheet_id": sheet["id"], "version": 1}
    picture = {name: sheet[name] for name in ("image_sha256", "image_format", "width_px", "height_px", "exif")}
    connection.execute(sa.insert(photos), {**shared, **picture, "id": new_id(), "number": 1})
    if not sheet["georeference_version"] or sheet["method"] is None:
        return  # not placed yet
    points = connection.execute(
        sa.select(_point).where(_point.c.sheet_id == sheet["id"]).order_by(_point.c.ordinal)
    ).mappings()
    kept = ("method", "position_error_m", "quality", "overlay_sha256", "overlay_bounds", "geometry")
    connection.execute(
        sa.insert(placements),
        {
            **shared,
            **{name: sheet[name] for name in kept},
            "id": new_id(),
            "number": sheet["georeference_version"],
            "photo_number": 1,
            "georeference": sheet["georeference"] or {},
            "control_points": [_snapshot(point) for point in points],
            "reason": "",
            "made_by": _maker(connection, sheet["id"]),
        },
    )


def _snapshot(point: sa.RowMapping) -> dict[str, Any]:
    return {
        "pixel": [point["pixel_x"], point["pixel_y"]],
        "lonlat": [point["geometry"].x, point["geometry"].y],
        "label": point["label"],
        "enabled": point["enabled"],
        "source": point["source"],
        "accuracy_m": None,
    }


def _maker(connection: sa.Connection, sheet_id: object) -> str:
    created = sa.select(_ledger.c.actor).where(_ledger.c.record_id == sheet_id, _ledger.c.action == "created")
    return connection.execute(created).scalar() or ""


def _give_drawings(connection: sa.Connection) -> None:
    drawn = sa.select(_feature.c.id, _candidate.c.geometry).join(_candidate, _candidate.c.id == _feature.c.candidate_id)
    rows = [{"feature": feature, "drawing": shape} for feature, shape in connection.execute(drawn)]
    if rows:
        connection.execute(
            sa.update(_feature)
            .where(_feature.c.id == sa.bindparam("feature", type_=Id))
            .values(pixel_geometry=sa.bindparam("drawing", type_=PixelShape)),
            rows,
        )


def _give_extent(connection: sa.Connection) -> None:
    sides = ("min_x", "min_y", "max_x", "max_y")
    taken = ", ".join(
        f"{side} = (SELECT {side} FROM gpkg_contents WHERE table_name = 'sketch_sheet')" for side in sides
    )
    connection.exec_driver_sql(f"UPDATE gpkg_contents SET {taken} WHERE table_name = 'sheet_placement'")


def downgrade() -> None:
    connection = op.get_bind()
    for table, columns in {
        "map_feature": ("moved_by_hand", "pixel_geometry"),
        "candidate": ("photo_number", "parts", "neighbours", "pattern"),
        "control_point": ("accuracy_m",),
        "sketch_sheet": ("layout_code",),
    }.items():
        for column in columns:
            op.drop_column(table, column)
    if connection.dialect.name == "sqlite":
        geopackage.unregister(connection, "sheet_placement", "sheet_photo")
    op.drop_table("sheet_placement")
    op.drop_table("sheet_photo")
