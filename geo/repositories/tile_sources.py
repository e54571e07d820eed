"""What can be drawn in tiles: tables, and which of their columns a tile tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.domain.rights import Subject
from geo.models import MapFeature, Record

__all__ = ["SOURCES", "TileSource"]

_NAME = "coalesce(nullif(name_ky, ''), nullif(name_ru, ''), nullif(name_en, ''))"


@dataclass(frozen=True, slots=True, eq=False)
class TileSource:
    """A table whose rows are drawn.

    Parameters
    ----------
    name
        Name of the collection, and of the layer in a tile.
    model, subject
        Its table, and by which rights it is governed.
    properties
        What a tile tells of a row: name to an SQL expression that both engines understand.
    answers
        The same from the JSON of ``attributes``: name to key.
    category
        The property by which merged rows are counted apart; also a column. None counts all together.
    """

    name: str
    model: type[Record]
    subject: Subject
    properties: Mapping[str, str]
    answers: Mapping[str, str]
    category: str | None = None

    @property
    def table(self) -> str:
        """Name of its table."""
        return self.model.__tablename__


SOURCES: Mapping[str, TileSource] = {
    source.name: source
    for source in (
        TileSource(
            name="features",
            model=MapFeature,
            subject=Subject.FEATURES,
            properties={
                "id": "id",
                "layer": "layer",
                "kind": "kind",
                "name": _NAME,
                "name_ru": "nullif(name_ru, '')",
                "name_en": "nullif(name_en, '')",
                "position_error_m": "position_error_m",
            },
            answers={"condition": "condition"},
            category="layer",
        ),
    )
}
"""Collections by name."""
