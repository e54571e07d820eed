"""Writing the sample sheet down: the photo as a phone stores it, control points, and the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from PIL import ExifTags, Image
from shapely.geometry import LineString, mapping
from shapely.geometry.base import BaseGeometry

from geo.domain.vocabulary import layer_of
from geo.errors import Failed
from geo.storage.whole_file import whole_files
from sketch_import.control_points import ControlPoint, qgis_points
from sketch_import.sample_sheet.artist import DrawnPlace
from sketch_import.sample_sheet.lettering import Lettering
from sketch_import.sample_sheet.photograph import DEFAULT_SEED, SampleSheet, make_sample_sheet
from sketch_import.sample_sheet.village import TITLE

__all__ = ["SampleFiles", "truth", "write_sample_sheet"]

_CLICK_EVERY_PX = 330.0


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the sample sheet was written."""

    photo: Path
    """JPEG whose rows are stored on their side; the EXIF orientation turns them upright."""
    points: Path
    """QGIS control points: pixels of the upright photo, lon lat."""
    truth: Path
    """JSON: what was drawn, where it is on the photo and on the ground, and what a person would say of it."""


def _shape(geometry: BaseGeometry, digits: int) -> dict[str, object]:
    # Plain rounding would let an outline that overshoots its start cross itself.
    rounded = shapely.set_precision(geometry, 10.0**-digits)
    largest = max(shapely.get_parts(rounded), key=lambda part: (part.area, part.length))
    return dict(mapping(shapely.transform(largest, lambda xy: np.round(xy, digits))))


def _positions(pixels: BaseGeometry, scale: float) -> list[list[float]]:
    """Return where a person would put a finger on the object: once, or several times along a line."""
    if isinstance(pixels, LineString):
        count = max(1, round(pixels.length / (_CLICK_EVERY_PX * scale)))
        found = [pixels.interpolate((i + 0.5) / count, normalized=True) for i in range(count)]
    else:
        found = [pixels.representative_point()]
    return [[round(point.x, 1), round(point.y, 1)] for point in found]


def _object(sheet: SampleSheet, drawn: DrawnPlace) -> dict[str, object]:
    place, pixels = drawn.place, sheet.pixel_geometry(drawn)
    return {
        "id": place.id,
        "layer": layer_of(place.kind).value,
        "kind": place.kind.value,
        "names": {"ky": place.names.ky, "ru": place.names.ru, "en": place.names.en},
        "ink": place.ink.value,
        "attributes": place.attributes.to_json(),
        "positions": _positions(pixels, sheet.camera.size[0] / 4000.0),
        "pixels": _shape(pixels, 1),
        "ground": _shape(drawn.ground, 7),
    }


def _text(sheet: SampleSheet, text: Lettering) -> dict[str, object]:
    return {"words": text.words, "ink": text.strokes[0].ink.value, "pixels": _shape(sheet.pixel_box(text.box), 1)}


def truth(sheet: SampleSheet) -> dict[str, object]:
    """Return everything that is true of a sample sheet, ready for JSON.

    Pixel geometry: the upright photo, x right, y down, from the top-left pixel corner. Ground geometry: lon lat,
    EPSG:4326.
    """
    drawing = sheet.drawing
    words = [text for drawn in drawing.places for text in drawn.words]
    return {
        "sample": True,
        "title": list(TITLE),
        "seed": sheet.seed,
        "size": list(sheet.camera.size),
        "coordinates": {
            "pixels": "x right, y down, from the top-left corner of the upright photo",
            "ground": "lon lat, EPSG:4326",
        },
        "objects": [_object(sheet, drawn) for drawn in drawing.places],
        "texts": [_text(sheet, text) for text in (*drawing.title, *words)],
        "key": {
            "pixels": _shape(sheet.key_box, 1),
            "entries": [
                {"kind": entry.kind.value, "layer": layer_of(entry.kind).value, "ink": entry.ink.value}
                | _text(sheet, entry.words)
                for entry in drawing.key.entries
            ],
        },
        "landmarks": [
            {
                "name": point.name,
                "pixel": [round(value, 2) for value in point.drawn],
                "lon_lat": [round(value, 7) for value in point.lon_lat],
            }
            for point in sheet.control_points
        ],
    }


def write_sample_sheet(
    folder: Path, *, seed: int = DEFAULT_SEED, size: tuple[int, int] = (4000, 3000), sheet: SampleSheet | None = None
) -> SampleFiles:
    """Write ``sample_sheet.jpg``, ``sample_sheet.points`` and ``sample_sheet.json``.

    Parameters
    ----------
    folder
        Where to write; made if it is not there.
    seed, size
        See `make_sample_sheet`.
    sheet
        A sample sheet made already; then `seed` and `size` are not used.

    Raises
    ------
    Failed
        ``sample_sheet.not_written``: the folder or the disk does not take the files.
    """
    made = sheet if sheet is not None else make_sample_sheet(seed=seed, size=size)
    files = SampleFiles(folder / "sample_sheet.jpg", folder / "sample_sheet.points", folder / "sample_sheet.json")
    exif = Image.Exif()
    # Held upright in the hand, a phone stores the rows turned by a quarter; 6 says: turn me clockwise.
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.ImageDescription] = "Sample sheet of an invented village"
    exif[ExifTags.Base.DateTime] = "2014:11:19 11:24:00"
    stored = Image.fromarray(np.ascontiguousarray(np.rot90(made.image)))
    points = qgis_points(
        [ControlPoint(point.clicked, point.lon_lat, label=point.name) for point in made.control_points]
    )
    try:
        with whole_files(folder) as draft:
            stored.save(draft / files.photo.name, format="JPEG", quality=90, exif=exif)
            (draft / files.points.name).write_text(points, encoding="utf-8")
            (draft / files.truth.name).write_text(json.dumps(truth(made), ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise Failed("sample_sheet.not_written", folder=str(folder)) from error
    return files
