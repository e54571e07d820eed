"""Events and features are published when people say so, and withdrawn but never lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.database import geopackage
from geo.database.layer_views import VIEWS, layer_view, layer_view_title
from geo.database.objects_view import OBJECTS_VIEW, objects_view
from geo.errors import Refused
from geo.i18n import Language, text
from migrations.tables import withdrawal

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("appraisal_event", "map_feature")


def upgrade() -> None:
    _drop_views()
    for table in _TABLES:
        for column in withdrawal():
            op.add_column(table, column)
    _create_views(withdrawals=True)


def downgrade() -> None:
    _check_nothing_would_come_back()
    _drop_views()
    for table in _TABLES:
        for column in reversed(withdrawal()):
            op.drop_column(table, column.name)
    _create_views(withdrawals=False)


def _check_nothing_would_come_back() -> None:
    # Without these columns what people took away would stand again as if nothing had been.
    for table in _TABLES:
        withdrawn = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {table} WHERE withdrawn_at IS NOT NULL"))
        if withdrawn:
            raise Refused("database.withdrawn_rows", number=withdrawn, table=table)


def _drop_views() -> None:
    connection = op.get_bind()
    views = (*VIEWS.values(), OBJECTS_VIEW)
    if connection.dialect.name == "sqlite":
        geopackage.unregister(connection, *views)
    for view in views:
        op.execute(sa.text(f'DROP VIEW "{view}"'))


def _create_views(*, withdrawals: bool) -> None:
    connection = op.get_bind()
    on_geopackage = connection.dialect.name == "sqlite"
    for layer, view in VIEWS.items():
        op.execute(sa.text(layer_view(connection, layer, withdrawals=withdrawals, codes=False)))
        if on_geopackage:
            geopackage.register_view(connection, view, layer_view_title(layer))
    op.execute(sa.text(objects_view(connection, withdrawals=withdrawals, codes=False)))
    if on_geopackage:
        geopackage.register_view(connection, OBJECTS_VIEW, text("view.objects", Language.KY))
