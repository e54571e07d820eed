"""Accounts, roles, tokens and sign-ins; places that the public never sees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.database import geopackage
from geo.i18n import Language, text
from geo.models.types import UtcDateTime, fid_type
from migrations.tables import create_record, drop_records, reference

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_record(
        "account",
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("full_name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("password_set_at", UtcDateTime),
        sa.Column("disabled_at", UtcDateTime),
        reference("made_by_id", "account"),
    )
    create_record(
        "role_grant",
        reference("account_id", "account", needed=True),
        reference("municipality_id", "municipality"),
        sa.Column("role", sa.Text, nullable=False),
        sa.UniqueConstraint("account_id", "municipality_id", "role"),
    )
    op.create_index("ix_role_grant_municipality_id", "role_grant", ["municipality_id"])
    create_record(
        "access_token",
        reference("account_id", "account", needed=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key_hash", sa.Text, nullable=False, unique=True),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("read_only", sa.Boolean, nullable=False, server_default=sa.false()),
        reference("municipality_id", "municipality"),
        sa.Column("revoked_at", UtcDateTime),
    )
    op.create_index("ix_access_token_account_id", "access_token", ["account_id"])
    _create_passing(
        "page_session",
        reference("account_id", "account", needed=True),
        sa.Column("key_hash", sa.Text, nullable=False, unique=True),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_page_session_account_id", "page_session", ["account_id"])
    _create_passing(
        "failed_sign_in",
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("address_key", sa.Text, nullable=False),
        sa.Column("happened_at", UtcDateTime, nullable=False),
    )
    for column in ("name_key", "address_key"):
        op.create_index(f"ix_failed_sign_in_{column}", "failed_sign_in", [column])
    op.add_column("map_feature", sa.Column("is_sensitive", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # Nothing says any more that they are hidden: they are taken back from the public, for when the store is brought up.
    op.execute(sa.text("UPDATE map_feature SET published_at = NULL WHERE is_sensitive"))
    op.drop_column("map_feature", "is_sensitive")
    drop_records("failed_sign_in", "page_session", "access_token", "role_grant", "account")


def _create_passing(table: str, *items: sa.schema.SchemaItem) -> None:
    # Rows that come and go, without the bookkeeping of a record.
    op.create_table(
        table, sa.Column("fid", fid_type, primary_key=True, autoincrement=True), *items, sqlite_autoincrement=True
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        geopackage.register_attributes(connection, {table: text(f"table.{table}", Language.KY)})
