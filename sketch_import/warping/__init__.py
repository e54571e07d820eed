"""Resampling a placed sheet: a GeoTIFF, and a transparent picture to lie over a web map."""

from sketch_import.warping.geotiff import write_geotiff
from sketch_import.warping.ink_opacity import ink_opacity
from sketch_import.warping.lookup import Lookup, Raster
from sketch_import.warping.overlay import overlay_png

__all__ = ["Lookup", "Raster", "ink_opacity", "overlay_png", "write_geotiff"]
