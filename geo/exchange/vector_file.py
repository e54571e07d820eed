"""Objects from and to GeoJSON and GeoPackage files, in EPSG:4326; reading takes whatever GDAL reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.errors import Failed, Refused
from geo.i18n import LANGUAGES, Language
from geo.snapshots import FeatureSnapshot, Names

__all__ = ["read_vector_file", "write_vector_file"]

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


def write_vector_file(path: Path, features: Sequence[FeatureSnapshot], language: Language) -> None:
    """Write features as GeoJSON (RFC 7946) or GeoPackage, by the file's extension; whole or not at all.

    Raises
    ------
    Refused
        Another extension, or nothing to write.
    Failed
        The folder cannot be written to, or the disk is full.
    """
    driver = _DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise Refused("export.unknown_extension", path=path, known=", ".join(_DRIVERS))
    if not features:
        raise Refused("export.nothing")
    columns: dict[str, list[Any]] = {
        "id": [str(feature.id) for feature in features],
        "layer": [feature.layer.value for feature in features],
        "kind": [feature.kind.value for feature in features],
        "kind_label": [label(feature.kind, language) for feature in features],
        "name_ky": [feature.names.ky for feature in features],
        "name_ru": [feature.names.ru for feature in features],
        "name_en": [feature.names.en for feature in features],
        "position_error_m": [feature.position_error_m for feature in features],
        "source": [feature.source for feature in features],
        "sheet": [feature.sheet_title for feature in features],
        "attributes": [json.dumps(dict(feature.attributes), ensure_ascii=False) for feature in features],
    }
    frame = geopandas.GeoDataFrame(columns, geometry=[feature.geometry for feature in features], crs=4326)
    # Beside the target, so that the last step is a rename; GDAL chooses by the extension, so it stays.
    draft = path.with_name(f".new-{path.name}")
    try:
        frame.to_file(draft, driver=driver, layer=path.stem, **_OPTIONS.get(driver, {}))
        draft.replace(path)
    except (DataSourceError, OSError) as error:
        raise Failed("export.cannot_write", path=path) from error
    finally:
        draft.unlink(missing_ok=True)


_DRIVERS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG"}
_OPTIONS = {"GeoJSON": {"RFC7946": "YES"}}
