"""Loading the whole sample: a municipality's year through all its stages, and an earlier year to compare it with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from geo.domain.rights import LOCAL
from geo.models import VisitPhoto
from geo.sample.pictures import sample_photo
from geo.sample.whole import sample_id, sample_shape, sample_steps
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import publish
from geo.services.sample import store_sample
from geo.services.sample_deeds import DEEDS
from geo.services.sample_records import SampleRecords
from geo.services.visit_photos import add_visit_photo
from geo.services.workspace import Workspace

__all__ = ["WholeSample", "store_whole_sample"]


@dataclass(frozen=True, slots=True)
class WholeSample:
    """The sample as it is in the store now."""

    municipality_id: UUID
    settlement_id: UUID
    """The sample village whose three groups met."""
    year: int
    earlier_year: int
    plan_id: UUID
    made: int
    """Records that were not there before."""
    photos: int
    """Photos that were not there before."""


def store_whole_sample(workspace: Workspace, *, actor: str) -> WholeSample:
    """Store the sample by the rules that all records keep; what is there already stays as it is.

    Ids are fixed but for those that deciding makes (merged problems, matches). Where the sheet of session X was
    digitised, its objects are those of the map; else invented ones are drawn in their place.

    Parameters
    ----------
    workspace
        The store and its pictures.
    actor
        Who loads it, for the ledger.
    """
    photos: list[Mapping[str, Any]] = []
    with workspace.write(actor=actor) as session:
        store_sample(session)
        records = SampleRecords(session)
        for step in sample_steps():
            if step["do"] == "photo":
                if not records.is_there(VisitPhoto, sample_id(step["key"])):
                    photos.append(step)
            elif step["do"] in DEEDS:
                DEEDS[step["do"]](records, step)
            else:
                records.store(step["do"], step["key"], step["fields"], shown=step.get("show", False))
    # A photo is read before the transaction that stores it, and so has one of its own.
    for photo in photos:
        _store_photo(workspace, photo, actor=actor)
    return WholeSample(
        municipality_id=sample_id("municipality"),
        settlement_id=sample_id("village_x"),
        year=2014,
        earlier_year=2012,
        plan_id=sample_id("plan"),
        made=records.made,
        photos=len(photos),
    )


def _store_photo(workspace: Workspace, step: Mapping[str, Any], *, actor: str) -> None:
    where: Any = None
    if step["place"] is not None:
        (where,) = sample_shape({"point": step["place"]}, origin="village_x").coords
    content = sample_photo(step["picture"], taken=step["taken"], lonlat=where)
    photo_id = sample_id(step["key"])
    add_visit_photo(
        workspace,
        sample_id(step["visit"]),
        BytesIO(content),
        actor=LOCAL,
        caption=step["caption"],
        photo_id=photo_id,
    )
    if step["show"]:
        with workspace.write(actor=actor) as session:
            publish(session, RESOURCES["visit-photos"], photo_id, actor=LOCAL, seen=None, shown=True)
