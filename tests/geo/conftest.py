"""A store on each engine, started from the migrations, and a small territory in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from shapely.geometry import Point, box

from geo.database.database import Database
from geo.database.engine import database_url as database_address
from geo.database.engine import geopackage_path
from geo.domain.drawing import CandidateKind, CandidateState, Ink
from geo.domain.events import EventKind, GroupSex
from geo.domain.georeference import Method
from geo.domain.provenance import FeatureSource
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind
from geo.drafts import NewCandidate, NewControlPoint, NewFeature, NewSheet
from geo.models import AppraisalEvent, Cycle, Membership, Municipality, Settlement
from geo.services.workspace import Workspace
from geo.snapshots import Names
from geo.storage import FolderStore
from tests.support.postgis import PostgisServer


@pytest.fixture
def database(database_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An upgraded, empty store: a copy of what the migrations made once."""
    path = geopackage_path(database_address(database_url))
    if path is not None:
        shutil.copyfile(request.getfixturevalue("upgraded_geopackage"), path)
    else:
        server: PostgisServer = request.getfixturevalue("postgis_server")
        server.copy_database(request.getfixturevalue("upgraded_postgis"), database_url)
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def workspace(database: Database, tmp_path: Path) -> Workspace:
    return Workspace(database, FolderStore(tmp_path / "pictures"))


@pytest.fixture
def event_id(workspace: Workspace) -> UUID:
    """An event of a village of a municipality."""
    with workspace.write(actor="test") as session:
        municipality = Municipality(name_ky="Липенка айыл аймагы", kind=MunicipalityKind.AIMAK)
        village = Settlement(name_ky="Үлгү айылы", geometry=Point(78.2385, 42.495), is_sample=True)
        session.add_all([municipality, village])
        session.flush()
        cycle = Cycle(municipality_id=municipality.id, year=2014)
        session.add_all(
            [
                cycle,
                Membership(
                    settlement_id=village.id,
                    municipality_id=municipality.id,
                    valid_from=None,
                    valid_to=date(2024, 1, 1),
                ),
            ]
        )
        session.flush()
        event = AppraisalEvent(
            cycle_id=cycle.id,
            settlement_id=village.id,
            kind=EventKind.SESSION,
            held_on=date(2014, 11, 19),
            group_age_from=18,
            group_age_to=35,
            group_sex=GroupSex.MIXED,
            geometry=Point(78.2386, 42.4951),
        )
        session.add(event)
        session.flush()
        return event.id


@pytest.fixture
def sheet() -> NewSheet:
    """A small sheet: one field accepted, one line still a proposal."""
    return NewSheet(
        title="Барак 1",
        image=b"not a picture, but kept byte by byte",
        image_format="JPEG",
        size=(4000, 3000),
        method=Method.HELMERT,
        georeference={"crs": "EPSG:32644"},
        position_error_m=24.0,
        quality={"loo_rmse_m": 24.0},
        footprint=box(78.23, 42.49, 78.25, 42.5),
        control_points=(
            NewControlPoint(pixel=(100.0, 200.0), lonlat=(78.231, 42.499), label="мектеп"),
            NewControlPoint(pixel=(3900.0, 2800.0), lonlat=(78.249, 42.491), label="көпүрө"),
        ),
        candidates=(
            NewCandidate(1, CandidateKind.POLYGON, Ink.GREEN, 9.0, 0.9, box(10, 20, 300, 400), CandidateState.ACCEPTED),
            NewCandidate(2, CandidateKind.LINE, Ink.BLUE, 8.0, 0.8, box(10, 20, 300, 400).boundary),
        ),
        features=(
            NewFeature(
                kind=Kind.ARABLE,
                geometry=box(78.231, 42.491, 78.233, 42.493),
                names=Names(ky="Талаа", ru="Поле"),
                attributes={"supply": "short", "users": ["women", "men"]},
                position_error_m=24.0,
                source=FeatureSource.CANDIDATE,
                candidate=1,
                ink=Ink.GREEN,
            ),
        ),
        overlay_png=b"an overlay",
        overlay_bounds=(78.23, 42.49, 78.25, 42.5),
    )
