"""What else is written down of events, Venn diagrams, the bread, the village profile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.models.types import Json, som_type
from migrations.tables import create_governed, drop_records, reference

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("facilitator_names", "programme", "signatures"):
        op.add_column("appraisal_event", sa.Column(column, Json))
    op.add_column(
        "appraisal_event", sa.Column("bread_incomplete", sa.Boolean, nullable=False, server_default=sa.false())
    )
    create_governed(
        "participant",
        reference("event_id", "appraisal_event", needed=True),
        sa.Column("number", sa.Integer, nullable=False),
        _text("name"),
        sa.Column("sex", sa.Text),
        sa.Column("age", sa.Integer),
        _text("occupation"),
        _text("contact"),
        _text("role"),
    )
    op.create_index("ix_participant_event_id", "participant", ["event_id"])
    create_governed("institution_circle", *_circle(), shape="GEOMETRY", shape_needed=False)
    op.create_index("ix_institution_circle_event_id_diagram", "institution_circle", ["event_id", "diagram"])
    for column in ("settlement_id", "sheet_id", "feature_id"):
        op.create_index(f"ix_institution_circle_{column}", "institution_circle", [column])
    create_governed(
        "institution_tie",
        reference("event_id", "appraisal_event", needed=True),
        _text("diagram"),
        reference("first_id", "institution_circle", needed=True),
        reference("second_id", "institution_circle", needed=True),
        _text("relation"),
        _text("origin"),
        sa.Column("weak", sa.Boolean, nullable=False, server_default=sa.false()),
        _text("note"),
    )
    op.create_index("ix_institution_tie_event_id_diagram", "institution_tie", ["event_id", "diagram"])
    for column in ("first_id", "second_id"):
        op.create_index(f"ix_institution_tie_{column}", "institution_tie", [column])
    create_governed(
        "budget_share",
        *_names(),
        reference("event_id", "appraisal_event", needed=True),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("perceived_percent", sa.Double),
        sa.Column("perceived_som", som_type),
        sa.Column("actual_percent", sa.Double),
        sa.Column("actual_som", som_type),
        _text("note"),
    )
    op.create_index("ix_budget_share_event_id", "budget_share", ["event_id"])
    create_governed(
        "village_note",
        reference("settlement_id", "settlement", needed=True),
        reference("event_id", "appraisal_event"),
        _text("topic"),
        _text("title"),
        _text("body"),
        sa.Column("year_from", sa.Integer),
        sa.Column("year_to", sa.Integer),
        _text("source"),
        reference("feature_id", "map_feature"),
        shape="GEOMETRY",
        shape_needed=False,
    )
    op.create_index("ix_village_note_settlement_id_topic", "village_note", ["settlement_id", "topic"])
    for column in ("event_id", "feature_id"):
        op.create_index(f"ix_village_note_{column}", "village_note", [column])


def downgrade() -> None:
    drop_records("village_note", "budget_share", "institution_tie", "institution_circle", "participant")
    for column in ("bread_incomplete", "signatures", "programme", "facilitator_names"):
        op.drop_column("appraisal_event", column)


def _circle() -> tuple[sa.Column[object], ...]:
    return (
        *_names(),
        reference("event_id", "appraisal_event", needed=True),
        reference("settlement_id", "settlement", needed=True),
        *map(_text, ("diagram", "kind")),
        sa.Column("importance", sa.Text),
        sa.Column("ranking", sa.Integer),
        sa.Column("satisfaction", sa.Text),
        *map(_text, ("satisfaction_reason", "serves")),
        sa.Column("women_take_part", sa.Boolean),
        *map(_text, ("women_why_not", "local_government_role")),
        sa.Column("is_local_government", sa.Boolean),
        sa.Column("influence", sa.Text),
        sa.Column("stakeholder_importance", sa.Text),
        sa.Column("needs", Json),
        _text("note"),
        reference("sheet_id", "sketch_sheet"),
        sa.Column("pixel_x", sa.Double),
        sa.Column("pixel_y", sa.Double),
        sa.Column("pixel_radius", sa.Double),
        reference("feature_id", "map_feature"),
    )


def _names() -> tuple[sa.Column[object], ...]:
    return tuple(_text(f"name_{language}") for language in ("ky", "ru", "en"))


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)
