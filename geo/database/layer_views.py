"""Readable layers for QGIS: a view a layer, column names and values in Kyrgyz words."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from geo.domain.vocabulary import Layer
from geo.i18n import Language, text

__all__ = ["VIEWS", "layer_view", "layer_view_title"]

VIEWS: dict[Layer, str] = {
    Layer.INFRASTRUCTURE: "infrastructure",
    Layer.WATER: "water",
    Layer.LAND: "land",
    Layer.INSTITUTION: "institutions",
    Layer.PROBLEM: "problems",
    Layer.DESIRED: "desired",
}

_CODES = "f.kind AS kind_code,\n    {wish} AS wish_code,"
_COLUMNS = (
    "name",
    "kind",
    "condition",
    "supply",
    "wish",
    "trouble",
    "position_error",
    "settlement",
    "held_on",
    "age_from",
    "age_to",
    "sheet",
)


def layer_view(connection: Connection, layer: Layer, *, withdrawals: bool = True, codes: bool = True) -> str:
    """Return the statement that makes the view of a layer on the engine of a connection.

    ``withdrawals`` says whether the table knows withdrawn rows yet, which the view then leaves out; ``codes`` whether
    the view has the codes of kind and wish, by which other programs' styles tell them in every language.
    """
    template = (Path(__file__).parent / "sql" / "layer_view.sql").read_text(encoding="utf-8")
    answers = {
        name: _answer(connection, field)
        for name, field in (
            ("trouble_reason", "trouble_reason"),
            ("condition_code", "condition"),
            ("supply_code", "supply"),
            ("wish_code", "desired_kind"),
        )
    }
    titles = {column: text(f"column.{column}", Language.KY) for column in _COLUMNS}
    # GDAL takes a view's feature id from a column of this name ("GPKG -- GeoPackage vector", Views).
    key = "OGC_FID" if connection.dialect.name == "sqlite" else "fid"
    standing = " AND f.withdrawn_at IS NULL" if withdrawals else ""
    coded = f"{_CODES.format(wish=answers['wish_code'])}\n    " if codes else ""
    return template.format(
        view=VIEWS[layer], layer=layer.value, key=key, standing=standing, codes=coded, **answers, **titles
    )


def _answer(connection: Connection, field: str) -> str:
    # SQLite before 3.38 knows no ->>, and a view that it cannot parse would make the whole file unreadable to it.
    if connection.dialect.name == "sqlite":
        return f"json_extract(f.attributes, '$.{field}')"
    return f"f.attributes ->> '{field}'"


def layer_view_title(layer: Layer) -> str:
    """Return the title under which QGIS lists the view."""
    return text(f"layer.{layer.value}", Language.KY)
