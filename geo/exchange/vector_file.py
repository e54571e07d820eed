"""Objects from and to GeoJSON and GeoPackage files; what comes out is in EPSG:4326."""

from __future__ import annotations

import codecs
import json
import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError, ProjError

from geo.domain.attributes import FeatureAttributes, check_attributes
from geo.domain.labels import label
from geo.domain.vocabulary import Kind
from geo.drafts import NewFeature
from geo.errors import Failed, Refused
from geo.i18n import LANGUAGES, Language, Text
from geo.snapshots import FeatureSnapshot, Names

__all__ = ["read_vector_file", "write_vector_file"]

_ROWS_NAMED = 10
_NAME_LETTERS = 200
_SQLITE = b"SQLite format 3\0"
_APPLICATION = slice(68, 72)
"""Where an SQLite file says what it is ("Database File Format", clause 1.3)."""
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11")
"""Of GeoPackage 1.2 and later, 1.0, and 1.1."""
_HEADER_BYTES = 65_536
_READING_ERRORS = (
    DataSourceError,
    DataLayerError,
    OSError,
    ValueError,
    CRSError,
    ProjError,
    shapely.errors.GEOSException,
)


def read_vector_file(path: Path, *, kind: Kind | None = None, layer: str | None = None) -> list[NewFeature]:
    """Read the features of a file's layer.

    Parameters
    ----------
    path
        A GeoJSON or GeoPackage file that says its CRS. Never the live store: two copies of SQLite in one process would
        break each other's locks on it.
    kind
        Kind of rows that name none.
    layer
        Name of the layer; needed only where there are several with geometries.

    Raises
    ------
    Refused
        Unreadable, empty, without a CRS or with one that is not known, with several layers of which none is chosen, or
        with rows whose kind, name, geometry or answers are unusable; the rows are named by their number in the file,
        counting from 1.
    """
    frame = _frame(path, layer)
    if not isinstance(frame, geopandas.GeoDataFrame) or frame.empty:
        raise Refused("import.nothing", path=path)
    if frame.crs is None or not (frame.crs.is_geographic or frame.crs.is_projected) or _names_unknown_crs(path):
        raise Refused("import.no_crs", path=path)
    _refuse_rows(path, "import.bad_geometry", (frame.geometry.isna() | frame.geometry.is_empty | ~frame.is_valid))
    try:
        frame = frame.to_crs(4326)
    except (CRSError, ProjError) as error:
        raise Refused("import.no_crs", path=path) from error
    bounds = frame.bounds
    inside = (bounds.minx >= -180) & (bounds.maxx <= 180) & (bounds.miny >= -90) & (bounds.maxy <= 90)
    _refuse_rows(path, "import.out_of_range", ~inside)
    rows: list[dict[str, Any]] = frame.drop(columns=frame.geometry.name).to_dict("records")
    kinds = [_kind(row) or kind for row in rows]
    _refuse_rows(path, "import.kind_missing", [found is None for found in kinds])
    names = [_names(row) for row in rows]
    _refuse_rows(
        path,
        "import.name_too_long",
        [max(map(len, (n.ky, n.ru, n.en))) > _NAME_LETTERS for n in names],
        letters=_NAME_LETTERS,
    )
    return [
        NewFeature(
            kind=found,
            geometry=shapely.force_2d(shape),
            names=name,
            attributes=_attributes(path, number, row, found),
            position_error_m=_error_m(row),
        )
        for number, (found, shape, name, row) in enumerate(zip(kinds, frame.geometry, names, rows, strict=True), 1)
        if found is not None
    ]


def _frame(path: Path, layer: str | None) -> Any:
    try:
        with _libraries_quiet():
            if not _may_be_read(path):
                raise Refused("import.unreadable", path=path)
            source = _source(path)
            layers = pyogrio.list_layers(source)
            known = [str(name) for name, shape in layers if shape is not None]
            if layer not in known if layer else len(known) > 1:
                raise Refused("import.which_layer", path=path, layers=", ".join(known) or "–")
            # A geometry that cannot even be built comes as none, so that its row can be named.
            return geopandas.read_file(source, layer=layer or next(iter(known), None), on_invalid="ignore")
    except _READING_ERRORS as error:
        raise Refused("import.unreadable", path=path) from error


def _may_be_read(path: Path) -> bool:
    """Tell whether this is a file of one of the two formats.

    GDAL knows many more, some of which name other files, addresses or commands for it to open.
    """
    if not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    is_json = header.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    is_geopackage = header.startswith(_SQLITE) and header[_APPLICATION] in _GEOPACKAGE
    return is_geopackage or (is_json and b"gdal_streamed_alg" not in header)


def _source(path: Path) -> Path | str:
    # By the driver's name: what GDAL would take for a topology, a catalogue of satellite images or a chain of commands
    # is JSON too, and other drivers open what such files name.
    with path.open("rb") as file:
        is_geopackage = file.read(len(_SQLITE)) == _SQLITE
    return path if is_geopackage else f"GeoJSON:{path.absolute()}"


def _names_unknown_crs(path: Path) -> bool:
    """Tell whether GeoJSON names a reference system that there is not; GDAL takes it for longitude and latitude.

    The member ``crs`` is of GeoJSON 2008 (section 3); most programs still write it.
    """
    content = path.read_bytes()
    if content.startswith(_SQLITE) or b'"crs"' not in content:
        return False
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False  # GDAL has read it all the same
    said = document.get("crs") if isinstance(document, dict) else None
    if said is None:
        return False
    properties = said.get("properties") if isinstance(said, dict) else None
    named = [properties.get(one) for one in ("name", "code")] if isinstance(properties, dict) else []
    try:
        pyproj.CRS.from_user_input(next(one for one in named if one))
    except (CRSError, StopIteration, TypeError, ValueError):
        return True
    return False


@contextmanager
def _libraries_quiet() -> Iterator[None]:
    # What a person has to know of a file is said by a refusal; the libraries' own remarks are for programmers.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _refuse_rows(path: Path, key: str, bad: Sequence[Any], **params: object) -> None:
    rows = [number for number, is_bad in enumerate(bad, start=1) if is_bad]
    if rows:
        named = ", ".join(map(str, rows[:_ROWS_NAMED])) + (" …" if len(rows) > _ROWS_NAMED else "")
        raise Refused(key, path=path, rows=named, **params)


_KINDS = {kind.value: kind for kind in Kind} | {
    label(kind, language).casefold(): kind for language in LANGUAGES for kind in Kind
}


def _kind(row: Mapping[str, Any]) -> Kind | None:
    value = row.get("kind")
    return _KINDS.get(value.strip().casefold()) if isinstance(value, str) else None


def _names(row: Mapping[str, Any]) -> Names:
    def word(*columns: str) -> str:
        for column in columns:
            if value := _told(row.get(column)):
                return value
        return ""

    return Names(ky=word("name_ky", "name"), ru=word("name_ru"), en=word("name_en"))


def _told(value: object) -> str:
    """Return a cell in words: house 12 is called so, however the file keeps it; a column with gaps has 12.0."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(value)).split())


def _attributes(path: Path, number: int, row: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Return the answers of a row of a file that `write_vector_file` wrote; none where a column says other things."""
    value = row.get("attributes")
    try:
        said = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, Mapping):
        return {}
    try:
        attributes = FeatureAttributes.from_json(said)
        check_attributes(attributes, kind)
    except Refused as error:
        raise Refused("import.bad_attributes", path=path, row=number, reason=Text(error.key, error.params)) from error
    return attributes.to_json()


def _error_m(row: Mapping[str, Any]) -> float | None:
    value = row.get("position_error_m")
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and value > 0 else None


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
    try:
        if path.exists() and not path.is_file():
            raise Failed("export.cannot_write", path=path)
        with TemporaryDirectory(prefix=".new-", dir=path.parent) as folder, _libraries_quiet():
            draft = Path(folder) / path.name
            frame.to_file(draft, driver=driver, layer=path.stem, **_OPTIONS.get(driver, {}))
            draft.replace(path)
    except (DataSourceError, DataLayerError, OSError, ValueError) as error:
        raise Failed("export.cannot_write", path=path) from error


_DRIVERS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG"}
_OPTIONS = {"GeoJSON": {"RFC7946": "YES"}, "GPKG": {"VERSION": "1.3"}}
"""GeoPackage as the store is: the QGIS of Debian 12 reads a newer one with a warning."""
