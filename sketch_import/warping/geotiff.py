"""Write the placed sheet as a cloud-optimised GeoTIFF."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import cv2
import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from geo.domain.labels import label_text
from geo.errors import Failed, Refused
from sketch_import.placing import Placement
from sketch_import.transforms import FloatArray, determinants
from sketch_import.warping.lookup import Lookup, Raster, build_lookup
from sketch_import.warping.resampling import raster_of, resample, right_way_up

__all__ = ["write_geotiff", "write_planes"]

_BANDS = ("Red", "Green", "Blue", "Alpha")
_SMALLEST_OVERVIEW = 512
_LONLAT = 4326


def write_geotiff(
    pixels: npt.NDArray[np.uint8], placement: Placement, path: Path, *, epsg: int | None = None
) -> Lookup:
    """Write the sheet, resampled to north up, with opacity and overviews inside.

    The exact inverse of the transform is asked every 16 pixels and interpolated between, to a
    twentieth of a pixel. The file is losslessly compressed (DEFLATE): thin pencil lines do not survive JPEG.

    Parameters
    ----------
    pixels
        The upright image, RGB, shape (height, width, 3).
    placement
        Where it lies.
    path
        File to write.
    epsg
        System of the raster: the UTM zone of the placement, or 4326.

    Returns
    -------
    Lookup
        The grid that was used, with its error in pixels.

    Raises
    ------
    geo.errors.Refused
        ``warp.nothing_upright``: the sheet is folded everywhere.
    geo.errors.Failed
        ``warp.cannot_write``.
    """
    code = placement.metres.epsg if epsg is None else epsg
    if code not in {placement.metres.epsg, _LONLAT}:
        raise ValueError(f"the raster is in EPSG:{placement.metres.epsg} or EPSG:4326, not {code}")
    sheet, metres = right_way_up(placement)
    if not len(sheet):
        raise Refused("warp.nothing_upright", method=label_text(placement.method))
    height, width = pixels.shape[:2]
    detail = float(np.sqrt(np.median(np.abs(determinants(placement.transform.jacobian(sheet))))))
    places = metres
    if code == _LONLAT:
        places = placement.metres.to_lonlat(metres)
        detail *= float(np.sqrt(np.ptp(places, axis=0).prod() / np.ptp(metres, axis=0).prod()))
    raster = raster_of(places, sheet_area_px=float(width * height), resolution=detail)

    def sheet_pixels(ground: FloatArray) -> FloatArray:
        wanted = placement.metres.from_lonlat(ground) if code == _LONLAT else ground
        found = placement.transform.inverse(wanted)
        found[~(placement.transform.orientation(found) > 0)] = np.nan
        return found

    lookup = build_lookup(raster, sheet_pixels)
    write_planes(resample(pixels, lookup), raster, path, epsg=code)
    return lookup


def write_planes(planes: npt.NDArray[np.uint8], raster: Raster, path: Path, *, epsg: int) -> None:
    """Write red, green, blue and opacity, shape (4, rows, columns), as a cloud-optimised GeoTIFF.

    It goes through a virtual dataset that carries ready overviews: reducing by the image library and handing the
    levels over takes a fifth of the time that the driver needs to make them.

    Raises
    ------
    geo.errors.Failed
        ``warp.cannot_write``.
    """
    with ExitStack() as opened, warnings.catch_warnings():
        # The levels in memory have no place on the ground; the dataset over them has.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        levels = [opened.enter_context(_level(level)) for level in _levels(planes)]
        virtual = _virtual(raster, [level.name for level in levels], epsg=epsg)
        # Into memory first: the driver does not always notice that a disk is full.
        target = opened.enter_context(MemoryFile(ext=".tif"))
        with rasterio.open(virtual) as source:
            rasterio.shutil.copy(source, target.name, driver="COG", compress="DEFLATE", level=1, num_threads="ALL_CPUS")
        try:
            path.write_bytes(target.getbuffer())
        except OSError as error:
            path.unlink(missing_ok=True)
            raise Failed("warp.cannot_write", path=str(path)) from error


def _levels(planes: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint8]]:
    """Return the planes and their overviews: a quarter of the size, then by halves.

    A view at half size reads the full one just as well, and that overview would be three quarters of the
    work of all.
    """
    levels = [planes]
    factor = 4
    while max(levels[-1].shape[1:]) > _SMALLEST_OVERVIEW:
        _, rows, columns = levels[-1].shape
        size = (-(-columns // factor), -(-rows // factor))
        levels.append(np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in levels[-1]]))
        factor = 2
    return levels


def _level(planes: npt.NDArray[np.uint8]) -> MemoryFile:
    memory = MemoryFile()
    bands, rows, columns = planes.shape
    with memory.open(
        driver="GTiff", width=columns, height=rows, count=bands, dtype="uint8", interleave="band", photometric="RGB"
    ) as dataset:
        dataset.write(planes)
    return memory


def _virtual(raster: Raster, names: list[str], *, epsg: int) -> str:
    size = f'xOff="0" yOff="0" xSize="{raster.width}" ySize="{raster.height}"'
    bands = []
    for number, colour in enumerate(_BANDS, start=1):
        sources = [
            f'<SourceFilename relativeToVRT="0">{escape(name)}</SourceFilename><SourceBand>{number}</SourceBand>'
            for name in names
        ]
        overviews = "".join(f"<Overview>{source}</Overview>" for source in sources[1:])
        bands.append(
            f'<VRTRasterBand dataType="Byte" band="{number}"><ColorInterp>{colour}</ColorInterp>{overviews}'
            f"<SimpleSource>{sources[0]}<SrcRect {size}/><DstRect {size}/></SimpleSource></VRTRasterBand>"
        )
    step = repr(raster.resolution)
    return (
        f"<VRTDataset rasterXSize={quoteattr(str(raster.width))} rasterYSize={quoteattr(str(raster.height))}>"
        f'<SRS dataAxisToSRSAxisMapping="{"2,1" if epsg == _LONLAT else "1,2"}">EPSG:{epsg}</SRS>'
        f"<GeoTransform>{raster.west!r}, {step}, 0.0, {raster.north!r}, 0.0, -{step}</GeoTransform>"
        f"{''.join(bands)}</VRTDataset>"
    )
