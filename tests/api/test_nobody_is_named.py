"""Names and contacts of people reach nobody whose cell of ``people`` in ``rights.txt`` is ``-``, on both engines.

Every word that names somebody is marked, and every address that can be read is read in every role.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile, is_zipfile

import pytest
from fastapi import FastAPI
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.jobs.worker import Worker
from api.ogc.collections import COLLECTIONS
from api.settings import Settings
from geo.domain.rights import Subject
from geo.domain.territory import MunicipalityKind
from geo.models import (
    AppraisalEvent,
    FollowUp,
    GroupMember,
    Membership,
    MonitoringVisit,
    Municipality,
    Participant,
    PeopleGroup,
    Record,
    Settlement,
)
from geo.models.base import now
from geo.services.records.registry import RESOURCES
from geo.services.records.resource import Resource
from geo.services.whole_sample import WholeSample
from geo.services.workspace import Workspace
from tests.api.addresses import read_addresses
from tests.api.any_record import AnyRecord
from tests.api.rights_table import ACTORS, CELLS
from tests.api.signed_in import app_of, client_of, keys_of_roles, settings_of

pytestmark = pytest.mark.timeout(1200)

MARK = re.compile(rb"zz-[a-z]+-[a-z]+")
MARKS = frozenset(
    {
        *("zz-participant-name", "zz-participant-contact", "zz-member-name", "zz-member-contact"),
        *("zz-event-facilitator", "zz-event-signature", "zz-visit-member", "zz-visit-sign", "zz-followup-doer"),
    }
)
DENIED = [who for who in ACTORS if CELLS[Subject.PEOPLE, who] == "-"]
TILE = (2938, 1508, 12)
"""Where the sample's villages are."""
WITH_A_ROLE = ("council_member", "elsewhere")
TOLD = ("monitor", "planner", "facilitator", "administrator", "reads_only", "everywhere")


@dataclass
class Village:
    """The sample with every name marked, and keys of every role."""

    sample: WholeSample
    workspace: Workspace
    app: FastAPI
    keys: dict[str, str]
    next_door: UUID
    """A village of the other municipality."""
    ids: dict[str, list[UUID]]
    """Some by table; first those on which names hang."""

    def read(self, who: str, address: str) -> tuple[int, bytes]:
        answer = client_of(self.app, key=self.keys.get(who, "")).get(address)
        return answer.status_code, answer.content

    def addresses(self) -> tuple[list[str], set[str]]:
        """Return every address that can be read, filled in with what is marked; and which are not filled in."""
        of = self.ids
        x, y, z = TILE
        values: dict[str, Iterable[object]] = {
            **{f"{name}_id": rows[:1] for name, rows in of.items()},
            **{f"{_at(one)}/{{record_id}} record_id": of[one.model.__tablename__][:1] for one in RESOURCES.values()},
            **{f"{_at(one)}?": ["?limit=1000"] for one in RESOURCES.values()},
            "collection_id": [one.id for one in COLLECTIONS.values()],
            "/ogc/collections/{collection_id}/items?": ["?limit=1000"],
            "item_id": [of[name][0] for name in ("appraisal_event", "monitoring_visit", "activity", "settlement")],
            "year": [self.sample.year],
            "event_id": of["appraisal_event"][:2],
            "visit_id": of["monitoring_visit"][:1],
            "group_id": of["people_group"][:1],
            "match_id": of["feature_match"][:1],
            "photo_id": of["visit_photo"][:1],
            "sheet_id": of["sketch_sheet"][:1],
            "account_id": of["account"][:1],
            "/api/v1/events/{event_id}/venn/comparison?": [f"?other={of['appraisal_event'][1]}"],
            "/api/v1/settlements/{settlement_id}/exit-poll?": ["?service=x"],
            "/api/v1/where?": ["?lon=78.2385&lat=42.495"],
            "/api/v1/participation?": [f"?municipality_id={self.sample.municipality_id}"],
            "paper": ["plan-table"],
            "size": [192],
            **{"matrix_set_id": ["WebMercatorQuad"], "matrix": [z], "row": [y], "column": [x]},
            **{"z": [z], "x": [x], "y": [y]},
        }
        return read_addresses(self.app, values)


@pytest.fixture
def village(sample: WholeSample, database_url: str, tmp_path: Path) -> Iterator[Village]:
    settings: Settings = settings_of(tmp_path, database_url)
    app = app_of(settings)
    with settings.workspace.write(actor="test") as session:
        there = _next_door(session)
        _mark(session, sample, there)
        next_door = there.settlement_id
        keys = keys_of_roles(session, sample.municipality_id, there.municipality_id)
        first = {"municipality": sample.municipality_id, "settlement": sample.settlement_id}
        ids = {table: _ids(session, model, first.get(table)) for table, model in _models().items()}
    yield Village(sample, settings.workspace, app, keys, next_door, ids)
    settings.workspace.database.dispose()


def _at(resource: Resource[Any]) -> str:
    return f"/api/v1/{resource.name}"


def _models() -> dict[str, type[Record]]:
    return {mapper.local_table.name: mapper.class_ for mapper in Record.registry.mappers if "id" in mapper.columns}


def _ids(session: Session, model: Any, first: UUID | None) -> list[UUID]:
    found: list[UUID] = list(session.scalars(select(model.id).order_by(model.fid).limit(50)))
    return found if first is None else [first, *(one for one in found if one != first)]


def _next_door(session: Session) -> Membership:
    """Make another municipality with a village of its own."""
    municipality = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
    settlement = Settlement(name_ky="Башка айыл", search_name="башка айыл", geometry=Point(78.5, 42.5))
    session.add_all([municipality, settlement])
    session.flush()
    membership = Membership(settlement_id=settlement.id, municipality_id=municipality.id)
    session.add(membership)
    session.flush()
    return membership


def _mark(session: Session, sample: WholeSample, there: Membership) -> None:
    """Name people wherever somebody can be named, and publish whatever can be."""
    for event in session.scalars(select(AppraisalEvent)):
        event.facilitator_names, event.signatures = ["zz-event-facilitator"], ["zz-event-signature"]
        session.add(
            Participant(
                event_id=event.id,
                municipality_id=sample.municipality_id,
                number=900,
                name="zz-participant-name",
                contact="zz-participant-contact",
            )
        )
    for visit in session.scalars(select(MonitoringVisit)):
        visit.members, visit.member_count = ["zz-visit-member", "zz-visit-sign"], 2
        visit.signs = [{"name": "zz-visit-sign", "strokes": []}]
    for entry in session.scalars(select(FollowUp)):
        entry.done_by = "zz-followup-doer"
    for group in session.scalars(select(PeopleGroup)):
        # Whose home is elsewhere is no business of that place.
        for home in (sample.settlement_id, there.settlement_id):
            session.add(
                GroupMember(
                    group_id=group.id,
                    municipality_id=sample.municipality_id,
                    name="zz-member-name",
                    contact="zz-member-contact",
                    settlement_id=home,
                )
            )
    session.flush()
    known = {"municipality": sample.municipality_id, "settlement": sample.settlement_id}
    for resource in RESOURCES.values():
        if session.scalar(select(resource.model.id).limit(1)) is None:
            AnyRecord(session, known).make(resource.model)
        if not resource.never_public and "published_at" in resource.model.__table__.c:
            for row in session.scalars(select(resource.model)):
                row.published_at = row.published_at or now()


def names_in(content: bytes) -> set[str]:
    """Return the marked words of an answer, of the parts of an archive too."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            return set().union(*(names_in(archive.read(name)) for name in archive.namelist()))
    return {one.decode() for one in MARK.findall(content)}


def test_at_no_address(village: Village, database_url: str) -> None:
    addresses, not_filled_in = village.addresses()
    assert not_filled_in == {"/api/v1/renderings/{rendering_id}", "/api/v1/renderings/{rendering_id}/file"}
    told, broken, answered = [], [], set()
    # The conditions are the same on both engines; a sweep takes a minute, so PostGIS is asked by those who read most.
    for who in DENIED if database_url.startswith("sqlite") else WITH_A_ROLE:
        for address in addresses:
            status, content = village.read(who, address)
            if status == 200:
                answered.add(address)
            if status >= 500:
                broken.append(f"{who} {address}: {status}")
            told += [f"{who} reads {name} at {address}" for name in sorted(names_in(content))]
    assert not told, "\n".join(told)
    assert not broken, "\n".join(broken)
    # What nobody of these may read at all proves nothing.
    assert len(answered) > 0.7 * len(addresses), sorted(set(addresses) - answered)


def test_who_may_is_told_all_of_them(village: Village) -> None:
    """Else the words would not be where the other test looks for them."""
    for who in TOLD:
        assert "r" in CELLS[Subject.PEOPLE, who]
        told: set[str] = set()
        for name in ("participants", "group-members", "events", "monitoring-visits", "follow-ups"):
            told |= names_in(village.read(who, f"/api/v1/{name}?limit=1000")[1])
        assert told == MARKS, who


def test_on_no_paper(village: Village) -> None:
    """An internal paper leaves out who is not for its reader, also when it was made for somebody else before."""
    worker = Worker(village.workspace, village.app.state.settings.uploads)
    forms = ["session_minutes", "participant_list", "monitoring_report"]
    for who, is_told in (("facilitator", True), ("council_member", False)):
        found: set[str] = set()
        for form in forms:
            client = client_of(village.app, key=village.keys[who])
            place: dict[str, object] = {"event_id": str(village.ids["appraisal_event"][0])}
            if form == "monitoring_report":
                place = {"settlement_id": str(village.sample.settlement_id), "year": village.sample.year}
            body = {"kind": "form", "parameters": {"form": form, **place}, "format": "docx", "audience": "internal"}
            asked = client.post("/api/v1/renderings", json=body)
            assert asked.status_code in {200, 202}, (form, asked.text)
            for _ in range(3):  # whatever else waits in the store comes first
                worker.work_once()
            file = client.get(f"/api/v1/renderings/{asked.json()['id']}/file")
            assert file.status_code == 200, (form, file.text)
            found |= names_in(file.content)
        assert bool(found) is is_told, found


def test_a_member_lives_where_the_group_is(village: Village) -> None:
    """The home of another municipality would put a member on its list; it is no reason to see one either."""
    client = client_of(village.app, key=village.keys["planner"])
    form = {"group_id": str(village.ids["people_group"][0]), "name": "zz-member-name", "contact": "0700 000000"}
    refused = client.post("/api/v1/group-members", json={**form, "settlement_id": str(village.next_door)})
    assert (refused.status_code, refused.json()["key"]) == (422, "group_member.settlement_elsewhere")
    made = client.post("/api/v1/group-members", json={**form, "settlement_id": str(village.sample.settlement_id)})
    assert made.status_code == 201
    elsewhere = client_of(village.app, key=village.keys["elsewhere"])
    assert elsewhere.get("/api/v1/group-members?limit=1000").json()["items"] == []


def test_a_job_tells_what_is_made_and_nothing_of_accounts(village: Village) -> None:
    event = str(village.ids["appraisal_event"][0])
    client = client_of(village.app, key=village.keys["administrator"])
    form = {"form": "session_minutes", "event_id": event}
    body = {"kind": "form", "parameters": form, "format": "docx", "audience": "internal"}
    asked = client.post("/api/v1/renderings", json=body)
    assert asked.status_code == 202, asked.text
    for who in ("administrator", "monitor", "planner"):
        read = client_of(village.app, key=village.keys[who]).get("/api/v1/jobs?limit=1000&kind=render")
        (job,) = (one for one in read.json()["items"] if one["id"] == asked.json()["job_id"])
        assert job["is_own"] is (who == "administrator")
        assert not job.keys() & {"asked_by", "worker"}
        assert job["parameters"].keys() == {"asked", "rendering"}
        assert "administrator" not in read.text
