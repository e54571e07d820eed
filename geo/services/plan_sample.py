"""Loading the Lipenka plan of DOMAIN.md section 8: its activities on water and trees, with places, dates and money."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL
from geo.models import Cycle
from geo.services.records.resource import Resource
from geo.services.records.writing import create
from geo.services.resources import activities, plans
from geo.services.sample import store_sample

__all__ = ["store_lipenka_plan"]

_RESOURCES = {one.name: one for one in (*plans.RESOURCES, *activities.RESOURCES)}


def store_lipenka_plan(session: Session) -> UUID:
    """Store the plan by the rules that every plan keeps; rows that are there already stay as they are.

    Its municipality and villages are stored with it where they are not there yet. Ids are fixed.

    Returns
    -------
    UUID
        Id of the plan.
    """
    store_sample(session)
    sample = json.loads(files("geo.sample").joinpath("lipenka_plan.json").read_text("utf-8"))
    cycle = sample["cycle"]
    if session.scalar(select(Cycle.fid).where(Cycle.id == UUID(cycle["id"]))) is None:
        session.add(
            Cycle(id=UUID(cycle["id"]), municipality_id=UUID(cycle["municipality_id"]), year=int(cycle["year"]))
        )
        session.flush()
    _store(session, "plans", sample["plan"])
    for goal in sample["goals"]:
        _store(session, "plan-goals", goal)
    for task in sample["tasks"]:
        _store(session, "tasks", task)
    for activity in sample["activities"]:
        _store(session, "activities", activity)
    for contribution in sample["contributions"]:
        _store(session, "contributions", contribution)
    return UUID(sample["plan"]["id"])


def _store(session: Session, name: str, values: Mapping[str, Any]) -> None:
    resource: Resource[Any] = _RESOURCES[name]
    record_id = UUID(values["id"])
    there = select(resource.model.fid).where(resource.model.id == record_id)
    if session.scalar(there.execution_options(with_withdrawn=True)) is None:
        fields = {field: value for field, value in values.items() if field != "id"}
        create(session, resource, resource.form.model_validate(fields), actor=LOCAL, record_id=record_id)
