"""What can be decided about what was found, and drawn, on a sheet. Geometries are in pixels, x right, y down."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo.domain.vocabulary import Kind
from geo.services.records.resource import check_storable
from geo.snapshots import Names

__all__ = [
    "MOST_DECISIONS",
    "MOST_ORDINALS",
    "Accept",
    "Change",
    "Decision",
    "Draw",
    "Erase",
    "Exchange",
    "Merge",
    "Reject",
    "Reopen",
    "Restore",
    "Split",
]

MOST_DECISIONS: Final = 2_000
MOST_ORDINALS: Final = 10_000
"""Candidates in one decision."""
_FURTHEST: Final = 1e6

Ordinal = Annotated[int, Field(ge=1, lt=2**31)]
Ordinals = Annotated[list[Ordinal], Field(min_length=1, max_length=MOST_ORDINALS)]
Pixel = Annotated[float, Field(ge=-_FURTHEST, le=_FURTHEST)]
Name = Annotated[str, Field(max_length=300)]


class _Decision(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, values: Any) -> Any:
        check_storable(values)
        return values


class _Meaning(_Decision):
    kind: Kind
    name_ky: Name = ""
    name_ru: Name = ""
    name_en: Name = ""
    attributes: dict[str, Any] = Field(default_factory=dict)

    @property
    def names(self) -> Names:
        """What it is called."""
        return Names(self.name_ky, self.name_ru, self.name_en)


class Accept(_Meaning):
    """Candidates are objects of the map."""

    do: Literal["accept"]
    ordinals: Ordinals
    as_one: bool | None = Field(
        default=None, description="Whether they are one object; without: lines of a line-like kind are, others not."
    )


class Reject(_Decision):
    """Candidates are nothing."""

    do: Literal["reject"]
    ordinals: Ordinals


class Reopen(_Decision):
    """What was decided about candidates no longer holds; their objects are withdrawn."""

    do: Literal["reopen"]
    ordinals: Ordinals


class Merge(_Decision):
    """Candidates are pieces of one: a new one stands for them."""

    do: Literal["merge"]
    ordinals: Annotated[list[Ordinal], Field(min_length=2, max_length=MOST_ORDINALS)]


class Split(_Decision):
    """A candidate is several: new ones stand for it."""

    do: Literal["split"]
    ordinal: Ordinal
    line: Annotated[list[tuple[Pixel, Pixel]], Field(min_length=2, max_length=1_000)]


class Exchange(_Decision):
    """A whole stands for its pieces again, or its pieces for it: undoes `Merge` and `Split`."""

    do: Literal["exchange"]
    take: Ordinals
    put: Ordinals


class Draw(_Meaning):
    """An object that was drawn on the sheet and not found."""

    do: Literal["draw"]
    id: UUID | None = Field(
        default=None, description="Of the object; sent again under the same id, it is not drawn a second time."
    )
    geometry: dict[str, Any] = Field(description="GeoJSON in pixels of the sheet.")


class Change(_Decision):
    """An object of the sheet is otherwise; what is not named stays."""

    do: Literal["change"]
    feature_id: UUID
    version: int | None = Field(
        default=None, ge=1, lt=2**31, description="Of the object that was seen; without: whatever it is now."
    )
    kind: Kind | None = None
    name_ky: Name | None = None
    name_ru: Name | None = None
    name_en: Name | None = None
    attributes: dict[str, Any] | None = None
    geometry: dict[str, Any] | None = Field(default=None, description="GeoJSON in pixels of the sheet.")


class Erase(_Decision):
    """Objects of the sheet are withdrawn; the candidates that they were made from are open again."""

    do: Literal["erase"]
    feature_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_ORDINALS)]


class Restore(_Decision):
    """Withdrawn objects of the sheet stand again: undoes `Erase`, and `Reopen` of what was accepted."""

    do: Literal["restore"]
    feature_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_ORDINALS)]


Decision = Annotated[
    Accept | Reject | Reopen | Merge | Split | Exchange | Draw | Change | Erase | Restore, Field(discriminator="do")
]
