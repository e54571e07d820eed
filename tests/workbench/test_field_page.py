"""What the field app shows and keeps: places set by hand, photos with their time and place, access for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Page, expect

from tests.workbench.field_fixtures import app, line, on_geopackage, open_context, phone, photo, service
from tests.workbench.field_service import Phone, Service
from tests.workbench.field_steps import record_visit, step, take_along
from tests.workbench.served import axe_faults, is_cut_off

__all__ = ["app", "line", "open_context", "phone", "photo", "service"]

pytestmark = on_geopackage


def last(page: Page, path: str) -> dict[str, object]:
    """Return the newest record of a list of the service."""
    return page.evaluate(
        """async (path) => { const got = await (await fetch(`${path}?limit=1000`)).json();
            const rows = got.features ?? got.items; const one = rows.at(-1);
            return { geometry: one.geometry, ...(one.properties ?? one) }; }""",
        path,
    )


def test_photos_keep_their_time_and_place(phone: Phone, app: str, photo: Path, tmp_path: Path) -> None:
    """What the camera wrote counts; where it wrote nothing, the phone's own time and place of just now."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {ExifTags.Base.DateTimeOriginal: "2014:11:20 10:30:00", ExifTags.Base.OffsetTimeOriginal: "+06:00"}
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (42.0, 29.0, 42.0), 3: "E", 4: (78.0, 14.0, 18.6), 31: 12.5},
    )
    told = tmp_path / "told.jpg"
    Image.new("RGB", (800, 600), "teal").save(told, exif=exif)
    page = phone.open(app)
    take_along(page)
    record_visit(page, photo)
    expect(page.locator(".visit.sent")).to_have_count(1)
    fresh = last(page, "/api/v1/visit-photos")
    assert (fresh["width_px"], fresh["height_px"]) == (2000, 1500)
    assert fresh["geometry"]["coordinates"] == pytest.approx([78.2299, 42.4970], abs=1e-6)  # type: ignore[index]
    assert fresh["accuracy_m"] == pytest.approx(6.0)
    taken = datetime.fromisoformat(str(fresh["taken_at"]))
    assert abs((datetime.now(UTC) - taken).total_seconds()) < 600
    page.goto(f"{phone.address}{app}")
    record_visit(page, told)
    expect(page.locator(".visit.sent")).to_have_count(2)
    camera = last(page, "/api/v1/visit-photos")
    assert camera["geometry"]["coordinates"] == pytest.approx([78.2385, 42.495], abs=1e-6)  # type: ignore[index]
    assert camera["accuracy_m"] == pytest.approx(12.5)
    assert datetime.fromisoformat(str(camera["taken_at"])) == datetime(2014, 11, 20, 4, 30, tzinfo=UTC)
    assert camera["time_source"] == "camera_with_zone"


def test_a_phone_that_may_not_tell_its_place_sets_it_by_hand(phone: Phone, service: Service, app: str) -> None:
    assert phone.context is not None
    phone.context.clear_permissions()
    page = phone.open(app)
    take_along(page)
    page.get_by_role("button", name="Чыгууну баштоо").click()
    expect(page.locator(".fix")).to_contain_text("уруксат берген жок")
    expect(page.locator(".ground[data-open]")).to_be_visible()
    page.locator(".site").first.click()
    page.get_by_role("button", name="Картага кол менен коюу").click()
    page.get_by_role("button", name="Картанын ортосуна").click()
    expect(page.locator(".fix")).to_contain_text("Картага кол менен коюлган")
    expect(page.locator(".distance")).to_be_visible()
    page.reload()  # nothing is lost by that
    expect(page.locator(".fix")).to_contain_text("Картага кол менен коюлган")
    for number in range(2, 7):
        page.locator(".next").click()
        step(page, number)
    page.get_by_role("button", name="Телефонго сактоо").click()
    expect(page.locator(".visit.sent")).to_have_count(1)
    stored = last(page, "/api/v1/monitoring-visits")
    assert stored["geometry"]["type"] == "Point"  # type: ignore[index]
    assert (stored["accuracy_m"], stored["located_at"]) == (None, None)


@pytest.mark.parametrize("language", ["ky", "en"])
def test_everybody_can_use_it(phone: Phone, app: str, photo: Path, language: str) -> None:
    page = phone.open(f"{app}?lang={language}")
    assert axe_faults(page) == []
    page.locator(".along button").click()
    expect(page.locator(".along .size")).to_be_visible(timeout=30_000)
    page.locator(".begin button").click()
    expect(page.locator(".ground[data-open]")).to_be_visible()
    page.locator("input[name=c1][value=service], [data-field=topic] input[value=service]").first.check()
    page.locator("[data-field=service] input").fill("жоопкерчиликтүүлүктү арттыруу <b>кызматы</b>")
    page.locator("[data-field=settlement_id] select").select_option(index=1)
    seen = []
    for number in range(1, 8):
        step(page, number)
        if number == 2:
            page.set_input_files("input[capture]", str(photo))
            expect(page.locator("figure")).to_have_count(1)
        if number == 4:
            page.locator(".item").first.locator("input").nth(1).check()
            page.locator(".item textarea").first.fill("Ачык.")
        if number == 6:
            page.locator("#member-name").fill("Салтанат <i>Бейшеева</i>")
            page.locator("#member-name").press("Enter")
            page.locator(".member summary").click()
            box = page.locator("canvas.sign").bounding_box()
            assert box is not None
            page.mouse.move(box["x"] + 20, box["y"] + 20)
            page.mouse.down()
            page.mouse.move(box["x"] + 150, box["y"] + 60, steps=6)
            page.mouse.up()
            expect(page.get_by_role("checkbox")).to_be_checked()
        seen += [f"{number}: {fault}" for fault in axe_faults(page)]
        assert not is_cut_off(page), number
        if number < 7:
            page.locator(".next").click()
    expect(page.locator(".lines")).to_contain_text("<b>кызматы</b>")
    page.locator(".save").click()
    expect(page.locator(".visit.sent")).to_have_count(1)
    page.emulate_media(color_scheme="dark")
    seen += [f"queue: {fault}" for fault in axe_faults(page)]
    assert seen == []
    assert not is_cut_off(page)
    (sign,) = last(page, "/api/v1/monitoring-visits")["signs"]  # type: ignore[misc]
    assert sign["name"] == "Салтанат <i>Бейшеева</i>"
    assert len(sign["strokes"][0]) >= 2


def test_it_can_be_installed(phone: Phone, app: str) -> None:
    page = phone.open(app)
    manifest = page.evaluate("async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json()")
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (app, "/field/", "standalone")
    for icon in manifest["icons"]:
        size = page.evaluate(
            """(src) => new Promise((resolve, reject) => { const image = new Image();
                image.onload = () => resolve([image.naturalWidth, image.naturalHeight]); image.onerror = reject;
                image.src = src; })""",
            icon["src"],
        )
        assert icon["sizes"] == "any" or icon["sizes"] == f"{size[0]}x{size[1]}"
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(page)
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
