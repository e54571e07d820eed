"""Whether a store is whole: its file, its references, its index and its pictures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from geo.database.geopackage import spatial_index_name
from geo.errors import Failed, NotFound
from geo.models import Base, SheetPhoto, SheetPlacement
from geo.storage import PictureStore

__all__ = ["Checked", "check"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``faults`` is empty for a store that is well."""

    rows: dict[str, int]
    faults: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether no fault was found."""
        return not self.faults


def check(session: Session, pictures: PictureStore) -> Checked:
    """Look through a store without changing it."""
    rows = {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in sorted(Base.metadata.tables.items())
    }
    faults = _picture_faults(session, pictures)
    if session.get_bind().dialect.name == "sqlite":
        faults += _file_faults(session)
    return Checked(rows, tuple(faults))


def _picture_faults(session: Session, pictures: PictureStore) -> list[str]:
    faults = []
    kept = select(SheetPhoto.sheet_id, SheetPhoto.image_sha256).union(
        select(SheetPhoto.sheet_id, SheetPhoto.flat_sha256).where(SheetPhoto.flat_sha256.is_not(None)),
        select(SheetPlacement.sheet_id, SheetPlacement.overlay_sha256).where(
            SheetPlacement.overlay_sha256.is_not(None)
        ),
    )
    for sheet_id, sha256 in session.execute(kept.order_by("sheet_id")):
        try:
            is_whole = hashlib.sha256(pictures.get(sha256)).hexdigest() == sha256
        except (NotFound, Failed):
            is_whole = False
        if not is_whole:
            faults.append(f"sketch_sheet {sheet_id}: {sha256}")
    return faults


def _file_faults(session: Session) -> list[str]:
    faults = [row for row in session.scalars(text("PRAGMA integrity_check")).all() if row != "ok"]
    faults += [f"{row[0]} {row[1]} -> {row[2]}" for row in session.execute(text("PRAGMA foreign_key_check"))]
    for name, table in Base.metadata.tables.items():
        if "geometry" in table.columns:
            index = spatial_index_name(name)
            stored = f'SELECT fid FROM "{name}" WHERE geometry IS NOT NULL AND NOT ST_IsEmpty(geometry)'
            lost = session.scalar(text(f'SELECT count(*) FROM ({stored} EXCEPT SELECT id FROM "{index}")'))
            stray = session.scalar(text(f'SELECT count(*) FROM (SELECT id FROM "{index}" EXCEPT {stored})'))
            if lost or stray:
                faults.append(f"{index}: -{lost} +{stray}")
    return faults
