"""Photos of visits as evidence, and what happens to them when their visit is corrected; on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from geo.domain.identifiers import new_id
from geo.domain.rights import PUBLIC
from geo.errors import Conflict, NotFound, Refused
from geo.models import VisitPhoto
from geo.services.records.writing import withdraw
from geo.services.resources.monitoring import PHOTOS, VISITS
from geo.services.visit_evidence import visit_places
from geo.services.visit_photos import PhotoSize, add_visit_photo, photo_content
from geo.services.visit_recording import record_once
from geo.services.workspace import Workspace
from tests.geo.camera_files import corners, exif_block, jpeg
from tests.geo.monitored import Monitored, monitored

__all__ = ["monitored"]


def test_photos_of_the_whole_chain_are_evidence(workspace: Workspace, monitored: Monitored) -> None:
    with workspace.write(actor="test") as session:
        first = record_once(session, VISITS, new_id(), monitored.visit(), actor=monitored.monitor).record.id
    content = jpeg(exif=exif_block(satellite=True, accuracy=5))
    added = add_visit_photo(workspace, first, BytesIO(content), actor=monitored.monitor)
    assert added.is_new
    assert not add_visit_photo(workspace, first, BytesIO(content), actor=monitored.monitor).is_new
    with workspace.write(actor="test") as session:
        form = monitored.visit(corrects_id=first)
        second = record_once(session, VISITS, new_id(), form, actor=monitored.monitor).record.id
        withdraw(session, VISITS, first, actor=monitored.monitor, seen=None)
    with workspace.read() as session:
        (place,) = visit_places(session, second, actor=monitored.monitor).photos
        photo = session.query(VisitPhoto).one()
        photo_id = place.photo_id
        assert photo_id == photo.id
        assert photo.geometry is not None
        assert (photo.geometry.x, photo.geometry.y) == pytest.approx((78.2385, 42.495), abs=1e-6)
        assert (photo.accuracy_m, photo.taken_at) == (5.0, datetime(2014, 11, 19, 4, 31, 15, tzinfo=UTC))
        # The entry it came with is gone, the visit is not.
        kept = photo_content(session, workspace.pictures, photo_id, PhotoSize.ORIGINAL, actor=monitored.monitor)
        assert kept.content == content
        with pytest.raises(NotFound):
            photo_content(session, workspace.pictures, photo_id, PhotoSize.SMALL, actor=PUBLIC)
    with workspace.write(actor="test") as session:
        withdraw(session, PHOTOS, photo_id, actor=monitored.monitor, seen=None)
    with workspace.read() as session:
        assert visit_places(session, second, actor=monitored.monitor).photos == ()


def test_a_refused_photo_leaves_nothing(workspace: Workspace, monitored: Monitored, tmp_path: Path) -> None:
    with workspace.write(actor="test") as session:
        visit_id = record_once(session, VISITS, new_id(), monitored.visit(), actor=monitored.monitor).record.id
    with pytest.raises(Refused):
        add_visit_photo(workspace, visit_id, BytesIO(b"<svg/>"), actor=monitored.monitor)
    photo_id = new_id()
    add_visit_photo(workspace, visit_id, BytesIO(jpeg()), actor=monitored.monitor, photo_id=photo_id)
    before = {path for path in (tmp_path / "pictures").rglob("*") if path.is_file()}
    with pytest.raises(Conflict):
        other = BytesIO(jpeg(corners(90, 70)))
        add_visit_photo(workspace, visit_id, other, actor=monitored.monitor, photo_id=photo_id)
    with workspace.read() as session:
        assert session.query(VisitPhoto).count() == 1
    assert {path for path in (tmp_path / "pictures").rglob("*") if path.is_file()} == before
    assert len(before) == 3  # the original and two copies
