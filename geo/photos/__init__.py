"""Photographs that people hand in: what they say of place and time, and copies that say nothing but the picture.

`reading` is what others call: it looks at the bytes, has a process of its own decode them within bounds (`decoding`),
and returns facts (`camera`) and copies (`copies`). The original is not touched.
"""

from geo.photos.photograph import CameraFacts, Photograph, PhotoLimits
from geo.photos.reading import read_photograph

__all__ = ["CameraFacts", "PhotoLimits", "Photograph", "read_photograph"]
