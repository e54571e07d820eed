"""Monitoring on a laptop: what was visited and what not, agreements done, corrections, the way to the phone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from api.settings import Settings
from geo.domain.monitoring_codes import FollowUpState
from geo.domain.rights import LOCAL
from geo.services.monitoring_overview import MonitoringOverview, monitoring_overview
from geo.services.records.registry import RESOURCES
from geo.services.records.writing import create
from geo.services.whole_sample import WholeSample
from tests.support.statements import counted
from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off


def test_visits_are_read_corrected_and_agreements_done(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village}/monitoring")
    expect(page.locator("details.visit")).to_have_count(4)
    expect(page.locator("#missing li")).to_have_count(8)
    visit = page.locator("details.visit", has_text="20 колонка жана 3 км түтүк куруу").first
    visit.locator("summary").click()
    expect(visit.locator("dl")).to_contain_text("20 → 13 колонка")
    expect(visit.locator(".entry").first).to_be_visible()  # it was corrected before
    entries = visit.locator(".entry").count()

    visit.get_by_role("button", name="Бул чыгууну оңдоо").click()
    visit.get_by_label("Иш жүзүндөгү көлөм").fill("14,5")
    visit.get_by_label("Өлчөм бирдиги").fill("")
    visit.get_by_role("button", name="Оңдоону сактоо").click()
    expect(visit.get_by_role("alert")).to_contain_text("өлчөм бирдиги жок")
    visit.get_by_label("Өлчөм бирдиги").fill("колонка <b>")
    visit.get_by_role("button", name="Оңдоону сактоо").click()
    page.wait_for_url(re.compile("#visit-"))
    expect(visit.locator("dl")).to_contain_text("20 → 14,5 колонка <b>")
    expect(visit.locator(".entry")).to_have_count(entries + 1)
    expect(page.locator("details.visit")).to_have_count(4)

    expect(page.locator("[data-agreement]:visible")).to_have_count(2)
    page.locator("[data-agreement]").first.get_by_role("button").click()
    expect(page.locator("[data-agreement]:visible")).to_have_count(1)
    page.get_by_role("button", name="Кайтаруу").click()
    expect(page.locator("[data-agreement]:visible")).to_have_count(2)
    page.locator("[data-agreement]").first.get_by_role("button").click()
    expect(page.locator("[data-agreement]:visible")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-agreement]")).to_have_count(1)
    wide.excuse(422)  # the browser tells of the answer we asked for


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
@pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (PHONE, "ky")])
def test_everybody_can_use_it(visit: Visit, village: str, size: tuple[int, int], language: str) -> None:
    page = visit(size=size, language=language).open(f"{village}/monitoring")
    # Villages lie apart: the map begins with this one, and goes to each and to all of them by name.
    scale = page.locator(".maplibregl-ctrl-scale")
    close = scale.inner_text()
    villages = page.locator("#villages button")
    expect(villages).to_have_count(3)
    villages.last.click()
    expect(scale).not_to_have_text(close)
    villages.first.click()
    expect(scale).to_have_text(close)
    page.locator("details.visit summary").first.click()
    page.locator(".phone summary").click()
    assert axe_faults(page) == []
    assert not is_cut_off(page)
    page.emulate_media(color_scheme="dark")
    assert axe_faults(page) == []


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_a_year_without_anything_teaches(wide: Visitor, village: str) -> None:
    page = wide.open(f"{village.rsplit('/', 1)[0]}/2031/monitoring")
    expect(page.locator("#visits .empty")).to_contain_text("Али чыгуу жок")
    expect(page.locator("#missing .empty")).to_contain_text("Бул жылга план жок")


def test_more_agreements_and_indicators_take_no_more_statements(settings: Settings, sample: WholeSample) -> None:
    def looked_at() -> tuple[MonitoringOverview, int]:
        with settings.workspace.read() as session, counted(session) as sent:
            found = monitoring_overview(
                session,
                settings.workspace.pictures,
                sample.municipality_id,
                sample.year,
                settlement_id=sample.settlement_id,
                actor=LOCAL,
                as_of=date(2015, 1, 1),
            )
        return found, len(sent)

    def make(number: int) -> None:
        visit = {
            "settlement_id": sample.settlement_id,
            "topic": "service",
            "service": f"Кызмат {number}",
            "method": "observation",
            "visited_at": datetime(2014, 11, 19, number, tzinfo=UTC),
        }
        measured = {
            "measure": "number",
            "direction": "higher",
            "kind": "baseline",
            "baseline": 10,
            "baseline_year": 2013,
            "target": 40,
        }
        indicator = {"settlement_id": sample.settlement_id, "title": f"Көрсөткүч {number}", "unit": "үй", **measured}
        with settings.workspace.write(actor="test") as session:

            def store(kind: str, fields: dict[str, Any]) -> UUID:
                form = RESOURCES[kind].form.model_validate(fields)
                record_id: UUID = create(session, RESOURCES[kind], form, actor=LOCAL).record.id
                return record_id

            visit_id = store("monitoring-visits", visit)
            store("follow-ups", {"visit_id": visit_id, "words": "Оңдойт", "due_on": date(2014, 12, 1)})
            indicator_id = store("indicators", {**indicator, "target_year": 2016})
            value = {"indicator_id": indicator_id, "measured_on": date(2014, 12, 1), "value": 10 + number}
            store("indicator-values", value)

    make(1)
    before, statements = looked_at()
    for number in (2, 3, 4):
        make(number)
    after, more_statements = looked_at()
    assert len(after.open) == len(before.open) + 3
    assert len(after.indicators) == len(before.indicators) + 3
    assert [one.values[-1][0].value for one in after.indicators[-4:]] == [11, 12, 13, 14]
    assert FollowUpState.OVERDUE in {one.agreement.standing.state for one in after.open}
    assert more_statements == statements
