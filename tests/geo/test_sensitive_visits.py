"""What was photographed at the home of a vulnerable household is for nobody without a role; on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from geo.domain.rights import LOCAL, PUBLIC
from geo.errors import NotFound
from geo.models import MapFeature, MonitoringVisit, VisitPhoto
from geo.models.base import now
from geo.repositories.monitoring import MonitoringRepository
from geo.services.workspace import Workspace
from tests.geo.linked_village import build


def test_a_photo_is_no_more_public_than_its_visit(workspace: Workspace) -> None:
    with workspace.write(actor="test") as session:
        village = build(session)
        place = village.features["standpipe"]
        here = MonitoringVisit.id == village.visit
        session.execute(update(MonitoringVisit).where(here).values(feature_id=place, published_at=now()))
        session.execute(update(VisitPhoto).values(published_at=now()))
        photo_id = session.scalars(select(VisitPhoto.id).where(VisitPhoto.visit_id == village.visit).limit(1)).one()
        visits = MonitoringRepository(session)
        assert visits.photo(photo_id, PUBLIC).id == photo_id
        session.execute(update(MapFeature).where(MapFeature.id == place).values(is_sensitive=True))
        with pytest.raises(NotFound):
            visits.photo(photo_id, PUBLIC)
        assert visits.photo(photo_id, LOCAL).id == photo_id
