"""How an object came onto the map."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["FeatureSource"]


class FeatureSource(StrEnum):
    """Origin of a map feature: a sheet's candidate, drawn on the map, a GPS reading or a file."""

    CANDIDATE = "candidate"
    DRAWN = "drawn"
    GPS = "gps"
    IMPORT = "import"
