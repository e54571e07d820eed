"""TIFF samples of more than eight bits, which the imaging library reads in part or wrongly.

It takes planes one after the other for one plane, leaves 'white is zero' aside at 16 bits, and knows no
colours in floating point. GDAL reads them all.
"""

from __future__ import annotations

import warnings
from typing import Any, BinaryIO

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile

from geo.errors import Refused
from sketch_import.photo.limits import check_size

__all__ = ["read_deep_tiff"]


def read_deep_tiff(file: BinaryIO, *, directory: int, name: str) -> NDArray[np.uint8]:
    """Read one picture of a TIFF as RGB of eight bits, shape (height, width, 3), rows as stored.

    Sixteen bits are divided by 257; other ranges are stretched from their least to their greatest value,
    floating point of 0–1 is taken as such. Opacity is laid on white.

    Parameters
    ----------
    file
        The file.
    directory
        Which of its pictures, counted from 1.
    name
        Of the file, for messages.

    Raises
    ------
    geo.errors.Refused
        ``image.zero_size``, ``image.too_large``, ``image.unreadable``.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings(), MemoryFile(file.read()) as memory:
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(f"GTIFF_DIR:{directory}:{memory.name}") as dataset:
                check_size(dataset.width, dataset.height, name=name)
                colours = tuple(dataset.colorinterp)
                wanted = [1, 2, 3] if dataset.count >= 3 else [1]
                alpha = colours.index(ColorInterp.alpha) + 1 if ColorInterp.alpha in colours else None
                shown = _eight_bits(dataset, wanted)
                if dataset.tags(ns="IMAGE_STRUCTURE").get("MINISWHITE") == "YES":
                    np.subtract(255, shown, out=shown)
                if alpha is not None and alpha not in wanted:
                    _lay_on_white(shown, _eight_bits(dataset, [alpha])[0])
    except (RasterioError, ValueError, IndexError) as error:
        raise Refused("image.unreadable", path=name) from error
    planes = np.repeat(shown, 3, axis=0) if len(shown) == 1 else shown
    return np.ascontiguousarray(planes.transpose(1, 2, 0))


def _eight_bits(dataset: Any, bands: list[int]) -> NDArray[np.uint8]:
    # Band by band: all of them in double width would take more memory than the picture is given.
    shown = np.empty((len(bands), dataset.height, dataset.width), np.uint8)
    low, high = 0.0, 65_535.0
    if {dataset.dtypes[band - 1] for band in bands} - {"uint8", "uint16"}:
        ends = [(float(plane.min()), float(plane.max())) for plane in (_numbers(dataset, band) for band in bands)]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        if dataset.dtypes[bands[0] - 1].startswith("float") and low >= 0 and high <= 1:
            low, high = 0.0, 1.0
    elif dataset.dtypes[bands[0] - 1] == "uint8":
        high = 255.0
    for plane, band in zip(shown, bands, strict=True):
        numbers = _numbers(dataset, band)
        numbers -= low
        numbers *= 255 / (high - low) if high > low else 0.0
        plane[...] = np.rint(numbers, out=numbers)
    return shown


def _numbers(dataset: Any, band: int) -> NDArray[np.float32]:
    values = dataset.read(band)
    numbers: NDArray[np.float32] = (np.abs(values) if np.iscomplexobj(values) else values).astype(np.float32)
    np.nan_to_num(numbers, copy=False)
    return numbers


def _lay_on_white(planes: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> None:
    opaque = alpha.astype(np.uint16)
    for plane in planes:
        plane[...] = (plane * opaque + 255 * (255 - opaque) + 127) // 255
