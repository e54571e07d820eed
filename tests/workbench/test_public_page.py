"""The page of a municipality for everybody: from priorities to visits, the embedded map, the notice board."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime

import pytest
import segno
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from sqlalchemy import select, update

from api.settings import Settings
from api.workbench.public import _drawings
from geo.models import Activity, MonitoringVisit, Plan, Problem
from geo.services.whole_sample import WholeSample
from tests.api.conftest import HERE, app_of
from tests.workbench.conftest import Visit
from tests.workbench.served import PHONE, WIDE, Visitor, axe_faults, is_cut_off


@pytest.fixture
def client(settings: Settings) -> TestClient:
    return TestClient(app_of(settings), base_url=HERE, follow_redirects=False)


@pytest.fixture
def public(sample: WholeSample) -> str:
    return f"/public/{sample.municipality_id}"


def test_a_priority_is_followed_to_its_visits(wide: Visitor, public: str) -> None:
    page = wide.open(public)
    first = page.locator(".story").first
    expect(first.locator("h3")).to_have_text("Айылдардын ички жолдору начар")
    heads = first.locator(".chain-head").all_inner_texts()
    assert heads[:5] == ["Добуштар", "Себептери", "Иш-чара", "Каражат", "Текшерүү"]
    expect(first.locator(".chain-words").first).to_have_text("43 добуш, 1-орун")
    expect(first.locator("li.missing").last).to_contain_text("Эч ким текшере элек")
    inside = page.frame_locator("iframe")
    page.locator("iframe").scroll_into_view_if_needed()
    expect(inside.locator(".leaflet-container")).to_be_visible(timeout=30_000)
    first.locator("h3 a").click()
    expect(page.locator("h1")).to_have_text("Айылдардын ички жолдору начар")
    expect(page.locator(".said li")).not_to_have_count(0)
    wide.excuse(503)  # on a busy machine the frame shows the page that waits for the map first


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("language", ["ky", "en"])
def test_everybody_can_use_it(visit: Visit, public: str, size: tuple[int, int], language: str) -> None:
    page = visit(size=size, language=language).open(public)
    assert not is_cut_off(page)
    page.locator("iframe").evaluate("frame => frame.remove()")  # the map's own page has its own test
    assert axe_faults(page) == []


def test_the_map_may_stand_in_other_sites_and_the_page_may_not(client: TestClient, public: str) -> None:
    assert "frame-ancestors 'none'" in client.get(public).headers["content-security-policy"]
    embedded = client.get(f"{public}/map?lang=en")
    assert embedded.status_code == 200
    policy = embedded.headers["content-security-policy"]
    assert "frame-ancestors" not in policy
    assert "sandbox" in policy
    again = client.get(f"{public}/map?lang=en", headers={"If-None-Match": embedded.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_code_leads_to_the_page(client: TestClient, public: str, sample: WholeSample) -> None:
    expected = io.BytesIO()
    segno.make_qr(f"{HERE}{public}?year={sample.earlier_year}", error="M").save(expected, kind="svg", scale=8, border=4)
    drawn = client.get(f"{public}/qr.svg?year={sample.earlier_year}").text
    line = expected.getvalue().decode().partition(' d="')[2].partition('"')[0]
    assert len(line) > 100
    assert line in drawn
    assert client.get(f"{public}/qr.svg?year=1991").status_code == 404


@pytest.mark.parametrize(("paper", "begins"), [("plan", b"%PDF"), ("plan-table", b"PK"), ("monitoring", b"%PDF")])
def test_papers_are_taken_home(client: TestClient, public: str, paper: str, begins: bytes) -> None:
    answer = client.get(f"{public}/papers/{paper}?lang=ky")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert client.get(f"{public}/papers/minutes").status_code == 404


def test_what_is_not_published_is_not_there(client: TestClient, public: str, settings: Settings) -> None:
    with settings.workspace.read() as session:
        activity = session.scalars(select(Activity.title).where(Activity.published_at.is_not(None))).first()
        told = select(Problem.id).where(Problem.published_at.is_not(None))
        problem = session.scalars(told.where(Problem.merged_into_id.is_(None))).first()
        merged = session.scalars(told.where(Problem.merged_into_id.is_not(None))).first()
    assert activity is not None
    assert activity in client.get(public).text
    assert client.get(f"/public/problems/{problem}").status_code == 200
    onward = client.get(f"/public/problems/{merged}")
    assert onward.status_code == 307
    assert client.get(onward.headers["location"]).status_code == 200
    with settings.workspace.write(actor="test") as session:
        session.execute(update(Plan).values(published_at=None))
        session.execute(update(Activity).values(published_at=None))
    page = client.get(public).text
    assert activity not in page
    assert "План азырынча жарыялана элек" in page


def test_a_visit_before_dawn_is_shown_on_its_own_day(
    client: TestClient, public: str, village: str, sample: WholeSample, settings: Settings
) -> None:
    """Half past one in the morning there is still the day before in Greenwich."""
    with settings.workspace.write(actor="test") as session:
        session.execute(update(MonitoringVisit).values(visited_at=datetime(2015, 7, 14, 19, 30, tzinfo=UTC)))
    for address in (
        f"{public}?year={sample.year}",
        f"{public}/map?year={sample.year}",
        f"{village}/monitoring",
        village,
    ):
        page = client.get(f"{address}{'&' if '?' in address else '?'}lang=ky").text
        assert "15-июль" in page, address
        assert "14-июль" not in page, address


def test_one_thing_is_drawn_at_a_time_and_who_waits_is_told(
    client: TestClient, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.workbench.public._PATIENCE_S", 0.05)
    monkeypatch.setattr("api.workbench.public._PERSON_WAITS_S", 0.05)
    path = f"{public}/papers/plan?lang=ky"
    person = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}
    free = threading.Event()
    _drawings._drawer.submit(free.wait)  # something else is being drawn
    try:
        answer = client.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["key"]) == (503, "public.drawing")
        assert "Кезек күтүлүүдө" in answer.json()["detail"]
        assert "retry-after" in answer.headers
        page = client.get(path, headers=person)
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert "Кезек күтүлүүдө" in page.text and "public_waiting.js" in page.text
        for language in ("ru", "en"):
            for paper in ("poster", "plan", "plan-table", "monitoring"):
                answer = client.get(f"{public}/papers/{paper}?lang={language}", headers={"Accept": "application/json"})
        assert answer.json()["key"] == "public.busy"  # no more than so many wait
    finally:
        free.set()
    _drawings._drawer.submit(lambda: None).result(timeout=120)  # what was asked for is drawn by now
    for headers in (person, {}):
        assert client.get(path, headers=headers).headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("database_url", ["geopackage"], indirect=True)
def test_a_map_in_another_page_says_that_it_is_being_drawn(
    visit: Visit, client: TestClient, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.workbench.public._PERSON_WAITS_S", 0.05)
    free = threading.Event()
    _drawings._drawer.submit(free.wait)  # something else is being drawn
    try:
        asked = client.get(f"{public}/map?lang=ru", headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
        assert (asked.status_code, asked.headers["retry-after"]) == (503, "5")
        assert "frame-ancestors *" in asked.headers["content-security-policy"]
        phone = visit(size=PHONE)
        page = phone.open(f"{public}/map")
        expect(page.locator(".lead")).to_have_text("Карта азыр түзүлүп жатат. Даяр болгондо өзү ачылат.")
        expect(page.locator(".masthead")).to_be_hidden()
        assert not is_cut_off(page)
        assert axe_faults(page) == []
    finally:
        free.set()
    expect(page.locator(".leaflet-container")).to_be_visible(timeout=60_000)
    phone.excuse(503)  # the browser tells of the answer we asked for


def test_names_stay_text(client: TestClient, public: str, settings: Settings) -> None:
    with settings.workspace.write(actor="test") as session:
        session.execute(update(Activity).values(title="<script>alert(1)</script> & көпүрө"))
    page = client.get(public).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; көпүрө" in page


def test_unknown_places_and_years_are_told(client: TestClient, public: str, sample: WholeSample) -> None:
    assert client.get(f"{public}?year=1999").status_code == 404
    assert client.get(f"/public/{sample.settlement_id}").status_code == 404
    assert client.get(f"/public/problems/{sample.settlement_id}").status_code == 404
    assert client.get(f"/public/problems/{'x' * 40}").status_code == 422
