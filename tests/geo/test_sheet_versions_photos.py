"""Further photos, pages and anchors of stored sheets, without the command line."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from shapely.geometry import LineString
from sqlalchemy import select

from geo.drafts import NewFlat, NewPhoto, NewSheet, PlacementChange
from geo.errors import Conflict, Refused
from geo.i18n import LANGUAGES, text
from geo.models import SheetPhoto
from geo.placements import Solve
from geo.services.sheet_photos import add_photograph, plan_photograph, store_photograph
from geo.services.sheet_replay import plan_revision
from geo.services.sheet_versions import printed_sheet, sheet_version
from geo.services.sheets import find_sheet, store_sheet
from geo.services.workspace import Workspace
from geo.snapshots import AnchorSnapshot
from tests.geo.test_sheet_versions import ROAD, SIZE, drawn, lonlat, picture, sheet_id, solve

__all__ = ["drawn", "sheet_id", "solve"]

SAME = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def photo(colour: str) -> NewPhoto:
    return NewPhoto(image=picture(colour), image_format="PNG", size=SIZE, to_known=SAME)


def test_a_photo_that_came_in_between_is_told(workspace: Workspace, sheet_id: UUID) -> None:
    with workspace.read() as session:
        planned = plan_photograph(session, sheet_id, photo("navy"))
    assert planned.photo.number == 2
    assert set(planned.pictures.values()) == {picture("navy")}
    with workspace.write(actor="t") as session:
        add_photograph(session, workspace.pictures, sheet_id, photo("maroon"))
    with pytest.raises(Conflict) as told, workspace.write(actor="t") as session:
        store_photograph(session, workspace.pictures, planned)
    assert told.value.key == "versions.photo_meanwhile"
    assert all(text(told.value.key, language) for language in LANGUAGES)
    with workspace.read() as session:
        assert session.scalars(select(SheetPhoto.number).order_by(SheetPhoto.number)).all() == [1, 2]


def test_planning_a_photo_stores_nothing_and_shows_it(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    flat = NewFlat(picture("teal"), "PNG", (800, 600))
    half = ((0.5, 0.0, 0.0), (0.0, 0.5, 0.0), (0.0, 0.0, 1.0))
    new = replace(photo("navy"), flat=flat, size=(800, 600), to_known=half)
    with workspace.read() as session:
        planned = plan_photograph(session, sheet_id, new)
        plan = plan_revision(session, sheet_id, PlacementChange(), solve, photograph=planned, draw=False)
        assert len(session.scalars(select(SheetPhoto)).all()) == 1
    assert (plan.photo, planned.photo.size, planned.photo.shown_sha256) == (2, (800, 600), planned.photo.flat_sha256)
    assert np.allclose(planned.to_sheet(np.array([[800.0, 600.0]])), [SIZE])


def test_pages_and_parts_count_as_photos(workspace: Workspace, event_id: UUID, drawn: NewSheet) -> None:
    def page(number: int) -> NewSheet:
        flat = NewFlat(picture(("red", "blue")[number - 1]), "PNG", SIZE)
        return replace(drawn, image=b"two pages", flat=flat, exif={"page": number}, features=())

    part = replace(photo("olive"), quality={"joined": True})
    with workspace.write(actor="t") as session:
        first = store_sheet(session, workspace.pictures, event_id, replace(page(1), further=(part,)))
        second = store_sheet(session, workspace.pictures, event_id, page(2))
    with workspace.write(actor="t") as session, pytest.raises(Conflict, match=r"sheet\.already_stored"):
        store_sheet(session, workspace.pictures, event_id, page(2))
    with workspace.read() as session:
        assert find_sheet(session, event_id, b"two pages", page=1) == first
        assert find_sheet(session, event_id, b"two pages", page=2) == second
        assert find_sheet(session, event_id, b"two pages") is None
        assert find_sheet(session, event_id, picture("olive")) == first
        assert sheet_version(session, second).photo.shown_page is None
        # The marks that the fixture names are none that this version knows.
        assert printed_sheet(session, first) is None
    again = replace(drawn, image=b"another", further=(part,), features=())
    with workspace.write(actor="t") as session, pytest.raises(Conflict, match=r"sheet\.already_stored"):
        store_sheet(session, workspace.pictures, event_id, again)


def test_a_photo_of_another_sheet_is_told_with_that_sheet(
    workspace: Workspace, event_id: UUID, sheet_id: UUID, drawn: NewSheet
) -> None:
    other = replace(drawn, image=picture("purple"), title="Экинчи барак", features=())
    with workspace.write(actor="t") as session:
        other_id = store_sheet(session, workspace.pictures, event_id, other)
    with workspace.read() as session, pytest.raises(Conflict) as told:
        plan_photograph(session, sheet_id, photo("purple"))
    assert (told.value.key, dict(told.value.params)) == (
        "versions.photo_of_another",
        {"title": "Экинчи барак", "id": other_id},
    )
    with workspace.read() as session, pytest.raises(Conflict, match=r"versions\.photo_stored"):
        plan_photograph(session, other_id, photo("purple"))


def test_anchors_are_kept_exactly_and_hang_on_what_is_drawn(workspace: Workspace, sheet_id: UUID, solve: Solve) -> None:
    real = LineString([(lonlat(x, y)[0] + 1e-4, lonlat(x, y)[1]) for x, y in ROAD.coords])
    held = (AnchorSnapshot(2, real),)
    with workspace.read() as session:
        plan = plan_revision(session, sheet_id, PlacementChange(anchors=held), solve, draw=False)
        assert plan.solved.georeference["anchors"] == [held[0].to_json()]
        assert AnchorSnapshot.from_json(held[0].to_json()) == held[0]
        assert plan.report.largest_m is not None and plan.report.largest_m > 5
        astray = PlacementChange(anchors=(AnchorSnapshot(99, real),))
        with pytest.raises(Refused) as told:
            plan_revision(session, sheet_id, astray, solve, draw=False)
    assert (told.value.key, told.value.params["numbers"]) == ("versions.unknown_candidates", "99")
    assert all("99" in text(told.value.key, language, numbers="99") for language in LANGUAGES)
