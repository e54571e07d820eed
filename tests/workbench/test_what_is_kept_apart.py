"""Pages hold nothing of another village or of what is not published; odd words and numbers are told in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.settings import Settings
from geo.domain.events import EventKind
from geo.domain.rights import LOCAL, PUBLIC, Role
from geo.domain.territory import MunicipalityKind
from geo.errors import Refused
from geo.exchange.plan_workbook import GridCell
from geo.i18n import Language, text
from geo.models import AppraisalEvent, MonitoringVisit, Municipality, Settlement
from geo.repositories.monitoring import MonitoringRepository
from geo.services.cause_tables import cause_tables
from geo.services.plan_cells import read_count
from geo.services.unplaced_sheets import store_unplaced_sheet
from geo.services.whole_sample import WholeSample
from geo.services.workplace import workplace
from tests.api.signed_in import app_of, client_of, key_of, settings_of
from tests.support.placed_drawing import unplaced_sheet

BROWSER = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Accept-Language": "ky"}


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with client_of(app_of(settings)) as client:
        yield client


def test_a_sheet_opens_in_its_own_village_alone(client: TestClient, settings: Settings, sample: WholeSample) -> None:
    with settings.workspace.write(actor="test") as session:
        own, other = sample.settlement_id, session.scalars(select(Settlement.id)).all()
        event = session.scalars(select(AppraisalEvent.id).where(AppraisalEvent.settlement_id == own)).first()
        assert event is not None
        sheet = store_unplaced_sheet(session, settings.workspace.pictures, event, unplaced_sheet())
    elsewhere = next(one for one in other if one != own)
    for page in ("draw", "place"):
        answers = [
            client.get(f"/work/{village}/{sample.year}/sheets/{sheet}/{page}", headers=BROWSER)
            for village in (own, elsewhere)
        ]
        assert [answer.status_code for answer in answers] == [200, 404], page


def test_who_works_elsewhere_sees_no_meeting_that_is_not_published(
    settings: Settings, sample: WholeSample, database_url: str, tmp_path: Path
) -> None:
    signed = settings_of(tmp_path, database_url)
    with signed.workspace.write(actor="test") as session:
        cycle = workplace(session, sample.settlement_id, sample.year).cycle_id
        assert cycle is not None
        found = session.scalars(
            select(AppraisalEvent).where(
                AppraisalEvent.cycle_id == cycle,
                AppraisalEvent.settlement_id == sample.settlement_id,
                AppraisalEvent.kind == EventKind.FOCUS_GROUP,
            )
        ).all()
        assert found
        for event in found:
            event.published_at = None
        session.flush()
        assert cause_tables(session, sample.settlement_id, cycle, LOCAL).focus_groups
        assert not cause_tables(session, sample.settlement_id, cycle, PUBLIC).focus_groups
        there = Municipality(name_ky="Башка айыл аймагы", kind=MunicipalityKind.AIMAK)
        session.add(there)
        session.flush()
        key = key_of(session, "башка", [(Role.FACILITATOR, there.id)])
    with client_of(app_of(signed), key=key) as stranger:
        pages = {
            room: stranger.get(f"/work/{sample.settlement_id}/{sample.year}/{room}", headers=BROWSER)
            for room in ("causes", "problems/merging", "monitoring")
        }
    assert {page.status_code for page in pages.values()} == {200}
    assert not any(str(event.id) in pages["causes"].text for event in found)


def test_entries_of_visits_are_counted_at_once(settings: Settings, sample: WholeSample) -> None:
    with settings.workspace.read() as session:
        rows = MonitoringRepository(session)
        visits = session.scalars(select(MonitoringVisit)).all()
        assert visits
        for actor in (LOCAL, PUBLIC):
            one_by_one = {visit.id: len(rows.chain(visit.chain_id, actor)) for visit in visits}
            counted = rows.chain_lengths([visit.id for visit in visits], actor)
            assert {visit: counted.get(visit, 0) for visit in one_by_one} == one_by_one


@pytest.mark.parametrize("year", ["nan", "inf", "1e400", "2014.5", "\N{ARABIC-INDIC DIGIT TWO}"])
def test_a_new_village_of_no_year_is_told(client: TestClient, year: str) -> None:
    fields = {"name_ky": "Кең-Булуң", "rayon_ky": "Түп", "municipality": "new", "municipality_ky": "Түп"}
    answer = client.post("/work/new", data={**fields, "lon": "78.4", "lat": "42.7", "year": year}, headers=BROWSER)
    assert answer.status_code == 422
    assert 'id="year-wrong"' in answer.text


def test_a_zero_sign_in_words_is_told_on_both_engines(client: TestClient) -> None:
    fields = {"name_ky": "Кең\0Булуң", "rayon_ky": "Түп", "municipality": "new", "municipality_ky": "Түп"}
    answer = client.post("/work/new", data={**fields, "lon": "78.4", "lat": "42.7", "year": "2014"}, headers=BROWSER)
    assert answer.status_code == 422
    assert text("record.text_unusable", Language.KY) in answer.text
    bodies = {
        f"problems/{uuid4()}/move": {"from_id": str(uuid4()), "into_id": None, "reason": "a\0b"},
        f"feature-matches/{uuid4()}/decision": {"state": "rejected", "reason": "a\0b"},
        "problem-merges": {"problem_ids": [str(uuid4()), str(uuid4())], "title": "a\0b", "reason": "б"},
    }
    for path, body in bodies.items():
        told = client.post(f"/api/v1/{path}", json=body)
        assert (told.status_code, told.json()["key"]) == (422, "record.text_unusable"), path


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 10**400, "9" * 400, 1e300])
def test_a_cell_with_more_people_than_can_be_is_refused(value: float | str) -> None:
    with pytest.raises(Refused):
        read_count(GridCell("G7", value))
