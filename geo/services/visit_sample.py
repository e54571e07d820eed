"""Loading two invented visits to activities of the Lipenka plan, to try things out with."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.rights import LOCAL
from geo.services.plan_sample import store_lipenka_plan
from geo.services.resources.monitoring import FINDINGS, FOLLOW_UPS, VISITS
from geo.services.visit_recording import record_once

__all__ = ["store_lipenka_visits"]


def store_lipenka_visits(session: Session) -> tuple[UUID, ...]:
    """Store the sample visits with their findings and agreements; the plan comes with them where it is not there yet.

    Ids are fixed, so that loading twice meets the same rows.

    Returns
    -------
    tuple of UUID
        Ids of the visits.
    """
    store_lipenka_plan(session)
    sample: dict[str, Any] = json.loads(files("geo.sample").joinpath("lipenka_visits.json").read_text("utf-8"))
    for resource, name in ((VISITS, "visits"), (FINDINGS, "findings"), (FOLLOW_UPS, "follow_ups")):
        for values in sample[name]:
            form = resource.form.model_validate({field: value for field, value in values.items() if field != "id"})
            record_once(session, resource, UUID(values["id"]), form, actor=LOCAL)
    return tuple(UUID(values["id"]) for values in sample["visits"])
