"""What is asked for nearness, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement

from geo.models import Record

__all__ = ["Links", "NearRows", "Neighbour", "millimetres"]


@dataclass(frozen=True, slots=True)
class NearRows:
    """Rows of one table with a column ``geometry`` (EPSG:4326).

    Parameters
    ----------
    model
        The table.
    conditions
        Which of its rows, as conditions on the columns of ``model``.
    """

    model: type[Record]
    conditions: tuple[ColumnElement[bool], ...] = ()

    def where(self, *conditions: ColumnElement[bool]) -> NearRows:
        """Return fewer of the rows."""
        return replace(self, conditions=(*self.conditions, *conditions))

    @property
    def geometry(self) -> Any:
        """The column of the geometry."""
        columns: Any = self.model
        return columns.geometry


@dataclass(frozen=True, slots=True, order=True)
class Neighbour:
    """A row and how far it is."""

    distance_m: float
    id: UUID


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of rows by their integer keys ``fid`` in this store, by source and then from near to far.

    Columns rather than objects: there may be hundreds of thousands.
    """

    source_fid: NDArray[np.int64]
    target_fid: NDArray[np.int64]
    distance_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.source_fid)

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        return zip(self.source_fid.tolist(), self.target_fid.tolist(), self.distance_m.tolist(), strict=True)

    @classmethod
    def of(cls, rows: Any) -> Links:
        """Make links of rows of (source fid, target fid, distance), in any order of sources."""
        # Whole numbers below 2**53 stay what they are.
        table = np.fromiter(chain.from_iterable(rows), dtype=np.float64).reshape(-1, 3)
        table = table[np.argsort(table[:, 0], kind="stable")]
        return cls(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def millimetres(distance_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round distances for ordering: what differs by less is a tie, and its order must not hang on the last digit."""
    return np.floor(distance_m * 1000 + 0.5)
