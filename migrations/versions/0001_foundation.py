"""Territory, appraisal events, sheets, candidates, features, the ledger and the readable layers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from geo.database import geopackage
from geo.database.layer_views import VIEWS, layer_view, layer_view_title
from geo.i18n import Language, text
from geo.models.types import PIXELS, WGS84_SRS, Id, Json, UtcDateTime, fid_type, geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FEATURES = {
    "municipality": ("MULTIPOLYGON", WGS84_SRS),
    "settlement": ("POINT", WGS84_SRS),
    "settlement_boundary": ("MULTIPOLYGON", WGS84_SRS),
    "appraisal_event": ("POINT", WGS84_SRS),
    "sketch_sheet": ("POLYGON", WGS84_SRS),
    "control_point": ("POINT", WGS84_SRS),
    "candidate": ("GEOMETRY", PIXELS),
    "map_feature": ("GEOMETRY", WGS84_SRS),
}
ATTRIBUTES = ("membership", "cycle", "audit_event", "term", geopackage.VERSION_TABLE)


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("fid", fid_type, primary_key=True, autoincrement=True),
        sa.Column("id", Id, nullable=False, unique=True),
    ]


def _bookkeeping() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    ]


def _words(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str, kind: type[TypeEngine[Any]] = sa.Integer) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _reference(name: str, table: str, *, nullable: bool = False, index: bool = True) -> sa.Column[object]:
    return sa.Column(name, Id, sa.ForeignKey(f"{table}.id"), nullable=nullable, index=index)


def _table(name: str, *columns: sa.Column[object], **options: object) -> None:
    shape: list[sa.Column[object]] = []
    if name in FEATURES:
        kind, srs_id = FEATURES[name]
        required = name not in {"municipality", "appraisal_event", "sketch_sheet"}
        shape = [sa.Column("geometry", geometry(kind, srs_id=srs_id), nullable=not required)]
    constraints = options.pop("constraints", ())
    op.create_table(
        name,
        *_key(),
        *columns,
        *shape,
        *_bookkeeping(),
        *constraints,
        sqlite_autoincrement=True,  # type: ignore[misc]
    )
    if shape and op.get_bind().dialect.name == "postgresql":
        op.create_index(f"ix_{name}_geometry", name, ["geometry"], postgresql_using="gist")


def _names(*bases: str) -> list[str]:
    return [f"{base}_{language}" for base in bases for language in ("ky", "ru", "en")]


def upgrade() -> None:
    on_geopackage = op.get_bind().dialect.name == "sqlite"
    if on_geopackage:
        geopackage.create_metadata(op.get_bind())
    _create_territory()
    _create_appraisal()
    _create_ledger()
    if on_geopackage:
        _register()
    for layer, view in VIEWS.items():
        op.execute(sa.text(layer_view(op.get_bind(), layer, withdrawals=False, codes=False)))
        if on_geopackage:
            geopackage.register_view(op.get_bind(), view, layer_view_title(layer))


def _create_territory() -> None:
    _table(
        "municipality",
        *_words(*_names("name", "rayon", "oblast"), "kind", "code"),
        *_numbers("population_over"),
        *_words("source", "note"),
        sa.Column("is_sample", sa.Boolean, nullable=False),
    )
    _table(
        "settlement",
        *_words(*_names("name", "rayon", "oblast"), "code"),
        *_numbers("population_women", "population_men", "households"),
        *_words("source", "note"),
        sa.Column("is_sample", sa.Boolean, nullable=False),
        sa.Column("is_uncertain", sa.Boolean, nullable=False),
        *_words("search_name"),
    )
    op.create_index("ix_settlement_search_name", "settlement", ["search_name"])
    _table(
        "settlement_boundary",
        _reference("settlement_id", "settlement"),
        *_words("status"),
        *_numbers("decided_on", kind=sa.Date),
    )
    _table(
        "membership",
        _reference("settlement_id", "settlement"),
        _reference("municipality_id", "municipality"),
        *_numbers("valid_from", "valid_to", kind=sa.Date),
        *_words("precision", "note"),
    )
    _table(
        "cycle",
        _reference("municipality_id", "municipality"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("note", Json),
        constraints=[sa.UniqueConstraint("municipality_id", "year")],
    )


def _create_appraisal() -> None:
    _table(
        "appraisal_event",
        _reference("cycle_id", "cycle"),
        _reference("settlement_id", "settlement"),
        *_words("kind"),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("place", Json),
        *_numbers("group_age_from", "group_age_to"),
        *_words("group_sex", "group_other", "group_reason"),
        *_numbers("participants", "women", "facilitators"),
        sa.Column("minutes", Json),
    )
    _table(
        "sketch_sheet",
        _reference("event_id", "appraisal_event"),
        *_words("title", "image_sha256", "image_format"),
        sa.Column("width_px", sa.Integer, nullable=False),
        sa.Column("height_px", sa.Integer, nullable=False),
        sa.Column("exif", Json),
        sa.Column("layout_id", sa.Text),
        *_words("paper"),
        sa.Column("method", sa.Text),
        sa.Column("georeference", Json),
        sa.Column("georeference_version", sa.Integer, nullable=False),
        *_numbers("position_error_m", kind=sa.Double),
        sa.Column("quality", Json),
        sa.Column("overlay_sha256", sa.Text),
        sa.Column("overlay_bounds", Json),
        constraints=[sa.UniqueConstraint("event_id", "image_sha256")],
    )
    _table(
        "control_point",
        _reference("sheet_id", "sketch_sheet"),
        sa.Column("ordinal", sa.Integer, nullable=False),
        *_words("label"),
        sa.Column("enabled", sa.Boolean, nullable=False),
        *_words("source"),
        sa.Column("pixel_x", sa.Double, nullable=False),
        sa.Column("pixel_y", sa.Double, nullable=False),
    )
    _table(
        "candidate",
        _reference("sheet_id", "sketch_sheet"),
        sa.Column("ordinal", sa.Integer, nullable=False),
        *_words("kind", "ink"),
        sa.Column("width_px", sa.Double, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        *_words("state"),
        constraints=[sa.UniqueConstraint("sheet_id", "ordinal")],
    )
    _table(
        "map_feature",
        *_words(*_names("name")),
        _reference("settlement_id", "settlement", index=False),
        _reference("event_id", "appraisal_event", nullable=True),
        *_words("layer", "kind"),
        sa.Column("attributes", Json, nullable=False),
        *_numbers("position_error_m", kind=sa.Double),
        *_words("source"),
        _reference("sheet_id", "sketch_sheet", nullable=True),
        _reference("candidate_id", "candidate", nullable=True),
        *_numbers("georeference_version"),
        sa.Column("ink", sa.Text),
    )
    op.create_index("ix_map_feature_settlement_id_layer", "map_feature", ["settlement_id", "layer"])


def _create_ledger() -> None:
    op.create_table(
        "audit_event",
        *_key(),
        sa.Column("happened_at", UtcDateTime, nullable=False),
        *_words("actor", "action", "record_table"),
        sa.Column("record_id", Id),
        sa.Column("before", Json),
        sa.Column("after", Json),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_event_record_id", "audit_event", ["record_id"])
    op.create_table(
        "term",
        sa.Column("fid", fid_type, primary_key=True, autoincrement=True),
        *_words("list", "code", "ky", "ru", "en"),
        sa.UniqueConstraint("list", "code"),
        sqlite_autoincrement=True,
    )


def _register() -> None:
    connection = op.get_bind()
    titles = {table: text(f"table.{table}", Language.KY) for table in (*FEATURES, *ATTRIBUTES)}
    for table, (kind, srs_id) in FEATURES.items():
        geopackage.register_features(connection, table, titles[table], geometry_type=kind, srs_id=srs_id)
    geopackage.register_attributes(connection, {table: titles[table] for table in ATTRIBUTES})


def downgrade() -> None:
    on_geopackage = op.get_bind().dialect.name == "sqlite"
    for view in VIEWS.values():
        op.execute(f"DROP VIEW {view}")
    tables = (
        *("term", "audit_event", "map_feature", "candidate", "control_point", "sketch_sheet", "appraisal_event"),
        *("cycle", "membership", "settlement_boundary", "settlement", "municipality"),
    )
    if on_geopackage:
        geopackage.unregister(op.get_bind(), *VIEWS.values(), *tables, geopackage.VERSION_TABLE)
    for table in tables:
        op.drop_table(table)
    if on_geopackage:
        geopackage.drop_metadata(op.get_bind())
