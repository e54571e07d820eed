"""What every table shares: two keys, a version and two moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from geo.domain.identifiers import new_id
from geo.models.types import Id, UtcDateTime, fid_type

__all__ = ["SECRET", "Base", "Record", "now", "spatial_index"]

SECRET: Any = {"secret": True}
"""``info`` of a column whose values the ledger must not repeat: it says only that they changed."""


def now() -> datetime:
    """Return the present moment in UTC, in milliseconds as a GeoPackage keeps it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Base(DeclarativeBase):
    """All tables of the house; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Record(Base):
    """A row that people make and change.

    ``fid`` is the integer key that a GeoPackage demands of every table; ``id`` is the UUIDv7 by which
    rows refer to each other, so that laptops can be merged. ``version`` counts changes: a second
    writer with an old version is told, never overwritten.
    """

    __abstract__ = True
    __table_args__: Any = ({"sqlite_autoincrement": True},)

    fid: Mapped[int] = mapped_column(fid_type, primary_key=True, autoincrement=True, sort_order=-10)
    id: Mapped[UUID] = mapped_column(Id, unique=True, default=new_id, sort_order=-9)
    version: Mapped[int] = mapped_column(default=1, sort_order=90)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, sort_order=91)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now, sort_order=92)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


def spatial_index(table: str, column: str = "geometry") -> Index:
    """Return the GiST index of a geometry column; a GeoPackage has its R-tree instead."""
    name = f"ix_{table}_{column}"
    return Index(name, column, postgresql_using="gist").ddl_if(dialect="postgresql")
