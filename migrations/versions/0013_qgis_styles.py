"""Readable layers with the codes of their kinds, and in a GeoPackage QGIS's own table of styles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from geo.database import geopackage
from geo.database.layer_styles import create_layer_styles, drop_layer_styles
from geo.database.layer_views import VIEWS, layer_view, layer_view_title
from geo.database.objects_view import OBJECTS_VIEW, objects_view
from geo.i18n import Language, text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_views(codes=True)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        create_layer_styles(connection)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        drop_layer_styles(connection)
    _make_views(codes=False)


def _make_views(*, codes: bool) -> None:
    connection = op.get_bind()
    on_geopackage = connection.dialect.name == "sqlite"
    if on_geopackage:
        geopackage.unregister(connection, *VIEWS.values(), OBJECTS_VIEW)
    for view in (*VIEWS.values(), OBJECTS_VIEW):
        op.execute(sa.text(f'DROP VIEW "{view}"'))
    for layer, view in VIEWS.items():
        op.execute(sa.text(layer_view(connection, layer, codes=codes)))
        if on_geopackage:
            geopackage.register_view(connection, view, layer_view_title(layer))
    op.execute(sa.text(objects_view(connection, codes=codes)))
    if on_geopackage:
        geopackage.register_view(connection, OBJECTS_VIEW, text("view.objects", Language.KY))
