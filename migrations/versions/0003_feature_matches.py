"""Objects that several groups drew, their drawings, and the layer that shows each object once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.database import geopackage
from geo.database.objects_view import OBJECTS_VIEW, objects_view
from geo.i18n import Language, text
from geo.models.types import WGS84_SRS, Id, Json, UtcDateTime, fid_type, geometry

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_WORK = sa.text("status IN ('proposed', 'confirmed')")


def upgrade() -> None:
    _create_matches()
    _create_sources()
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        title = text("table.feature_match", Language.KY)
        geopackage.register_features(connection, "feature_match", title, srs_id=WGS84_SRS)
        title = text("table.feature_match_source", Language.KY)
        geopackage.register_attributes(connection, {"feature_match_source": title})
    op.execute(sa.text(objects_view(connection, withdrawals=False, codes=False)))
    if connection.dialect.name == "sqlite":
        geopackage.register_view(connection, OBJECTS_VIEW, text("view.objects", Language.KY))


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


def _create_matches() -> None:
    op.create_table(
        "feature_match",
        *_key(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name_ky", "name_ru", "name_en")),
        sa.Column("settlement_id", Id, sa.ForeignKey("settlement.id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("status", "layer", "kind")),
        sa.Column("condition", sa.Text),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("canonical_rule", sa.Text, nullable=False),
        sa.Column("canonical_feature_id", Id, sa.ForeignKey("map_feature.id", ondelete="SET NULL")),
        sa.Column("position_error_m", sa.Double),
        sa.Column("replaces_id", Id, sa.ForeignKey("feature_match.id")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("note", "decided_by")),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("geometry", geometry(), nullable=False),
        *_bookkeeping(),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feature_match_settlement_id_status", "feature_match", ["settlement_id", "status"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_feature_match_geometry", "feature_match", ["geometry"], postgresql_using="gist")


def _create_sources() -> None:
    op.create_table(
        "feature_match_source",
        *_key(),
        sa.Column("match_id", Id, sa.ForeignKey("feature_match.id"), nullable=False, index=True),
        sa.Column("feature_id", Id, sa.ForeignKey("map_feature.id", ondelete="SET NULL")),
        sa.Column("event_id", Id, sa.ForeignKey("appraisal_event.id"), nullable=False, index=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("feature_version", sa.Integer, nullable=False),
        *_bookkeeping(),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_feature_match_source_at_work",
        "feature_match_source",
        ["feature_id", "status"],
        unique=True,
        sqlite_where=_AT_WORK,
        postgresql_where=_AT_WORK,
    )


def downgrade() -> None:
    connection = op.get_bind()
    op.execute(f'DROP VIEW "{OBJECTS_VIEW}"')
    if connection.dialect.name == "sqlite":
        geopackage.unregister(connection, OBJECTS_VIEW, "feature_match", "feature_match_source")
    op.drop_table("feature_match_source")
    op.drop_table("feature_match")
