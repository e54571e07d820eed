"""What can be drawn in tiles: tables, and which of their columns a tile tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.domain.rights import Subject
from geo.domain.vocabulary import Layer
from geo.models import Activity, InstitutionTie, MapFeature, MonitoringVisit, Problem, Record
from geo.repositories.collections.collection import Collection
from geo.repositories.collections.joined import ties

__all__ = ["SOURCES", "WHOLE", "TileSource"]

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
    category
        The property by which merged rows are counted apart; also a column.
    answers
        Further properties, from the JSON of ``attributes`` by the same name.
    only
        The one category that the collection shows; None for all.
    reckoned
        Where the shapes are no column of the table: the collection whose rows are drawn; ``properties`` are then told
        by their names there.
    """

    name: str
    model: type[Record]
    subject: Subject
    properties: Mapping[str, str]
    category: str
    answers: tuple[str, ...] = ()
    only: str | None = None
    reckoned: Collection | None = None

    @property
    def table(self) -> str:
        """Name of its table."""
        table: str = self.model.__tablename__
        return table

    @property
    def condition(self) -> str:
        """SQL condition that a row that stands is of the collection."""
        standing = f"{self.table}.withdrawn_at IS NULL AND {self.table}.geometry IS NOT NULL"
        return f"{standing} AND {self.category} = '{self.only}'" if self.only else standing


def _features(name: str, layer: Layer | None) -> TileSource:
    return TileSource(
        name=name,
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
        answers=("condition",),
        category="layer",
        only=layer.value if layer else None,
    )


_ALL = (
    _features("features", None),
    *(_features(layer.value, layer) for layer in Layer),
    TileSource(
        name="problems",
        model=Problem,
        subject=Subject.PROBLEMS,
        properties={name: name for name in ("id", "level", "title", "competence")},
        category="level",
    ),
    TileSource(
        name="activities",
        model=Activity,
        subject=Subject.PLANS,
        properties={name: name for name in ("id", "purpose", "title", "status", "need_som", "coverage")},
        category="purpose",
    ),
    TileSource(
        name="visits",
        model=MonitoringVisit,
        subject=Subject.MONITORING,
        properties={name: name for name in ("id", "topic", "service", "method", "accuracy_m")},
        category="topic",
    ),
    TileSource(
        name="institution-ties",
        model=InstitutionTie,
        subject=Subject.INSTITUTIONS,
        properties={
            name: name
            for name in ("id", "relation", "diagram", "origin", "first_name_ky", "second_name_ky", "event_id")
        },
        category="relation",
        reckoned=ties(),
    ),
)

SOURCES: Mapping[str, TileSource] = {source.name: source for source in _ALL}
"""Collections by name: those of `geo.repositories.collections` whose rows have places of their own."""
WHOLE = tuple(source.name for source in _ALL if source.only is None and source.reckoned is None)
"""Collections that make up the dataset's tiles: each row in one layer, found by an index of its own."""
