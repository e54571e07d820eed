"""Photographs and scans of drawings: upright RGB pixels, or a refusal that says what is wrong."""

from sketch_import.photo.limits import MAX_MEGAPIXELS, MAX_PAGES
from sketch_import.photo.loading import load_photo, load_photo_bytes
from sketch_import.photo.photo import ExifFacts, Photo

__all__ = ["MAX_MEGAPIXELS", "MAX_PAGES", "ExifFacts", "Photo", "load_photo", "load_photo_bytes"]
