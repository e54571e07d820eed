"""Objects from GeoJSON, GeoPackage and whatever else GDAL reads, as drafts in EPSG:4326."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.errors import Refused
from geo.i18n import LANGUAGES
from geo.snapshots import Names

__all__ = ["read_vector_file"]

_ROWS_NAMED = 10


def read_vector_file(path: Path, *, kind: Kind | None = None) -> list[NewFeature]:
    """Read the features of a file's first layer.

    Parameters
    ----------
    path
        A vector file that says its CRS. Never the live store: two copies of SQLite in one process would
        break each other's locks on it.
    kind
        Kind of rows that name none.

    Raises
    ------
    Refused
        Unreadable, empty, without a CRS, or with rows whose kind or geometry is unusable; the rows are named
        by their number in the file, counting from 1.
    """
    try:
        frame = geopandas.read_file(path)
    except (DataSourceError, DataLayerError, OSError, ValueError) as error:
        raise Refused("import.unreadable", path=path) from error
    if not isinstance(frame, geopandas.GeoDataFrame) or frame.empty:
        raise Refused("import.nothing", path=path)
    if frame.crs is None:
        raise Refused("import.no_crs", path=path)
    _refuse_rows(path, "import.bad_geometry", (frame.geometry.isna() | frame.geometry.is_empty | ~frame.is_valid))
    frame = frame.to_crs(4326)
    bounds = frame.bounds
    inside = (bounds.minx >= -180) & (bounds.maxx <= 180) & (bounds.miny >= -90) & (bounds.maxy <= 90)
    _refuse_rows(path, "import.out_of_range", ~inside)
    rows: list[dict[str, Any]] = frame.drop(columns=frame.geometry.name).to_dict("records")
    kinds = [_kind(row) or kind for row in rows]
    _refuse_rows(path, "import.kind_missing", [found is None for found in kinds])
    return [
        NewFeature(kind=found, geometry=shapely.force_2d(shape), names=_names(row))
        for found, shape, row in zip(kinds, frame.geometry, rows, strict=True)
        if found is not None
    ]


def _refuse_rows(path: Path, key: str, bad: Sequence[Any]) -> None:
    rows = [number for number, is_bad in enumerate(bad, start=1) if is_bad]
    if rows:
        named = ", ".join(map(str, rows[:_ROWS_NAMED])) + (" …" if len(rows) > _ROWS_NAMED else "")
        raise Refused(key, path=path, rows=named)


_KINDS = {kind.value: kind for kind in Kind} | {
    label(kind, language).casefold(): kind for language in LANGUAGES for kind in Kind
}


def _kind(row: Mapping[str, Any]) -> Kind | None:
    value = row.get("kind")
    return _KINDS.get(value.strip().casefold()) if isinstance(value, str) else None


def _names(row: Mapping[str, Any]) -> Names:
    def word(*columns: str) -> str:
        for column in columns:
            if isinstance(value := row.get(column), str) and value.strip():
                return value.strip()
        return ""

    return Names(ky=word("name_ky", "name"), ru=word("name_ru"), en=word("name_en"))
