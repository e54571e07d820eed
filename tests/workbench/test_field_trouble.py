"""What can go wrong on the way from the phone to the service, and what the phone says and does about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from api.settings import Settings
from api.visit_files import read_visit_file, take_in
from geo.domain.rights import LOCAL
from geo.services.whole_sample import WholeSample
from tests.workbench.field_fixtures import app, line, on_geopackage, open_context, phone, photo, service
from tests.workbench.field_service import Cutting, Phone, Service, kept_database
from tests.workbench.field_steps import record_visit, step, take_along

__all__ = ["app", "line", "open_context", "phone", "photo", "service"]

pytestmark = on_geopackage

ACTIVITY = "/api/v1/activities/01a20400-0000-7c1c-8221-5f145997cd03"
"""The water pipe, nearest to where the phone is."""
UNVISITED = "Бала бакча үчүн жер бөлүү"


def waiting_without_connection(phone: Phone, service: Service, app: str, photo: Path | None = None) -> Page:
    """Record a visit while the service is away."""
    page = phone.open(app)
    take_along(page)
    service.stop()
    record_visit(page, photo)
    expect(page.locator(".visit.waiting")).to_have_count(1)
    return page


def send(page: Page) -> None:
    """Send now; the page does so by itself too, whichever comes first."""
    page.evaluate("() => fieldSending.send({ now: true })")


def test_a_refused_visit_is_mended_where_the_service_says(
    phone: Phone, service: Service, line: Cutting, app: str
) -> None:
    page = waiting_without_connection(phone, service, app)
    # A unit got lost on the way, as an older version of the app could have sent it.
    page.evaluate(
        """async () => { const [{id}] = await fieldDatabase.all("visits"); await fieldDatabase.alter(id, (visit) => {
            visit.parts[0].body.properties.quantity_unit = ""; visit.draft.quantityUnit = ""; }); }"""
    )
    service.start()
    send(page)
    expect(page.locator(".visit.refused .said")).to_contain_text("өлчөм бирдиги жок")
    expect(page.locator("#chip")).to_contain_text("Карап чыгыңыз: 1")
    page.get_by_role("button", name="Оңдоо").click()
    step(page, 3)
    wrong = page.locator("[data-field=quantity_unit]")
    expect(wrong.get_by_role("alert")).to_contain_text("Бирдигин жазыңыз")
    wrong.get_by_role("textbox").fill("колонка")
    for number in (4, 5, 6):
        page.locator(".next").click()
        step(page, number)
    page.get_by_role("button", name="Телефонго сактоо").click()
    expect(page.locator(".visit.sent")).to_have_count(1)
    assert [status for _, path, status in line.writes() if "monitoring-visits" in path] == [422, 201]


def test_a_plan_changed_meanwhile_is_told_and_the_person_chooses(phone: Phone, service: Service, app: str) -> None:
    page = phone.open(app)
    take_along(page)
    changed = page.evaluate(
        """async (path) => (await fetch(path, {method: "PATCH",
            body: JSON.stringify({type: "Feature", properties: {quantity: 25}}),
            headers: {"Content-Type": "application/json", "If-Match": "*"}})).status""",
        ACTIVITY,
    )
    assert changed == 200
    record_visit(page)
    card = page.locator(".visit.plan_changed")
    expect(card.locator(".said")).to_contain_text("Азыр: 25")
    card.get_by_role("button", name="Ушул бойдон жөнөтүү").click()
    expect(page.locator(".visit.sent")).to_have_count(1)


def test_an_activity_taken_out_of_the_plan_is_chosen_anew(phone: Phone, app: str) -> None:
    page = phone.open(app)
    take_along(page)
    gone = page.evaluate(
        """async (title) => {
            const { features } = await (await fetch("/api/v1/activities?limit=1000")).json();
            const { id } = features.find((one) => one.properties.title === title);
            const how = { method: "DELETE", headers: { "If-Match": "*" } };
            return (await fetch(`/api/v1/activities/${id}?reason=x`, how)).status;
        }""",
        UNVISITED,
    )
    assert gone == 204
    record_visit(page, site=UNVISITED)
    card = page.locator(".visit.plan_changed")
    expect(card.locator(".said")).to_contain_text("пландан алынып салынган")
    card.get_by_role("button", name="Башкасын тандоо").click()
    step(page, 1)
    page.locator(".site").first.click()
    for number in range(2, 7):
        page.locator(".next").click()
        step(page, number)
    page.get_by_role("button", name="Телефонго сактоо").click()
    expect(page.locator(".visit.sent")).to_have_count(1)


def test_a_full_phone_says_what_to_do_and_loses_nothing(phone: Phone, app: str, photo: Path) -> None:
    page = phone.open(app)
    take_along(page)
    page.get_by_role("button", name="Чыгууну баштоо").click()
    page.locator(".site").first.click()
    page.locator(".next").click()
    step(page, 2)
    page.get_by_role("button", name="Байкоо кошуу").click()
    page.locator(".finding textarea").fill("Суу акпайт.")
    expect(page.locator(".saved-note")).to_contain_text("сакталды")
    address = page.url.removeprefix(phone.address)
    # The browser reckons with what was free a moment ago: it learns of a full device when it is opened anew.
    phone.stop()
    phone.start()
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(phone.context.pages[0])
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": 1})
    page = phone.open(address)
    step(page, 2)
    page.set_input_files("input[capture]", str(photo))
    expect(page.locator("#trouble")).to_contain_text("Телефондо орун калган жок")
    expect(page.locator("figure")).to_have_count(0)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.address})
    page.set_input_files("input[capture]", str(photo))
    expect(page.locator("figure")).to_have_count(1)
    expect(page.locator("#trouble")).to_be_hidden()
    page.reload()
    step(page, 2)
    expect(page.locator(".finding textarea")).to_have_value("Суу акпайт.")
    expect(page.locator("figure")).to_have_count(1)


def test_two_tabs_send_a_visit_once(phone: Phone, service: Service, line: Cutting, app: str) -> None:
    page = waiting_without_connection(phone, service, app)
    other = phone.open(app)
    expect(other.locator(".visit.waiting")).to_have_count(1)
    service.start()
    line.asked.clear()
    for tab in (page, other):
        tab.evaluate("() => { void fieldSending.send({ now: true }); void fieldSending.send({ now: true }); }")
    for tab in (page, other):
        expect(tab.locator(".visit.sent")).to_have_count(1)
    assert [status for _, _, status in line.writes()] == [201, 201]


def test_visits_go_by_file_to_a_laptop_and_are_stored_once(
    phone: Phone,
    service: Service,
    line: Cutting,
    app: str,
    photo: Path,
    settings: Settings,
    open_context: Callable[..., BrowserContext],
    tmp_path: Path,
) -> None:
    page = waiting_without_connection(phone, service, app, photo)
    page.get_by_text("Эч бири иштебесе").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Файлга сактоо").click()
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    assert [one["name"] for one in json.loads(file.read_text("utf-8"))["visits"][0]["parts"]] == [
        "monitoring-visits",
        "findings",
        "photos",
    ]
    expect(page.locator(".visit.waiting")).to_have_count(1)
    phone.stop()
    (filed,) = read_visit_file(file)
    service.start()
    laptop = Phone(open_context, tmp_path / "laptop", service.address, place=None)
    laptop.start()
    desk = laptop.open(app)
    desk.get_by_text("Эч бири иштебесе").click()
    (tmp_path / "other.json").write_text('{"a": 1}', "utf-8")
    desk.set_input_files("input[type=file][accept*=json]", str(tmp_path / "other.json"))
    expect(desk.locator("#trouble")).to_contain_text("чыгуулардын файлы эмес")
    for _ in range(2):
        desk.set_input_files("input[type=file][accept*=json]", str(file))
        expect(desk.locator(".visit.sent")).to_have_count(1)
    with kept_database(desk) as kept:
        assert [part["receipt"]["isNew"] for part in kept["visits"][0]["parts"]] == [True, True, True]
    laptop.stop()
    # The command, which reads the same file, meets what the page has sent; so does the phone in the end.
    taken = take_in(settings.workspace, filed, actor=LOCAL, written_by="test")
    assert (taken.made, taken.met, taken.refused) == (0, 3, ())
    phone.start()
    page = phone.open(app)
    expect(page.locator(".visit.sent")).to_have_count(1)
    with kept_database(page) as kept:
        assert not any(part["receipt"]["isNew"] for part in kept["visits"][0]["parts"])
    assert laptop.faults == []


def test_a_newer_app_waits_until_nothing_waits_to_be_sent(
    phone: Phone, service: Service, line: Cutting, app: str, sample: WholeSample
) -> None:
    page = waiting_without_connection(phone, service, app)
    line.wants = lambda method, _path: method in {"PUT", "POST"}
    line.newer = True
    service.start()
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration('/field/')).update(); }")
    expect(page.locator("#update")).to_contain_text("Чыгуулар жөнөтүлгөндөн кийин")
    expect(page.locator("#update button")).to_have_count(0)
    line.wants = lambda _method, _path: False
    send(page)
    expect(page.locator(".visit.sent")).to_have_count(1)
    before = page.evaluate("performance.timeOrigin")
    page.locator("#update button").click()
    page.wait_for_function("(before) => performance.timeOrigin !== before", arg=before)
    expect(page.locator(".visit.sent")).to_have_count(1)
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistration('/field/')).waiting") is None
