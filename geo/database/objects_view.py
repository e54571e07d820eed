"""The readable layer that shows every object once: what several groups drew and a person confirmed is one row."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from geo.i18n import Language, text

__all__ = ["OBJECTS_VIEW", "objects_view"]

OBJECTS_VIEW = "objects"
_COLUMNS = ("name", "layer", "kind", "condition", "position_error", "settlement", "drawings")


def objects_view(connection: Connection, *, withdrawals: bool = True, codes: bool = True) -> str:
    """Return the statement that makes the view on the engine of a connection.

    ``withdrawals`` says whether the table of features knows withdrawn rows yet, which the view then leaves out;
    ``codes`` whether the view has the code of the kind.
    """
    template = (Path(__file__).parent / "sql" / "objects_view.sql").read_text(encoding="utf-8")
    on_geopackage = connection.dialect.name == "sqlite"
    # Why not ->> in a GeoPackage, and why OGC_FID: see geo/database/layer_views.py.
    condition = "json_extract(f.attributes, '$.condition')" if on_geopackage else "f.attributes ->> 'condition'"
    titles = {column: text(f"column.{column}", Language.KY) for column in _COLUMNS}
    key = "OGC_FID" if on_geopackage else "fid"
    standing = " AND f.withdrawn_at IS NULL" if withdrawals else ""
    coded = "o.kind AS kind_code,\n    " if codes else ""
    return template.format(
        view=OBJECTS_VIEW, key=key, condition_code=condition, standing=standing, codes=coded, **titles
    )
