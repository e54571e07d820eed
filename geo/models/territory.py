"""Municipalities, settlements, and which belonged to which and when (DOMAIN.md section 1)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import MultiPolygon, Point
from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.domain.territory import BoundaryStatus, DatePrecision, MunicipalityKind
from geo.models.base import Record, spatial_index
from geo.models.types import EnumText, Id, Json, geometry

__all__ = ["Cycle", "Membership", "Municipality", "Settlement", "SettlementBoundary"]


class Named:
    """Names in the three languages of the house; an empty string where one is not known."""

    name_ky: Mapped[str] = mapped_column(Text, default="")
    name_ru: Mapped[str] = mapped_column(Text, default="")
    name_en: Mapped[str] = mapped_column(Text, default="")


class InRayon:
    """The rayon and oblast that tell homonyms apart: names repeat, a rayon's names do not."""

    rayon_ky: Mapped[str] = mapped_column(Text, default="")
    rayon_ru: Mapped[str] = mapped_column(Text, default="")
    rayon_en: Mapped[str] = mapped_column(Text, default="")
    oblast_ky: Mapped[str] = mapped_column(Text, default="")
    oblast_ru: Mapped[str] = mapped_column(Text, default="")
    oblast_en: Mapped[str] = mapped_column(Text, default="")


class Municipality(Named, InRayon, Record):
    """A local self-government unit, with its boundary where that is known."""

    __tablename__ = "municipality"
    __table_args__ = (spatial_index("municipality"), {"sqlite_autoincrement": True})

    kind: Mapped[MunicipalityKind] = mapped_column(EnumText(MunicipalityKind))
    code: Mapped[str] = mapped_column(Text, default="")
    population_over: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    geometry: Mapped[MultiPolygon | None] = mapped_column(geometry("MULTIPOLYGON"))


class Settlement(Named, InRayon, Record):
    """A village or town quarter as a place, whatever municipality it belongs to in a given year."""

    __tablename__ = "settlement"
    __table_args__ = (
        spatial_index("settlement"),
        Index("ix_settlement_search_name", "search_name"),
        {"sqlite_autoincrement": True},
    )

    code: Mapped[str] = mapped_column(Text, default="")
    population_women: Mapped[int | None] = mapped_column()
    population_men: Mapped[int | None] = mapped_column()
    households: Mapped[int | None] = mapped_column()
    source: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_uncertain: Mapped[bool] = mapped_column(default=False)
    search_name: Mapped[str] = mapped_column(Text, default="")
    geometry: Mapped[Point] = mapped_column(geometry("POINT"))


class SettlementBoundary(Record):
    """A boundary of a settlement; a table of its own, for a GeoPackage table holds one geometry."""

    __tablename__ = "settlement_boundary"
    __table_args__ = (spatial_index("settlement_boundary"), {"sqlite_autoincrement": True})

    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    status: Mapped[BoundaryStatus] = mapped_column(EnumText(BoundaryStatus))
    decided_on: Mapped[date | None] = mapped_column()
    geometry: Mapped[MultiPolygon] = mapped_column(geometry("MULTIPOLYGON"))


class Membership(Record):
    """A settlement belongs to a municipality from a date (inclusive) to a date (exclusive)."""

    __tablename__ = "membership"
    __table_args__ = ({"sqlite_autoincrement": True},)

    settlement_id: Mapped[UUID] = mapped_column(Id, ForeignKey("settlement.id"), index=True)
    municipality_id: Mapped[UUID] = mapped_column(Id, ForeignKey("municipality.id"), index=True)
    valid_from: Mapped[date | None] = mapped_column()
    valid_to: Mapped[date | None] = mapped_column()
    precision: Mapped[DatePrecision] = mapped_column(EnumText(DatePrecision), default=DatePrecision.DAY)
    note: Mapped[str] = mapped_column(Text, default="")


class Cycle(Record):
    """A year's round of the eight stages in one municipality."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("municipality_id", "year"), {"sqlite_autoincrement": True})

    municipality_id: Mapped[UUID] = mapped_column(Id, ForeignKey("municipality.id"), index=True)
    year: Mapped[int] = mapped_column()
    note: Mapped[dict[str, Any] | None] = mapped_column(Json)
